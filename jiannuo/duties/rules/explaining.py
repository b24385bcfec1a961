"""Why a duty is due when it is."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from jiannuo.kernel.workdays import Calendar, Pause, Skip
from jiannuo.policy.deadlines import Rule, Unit


class Explanation(Struct, frozen=True):
    """Why a duty is due on its day: what started the clock, under which words, which days did not count and which did after all."""

    rule: str
    ref: str
    what: str
    clause: str
    clause_text: str
    source: str
    event: str
    start: date
    limit: int
    unit: Unit
    within: str
    """The limit in words: 7个工作日，当天不算."""
    due_on: date
    provisional: bool
    skipped: tuple[Skip, ...]
    makeup: tuple[date, ...]
    notices: tuple[str, ...]
    assumed: str
    note: str
    words: str

    def as_dict(self) -> dict[str, object]:
        """The same in plain values, as programs read it."""
        return {
            "rule": self.rule,
            "ref": self.ref,
            "what": self.what,
            "clause": self.clause,
            "clause_text": self.clause_text,
            "source": self.source,
            "event": self.event,
            "start": self.start.isoformat(),
            "limit": self.limit,
            "unit": self.unit,
            "due_on": self.due_on.isoformat(),
            "provisional": self.provisional,
            "skipped": [{"day": skip.day.isoformat(), "why": skip.why} for skip in self.skipped],
            "makeup": [day.isoformat() for day in self.makeup],
            "notices": list(self.notices),
            "assumed": self.assumed,
            "why": self.words,
        }


def explain(
    rule: Rule,
    started_on: date,
    calendar: Calendar,
    *,
    stated: date | None = None,
    pauses: Iterable[Pause] = (),
    clause_text: str = "",
) -> Explanation:
    """Why what started on a day is due when it is, under the rule as it stood that day."""
    value = rule.value
    due = rule.due(started_on, calendar, stated=stated, pauses=pauses, event=rule.start)
    counted = stated is None and value.unit not in ("fixed", "stated")
    years = range(started_on.year, due.due_on.year + 1)
    given = (date.fromordinal(day) for day in calendar.given_between(started_on.toordinal(), due.due_on.toordinal()))
    return Explanation(
        rule=rule.id,
        ref=rule.ref,
        what=rule.what,
        clause=rule.clause,
        clause_text=clause_text,
        source=rule.source,
        event=rule.start,
        start=started_on,
        limit=value.limit,
        unit=value.unit,
        within=f"{value.words}，当天不算" if counted else value.words,
        due_on=due.due_on,
        provisional=due.provisional,
        skipped=due.skipped,
        makeup=tuple(given) if value.unit == "workday" else (),
        notices=tuple(calendar.notices[year] for year in years if year in calendar.notices),
        assumed=rule.assumed,
        note=value.note,
        words=due.explanation,
    )
