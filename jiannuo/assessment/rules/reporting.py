"""How a half-yearly report stands, what may be done to it by whom, and what it must say. Pure."""

import hashlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from jiannuo.assessment.rules.figures import Figure, counted
from jiannuo.kernel import canonical
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.reporting import ReportForm, Section

LONGEST_NOTE = 1000
NOTE = "note"
"""Beside the sections: why the organ's own numbers differ."""


class State(StrEnum):
    """Where a report is on its way from the clerk to the lead office."""

    NONE = "none"
    DRAFT = "draft"
    OFFERED = "offered"
    SENT = "sent"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    LIFTED = "lifted"

    @property
    def label(self) -> str:
        """The word people read."""
        return LABELS[self]


LABELS: Mapping[State, str] = {
    State.NONE: "未报",
    State.DRAFT: "草稿",
    State.OFFERED: "待签",
    State.SENT: "已报",
    State.RETURNED: "退回",
    State.ACCEPTED: "已收",
    State.LIFTED: "免报",
}
OPEN = frozenset({State.NONE, State.DRAFT, State.OFFERED, State.RETURNED})
"""The organ still has to send it."""


class Facts(Struct, frozen=True):
    """What is known of a report's way."""

    kept: bool = False
    lifted: bool = False
    submitted: bool = False
    sent_back_at: datetime | None = None
    """When it was sent back, where that is the last word on it."""
    drafted: bool = False
    offered_at: datetime | None = None
    """When it was last offered for signing."""


def state(facts: Facts) -> State:
    """How a report stands."""
    if facts.kept:
        return State.ACCEPTED
    if facts.lifted:
        return State.LIFTED
    if facts.submitted:
        return State.SENT
    if facts.offered_at and (facts.sent_back_at is None or facts.sent_back_at < facts.offered_at):
        return State.OFFERED
    if facts.sent_back_at:
        return State.RETURNED
    return State.DRAFT if facts.drafted else State.NONE


def days_late(due_on: date, sent_on: date | None, *, as_of: date) -> int:
    """By how many days it was late, or is by a day; nought where it is not."""
    return max(0, ((sent_on or as_of) - due_on).days)


def mark(text: str) -> str:
    """A short digest by which a form remembers which words it was shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def fingerprint(words: Mapping[str, str], stated: Mapping[str, str], figures: Sequence[Figure]) -> str:
    """A short digest of the words and figures that a head is shown before signing."""
    return canonical.digest([dict(words), dict(stated), counted(figures)]).hex()[:16]


class Typed(Struct, frozen=True):
    """One section as a form sends it: the words, and the mark of the words it had been shown."""

    words: str
    seen: str


def merge(stored: Mapping[str, str], typed: Mapping[str, Typed]) -> tuple[dict[str, str], list[str]]:
    """What is to be kept of a form, and the sections in which somebody else has written in between.

    A section that was only looked at keeps what is stored; one that both changed stays as stored and is named.
    """
    kept, clashing = dict(stored), []
    for name, one in typed.items():
        words = tidy(one.words)
        there = stored.get(name, "")
        if words == there or mark(words) == one.seen:
            continue
        if mark(there) != one.seen:
            clashing.append(name)
            continue
        kept[name] = words
    return kept, clashing


def tidy(text: str) -> str:
    """Words without blanks around them and with one kind of line end."""
    return "\n".join(line.rstrip() for line in text.strip().replace("\r\n", "\n").split("\n"))


def not_too_long(form: ReportForm, words: Mapping[str, str]) -> None:
    """Refuses a section longer than the pack allows."""
    limits = [(section.id, section.title, section.longest) for section in form.sections]
    for name, title, longest in (*limits, (NOTE, "数字不一致的说明", LONGEST_NOTE)):
        if (count := len(words.get(name, ""))) > longest:
            fix = "请删减；详细材料可以作为承诺、任务的佐证材料提交"
            raise Refused(f"“{title}”有{count}字，最多{longest}字", fix=fix, field=name, code="long")


def gaps(form: ReportForm, words: Mapping[str, str]) -> list[tuple[Section, int]]:
    """The sections that must be written and are not, or too shortly, with how many characters they have."""
    counts = ((section, len("".join(words.get(section.id, "").split()))) for section in form.sections)
    return [
        (section, count)
        for section, count in counts
        if (section.required or count) and count < max(section.shortest, int(section.required))
    ]


def complete(form: ReportForm, words: Mapping[str, str], differing: int) -> None:
    """Refuses a report that leaves out what it must say, or does not say why its numbers differ from the records."""
    if missing := gaps(form, words):
        section, count = missing[0]
        more = f"；还有{len(missing) - 1}段也没写够" if len(missing) > 1 else ""
        raise Refused(
            f"“{section.title}”写了{count}字，至少{section.shortest}字{more}",
            fix="请写全再送；写好的都已保存",
            clause=form.source,
            field=section.id,
            code="words",
        )
    if differing and len(words.get(NOTE, "")) < 6:
        raise Refused(
            f"有{differing}处数字与记录不一致，没有说明原因",
            fix="请改成与记录一致；确实不一致的，在“数字不一致的说明”里写明原因",
            clause=form.source,
            field=NOTE,
            code="differs",
        )


def may_write(now: State) -> None:
    """Refuses writing in what has been signed."""
    if now not in OPEN:
        fix = "要改的，请信用办先退回" if now is State.SENT else "这一期不用再办"
        raise Refused(f"这份报告{now.label}，不能再改", fix=fix, code="closed")


def may_sign(now: State, username: str, writers: Collection[str]) -> None:
    """Only what was offered is signed, once, and never by one who wrote it."""
    may_write(now)
    if now is not State.OFFERED:
        raise Refused("这份报告还没有送签", fix="请填报员写完以后点“送负责人签发”", code="not_offered")
    if username in writers:
        fix = "请另一位单位负责人签发：写的人和签的人不能是同一个"
        raise Refused("您写过这份报告，不能由您签发", fix=fix, code="own")


def chased(states: Iterable[tuple[int, State]]) -> list[int]:
    """Of these organs, those that still have to send their report."""
    return [organ for organ, now in states if now in OPEN]
