"""Cases as tests open and carry them on: through the front doors, as citizens, organs and the clock would."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.cases import actions, queries, rules
from jiannuo.cases.actions import Given, Opened
from jiannuo.cases.queries import CaseCard, StepCard, case, steps
from jiannuo.cases.rules import Taker
from jiannuo.subjects import queries as subjects
from tests.packages.promising import at

CITIZEN = Taker(holds_receipt=True)
COMPLAINT: Mapping[str, str] = {
    "category": "承诺没有兑现",
    "against": "青禾县市场监督管理局",
    "content": "公告说十月底前修好的路，现在还没有动工，请查一查",
    "disclosure": "保密",
    "name": "柳溪村村民甲",
    "contact": "13900000000",
}


def opened(
    flow: str, fields: Mapping[str, str], *, by: Taker | Actor = CITIZEN, on: str, token: str = "", **more: Any
) -> Opened:
    """A case opened on a day."""
    taker = Taker(by) if isinstance(by, Actor) else by
    day = date.fromisoformat(on)
    return actions.open_case(flow, fields=fields, taker=taker, on=day, at=at(on), token=token or f"{flow}-{on}", **more)


def taken(case_id: int, step: str, *, by: Taker | Actor = CITIZEN, on: str, **given: Any) -> CaseCard:
    """The case as it stands after a step was taken on a day."""
    taker = Taker(by) if isinstance(by, Actor) else by
    words = given.pop("words", "核对过材料，情况属实，按规定办理")
    actions.take(
        case_id, step=step, given=Given(words=words, **given), taker=taker, on=date.fromisoformat(on), at=at(on)
    )
    return stands(case_id, on)


def stands(case_id: int, on: str) -> CaseCard:
    """The case as of a day."""
    found = case(case_id, as_of=date.fromisoformat(on))
    assert found is not None
    return found


def story(case_id: int, on: str = "2026-11-23") -> list[str]:
    """What was done, by the titles of the steps."""
    return [one.title for one in steps(stands(case_id, on))]


def may_read(card: CaseCard, done: list[StepCard], actor: Actor, *, on: date) -> bool:
    """Whether somebody on the desk may see the case."""
    handlers = queries.involved(card, done, subjects.directory(on))
    return rules.may_read(queries.matter(card, done, as_of=on), handlers, actor)
