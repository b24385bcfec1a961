"""承诺: what organs promised, whose turn it is, and how each stands; narrowed, paged, and taken along as a workbook."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.owing import confirms, owes
from jiannuo.desk.sending import XLSX, download
from jiannuo.desk.wording import FAMILIES, badge_of, besides_reports, due_words, numbers_of, waits, what_kind
from jiannuo.duties.queries import Standing, pending
from jiannuo.duties.queries.promises import Page, PromiseCard, promises
from jiannuo.duties.rules import OPEN, SUSPENDED_UNTIL
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

TABS: Mapping[str, str] = {"waiting": "等我确认", "mine": "我单位要办的", "all": "全部"}
COLUMNS = (
    {"label": "承诺的事"},
    {"label": "单位", "short": True},
    {"label": "到期日", "nowrap": True},
    {"label": "进度", "short": True},
    {"label": "状态"},
    {"label": "等什么"},
)
HEADINGS = (
    "编号", "承诺的事", "类别", "单位", "责任岗位", "原定期限", "现在期限", "变更次数", "推迟天数", "节点", "状态", "完成日期", "确认单位", "等什么",
)  # fmt: skip
LONGEST = 5000
BESIDES = "半年报告以外的"


class Asked(Struct, frozen=True):
    """What the list is asked for: whose, of which kinds, in which standings, due when, saying what."""

    tab: str
    kinds: tuple[str, ...]
    kind: str
    family: str
    organ: int
    standings: frozenset[Standing]
    first: date | None
    last: date | None
    question: str

    def found(self, actor: Actor, organs: Directory, today: date, *, page: int = 1, size: int = asked.PER_PAGE) -> Page:
        """The promises within the actor's reach that were asked for."""
        reach = access.scope(actor, "records.read")
        open_only = self.tab != "all" and not self.standings
        return promises(
            as_of=today,
            kinds=self.kinds,
            organ_ids=self._organs(actor, organs),
            confirmer_ids=confirms(actor) if self.tab == "waiting" else None,
            waiting=self.tab == "waiting",
            standings=OPEN if open_only else self.standings,
            with_milestones=self.tab != "all" or bool(self.kind),
            first=self.first,
            last=self.last,
            question=self.question,
            reach=reach if self.tab == "all" else None,
            page=page,
            size=size,
        )

    def _organs(self, actor: Actor, organs: Directory) -> frozenset[int] | None:
        asked_of = organs.line(self.organ) if self.organ in organs.cards else None
        if self.tab == "mine":
            return actor.scope if asked_of is None else actor.scope & asked_of
        return asked_of


def _asked(request: DeskRequest) -> Asked:
    duties, known = policy.current().duties, pending.promised()
    kind, family = request.GET.get("kind", ""), request.GET.get("family", "")
    kind = kind if kind in known else ""
    several = [kind] if kind else [name for name in known if not family or duties[name].family in family.split(",")]
    tab = request.GET.get("tab", "")
    named = request.GET.get("standing", "").split(",")
    return Asked(
        tab=tab if tab in TABS else _first_tab(request.actor),
        kinds=tuple(several),
        kind=kind,
        family=family,
        organ=asked.number(request, "organ"),
        standings=frozenset(one for one in Standing if one.value in named),
        first=asked.day(request, "first"),
        last=asked.day(request, "last"),
        question=request.GET.get("q", "").strip()[:60],
    )


def _first_tab(actor: Actor) -> str:
    return "mine" if owes(actor) else "all"


@desk_view("records.read")
def promises_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    wanted = _asked(request)
    organs = subjects.directory(today)
    found = wanted.found(request.actor, organs, today, page=asked.number(request, "page", 1))
    options = asked.organ_options(organs, access.scope(request.actor, "records.read"))
    filters = _filters(wanted, options)
    context = {
        "tabs": _tabs(request.actor, wanted, today),
        "rows": [_row(card, organs) for card in found.rows],
        "columns": COLUMNS,
        "page": asked.Page(found.page, found.total, found.pages),
        "filters": filters,
        "keep": [("tab", wanted.tab)],
        "chips": asked.chips(_words(options), request),
        "clear": asked.link("desk:promises", tab=wanted.tab),
        "export": f"{reverse('desk:promises_file')}?{request.GET.urlencode()}",
        "slips": reverse("desk:slips"),
        "entry": _entry(request.actor),
    }
    return render(request, "desk/promises.html", context)


def _entry(actor: Actor) -> str:
    """Where a new promise is written down, for those who may."""
    kinds = [kind.id for kind in policy.current().kinds.values() if kind.family == "promise" and kind.opens]
    sends = kinds and access.may(actor, "intake.send", actor.organ_id)
    return reverse("desk:entry", args=[kinds[0]]) if sends else ""


def _tabs(actor: Actor, wanted: Asked, today: date) -> list[dict[str, Any]]:
    counts = pending.counts(debtors=owes(actor), confirmers=confirms(actor), as_of=today)
    numbers = {"waiting": counts.to_confirm, "mine": counts.ours, "all": None}
    shown = [name for name in TABS if (name != "waiting" or confirms(actor)) and (name != "mine" or owes(actor))]
    return [
        {
            "label": TABS[name],
            "url": asked.link("desk:promises", tab=name),
            "current": name == wanted.tab,
            "count": numbers[name],
        }
        for name in shown
    ]


def _row(card: PromiseCard, organs: Directory) -> dict[str, Any]:
    title = {
        "text": card.title,
        "url": reverse("desk:promise", args=[card.duty.id]),
        "sub": " · ".join([what_kind(card), *numbers_of(card)]),
    }
    due = {"text": "—" if card.suspended_since else card.duty.due_on, "sub": due_words(card)}
    cells = [
        title,
        {"text": organs.card(card.duty.debtor_id).short, "sub": card.office},
        due,
        f"{card.progress.done}/{card.progress.whole}个节点" if card.progress.whole else "—",
        badge_of(card),
        waits(card, organs),
    ]
    return {"cells": cells, "state": {"broken": "overdue", "kept_late": "late"}.get(card.duty.standing, "")}


def _filters(wanted: Asked, organs: list[tuple[int, str]]) -> list[dict[str, Any]]:
    duties = policy.current().duties
    families = dict.fromkeys(duties[name].family for name in pending.promised())
    filters: list[dict[str, Any]] = [
        {"name": "q", "label": "编号、单位岗位或者任何一段文字", "kind": "text", "value": wanted.question, "wide": True}
    ]
    if len(families) > 1:
        options = [*((name, FAMILIES.get(name, name)) for name in families), (besides_reports(), BESIDES)]
        filters.append({"name": "family", "label": "大类", "value": wanted.family, "options": options})
    kinds = [(name, duties[name].what) for name in pending.promised()]
    filters.append({"name": "kind", "label": "类别", "value": wanted.kind, "options": kinds})
    filters.append(
        {
            "name": "standing",
            "label": "状态",
            "value": ",".join(wanted.standings),
            "options": [(one.value, one.label) for one in Standing],
        }
    )
    if len(organs) > 1:
        filters.append({"name": "organ", "label": "单位", "value": wanted.organ or "", "options": organs})
    days = (("first", "到期日自", wanted.first), ("last", "至", wanted.last))
    filters += [
        {"name": name, "label": label, "kind": "date", "value": day.isoformat() if day else ""}
        for name, label, day in days
    ]
    return filters


def _words(organs: list[tuple[int, str]]) -> dict[str, dict[str, str]]:
    duties = policy.current().duties
    return {
        "q": {"*": "包含"},
        "family": {name: f"大类：{words}" for name, words in {**FAMILIES, besides_reports(): BESIDES}.items()},
        "kind": {name: f"类别：{duties[name].what}" for name in pending.promised()},
        "standing": {one.value: f"状态：{one.label}" for one in Standing},
        "organ": {str(number): f"单位：{name}" for number, name in organs},
        "first": {"*": "到期日自"},
        "last": {"*": "到期日至"},
    }


@desk_view("records.read")
def promises_file(request: DeskRequest) -> HttpResponse:
    """The list as a workbook, as it is narrowed on the page."""
    today = clock.today()
    organs = subjects.directory(today)
    found = _asked(request).found(request.actor, organs, today, size=LONGEST)

    def rows() -> Iterator[list[str]]:
        for card in found.rows:
            yield _cells(card, organs)

    return download(workbooks.export(HEADINGS, rows(), title="承诺"), f"承诺{today:%Y%m%d}.xlsx", XLSX)


def _cells(card: PromiseCard, organs: Directory) -> list[str]:
    due_on = "" if card.duty.due_on == SUSPENDED_UNTIL else card.duty.due_on.isoformat()
    return [
        card.record.number if card.kind else "",
        card.title,
        what_kind(card),
        organs.card(card.duty.debtor_id).name,
        card.office,
        (card.first_due_on or card.duty.due_on).isoformat() if card.first_due_on or due_on else "",
        due_on,
        str(card.amendments),
        str(card.moved_days) if card.first_due_on and due_on else "",
        card.progress.words,
        badge_of(card)["standing_label"],
        card.duty.kept_on.isoformat() if card.duty.kept_on else "",
        organs.card(card.confirmer_id).name if card.confirmer_id else "",
        waits(card, organs),
    ]
