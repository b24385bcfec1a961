"""半年报告: what an organ still has to write, its report with every number leading to its records, and the records behind a number."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from jiannuo.access import rules as access
from jiannuo.access.rules import CLAUSE, Actor
from jiannuo.assessment.queries import behind as counting
from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.figures import CATALOGUE, LAWSUITS, Frame, figures, lawsuits
from jiannuo.assessment.queries.reports import ReportCard, report, reports_of
from jiannuo.assessment.rules import figures as figure_rules
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.litigation import Case
from jiannuo.assessment.rules.periods import Period, latest, period
from jiannuo.assessment.rules.printing import printed
from jiannuo.assessment.rules.reporting import OPEN, fingerprint
from jiannuo.desk import asked, reading
from jiannuo.desk.collecting import board
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.record import DUTY_BADGES, kind_title
from jiannuo.desk.report_acts import ACTS, Tried, act
from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import CatalogueCell
from jiannuo.duties.queries.promises import PromiseCard, cards_of
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import FIGURES
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

OWN = ("reports.write", "reports.sign")
RECORDS = 100
COLUMNS = (
    {"label": "报告期"},
    {"label": "单位", "short": True},
    {"label": "期限", "nowrap": True},
    {"label": "签发日期", "nowrap": True},
    {"label": "情况"},
)
RECORD_COLUMNS = (
    {"label": "记录"},
    {"label": "编号"},
    {"label": "单位", "short": True},
    {"label": "到期日", "nowrap": True},
    {"label": "办结日", "nowrap": True},
    {"label": "办理情况"},
)


@desk_view(None)
def reports_page(request: DeskRequest) -> HttpResponse:
    """The lead office sees all organs of a period; an organ sees its own reports."""
    if access.may(request.actor, "reports.collect") and "own" not in request.GET:
        return board(request, _period(request.GET.get("period", "")))
    if not any(access.may(request.actor, one) for one in OWN):
        access.demand(request.actor, "reports.write")
    organs = subjects.directory(clock.today())
    cards = reports_of(sorted(request.actor.scope), as_of=clock.today())
    rows = [
        {
            "cells": [
                {"text": card.period.title, "url": address(card)},
                organs.card(card.organ_id).short,
                card.due_on,
                card.sent_on or "—",
                reading.badge_of(card),
            ],
            "state": "overdue" if card.state in OPEN and card.days_late else "",
        }
        for card in cards
    ]
    return render(request, "desk/reports.html", {"rows": rows, "columns": COLUMNS})


def _period(text: str) -> Period:
    return period(text) if text else latest(clock.today())


def address(card: ReportCard) -> str:
    """The page of a report."""
    return reverse("desk:report", args=[card.period.name, card.organ_id])


@desk_view(None)
def report_page(request: DeskRequest, name: str, organ_id: int) -> HttpResponse:
    card = _readable(request.actor, organ_id, period(name))
    tried = Tried()
    if request.method == "POST" and request.POST.get("act", "") in ACTS:
        tried = act(request, card, lambda: lacking(clock.today()))
        if not tried.refused and not tried.clashing:
            return redirect(address(card))
        card = _readable(request.actor, organ_id, card.period)
    own = figures_of(card)
    context = reading.page(request, card, own, tried) | {
        "seen": fingerprint(card.draft.words, card.draft.stated, own) if card.draft else "",
        "print_url": reverse("desk:report_file", args=[name, organ_id]),
        "trail": [("半年报告", reverse("desk:reports"))],
    }
    return render(request, "desk/report.html", context, status=422 if tried.refused or tried.clashing else 200)


def _readable(actor: Actor, organ_id: int, of: Period) -> ReportCard:
    """The report, for the organ's own people, the lead office, and who confirms it."""
    card = report(organ_id, of, as_of=clock.today())
    if card is None:
        raise Refused("没有这份报告", fix="请从半年报告的列表进入", code="not_found")
    own = any(access.may(actor, one, organ_id) for one in OWN)
    if own or access.may(actor, "reports.collect") or reading.may_confirm(actor, card):
        return card
    raise Refused("这份报告属于别的单位", fix="请由该单位或者信用办的人员查看", clause=CLAUSE, code="forbidden")


def figures_of(card: ReportCard) -> Sequence[Figure]:
    """The figures as they were signed, or as the records give them today."""
    if card.is_signed and card.draft:
        return card.draft.figures
    today = clock.today()
    frame = Frame(subjects.directory(today), card.period, today, (card.organ_id,), lacking(today, card.organ_id))
    return figures(frame)[card.organ_id]


def lacking(today: date, organ_id: int | None = None) -> Mapping[int, int]:
    """How many items of the disclosure catalogue each organ has not published."""
    found: dict[int, int] = {}
    for cell in disclosure.catalogue_status(on=today, organ=organ_id).missing:
        found[cell.organ_id] = found.get(cell.organ_id, 0) + 1
    return found


@desk_view(None)
def report_file(request: DeskRequest, name: str, organ_id: int) -> HttpResponse:
    """The report as it will be printed; what is not signed says so on every page."""
    card = _readable(request.actor, organ_id, period(name))
    pack, organs = policy.current(), subjects.directory(clock.today())
    made = printed(
        pack.report,
        organ=organs.card(organ_id).name,
        to=organs.lead.name,
        period=card.period,
        words=card.draft.words if card.draft else {},
        figures=figures_of(card),
        signed_on=card.draft.signed_on if card.draft and card.is_signed else None,
        on=clock.today(),
        is_demo=bool(pack.about.get("demo", False)),
    )
    return reading.inline(consolidated.rendered(made, "pdf"), f"{made.title}.pdf".replace("\n", ""))


# -- the records behind a number -----------------------------------------------------------------------------------


@desk_view(None)
def records_page(request: DeskRequest) -> HttpResponse:
    """Exactly the records that a figure of a report counts."""
    of, organ_id = period(request.GET.get("period", "")), asked.number(request, "organ")
    card = _readable(request.actor, organ_id, of)
    as_of = asked.day(request, "as_of", clock.today()) or clock.today()
    organs = subjects.directory(as_of)
    name = request.GET.get("figure", "")
    one = figure_rules.measure(name)
    if name == CATALOGUE:
        rows = [_item(cell) for cell in disclosure.catalogue_status(on=clock.today(), organ=organ_id).missing]
        total, label = len(rows), FIGURES[name]
    elif name in LAWSUITS:
        own = lawsuits(Frame(organs, of, as_of, (organ_id,)))[organ_id]
        cases = [case for case in own.items if own.has(case, LAWSUITS[name])]
        rows, total, label = [_case(case, organs) for case in cases], len(cases), FIGURES[name]
    elif one is None:
        raise Refused("没有这个数字", fix="请从报告里点数字进来", field="figure", code="figure")
    else:
        found = counting.behind(one, of, as_of=as_of, organ_ids=sorted(organs.line(organ_id)))
        total, label = found.count(), FIGURES[name]
        page = asked.page_of(asked.number(request, "page", 1), total, size=RECORDS)
        start = (page.number - 1) * RECORDS
        rows = [_record(each, organs) for each in cards_of(found[start : start + RECORDS], as_of=as_of)]
    context = {
        "rows": rows, "columns": RECORD_COLUMNS, "total": total, "label": label, "as_of": as_of, "measure": one,
        "organ": organs.card(organ_id).short, "of": of,
        "page": asked.page_of(asked.number(request, "page", 1), total, size=RECORDS),
        "trail": [("半年报告", reverse("desk:reports")), (of.title, address(card))],
    }  # fmt: skip
    return render(request, "desk/report_records.html", context)


def _item(cell: CatalogueCell) -> dict[str, Any]:
    url = asked.link("desk:records", organ=cell.organ_id, kind=cell.item.kind)
    title = {"text": cell.item.title, "url": url, "sub": cell.period}
    return {"cells": [title, cell.item.id, cell.organ, cell.due_on or "—", "—", {"standing": "missing"}], "state": ""}


def _case(case: Case, organs: Directory) -> dict[str, Any]:
    title = {"text": case.number, "url": reverse("desk:record", args=[case.entry_id]), "sub": case.stage}
    outcome = {"standing": "open", "standing_label": "、".join(case.outcomes) or "审结"}
    cells = [title, case.number, organs.card(case.organ_id).short, case.filed_on, case.concluded_on or "—", outcome]
    return {"cells": cells, "state": ""}


def _record(card: PromiseCard, organs: Directory) -> dict[str, Any]:
    duty = card.duty
    title = {
        "text": kind_title(card.kind, card.record) if card.kind else card.title,
        "url": reverse("desk:record", args=[card.record.id]) if card.kind else "",
        "sub": duty.what,
    }
    standing = {"standing": DUTY_BADGES[duty.standing], "standing_label": duty.standing.label}
    cells = [title, card.record.number, organs.card(duty.debtor_id).short, duty.due_on, duty.kept_on or "—", standing]
    return {"cells": cells, "state": {"broken": "overdue", "kept_late": "late"}.get(duty.standing, "")}
