"""Who an organ is on a day, who answers for it, and what was known of it."""

from datetime import UTC, date, datetime

import pytest
from msgspec.structs import replace

from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import rules
from jiannuo.subjects.rules import Draft, Spell

LOADED = datetime(2026, 1, 5, tzinfo=UTC)


def spell(number: int, organ: int, name: str, since: str, until: str = "", **other: object) -> Spell:
    made = Spell(
        id=number,
        organ_id=organ,
        code=f"C{organ}",
        name=name,
        short=name,
        type="town",
        parent_id=None,
        uscc="",
        since=date.fromisoformat(since),
        until=date.fromisoformat(until) if until else None,
        successors=(),
        aliases=(),
        assumed="",
        recorded_at=LOADED,
        recorded_by="策略包",
        replaces=None,
    )
    return replace(made, **other)


# 柳溪镇 becomes 柳溪街道 in 2018 (another organ); 科工信局 is renamed in 2019 (the same organ); 大数据局 is merged into it in 2024.
TOWN = spell(1, 1, "柳溪镇", "2012-01-01", "2018-03-01", successors=("C2",))
STREET = spell(2, 2, "柳溪街道", "2018-03-01", aliases=("柳溪街道办",))
OLD = spell(3, 3, "工信委", "2012-01-01", "2019-02-01", aliases=("县工信委",))
NEW = spell(4, 3, "科工信局", "2019-02-01")
DATA = spell(5, 4, "大数据局", "2019-02-01", "2024-07-01", successors=("C3",), parent_id=3)
ALL = [TOWN, STREET, OLD, NEW, DATA]


def on(day: str, spells: list[Spell] = ALL) -> rules.Directory:
    return rules.directory(spells, date.fromisoformat(day), lead_code="C3")


@pytest.mark.parametrize(
    "day, names",
    [
        pytest.param("2011-12-31", [], id="before anything is recorded"),
        pytest.param("2012-01-01", ["柳溪镇", "工信委"], id="the first day counts"),
        pytest.param("2018-02-28", ["柳溪镇", "工信委"], id="the day before the change"),
        pytest.param("2018-03-01", ["柳溪街道", "工信委"], id="the day of the change is the new name's"),
        pytest.param("2019-02-01", ["柳溪街道", "科工信局", "大数据局"], id="a rename keeps the organ"),
        pytest.param("2024-07-01", ["柳溪街道", "科工信局"], id="merged away"),
    ],
)
def test_the_organs_in_force_on_a_day(day: str, names: list[str]) -> None:
    assert [card.name for card in on(day).organs] == names


@pytest.mark.parametrize(
    "day, organ, heir",
    [
        pytest.param("2017-06-01", 1, 1, id="a town answers for itself while it stands"),
        pytest.param("2026-06-01", 1, 2, id="the street answers for the town's records"),
        pytest.param("2026-06-01", 4, 3, id="merged into an organ that goes on"),
        pytest.param("2026-06-01", 3, 3, id="renamed"),
    ],
)
def test_who_answers_for_an_organ(day: str, organ: int, heir: int) -> None:
    assert on(day).heir(organ).id == heir
    assert organ in on(day).line(heir)


def test_a_town_s_record_rolls_up_to_the_street_and_no_earlier() -> None:
    assert on("2026-06-01").line(2) == {1, 2}
    assert on("2017-06-01").line(2) == {2}
    assert on("2017-06-01").line(1) == {1}
    assert on("2026-06-01").subtree(3) == {3, 4}


def test_every_organ_rolls_up_to_exactly_one() -> None:
    directory = on("2026-06-01")
    counted = [organ for card in directory.organs for organ in directory.line(card.id)]
    assert sorted(counted) == [1, 2, 3, 4]


def test_a_chain_of_successors_is_followed_and_a_loop_ends() -> None:
    first = spell(1, 1, "甲", "2012-01-01", "2014-01-01", successors=("C2",))
    second = spell(2, 2, "乙", "2014-01-01", "2016-01-01", successors=("C3",))
    third = spell(3, 3, "丙", "2016-01-01")
    assert on("2020-01-01", [first, second, third]).line(3) == {1, 2, 3}
    looped = replace(second, successors=("C1",))
    assert on("2020-01-01", [first, looped, third]).heir(1).id in {1, 2}


def test_a_split_rolls_up_to_the_first_named_only() -> None:
    whole = spell(1, 1, "甲", "2012-01-01", "2014-01-01", successors=("C2", "C3"))
    directory = on("2020-01-01", [whole, spell(2, 2, "乙", "2014-01-01"), spell(3, 3, "丙", "2014-01-01")])
    assert directory.line(2) == {1, 2}
    assert directory.line(3) == {3}


@pytest.mark.parametrize(
    "text, found",
    [
        pytest.param("柳溪街道办", "柳溪街道", id="another name"),
        pytest.param(" 柳溪 街道 ", "柳溪街道", id="spaces"),
        pytest.param("县工信委", "科工信局", id="former name of an organ that goes on"),
        pytest.param("柳溪镇", "柳溪镇", id="an organ that ended is found as itself"),
        pytest.param("c3", "科工信局", id="code"),
        pytest.param("没有这个局", None, id="nothing"),
        pytest.param("", None, id="blank"),
    ],
)
def test_finding_by_any_name(text: str, found: str | None) -> None:
    card = on("2026-06-01").find(text)
    assert (card.name if card else None) == found


def test_a_name_two_organs_share_finds_neither() -> None:
    shared = [
        spell(1, 1, "甲局", "2012-01-01", aliases=("本局",)),
        spell(2, 2, "乙局", "2012-01-01", aliases=("本局",)),
    ]
    assert on("2026-06-01", shared).find("本局") is None


def test_a_current_name_goes_before_a_former_one() -> None:
    spells = [*ALL, spell(6, 5, "工信委", "2020-01-01")]
    found = on("2026-06-01", spells).find("工信委")
    assert found is not None
    assert found.id == 5


def test_what_was_known_at_a_moment() -> None:
    later = datetime(2026, 9, 1, tzinfo=UTC)
    corrected = replace(NEW, id=9, name="科技和工信局", replaces=NEW.id, recorded_at=later)
    spells = [*ALL, corrected]
    before = rules.directory(rules.known(spells, datetime(2026, 8, 31, tzinfo=UTC)), date(2026, 6, 1))
    after = rules.directory(rules.known(spells, None), date(2026, 6, 1))
    assert (before.card(3).name, after.card(3).name) == ("科工信局", "科技和工信局")
    assert not rules.known(spells, datetime(2025, 1, 1, tzinfo=UTC))


def test_the_lead_organ() -> None:
    assert on("2026-06-01").lead.name == "科工信局"


# -- outside parties


@pytest.mark.parametrize(
    "codes, blind, record, key",
    [
        pytest.param(
            {"uscc": "91410526MA40000001"}, None, b"", "uscc:91410526MA40000001", id="code of the credit system"
        ),
        pytest.param(
            {"uscc": "", "reg": "410526000012345"}, None, b"", "reg:410526000012345", id="registration number"
        ),
        pytest.param({"org": "MA4000001"}, None, b"", "org:MA4000001", id="organ code"),
        pytest.param({"uscc": "X1", "reg": "410526000012345"}, None, b"", "uscc:X1", id="the stronger code decides"),
        pytest.param({}, b"\x01" * 16, b"", "person:" + "01" * 16, id="natural person"),
        pytest.param({"uscc": "0" * 17 + "X"}, None, b"\x02" * 16, "record:" + "02" * 16, id="household without code"),
        pytest.param({"org": "000000000"}, None, b"\x02" * 16, "record:" + "02" * 16, id="nothing but noughts"),
    ],
)
def test_what_tells_a_party_apart(codes: dict[str, str], blind: bytes | None, record: bytes, key: str) -> None:
    assert rules.party_key(codes, "张三副食店", blind, record=record) == key
    assert len(key) <= 64


def test_equal_names_never_make_one_party() -> None:
    first = rules.party_key({}, "张三", record=b"\x01" * 16)
    assert first != rules.party_key({}, "张三", record=b"\x02" * 16)
    with pytest.raises(ValueError, match="identity"):
        rules.party_key({}, "张三")


# -- what changes

DRAFT = Draft("C1", "甲局", "甲局", "department", "", "", date(2012, 1, 1))


@pytest.mark.parametrize(
    "recorded, wanted, added",
    [
        pytest.param([], [DRAFT], [DRAFT], id="new"),
        pytest.param([(7, DRAFT)], [DRAFT], [], id="the same again"),
        pytest.param(
            [(7, DRAFT)], [replace(DRAFT, name="乙局")], [replace(DRAFT, name="乙局", replaces=7)], id="mended"
        ),
        pytest.param([(7, DRAFT)], [], [replace(DRAFT, until=DRAFT.since, replaces=7)], id="taken out: it never held"),
        pytest.param([(7, replace(DRAFT, until=DRAFT.since))], [], [], id="taken out once"),
    ],
)
def test_only_what_changed_is_added(recorded: list[tuple[int, Draft]], wanted: list[Draft], added: list[Draft]) -> None:
    assert rules.changes(recorded, wanted) == added


@pytest.mark.parametrize(
    "draft, field",
    [
        pytest.param(replace(DRAFT, name=" "), "name", id="no name"),
        pytest.param(replace(DRAFT, code=""), "code", id="no code"),
        pytest.param(replace(DRAFT, uscc="1141052600"), "uscc", id="a code that is too short"),
    ],
)
def test_a_spell_that_cannot_be_is_refused(draft: Draft, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_draft(draft)
    assert refused.value.field == field
    assert refused.value.fix
