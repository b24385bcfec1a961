"""From a clerk's row to what everybody reads: two persons, at once in list and search, and back again with reasons."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions, queries, tick
from jiannuo.disclosure.models import Waiting
from jiannuo.duties import queries as duties
from jiannuo.duties.models import Duty
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW, TODAY
from tests.packages.releasing import ASKED, ORDINARY, YES, Send, found, person, refusal, released, sent
from tests.wrong.make_sheets import good, numbered

pytestmark = pytest.mark.django_db


# -- release -------------------------------------------------------------------------------------------------------


def test_a_released_record_is_public_everywhere_at_once(send: Send, reviewer: Actor) -> None:
    (entry,) = sent(send, good())
    assert found("晨光食品") == []
    assert queries.public_record(entry, on=TODAY) is None
    (act,) = actions.release(entry_ids=[entry], actor=reviewer, on=TODAY, at=NOW, **YES).acts
    assert (
        found("晨光食品")
        == found("〔2026〕12")
        == found("青市监罚决字〔2026〕12号")
        == found("91410526ma3x12345d")
        == [entry]
    )
    assert found("晨光 过期") == []
    (row,) = queries.listing(queries.narrowed(on=TODAY, kind="penalty_legal"), on=TODAY).rows
    assert (row.party, row.number, row.standing) == ("青禾县晨光食品有限公司", "青市监罚决字〔2026〕12号", "late")
    published = ledger.entry(act)
    assert published is not None
    assert (published.kind, published.refers, published.reason) == ("publication", entry, YES["reason"])
    assert published.body == {"confirmed": ["summary_possible_2021", "social_impact"], "basis": YES["basis"]}
    (duty,) = duties.of_entries([entry], as_of=TODAY)[entry]
    assert (duty.kept_on, duty.kept_by) == (TODAY, act)


def test_whoever_sent_a_record_in_cannot_release_it(send: Send, market: OrganCard) -> None:
    (entry,) = sent(send, good())
    both = person(market, "clerk", "reviewer", username="clerk")
    refused = refusal(entry_ids=[entry], actor=both, **YES)
    assert refused.code == "two_persons"
    assert refused.clause == "公示须经填报和审核两人办理"
    assert found("晨光食品") == []


@pytest.mark.parametrize("roles", [("clerk",), ("lead",), ("auditor",), ("sysadmin",), ()])
def test_only_a_reviewer_releases(send: Send, market: OrganCard, roles: tuple[str, ...]) -> None:
    entries = sent(send, good())
    assert refusal(entry_ids=entries, actor=person(market, *roles, username="somebody"), **YES).code == "forbidden"


def test_a_reviewer_of_another_organ_sees_and_releases_nothing(send: Send, organs: Callable[[str], OrganCard]) -> None:
    entries = sent(send, good())
    other = person(organs("青禾县公安局"), "reviewer")
    assert queries.waiting(other, on=TODAY).rows == ()
    assert refusal(entry_ids=entries, actor=other, **YES).code == "forbidden"


@pytest.mark.parametrize(
    "answers, code",
    [
        pytest.param({}, "summary_possible_2021", id="什么都没确认"),
        pytest.param(
            {"confirmed": ["summary_possible_2021"], "reason": "核对过"}, "social_impact", id="没有确认社会影响"
        ),
        pytest.param({"confirmed": ASKED, "reason": "核对过"}, "basis", id="没有选公开依据"),
        pytest.param({"confirmed": ASKED, "basis": "上级机关要求公开"}, "reason", id="没有写理由"),
    ],
)
def test_what_the_rules_ask_must_be_answered(send: Send, reviewer: Actor, answers: dict[str, Any], code: str) -> None:
    entries = sent(send, good())
    assert refusal(entry_ids=entries, actor=reviewer, **answers).code == code


def test_of_many_the_clean_ones_go_out_and_the_others_say_why(send: Send, reviewer: Actor) -> None:
    rows = [*numbered(3, **ORDINARY), good(CF_WSH="青市监当罚〔2026〕9号", **ORDINARY)]
    rows.append(good(CF_WSH="青市监罚决字〔2026〕99号", CF_SY="联系电话13803721234", **ORDINARY))
    entries = sent(send, *rows)
    done = actions.release(
        entry_ids=entries, actor=reviewer, on=TODAY, at=NOW, confirmed=["social_impact"], basis="上级机关要求公开"
    )
    assert len(done.acts) == 3
    assert {one.entry_id: one.code for one in done.refused} == {
        entries[3]: "summary_stated_2021",
        entries[4]: "personal_certain",
    }
    assert "13803721234" in done.refused[1].message
    assert found("晨光食品") == entries[2::-1]


def test_the_same_record_is_not_released_twice(send: Send, reviewer: Actor) -> None:
    entries = released(send, reviewer, good())
    assert refusal(entry_ids=entries, actor=reviewer, **YES).code == "public"
    assert refusal(entry_ids=[999_999], actor=reviewer, **YES).code == "not_found"


# -- the queue -----------------------------------------------------------------------------------------------------


def test_the_queue_shows_what_waits_the_most_urgent_first(
    send: Send, reviewer: Actor, lead: Actor, clerk: Actor
) -> None:
    later, urgent = sent(
        send,
        good(CF_WSH="青市监罚决字〔2026〕2号", CF_JDRQ="2026/11/20"),
        good(CF_WSH="青市监罚决字〔2026〕1号", CF_JDRQ="2026/11/12"),
    )
    for follow in (False, True):
        if follow:
            assert actions.follow(at=NOW) == 2
            assert actions.follow(at=NOW) == 0
        queue = queries.waiting(reviewer, on=TODAY)
        assert [row.entry_id for row in queue.rows] == [urgent, later]
        assert (queue.total, queue.capped, dict(queue.by_kind)) == (2, False, {"penalty_legal": 2})
        assert queue.rows[0].due_on == date(2026, 11, 23)
        assert queue.rows[0].judgement.outcome == "ask"
        assert [row.entry_id for row in queries.waiting(reviewer, on=TODAY, question="〕2号").rows] == [later]
        assert queries.waiting(reviewer, on=TODAY, kind="licence_legal").total == 0
        assert queries.waiting(lead, on=TODAY).total == 2
        assert all(row.own for row in queries.waiting(clerk, on=TODAY).rows)


def test_the_day_in_the_queue_is_the_earliest_still_asked_for(send: Send, reviewer: Actor) -> None:
    twice, kept, once, unasked = sent(send, *numbered(4))
    (first,) = Duty.objects.filter(entry=twice)
    first.pk, first.kind, first.due_on = None, "disclose_information", date(2026, 9, 10)
    first.save(force_insert=True)
    Duty.objects.filter(entry=kept).update(kept_on=TODAY)
    Duty.objects.filter(entry=unasked).delete()

    def days() -> list[tuple[int, date | None]]:
        return [(row.entry_id, row.due_on) for row in queries.waiting(reviewer, on=TODAY).rows]

    asked = [(twice, date(2026, 9, 10)), (once, date(2026, 9, 14)), (kept, None), (unasked, None)]
    assert days() == asked
    actions.follow(at=NOW)
    assert days() == asked
    Duty.objects.filter(entry=twice).update(kept_on=TODAY)
    Duty.objects.filter(entry=kept).update(kept_on=None, due_on=date(2026, 9, 8))
    actions.refresh_deadlines()
    assert days() == [(kept, date(2026, 9, 8)), (once, date(2026, 9, 14)), (twice, None), (unasked, None)]


def test_a_correction_takes_the_place_of_what_waits(send: Send, reviewer: Actor) -> None:
    (first,) = sent(send, good())
    actions.follow(at=NOW)
    (second,) = sent(send, good(CF_SY="复查确认为2袋。"), corrects=True, reason="数量填错")
    assert [row.entry_id for row in queries.waiting(reviewer, on=TODAY).rows] == [second]
    actions.follow(at=NOW)
    assert list(Waiting.objects.values_list("pk", flat=True)) == [second]
    assert refusal(entry_ids=[first], actor=reviewer, **YES).code == "superseded"


def test_what_is_sent_back_leaves_the_queue_until_it_is_mended(send: Send, reviewer: Actor) -> None:
    (entry,) = sent(send, good())
    with pytest.raises(Refused, match="理由"):
        actions.send_back(entry_ids=[entry], reason=" ", actor=reviewer, on=TODAY, at=NOW)
    actions.send_back(entry_ids=[entry], reason="违法事实不清", actor=reviewer, on=TODAY, at=NOW)
    assert queries.waiting(reviewer, on=TODAY).rows == ()
    assert duties.of_entries([entry], as_of=TODAY)[entry][0].is_open
    (mended,) = sent(send, good(CF_SY="补充查明的事实。"), corrects=True, reason="按退回意见补充")
    assert [row.entry_id for row in queries.waiting(reviewer, on=TODAY).rows] == [mended]


def test_what_is_withheld_is_no_longer_owed(send: Send, reviewer: Actor) -> None:
    (entry,) = sent(send, good())
    given: dict[str, Any] = {"actor": reviewer, "on": TODAY, "at": NOW}
    actions.withhold(entry_ids=[entry], rule="summary_possible_2021", reason="核对案卷，是当场处罚", **given)
    assert not duties.of_entries([entry], as_of=TODAY)[entry][0].is_open
    assert queries.public_record(entry, on=TODAY) is None
    act = ledger.history(bytes.fromhex(queries.judged([entry], on=TODAY)[entry].card.identity.hex())).acts[-1]
    assert act.body["law"] == "中华人民共和国行政处罚法（2021年修订）第五十一条"
    actions.release(entry_ids=[entry], **given, **YES)
    assert found("晨光食品") == [entry]


# -- taking back ---------------------------------------------------------------------------------------------------


def test_a_revoked_decision_is_withdrawn_within_three_working_days_with_its_reason(
    send: Send, reviewer: Actor, clerk: Actor
) -> None:
    (entry,) = released(send, reviewer, good())
    act = actions.revoke(
        entry_id=entry, outcome="撤销", decided_on=date(2026, 11, 20), decided_by="青禾县人民政府", number="青政复〔2026〕8号",
        reason="事实不清，复议撤销", actor=clerk, on=TODAY, at=NOW,
    )  # fmt: skip
    record = queries.public_record(entry, on=TODAY)
    assert record is not None
    assert record.state == "public"
    assert record.revoked is not None
    assert (record.revoked.what, record.revoked.by, record.revoked.number) == (
        "撤销",
        "青禾县人民政府",
        "青政复〔2026〕8号",
    )
    assert record.to_withdraw is not None
    assert record.to_withdraw.due_on == date(2026, 11, 25)
    actions.withdraw(
        entry_id=entry, reason="原决定已被撤销", law="行政处罚法第四十八条第二款", actor=reviewer, on=TODAY, at=NOW
    )
    assert found("晨光食品") == []
    assert queries.numbers().total == 0
    assert duties.of_entries([act], as_of=TODAY)[act][0].kept_on == TODAY
    record = queries.public_record(entry, on=TODAY)
    assert record is not None
    assert (record.state, record.fields, record.title, record.party, record.number) == ("withdrawn", (), "", "", "")
    assert record.withdrawn is not None
    assert (record.withdrawn.reason, record.withdrawn.law) == ("原决定已被撤销", "行政处罚法第四十八条第二款")
    assert [step.what for step in record.history] == ["公示", "原决定被变更或者撤销", "撤下"]
    assert refusal(entry_ids=[entry], actor=reviewer, **YES).code in {"revoked", "withdrawn"}


def test_withdrawn_content_is_not_shown_as_of_an_earlier_moment(send: Send, reviewer: Actor) -> None:
    (entry,) = released(send, reviewer, good())
    later = NOW + timedelta(days=1)
    actions.withdraw(
        entry_id=entry,
        reason="当事人为未成年人",
        law="预防未成年人犯罪法第五十九条",
        actor=reviewer,
        on=TODAY,
        at=later,
    )
    record = queries.public_record(entry, on=TODAY, as_of=NOW + timedelta(hours=1))
    assert record is not None
    assert record.fields == ()
    assert "晨光" not in repr(record)


def test_reasons_everybody_reads_hold_nothing_personal(send: Send, reviewer: Actor, clerk: Actor) -> None:
    (entry,) = released(send, reviewer, good())
    with pytest.raises(Refused) as refused:
        actions.withdraw(
            entry_id=entry, reason="当事人13803721234来电", law="行政处罚法", actor=reviewer, on=TODAY, at=NOW
        )
    assert refused.value.code == "personal"
    for wrong in ({"outcome": "作废"}, {"decided_on": date(2026, 9, 2)}, {"decided_by": ""}):
        given: dict[str, Any] = {"outcome": "撤销", "decided_on": TODAY, "decided_by": "县政府", "reason": "复议撤销"}
        with pytest.raises(Refused):
            actions.revoke(entry_id=entry, actor=clerk, on=TODAY, at=NOW, **given | wrong)


def test_a_correction_replaces_what_is_public_only_when_released(send: Send, reviewer: Actor) -> None:
    (first,) = released(send, reviewer, good())
    (second,) = sent(send, good(CF_SY="复查确认为2袋。"), corrects=True, reason="数量填错", at=NOW + timedelta(hours=1))
    assert found("晨光食品") == [first]
    actions.release(entry_ids=[second], actor=reviewer, on=TODAY, at=NOW + timedelta(hours=2), **YES)
    assert found("晨光食品") == [second]
    record = queries.public_record(first, on=TODAY)
    assert record is not None
    assert (record.entry_id, record.version) == (second, 2)
    assert [(step.what, step.reason) for step in record.history] == [("公示", ""), ("更正后公示", "数量填错")]
    (change,) = record.history[1].changes
    assert (change.title, change.after) == ("违法事实", "复查确认为2袋。")
    past = queries.public_record(first, on=TODAY, as_of=NOW + timedelta(hours=1))
    assert past is not None
    assert (past.entry_id, len(past.history)) == (first, 1)


def test_a_record_ceases_to_be_public_when_the_law_says_so(send: Send, reviewer: Actor) -> None:
    dated = good(CF_WSH="青市监罚决字〔2026〕5号", CF_GSJZQ="2026/11/30")
    kept, ended = released(send, reviewer, good(), dated)
    assert tick.run(as_of=date(2026, 11, 30), now=NOW).ceased == 0
    report = tick.run(as_of=date(2026, 12, 1), now=NOW + timedelta(days=8))
    assert report.as_dict() == {"joined": 0, "moved": 0, "ceased": 1}
    assert found("晨光食品") == [kept]
    record = queries.public_record(ended, on=date(2026, 12, 1))
    assert record is not None
    assert record.withdrawn is not None
    assert record.withdrawn.reason == "已过公示截止期"
    assert tick.run(as_of=date(2031, 9, 3), now=NOW + timedelta(days=9)).ceased == 1
    assert tick.run(as_of=date(2031, 9, 3), now=NOW + timedelta(days=9)).ceased == 0


def test_a_due_day_that_moves_is_followed_where_it_is_shown(send: Send, reviewer: Actor) -> None:
    public, other = released(send, reviewer, *numbered(2))
    (queued,) = sent(send, good(CF_WSH="青市监罚决字〔2026〕7号"))
    actions.follow(at=NOW)
    Duty.objects.filter(entry__in=[public, queued]).update(due_on=date(2026, 12, 1))
    assert tick.run(as_of=TODAY, now=NOW).moved == 1
    rows = queries.find("晨光食品", queries.narrowed(on=TODAY, standing="on_time"), on=TODAY).rows
    assert [(row.entry_id, row.due_on) for row in rows] == [(public, date(2026, 12, 1))]
    assert found("晨光食品") == [other, public]
    assert queries.waiting(reviewer, on=TODAY).rows[0].due_on == date(2026, 12, 1)
    assert tick.run(as_of=TODAY, now=NOW).moved == 0
