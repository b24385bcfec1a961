"""What the holder of a receipt code reads and does, without an account. Guessing codes is slowed; nothing else is kept of who asks."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access import queries as accounts
from jiannuo.access.queries import TraceCard
from jiannuo.access.rules import Limit
from jiannuo.cases import queries, rules
from jiannuo.cases.actions.gathering import Paper, papers_of
from jiannuo.cases.actions.keeping import Promised
from jiannuo.cases.actions.keeping import promised as promised_days
from jiannuo.cases.actions.reckoning import Reckoned, reckoned
from jiannuo.cases.actions.taking import take
from jiannuo.cases.actions.writing import Given
from jiannuo.cases.queries import OPEN, CaseCard, StepCard
from jiannuo.cases.rules import Taker
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step

GUESSES = Limit("guess", 20, timedelta(hours=1), "已经试了{times}个不对的回执码", "回执码一直有效，不会作废")
"""Codes that lead nowhere, from one network address."""
SAID = Limit("receipt", 20, timedelta(hours=1), "凭回执码已经提交了{times}次")
"""What holders of codes do, from one network address."""
HOLDER = Taker(holds_receipt=True)


class Line(Struct, frozen=True):
    """One thing that happened, as whoever opened the case is told of it."""

    on: date
    title: str
    state: str
    organ_id: int
    words: str
    mine: bool
    files: tuple[tuple[str, str], ...]
    """Name and digest of each file that may be opened again."""
    record: int | None = None
    """The record of a kind that organs publish, where the step wrote one."""


class Followed(Struct, frozen=True):
    """A case as the holder of its code sees it."""

    card: CaseCard
    said: tuple[tuple[str, str], ...]
    """What was said when it was opened, title and value, in the form's order."""
    lines: tuple[Line, ...]
    open_steps: tuple[Step, ...]
    """What its opener may do now, as the table has it."""
    promised: tuple[PromiseCard, ...]
    """What an agreement of the case promised, part by part."""
    owed: Reckoned | None
    """What is owed by today, where it is about money."""
    days: tuple[Promised, ...]
    """By when it is to be decided, and how that is counted."""
    papers: tuple[Paper, ...]
    """The papers of the item it is about."""
    readings: tuple[TraceCard, ...]
    """Who was told who opened it, and when."""


def follow(code: str, *, on: date, at: datetime, address: str) -> Followed:
    """The case that a code opens. Refuses a wrong one, and who has tried too many."""
    return _followed(_found(code, on=on, at=at, address=address), on)


def go_on(code: str, *, step: str, given: Given, on: date, at: datetime, address: str) -> Followed:
    """Take a step that the table leaves to whoever opened the case. The same token again is the same step."""
    card, key = _found(code, on=on, at=at, address=address), entries.ring()[0]
    with transaction.atomic():
        access.speak(key=key, address=address, topic="receipt", content=given.token, limits=[SAID], at=at)
        take(card.id, step=step, given=given, taker=HOLDER, on=on, at=at)
    return _followed(queries.case(card.id, as_of=on) or card, on)


def acknowledge(
    code: str,
    *,
    duty_id: int,
    done: bool,
    words: str,
    on: date,
    at: datetime,
    address: str,
    token: str,
    seen: int | None = None,
) -> Followed:
    """What an agreement of the case promised is done, or is not, in the words of whom it was promised to."""
    card, key = _found(code, on=on, at=at, address=address), entries.ring()[0]
    with transaction.atomic():
        access.speak(key=key, address=address, topic="receipt", content=token, limits=[SAID], at=at)
        promised = queries.promised(queries.steps(card), as_of=on)
        if duty_id not in {one.duty.id for one in promised}:
            raise Refused("这件事里没有这一期", fix="请回到查进度的页面再点", code="not_found")
        duties.acknowledge(duty_id, done=done, words=words, author=rules.RECEIPT, seen=seen, on=on, at=at)
    return _followed(card, on)


def own_file(code: str, *, digest: str, on: date, at: datetime, address: str) -> tuple[str, bytes]:
    """A file of the case that its opener sent or was answered with: name and content."""
    found = follow(code, on=on, at=at, address=address)
    for line in found.lines:
        for name, one in line.files:
            if one == digest:
                return name, entries.evidence_bytes(digest)
    raise Refused("没有这份材料", fix="请回到查进度的页面再点", code="not_found")


def _found(code: str, *, on: date, at: datetime, address: str) -> CaseCard:
    key = entries.ring()[0]
    fix = "请照回执上的16位字母和数字输入，不分大小写，短横可以不输；里面没有0、1、8、9"
    if not code.strip():
        raise Refused("没有写回执码", fix=fix, field="code", code="receipt")
    access.not_too_often(key=key, address=address, limits=[GUESSES], at=at)
    card = queries.by_receipt(code, as_of=on)
    if card is None:
        access.speak(key=key, address=address, topic="guess", content=code, limits=[GUESSES], at=at)
        raise Refused("没有这个回执码", fix=fix, field="code", code="receipt")
    return card


def _followed(card: CaseCard, on: date) -> Followed:
    done = queries.steps(card)
    promised = queries.promised(done, as_of=on)
    matter = queries.matter(card, done, as_of=on, promises=promised)
    told = {name: str(value) for name, value in card.opening.body.items() if value}
    told |= entries.personal(card.opening.id)
    return Followed(
        card=card,
        said=tuple((field.title, told[field.id]) for field in card.kind.fields if told.get(field.id)),
        lines=tuple(line for one, words in queries.said(done) if (line := _line(one, words, done))),
        open_steps=rules.open_steps(matter, HOLDER),
        promised=tuple(promised),
        owed=reckoned(card=card, promised=promised, on=on),
        days=tuple(promised_days(card, done=done)) if card.closed_on is None else (),
        papers=tuple(papers_of(card, done=done, on=on)) if card.closed_on is None else (),
        readings=accounts.traces(object=f"reporter:{card.number}", action="reporter.read"),
    )


def _line(one: StepCard, words: str, done: Sequence[StepCard]) -> Line | None:
    """The step as far as its opener is told; nothing of what organs say among themselves."""
    step, body = one.step, one.entry.body
    opening = body["step"] == OPEN
    mine = opening or bool(step and step.by == "opener")
    told = mine or bool(step and (step.answers or step.by == "clock"))
    place = done.index(one)
    moved = place == 0 or done[place - 1].state.id != one.state.id
    if not told and not moved:
        return None
    papers, names = list(body.get("papers") or []), list(body.get("files") or [])
    title = "提出" if opening else one.title if told else one.state.title
    files = tuple(zip(names, papers, strict=True)) if told else ()
    record = body.get("record") if step and step.asks and not policy.current().kinds[step.asks].from_case else None
    return Line(
        one.entry.happened_on, title, one.state.title, one.entry.organ_id, words if told else "", mine, files,
        int(str(record)) if record else None,
    )  # fmt: skip
