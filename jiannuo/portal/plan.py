"""The document itself: every sentence with what carries it out here, who answers for it, and how it stands today."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from jiannuo.duties.queries.tasks import TaskState, task_states
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import Clause, DutyKind, Task
from jiannuo.policy.pack import Pack
from jiannuo.portal import parts, tasks
from jiannuo.portal.answering import public
from jiannuo.portal.sentences import FAMILIES, Standing, stands
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

NOT_YET = "尚未启用"
TASK_COLUMNS = (
    {"label": "任务"},
    {"label": "牵头单位"},
    {"label": "负责单位（原文）"},
    {"label": "时间进度（原文）"},
    {"label": "期限"},
    {"label": "平台跟踪"},
)
PAGES = {
    "home": "首页",
    "search": "搜索",
    "disclosures": "信息公示",
    "plan": "承诺方案",
    "catalogue": "公开目录",
    "organs": "单位",
    "timeliness": "公示时效",
    "promises": "承诺",
    "tasks": "重点任务",
    "suggestions": "建议提案",
    "litigation": "行政诉讼",
    "services": "政务服务",
    "inspections": "督导检查",
    "honours": "荣誉和示范",
    "opinion": "政务舆情回应",
    "reports": "半年报告",
    "complain": "投诉举报",
    "complaints": "投诉举报统计",
    "lodge": "企业反映政府违约",
    "breaches": "政府违约处理统计",
    "rules": "规则",
    "about": "关于本站",
    "decisions": "重大行政决策",
}
LEVELS = {"h1": "heading1", "h2": "heading2", "title": "heading1"}


@public
def plan(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    directory = subjects.directory(today)
    standing = Standing(today)
    states = task_states(on=today)
    sentences = [clause for clause in pack.clauses if clause.style != "table"]
    natures = Counter(clause.nature for clause in sentences)
    head = _head(pack)
    context: dict[str, Any] = {
        "trail": parts.trail(),
        "pack": pack,
        "head": head,
        "natures": natures,
        "not_yet": sum(1 for clause in sentences if clause.nature == "works" and not _carried(clause)),
        "document_parts": list(_parts(pack, directory, standing, frozenset(head["ids"]))),
        "contents": [(clause.text, clause.id) for clause in pack.clauses if clause.style == "h1"],
        "task_columns": TASK_COLUMNS,
        "tasks": [_task_row(task, states.get(task.number), directory, today) for task in pack.tasks],
        "tasks_url": parts.address("tasks"),
        "assumptions": _assumptions(pack),
        "actions": [{"label": "规则和时限", "url": parts.address("rules")}],
    }
    about = f"{pack.about['title']}（{pack.about['document']}）逐句对照：由什么承办、谁负责、今天办到哪一步。"
    return render(request, "portal/plan.html", parts.context(pack.about["title"], about, **context))


def _head(pack: Pack) -> dict[str, Any]:
    """The head of the document as it was issued: who issued it, its number, its title; they stand apart from the text."""
    notes = [clause for clause in pack.clauses if clause.style == "note"]
    issuer = next((clause for clause in notes if clause.text.endswith("文件")), None)
    number = next((clause for clause in notes if clause.text == pack.about["document"]), None)
    title = next((clause for clause in pack.clauses if clause.style == "title"), None)
    found = [clause for clause in (issuer, number, title) if clause]
    return {
        "issuer": issuer.text if issuer else pack.about["county"],
        "number": pack.about["document"],
        "title": title.text if title else pack.about["title"],
        "ids": [clause.id for clause in found],
    }


def _parts(pack: Pack, directory: Directory, standing: Standing, apart: frozenset[str]) -> Iterator[dict[str, object]]:
    """The paragraphs of the document in order; the tables of the annex follow as tables."""
    open_part: dict[str, Any] | None = None
    addressed = False
    for clause in pack.clauses:
        if clause.id in apart or clause.style == "table":
            continue
        level = LEVELS.get(clause.style, "plain")
        if clause.style == "note" and clause.text.endswith(("：", ":")) and not addressed:
            level, addressed = "to", True
        elif clause.under == "版记":
            level = "signature"
        if open_part is None or clause.starts or level != open_part["level"]:
            if open_part is not None:
                yield open_part
            open_part = {"level": level, "clauses": []}
        open_part["clauses"].append(_clause(clause, directory, standing))
    if open_part is not None:
        yield open_part


def _clause(clause: Clause, directory: Directory, standing: Standing) -> dict[str, object]:
    if clause.nature == "form":
        return {"id": clause.id, "text": clause.text}
    carried = _carried(clause)
    who, url = _who(clause, directory)
    shown: dict[str, object] = {
        "id": clause.id,
        "text": clause.text,
        "what": clause.nature,
        "carried": carried,
        "who": who,
        "who_url": url,
    }
    if clause.nature == "works":
        shown |= stands(clause, standing) if carried else {"standing": "provisional", "standing_label": NOT_YET}
    return shown


def _carried(clause: Clause) -> list[tuple[str, str]]:
    """What carries a sentence out here, each with where it can be seen."""
    found = [(label, url) for label, url in map(_carrier, clause.carried_by) if url]
    return list(dict.fromkeys(found))


def _carrier(reference: str) -> tuple[str, str]:
    sort, _, name = reference.partition(":")
    pack = policy.current()
    if sort == "kind" and name in pack.kinds:
        kind = pack.kinds[name]
        public_one = kind.visibility == "public"
        return kind.short, parts.address("disclosures", kind=name) if public_one else f"{parts.address('rules')}#{name}"
    if sort == "deadline" and name in pack.deadlines:
        return f"时限：{pack.deadlines[name].values[-1].words}", f"{parts.address('rules')}#{name}"
    if sort == "duty" and name in pack.duties:
        return _duty(pack.duties[name])
    if sort == "filter":
        return "公示范围", f"{parts.address('rules')}#{name}"
    if sort in ("area", "catalogue"):
        return "公开目录", parts.address("catalogue", **({"area": name} if sort == "area" else {}))
    if sort in ("task", "table"):
        return "任务分工", f"{parts.address('plan')}#tasks"
    if sort == "site":
        return next((site.name for site in pack.sites if site.id == name), name), f"{parts.address('about')}#sites"
    return _page(name) if sort == "page" else (name, "")


def _duty(duty: DutyKind) -> tuple[str, str]:
    """A duty is seen where its family is shown; until that page is there, with the rule that dates it."""
    if duty.family not in FAMILIES:
        label = "公示时效" if duty.kept_by == "publication" else "撤下时效"
        return label, parts.address("timeliness", kind=duty.id)
    page = _page(f"portal:{FAMILIES[duty.family]}")
    return page if page[1] else (duty.what, f"{parts.address('rules')}#{duty.deadline}")


def _page(name: str) -> tuple[str, str]:
    try:
        return PAGES.get(name.partition(":")[2], name), reverse(name)
    except NoReverseMatch:
        return name, ""


def _who(clause: Clause, directory: Directory) -> tuple[str, str]:
    """Who answers, as of today; an organ that is no more is answered for by its successor."""
    names, url = [], ""
    for who in clause.who:
        card = directory.by_code.get(who)
        if card is not None:
            heir = directory.heir(card.id)
            names.append(heir.short)
            url = parts.address("organ", heir.code)
        else:
            names.append(who)
    shown = list(dict.fromkeys(names))
    return "、".join(shown), url if len(shown) == 1 else ""


def _task_row(task: Task, state: TaskState | None, directory: Directory, today: date) -> parts.Row:
    lead = "、".join(
        dict.fromkeys(
            directory.heir(directory.by_code[code].id).short for code in task.lead if code in directory.by_code
        )
    )
    due: object = "—"
    if task.due:
        past = (today - task.due).days
        due = parts.Cell(task.due, sub=f"已过 {past} 天" if past > 0 else f"还有 {-past} 天")
    title = parts.Cell(f"{task.number}. {task.title}", f"#{task.clause}-0" if task.clause else "")
    shown = tasks.stands(task, state, today)
    tracked = parts.Cell(standing=str(shown["standing"]), standing_label=str(shown["standing_label"]))
    return parts.Row((title, lead or "—", task.wording, task.schedule, due, tracked))


def _assumptions(pack: Pack) -> list[dict[str, str]]:
    """What this platform assumed where the document or a source says nothing."""
    rules_url = parts.address("rules")
    found = [(entry.what, entry.assumed, f"{rules_url}#{entry.id}") for entry in pack.deadlines.values()]
    found += [(entry.title, entry.assumed, f"{rules_url}#{entry.id}") for entry in pack.filters]
    found += [(organ.name, organ.assumed, parts.address("organ", organ.code)) for organ in pack.organs]
    found += [(item.title, item.assumed, parts.address("catalogue", area=item.area)) for item in pack.catalogue]
    kept: dict[str, dict[str, str]] = {}
    for what, assumed, url in found:
        if assumed:
            kept.setdefault(f"{what}{assumed}", {"what": what, "assumed": assumed, "url": url})
    return list(kept.values())
