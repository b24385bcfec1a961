"""The things that may be done to a promise: what each says, asks for, and which front door it goes through."""

from collections.abc import Callable, Mapping
from typing import Any

from msgspec import Struct

from jiannuo.desk.asked import need_day, numbers
from jiannuo.desk.evidence import result_kind
from jiannuo.desk.fields import typed
from jiannuo.desk.gate import DeskRequest
from jiannuo.desk.promise import promise_of
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Authority, Upload
from jiannuo.kernel import attachments, clock
from jiannuo.kernel.refusals import Refused

ACCEPT = ",".join(f".{name}" for name in attachments.BEGINNINGS)
FILES = f"PDF、图片、Word、Excel、OFD，每个不超过{attachments.LARGEST // 2**20}兆"
PUBLIC_WORDS = "会向社会公开；不写身份证号、手机号、住址"
AUTHORITY: tuple[Mapping[str, Any], ...] = (
    {"name": "authority", "label": "谁批准的", "hint": "批准机关全称，例如青禾县人民政府；会向社会公开"},
    {"name": "document", "label": "凭哪份文件", "hint": "文号或者会议纪要；会向社会公开"},
)


class Act(Struct, frozen=True):
    """One thing that may be done: its words, what it asks for, and the front door it goes through."""

    title: str
    lead: str
    said: str
    fields: tuple[Mapping[str, Any], ...]
    do: Callable[[DeskRequest, int], object]
    buttons: tuple[tuple[str, str, str], ...]
    """Value, label and look of each button."""
    takes_files: bool = False
    shows_evidence: bool = False


def _given(request: DeskRequest) -> dict[str, Any]:
    return {"actor": request.actor, "on": clock.today(), "at": clock.now(), "reason": request.POST.get("reason", "")}


def _authority(request: DeskRequest) -> Authority:
    return Authority(request.POST.get("authority", ""), request.POST.get("document", ""))


def _submit(request: DeskRequest, duty_id: int) -> object:
    kind = result_kind(promise_of(request.actor, duty_id).card)
    files = [Upload(file.name or "", file.read()) for file in request.FILES.getlist("evidence")]
    return duties.submit(
        duty_id,
        done_on=need_day(request.POST.get("done_on", ""), "完成日期", "done_on"),
        words=request.POST.get("words", ""),
        files=files,
        result=typed(kind, request.POST) if kind else None,
        actor=request.actor,
        on=clock.today(),
        at=clock.now(),
    )


def _confirm(request: DeskRequest, duty_id: int) -> object:
    decision, seen = request.POST.get("decision", ""), next(iter(numbers([request.POST.get("seen", "")])), None)
    if decision == "return":
        return duties.send_back(duty_id, seen=seen, **_given(request))
    if decision != "confirm":
        raise Refused("没有选确认还是退回", fix="请点“确认兑现”或者“退回”", code="decision")
    return duties.confirm(duty_id, publish=bool(request.POST.get("publish")), seen=seen, **_given(request))


def _amend(request: DeskRequest, duty_id: int) -> object:
    due_on = need_day(request.POST.get("due_on", ""), "新的期限", "due_on")
    return duties.amend(duty_id, due_on=due_on, authority=_authority(request), **_given(request))


def _suspend(request: DeskRequest, duty_id: int) -> object:
    since = need_day(request.POST.get("since", ""), "中止日期", "since")
    until = need_day(request.POST.get("until", ""), "最迟恢复日期", "until")
    return duties.suspend(duty_id, since=since, until=until, authority=_authority(request), **_given(request))


def _resume(request: DeskRequest, duty_id: int) -> object:
    since = need_day(request.POST.get("since", ""), "恢复日期", "since")
    return duties.resume(duty_id, since=since, **_given(request))


def _day(name: str, label: str, hint: str) -> Mapping[str, Any]:
    return {"name": name, "label": label, "type": "date", "short": True, "hint": hint}


def _words(name: str, label: str, hint: str) -> Mapping[str, Any]:
    return {"name": name, "label": label, "type": "textarea", "hint": hint}


SUBMIT = Act(
    title="提交完成情况",
    lead="写明哪一天完成、办成了什么，附上能证明的材料。确认单位核实以后才算兑现，自己说办成了不算。",
    said="已提交，等确认单位核实。确认以前不算兑现。",
    fields=(
        _day("done_on", "完成日期", "实际办成的那一天；不能倒签"),
        _words("words", "办理情况", f"办成了什么，对照承诺的数量和标准写。{PUBLIC_WORDS}"),
    ),
    do=_submit,
    buttons=(("submit", "提交完成情况", "primary"),),
    takes_files=True,
)
CONFIRM = Act(
    title="核实材料",
    lead="对照承诺的标准看材料。属实的确认，算作提交单位写的那一天完成；看不出办成了的退回，写明还缺什么。",
    said="已办理，承诺单位的今日待办里看得到。",
    fields=(
        _words("reason", "核实情况，或者退回的理由", f"怎么核实的，或者还缺什么。{PUBLIC_WORDS}"),
        {
            "name": "publish",
            "label": "证据可以公开",
            "type": "checkbox",
            "hint": "勾选以后，公众能看到这些材料；有个人信息、商业秘密的不勾",
        },
    ),
    do=_confirm,
    buttons=(("confirm", "确认兑现", "primary"), ("return", "退回", "secondary")),
    shows_evidence=True,
)
REOPEN = Act(
    title="撤销确认",
    lead="确认以后发现不实的，在这里撤销。这一项回到没有兑现，期限照旧，逾期的照记。",
    said="确认已撤销，这一项重新算作没有兑现。",
    fields=(_words("reason", "撤销确认的理由", f"哪里不实，怎么发现的。{PUBLIC_WORDS}"),),
    do=lambda request, duty_id: duties.reopen(duty_id, **_given(request)),
    buttons=(("reopen", "撤销确认", "danger"),),
    shows_evidence=True,
)
AMEND = Act(
    title="变更期限",
    lead="期限只能在到期以前公开变更：谁批准、凭哪份文件、为什么、从哪天改到哪天，公众都看得到，原来的期限留着。",
    said="期限已变更，公众看得到是谁批准、为什么改。",
    fields=(
        _day("due_on", "新的期限", "改到哪一天"),
        *AUTHORITY,
        _words("reason", "变更的理由", PUBLIC_WORDS),
    ),
    do=_amend,
    buttons=(("amend", "变更期限", "primary"),),
)
SUSPEND = Act(
    title="中止",
    lead="法定事由使这一项办不下去的，从哪天起中止、最迟哪天恢复。停下的日子加在期限上；到了最迟恢复的那一天自动恢复。",
    said="已中止；恢复以前不计期限，最迟到您写的那一天恢复。",
    fields=(
        _day("since", "从哪天起中止", "停下来的那一天；要当时就办，不能倒签"),
        _day("until", "最迟哪天恢复", "到这一天自动恢复计算；提前办得下去的，随时可以恢复"),
        *AUTHORITY,
        _words("reason", "中止的理由", PUBLIC_WORDS),
    ),
    do=_suspend,
    buttons=(("suspend", "中止", "primary"),),
)
RESUME = Act(
    title="恢复",
    lead="事由消除的，从哪天起接着办。停下的日子加在期限上。",
    said="已恢复，期限按停下的日子顺延。",
    fields=(_day("since", "从哪天起恢复", "在中止日期以后"), _words("reason", "恢复的理由", PUBLIC_WORDS)),
    do=_resume,
    buttons=(("resume", "恢复", "primary"),),
)
EXEMPT = Act(
    title="依法免除",
    lead="法律、政策变了，或者有权机关决定不再办的，由确认单位免除。承诺单位不能免除自己的承诺。",
    said="已依法免除，公众看得到依据和理由。",
    fields=(*AUTHORITY, _words("reason", "免除的理由", PUBLIC_WORDS)),
    do=lambda request, duty_id: duties.exempt(duty_id, authority=_authority(request), **_given(request)),
    buttons=(("exempt", "依法免除", "danger"),),
)
