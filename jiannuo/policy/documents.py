"""The tables of a pack: sentences of the document, organs, tasks, catalogue, duties, filters of publication, sites."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal, Self

Row = Mapping[str, str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.replace("；", ";").split(";") if part)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True, slots=True)
class Clause:
    """One sentence of the document. `nature`: works (software carries it), people (only people can), aim, form (title, heading, address)."""

    id: str
    under: str
    style: Literal["title", "h1", "h2", "p", "item", "table", "note"]
    text: str
    nature: Literal["works", "people", "aim", "form"]
    rows: tuple[str, ...]
    carried_by: tuple[str, ...]
    """References such as `kind:penalty_legal`, `deadline:disclose_decision`, `page:portal:catalogue`."""
    who: tuple[str, ...]
    starts: bool
    """True where the sentence begins a new paragraph."""

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            id=row["id"],
            under=row["under"],
            style=row["style"],  # type: ignore[arg-type]  # pack check names a wrong one
            text=row["text"],
            nature=row["nature"],  # type: ignore[arg-type]
            rows=_words(row["rows"]),
            carried_by=_words(row["carried_by"]),
            who=_words(row["who"]),
            starts=row["starts"] == "yes",
        )


@dataclass(frozen=True, slots=True)
class Organ:
    """One spell of an organ: what it was called, what it was and whom it answered to, from a day until a day."""

    code: str
    name: str
    short: str
    type: str
    parent: str
    uscc: str
    since: date
    until: date | None
    successors: tuple[str, ...]
    aliases: tuple[str, ...]
    assumed: str

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            type=row["type"],
            parent=row["parent"],
            uscc=row["uscc"],
            since=date.fromisoformat(row["since"]),
            until=_day(row["until"]),
            successors=_words(row["successors"]),
            aliases=_words(row["aliases"]),
            assumed=row["assumed"],
        )


@dataclass(frozen=True, slots=True)
class Task:
    """One task of the annex: who leads, who supports (as the document words it), and by when."""

    number: int
    title: str
    lead: tuple[str, ...]
    wording: str
    schedule: str
    due: date | None
    clause: str

    @classmethod
    def read(cls, row: Row) -> Self:
        lead = _words(row["lead"])
        return cls(int(row["number"]), row["title"], lead, row["wording"], row["schedule"], _day(row["due"]), row["clause"])


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """What must be disclosed: by whom (organ codes or `type:department`), in what period, within which deadline, on what basis."""

    id: str
    area: str
    title: str
    who: tuple[str, ...]
    kind: str
    period: Literal["event", "month", "quarter", "half", "year", "standing"]
    deadline: str
    basis: str
    clause: str
    since: date
    assumed: str

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            id=row["id"],
            area=row["area"],
            title=row["title"],
            who=_words(row["who"]),
            kind=row["kind"],
            period=row["period"],  # type: ignore[arg-type]
            deadline=row["deadline"],
            basis=row["basis"],
            clause=row["clause"],
            since=date.fromisoformat(row["since"]),
            assumed=row["assumed"],
        )


@dataclass(frozen=True, slots=True)
class DutyKind:
    """A kind of duty: opened by a kind of fact, due by a deadline, kept by an act."""

    id: str
    what: str
    clause: str
    deadline: str
    kept_by: str
    confirmed_by: str

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        return cls(name, entry["what"], entry["clause"], entry["deadline"], entry["kept_by"], entry["confirmed_by"])


@dataclass(frozen=True, slots=True)
class PublishFilter:
    """A dated rule on what may be public: a named check with parameters, and what follows where it bites."""

    id: str
    title: str
    check: str
    outcome: Literal["withhold", "ask"]
    source: str
    jurisdiction: str
    reason: str
    fix: str
    kinds: tuple[str, ...]
    since: date
    until: date | None
    select_by: Literal["decision_date", "publication_date"]
    assumed: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=entry["id"],
            title=entry["title"],
            check=entry["check"],
            outcome=entry["outcome"],
            source=entry["source"],
            jurisdiction=entry["jurisdiction"],
            reason=entry["reason"],
            fix=entry["fix"],
            kinds=tuple(entry["kinds"]),
            since=entry["since"],
            until=entry.get("until"),
            select_by=entry["select_by"],
            assumed=entry.get("assumed", ""),
            params=entry.get("params", {}),
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A site that disclosed records go to: this portal itself, or any HTTP endpoint."""

    id: str
    name: str
    carrier: Literal["portal", "http"]
