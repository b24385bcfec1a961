"""Applications under fire: each step writes several facts, all of them or none, whenever the process is killed."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

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
from tests.packages.killing import lived
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
    lives = 7
    told = lived("test_applied_at_once", own_database, root, lives=lives, seed=12, within=(0.3, 0.4, 0.4))
    expected = [
        f"办〔2026〕{number}号 delivered 6 4 青市监许〔2026〕{number}号 2026-06-10 2026-06-05"
        for number in range(1, lives + 1)
    ]
    assert told == expected
