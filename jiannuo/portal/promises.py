"""Promises: what was promised by whom by when, and whether somebody else confirmed it; filtered, searched, exported."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import owing, promises
from jiannuo.disclosure.queries.owing import PromiseTally
from jiannuo.disclosure.queries.promises import PublicPromise
from jiannuo.duties.rules import SUSPENDED_UNTIL, Standing
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import disclosures, parts
from jiannuo.portal.answering import number, public
from jiannuo.subjects import queries as subjects

EXPORT_LIMIT = 20_000
VIEWS = (
    ("", "全部"),
    ("broken", "逾期未兑现"),
    ("running", "进行中"),
    ("kept", "按期兑现"),
    ("kept_late", "逾期兑现"),
    ("to_verify", "待核实"),
    ("moved", "改过期限"),
    ("lifted", "依法免除"),
)
BADGES = {
    Standing.KEPT: "promise_kept",
    Standing.KEPT_LATE: "promise_late",
    Standing.BROKEN: "promise_broken",
    Standing.RUNNING: "promise_running",
    Standing.DUE_SOON: "promise_soon",
    Standing.LIFTED: "promise_lifted",
}
"""Each standing as the badge of the design: word, colour and shape say the same."""
WAITS, STILL = "promise_waits", "promise_still"
COLUMNS = (
    {"label": "承诺事项"},
    {"label": "承诺单位"},
    {"label": "兑现期限", "nowrap": True},
    {"label": "状态"},
    {"label": "进度"},
)


class Asked:
    """What the list's address asks for."""

    def __init__(self, request: HttpRequest, *, on: date) -> None:
        given = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "field", "standing", "organ")}
        self.organ = disclosures.organ_named(given["organ"], on)
        self.page = number(request.GET, "page", 1)
        line = tuple(sorted(subjects.directory(on).line(self.organ.id))) if self.organ else ()
        self.narrowed = owing.narrowed(
            kind=given["kind"],
            field=given["field"],
            standing=given["standing"],
            year=number(request.GET, "year"),
            organs=line,
            question=given["q"],
        )

    @property
    def named(self) -> dict[str, object]:
        """The same as parameters of an address."""
        one = self.narrowed
        organ = self.organ.code if self.organ else ""
        asked = {"q": one.question, "kind": one.kind, "organ": organ, "field": one.field, "year": one.year}
        return {**asked, "standing": one.standing}


@public
def promise_list(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    asked = Asked(request, on=today)
    found = promises.find(asked.narrowed, on=today, page=asked.page)
    county = policy.current().about["county"]
    chips, keep = _chips(asked), [("standing", asked.narrowed.standing)] if asked.narrowed.standing else []
    filters = _filters(asked, today)
    title = dict(VIEWS)[asked.narrowed.standing] if asked.narrowed.standing else ""
    return render(
        request,
        "portal/promises.html",
        parts.context(
            f"承诺：{title}" if title else "承诺",
            f"{county}各单位的承诺、民生实事和工作目标：谁承诺的、哪天到期、改过没有、核实兑现没有。",
            trail=parts.trail(),
            stats=stats(found.tally, asked.named),
            tabs=_tabs(asked, found.tally),
            filters=filters,
            keep=keep,
            chips=chips,
            filter_bar="" if chips else parts.filter_bar(filters, keep),
            columns=COLUMNS,
            rows=rows(found.rows),
            total=f"{found.total}+" if found.capped else found.total,
            pager=parts.Pager(found.page, found.page < found.pages, found.total, found.capped, found.pages),
            exports=[
                (form.upper(), parts.address("promises_export", form, **asked.named)) for form in disclosures.FORMS
            ],
            limit=EXPORT_LIMIT,
        ),
    )


def stats(tally: PromiseTally, asked: dict[str, object]) -> list[dict[str, object]]:
    """The four counts of promises, each leading to the promises it counts."""
    done = tally.kept + tally.kept_late + tally.broken

    def leading(standing: str) -> str:
        return parts.address("promises", **{**asked, "standing": standing})

    return [
        {
            "label": "按期兑现",
            "value": tally.kept,
            "unit": "项",
            "note": f"已到期或者已兑现的 {done:,} 项里" if done else "还没有到期的",
            "url": leading("kept"),
        },
        {
            "label": "逾期兑现",
            "value": tally.kept_late,
            "unit": "项",
            "note": "过了期限才办成",
            "url": leading("kept_late"),
        },
        {
            "label": "逾期未兑现",
            "value": tally.broken,
            "unit": "项",
            "tone": "bad" if tally.broken else "",
            "note": "期限已过，没有人核实办成",
            "url": leading("broken"),
        },
        {
            "label": "进行中",
            "value": tally.running,
            "unit": "项",
            "note": f"{tally.to_verify:,} 项已报办结、待核实" if tally.to_verify else "期限还没有到",
            "url": leading("running"),
        },
    ]


def _tabs(asked: Asked, tally: PromiseTally) -> list[dict[str, object]]:
    return [
        {
            "label": label,
            "url": parts.address("promises", **{**asked.named, "standing": standing}),
            "current": standing == asked.narrowed.standing,
            "count": tally.of(standing),
        }
        for standing, label in VIEWS
        if not standing or tally.of(standing) or standing == asked.narrowed.standing
    ]


def _filters(asked: Asked, today: date) -> list[dict[str, Any]]:
    one = asked.narrowed
    organs = [(card.code, card.short) for card in subjects.directory(today).organs]
    kinds = [(kind.id, kind.short) for kind in owing.record_kinds()]
    years = [(year, f"{year}年") for year in range(today.year + 3, today.year - disclosures.YEARS, -1)]
    return [
        {"name": "q", "label": "承诺的内容或编号", "kind": "text", "value": one.question, "wide": True},
        {"name": "organ", "label": "承诺单位", "value": asked.organ.code if asked.organ else "", "options": organs},
        {"name": "field", "label": "领域", "value": one.field, "options": [(f, f) for f in owing.promise_fields()]},
        {"name": "kind", "label": "类别", "value": one.kind, "options": kinds},
        {"name": "year", "label": "原定期限年份", "value": one.year or "", "options": years},
    ]


def _chips(asked: Asked) -> list[dict[str, object]]:
    one = asked.narrowed
    kinds = policy.current().kinds
    words = {
        "q": f"含“{one.question}”",
        "kind": kinds[one.kind].short if one.kind else "",
        "organ": asked.organ.short if asked.organ else "",
        "field": one.field,
        "year": f"原定{one.year}年到期",
        "standing": dict(VIEWS)[one.standing],
    }
    return [{"name": name, "value": value, "label": words[name]} for name, value in asked.named.items() if value]


def rows(found: Iterable[PublicPromise]) -> list[parts.Row]:
    """Public promises as rows, each leading to its page."""
    return [
        parts.Row(
            (
                parts.Cell(
                    one.title, parts.address("promise", one.identity), f"{one.kind_short} · {one.field}".rstrip(" ·")
                ),
                parts.Cell(one.organ, sub=one.office),
                due_cell(one.due_on, one.first_due_on),
                standing_cell(
                    one.standing, waits=one.waits, still=one.suspended_since is not None, kept_on=one.kept_on
                ),
                one.progress.words if one.progress.whole else "—",
            ),
            "overdue" if one.standing is Standing.BROKEN else "",
        )
        for one in found
    ]


def due_cell(due_on: date, first_due_on: date | None) -> parts.Cell:
    """A due date, and where it moved from."""
    text: object = "中止，期限另计" if due_on >= SUSPENDED_UNTIL else due_on
    return parts.Cell(text, sub=f"原定 {first_due_on}" if first_due_on else "")


def standing_cell(standing: Standing, *, waits: bool, still: bool, kept_on: date | None) -> parts.Cell:
    """How a promise stands: nothing reads as kept that nobody confirmed."""
    badge = STILL if still else BADGES[standing]
    if waits and standing is not Standing.BROKEN:
        badge = WAITS
    sub = f"{kept_on}办成，已核实" if kept_on else "已报办结，待核实" if waits else ""
    return parts.Cell(standing=badge, sub=sub)
