"""What the buttons of a report's page do; what was typed stays when it is refused."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from django.contrib import messages

from jiannuo.assessment import actions
from jiannuo.assessment.actions.drafting import STATED
from jiannuo.assessment.queries.reports import ReportCard
from jiannuo.assessment.rules.reporting import NOTE, Typed
from jiannuo.desk.gate import DeskRequest
from jiannuo.desk.working import carry_over
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy

Lacking = Callable[[], Mapping[int, int]]


@dataclass
class Tried:
    """What became of an attempt: refused, or words somebody else had changed; and what was typed."""

    refused: Refused | None = None
    clashing: tuple[str, ...] = ()
    typed: Mapping[str, str] = field(default_factory=dict)


def act(request: DeskRequest, card: ReportCard, lacking: Lacking) -> Tried:
    """Do what the button says. A refusal is shown on the page, with everything that was typed."""
    typed = _typed(request)
    words = {name: one.words for name, one in typed.items()}
    try:
        clashing = ACTS[request.POST["act"]](request, card, lacking)
    except Refused as no:
        if no.code == "forbidden":
            raise
        return Tried(no, typed=words)
    return Tried(clashing=clashing, typed=words if clashing else {})


def _typed(request: DeskRequest) -> dict[str, Typed]:
    form = policy.current().report
    names = [*(section.id for section in form.sections), NOTE, *(f"{STATED}{name}" for name in form.figures)]
    return {
        name: Typed(request.POST[name], request.POST.get(f"seen.{name}", "")) for name in names if name in request.POST
    }


def _save(request: DeskRequest, card: ReportCard, _lacking: Lacking) -> tuple[str, ...]:
    saved = actions.save(
        card.organ_id, period=card.period, typed=_typed(request), actor=request.actor, on=clock.today(), at=clock.now()
    )
    if not saved.clashing:
        messages.success(request, "已保存。")
    return saved.clashing


def _offer(request: DeskRequest, card: ReportCard, lacking: Lacking) -> tuple[str, ...]:
    saved = actions.save(
        card.organ_id, period=card.period, typed=_typed(request), actor=request.actor, on=clock.today(), at=clock.now()
    )
    if saved.clashing:
        return saved.clashing
    actions.offer(
        card.organ_id, period=card.period, actor=request.actor, on=clock.today(), at=clock.now(), lacking=lacking()
    )
    messages.success(request, "已保存，等单位负责人签发。")
    return ()


def _sign(request: DeskRequest, card: ReportCard, lacking: Lacking) -> tuple[str, ...]:
    actions.sign(
        card.organ_id,
        period=card.period,
        seen=request.POST.get("seen", ""),
        actor=request.actor,
        on=clock.today(),
        at=clock.now(),
        lacking=lacking(),
    )
    carry_over(clock.now())
    messages.success(request, "已签发，报送信用办。文字和数字从此固定。")
    return ()


def _hand_back(request: DeskRequest, card: ReportCard, _lacking: Lacking) -> tuple[str, ...]:
    remark = request.POST.get("remark", "")
    actions.hand_back(
        card.organ_id, period=card.period, remark=remark, actor=request.actor, on=clock.today(), at=clock.now()
    )
    messages.success(request, "已退给填报员修改。")
    return ()


def _accept(request: DeskRequest, card: ReportCard, _lacking: Lacking) -> tuple[str, ...]:
    reason = request.POST.get("reason", "").strip() or "收到，内容齐全"
    actions.accept(
        card.organ_id, period=card.period, reason=reason, actor=request.actor, on=clock.today(), at=clock.now()
    )
    messages.success(request, "已收下。")
    return ()


def _send_back(request: DeskRequest, card: ReportCard, _lacking: Lacking) -> tuple[str, ...]:
    reason = request.POST.get("reason", "")
    actions.send_back(
        card.organ_id, period=card.period, reason=reason, actor=request.actor, on=clock.today(), at=clock.now()
    )
    messages.success(request, "已退回，单位会看到您写的意见。按时报送过的，给改的日子从今天起算；迟报的，期限不变。")
    return ()


ACTS: Mapping[str, Callable[[DeskRequest, ReportCard, Lacking], tuple[str, ...]]] = {
    "save": _save,
    "offer": _offer,
    "sign": _sign,
    "hand_back": _hand_back,
    "accept": _accept,
    "send_back": _send_back,
}
