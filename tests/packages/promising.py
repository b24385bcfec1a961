"""Promises as tests make and act on them: through the front doors, as an organ and the lead office would."""

from base64 import b64decode
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.actions import Upload
from jiannuo.duties.queries.promises import PromiseCard, kinds_of, promise, promises
from jiannuo.intake import queries as intake
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard

PNG = Upload(
    "验收照片.png",
    b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="),
)
"""A picture of one grey point."""

COMMITMENT: Mapping[str, str] = {
    "number": "2026-承-01",
    "title": "修好柳溪村到县道的3.2公里路面",
    "promisor": "单位",
    "office": "公路科科长",
    "field": "工程建设",
    "quality": "沥青路面，宽5米，两侧有排水沟",
    "measure": "3.2公里",
    "due_on": "2026-10-31",
    "guarantee": "资金已列入年度预算，公路科科长负责，每月在村口公布进度",
    "beneficiary": "柳溪村村民",
    "shown_by": "竣工验收单和照片",
    "made_on": "2026-03-02",
    "organ": "青禾县市场监督管理局",
}


def at(text: str) -> datetime:
    """Ten in the morning of a day in Shanghai."""
    return datetime.combine(date.fromisoformat(text), datetime.min.time().replace(hour=10), SHANGHAI)


def person(organ: OrganCard, *roles: str, username: str = "") -> Actor:
    """Somebody of an organ, with the organs it took over in scope."""
    line = subjects.directory(date(2026, 11, 23)).line(organ.id)
    name = username or f"{roles[0]}.{organ.code}"
    return Actor(None, name, name, organ.id, organ.short, frozenset(roles), line)


def carried(moment: datetime) -> None:
    """The duties follow the ledger."""
    while duties.follow(opened_at=moment):
        pass
    disclosure.follow(at=moment)


def promised(
    send: Callable[..., object], *, kind: str = "commitment", on: str = "2026-03-02", **more: str
) -> PromiseCard:
    """A promise sent in by an organ's clerk, as it stands on the day it was made."""
    row = {**COMMITMENT, **more} if kind == "commitment" else more
    moment = at(on)
    send([row], kind=kind, at=moment, as_of=moment.date())
    carried(moment)
    found = promises(as_of=moment.date(), kinds=kinds_of(kind), with_milestones=True, size=500)
    return next(card for card in found.rows if card.record.number == row["number"])


def now(card: PromiseCard, on: str) -> PromiseCard:
    """The same promise as it stands on a day."""
    found = promise(card.duty.id, as_of=date.fromisoformat(on))
    assert found is not None
    return found.card


def given(actor: Actor, on: str) -> dict[str, Any]:
    return {"actor": actor, "on": date.fromisoformat(on), "at": at(on)}


def corrected(send: Callable[..., Any], card: PromiseCard, on: str, **changes: str) -> list[str]:
    """The record sent again with other words, as a correction; what it was refused with."""
    batch = send(
        [{**card.record.body, **changes}], kind=card.record.kind, at=at(on), as_of=date.fromisoformat(on),
        corrects=True, reason="录入有误，按原件更正",
    )  # fmt: skip
    carried(at(on))
    return [one.message for one in intake.problems(batch.id, limit=20)[1] if one.level == "error"]


def breaches() -> list[tuple[date, bool]]:
    """What the ledger says of breaches, the tasks and reports that the calendar asks for left out."""
    found = ledger.cards(ledger.facts().filter(kind="breach").order_by("pk"))
    called = {"carry_out_task", "half_year_report"}
    return [(one.happened_on, bool(one.body["broken"])) for one in found if one.body["duty"] not in called]


def tick_on(on: str) -> None:
    tick.run(as_of=date.fromisoformat(on), now=at(on))
