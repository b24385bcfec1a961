"""Reading the reports: one organ's, all of a period, with where each is on its way."""

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import F, QuerySet

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
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import DUTY

ACTS = ("performance", "confirmation", "rejection", "reopening", "lifting", "reminder", "amendment", "breach")
BACK = ("rejection", "reopening")


@dataclass(frozen=True, slots=True)
class DraftCard:
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


@dataclass(frozen=True)
class ReportCard:
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
        """The last day on which it is in time."""
        return self.duty.due_on

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
        last = [act for act in self.acts if act.kind in ("performance", "confirmation", *BACK)][-1:]
        return last[0] if last and last[0].kind in BACK else None

    @cached_property
    def state(self) -> State:
        """Where it stands."""
        duty, draft, back = self.duty, self.draft, self.returned
        offered_at = draft.offered_at if draft else None
        offered = offered_at is not None and (back is None or back.seen_at < offered_at)
        return rules.state(
            rules.Facts(
                kept=duty.kept_on is not None,
                lifted=duty.lifted_on is not None,
                submitted=self.submitted_on is not None,
                sent_back=back is not None,
                drafted=draft is not None,
                offered=offered,
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
