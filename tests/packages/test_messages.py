"""The day's messages through the front doors: who is told what, once, in two processes, after a late notice."""

import subprocess
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.exchange import actions, queries
from jiannuo.exchange.models import Bookmark, Happening
from jiannuo.exchange.queries import MessageCard
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as facts
from jiannuo.policy import pack as policy
from jiannuo.subjects.rules import OrganCard
from tests.packages.mailbox import account
from tests.packages.promising import PNG, at, carried, person, promised
from tests.wrong.make_sheets import numbered

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def morning(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time().replace(hour=8), SHANGHAI)


def remind(day: str | date, hour: int | None = None) -> int:
    on = date.fromisoformat(day) if isinstance(day, str) else day
    return actions.remind(on=on, now=morning(on), hour=hour)


def newest(actor: Actor) -> MessageCard:
    return queries.inbox(actor.user_id or 0).messages[0]


def told(actor: Actor) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in newest(actor).items:
        found[one["group"]] = found.get(one["group"], 0) + one["count"]
    return found


@pytest.fixture
def owner(market: OrganCard) -> Actor:
    return account(market, "clerk", "reviewer", username="owner")


@pytest.fixture
def office(organs: Callable[[str], OrganCard]) -> Actor:
    return account(organs("青禾县发展和改革委员会"), "lead", username="office")


@pytest.mark.usefixtures("send")
def test_a_promise_is_spoken_of_before_on_and_after_its_day(
    send: Callable[..., object], owner: Actor, office: Actor, organs: Callable[[str], OrganCard]
) -> None:
    stranger = account(organs("青禾县审计局"), "clerk", username="stranger")
    promised(send, due_on="2026-11-20")
    days = [date(2026, 10, 26) + timedelta(days=n) for n in range(45)]
    made = {day: remind(day) for day in days}
    spoken = [one.on for one in reversed(queries.inbox(owner.user_id or 0).messages)]
    # Ten working days before, on the day, the first working day after, then weekly.
    assert spoken == [date(2026, 11, 6), date(2026, 11, 20), MONDAY, date(2026, 11, 30), date(2026, 12, 7)]
    assert told(owner) == {"late": 1}
    assert newest(owner).items[0]["titles"] == ["修好柳溪村到县道的3.2公里路面"]
    assert queries.inbox(stranger.user_id or 0).total == 0
    assert made[MONDAY] == 2
    assert [one["words"] for one in newest(office).items] == ["全县 1 个单位：兑现承诺 1 项"]


def test_one_message_a_day_however_often_it_is_run(send: Callable[..., object], owner: Actor) -> None:
    promised(send, due_on="2026-11-23")
    assert remind(MONDAY, hour=7) == 0
    assert remind(MONDAY, hour=8) == 1
    assert [remind(MONDAY), remind(MONDAY), remind("2026-11-20")] == [0, 0, 0]
    assert queries.unread(owner.user_id) == 1


def test_late_by_a_month_there_is_one_message_and_it_counts_what_its_list_counts(
    send: Callable[..., object], owner: Actor
) -> None:
    send(numbered(5), at=morning(date(2026, 10, 12)), as_of=date(2026, 10, 12))
    carried(morning(date(2026, 10, 12)))
    remind("2026-10-13")
    assert remind(MONDAY) == 1
    late = [one for one in newest(owner).items if one["group"] == "late"]
    assert sum(one["count"] for one in late) == 5
    client = Client()
    client.post("/desk/login/", {"username": "owner", "password": "qinghe-2026-Credit"})
    for one in newest(owner).items:
        page = client.get(one["url"])
        assert page.status_code == 200
        assert page.context["total"] == one["count"]


def test_evidence_waits_for_who_confirms_and_what_came_back_is_told_to_the_debtor(
    send: Callable[..., object], owner: Actor, office: Actor, market: OrganCard
) -> None:
    card = promised(send, due_on="2026-12-31")
    remind("2026-11-20")
    given: dict[str, Any] = {"on": date(2026, 11, 20), "at": at("2026-11-20")}
    clerk, lead = person(market, "clerk"), office
    duties.submit(
        card.duty.id, done_on=date(2026, 11, 20), words="路面已经全部铺好并验收", files=[PNG], actor=clerk, **given
    )
    assert remind(MONDAY) == 1
    assert told(office) == {"confirm": 1}
    client = Client()
    client.post("/desk/login/", {"username": "office", "password": "qinghe-2026-Credit"})
    listed = client.get(newest(office).items[0]["url"]).content.decode()
    assert card.title in listed
    given = {"on": MONDAY, "at": morning(MONDAY) + timedelta(hours=2)}
    duties.send_back(card.duty.id, reason="照片看不出是哪一段，请补竣工验收单", actor=lead, **given)
    assert remind("2026-11-24") == 1
    assert told(owner) == {"back": 1}
    line = newest(owner).items[0]
    assert "请补竣工验收单" in line["words"]
    assert line["url"] == f"/desk/records/{card.record.id}/"
    assert remind("2026-11-25") == 0


def test_what_a_reviewer_sent_back_is_told_to_clerks(send: Callable[..., object], market: OrganCard) -> None:
    clerk, reviewer = (
        account(market, "clerk", username="clerk.one"),
        account(market, "reviewer", username="reviewer.one"),
    )
    send(numbered(1), at=morning(MONDAY), as_of=MONDAY)
    carried(morning(MONDAY))
    (record,) = facts.since(0, kinds=["penalty_legal"], limit=5)
    remind(MONDAY)
    when = morning(MONDAY) + timedelta(hours=3)
    disclosure.send_back(entry_ids=[record.id], reason="缺处罚依据的条款", actor=reviewer, on=MONDAY, at=when)
    remind("2026-11-24")
    assert told(clerk)["back"] == 1
    assert "back" not in told(reviewer)


def test_a_reminder_of_the_lead_office_reaches_the_organs_it_names(
    send: Callable[..., object], owner: Actor, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    other = account(organs("青禾县审计局"), "head", username="other")
    card = promised(send, due_on="2027-06-30")
    body: dict[str, str | int | bool | list[str] | None] = {
        "to": [market.code, "青禾县审计局"],
        "words": "请在7月10日前报半年报告",
    }
    draft = ledger.act(
        "reminder", on=card.record, organ_code=market.code, happened_on=MONDAY, rule="x", author="lead", body=body
    )
    ledger.append([draft], at=morning(MONDAY))
    assert remind(MONDAY) == 2
    assert told(owner) == told(other) == {"asked": 1}
    assert newest(other).items[0]["words"] == "请在7月10日前报半年报告"


def test_a_notice_that_comes_late_tells_the_organs_whose_dates_moved(
    send: Callable[..., object], owner: Actor, next_year: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{**one, "CF_JDRQ": "2026/12/25"} for one in numbered(2)]
    when = morning(date(2026, 12, 25))
    send(rows, at=when, as_of=when.date())
    carried(when)
    remind("2026-12-25")
    monkeypatch.setenv("JIANNUO_PACK", str(next_year))
    later = morning(date(2026, 12, 28))
    report = tick.run(as_of=later.date(), now=later)
    assert [one.duties for one in report.moved] == [2]
    assert remind("2026-12-28") == 1
    moved = [one["words"] for one in newest(owner).items if one["group"] == "moved"]
    assert moved == ["行政许可、行政处罚决定上网公开：自2026-12-25起算的2项，到期日由2027-01-05改为2027-01-07"]
    remind("2026-12-29")
    remind("2026-12-30")
    assert Happening.objects.count() == 1
    assert "moved" not in told(owner) or newest(owner).on == later.date()


def test_the_bookmark_is_moved_with_the_news(send: Callable[..., object]) -> None:
    promised(send, due_on="2026-11-23")
    actions.follow(now=morning(MONDAY))
    head, _ = facts.head()
    assert Bookmark.objects.get().happened == head
    assert actions.follow(now=morning(MONDAY)) == 0


def test_a_message_is_read_by_its_owner_alone(send: Callable[..., object], owner: Actor, office: Actor) -> None:
    promised(send, due_on="2026-11-23")
    remind(MONDAY)
    card = newest(owner)
    assert queries.message(card.id, account_id=office.user_id or 0) is None
    assert actions.mark_read(account_id=office.user_id or 0, message_id=card.id, at=morning(MONDAY)) == 0
    assert actions.mark_read(account_id=owner.user_id or 0, message_id=card.id, at=morning(MONDAY)) == 1
    assert queries.unread(owner.user_id) == 0


# -- in several places at once ----------------------------------------------------------------------------------------

REMINDING = """
import sys, django
django.setup()
from django.core.management import call_command
from tests.packages import test_messages as here

if sys.argv[1] == "lay":
    call_command("migrate", verbosity=0)
    here.lay()
elif sys.argv[1] == "remind":
    print(here.remind(here.MONDAY))
else:
    from jiannuo.exchange.models import Message
    print(Message.objects.count(), Message.objects.values("account").distinct().count())
"""


def lay() -> None:
    """A county with forty accounts and something late."""
    from jiannuo.intake import actions as intake
    from jiannuo.subjects import actions as subjects_actions
    from jiannuo.subjects import queries as subjects

    when = morning(date(2026, 10, 12))
    subjects_actions.load_organs(policy.current(), at=when)
    market = subjects.directory(MONDAY).find("青禾县市场监督管理局")
    assert market is not None
    for n in range(40):
        account(market, "clerk", username=f"clerk.{n}")
    batch = intake.receive_rows(
        numbered(3), kind="penalty_legal", organ_id=market.id, author="x", at=when, as_of=when.date()
    )
    intake.process(batch, clock=lambda: when)
    carried(when)


@pytest.mark.slow
def test_several_processes_make_each_message_once(own_database: Mapping[str, str], root: Path) -> None:
    def start(word: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", REMINDING, word], env={**own_database, "PYTHONPATH": str(root)}, cwd=root, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    output, _ = start("lay").communicate(timeout=120)
    several = [start("remind") for _ in range(3)]
    outputs = [one.communicate(timeout=120)[0] for one in several]
    assert [one.returncode for one in several] == [0, 0, 0], (output, outputs)
    assert sum(int(one.split()[-1]) for one in outputs) == 40
    counted, _ = start("count").communicate(timeout=60)
    assert counted.split() == ["40", "40"]
