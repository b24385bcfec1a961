"""How a promise stands, in the words and badges that lists and pages share."""

from collections.abc import Mapping

from jiannuo.desk.record import DUTY_BADGES
from jiannuo.desk.sections import words_left
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.policy import pack as policy
from jiannuo.subjects.queries import Directory

FAMILIES: Mapping[str, str] = {
    "promise": "承诺",
    "suggestion": "建议提案",
    "service": "服务事项",
    "report": "半年报告",
    "task": "任务分工",
    "case": "行政诉讼",
    "standing": "长期工作",
    "disclosure": "信息公示",
}
"""Registers, as people call them."""


def besides_reports() -> str:
    """The registers of what is promised, as a list's address names them, without the half-yearly reports that have their own pages."""
    duties = policy.current().duties.values()
    return ",".join(dict.fromkeys(one.family for one in duties if one.is_promised and one.family != "report"))


def what_kind(card: PromiseCard) -> str:
    """What sort of promise it is, in a word or two."""
    if card.kind:
        return card.kind.short
    duty = policy.current().duties.get(card.duty.kind)
    return FAMILIES.get(duty.family, duty.family) if duty else card.duty.what


def numbers_of(card: PromiseCard) -> list[str]:
    """By which numbers it is known: its own, and of a milestone that of the whole; what the calendar asks for has none."""
    whole = card.said("parent")
    return [card.record.number, *([f"属于{whole}"] if whole else [])] if card.kind else []


def waits(card: PromiseCard, organs: Directory) -> str:
    """Whose turn it is."""
    if not card.duty.is_open:
        return "—"
    if card.submitted_on:
        return f"等{organs.heir(card.confirmer_id or 0).short}确认"
    if card.suspended_since:
        return f"自{card.suspended_since}中止"
    return f"等{organs.heir(card.duty.debtor_id).short}办理"


def due_words(card: PromiseCard) -> str:
    """How near the day is and how often it moved, in words."""
    words = [words_left(card.duty.workdays_left)] if card.duty.is_open and not card.suspended_since else []
    if card.amendments:
        days = "" if card.suspended_since else f"，{moved(card.moved_days)}"
        words.append(f"变更{card.amendments}次{days}")
    return "；".join(words)


def moved(days: int) -> str:
    """By how many days a date moved, in words."""
    return f"推迟{days}天" if days >= 0 else f"提前{-days}天"


def badge_of(card: PromiseCard) -> dict[str, str]:
    """How it stands, as a badge."""
    if card.suspended_since and card.duty.is_open:
        return {"standing": "provisional", "standing_label": "中止"}
    label = {"kept": "按期兑现", "kept_late": "逾期兑现", "broken": "逾期未兑现"}
    return {
        "standing": DUTY_BADGES[card.duty.standing],
        "standing_label": label.get(card.duty.standing, card.duty.standing.label),
    }
