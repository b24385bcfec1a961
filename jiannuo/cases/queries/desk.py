"""Cases in lists: whose turn it is, what lies on a table, what an actor may read."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.cases.models import Case
from jiannuo.cases.queries.cards import CaseCard, cards, title_of
from jiannuo.duties.queries import next_due_of_case, oversight
from jiannuo.kernel import days, sql
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import BODIES, Flow, State
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

PAGE = 20


class OnTable(Struct, frozen=True):
    """A case as a list of things to do shows it."""

    id: int
    flow: Flow
    number: str
    title: str
    state: State
    due_on: date | None


class Page(Struct, frozen=True):
    """One page of cases and how many there are."""

    total: int
    rows: tuple[CaseCard, ...]
    page: int
    pages: int


def cases(
    actor: Actor,
    *,
    as_of: date,
    flow: str = "",
    state: str = "",
    mine: bool = False,
    closed: bool | None = None,
    page: int = 1,
) -> Page:
    """The cases the actor may read, those due first on top; `mine` are those on the table of the actor's own organ."""
    named = {name: value for name, value in (("flow", flow), ("state", state)) if value}
    rows = visible(actor, as_of).filter(**named)
    if mine:
        rows = rows.filter(handler__in=actor.scope)
    if closed is not None:
        rows = rows.filter(closed_on__isnull=not closed)
    total = rows.count()
    at = min(max(page, 1), pages := max(1, -(-total // PAGE)))
    wanted = rows.order_by("-opened_on", "-pk")[(at - 1) * PAGE : at * PAGE]
    return Page(total, tuple(cards(wanted, as_of=as_of)), at, pages)


ON_TABLE = """
SELECT c.id, c.flow, c.number, c.state, {opening}, {record}, COUNT(*) OVER () AS total, {due} AS due
FROM cases_case c JOIN ledger_entry o ON o.id = c.opening_id LEFT JOIN ledger_entry r ON r.id = c.record_id
WHERE c.closed_on IS NULL AND c.handler_id IN ({organs}) AND ({waits})
ORDER BY due ASC NULLS LAST, c.opened_on, c.id LIMIT {limit}
"""
"""The open cases that organs have to go on with, each with the nearest day of what is owed in it or by the record that it keeps up. In
words of SQL, because composing it anew took longer than answering it.
"""


def on_table(organ_ids: Collection[int], *, limit: int) -> tuple[int, list[OnTable]]:
    """How many open cases these organs have to go on with, and the first of them, those due first on top; in one question."""
    flows = policy.current().flows
    several = [
        f"(c.flow = '{flow.id}' AND c.state IN ({sql.names(waiting)}))"
        for flow in flows.values()
        if (waiting := [state for state in flow.states if _waits_for_handler(flow, state)])
    ]
    if not several or not organ_ids:
        return 0, []
    asked = ON_TABLE.format(
        opening=ledger.beside("o"), record=ledger.beside("r"), due=next_due_of_case("c.opening_id", "c.number"),
        organs=sql.numbers(organ_ids), waits=" OR ".join(several), limit=limit,
    )  # fmt: skip
    found: list[Any] = list(Case.objects.raw(asked))
    lines = [
        OnTable(
            row.id,
            flows[row.flow],
            row.number,
            title_of(flows[row.flow], ledger.card_beside(row, "o"), ledger.card_beside(row, "r") if row.r_id else None),
            flows[row.flow].states[row.state],
            days.as_day(row.due) if row.due else None,
        )
        for row in found
    ]
    return (found[0].total if found else 0), lines


def _waits_for_handler(flow: Flow, state: str) -> bool:
    """Whether whoever has it on the table can lead it on from there."""
    return any(step.to and step.turn not in ("opener", "subject", "clock") for step in flow.out_of(state))


def counts(actor: Actor, *, as_of: date) -> dict[tuple[str, str], int]:
    """How many open cases the actor may read, by procedure and state."""
    rows = visible(actor, as_of).filter(closed_on=None).values_list("flow", "state").annotate(Count("pk"))
    return {(flow, state): count for flow, state, count in rows.order_by("flow", "state")}


def visible(actor: Actor, as_of: date) -> QuerySet[Case]:
    """The cases an actor may read, as `rules.may_read` says; who handled one earlier opens it by its number."""
    pack, directory = policy.current(), subjects.directory(as_of)
    everywhere = directory.line(directory.lead.id) | directory.line(oversight(directory).id)
    if actor.organ_id in everywhere:
        theirs = Q()
    else:
        theirs = Q(handler__in=actor.scope) | Q(opener__in=actor.scope) | Q(opening__organ__in=actor.scope)
        bodies, steps_there = bodies_of(actor, directory), [(f.id, s) for f in pack.flows.values() for s in f.steps]
        asked_now = [Q(flow=flow, state__in=step.start) for flow, step in steps_there if step.by in bodies]
        theirs |= Q(*asked_now, _connector=Q.OR)
    told = [flow.id for flow in pack.flows.values() if flow.sees == "told"]
    whole = [flow.id for flow in pack.flows.values() if flow.sees == "whole"]
    own = Q(subject__in=actor.scope)
    seen = Q(flow__in=whole) | Q(flow__in=told, told=True)
    return Case.objects.filter((theirs & ~own) | (own & seen) | Q(opener__in=actor.scope))


def bodies_of(actor: Actor, directory: Directory) -> frozenset[str]:
    """Which of the bodies that a pack names the actor's organ is."""
    codes = {name: codes for name, codes in policy.current().bodies.items() if name in BODIES}
    own = {directory.cards[one].code for one in actor.scope if one in directory.cards}
    return frozenset(name for name, named in codes.items() if own.intersection(named))
