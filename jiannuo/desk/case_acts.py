"""Taking a step of a case, and opening one: a form drawn from the procedure's table, kept as typed where something is wrong."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from jiannuo.access import rules as access
from jiannuo.assessment.actions import proving
from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Given
from jiannuo.cases.rules import Taker
from jiannuo.desk import applications, checking
from jiannuo.desk.acting import ACCEPT, FILES
from jiannuo.desk.case import facts, opening_fields, reading_of, way_here
from jiannuo.desk.fields import field_of, typed
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.duties.actions import Upload
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects

SPARE_FILES = "选择材料（可以不附）"
MOST_SPARE = 4
"""So many boxes that may be left empty stand among the others; more are folded away behind them."""


@sensitive_post_parameters()
@desk_view(None)
def step_page(request: DeskRequest, case_id: int, step: str) -> HttpResponse:
    """One step taken, or its form."""
    found = reading_of(request, case_id)
    row = found.card.flow.by_id.get(step)
    if row is None or row.by == "clock":
        raise Http404
    kind = queries.asked(found.card, row)
    titles = applications.collected(row, found)
    refused: Refused | None = None
    if request.method == "POST":
        try:
            proving.take(
                case_id,
                step=step,
                given=_given(request, kind, found.card.flow, row, titles),
                taker=Taker(request.actor),
                on=clock.today(),
                at=clock.now(),
                address=address_of(request),
            )
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            return _done(request, case_id, row)
    context = (
        applications.beside(found)
        | _papers_of(row, titles)
        | _form(request, [kind] if kind else [], refused)
        | {
            "title": row.title,
            "about": f"{found.card.flow.short} {found.card.number} {found.card.title}",
            "lead": row.hint,
            "words": _words(request, row, refused, first=applications.first_words(row, found))
            if "words" in row.needs or not kind
            else None,
            "checklist": checking.form(request, found, row, _errors(refused)),
            "organs": _organs(request, row),
            "lines": _lines(request, queries.asked(found.card, row, lines=True), refused),
            "tells": _tells(row),
            "facts": facts(found.card, subjects.directory(clock.today())),
            "said": opening_fields(found),
            "back": reverse("desk:case", args=[case_id]),
            "trail": [way_here(request), (found.card.number, reverse("desk:case", args=[case_id]))],
        }
    )
    return render(request, "desk/case_act.html", context, status=422 if refused else 200)


@sensitive_post_parameters()
@desk_view(None)
def open_page(request: DeskRequest, flow: str) -> HttpResponse:
    """A case entered at the desk, or by the official it is about, or its form; the receipt of one entered for a citizen is shown once."""
    found = policy.current().flows.get(flow)
    if not (found and request.actor.official and "subject" in found.opened_by):
        access.demand(request.actor, "cases.handle")
    if found is None or not {*found.opened_by} - {"case"}:
        raise Http404
    item = applications.item_of(request.POST.get("record", "") or request.GET.get("record", ""))
    if found.about == "item" and item is None:
        return applications.choosing(request, found)
    kinds = cases.asked_at_opening(found, web=False)
    titles = cases.list_of(item) if found.about == "item" and item else []
    refused: Refused | None = None
    if request.method == "POST":
        try:
            opened = _open(request, found, kinds, titles)
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
        else:
            if opened.code:
                return _receipt(request, found, opened, item if titles else None)
            messages.success(request, f"已登记，编号{opened.number}。")
            return redirect("desk:case", opened.case_id)
    context = _form(request, kinds, refused) | {
        "title": f"登记{found.title}",
        "about": applications.item_name(item) if found.about == "item" and item else found.backing,
        "paper_boxes": applications.boxes(titles),
        "paper_hint": "政府部门已经有的不用收：受理时按统一社会信用代码、证件号码核对。缺的可以先不附，五个工作日内一次告知。",
        "lead": "替人登记的，请把登记后给出的回执码告诉本人：凭它查进度、补充情况、评价。"
        if "public" in found.opened_by
        else "",
        "organs": None,
        "takes_files": True,
        "files_label": SPARE_FILES,
        "needs_files": found.papers,
        "back": way_here(request)[1],
        "trail": [way_here(request)],
        "record": request.GET.get("record", ""),
    }
    return render(request, "desk/case_act.html", context, status=422 if refused else 200)


def _receipt(request: DeskRequest, flow: Flow, opened: cases.Opened, item: EntryCard | None) -> HttpResponse:
    """The code for whoever it was entered for, shown this once, with the papers that were taken in."""
    context = {
        "opened": opened,
        "flow": flow,
        "item": applications.item_name(item) if item else "",
        "papers": applications.received(opened.case_id) if item else [],
        "today": clock.today(),
        "trail": [way_here(request)],
    }
    return render(request, "desk/case_opened.html", context)


def _open(request: DeskRequest, flow: Flow, kinds: Sequence[Kind], titles: Sequence[str]) -> cases.Opened:
    fields: dict[str, str] = {}
    for kind in kinds:
        fields |= typed(kind, request.POST)
    record = request.POST.get("record", "") or request.GET.get("record", "")
    return cases.open_case(
        flow.id,
        fields=fields,
        taker=Taker(request.actor),
        on=clock.today(),
        at=clock.now(),
        token=request.POST.get("token", ""),
        files=_files(request, titles),
        record_id=int(record) if record.isascii() and record.isdigit() else None,
    )


def _papers_of(step: Step, titles: Sequence[str]) -> dict[str, Any]:
    """What a step's form asks for as files: a box for each paper that it brings, and one for what else there is."""
    return {
        "paper_boxes": applications.boxes(titles),
        "paper_hint": "一格一份；这次没有补来的空着。至少收一份。",
        "takes_files": "answers" not in step.needs,
        "files_label": "别的材料（可以不附）" if titles else SPARE_FILES,
        "needs_files": "papers" in step.needs and not titles,
    }


def _files(request: DeskRequest, titles: Sequence[str] = ()) -> list[Upload]:
    """The files as they came, those that were asked for by name under the name of the paper."""
    named = [
        Upload(file.name or "", file.read(), title)
        for place, title in enumerate(titles)
        for file in request.FILES.getlist(f"paper.{place}")
    ]
    return [*named, *(Upload(file.name or "", file.read()) for file in request.FILES.getlist("papers"))]


def _done(request: DeskRequest, case_id: int, step: Step) -> HttpResponse:
    """Whoever answers a checklist goes on with it; everybody else sees the case."""
    messages.success(request, "已记下。" if "answers" in step.needs else f"已{step.title}。")
    return redirect("desk:case_step", case_id, step.id) if "answers" in step.needs else redirect("desk:case", case_id)


def _given(request: DeskRequest, kind: Kind | None, flow: Flow, step: Step, titles: Sequence[str]) -> Given:
    return Given(
        answers=checking.given(request, flow, step),
        words=request.POST.get("words", ""),
        files=_files(request, titles),
        fields=typed(kind, request.POST) if kind else {},
        organs=request.POST.getlist("organs"),
        lines=request.POST.get("lines", ""),
        token=request.POST.get("token", ""),
    )


def _form(request: DeskRequest, kinds: Sequence[Kind], refused: Refused | None) -> dict[str, Any]:
    errors = _errors(refused)
    boxes = [
        field_of(kind, field, typed(kind, request.POST), errors, clock.today()) for kind in kinds for field in kind.fields if field.need != "B"
    ]  # fmt: skip
    # What may be left out stands behind what must be filled in, where it is so much that it would hide it.
    spare = [one for one in boxes if not (one.required or one.error)]
    folded = spare if len(spare) > MOST_SPARE else []
    return {
        "boxes": [one for one in boxes if one not in folded],
        "folded": folded,
        "is_unfolded": any(one.value for one in folded),
        "refusal": refused,
        "accept": ACCEPT,
        "files_hint": FILES,
        "files_error": errors.get("papers", ""),
        "organs_error": errors.get("organs", ""),
        # The same form sent twice is one sending.
        "token": request.POST.get("token") or uuid4().hex,
    }


def _errors(refused: Refused | None) -> dict[str, str]:
    return {refused.field: refused.message} if refused and refused.field else {}


def _words(request: DeskRequest, step: Step, refused: Refused | None, *, first: str = "") -> dict[str, Any]:
    return {
        "label": step.what or "说明",
        "value": request.POST.get("words", first),
        "required": "words" in step.needs,
        "error": refused.message if refused and refused.field == "words" else "",
    }


def _lines(request: DeskRequest, kind: Kind | None, refused: Refused | None) -> dict[str, Any] | None:
    """The box for facts that are written one to a line, and what a line says in which order."""
    if kind is None:
        return None
    fields = [
        f"{one.title}（{'、'.join(codes)}）" if (codes := kind.codes_on(one.codes, clock.today())) else one.title
        for one in kind.fields
    ]
    return {
        "label": kind.title,
        "value": request.POST.get("lines", ""),
        "hint": f"一行一个，用逗号隔开，依次写：{'，'.join(fields)}。也可以从表格里整块粘贴。",
        "error": refused.message if refused and refused.field == "lines" else "",
    }


def _organs(request: DeskRequest, step: Step) -> dict[str, Any] | None:
    if not {"organ", "organs"} & set(step.needs):
        return None
    options = [(organ.code, organ.short) for organ in subjects.directory(clock.today()).organs]
    chosen = request.POST.getlist("organs")
    return {"several": "organs" in step.needs, "options": options, "chosen": chosen, "value": next(iter(chosen), "")}


def _tells(step: Step) -> str:
    who = [word for told, word in ((step.answers, "提出人"), (step.tells, "当事人")) if told]
    if step.public:
        return "写的话会向社会公开。"
    return f"写的话会告诉{'和'.join(who)}。" if who else "写的话只有承办的单位看得到。"
