"""What the sections of a file hold, gathered from the ledger, the duties and the register. Permission is asked in `files`."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.disclosure import rules as disclosure
from jiannuo.disclosure.queries import marks
from jiannuo.disclosure.queries.marks import Mark
from jiannuo.disclosure.rules import files as rules
from jiannuo.duties import queries as duties
from jiannuo.duties.queries.promises import PromiseCard, promise_kinds, promises
from jiannuo.duties.rules import Rates
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.files import FileSection
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard, OfficialCard, OrganCard
from jiannuo.subjects.rules import official_key

MOST = 200
"""A section lists so many, the newest; its counts are of all."""


class FileLine(Struct, frozen=True):
    """One thing a file holds: its day, what it is, what it says, and whether it still counts."""

    on: date
    title: str
    said: tuple[tuple[str, str], ...] = ()
    standing: str = ""
    standing_words: str = ""
    ends_on: date | None = None
    counts: bool = True
    entry_id: int | None = None
    duty_id: int | None = None
    organ_id: int | None = None
    open: bool = True
    """Whether it has a page of its own beside the file."""


class FilePart(Struct, frozen=True):
    """One section as this reader sees it."""

    section: FileSection
    lines: tuple[FileLine, ...]
    total: int
    figures: Rates | None = None

    @property
    def counting(self) -> int:
        """How many of those listed still count."""
        return sum(line.counts for line in self.lines)

    @property
    def by_standing(self) -> Mapping[str, int]:
        """How many stand in each way, in words."""
        found: dict[str, int] = {}
        for line in self.lines:
            if line.standing_words:
                found[line.standing_words] = found.get(line.standing_words, 0) + 1
        return found


def of_official(official: OfficialCard, shown: Sequence[FileSection], on: date) -> tuple[FilePart, ...]:
    """What these sections hold of an official on a day. Whoever calls this has asked for permission and leaves a trace."""
    entries = _entries(shown, about=official_key(official.code))
    opened = ledger.personals(one.id for one in entries)
    ends = _ends(entries)
    marked = marks.of_records(entries)
    owed = _promised(shown, on, official=official.code)
    organs = subjects.directory(on)
    parts = []
    for section in shown:
        if section.gathers == "offices":
            lines = [_office(one, organs) for one in official.offices]
        elif section.gathers == "duties":
            lines = [_duty(one) for one in owed if _family(one) in section.what]
        else:
            own = [one for one in entries if one.kind in section.what]
            lines = [
                _entry(one, opened.get(one.id, {}), on, ends[one.id], marked.get(one.identity, marks.NONE))
                for one in own
            ]
        parts.append(FilePart(section, tuple(lines), len(lines)))
    return tuple(parts)


def of_organ(organ: OrganCard, organs: Directory, shown: Sequence[FileSection], on: date) -> tuple[FilePart, ...]:
    """What these sections hold of an organ and those it took over. Whoever calls this has asked for permission and leaves a trace."""
    line = organs.line(organ.id)
    entries = _entries(shown, organ_ids=line)
    marked = marks.of_records(entries)
    owed = _promised(shown, on, organ_ids=line)
    parts = []
    for section in shown:
        if section.gathers == "figures":
            first = on.replace(year=on.year - 1, day=min(on.day, 28))
            figures = duties.rates(section.what[0], first=first, last=on, organ_ids=line, as_of=on).total
            parts.append(FilePart(section, (), figures.tally.accepted, figures))
            continue
        if section.gathers == "breaches":
            total, lines = _breaches(line)
        elif section.gathers == "duties":
            lines = [_duty(one) for one in owed if _family(one) in section.what]
            total = len(lines)
        else:
            own = [one for one in entries if one.kind in section.what]
            total = len(own)
            lines = [_entry(one, {}, on, None, marked.get(one.identity, marks.NONE)) for one in own[:MOST]]
        parts.append(FilePart(section, tuple(lines[:MOST]), total))
    return tuple(parts)


def _entries(
    shown: Iterable[FileSection], *, about: str = "", organ_ids: Collection[int] | None = None
) -> list[EntryCard]:
    kinds = [kind for section in shown if section.gathers == "entries" for kind in section.what]
    if not kinds:
        return []
    found = ledger.newest(kinds)
    found = found.filter(about=about) if about else found.filter(ledger.OPEN, organ_id__in=list(organ_ids or ()))
    return ledger.cards(found.order_by("-happened_on", "-pk"))


def _ends(entries: Sequence[EntryCard]) -> dict[int, date | None]:
    pack = policy.current()
    found: dict[int, date | None] = {}
    for name in {one.kind for one in entries}:
        own = {one.id: (one.body, one.happened_on) for one in entries if one.kind == name}
        found |= rules.together(pack, pack.kinds[name], own)
    return found


def _entry(one: EntryCard, opened: Mapping[str, str], on: date, ends_on: date | None, mark: Mark) -> FileLine:
    pack = policy.current()
    kind: Kind = pack.kinds[one.kind]
    title = disclosure.text_of(kind, one.body, "title") or one.number
    standing = marks.DISPUTED if mark.disputed_on else "已修复" if mark.repaired_on else "已撤下" if mark.gone else ""
    return FileLine(
        on=one.happened_on,
        title=title,
        said=tuple(rules.said(kind, one.body, opened, one.happened_on)),
        standing="disputed" if mark.disputed_on else "withdrawn" if mark.gone else "",
        standing_words=standing,
        ends_on=mark.repaired_on or ends_on,
        counts=rules.counts(ends_on, on) and not mark.gone,
        entry_id=one.id,
        organ_id=one.organ_id,
        open=one.visibility != ledger.CLOSED,
    )


def _promised(
    shown: Iterable[FileSection], on: date, *, official: str = "", organ_ids: Collection[int] | None = None
) -> list[PromiseCard]:
    families = {name for section in shown if section.gathers == "duties" for name in section.what}
    kinds = [kind for family in sorted(families) for kind in promise_kinds(family)]
    if not kinds:
        return []
    page = promises(as_of=on, kinds=kinds, organ_ids=organ_ids, official=official, size=5 * MOST)
    return sorted(page.rows, key=lambda one: (one.duty.due_on, one.duty.id), reverse=True)


def _family(one: PromiseCard) -> str:
    kind = policy.current().duties.get(one.duty.kind)
    return kind.family if kind else ""


def _duty(one: PromiseCard) -> FileLine:
    standing, words = rules.PROMISES[one.duty.standing]
    said = [("要求", one.duty.what), ("岗位", one.office), ("起", one.duty.started_on.isoformat())]
    if one.amendments and one.first_due_on:
        said.append(("期限变更", f"{one.amendments}次，原定{one.first_due_on}"))
    if one.duty.kept_on:
        said.append(("办成", one.duty.kept_on.isoformat()))
    return FileLine(
        on=one.duty.due_on,
        title=one.title,
        said=tuple((label, value) for label, value in said if value),
        standing=standing,
        standing_words=words,
        entry_id=one.record.id,
        duty_id=one.duty.id,
        organ_id=one.duty.debtor_id,
    )


def _office(one: OfficeCard, organs: Directory) -> FileLine:
    said = [("单位", organs.card(one.organ_id).name), ("任职文件", one.document)]
    if one.until:
        said += [("免职", one.until.isoformat()), ("免职文件", one.end_document)]
    return FileLine(
        on=one.since,
        title=one.title,
        said=tuple((label, value) for label, value in said if value),
        counts=one.until is None,
    )


def _breaches(line: frozenset[int]) -> tuple[int, list[FileLine]]:
    found = ledger.facts().filter(organ_id__in=list(line), kind="breach").order_by("-happened_on", "-pk")
    total = found.count()
    acts = ledger.cards(found[:MOST])
    records = ledger.entries(act.refers for act in acts if act.refers)
    kinds, owed = policy.current().kinds, policy.current().duties
    lines = []
    for act in acts:
        record = records.get(act.refers or 0)
        kind = kinds.get(record.kind) if record else None
        title = disclosure.text_of(kind, record.body, "title") if kind and record else ""
        duty = owed.get(str(act.body.get("duty") or ""))
        said = (("要求", duty.what),) if duty else ()
        lines.append(
            FileLine(
                on=act.happened_on, title=title or (record.number if record else "") or "逾期", said=said,
                standing="overdue", standing_words="逾期", entry_id=record.id if record else None, organ_id=act.organ_id,
            )
        )  # fmt: skip
    return total, lines
