"""The annex's tasks as a board: who leads, who supports, by when in the document's own words, and where each stands today."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries.owing import Narrowed
from jiannuo.disclosure.queries.promises import PublicPromise, every
from jiannuo.duties.queries.tasks import TaskState, task_states
from jiannuo.duties.rules import Standing
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import Task
from jiannuo.portal import parts, promises
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

MOST = 100
BOARD = (
    ("broken", "逾期", "期限已过，没有经核实办成"),
    ("waits", "待核实", "牵头单位已报办成，等核实"),
    ("running", "进行中", "期限还没有到"),
    ("kept", "已办成", "经信用办核实"),
    ("quiet", "没有到期安排", "期限在本平台启用以前，或者还没有安排"),
)


@public
def tasks(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    directory = subjects.directory(today)
    states = task_states(on=today)
    cards = [_card(task, states.get(task.number), directory, today) for task in pack.tasks]
    board = [
        {"title": title, "note": note, "tasks": [card for card in cards if card["column"] == name]}
        for name, title, note in BOARD
    ]
    return render(
        request,
        "portal/tasks.html",
        parts.context(
            "任务",
            f"{pack.about['title']}附件的{len(pack.tasks)}项任务：牵头单位、配合单位、时间进度、今天办到哪一步。",
            trail=parts.trail(("承诺方案", "portal:plan")),
            board=[column for column in board if column["tasks"]],
            total=len(pack.tasks),
            columns=promises.COLUMNS,
            others=promises.rows(_others(today)),
            plan_url=f"{parts.address('plan')}#tasks",
        ),
    )


def _others(today: date) -> tuple[PublicPromise, ...]:
    """What the leading group undertook to settle, and the documents the plan calls for: those that are public."""
    return tuple(every(Narrowed(family="task"), on=today, limit=MOST))


def _card(task: Task, state: TaskState | None, directory: Directory, today: date) -> dict[str, object]:
    leads = [directory.heir(directory.by_code[code].id) for code in task.lead if code in directory.by_code]
    several = {lead.id: (lead.short, parts.address("organ", lead.code)) for lead in leads}
    return {
        "id": f"task-{task.number}",
        "number": task.number,
        "title": task.title,
        "clause": task.clause,
        "clause_url": f"{parts.address('plan')}#{task.clause}-1" if task.clause else "",
        "leads": list(several.values()),
        "wording": task.wording,
        "schedule": task.schedule,
        **stands(task, state, today),
    }


def column_of(state: TaskState | None) -> str:
    """The column of the board a task stands in."""
    if state is None:
        return "quiet"
    if state.standing is Standing.BROKEN:
        return "broken"
    if state.waits:
        return "waits"
    return "kept" if state.standing in (Standing.KEPT, Standing.KEPT_LATE) else "running"


def stands(task: Task, state: TaskState | None, today: date) -> dict[str, object]:
    """How a task stands, in words: nothing reads as done that nobody confirmed."""
    due_on = state.card.duty.due_on if state else task.due
    left = ""
    if due_on and (state is None or state.card.duty.is_open):
        days = (due_on - today).days
        left = f"还有 {days} 天" if days >= 0 else f"已过 {-days} 天"
    shown = (
        promises.standing_cell(
            state.standing,
            waits=state.waits,
            still=state.card.suspended_since is not None,
            kept_on=state.card.duty.kept_on,
        )
        if state
        else parts.Cell(standing="unchanged")
    )
    return {
        "column": column_of(state),
        "standing": shown.standing,
        "standing_label": WORDS.get(shown.standing, ""),
        "note": shown.sub,
        "due_on": due_on,
        "first_due_on": state.card.first_due_on if state else None,
        "left": left,
        "accepted": state.accepted if state else 0,
        "kept_calls": state.kept_calls if state else 0,
    }


WORDS = {
    "promise_kept": "按期办成",
    "promise_late": "逾期办成",
    "promise_broken": "逾期未办成",
    "unchanged": "没有到期安排",
}
