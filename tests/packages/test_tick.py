"""The tick: twice, late, dry, after a notice and after a correction, each breach is told once and dated by the law."""

import itertools
import subprocess
import sys
import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db.models import QuerySet

from jiannuo.duties import actions, queries, tick
from jiannuo.duties.actions import Owed
from jiannuo.duties.models import Bookmark, Duty, Heartbeat
from jiannuo.duties.queries import Standing
from jiannuo.kernel import clock
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as facts
from jiannuo.ledger import rules as entries
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()
KIND = "disclose_decision"
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def organ(db: None) -> subjects.OrganCard:
    subjects_actions.load_organs(policy.current(), at=NOW)
    # What the calendar asks for has tests of its own: here it has been asked for.
    actions.call(as_of=TODAY, now=NOW)
    actions.follow(opened_at=NOW)
    return subjects.directory(TODAY).organs[0]


def day(text: str) -> date:
    return date.fromisoformat(text)


def decided(organ: subjects.OrganCard, *days: str, **more: Any) -> list[facts.EntryCard]:
    drafts = []
    for one in days:
        number = f"青罚决字〔2026〕{next(numbers)}号"
        given: dict[str, Any] = {
            "kind": "penalty_legal",
            "organ_id": organ.id,
            "organ_code": organ.code,
            "happened_on": day(one),
            "rule": "x",
            "source": entries.Source("tester"),
            "identity": entries.identity("penalty_legal", number),
            "number": number,
        }
        drafts.append(entries.Draft(**(given | more)))
    written = ledger.append(drafts, at=NOW)
    found = facts.entries(written)
    return [found[number] for number in written]


def owed() -> QuerySet[Duty]:
    """What facts opened, beside what the calendar asked for."""
    return Duty.objects.exclude(entry__kind="call")


def opened(organ: subjects.OrganCard, *days: str) -> list[facts.EntryCard]:
    cards = decided(organ, *days)
    actions.open_for([Owed(one.id, one.organ_id, one.happened_on) for one in cards], kind=KIND, opened_at=NOW)
    return cards


def act(kind: str, on: facts.EntryCard, day_of: str, **more: Any) -> facts.EntryCard:
    code = subjects.directory(TODAY).card(on.organ_id).code
    draft = ledger.act(kind, on=on, organ_code=code, happened_on=day(day_of), rule="x", author="reviewer", **more)
    (number,) = ledger.append([draft], at=NOW)
    return facts.entries([number])[number]


def corrected(before: facts.EntryCard, happened_on: str) -> facts.EntryCard:
    code = subjects.directory(TODAY).card(before.organ_id).code
    draft = entries.Draft(
        kind=before.kind,
        organ_id=before.organ_id,
        organ_code=code,
        happened_on=day(happened_on),
        rule="x",
        source=entries.Source("tester"),
        identity=before.identity,
        version=before.version + 1,
        corrects=before.link,
        number=before.number,
        reason="日期录入有误",
    )
    (number,) = ledger.append([draft], at=NOW)
    return facts.entries([number])[number]


def run(as_of: str = "2026-11-23", **more: Any) -> tick.Report:
    return tick.run(as_of=day(as_of), now=NOW, **more)


def breaches() -> list[facts.EntryCard]:
    return facts.since(0, kinds=["breach"], limit=1000)


def standings() -> list[Standing]:
    return [card.standing for card in queries.duties(organ_ids=None, as_of=TODAY, kind=KIND).duties]


# -- following the ledger ---------------------------------------------------------------------------------------------


def test_every_accepted_decision_opens_its_duty_once(organ: subjects.OrganCard) -> None:
    decided(organ, "2026-09-23", "2026-11-20")
    assert run().followed == 2
    assert run().followed == 0
    assert owed().count() == 2


def test_what_intake_opened_is_left_as_it_is(organ: subjects.OrganCard) -> None:
    (card,) = opened(organ, "2026-09-23")
    after = corrected(card, "2026-11-20")
    actions.open_for([Owed(after.id, after.organ_id, after.happened_on, corrects=card.id)], kind=KIND, opened_at=NOW)
    run()
    (duty,) = owed()
    assert (duty.entry_id, duty.started_on) == (after.id, day("2026-11-20"))


def test_acts_are_carried_over_whichever_version_they_were_done_on(organ: subjects.OrganCard) -> None:
    one, other, third = decided(organ, "2026-09-23", "2026-09-23", "2026-09-23")
    act("publication", one, "2026-09-25")
    corrected(one, "2026-09-22")
    act("publication", other, "2026-10-12")
    act("withholding", third, "2026-09-28", reason="简易程序")
    run()
    assert standings() == [Standing.KEPT, Standing.KEPT_LATE, Standing.LIFTED]
    assert owed().count() == 3


def test_a_revoked_publication_opens_the_duty_to_withdraw(organ: subjects.OrganCard) -> None:
    public, hidden = decided(organ, "2026-01-20", "2026-02-11")
    act("publication", public, "2026-01-22")
    act("revocation", public, "2026-02-13")
    act("revocation", hidden, "2026-02-13")
    run()
    (duty,) = queries.duties(organ_ids=None, as_of=TODAY, kind="withdraw_publication").duties
    assert (duty.due_on, duty.standing) == (day("2026-02-25"), Standing.BROKEN)
    assert standings().count(Standing.LIFTED) == 1
    act("withdrawal", public, "2026-02-24", reason="复议撤销")
    run()
    (duty,) = queries.duties(organ_ids=None, as_of=TODAY, kind="withdraw_publication").duties
    assert (duty.standing, duty.kept_on) == (Standing.KEPT, day("2026-02-24"))


def test_the_ledger_is_followed_in_pieces(organ: subjects.OrganCard) -> None:
    first, *_ = decided(organ, *["2026-09-23"] * 7)
    act("publication", first, "2026-09-24")
    carried = []
    while some := actions.follow(opened_at=NOW, limit=3):
        carried.append(some)
    assert carried == [3, 3, 2]
    assert owed().count() == 7
    assert Duty.objects.filter(kept_on=day("2026-09-24")).count() == 1


# -- breaches ---------------------------------------------------------------------------------------------------------


def test_a_breach_is_told_once_and_dated_by_the_law(organ: subjects.OrganCard) -> None:
    (card,) = opened(organ, "2026-09-23")
    assert run("2026-10-10").breaches == 0
    assert [run("2026-11-23").breaches for _ in range(3)] == [1, 0, 0]
    (breach,) = breaches()
    assert breach.happened_on == day("2026-10-11")
    assert (breach.refers, breach.visibility, breach.author) == (card.id, "organ", "tick")
    assert breach.body == {"duty": KIND, "started_on": "2026-09-23", "due_on": "2026-10-10", "broken": True}
    assert [one.kind for one in facts.history(card.identity).acts] == ["breach"]


def test_kept_late_is_a_breach_too_and_kept_in_time_is_none(organ: subjects.OrganCard) -> None:
    late, in_time = opened(organ, "2026-09-23", "2026-09-23")
    actions.keep([late.id], by=late.id, on=day("2026-10-12"))
    actions.keep([in_time.id], by=in_time.id, on=day("2026-10-10"))
    assert run().breaches == 1
    assert [one.refers for one in breaches()] == [late.id]


def test_a_provisional_date_breaks_nothing(organ: subjects.OrganCard) -> None:
    opened(organ, "2026-12-25")
    run("2027-03-01")
    assert [one for one in breaches() if one.body["duty"] == KIND] == []


def test_a_breach_that_no_longer_holds_is_taken_back_and_may_come_again(organ: subjects.OrganCard) -> None:
    (card,) = opened(organ, "2026-09-23")
    run()
    after = corrected(card, "2026-11-20")
    report = run()
    assert (report.breaches, report.retracted) == (0, 1)
    said, retracted = breaches()
    assert (retracted.corrects, str(retracted.body["broken"]), retracted.version) == (said.id, "False", 2)
    assert "不再成立" in retracted.reason
    corrected(after, "2026-09-24")
    assert run().breaches == 1
    assert [one.version for one in breaches()] == [1, 2, 3]
    assert run().changed == 0


def test_a_tick_for_a_past_day_takes_nothing_back(organ: subjects.OrganCard) -> None:
    opened(organ, "2026-09-23")
    run()
    assert run("2026-03-01").changed == 0


def test_a_dry_run_counts_and_writes_nothing(organ: subjects.OrganCard) -> None:
    opened(organ, "2026-09-23", "2026-11-20")
    report = run(dry_run=True)
    assert (report.breaches, report.changed) == (1, 1)
    assert not breaches()
    assert not Heartbeat.objects.exists()
    assert report.as_dict()["dry_run"] is True


# -- the calendar arrives ---------------------------------------------------------------------------------------------


def test_when_the_notice_comes_due_dates_move_and_it_says_which(
    organ: subjects.OrganCard, next_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(organ, "2026-12-25", "2026-12-25", "2026-11-20")
    run()
    assert [one.due_on for one in queries.duties(organ_ids=None, as_of=day("2026-12-31"), kind=KIND).duties][1:] == [
        day("2027-01-05")
    ] * 2
    monkeypatch.setenv("JIANNUO_PACK", str(next_year))
    dry = run(dry_run=True)
    report = run()
    assert dry.moved == report.moved
    (moved,) = report.moved
    assert (moved.due_was, moved.due_on, moved.provisional, moved.duties) == (
        day("2027-01-05"),
        day("2027-01-07"),
        False,
        2,
    )
    assert "到期日由2027-01-05改为2027-01-07" in moved.words
    assert Duty.objects.filter(due_on=day("2027-01-07"), provisional=False).count() == 2
    assert Bookmark.objects.get().pack == policy.current().id
    assert run().changed == 0


# -- the heartbeat ----------------------------------------------------------------------------------------------------


def test_the_heartbeat_goes_stale_after_a_day(organ: subjects.OrganCard) -> None:
    assert queries.heartbeat(now=NOW).stale
    assert "从未运行" in queries.heartbeat(now=NOW).words
    opened(organ, "2026-09-23")
    report = run()
    beat = queries.heartbeat(now=NOW + timedelta(hours=23))
    assert (beat.stale, beat.changed, beat.as_of) == (False, 1, TODAY)
    assert beat.took_s == report.took_s
    late = queries.heartbeat(now=NOW + timedelta(hours=25))
    assert late.stale
    assert "超过一天" in late.words


# -- in several places at once ----------------------------------------------------------------------------------------

TICKING = """
import sys
import django
django.setup()
from django.core.management import call_command
from tests.packages import test_tick as here

if sys.argv[1] == "lay":
    call_command("migrate", verbosity=0)
    here.subjects_actions.load_organs(here.policy.current(), at=here.NOW)
    organ = here.subjects.directory(here.TODAY).organs[0]
    here.decided(organ, *["2026-09-23"] * 300, *["2026-11-20"] * 20)
elif sys.argv[1] == "tick":
    here.tick.CHUNK = here.actions.following.CHUNK = 7
    here.run()
else:
    print(here.owed().count(), len(here.breaches()), len({one.refers for one in here.breaches()}))
"""


def process(env: Mapping[str, str], what: str, root: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", TICKING, what],
        env={**env, "PYTHONPATH": str(root)},
        cwd=root,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )


def finished(one: subprocess.Popen[str]) -> str:
    output, _ = one.communicate(timeout=120)
    assert one.returncode == 0, output
    return output


@pytest.mark.slow
def test_ticks_in_several_places_and_one_killed_tell_each_breach_once(
    own_database: Mapping[str, str], root: Path
) -> None:
    finished(process(own_database, "lay", root))
    killed = process(own_database, "tick", root)
    time.sleep(2)
    killed.kill()
    killed.communicate()
    for one in [process(own_database, "tick", root) for _ in range(3)]:
        finished(one)
    assert finished(process(own_database, "count", root)).split() == ["320", "300", "300"]
