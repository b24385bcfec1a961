"""Ways out of a promise that there are not: by the law no longer asking, by age, by a stop, by a merger, by one person on both sides."""

from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connections

from jiannuo.access.rules import Actor
from jiannuo.duties import actions
from jiannuo.duties.actions import Authority
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.kinds import CONGRESS, OFFICE, ROADS, ROWS
from tests.packages.promising import PNG, at, breaches, given, now, person, promised, tick_on

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


def submit(card: PromiseCard, by: Actor, on: str, **more: Any) -> int:
    said = {"done_on": date.fromisoformat(on), "words": "路面已铺好并通过验收", "files": [PNG], **more}
    return actions.submit(card.duty.id, **said, **given(by, on))


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


def test_what_was_sent_anew_is_not_confirmed_by_who_looked_at_the_old(
    road: PromiseCard, theirs: Actor, office: Actor
) -> None:
    old = submit(road, theirs, "2026-10-27")
    actions.send_back(road.duty.id, reason="照片看不出排水沟，请补拍", seen=old, **given(office, "2026-10-28"))
    new = submit(road, theirs, "2026-10-28")
    for act in (actions.confirm, actions.send_back):
        with pytest.raises(Refused, match="单位又交了新的") as no:
            act(road.duty.id, reason="到现场看过，与验收单一致", seen=old, **given(office, "2026-10-29"))
        assert no.value.fix
    actions.confirm(road.duty.id, reason="到现场看过，与验收单一致", seen=new, **given(office, "2026-10-29"))
    assert now(road, "2026-10-29").duty.standing is Standing.KEPT


# -- by age -----------------------------------------------------------------------------------------------------------


def test_a_promise_older_than_the_rule_is_owed_by_its_day_all_the_same(send: Send) -> None:
    card = promised(send, made_on="2015-05-06", due_on="2026-10-31")
    assert card.duty.due_on == date(2026, 10, 31)
    assert "2026年10月31日" in card.duty.why
    tick_on("2026-11-05")
    assert breaches() == [(date(2026, 11, 1), True)]


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


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_answer(road: PromiseCard) -> None:
    together, heard = Barrier(4), []

    def one() -> None:
        together.wait()
        day = date(2026, 10, 28)
        heard.append(
            actions.speak(
                duty_id=road.duty.id,
                agreed=False,
                words="东头二百米没有铺",
                address="10.0.0.9",
                on=day,
                at=at("2026-10-28"),
            )
        )
        connections.close_all()

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(heard) == [False, False, False, True]
    assert now(road, "2026-10-28").disputed == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_confirm_and_send_back_at_once_one_is_told_so(
    road: PromiseCard, theirs: Actor, office: Actor
) -> None:
    submit(road, theirs, "2026-10-28")
    together, said = Barrier(4), []

    def one(act: Callable[..., int]) -> None:
        together.wait()
        try:
            act(road.duty.id, reason="到现场看过，与验收单一致", **given(office, "2026-10-29"))
            said.append("done")
        except Refused as no:
            said.append(no.code)
        connections.close_all()

    threads = [Thread(target=one, args=[act]) for act in (actions.confirm, actions.send_back) * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert said.count("done") == 1
    assert set(said) - {"done"} <= {"kept", "nothing"}


# -- suggestions ------------------------------------------------------------------------------------------------------


@pytest.fixture
def suggestion(send: Send, organs: Organs) -> PromiseCard:
    sender, row = ROWS["suggestion"]
    found: list[PromiseCard] = []

    def sending(rows: Any, **more: Any) -> Any:
        return send(rows, organ_id=organs(sender).id, **more)

    found.append(promised(sending, kind="suggestion", on="2026-03-12", **row))
    return found[0]


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
