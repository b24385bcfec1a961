"""What can be wrong with deadlines, duties, publication filters, sites and `pack.toml`."""

import hashlib
from collections.abc import Collection, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from jiannuo.policy.checking.kinds import params_hold
from jiannuo.policy.checking.sources import Line, Sources
from jiannuo.policy.deadlines import UNITS
from jiannuo.policy.publishing import PUBLISH_CHECKS
from jiannuo.policy.reading import words

CONFIRMED_FOR = timedelta(days=365)
CONFIRMERS = ("lead", "named", "oversight", "creditor")
COUNTY_KEYS = {
    "county": "县名",
    "portal": "门户名称",
    "desk": "工作台名称",
    "lead": "牵头机关",
    "text_digest": "方案原文摘要",
    "site": "公示网站",
}
KEPT_BY = ("publication", "withdrawal", "record", "confirmation", "step")
FAMILIES = ("disclosure", "promise", "suggestion", "service", "report", "task", "case", "standing")
EVERY = ("", "half", "year", "once", "task")
VALUE_KEYS = frozenset({"since", "checked", "limit", "unit", "warn", "roll", "repealed", "note", "days"})
DEADLINE_KEYS = frozenset({"what", "clause", "source", "start", "assumed", "value"})
DUTY_MUST = ("what", "deadline", "kept_by", "confirmed_by")
DUTY_KEYS = frozenset(
    {
        *DUTY_MUST,
        "clause",
        "source",
        "family",
        "opened_when",
        "starts",
        "stated",
        "longest",
        "mend",
        "every",
        "who",
        "assumed",
    }
)
FILTER_MUST = (
    "id", "title", "check", "outcome", "source", "jurisdiction", "reason", "fix", "kinds", "since", "select_by",
)  # fmt: skip
FILTER_KEYS = frozenset({*FILTER_MUST, "until", "assumed", "params"})


def deadlines(sources: Sources, clauses: set[str], carried: set[str]) -> set[str]:
    """Report all that is wrong with the deadlines; their ids."""
    names: set[str] = set()
    for path in _paths(sources, "deadlines.toml"):
        for name, entry in sources.toml(path).items():
            names.add(name)
            label = sources.label(path)
            if not is_table(sources, label, name, entry, DEADLINE_KEYS, ("what", "start")):
                continue
            backed(sources, (label, name, entry), clauses, carried=f"deadline:{name}" in carried)
            _values(sources, label, name, entry.get("value", []))
    return names


def _values(sources: Sources, label: str, name: str, values: list[dict[str, Any]]) -> None:
    if not values:
        sources.report(label, name, "没有取值", f"请加 [[{name}.value]]，写明since、checked、limit、unit")
    days = [value["since"] for value in values if isinstance(value.get("since"), date)]
    for value in values:
        entry = f"{name} 自{value.get('since', '？')}起"
        if strange := sorted(value.keys() - VALUE_KEYS):
            sources.report(label, entry, f"不认识的项{'、'.join(strange)}", f"只能有：{'、'.join(sorted(VALUE_KEYS))}")
        if days.count(value.get("since")) > 1:
            sources.report(label, entry, "同一天起有两个取值", "取值不改只接续，请删去一个")
        if dates_hold(sources, label, entry, value):
            fresh(sources, label, entry, value, days)
        if not value.get("repealed"):
            _limit(sources, label, entry, value)


def dates_hold(sources: Sources, label: str, entry: str, value: Mapping[str, Any]) -> bool:
    """Whether a dated value says since when it holds and when it was last confirmed."""
    wrong = [key for key in ("since", "checked") if not isinstance(value.get(key), date)]
    for key in wrong:
        sources.report(label, entry, f"“{key}”没有填或者不是日期", "写成2026-09-23，不加引号")
    return not wrong


def fresh(sources: Sources, label: str, entry: str, value: Mapping[str, Any], days: list[date]) -> None:
    """Report a value that was confirmed ahead of time, or so long ago that it must be confirmed again."""
    if value["checked"] > sources.as_of:
        sources.report(label, entry, f"确认日期{value['checked']}在今天以后", "“checked”填实际对照原文的日子")
    stands = value["since"] == max((day for day in days if day <= sources.as_of), default=None)
    if stands and value["checked"] + CONFIRMED_FOR < sources.as_of:
        message = f"现行取值上次确认是{value['checked']}，已超过一年"
        sources.report(
            label, entry, message, "请对照原文确认后更新“checked”；已有新规定的，接续一个新的取值", "warning"
        )


def _limit(sources: Sources, label: str, entry: str, value: Mapping[str, Any]) -> None:
    limit, warn, unit = value.get("limit"), value.get("warn", 0), value.get("unit")
    if unit == "fixed":
        _days(sources, label, entry, value.get("days", []))
    elif unit != "stated" and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        sources.report(label, entry, f"“limit”写的“{limit}”不对", "填正整数，如7")
    if not isinstance(warn, int) or isinstance(warn, bool) or warn < 0:
        sources.report(label, entry, f"“warn”写的“{warn}”不对", "填提前几天提醒，如2；不提醒的填0")
    if unit not in UNITS:
        fix = "只能是workday（工作日）、day（自然日）、month（月）、year（年）、fixed（固定日期）、stated（写明的日期）"
        sources.report(label, entry, f"“unit”写的“{unit}”不认识", fix)


def _days(sources: Sources, label: str, entry: str, days: Any) -> None:
    if not isinstance(days, list) or not days or not all(_is_day(text) for text in days):
        sources.report(label, entry, f"“days”写的“{days}”不对", '固定日期写月-日，如["07-10", "01-10"]')


def _is_day(text: Any) -> bool:
    # Every year has the day: the 29th of February is none.
    try:
        return isinstance(text, str) and len(text) == 5 and bool(date.fromisoformat(f"2025-{text}"))
    except ValueError:
        return False


def duties(sources: Sources, clauses: set[str], due: set[str], opened: set[str]) -> set[str]:
    """Report all that is wrong with the kinds of duty; their ids. `opened` holds those that some kind of fact opens."""
    names: set[str] = set()
    for path in _paths(sources, "duties.toml"):
        label = sources.label(path)
        for name, entry in sources.toml(path).items():
            names.add(name)
            if not is_table(sources, label, name, entry, DUTY_KEYS, DUTY_MUST):
                continue
            backed(sources, (label, name, entry), clauses, carried=False)
            for key in ("deadline", "longest", "mend"):
                if sources.county and entry.get(key) and entry[key] not in due:
                    sources.report(label, name, f"没有时限“{entry[key]}”", f"“{key}”填deadlines.toml里的编号")
            _choices(sources, label, name, entry)
            if name not in opened and not entry.get("every"):
                sources.report(
                    label, name, "没有哪类事实会产生这项义务", "请在kinds/*.toml的“opens”里写上它", "warning"
                )
    return names


def _choices(sources: Sources, label: str, name: str, entry: Mapping[str, Any]) -> None:
    choices = (("kept_by", KEPT_BY), ("confirmed_by", CONFIRMERS), ("family", FAMILIES), ("every", EVERY))
    for key, allowed in choices:
        if key in entry and entry[key] not in allowed:
            known = "、".join(filter(None, allowed))
            sources.report(label, name, f"“{key}”写的“{entry[key]}”不认识", f"只能是：{known}")
    if entry.get("every") not in ("", None, "task") and not entry.get("who"):
        sources.report(label, name, "按期产生的义务没有写由谁承担", "请在“who”里写机关编号或者“type:类型”")


def filters(sources: Sources, kinds: set[str]) -> set[str]:
    """Report all that is wrong with the publication filters; their ids."""
    seen: dict[str, str] = {}
    for path in _paths(sources, "publish.toml"):
        label = sources.label(path)
        for entry in sources.toml(path).get("filter", ()):
            name = str(entry.get("id", "（无编号）"))
            if not is_table(sources, label, name, entry, FILTER_KEYS, FILTER_MUST):
                continue
            if name in seen:
                sources.report(label, name, f"编号与{seen[name]}里的重复", "请给这条另起编号")
            seen[name] = label
            _filter(sources, label, name, entry, kinds)
    return set(seen)


def _filter(sources: Sources, label: str, name: str, entry: Mapping[str, Any], kinds: set[str]) -> None:
    for key, allowed in (("outcome", ("withhold", "ask")), ("select_by", ("decision_date", "publication_date"))):
        if entry[key] not in allowed:
            sources.report(label, name, f"“{key}”写的“{entry[key]}”不认识", f"只能是：{'、'.join(allowed)}")
    for kind in entry["kinds"]:
        if kind not in kinds:
            sources.report(label, name, f"没有事实种类“{kind}”", "“kinds”填kinds/下的文件名，不带.toml")
    since, until = entry["since"], entry.get("until", date.max)
    if not isinstance(since, date) or not isinstance(until, date):
        sources.report(label, name, "“since”或者“until”不是日期", "写成2026-09-23，不加引号")
    elif until < since:
        sources.report(label, name, f"到{until}为止，却从{since}开始", "“until”是最后一天，不能早于“since”")
    if entry["check"] not in PUBLISH_CHECKS:
        sources.report(label, name, f"没有检查“{entry['check']}”", f"只能是：{'、'.join(PUBLISH_CHECKS)}")
    else:
        params_hold(sources, label, name, entry.get("params", {}), PUBLISH_CHECKS[entry["check"]])


def about(sources: Sources, clauses: list[Line], organs: set[str]) -> None:
    """Report what is wrong with `pack.toml`: its own name, the sites it publishes to, the county's document and lead organ."""
    for path in _paths(sources, "pack.toml"):
        label, entry = sources.label(path), sources.toml(path)
        for key in ("id", "title", "document", "jurisdiction", "since"):
            if entry and not entry.get(key):
                sources.report(label, key, "没有填", f"请写明{key}")
        if entry and not isinstance(entry.get("since", date.max), date):
            sources.report(label, "since", "不是日期", "写成2026-09-23，不加引号")
        _sites(sources, label, entry.get("site", []))
    if sources.county:
        _county(sources, clauses, organs)


def _sites(sources: Sources, label: str, sites: list[dict[str, Any]]) -> None:
    for site in sites:
        name = f"site {site.get('id', '（无编号）')}"
        if set(site) != {"id", "name", "carrier"} or site["carrier"] not in ("portal", "http"):
            fix = "每个[[site]]写id、name，carrier填portal（本门户）或者http（其他网站）"
            sources.report(label, name, "公示网站没有写全", fix)
        if [other.get("id") for other in sites].count(site.get("id")) > 1:
            sources.report(label, name, "编号重复", "请给这个网站另起编号")


def _county(sources: Sources, clauses: list[Line], organs: set[str]) -> None:
    label, entry = sources.label(sources.pack.folder / "pack.toml"), sources.about
    for key, what in COUNTY_KEYS.items():
        if not entry.get(key):
            sources.report(label, key, f"没有填{what}", f"县的策略包要写明{what}")
    if entry.get("lead") and entry["lead"] not in organs:
        sources.report(label, "lead", f"牵头机关“{entry['lead']}”不在机关名录里", "填organs.csv里的机关编号")
    text = "".join("".join(line["text"] for line in clauses).split())
    digest = hashlib.sha256(text.encode()).hexdigest()
    if entry.get("text_digest") and entry["text_digest"] != digest:
        fix = f"请逐句对照文件改正；确认一字不差后，把text_digest改为“{digest}”"
        sources.report(label, "text_digest", "clauses.csv连起来与登记的原文摘要不符", fix)


def _paths(sources: Sources, name: str) -> list[Path]:
    return [folder / name for folder in sources.farthest_first]


def is_table(
    sources: Sources, label: str, name: str, entry: Any, known: Collection[str], must: Collection[str]
) -> bool:
    """Whether an entry is a table with what it must have; what is strange or missing is reported."""
    if not isinstance(entry, dict):
        sources.report(label, name, "不是一个条目", f"请写成 [{name}]，下面逐行写各项")
        return False
    if strange := sorted(entry.keys() - set(known)):
        sources.report(label, name, f"不认识的项{'、'.join(strange)}", f"只能有：{'、'.join(sorted(known))}")
    if missing := [key for key in must if not entry.get(key)]:
        sources.report(label, name, f"缺少{'、'.join(missing)}", "请补上")
    return not missing


def backed(sources: Sources, at: tuple[str, str, Mapping[str, Any]], clauses: set[str], *, carried: bool) -> None:
    """Every entry stands on a sentence of the document or on a source; a gap is filled only by someone who says so."""
    label, name, entry = at
    clause = entry.get("clause", "")
    if clause and sources.county and clause not in clauses:
        sources.report(label, name, f"没有条款“{clause}”", "“clause”填clauses.csv里句子的编号或者所属标题")
    if not clause and not carried and not words(entry.get("source", "")) and not entry.get("assumed"):
        sources.report(
            label,
            name,
            "没有依据",
            "请写clause（方案的哪一句）或者source（哪部法律、哪个文件）；都没有的写assumed，说明由谁按什么理由补上",
        )
