"""Standing badges, navigation, sorting and paging: the small logic the design system's templates need."""

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

from django import template
from django.http import HttpRequest, QueryDict
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from msgspec import Struct

register = template.Library()

STANDINGS: dict[str, tuple[str, str]] = {
    "on_time": ("按期", "good"),
    "late": ("迟报", "warn"),
    "open": ("进行中", "plain"),
    "due_soon": ("将到期", "warn"),
    "overdue": ("超期", "bad"),
    "draft": ("草稿", "quiet"),
    "to_review": ("待审核", "plain"),
    "returned": ("已退回", "warn"),
    "disclosed": ("已公示", "good"),
    "withheld": ("不予公开", "quiet"),
    "withdrawn": ("已撤下", "quiet"),
    "disputed": ("异议中", "bad"),
    "provisional": ("暂定", "dashed"),
    "works": ("系统承办", "plain"),
    "people": ("由人落实", "warn"),
    "aim": ("目标要求", "quiet"),
    "missing": ("缺失", "bad"),
    "accepted": ("已入账", "good"),
    "unchanged": ("未变", "quiet"),
    "warning": ("提醒", "warn"),
    "refused": ("不予接收", "bad"),
    "promise_kept": ("按期兑现", "good kept"),
    "promise_late": ("逾期兑现", "warn late"),
    "promise_broken": ("逾期未兑现", "bad broken"),
    "promise_running": ("进行中", "plain running"),
    "promise_soon": ("将到期", "warn soon"),
    "promise_lifted": ("依法免除", "quiet lifted"),
    "promise_waits": ("待核实", "dashed waits"),
    "promise_still": ("中止", "quiet still"),
}
"""Each standing: its word, then the tone of its badge and, for promises, the shape that tells it without colour."""

PORTAL: tuple[tuple[str, str], ...] = (
    ("portal:home", "首页"),
    ("portal:promises", "承诺"),
    ("portal:disclosures", "信息公示"),
    ("portal:plan", "承诺方案"),
    ("portal:decisions", "重大决策"),
    ("portal:catalogue", "公开目录"),
    ("portal:complain", "投诉举报"),
    ("portal:figures", "数据"),
    ("portal:organs", "单位"),
    ("portal:about", "关于"),
)
DESK: tuple[tuple[str, str], ...] = (
    ("desk:today", "今日待办"),
    ("desk:overview", "一屏总览"),
    ("desk:intake", "数据上报"),
    ("desk:review", "审核发布"),
    ("desk:promises", "承诺"),
    ("desk:cases", "案件"),
    ("desk:eligibility", "结果运用"),
    ("desk:reports", "半年报告"),
    ("desk:calendar", "日历"),
    ("desk:records", "查记录"),
    ("desk:figures", "本单位情况"),
    ("desk:lists", "权责清单"),
    ("desk:deliveries", "推送情况"),
    ("desk:handovers", "岗位交接"),
    ("desk:files", "诚信档案"),
    ("desk:my_file", "我的档案"),
    ("desk:admin", "单位与账号"),
    ("desk:trace", "查阅记录"),
)
FOR_ALL: dict[str, str] = {"desk:figures": "各单位情况"}
"""What an entry is called for those who see every organ."""
_WINDOW = 2


class NavEntry(Struct, frozen=True):
    """One entry of a navigation, current when the page lies at or below it."""

    name: str
    label: str
    url: str
    current: bool
    count: int | None


@register.simple_tag
@lru_cache(maxsize=512)
def badge(standing: str, label: str = "") -> str:
    """A standing is written in words; its colour only repeats what the words say."""
    known, tone = STANDINGS.get(standing, (standing, "plain"))
    classes = " ".join(f"badge--{name}" for name in tone.split())
    return format_html('<span class="badge {}">{}</span>', classes, label or known)


@register.simple_tag(takes_context=True)
def navigation(context: Context, face: str) -> list[NavEntry]:
    """The entries of a face whose pages exist and which the actor's `sections`, if given, allow."""
    actor = context.get("actor") if face == "desk" else None
    allowed = getattr(actor, "sections", None)
    names = FOR_ALL if getattr(actor, "sees_all", False) else {}
    counts = context.get("desk_counts") or {}
    found = []
    for name, label in DESK if face == "desk" else PORTAL:
        if allowed is not None and name not in allowed:
            continue
        if url := _address(name):
            found.append((name, names.get(name, label), url))
    current = _nearest(_path(context), [url for _, _, url in found])
    return [NavEntry(name, label, url, url == current, counts.get(name)) for name, label, url in found]


@cache
def _address(name: str) -> str:
    """The address of a page; empty where there is none."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


def _nearest(path: str, urls: Sequence[str]) -> str:
    home = min(urls, key=len, default="")
    below = [url for url in urls if path == url or (url != home and path.startswith(url))]
    return max(below, key=len, default="")


def _request(context: Context) -> HttpRequest | None:
    found = getattr(context, "request", None)
    return found if isinstance(found, HttpRequest) else None


def _path(context: Context) -> str:
    request = _request(context)
    return request.path if request else ""


def _query(context: Context) -> QueryDict:
    request = _request(context)
    return request.GET.copy() if request else QueryDict(mutable=True)


@register.simple_tag(takes_context=True)
def page_address(context: Context) -> str:
    """The full address of this page, printed on paper so that the paper can be checked."""
    request = _request(context)
    return request.build_absolute_uri() if request else ""


@register.simple_tag(takes_context=True)
def query_with(context: Context, name: str, value: object = None, param: str = "page") -> str:
    """The address of this page with one parameter set, or gone when `value` is empty; paging starts anew."""
    query = _query(context)
    query.pop(param, None)
    if value in (None, ""):
        query.pop(name, None)
    else:
        query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def query_without(context: Context, name: str, value: object = None, param: str = "page") -> str:
    """The address of this page without one value of a parameter, for the cross on a chip."""
    query = _query(context)
    query.pop(param, None)
    query.setlist(name, [] if value is None else [kept for kept in query.getlist(name) if kept != str(value)])
    if not query.getlist(name):
        query.pop(name, None)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def sorting(context: Context, key: str, default: str = "") -> dict[str, str]:
    """A sortable heading: where its link leads, how the table stands now, and the arrow that shows it."""
    query = _query(context)
    now = query.get("sort", default)
    state = {key: "ascending", f"-{key}": "descending"}.get(now, "none")
    url = query_with(context, "sort", f"-{key}" if state != "descending" else key)
    arrow = {"ascending": "up", "descending": "down"}.get(state, "updown")
    return {"url": url, "state": state, "icon": arrow}


@register.filter
def page_window(page: Any) -> list[int | None]:
    """Page numbers near the current one, with the first and, when known, the last; None is a gap."""
    last = getattr(page, "last", None) or page.number + (1 if page.has_next else 0)
    near = {n for n in range(page.number - _WINDOW, page.number + _WINDOW + 1) if 1 <= n <= last}
    numbers = sorted(near | {1} | ({last} if last else set()))
    shown: list[int | None] = []
    for number in numbers:
        if shown and shown[-1] is not None and number - shown[-1] > 1:
            shown.append(None)
        shown.append(number)
    return shown
