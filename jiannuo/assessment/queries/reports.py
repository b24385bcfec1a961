"""Reading the reports: one organ's, all of a period, with where each is on its way."""

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet
from msgspec import Struct

from jiannuo.assessment.models import Draft
from jiannuo.assessment.rules import differences as comparing
from jiannuo.assessment.rules import figures as figure_rules
from jiannuo.assessment.rules import reporting as rules
from jiannuo.assessment.rules.differences import Difference
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period, period
from jiannuo.assessment.rules.reporting import State
from jiannuo.duties.queries import DutyCard, owed
from jiannuo.duties.queries.listing import card_of
from jiannuo.kernel import days, sql
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import DUTY

ACTS = ("performance", "confirmation", "rejection", "reopening", "lifting", "reminder", "amendment", "breach")
BACK = ("rejection", "reopening")


class DraftCard(Struct, frozen=True):
    """What an organ has written, and what was signed."""

    words: Mapping[str, str]
    stated: Mapping[str, str]
    changes: Mapping[str, list[str]]
    writers: frozenset[str]
    updated_at: datetime
    updated_by: str
    offered_at: datetime | None
    offered_by: str
    remark: str
    signed: int | None
    signed_on: date | None
    signed_by: str
    figures: tuple[Figure, ...]
    """As they were signed; none before."""
    digest: str


class ReportCard(Struct, frozen=True, dict=True):
    """One organ's report of a period: what is owed by when, what was written, what was done."""

    duty: DutyCard
    period: Period
    confirmer_id: int | None
    submitted_on: date | None
    """The day on which it was sent, while it waits to be accepted."""
    draft: DraftCard | None
    acts: tuple[EntryCard, ...]
    as_of: date

    @property
    def organ_id(self) -> int:
        """Who owes it."""
        return self.duty.debtor_id

    @property
    def due_on(self) -> date:
        """The last day on which it is in time: with the days given to mend one that had come in time and was sent back."""
        return self.duty.due_on

    @property
    def called_for(self) -> date:
        """The last day on which everybody's was in time."""
        pack = policy.current()
        return (
            pack.rule(pack.duties[DUTY].deadline, on=self.duty.started_on)
            .due(self.duty.started_on, pack.calendar)
            .due_on
        )

    @property
    def is_mending(self) -> bool:
        """Whether it had come in time, was sent back, and still has days to be mended."""
        return self.duty.mending_since is not None and self.state in rules.OPEN and not self.days_late

    @property
    def sent_on(self) -> date | None:
        """The day on which it was last sent, while it stands."""
        return self.duty.kept_on or self.submitted_on

    @property
    def days_late(self) -> int:
        """By how many days it was late, or is."""
        return 0 if self.state is State.LIFTED else rules.days_late(self.due_on, self.sent_on, as_of=self.as_of)

    @property
    def reminders(self) -> tuple[EntryCard, ...]:
        """How often the lead office has chased it."""
        return tuple(act for act in self.acts if act.kind == "reminder")

    @property
    def returned(self) -> EntryCard | None:
        """The act by which it was last sent back, if that is the last word."""
        last = [act for act in self.acts if act.kind in WORDS_ON_IT][-1:]
        return last[0] if last and last[0].kind in BACK else None

    @cached_property
    def state(self) -> State:
        """Where it stands."""
        duty, draft, back = self.duty, self.draft, self.returned
        return rules.state(
            rules.Facts(
                kept=duty.kept_on is not None,
                lifted=duty.lifted_on is not None,
                submitted=self.submitted_on is not None,
                sent_back_at=back.seen_at if back else None,
                drafted=draft is not None,
                offered_at=draft.offered_at if draft else None,
            )
        )

    @property
    def is_signed(self) -> bool:
        """Whether what the organ's head signed stands."""
        return self.state in (State.SENT, State.ACCEPTED)

    def differences(self, figures: Iterable[Figure] | None = None) -> list[Difference]:
        """Where the organ's words and numbers differ from the records: from these figures, or from those that were signed."""
        if self.draft is None:
            return []
        form = policy.current().report
        against = {one.id: one for one in (self.draft.figures if figures is None else figures)}
        return comparing.differences(form.sections, form.words, self.draft.words, self.draft.stated, against)


def report(organ_id: int, of: Period, *, as_of: date) -> ReportCard | None:
    """An organ's report of a period; nothing where the calendar has not asked for it."""
    return next(iter(_of_rows(_duties(of).filter(debtor=organ_id), as_of)), None)


def reports(of: Period, *, as_of: date, organ_ids: Collection[int] | None = None) -> list[ReportCard]:
    """The reports of a period that the calendar has asked for, by organ; three questions for all of them."""
    rows = _duties(of)
    return _of_rows(rows if organ_ids is None else rows.filter(debtor__in=list(organ_ids)), as_of)


def reports_of(organ_ids: Collection[int], *, as_of: date, limit: int = 12) -> list[ReportCard]:
    """The reports these organs owe or have sent, the newest period first."""
    rows = (
        owed()
        .filter(kind=DUTY, confirmer__isnull=False, debtor__in=list(organ_ids))
        .order_by("-started_on", "pk")[:limit]
    )
    return _of_rows(rows, as_of)


class Unfinished(Struct, frozen=True):
    """A report that is still to be sent or accepted, as the list of things to do shows it."""

    duty_id: int
    organ_id: int
    confirmer_id: int
    period: Period
    due_on: date
    state: State
    sent_on: date | None
    days_late: int
    sent_back: tuple[date, str] | None
    """When it was last sent back and with which words, while nobody has answered."""
    remark: str
    """What the head wants changed before signing."""
    chased_on: date | None


WORDS_ON_IT = ("performance", "confirmation", *BACK)
"""The acts of which the last says whether a report is with the organ or with the lead office."""


UNFINISHED = """
SELECT d.id, d.debtor_id, d.confirmer_id, e.number, d.due_on, d.submitted_on, w.kind, w.happened_on, w.seen_at, w.reason,
  t.id, t.offered_at, t.remark,
  (SELECT a.happened_on FROM ledger_entry a WHERE a.refers_id = d.entry_id AND a.kind = 'reminder' ORDER BY a.id DESC LIMIT 1)
FROM duties_duty d JOIN ledger_entry e ON e.id = d.entry_id
LEFT JOIN ledger_entry w ON w.id = (SELECT MAX(a.id) FROM ledger_entry a WHERE a.refers_id = d.entry_id AND a.kind IN ({words}))
LEFT JOIN assessment_draft t ON t.organ_id = d.debtor_id AND t.period = e.number
WHERE d.kind = '{duty}' AND d.confirmer_id IS NOT NULL AND d.kept_on IS NULL AND d.lifted_on IS NULL AND d.started_on <= '{day}' {of}
ORDER BY d.due_on, d.id
"""
"""In words of SQL, because composing it anew took longer than answering it."""


def unfinished(organ_ids: Collection[int] | None, *, as_of: date) -> list[Unfinished]:
    """The reports of any period that are owed or wait to be accepted, by due date: what these organs owe or accept, or all. One question."""
    known = sql.numbers(organ_ids) if organ_ids is not None else ""
    of = f"AND (d.debtor_id IN ({known}) OR d.confirmer_id IN ({known}))" if known else ""
    asked = UNFINISHED.format(words=sql.names(WORDS_ON_IT), duty=DUTY, day=as_of, of=of)
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [_unfinished(*row, as_of=as_of) for row in cursor.fetchall()]


def _unfinished(
    duty: int, organ: int, confirmer: int, called: str, due: Any, submitted: Any, kind: str | None, on: Any, seen_at: Any,
    reason: str, draft: int | None, offered_at: Any, remark: str | None, chased: Any, *, as_of: date,
) -> Unfinished:  # fmt: skip
    due_on, sent_on, back = days.as_day(due), days.as_day(submitted) if submitted else None, kind in BACK
    state = rules.state(
        rules.Facts(
            submitted=sent_on is not None,
            sent_back_at=days.as_moment(seen_at) if back else None,
            drafted=draft is not None,
            offered_at=days.as_moment(offered_at) if offered_at else None,
        )
    )
    return Unfinished(
        duty_id=duty,
        organ_id=organ,
        confirmer_id=confirmer,
        period=period(called),
        due_on=due_on,
        state=state,
        sent_on=sent_on,
        days_late=rules.days_late(due_on, sent_on, as_of=as_of),
        sent_back=(days.as_day(on), reason) if back else None,
        remark=remark or "",
        chased_on=days.as_day(chased) if chased else None,
    )


def reasons(cards: Iterable[Unfinished], *, as_of: date) -> dict[int, str]:
    """Why each of these is due when it is, by its duty."""
    wanted = [card.duty_id for card in cards]
    return {row.pk: card_of(row, as_of).why for row in owed().filter(pk__in=wanted)} if wanted else {}


def periods() -> list[Period]:
    """The periods for which the calendar has asked, the newest first."""
    names = (
        owed().filter(kind=DUTY, confirmer__isnull=False).order_by().values_list("entry__number", flat=True).distinct()
    )
    return sorted((period(name) for name in names), reverse=True)


def signed_content(card: ReportCard) -> dict[str, Any] | None:
    """What the organ's head signed, as it was frozen; nothing where nothing signed stands."""
    if not card.is_signed or card.draft is None or not card.draft.digest:
        return None
    found: dict[str, Any] = json.loads(ledger.evidence_bytes(card.draft.digest))
    return found


def _duties(of: Period) -> QuerySet[Any]:
    return owed().filter(kind=DUTY, confirmer__isnull=False, entry__number=of.name).order_by("debtor", "pk")


def _of_rows(rows: QuerySet[Any], as_of: date) -> list[ReportCard]:
    found = list(rows.annotate(called=F("entry__number")))
    acts: dict[int, list[EntryCard]] = {}
    entry_ids = [row.entry_id for row in found]
    for act in ledger.cards(ledger.facts().filter(refers__in=entry_ids, kind__in=ACTS).order_by("pk")):
        acts.setdefault(act.refers or 0, []).append(act)
    written = Draft.objects.filter(organ__in={row.debtor_id for row in found})
    drafts = {(one.organ_id, one.period): draft_card(one) for one in written}
    return [
        ReportCard(
            duty=card_of(row, as_of),
            period=period(row.called),
            confirmer_id=row.confirmer_id,
            submitted_on=row.submitted_on,
            draft=drafts.get((row.debtor_id, row.called)),
            acts=tuple(acts.get(row.entry_id, ())),
            as_of=as_of,
        )
        for row in found
    ]


def draft_card(row: Draft) -> DraftCard:
    """The draft as pages and rules read it."""
    return DraftCard(
        words=json.loads(row.words),
        stated=json.loads(row.stated),
        changes=json.loads(row.changes),
        writers=frozenset(json.loads(row.writers)),
        updated_at=row.updated_at,
        updated_by=row.updated_by,
        offered_at=row.offered_at,
        offered_by=row.offered_by,
        remark=row.remark,
        signed=row.signed_id,
        signed_on=row.signed_on,
        signed_by=row.signed_by,
        figures=tuple(figure_rules.from_plain(entry) for entry in json.loads(row.figures)),
        digest=row.digest,
    )
