"""What the demonstration handles step by step goes through the front doors without a refusal, whatever day it is built on."""

from collections.abc import Callable
from datetime import date, datetime, time

import pytest

from jiannuo.assessment.queries import inspections as figures
from jiannuo.cases import queries as cases
from jiannuo.cases import tick as stepping
from jiannuo.cli.demo.accounts import Staff
from jiannuo.cli.demo.honours import APPLICANTS, EVENTS, Honours
from jiannuo.cli.demo.honours import LEAD as LEAD_CODE
from jiannuo.cli.demo.inspections import LOOKED, Inspections
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.subjects import queries as subjects
from tests.packages.promising import person
from tests.packages.recording import LEAD, Organs

pytestmark = pytest.mark.django_db
Step = tuple[datetime, Callable[[datetime], None]]


def staff_of(codes: set[str]) -> dict[str, Staff]:
    directory = subjects.directory(date(2026, 11, 23))
    found = {code: directory.by_code[code] for code in codes}
    return {
        code: Staff(*(person(card, role, username=f"{role}.{code}") for role in ("clerk", "reviewer", "head")))
        for code, card in found.items()
    }


def lived(steps: list[Step]) -> None:
    for at, what in sorted(steps, key=lambda step: step[0]):
        stepping.run(as_of=at.date(), now=at)
        what(at)


@pytest.mark.parametrize("day", ["2026-11-23", "2026-02-11"])
def test_honours_and_opinion(organs: Organs, day: str) -> None:
    now = datetime.combine(date.fromisoformat(day), time(10), SHANGHAI)
    codes = {LEAD_CODE, "419926-110", *(one[0] for one in (*APPLICANTS, *EVENTS))}
    lived(list(Honours(now, person(organs(LEAD), "lead"), staff_of(codes)).steps()))
    stepping.run(as_of=now.date(), now=now)
    states = {
        flow: [one.state.id for one in cases.of_flows([flow], as_of=now.date())]
        for flow in ("selection", "demonstration", "nomination_objection", "honour", "opinion")
    }
    assert states == {
        "selection": ["open"],
        "demonstration": ["nominated", "awarded", "awarded"],
        "nomination_objection": ["dismissed"],
        "honour": ["held", "held", "held"],
        "opinion": ["collected", "responded", "closed"],
    }


@pytest.mark.parametrize("day", ["2026-11-23", "2026-06-01"])
def test_inspections(organs: Organs, day: str) -> None:
    now = datetime.combine(date.fromisoformat(day), time(10), SHANGHAI)
    lead = person(organs(LEAD), "lead")
    lived(list(Inspections(now, lead, staff_of({one.organ for one in LOOKED})).steps()))
    _, found = figures.inspections(year=2026, as_of=now.date())
    assert {name: count for name, count in found.counts.items() if count} == {
        "planned": 7, "done": 5, "waiting": 2, "passed": 1, "mended": 1, "unmended": 1, "mending": 2, "late": 1,
    }  # fmt: skip
    assert set(found.by_item) == {"J01", "J02", "J04", "J08", "J10", "J11"}
