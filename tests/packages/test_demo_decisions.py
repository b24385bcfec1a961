"""The demonstration's decisions go through the front doors: each stands where its course leads, and every opinion due has its answer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from random import Random

import pytest

from jiannuo.cases import queries
from jiannuo.cases import tick as stepping
from jiannuo.cli.demo import accounts
from jiannuo.cli.demo.officials import Officials
from jiannuo.cli.demo.preparing import DECISIONS, Preparing
from jiannuo.cli.demo.year import DAYS
from jiannuo.disclosure.queries import decisions
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import NOW, TODAY

pytestmark = pytest.mark.django_db


def night(at: datetime) -> None:
    """What the clock does between two days."""
    stepping.run(as_of=at.date(), now=at)


def test_each_stands_where_its_course_leads(organs: Callable[[str], OrganCard]) -> None:
    organs("青禾县司法局")
    directory = subjects.directory(TODAY)
    begun = NOW - timedelta(days=DAYS)
    codes = {one.code for one in directory.organs if one.type not in ("government", "committee")}
    people = accounts.create(directory, begun, Random(1), codes)
    officials = Officials(directory.organs, policy.current().calendar, begun.date(), NOW, people=people)
    preparing = Preparing(NOW, people.staff, officials.heads, directory.by_code)
    nights = [(NOW - timedelta(days=ago, hours=14), night) for ago in range(230, 0, -10)]
    for at, what in sorted([*officials.steps(), *preparing.steps(), *nights], key=lambda one: one[0]):
        what(at)
    found = {one.card.title: one for one in decisions.decisions(on=date(2026, 11, 23))}
    assert [found[one.title].card.state.id for one in DECISIONS] == ["decided", "reviewing", "consulting", "stopped"]
    assert next(iter(found.values())).is_open, "what is open stands first"
    for one in DECISIONS[:2]:
        page = decisions.decision(found[one.title].card.opening.identity.hex(), on=TODAY)
        assert page is not None
        assert (page.opinions, page.answered, len(page.answers)) == (3, 3, 3)
    (decided,) = [one for one in found.values() if one.card.state.id == "decided"]
    assert decided.card.id in preparing.cases.values()
    assert queries.by_number(decided.card.number, as_of=TODAY) is not None
