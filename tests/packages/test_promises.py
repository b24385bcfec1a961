"""A promise from being made to being kept or broken: what each may do, what is refused, and what the ledger says after."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.duties import actions, tick
from jiannuo.duties.actions import Authority, Upload
from jiannuo.duties.queries import Standing, pending
from jiannuo.duties.queries.promises import PromiseCard, promise, slips
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at, now, person, promised

pytestmark = pytest.mark.django_db

MEETING = Authority("青禾县人民政府", "县政府第21次常务会议纪要")
WHY = "汛期连续降雨，路基无法施工"


@pytest.fixture
def road(send: Send) -> PromiseCard:
    """A road promised on 2 March for 31 October."""
    return promised(send)


def submit(card: PromiseCard, by: Actor, on: str, *, done_on: str = "", **more: Any) -> int:
    given = {"words": "路面已铺好并通过验收", "files": [PNG], **more}
    return actions.submit(
        card.duty.id, done_on=date.fromisoformat(done_on or on), actor=by, on=date.fromisoformat(on), at=at(on), **given
    )


def confirm(card: PromiseCard, by: Actor, on: str) -> int:
    words = "到现场看过，与验收单一致"
    return actions.confirm(card.duty.id, reason=words, actor=by, on=date.fromisoformat(on), at=at(on))


def amend(card: PromiseCard, by: Actor, on: str, to: str, *, authority: Authority = MEETING, reason: str = WHY) -> int:
    return actions.amend(
        card.duty.id, due_on=date.fromisoformat(to), authority=authority, reason=reason, actor=by, on=date.fromisoformat(on), at=at(on)
    )  # fmt: skip


def acts(card: PromiseCard) -> list[str]:
    return [act.kind for act in _acts(card)]


def _acts(card: PromiseCard) -> tuple[ledger.EntryCard, ...]:
    found = promise(card.duty.id, as_of=date(2027, 1, 1))
    assert found is not None
    return found.acts


# -- made and kept ----------------------------------------------------------------------------------------------------


def test_a_promise_is_due_on_the_day_it_names(road: PromiseCard, market: OrganCard, office: Actor) -> None:
    assert (road.duty.due_on, road.duty.standing) == (date(2026, 10, 31), Standing.RUNNING)
    assert (road.duty.debtor_id, road.confirmer_id, road.office) == (market.id, office.organ_id, "公路科科长")
    assert "写明的日期2026年10月31日（星期六），含当日。" in road.duty.why


def test_what_is_sent_waits_and_is_kept_as_of_its_day_once_another_confirms(
    road: PromiseCard, theirs: Actor, office: Actor
) -> None:
    submit(road, theirs, "2026-10-30", done_on="2026-10-28")
    waiting = now(road, "2026-10-30")
    assert (waiting.submitted_on, waiting.duty.standing) == (date(2026, 10, 30), Standing.DUE_SOON)
    confirm(road, office, "2026-11-03")
    kept = now(road, "2026-11-03")
    assert (kept.duty.standing, kept.duty.kept_on, kept.submitted_on) == (Standing.KEPT, date(2026, 10, 28), None)
    found = promise(road.duty.id, as_of=date(2026, 11, 3))
    assert found is not None
    assert [list(act.body["files"]) for act in found.accepted] == [["验收照片.png"]]


def test_what_is_sent_back_is_still_owed(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, "2026-10-30")
    actions.send_back(
        road.duty.id, reason="照片看不出排水沟，请补拍", actor=office, on=date(2026, 11, 2), at=at("2026-11-02")
    )
    assert (now(road, "2026-11-02").duty.standing, now(road, "2026-11-02").submitted_on) == (Standing.BROKEN, None)
    submit(road, theirs, "2026-11-03")
    confirm(road, office, "2026-11-04")
    assert now(road, "2026-11-04").duty.standing is Standing.KEPT_LATE


def test_who_confirms_and_owes_nothing_is_told_what_waits(road: PromiseCard, theirs: Actor) -> None:
    submit(road, theirs, "2026-10-28")
    told = {"confirmers": {road.confirmer_id or 0}, "as_of": date(2026, 10, 29)}
    for debtors in (set(), {road.confirmer_id or 0}):
        found = pending.pending(debtors=debtors, **told)  # type: ignore[arg-type]
        assert {why: few.total for why, few in found.items() if few.total} == {"to_confirm": 1}
    found = pending.pending(debtors={road.duty.debtor_id}, confirmers=set(), as_of=date(2026, 10, 29))
    assert {why: few.total for why, few in found.items() if few.total} == {"submitted": 1}


def test_what_proved_untrue_is_owed_again_under_its_old_date(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, "2026-10-28")
    confirm(road, office, "2026-10-29")
    actions.reopen(
        road.duty.id,
        reason="村民反映排水沟没有做，现场核实属实",
        actor=office,
        on=date(2026, 11, 9),
        at=at("2026-11-09"),
    )
    assert now(road, "2026-11-09").duty.standing is Standing.BROKEN
    submit(road, theirs, "2026-11-20")
    confirm(road, office, "2026-11-21")
    assert now(road, "2026-11-21").duty.kept_on == date(2026, 11, 20)


# -- refused, in words ------------------------------------------------------------------------------------------------


def test_nobody_confirms_a_promise_of_its_own(road: PromiseCard, theirs: Actor, market: OrganCard) -> None:
    submit(road, theirs, "2026-10-28")
    for own in (theirs, person(market, "lead")):
        with pytest.raises(Refused, match="承诺单位不能确认自己的承诺"):
            confirm(road, own, "2026-10-29")


def test_the_lead_offices_own_promise_is_confirmed_by_who_oversees_it(
    organs: Callable[[str], OrganCard], send: Send, office: Actor
) -> None:
    lead, government = organs("青禾县发展和改革委员会"), organs("青禾县人民政府办公室")
    card = promised(lambda rows, **more: send(rows, organ_id=lead.id, **more), number="发-1", organ=lead.name)
    assert card.confirmer_id == government.id
    submit(card, person(lead, "reviewer"), "2026-10-28")
    with pytest.raises(Refused, match="不能确认自己的承诺"):
        confirm(card, office, "2026-10-29")
    confirm(card, person(government, "reviewer"), "2026-10-29")
    assert now(card, "2026-10-29").duty.standing is Standing.KEPT


def test_confirming_is_for_the_organ_that_confirms(
    road: PromiseCard, theirs: Actor, organs: Callable[[str], OrganCard]
) -> None:
    submit(road, theirs, "2026-10-28")
    with pytest.raises(Refused) as no:
        confirm(road, person(organs("青禾县财政局"), "reviewer"), "2026-10-29")
    assert no.value.code == "forbidden"


def test_nothing_is_confirmed_twice(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, "2026-10-28")
    confirm(road, office, "2026-10-29")
    with pytest.raises(Refused, match="已于2026-10-28确认兑现") as no:
        confirm(road, office, "2026-10-30")
    assert "二(三)" in no.value.clause or "76号" in no.value.clause
    with pytest.raises(Refused, match="已于2026-10-28确认兑现"):
        submit(road, theirs, "2026-10-30")


DATES = {
    "backdated": ("2026-10-30", "2026-10-20", "不能倒签"),
    "ahead": ("2026-10-30", "2026-11-01", "在今天以后"),
    "before it was promised": ("2026-03-04", "2026-03-01", "早于承诺的起始日"),
}


@pytest.mark.parametrize("on, done_on, words", DATES.values(), ids=DATES)
def test_a_day_of_completion_that_cannot_be(
    road: PromiseCard, theirs: Actor, on: str, done_on: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as no:
        submit(road, theirs, on, done_on=done_on)
    assert no.value.field == "done_on"
    assert no.value.clause


FILES = {
    "none": ([], "没有附佐证材料"),
    "a program in disguise": ([Upload("验收单.pdf.exe", b"MZ")], "可能是伪装的程序"),
    "a macro document": ([Upload("清单.docm", b"PK\x03\x04")], "带宏"),
    "a type nobody can read": ([Upload("模型.dwg", b"AC10")], "不是能收的类型"),
    "not what its name says": ([Upload("照片.png", b"%PDF-1.7")], "内容不是png文件"),
    "a script in a PDF": ([Upload("单.pdf", b"%PDF-1.7 /JavaScript (x)")], "会自动执行"),
    "too large": ([Upload("照片.jpg", b"\xff\xd8\xff" + b"0" * (20 * 2**20))], "不超过20兆"),
    "empty": ([Upload("照片.jpg", b"")], "空文件"),
}


@pytest.mark.parametrize("files, words", FILES.values(), ids=FILES)
def test_files_that_show_nothing_or_may_harm(road: PromiseCard, theirs: Actor, files: list[Upload], words: str) -> None:
    with pytest.raises(Refused) as no:
        submit(road, theirs, "2026-10-30", files=files)
    assert words in f"{no.value.message}{no.value.fix}"
    assert "performance" not in acts(road)


# -- dates that move --------------------------------------------------------------------------------------------------


def test_a_date_moves_in_public(road: PromiseCard, theirs: Actor, market: OrganCard) -> None:
    amend(road, theirs, "2026-08-20", "2026-12-20")
    moved = now(road, "2026-08-20")
    assert (moved.duty.due_on, moved.first_due_on, moved.amendments, moved.moved_days) == (
        date(2026, 12, 20), date(2026, 10, 31), 1, 50,
    )  # fmt: skip
    amend(road, theirs, "2026-09-20", "2027-01-10")
    (slip,) = slips([market.id], as_of=date(2026, 9, 20))
    assert (slip.first_due_on, slip.due_on, slip.days, slip.amendments) == (
        date(2026, 10, 31),
        date(2027, 1, 10),
        71,
        2,
    )
    found = promise(road.duty.id, as_of=date(2026, 9, 20))
    assert found is not None
    said = [(act.body["due_was"], act.body["due_on"], act.body["authority"]) for act in found.acts]
    assert said == [("2026-10-31", "2026-12-20", MEETING.organ), ("2026-12-20", "2027-01-10", MEETING.organ)]


AMENDMENTS = {
    "after it was broken": ("2026-11-02", "2026-12-20", MEETING, WHY, "期限2026-10-31已过，不能再变更"),
    "to a day that is past": ("2026-08-20", "2026-08-19", MEETING, WHY, "在今天以前"),
    "to the same day": ("2026-08-20", "2026-10-31", MEETING, WHY, "和现在的一样"),
    "by nobody": ("2026-08-20", "2026-12-20", Authority("", ""), WHY, "没有写谁批准的"),
    "for no reason": ("2026-08-20", "2026-12-20", MEETING, "雨", "变更的理由没有写清楚"),
}


@pytest.mark.parametrize("on, to, authority, reason, words", AMENDMENTS.values(), ids=AMENDMENTS)
def test_a_date_that_may_not_move(
    road: PromiseCard, theirs: Actor, on: str, to: str, authority: Authority, reason: str, words: str
) -> None:
    with pytest.raises(Refused, match=words) as no:
        amend(road, theirs, on, to, authority=authority, reason=reason)
    assert no.value.clause


def test_days_that_stand_still_are_added(road: PromiseCard, theirs: Actor) -> None:
    def suspend(since: str) -> int:
        day = date.fromisoformat(since)
        return actions.suspend(
            road.duty.id,
            since=day,
            until=date(2026, 12, 31),
            authority=MEETING,
            reason=WHY,
            actor=theirs,
            on=day,
            at=at(since),
        )

    suspend("2026-07-01")
    still = now(road, "2026-09-01")
    assert (still.suspended_since, still.duty.standing) == (date(2026, 7, 1), Standing.RUNNING)
    assert tick.run(as_of=date(2026, 11, 30), now=at("2026-11-30")).breaches == 0
    actions.resume(
        road.duty.id,
        since=date(2026, 7, 11),
        reason="水位回落，恢复施工",
        actor=theirs,
        on=date(2026, 11, 30),
        at=at("2026-11-30"),
    )
    resumed = now(road, "2026-11-30")
    assert (resumed.duty.due_on, resumed.suspended_since) == (date(2026, 11, 10), None)
    assert "7月1日至7月10日（暂停：汛期连续降雨，路基无法施工）" in resumed.duty.why


def test_a_correction_does_not_move_a_date_unseen(road: PromiseCard, send: Send, theirs: Actor) -> None:
    promised(send, on="2026-03-09", due_on="2026-12-31")
    send(
        [{**road.record.body, "due_on": "2026-12-31"}],
        kind="commitment",
        at=at("2026-03-10"),
        as_of=date(2026, 3, 10),
        corrects=True,
        reason="期限录入有误",
    )
    while actions.follow(opened_at=at("2026-03-10")):
        pass
    moved = now(road, "2026-03-10")
    assert (moved.duty.due_on, moved.first_due_on, moved.amendments) == (date(2026, 12, 31), date(2026, 10, 31), 1)


# -- broken, once, by the law -----------------------------------------------------------------------------------------


def test_a_breach_is_dated_by_the_promise_and_told_once(road: PromiseCard) -> None:
    for _ in range(2):
        tick.run(as_of=date(2026, 12, 15), now=at("2026-12-15"))
    found = ledger.cards(ledger.facts().filter(kind="breach"))
    assert [(one.happened_on, one.body["duty"]) for one in found] == [(date(2026, 11, 1), "keep_commitment")]


def test_what_came_in_time_is_not_broken_by_whoever_is_slow_to_confirm(
    road: PromiseCard, theirs: Actor, office: Actor
) -> None:
    submit(road, theirs, "2026-10-30")
    assert tick.run(as_of=date(2026, 11, 20), now=at("2026-11-20")).breaches == 0
    actions.send_back(
        road.duty.id, reason="照片看不出排水沟，请补拍", actor=office, on=date(2026, 11, 20), at=at("2026-11-20")
    )
    tick.run(as_of=date(2026, 11, 21), now=at("2026-11-21"))
    assert [act.happened_on for act in _acts(road) if act.kind == "breach"] == [date(2026, 11, 1)]


def test_a_merger_passes_the_promise_on(
    road: PromiseCard, market: OrganCard, organs: Callable[[str], OrganCard], office: Actor
) -> None:
    heir = organs("青禾县商务局")
    subjects_actions.merge(
        [market.id], into=heir.id, on=date(2026, 6, 1), reason="机构改革方案", at=at("2026-06-01"), by="tester"
    )
    with pytest.raises(Refused, match="由县商务局办理"):
        submit(road, person(market, "reviewer", username="old"), "2026-10-28")
    submit(road, person(heir, "reviewer"), "2026-10-28")
    with pytest.raises(Refused, match="不能确认自己的承诺"):
        confirm(road, person(heir, "lead"), "2026-10-29")
    confirm(road, office, "2026-10-29")
    assert now(road, "2026-10-29").duty.standing is Standing.KEPT


# -- milestones and people --------------------------------------------------------------------------------------------


def test_progress_follows_from_milestones_that_were_confirmed(
    road: PromiseCard, send: Send, theirs: Actor, office: Actor
) -> None:
    parts = [
        promised(
            send, kind="milestone", on="2026-03-03", parent=road.record.number, number=f"2026-承-01-{n}", title=f"第{n}段路基完成",
            shown_by="监理签认单", made_on="2026-03-03", due_on=f"2026-0{n + 4}-30", organ="青禾县市场监督管理局",
        )
        for n in (1, 2, 3)
    ]  # fmt: skip
    assert now(road, "2026-03-03").progress.words == "3个节点确认了0个"
    with pytest.raises(Refused, match="还有3个节点没有确认完成"):
        submit(road, theirs, "2026-05-29")
    submit(parts[0], theirs, "2026-05-29")
    confirm(parts[0], office, "2026-05-30")
    assert (now(road, "2026-05-30").progress.share, now(road, "2026-05-30").duty.standing) == (33, Standing.RUNNING)


def test_what_people_say_is_counted_and_their_words_are_sealed(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, "2026-10-28")
    confirm(road, office, "2026-10-29")
    number = actions.respond(
        road.duty.id,
        agreed=False,
        words="东头二百米根本没有铺，张三家门口",
        author=actions.PUBLIC,
        on=date(2026, 11, 5),
        at=at("2026-11-05"),
    )
    actions.respond(
        road.duty.id, agreed=True, words="", author=actions.PUBLIC, on=date(2026, 11, 5), at=at("2026-11-05")
    )
    card = now(road, "2026-11-05")
    assert (card.agreed, card.disputed, card.duty.standing) == (1, 1, Standing.KEPT)
    entry = ledger.entry(number)
    assert entry is not None
    assert (entry.visibility, "二百米" in str(entry.body), ledger.personal(number)["words"]) == (
        "restricted", False, "东头二百米根本没有铺，张三家门口",
    )  # fmt: skip
