"""What is public now: narrowed and paged, made anew from the ledger at will, and never more than a list still names."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions, queries
from jiannuo.disclosure.models import Listing, Waiting
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW, TODAY
from tests.packages.releasing import ORDINARY, YES, Send, found, refusal, released, sent
from tests.wrong.make_sheets import good, numbered

pytestmark = pytest.mark.django_db


# -- pages ---------------------------------------------------------------------------------------------------------


def test_lists_are_narrowed_and_paged(send: Send, reviewer: Actor, market: OrganCard) -> None:
    rows = [
        *numbered(25),
        *(row | {"CF_JDRQ": "2026/11/19"} for row in numbered(3, CF_XDR_MC="青禾县晨光乳业有限公司")),
    ]
    entries = released(send, reviewer, *rows)

    def listed(page: int = 1, **narrowing: Any) -> queries.Page:
        return queries.listing(queries.narrowed(on=TODAY, **narrowing), on=TODAY, page=page)

    assert [row.entry_id for row in listed().rows] == entries[:-21:-1]
    assert [row.entry_id for row in listed(page=2).rows] == entries[7::-1]
    assert (listed().total, listed().pages, listed().total_words) == (28, 2, "28")
    assert listed(page=99).page == 2
    assert listed(standing="on_time").total == 3
    assert listed(standing="late").total == 25
    assert listed(year=2026, month=9).total == 25
    assert listed(year=2025).total == 0
    assert listed(organ=market.id, family="penalty").total == 28
    assert listed(family="licence").total == 0
    assert queries.find("乳业", queries.narrowed(on=TODAY, year=2026, month=9), on=TODAY).total == 0
    assert queries.find("乳业", queries.narrowed(on=TODAY, standing="on_time"), on=TODAY).total == 3
    assert len(list(queries.export(queries.narrowed(on=TODAY), on=TODAY))) == 28
    party = queries.party("uscc:91410526MA3X12345D", on=TODAY)
    assert party is not None
    assert party.records.total == 28
    assert queries.party("person:00", on=TODAY) is None
    numbers = queries.numbers()
    assert (numbers.total, numbers.on_time, numbers.late, numbers.parties) == (28, 3, 25, 1)
    for wrong in ({"kind": "x"}, {"family": "x"}, {"month": 3}, {"year": 99}, {"standing": "x"}):
        with pytest.raises(Refused):
            queries.narrowed(on=TODAY, **wrong)


def test_no_page_asks_more_than_a_few_questions(send: Send, reviewer: Actor) -> None:
    entries = released(send, reviewer, *numbered(30))
    sent(send, *numbered(30, CF_JDRQ="2026/11/19"))
    pages: dict[str, Callable[[], object]] = {
        "search": lambda: queries.find("晨光食品", on=TODAY),
        "list": lambda: queries.listing(queries.narrowed(on=TODAY, year=2026), on=TODAY),
        "record": lambda: queries.public_record(entries[0], on=TODAY),
        "numbers": queries.numbers,
        "catalogue": lambda: queries.catalogue_status(on=TODAY),
        "queue": lambda: queries.waiting(reviewer, on=TODAY),
    }
    limits = {"search": 5, "list": 4, "record": 7, "numbers": 3, "catalogue": 4, "queue": 10}
    asked = {}
    for name, page in pages.items():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page()
        asked[name] = len(captured)
    assert {name: count for name, count in asked.items() if count > limits[name]} == {}, asked


def test_the_catalogue_says_what_is_missing(send: Send, reviewer: Actor, market: OrganCard) -> None:
    card = queries.catalogue_status(on=TODAY)
    assert len(card.areas) == 9
    assert sum(area.cells for area in card.areas) == len(card.cells)
    assert all(sum(area.by_state.values()) == area.cells for area in card.areas)
    cells = {(cell.item.id, cell.organ_id): cell for cell in card.cells}
    assert cells["Z0101", market.id].state == "missing"
    assert cells["Z0105", market.id].state == "none"
    sent(send, good())
    assert queries.catalogue_status(on=TODAY, organ=market.id, area="power").missing
    cell = next(cell for cell in queries.catalogue_status(on=TODAY, organ=market.id).cells if cell.item.id == "Z0105")
    assert (cell.state, cell.due_on) == ("missing", date(2026, 9, 14))


# -- the index is derived ------------------------------------------------------------------------------------------


def index() -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The listing in its order and the queue, without the numbers that only order them."""
    columns = [field.attname for field in Listing._meta.concrete_fields if field.attname != "id"]
    listed = [
        tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
        for row in Listing.objects.order_by("pk").values_list(*columns)
    ]
    return listed, list(Waiting.objects.order_by("pk").values_list("pk", "kind", "organ_id", "due_on"))


@pytest.mark.parametrize("seed", range(6))
def test_the_index_made_anew_is_the_index_kept(send: Send, reviewer: Actor, clerk: Actor, seed: int) -> None:
    chance = random.Random(seed)
    rows = numbered(8)
    entries = {number: sent(send, row) for number, row in enumerate(rows)}
    at: datetime = NOW
    given: dict[str, Any] = {"on": TODAY}
    for step in range(40):
        at += timedelta(minutes=1)
        number = chance.randrange(len(rows))
        (entry,) = entries[number]
        try:
            match chance.choice(["release", "release", "back", "withhold", "withdraw", "correct", "revoke", "follow"]):
                case "release":
                    actions.release(entry_ids=[entry], actor=reviewer, at=at, **given, **YES)
                case "back":
                    actions.send_back(entry_ids=[entry], reason="补充", actor=reviewer, at=at, **given)
                case "withhold":
                    actions.withhold(entry_ids=[entry], rule="商业秘密", reason="涉密", actor=reviewer, at=at, **given)
                case "withdraw":
                    actions.withdraw(entry_id=entry, reason="有误", law="行政处罚法", actor=reviewer, at=at, **given)
                case "correct":
                    row = rows[number] | {"CF_SY": f"第{step}次更正的事实"}
                    entries[number] = sent(send, row, corrects=True, reason="更正", at=at)
                case "revoke" if chance.random() < 0.3:
                    actions.revoke(
                        entry_id=entry,
                        outcome="撤销",
                        decided_on=TODAY,
                        decided_by="县政府",
                        reason="复议",
                        actor=clerk,
                        at=at,
                        **given,
                    )
                case "follow":
                    actions.follow(at=NOW)
        except Refused:
            pass
    actions.follow(at=NOW)
    actions.refresh_deadlines()
    kept, hits = index(), found("晨光食品")
    assert actions.rebuild(at=at) == len(kept[0])
    assert index() == kept
    assert found("晨光食品") == hits == [row[0] for row in kept[0]][::-1]


ITEM = {
    "item_code": "QL-001", "item_name": "食品经营许可", "item_type": "行政许可", "basis": "《中华人民共和国食品安全法》第三十五条",
    "organ": "青禾县市场监督管理局", "duty": "受理、审查、决定、送达", "accountability": "对不符合条件的准予许可", "listed_on": "2026/03/01",
}  # fmt: skip


def test_what_a_new_list_no_longer_names_is_public_no_more(send: Send, reviewer: Actor) -> None:
    kept, gone = sent(send, ITEM, ITEM | {"item_code": "QL-002", "item_name": "药品经营许可"}, kind="power_item")
    actions.follow(at=NOW)
    actions.release(entry_ids=[kept, gone], actor=reviewer, on=TODAY, at=NOW)
    assert set(found("经营许可")) == {kept, gone}
    later = NOW + timedelta(hours=1)
    send([ITEM], kind="power_item", at=later)
    actions.follow(at=later)
    assert found("经营许可") == [kept]
    record = queries.public_record(gone, on=TODAY)
    assert record is not None
    assert (record.state, record.title, record.fields) == ("withdrawn", "", ())
    assert record.withdrawn is not None
    assert record.withdrawn.reason == "新版清单没有这一项"
    actions.rebuild(at=later)
    assert found("经营许可") == [kept]
    assert refusal(entry_ids=[gone], actor=reviewer).code in {"delisted", "superseded"}


def test_a_record_is_not_known_before_it_was_public(send: Send, reviewer: Actor) -> None:
    (entry,) = released(send, reviewer, good(**ORDINARY))
    assert queries.public_record(entry, on=TODAY, as_of=NOW - timedelta(days=30)) is None
    actions.withdraw(
        entry_id=entry,
        reason="决定书编号有误",
        law="行政处罚法第四十八条",
        actor=reviewer,
        on=TODAY,
        at=NOW + timedelta(hours=1),
    )
    assert queries.public_record(entry, on=TODAY, as_of=NOW - timedelta(days=30)) is None
