"""Cases under fire: two people at once on one step, fifty citizens at once, and a process killed at any moment and run again."""

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from jiannuo.access.rules import Actor
from jiannuo.cases import queries
from jiannuo.cases.models import Case
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.database_support import at_once
from tests.packages.casework import COMPLAINT, opened, stands, taken
from tests.packages.killing import lived
from tests.packages.promising import at, person

LEAD, OFFICE = "青禾县发展和改革委员会", "青禾县人民政府办公室"
WORDS = "核对过材料，情况属实，按规定办理"


def somebody(name: str, role: str, username: str = "") -> Actor:
    card = subjects.directory(date(2026, 3, 2)).find(name)
    assert card is not None
    return person(card, role, username=username)


@pytest.fixture
def county() -> None:
    subjects_actions.load_organs(policy.current(), at=at("2026-01-05"))


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_on_one_step_the_second_is_told_where_it_stands(county: None) -> None:
    case_id = opened("complaint", COMPLAINT, on="2026-03-02").case_id
    both = [somebody(LEAD, "lead", "lead.one"), somebody(LEAD, "lead", "lead.two")]
    found = at_once(*[partial(taken, case_id, "refuse", by=who, on="2026-03-03") for who in both])
    (refused,) = [one for one in found if isinstance(one, Refused)]
    assert "现在是“不予受理”" in refused.message
    assert stands(case_id, "2026-03-03").steps == 2


@pytest.mark.django_db(transaction=True)
def test_many_at_once_are_all_taken_in_under_numbers_of_their_own(county: None) -> None:
    calls = [partial(opened, "complaint", COMPLAINT, on="2026-03-02", token=f"citizen-{n}") for n in range(8)]
    found = at_once(*calls * 2)
    assert len({one.code for one in found}) == 8  # type: ignore[attr-defined]
    assert sorted(Case.objects.values_list("number", flat=True)) == [f"诉〔2026〕{n}号" for n in range(1, 9)]


def lay() -> None:
    """The organs the cases need."""
    subjects_actions.load_organs(policy.current(), at=at("2026-01-05"))


def live(number: int) -> None:
    """One complaint from its coming in to its answer, each sending under a token of its own so that it can be sent again."""
    one = opened("complaint", COMPLAINT, on="2026-03-02", token=f"life-{number}")
    lead, office = somebody(LEAD, "lead"), somebody(OFFICE, "reviewer")
    for step, by, organs in (("route", lead, [OFFICE]), ("say", office, []), ("answer", office, [])):
        taken(one.case_id, step, by=by, on="2026-03-03", organs=organs, token=f"{number}-{step}")


def tell() -> None:
    """What came of it, one line a case: number, state, steps, open duties, entries."""
    for row in Case.objects.order_by("number"):
        card = stands(row.pk, "2026-03-03")
        entries = ledger.facts().filter(number=card.number).count()
        print(card.number, card.state.id, len(queries.steps(card)), sum(one.is_open for one in card.duties), entries)


@pytest.mark.slow
def test_killed_between_any_two_writes_and_sent_again_nothing_is_lost_or_doubled(
    own_database: Mapping[str, str], root: Path
) -> None:
    lives = 6
    told = lived("test_cases_at_once", own_database, root, lives=lives, seed=11, within=(0.4, 0.4))
    expected = [f"诉〔2026〕{number}号 answered 4 0 6" for number in range(1, lives + 1)]
    assert told == expected
