"""What happened to a promise, as everybody may know it: its date moved, its evidence accepted, its day passed."""

from datetime import date

from jiannuo.disclosure.queries import promised
from jiannuo.disclosure.queries.promised import PromiseCard
from jiannuo.kernel import clock
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.queries import Directory

Shown = dict[str, object]


def moves(card: PromiseCard) -> list[Shown]:
    """Each time the date was moved in public, newest first: from when to when, who allowed it by which document, and why."""
    return [
        {
            "on": act.happened_on,
            "was": act.body.get("due_was", ""),
            "due_on": act.body["due_on"],
            "authority": act.body.get("authority", ""),
            "document": act.body.get("document", ""),
            "reason": promised.plain(act.reason),
        }
        for act in reversed(card.acts)
        if act.kind == "amendment"
    ]


TITLES = {
    "performance": "承诺单位报告办成，等待核实",
    "confirmation": "核实兑现",
    "reopening": "撤销核实：查明不属实",
    "amendment": "变更期限",
    "suspension": "中止",
    "resumption": "恢复",
    "lifting": "依法免除",
    "breach": "逾期",
}


def events(card: PromiseCard, directory: Directory) -> list[Shown]:
    """What happened, newest first, down to the promise itself. What a person said, and why evidence was sent back, is not told."""
    if card.told is None:
        return []
    events = [_event(card, act, directory) for act in reversed(card.acts) if act.kind in TITLES and _is_told(act)]
    made = {"on": card.versions[0].happened_on, "title": "作出承诺", "who": directory.card(card.debtor_id).name}
    shown = [{"on": card.published_on, "title": "公示"}]
    found = sorted([*events, *shown], key=lambda one: str(one["on"]), reverse=True)
    return [*found, made]


def _is_told(act: EntryCard) -> bool:
    return act.kind != "breach" or bool(act.body.get("broken"))


def _event(card: PromiseCard, act: EntryCard, directory: Directory) -> Shown:
    body, reason = act.body, promised.plain(act.reason)
    text, who = reason, ""
    if act.kind == "amendment":
        text = f"由{body.get('due_was')}改到{body['due_on']}。批准：{body.get('authority')}，{body.get('document')}。理由：{reason}"
    elif act.kind in ("suspension", "lifting"):
        text = f"批准：{body.get('authority')}，{body.get('document')}。理由：{reason}"
    elif act.kind == "performance":
        text = f"所报办成日期：{body.get('done_on')}。核实以前不算兑现。"
    elif act.kind == "confirmation":
        text = f"认定{body.get('kept_on')}办成。{reason}"
    elif act.kind == "breach":
        text = f"期限{body.get('due_on')}已过，没有核实办成的记录；按规定自期限的次日记为逾期。"
    if act.kind in ("confirmation", "reopening", "lifting") and card.confirmer_id:
        who = directory.heir(card.confirmer_id).name
    elif act.kind in ("performance", "amendment", "suspension", "resumption"):
        who = directory.heir(card.debtor_id).name
    on = date.fromisoformat(str(body["submitted_on"])) if act.kind == "performance" else act.happened_on
    seen = act.seen_at if act.seen_at.astimezone(clock.SHANGHAI).date() != on else None
    return {"on": on, "title": TITLES[act.kind], "text": text, "who": who, "seen": seen}
