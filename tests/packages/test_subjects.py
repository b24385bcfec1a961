"""Organs, officials and outside parties in the database: loaded, changed with a reason, read as of any day."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from msgspec.structs import replace

from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions, queries
from jiannuo.subjects.rules import Draft, OrganCard, PartyRow

pytestmark = pytest.mark.django_db

LOADED = datetime(2026, 1, 5, 9, tzinfo=UTC)
LATER = datetime(2026, 9, 1, 9, tzinfo=UTC)
TODAY = date(2026, 11, 23)


@pytest.fixture
def sample(root: Path) -> policy.Pack:
    pack = policy.load(root / "packs" / "sample")
    actions.load_organs(pack, at=LOADED)
    return pack


def organ(text: str, on: date = TODAY) -> OrganCard:
    card = queries.directory(on).find(text)
    assert card is not None, text
    return card


def with_organs(pack: policy.Pack, change: Callable[[list[Any]], list[Any]]) -> Any:
    """The pack as it would be after someone edited its file."""
    return SimpleNamespace(organs=tuple(change(list(pack.organs))))


def test_a_second_load_adds_nothing(sample: policy.Pack) -> None:
    assert len(queries.spells()) == len(sample.organs)
    assert actions.load_organs(sample, at=LATER) == 0
    assert queries.directory(TODAY).lead.code == sample.about["lead"]


def test_a_mended_row_is_replaced_and_the_old_one_stays_readable(sample: policy.Pack) -> None:
    mended = with_organs(
        sample, lambda organs: [replace(each, short="统计局") if "统计局" in each.name else each for each in organs]
    )
    assert actions.load_organs(mended, at=LATER) == 1
    assert organ("青禾县统计局").short == "统计局"
    then = queries.directory(TODAY, known=datetime(2026, 8, 1, tzinfo=UTC))
    assert then.card(organ("青禾县统计局").id).short == "县统计局"


def test_a_row_taken_out_never_held(sample: policy.Pack) -> None:
    code = organ("青禾县统计局").code
    without = with_organs(sample, lambda organs: [each for each in organs if each.code != code])
    assert actions.load_organs(without, at=LATER) == 1
    assert code not in {card.code for card in queries.directory(TODAY).organs}
    assert actions.load_organs(without, at=LATER) == 0


def test_what_a_person_recorded_is_not_taken_back_by_the_file(sample: policy.Pack) -> None:
    actions.rename(
        organ("县统计局").id,
        on=date(2026, 6, 1),
        name="青禾县统计调查局",
        short="县统调局",
        reason="青编〔2026〕3号",
        at=LATER,
        by="sysadmin",
    )
    assert actions.load_organs(sample, at=LATER) == 0
    assert organ("县统调局").since == date(2026, 6, 1)


def test_a_record_of_a_town_rolls_up_to_the_street_that_took_over(sample: policy.Pack) -> None:
    town, street = organ("河东镇政府"), organ("河东街道办")
    directory = queries.directory(TODAY)
    assert directory.heir(town.id) == street
    assert directory.line(street.id) == {town.id, street.id}
    assert queries.directory(date(2020, 1, 1)).line(town.id) == {town.id}
    assert [spell.short for spell in queries.history(street.id)] == ["河东镇", "河东街道"]


def test_in_the_county_a_record_of_2017_rolls_up_to_the_street(root: Path) -> None:
    actions.load_organs(policy.load(root / "packs" / "huaxian"), at=LOADED)
    then = queries.directory(date(2017, 9, 1)).find("道口镇人民政府")
    assert then is not None
    assert then.short == "道口镇"
    now = queries.directory(TODAY)
    street = now.heir(then.id)
    assert "道口镇街道" in street.name
    assert then.id in now.line(street.id)


def test_a_rename_keeps_the_organ_and_both_names_find_it(sample: policy.Pack) -> None:
    before = organ("县统计局")
    actions.rename(
        before.id,
        on=date(2026, 6, 1),
        name="青禾县统计调查局",
        short="县统调局",
        reason="青编〔2026〕3号",
        at=LATER,
        by="a",
    )
    assert organ("县统计局").id == before.id
    assert organ("县统调局").id == before.id
    assert queries.directory(date(2026, 5, 31)).card(before.id).short == "县统计局"
    assert [spell.until for spell in queries.history(before.id)] == [date(2026, 6, 1), None]


def test_merged_organs_are_no_more_and_one_answers_for_all(sample: policy.Pack) -> None:
    into, first, second = organ("县交通局"), organ("县水利局"), organ("县商务局")
    actions.merge([first.id, second.id], into=into.id, on=date(2026, 7, 1), reason="青编〔2026〕4号", at=LATER, by="a")
    directory = queries.directory(TODAY)
    assert directory.line(into.id) == {into.id, first.id, second.id}
    assert first.id not in {card.id for card in directory.organs}
    assert queries.directory(date(2026, 6, 30)).line(into.id) == {into.id}


def test_an_organ_added_at_the_desk(sample: policy.Pack) -> None:
    draft = Draft("419926-299", "青禾县数据中心", "县数据中心", "institution", "419926-001", "", date(2026, 5, 1))
    added = actions.add_organ(draft, reason="青编〔2026〕5号", at=LATER, by="a")
    assert queries.directory(TODAY).card(added).parent_id == organ("县政府").id
    with pytest.raises(Refused, match="已经有了"):
        actions.add_organ(draft, reason="青编〔2026〕5号", at=LATER, by="a")
    with pytest.raises(Refused, match="不存在"):
        actions.add_organ(replace(draft, code="x", parent="y"), reason="青编〔2026〕5号", at=LATER, by="a")


@pytest.mark.parametrize(
    "change, field",
    [
        pytest.param({"reason": " "}, "reason", id="no reason"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"on": date(2012, 1, 1)}, "on", id="on the first day of the name it has"),
        pytest.param({"organ_id": 10**9}, "organ", id="no such organ"),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_leaves_nothing(
    sample: policy.Pack, change: dict[str, Any], field: str
) -> None:
    case: dict[str, Any] = {
        "organ_id": organ("县统计局").id,
        "on": date(2026, 6, 1),
        "name": "青禾县统计调查局",
        "short": "",
        "reason": "青编〔2026〕3号",
    } | change
    before = len(queries.spells())
    with pytest.raises(Refused) as refused:
        actions.add_spell(case.pop("organ_id"), at=LATER, by="a", **case)
    assert refused.value.field == field
    assert refused.value.fix
    assert len(queries.spells()) == before


def test_an_ended_organ_changes_no_more(sample: policy.Pack) -> None:
    gone = organ("县统计局").id
    actions.end(gone, on=date(2026, 6, 1), reason="青编〔2026〕6号", at=LATER, by="a")
    with pytest.raises(Refused, match="已经撤并"):
        actions.end(gone, on=date(2026, 7, 1), reason="青编〔2026〕6号", at=LATER, by="a")
    with pytest.raises(Refused, match="接续单位不对"):
        actions.merge([gone], into=gone, on=date(2026, 7, 1), reason="青编〔2026〕6号", at=LATER, by="a")


@pytest.mark.parametrize("table", ["subjects_organspell", "subjects_officespell"])
@pytest.mark.parametrize("verb", ["UPDATE {} SET since = '2000-01-01'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_history(sample: policy.Pack, table: str, verb: str) -> None:
    actions.appoint(code="P1", name="李某", organ=organ("县统计局"), title="局长", on=TODAY, at=LATER, by="a")
    with pytest.raises(IntegrityError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(verb.format(table))


def test_what_the_history_covers(sample: policy.Pack) -> None:
    covered = queries.coverage()
    assert covered.since == date(2012, 1, 1)
    assert covered.spells == len(sample.organs)
    assert covered.organs == len({each.code for each in sample.organs})
    assert covered.assumed == sum(bool(each.assumed) for each in sample.organs)
    assert covered.gaps == ()


def test_officials_and_the_offices_they_held(sample: policy.Pack) -> None:
    first, second = organ("县统计局"), organ("县审计局")
    office = actions.appoint(code="P1", name="李某", organ=first, title="局长", on=date(2026, 2, 1), at=LOADED, by="a")
    actions.relieve(office, on=date(2026, 8, 1), at=LATER, by="a")
    actions.appoint(code="P1", name="李某", organ=second, title="局长", on=date(2026, 8, 1), at=LATER, by="a")
    assert [card.organ_id for card in queries.officials(on=date(2026, 7, 31))] == [first.id]
    assert [card.organ_id for card in queries.officials(on=date(2026, 8, 1))] == [second.id]
    assert [card.organ_id for card in queries.officials(on=TODAY, known=datetime(2026, 8, 1, tzinfo=UTC))] == [first.id]
    assert len(queries.officials([first.id, second.id])) == 2
    with pytest.raises(Refused, match="已经免去"):
        actions.relieve(office, on=date(2026, 9, 1), at=LATER, by="a")
    with pytest.raises(Refused, match="登记的是李某"):
        actions.appoint(code="P1", name="王某", organ=first, title="局长", on=TODAY, at=LATER, by="a")


def test_parties_stay_as_first_reported_and_are_found_by_part_of_a_name() -> None:
    rows = [
        PartyRow("uscc:91410526MA40000001", "法人", "青禾县老槐树（集团）食品有限公司", date(2026, 1, 1)),
        PartyRow("person:" + "ab" * 16, "自然人", "张**", date(2026, 1, 1)),
    ]
    actions.add_parties(rows)
    actions.add_parties([replace(rows[0], name="改名后的公司"), rows[1]])
    assert {card.name for card in queries.parties([row.key for row in rows]).values()} == {rows[0].name, "张**"}
    assert [card.key for card in queries.parties_named("(集团) 食品")] == [rows[0].key]
    assert not queries.parties_named("张")
    assert not queries.parties_named("  ")
