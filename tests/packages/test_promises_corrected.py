"""What a correction of a record may do to the duties it opened, and what it may not."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.duties import actions
from jiannuo.duties.actions import Authority
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.kinds import CONGRESS, OFFICE, ROADS, ROWS
from tests.packages.promising import at, breaches, carried, corrected, given, now, promised, tick_on

pytestmark = pytest.mark.django_db

Organs = Callable[[str], OrganCard]
MEETING = Authority("青禾县人民政府", "县政府第21次常务会议纪要")
WHY = "汛期连续降雨，路基无法施工"


@pytest.fixture
def road(send: Send) -> PromiseCard:
    """A road promised on 2 March for 31 October."""
    return promised(send)


# -- by correcting the record -----------------------------------------------------------------------------------------


def test_a_correction_after_the_day_does_not_undo_the_breach(road: PromiseCard, send: Send) -> None:
    tick_on("2026-11-05")
    (said,) = corrected(send, road, "2026-11-06", due_on="2026-12-31")
    assert said == "期限2026-10-31已过，不能用更正改期限"
    tick_on("2026-11-07")
    assert (now(road, "2026-11-07").duty.due_on, breaches()) == (date(2026, 10, 31), [(date(2026, 11, 1), True)])


def test_a_correction_of_the_words_after_the_day_is_taken(road: PromiseCard, send: Send) -> None:
    assert corrected(send, road, "2026-11-06", beneficiary="柳溪村、柳溪新村村民") == []
    assert now(road, "2026-11-06").said("beneficiary") == "柳溪村、柳溪新村村民"


def test_a_correction_sent_under_an_old_day_is_judged_by_today(road: PromiseCard, send: Send) -> None:
    batch = send(
        [{**road.record.body, "due_on": "2026-12-31"}], kind="commitment", at=at("2026-11-06"), as_of=date(2026, 10, 30),
        corrects=True, reason="录入有误，按原件更正",
    )  # fmt: skip
    assert (batch.accepted, batch.rejected) == (0, 1)


def test_a_correction_does_not_begin_a_promise_after_its_day(road: PromiseCard, send: Send, theirs: Actor) -> None:
    actions.amend(
        road.duty.id,
        due_on=date(2026, 5, 1),
        authority=MEETING,
        reason="提前开工，提前完成",
        **given(theirs, "2026-04-01"),
    )
    assert corrected(send, road, "2026-04-20", made_on="2026-04-15") == []
    assert corrected(send, road, "2026-06-02", made_on="2026-06-01") == []
    card = now(road, "2026-06-02")
    assert (card.duty.started_on, card.duty.due_on, card.record.version) == (date(2026, 3, 2), date(2026, 5, 1), 3)


def test_who_owes_it_does_not_choose_another_to_confirm_it(send: Send, organs: Organs) -> None:
    roads, government, justice = organs(ROADS), organs(OFFICE), organs("青禾县司法局")

    def sending(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=roads.id, **more)

    card = promised(sending, kind="work_target", **ROWS["work_target"][1])
    (said,) = corrected(sending, card, "2026-04-01", confirmer=justice.name)
    assert said == "更正把核实单位由青禾县人民政府办公室换成了别的单位"
    assert now(card, "2026-04-01").confirmer_id == government.id

    def by_justice(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=justice.id, **more)

    assert corrected(by_justice, card, "2026-04-02", confirmer=justice.name) == []
    assert now(card, "2026-04-02").confirmer_id == justice.id


def test_a_milestone_belongs_to_the_promise_of_its_own_organ(road: PromiseCard, send: Send, organs: Organs) -> None:
    roads = organs(ROADS)
    promised(lambda rows, **more: send(rows, organ_id=roads.id, **more), organ=roads.name)
    part = promised(
        send, kind="milestone", on="2026-03-03", parent=road.record.number, number="2026-承-01-1", title="第1段路基完成",
        shown_by="监理签认单", made_on="2026-03-03", due_on="2026-05-30", organ="青禾县市场监督管理局",
    )  # fmt: skip
    assert part.parent_id == road.duty.id
    assert Duty.objects.get(debtor=roads.id).milestones.count() == 0


# -- suggestions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def suggestion(send: Send, organs: Organs) -> PromiseCard:
    sender, row = ROWS["suggestion"]
    found: list[PromiseCard] = []

    def sending(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=organs(sender).id, **more)

    found.append(promised(sending, kind="suggestion", on="2026-03-12", **row))
    return found[0]


def test_the_day_of_assignment_is_not_corrected_once_the_answer_is_late(
    suggestion: PromiseCard, send: Send, organs: Organs
) -> None:
    def sending(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=organs(CONGRESS).id, **more)

    tick_on("2026-06-12")
    assert corrected(sending, suggestion, "2026-06-13", assigned_on="2026-04-10")
    tick_on("2026-06-14")
    assert breaches() == [(date(2026, 6, 11), True)]


def test_a_corrected_day_of_assignment_moves_the_answer_in_the_open(
    suggestion: PromiseCard, send: Send, organs: Organs
) -> None:
    def sending(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=organs(CONGRESS).id, **more)

    assert corrected(sending, suggestion, "2026-04-15", assigned_on="2026-04-10") == []
    card = now(suggestion, "2026-04-15")
    assert (card.first_due_on, card.duty.due_on, card.amendments) == (date(2026, 6, 10), date(2026, 7, 10), 1)


# -- service cases ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "done_on, kept",
    [("2026-09-10", date(2026, 9, 10)), ("", None)],
    ids=["done later than was said", "not done after all"],
)
def test_a_corrected_day_of_completion_is_the_one_that_counts(send: Send, done_on: str, kept: date | None) -> None:
    row = dict(ROWS["service_case"][1])
    send([row], kind="service_case", at=at("2026-09-08"), as_of=date(2026, 9, 8))
    carried(at("2026-09-08"))
    assert Duty.objects.get(kind="handle_service").kept_on == date(2026, 9, 7)
    changed = {"done_on": done_on, **({} if done_on else {"result": ""})}
    batch = send(
        [row | changed], kind="service_case", at=at("2026-09-15"), as_of=date(2026, 9, 15), corrects=True,
        reason="办结日期录入有误",
    )  # fmt: skip
    assert batch.accepted == 1
    carried(at("2026-09-15"))
    assert Duty.objects.get(kind="handle_service").kept_on == kept
    tick_on("2026-09-16")
    assert breaches() == [(date(2026, 9, 9), True)]
