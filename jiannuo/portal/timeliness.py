"""What had to be public by when and how it stands: the records behind every rate. What is not public yet is not named."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import totals
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import DutyCard, Standing, county
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

SIZE = 30
DECISION = "disclose_decision"
BADGES: Mapping[Standing, str] = {
    Standing.RUNNING: "open",
    Standing.DUE_SOON: "due_soon",
    Standing.KEPT: "on_time",
    Standing.KEPT_LATE: "late",
    Standing.BROKEN: "overdue",
    Standing.LIFTED: "withheld",
}
VIEWS = (
    ("", "全部"),
    ("kept", "按期"),
    ("kept_late", "迟报"),
    ("broken", "超期未办"),
    ("running,due_soon", "期限内"),
    ("lifted", "已免除"),
)
COLUMNS = (
    {"label": "文号"},
    {"label": "责任单位"},
    {"label": "起算日", "nowrap": True},
    {"label": "最迟日期", "nowrap": True},
    {"label": "办结日期", "nowrap": True},
    {"label": "状态"},
)


@public
def timeliness(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    directory = subjects.directory(today)
    organ = _organ(request.GET.get("organ", ""), directory)
    first, last = _day(request, "first"), _day(request, "last")
    standing = request.GET.get("standing", "")
    kind = request.GET.get("kind", "") or DECISION
    if kind not in policy.current().duties:
        raise Refused(f"没有“{kind}”这种责任事项", fix="请从页面的选项中选择", field="kind")
    page = county.standing_now(
        kind,
        duties.standings(standing),
        on=today,
        organ_ids=sorted(directory.line(organ.id) if organ else directory.cards),
        first=first,
        last=last,
        limit=SIZE,
        after=request.GET.get("after", ""),
    )
    asked = {name: request.GET.get(name, "") for name in ("organ", "standing", "first", "last")} | {"kind": kind}
    return render(
        request,
        "portal/timeliness.html",
        parts.context(
            "公示时效",
            "每一条应当公示的决定：责任单位、最迟日期、是否按期。",
            trail=parts.trail(),
            tabs=_tabs(asked, standing),
            filters=_filters(asked, directory, organ),
            keep=[("standing", standing)] if standing else [],
            chips=_chips(asked, organ),
            columns=COLUMNS,
            rows=_rows(page.duties, directory),
            total=page.total,
            more=parts.address("timeliness", **asked, after=page.after) if page.after else "",
        ),
    )


def _organ(text: str, directory: Directory) -> OrganCard | None:
    """An organ by number or code; nothing where none is asked for."""
    if not text:
        return None
    if text.isdigit() and int(text) in directory.cards:
        return directory.card(int(text))
    found = directory.find(text)
    if found is None:
        raise Refused(f"没有找到“{text}”这个单位", fix="请从“单位”页选择", field="organ")
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        raise Refused(f"“{text}”不是日期", fix="请写成 2026-09-03 这样", field=name)
    return day


def _tabs(asked: dict[str, str], standing: str) -> list[dict[str, object]]:
    wanted = duties.standings(standing)
    return [
        {
            "label": label,
            "url": parts.address("timeliness", **{**asked, "standing": value}),
            "current": duties.standings(value) == wanted,
        }
        for value, label in VIEWS
    ]


def _filters(asked: dict[str, str], directory: Directory, organ: OrganCard | None) -> list[dict[str, object]]:
    organs = [(card.code, card.short) for card in directory.organs]
    kinds = [(kind.id, kind.what) for kind in policy.current().duties.values()]
    return [
        {"name": "kind", "label": "责任事项", "value": asked["kind"], "options": kinds},
        {"name": "organ", "label": "责任单位", "value": organ.code if organ else "", "options": organs},
        {"name": "first", "label": "最迟日期自", "kind": "date", "value": asked["first"]},
        {"name": "last", "label": "至", "kind": "date", "value": asked["last"]},
    ]


def _chips(asked: dict[str, str], organ: OrganCard | None) -> list[dict[str, object]]:
    words = {
        "organ": organ.short if organ else "",
        "first": f"最迟日期 {asked['first']} 起",
        "last": f"到 {asked['last']}",
    }
    return [{"name": name, "value": asked[name], "label": label} for name, label in words.items() if asked[name]]


def _rows(cards: tuple[DutyCard, ...], directory: Directory) -> list[parts.Row]:
    """A record that is public leads to its page; of one that is not, only whose it is and by when is told."""
    public_ones = totals.addresses(card.entry_id for card in cards)
    return [_row(card, public_ones.get(card.entry_id), directory) for card in cards]


def _row(card: DutyCard, shown: totals.Address | None, directory: Directory) -> parts.Row:
    if shown:
        title = parts.Cell(shown.number or card.what, parts.address("record", shown.identity))
    else:
        title = parts.Cell("尚未公示" if card.is_open else "不在公示", sub=f"编号 {card.id}")
    standing = parts.Cell(standing=BADGES[card.standing], standing_label=_label(card))
    days = (card.started_on, parts.Cell(card.due_on, sub="暂定" if card.provisional else ""), card.kept_on or "—")
    state = {"overdue": "overdue", "late": "late"}.get(BADGES[card.standing], "")
    return parts.Row((title, directory.card(card.debtor_id).short, *days, standing), state)


def _label(card: DutyCard) -> str:
    late = -card.workdays_left
    if card.standing is Standing.BROKEN:
        return f"超期 {late} 个工作日"
    if card.standing is Standing.KEPT_LATE:
        return f"迟报 {late} 个工作日"
    return "已免除" if card.standing is Standing.LIFTED else ""
