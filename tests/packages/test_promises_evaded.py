"""Ways out of a promise that there are not: by correcting the record, by the law no longer asking, by a merger, by one person on both sides."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.duties import actions, tick
from jiannuo.duties.actions import Authority
from jiannuo.duties.models import Duty
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.intake import queries as intake
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.kinds import CONGRESS, OFFICE, ROADS, ROWS
from tests.packages.promising import PNG, at, carried, now, person, promised

pytestmark = pytest.mark.django_db

Organs = Callable[[str], OrganCard]
MEETING = Authority("青禾县人民政府", "县政府第21次常务会议纪要")
WHY = "汛期连续降雨，路基无法施工"


@pytest.fixture
def theirs(market: OrganCard) -> Actor:
    return person(market, "reviewer")


@pytest.fixture
def office(organs: Organs) -> Actor:
    return person(organs("青禾县发展和改革委员会"), "lead")


@pytest.fixture
def road(send: Send) -> PromiseCard:
    """A road promised on 2 March for 31 October."""
    return promised(send)


def given(actor: Actor, on: str) -> dict[str, Any]:
    return {"actor": actor, "on": date.fromisoformat(on), "at": at(on)}


def submit(card: PromiseCard, by: Actor, on: str, **more: Any) -> int:
    said = {"done_on": date.fromisoformat(on), "words": "路面已铺好并通过验收", "files": [PNG], **more}
    return actions.submit(card.duty.id, **said, **given(by, on))


def corrected(send: Send, card: PromiseCard, on: str, **changes: str) -> list[str]:
    """The record sent again with other words, as a correction; what it was refused with."""
    batch = send(
        [{**card.record.body, **changes}], kind=card.record.kind, at=at(on), as_of=date.fromisoformat(on),
        corrects=True, reason="录入有误，按原件更正",
    )  # fmt: skip
    carried(at(on))
    return [one.message for one in intake.problems(batch.id, limit=20)[1] if one.level == "error"]


def breaches() -> list[tuple[date, bool]]:
    """What the ledger says of breaches, the tasks and reports that the calendar asks for left out."""
    found = ledger.cards(ledger.facts().filter(kind="breach").order_by("pk"))
    called = {"carry_out_task", "half_year_report"}
    return [(one.happened_on, bool(one.body["broken"])) for one in found if one.body["duty"] not in called]


def tick_on(on: str) -> None:
    tick.run(as_of=date.fromisoformat(on), now=at(on))


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


def test_a_milestone_belongs_to_the_promise_of_its_own_organ(road: PromiseCard, send: Send, organs: Organs) -> None:
    roads = organs(ROADS)
    promised(lambda rows, **more: send(rows, organ_id=roads.id, **more), organ=roads.name)
    part = promised(
        send, kind="milestone", on="2026-03-03", parent=road.record.number, number="2026-承-01-1", title="第1段路基完成",
        shown_by="监理签认单", made_on="2026-03-03", due_on="2026-05-30", organ="青禾县市场监督管理局",
    )  # fmt: skip
    assert part.parent_id == road.duty.id
    assert Duty.objects.get(debtor=roads.id).milestones.count() == 0


# -- by the law no longer asking --------------------------------------------------------------------------------------


@pytest.mark.parametrize("tick_before", [True, False], ids=["the tick ran between", "the tick slept"])
def test_what_is_lifted_after_its_day_was_broken_all_the_same(
    road: PromiseCard, office: Actor, *, tick_before: bool
) -> None:
    if tick_before:
        tick_on("2026-11-05")
    actions.exempt(road.duty.id, authority=MEETING, reason="规划调整，这条路不再修", **given(office, "2026-11-20"))
    tick_on("2026-11-21")
    tick_on("2026-11-22")
    assert breaches() == [(date(2026, 11, 1), True)]
    assert now(road, "2026-11-21").duty.standing is Standing.LIFTED


def test_what_is_lifted_before_its_day_is_not_broken(road: PromiseCard, office: Actor) -> None:
    actions.exempt(road.duty.id, authority=MEETING, reason="规划调整，这条路不再修", **given(office, "2026-10-31"))
    tick_on("2026-11-21")
    assert breaches() == []


# -- by a merger, by one person on both sides -------------------------------------------------------------------------


def test_where_the_confirmer_is_merged_into_the_debtor_who_oversees_confirms(send: Send, organs: Organs) -> None:
    roads, justice, government = organs(ROADS), organs("青禾县司法局"), organs(OFFICE)
    card = promised(
        lambda rows, **more: send(rows, organ_id=roads.id, **more), kind="work_target", on="2026-03-02",
        **{**ROWS["work_target"][1], "confirmer": justice.name},
    )  # fmt: skip
    assert card.confirmer_id == justice.id
    subjects_actions.merge(
        [justice.id], into=roads.id, on=date(2026, 6, 1), reason="机构改革方案", at=at("2026-06-01"), by="x"
    )
    submit(card, person(roads, "reviewer"), "2026-10-28")
    tick_on("2026-10-28")
    for own in (roads, justice):
        with pytest.raises(Refused, match="不能确认自己的承诺"):
            actions.confirm(
                card.duty.id, reason="到现场看过，与验收单一致", **given(person(own, "reviewer"), "2026-10-29")
            )
    actions.confirm(
        card.duty.id, reason="到现场看过，与验收单一致", **given(person(government, "reviewer"), "2026-10-29")
    )
    assert now(card, "2026-10-29").duty.standing is Standing.KEPT


def test_who_sent_the_evidence_does_not_confirm_it_from_a_new_desk(
    road: PromiseCard, theirs: Actor, organs: Organs
) -> None:
    submit(road, theirs, "2026-10-28")
    moved = person(organs("青禾县发展和改革委员会"), "lead", username=theirs.username)
    with pytest.raises(Refused, match="材料是您自己提交的") as no:
        actions.confirm(road.duty.id, reason="到现场看过，与验收单一致", **given(moved, "2026-10-29"))
    assert no.value.clause


# -- by standing still ------------------------------------------------------------------------------------------------


def test_a_stop_is_not_dated_back_to_win_days(road: PromiseCard, theirs: Actor) -> None:
    with pytest.raises(Refused, match="不能倒签") as no:
        actions.suspend(
            road.duty.id, since=date(2026, 3, 3), until=date(2026, 6, 1), authority=MEETING, reason=WHY,
            **given(theirs, "2026-10-30"),
        )  # fmt: skip
    assert no.value.clause
    assert no.value.field == "since"


def suspend(card: PromiseCard, by: Actor, on: str, until: str) -> int:
    day = date.fromisoformat(on)
    return actions.suspend(
        card.duty.id, since=day, until=date.fromisoformat(until), authority=MEETING, reason=WHY, **given(by, on)
    )


@pytest.mark.parametrize(
    "until", ["2027-01-02", "2026-07-01", "2026-06-30"], ids=["too far", "the same day", "before it"]
)
def test_a_stop_without_an_end_is_refused(road: PromiseCard, theirs: Actor, until: str) -> None:
    with pytest.raises(Refused, match="中止不能没有尽头") as no:
        suspend(road, theirs, "2026-07-01", until)
    assert "不晚于2027-01-01" in no.value.fix
    assert no.value.field == "until"


@pytest.mark.parametrize("woke", ["2026-07-11", "2026-12-30"], ids=["in time", "five months late"])
def test_what_stood_still_goes_on_by_the_day_that_was_named_whenever_the_tick_wakes(
    road: PromiseCard, theirs: Actor, woke: str
) -> None:
    suspend(road, theirs, "2026-07-01", "2026-07-11")
    tick_on("2026-07-10")
    assert now(road, "2026-07-10").suspended_since == date(2026, 7, 1)
    for _ in range(2):
        tick_on(woke)
    card = now(road, woke)
    assert (card.duty.due_on, card.suspended_since) == (date(2026, 11, 10), None)
    tick_on("2026-12-31")
    assert breaches() == [(date(2026, 11, 11), True)]


# -- what is said of it -----------------------------------------------------------------------------------------------


def test_an_identity_number_does_not_get_into_what_is_public(road: PromiseCard, theirs: Actor) -> None:
    number = "410526199001010015"
    with pytest.raises(Refused, match="身份证号") as no:
        submit(road, theirs, "2026-10-28", words=f"已由张三（{number}）验收合格")
    assert number not in f"{no.value.message}{no.value.fix}"
    with pytest.raises(Refused, match="身份证号"):
        actions.amend(
            road.duty.id, due_on=date(2026, 12, 1), reason=f"施工负责人{number}住院，无法施工", authority=MEETING,
            **given(theirs, "2026-10-28"),
        )  # fmt: skip


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


def test_three_months_become_six_only_where_it_is_complex(suggestion: PromiseCard, organs: Organs) -> None:
    with pytest.raises(Refused, match="没有定为复杂") as no:
        actions.amend(
            suggestion.duty.id, due_on=date(2026, 9, 10), authority=Authority(CONGRESS, "青人办函〔2026〕9号"), reason=WHY,
            **given(person(organs(ROADS), "head"), "2026-06-01"),
        )  # fmt: skip
    assert no.value.clause
    assert "更正“是否复杂”" in no.value.fix


def test_who_owes_the_answer_makes_no_links_by_which_it_is_judged(suggestion: PromiseCard, organs: Organs) -> None:
    with pytest.raises(Refused, match="满意"):
        actions.invite(
            duty_id=suggestion.duty.id, names=["沈某"], **given(person(organs(ROADS), "reviewer"), "2026-06-01")
        )
    assert actions.invite(
        duty_id=suggestion.duty.id, names=["沈某"], **given(person(organs(CONGRESS), "reviewer"), "2026-06-01")
    )


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
