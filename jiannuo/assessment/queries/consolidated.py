"""The consolidated report of a period: gathered with few questions, drawn up, rendered; and those that were sent."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from msgspec import Struct

from jiannuo.assessment.queries.behind import behind, by_month
from jiannuo.assessment.queries.figures import Frame, figures
from jiannuo.assessment.queries.reports import ReportCard, reports
from jiannuo.assessment.rules import figures as figure_rules
from jiannuo.assessment.rules.consolidating import Address, County, Line, Month, consolidated
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period, period
from jiannuo.documents import rendering
from jiannuo.documents.content import Document
from jiannuo.documents.rendering import Form
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

KIND = "consolidated_report"
"""The entry by which the ledger knows that the report went to the county government."""


class SentCard(Struct, frozen=True):
    """A consolidated report that went to the county government."""

    entry_id: int
    period: Period
    title: str
    number: str
    to: str
    sent_on: date
    seen_at: datetime
    version: int
    files: Mapping[str, str]
    """Form → digest of the file."""


def county(of: Period, *, as_of: date, lacking: Mapping[int, int] | None = None) -> County:
    """What the organs sent and what the records give, for all of them at once. Refuses a period nobody was asked for."""
    cards = reports(of, as_of=as_of)
    if not cards:
        fix = "半年结束的第二天起，jiannuo tick 会按策略包要求各单位报送；请核对报告期"
        raise Refused(f"还没有要求各单位报{of.title}的情况", fix=fix, field="period", code="period")
    organs = subjects.directory(as_of)
    own = figures(Frame(organs, of, as_of, tuple(card.organ_id for card in cards), lacking))
    pack = policy.current()
    return County(
        period=of,
        county=str(pack.about["county"]),
        title=pack.report.title,
        due_on=max(card.called_for for card in cards),
        as_of=as_of,
        lines=tuple(_line(card, own[card.organ_id], organs) for card in _ordered(cards, organs)),
        totals=_totals(own),
        months=_months(of, as_of),
        slips=_slips(of, as_of, organs, own),
        collected=tuple((section.id, section.title) for section in pack.report.sections if section.collected),
    )


def _ordered(cards: list[ReportCard], organs: Directory) -> list[ReportCard]:
    return sorted(cards, key=lambda card: organs.card(card.organ_id).code)


def _line(card: ReportCard, own: tuple[Figure, ...], organs: Directory) -> Line:
    return Line(
        organ=organs.card(card.organ_id).short,
        state=card.state,
        sent_on=card.sent_on,
        days_late=card.days_late,
        is_mending=card.is_mending,
        reminders=len(card.reminders),
        figures={one.id: one for one in own},
        words=card.draft.words if card.draft and card.is_signed else {},
        differences=tuple(card.differences()) if card.is_signed else (),
    )


def _totals(own: Mapping[int, tuple[Figure, ...]]) -> dict[str, Figure]:
    by_name: dict[str, list[Figure]] = {}
    for several in own.values():
        for one in several:
            by_name.setdefault(one.id, []).append(one)
    return {name: figure_rules.total(several) for name, several in by_name.items()}


def _months(of: Period, as_of: date) -> tuple[Month, ...]:
    pack = policy.current()
    groups = (figure_rules.DECISIONS, figure_rules.PROMISES)
    cells = by_month([kind for group in groups for kind in group if kind in pack.duties], of, as_of=as_of)

    def share(group: tuple[str, ...], month: int) -> Decimal | None:
        several = [cells.get((kind, month), (0, 0)) for kind in group]
        return _percent(sum(part for part, _ in several), sum(whole for _, whole in several))

    return tuple(
        Month(f"{month}月", *(share(group, month) for group in groups)) for month in range(1, of.last.month + 1)
    )


def _slips(of: Period, as_of: date, organs: Directory, organ_ids: Iterable[int]) -> tuple[tuple[str, int], ...]:
    """The promises of the period whose date was moved: whose, and by how many days."""
    moved = figure_rules.measure("promises_moved")
    debtors = {debtor for organ in organ_ids for debtor in organs.line(organ)}
    rows = (
        behind(moved, of, as_of=as_of, organ_ids=debtors).values_list("debtor", "first_due_on", "due_on")
        if moved
        else ()
    )
    return tuple((organs.heir(debtor).short, (due - first).days) for debtor, first, due in rows if first)


def _percent(part: int, whole: int) -> Decimal | None:
    return (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP) if whole else None


def document(of: County, *, number: str, dated: date) -> Document:
    """The report as an official document from the lead office to the county government."""
    pack, organs = policy.current(), subjects.directory(of.as_of)
    government = next((card for card in organs.organs if card.type == "government"), None)
    address = Address(
        issuer=organs.lead.name,
        to=government.name if government else "",
        number=number,
        is_demo=bool(pack.about.get("demo", False)),
    )
    return consolidated(of, address, dated=dated)


def rendered(made: Document, form: Form) -> bytes:
    """The document as a file."""
    return rendering.rendered(made, form, folder=settings.HOME, fonts=settings.FONTS)


def sent(of: Period | None = None) -> list[SentCard]:
    """The consolidated reports that went to the county government, the newest first, each as last sent."""
    found = ledger.newest([KIND])
    if of is not None:
        found = found.filter(number__startswith=of.name)
    cards = ledger.cards(found.order_by("-happened_on", "-pk"))
    return [
        SentCard(
            entry_id=card.id,
            period=period(card.body["period"]),
            title=card.body["title"],
            number=card.body["number"],
            to=card.body["to"],
            sent_on=card.happened_on,
            seen_at=card.seen_at,
            version=card.version,
            files={form: card.body[form] for form in ("pdf", "docx") if card.body.get(form)},
        )
        for card in cards
    ]


def file_of(card: SentCard, form: str) -> bytes:
    """The file that was sent, as it was. Raises KeyError where it was not sent in that form."""
    return ledger.evidence_bytes(card.files[form])
