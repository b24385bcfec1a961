"""Applications under fire: each step writes several facts, all of them or none, whenever the process is killed."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from random import Random

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases import queries
from jiannuo.cases.models import Case
from jiannuo.duties.models import Duty
from jiannuo.intake import actions as intake
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.database_support import at_once
from tests.packages.applying import FIRM, ITEM, LICENCE, MARKET, applied
from tests.packages.casework import stands, taken
from tests.packages.promising import PNG, at, person


def somebody(role: str, username: str) -> Actor:
    card = subjects.directory(date(2026, 6, 1)).find(MARKET)
    assert card is not None
    return person(card, role, username=username)


def item() -> EntryCard:
    (found,) = ledger.cards(ledger.newest(["service_item"]))
    return found


def lay() -> None:
    """The county, and the list of one organ with one item."""
    subjects_actions.load_organs(policy.current(), at=at("2026-01-05"))
    organ = subjects.directory(date(2026, 1, 5)).find(MARKET)
    assert organ is not None
    day = date(2026, 1, 5)
    batch = intake.receive_rows(
        [ITEM], kind="service_item", organ_id=organ.id, author="clerk", at=at("2026-01-05"), as_of=day
    )
    intake.process(batch, clock=lambda: at("2026-01-05"))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_once_one_begins_the_clock() -> None:
    lay()
    case_id = applied(item(), on="2026-06-01").case_id
    both = [somebody("clerk", name) for name in ("one", "two")]
    found = at_once(*[partial(taken, case_id, "accept", by=who, on="2026-06-02") for who in both])
    (refused,) = [one for one in found if isinstance(one, Refused)]
    assert "现在是“已受理，办理中”" in refused.message
    assert Duty.objects.filter(kind="handle_service").count() == 1
    assert ledger.facts().filter(kind="service_case").count() == 1


STEPS = """
import os, sys, django
django.setup()
from tests.packages import test_applied_at_once as here
if sys.argv[1] == "lay":
    from django.core.management import call_command
    call_command("migrate", verbosity=0)
    here.lay()
    os._exit(0)
for line in sys.stdin:
    child = os.fork()
    if not child:
        here.live(int(line))
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("done", flush=True)
here.tell()
"""


def live(number: int) -> None:
    """One application from its coming in to its licence, each sending under a token of its own so that it can be sent again."""
    clerk, head = somebody("clerk", "clerk"), somebody("head", "head")
    case_id = applied(item(), FIRM, on="2026-06-01", token=f"life-{number}", files=[PNG]).case_id
    fields = {**LICENCE, "XK_WSH": f"青市监许〔2026〕{number + 1}号"}
    stop = {"procedure": "检验", "until": "2026-06-04"}
    for turn, (step, by, on, given) in enumerate(
        (
            ("accept", clerk, "2026-06-02", {}), ("stop", head, "2026-06-03", {"fields": stop}),
            ("resume", clerk, "2026-06-04", {}), ("approve", head, "2026-06-05", {}),
            ("license", clerk, "2026-06-08", {"fields": fields}),
        )
    ):  # fmt: skip
        done = {one.step.id for one in queries.steps(stands(case_id, on)) if one.step}
        if step not in done:
            taken(case_id, step, by=by, on=on, token=f"life-{number}-{turn}", **given)


def tell() -> None:
    """What stands at the end, case by case: its state, its steps, its record's versions, its licence, its clock."""
    for row in Case.objects.order_by("pk"):
        card = stands(row.pk, "2026-06-09")
        versions = ledger.facts().filter(kind="service_case", number=card.number)
        licences = ledger.cards(ledger.facts().filter(kind="licence_legal"))
        own = [one.number for one in licences if one.body["BZ"] == card.number]
        duty = Duty.objects.get(kind="handle_service", entry__number=card.number)
        print(card.number, card.state.id, card.steps, versions.count(), *own, duty.due_on, duty.kept_on)


@pytest.mark.slow
def test_killed_between_any_two_writes_and_sent_again_nothing_is_half_done(
    own_database: Mapping[str, str], root: Path
) -> None:
    env = {**own_database, "PYTHONPATH": str(root)}
    command = [sys.executable, "-c", STEPS]
    subprocess.run([*command, "lay"], env=env, cwd=root, check=True)
    lot, lives = Random(12), 7
    with subprocess.Popen(
        [*command, "live"], env=env, cwd=root, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        for number in range(lives):
            for kill_after in (lot.random() * 0.3, lot.random() * 0.4, lot.random() * 0.4, None):
                process.stdin.write(f"{number}\n")
                process.stdin.flush()
                child = int(process.stdout.readline())
                if kill_after is not None:
                    time.sleep(kill_after)
                    with suppress(ProcessLookupError):
                        os.kill(child, 9)
                assert process.stdout.readline() == "done\n"
        told, _ = process.communicate()
    expected = [
        f"办〔2026〕{number}号 delivered 6 4 青市监许〔2026〕{number}号 2026-06-10 2026-06-05"
        for number in range(1, lives + 1)
    ]
    assert told.splitlines() == expected
