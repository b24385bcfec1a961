"""What happened to a promise, as everybody may know it: its date moved, its evidence accepted, its day passed."""

from datetime import date
from itertools import pairwise

from jiannuo.cases.rules import RECEIPT
from jiannuo.disclosure.queries import promised
from jiannuo.disclosure.queries.promised import PromiseCard
from jiannuo.kernel import clock
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.queries import Directory

CREDITOR = "收款、受益的企业"
"""Who confirmed what was owed to somebody outside; never by name."""
Shown = dict[str, object]


def moves(card: PromiseCard) -> list[Shown]:
    """Each time the date was moved in public, newest first: from when to when, who allowed it by which document, and why."""
    acts: list[Shown] = [
        {
            "on": act.happened_on,
            "was": act.body.get("due_was", ""),
            "due_on": act.body["due_on"],
            "authority": act.body.get("authority", ""),
            "document": act.body.get("document", ""),
            "reason": promised.plain(act.reason),
        }
        for act in card.acts
        if act.kind == "amendment"
    ]
    return sorted([*acts, *_corrections(card)], key=lambda one: str(one["on"]), reverse=True)


def _corrections(card: PromiseCard) -> list[Shown]:
    """A correction of the record that names another day moves it too; told once it was released."""
    name = card.kind.field_for("due_on")
    released = [one for one in card.versions if one.version <= card.shown.version]
    return [
        {
            "on": after.seen_at.astimezone(clock.SHANGHAI).date(),
            "was": before.body.get(name, ""),
            "due_on": after.body.get(name, ""),
            "authority": "更正登记",
            "document": f"第{after.version}版",
            "reason": promised.plain(after.reason),
        }
        for before, after in pairwise(released)
        if name and before.body.get(name) != after.body.get(name)
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
    acts = [_event(card, act, directory) for act in reversed(card.acts) if act.kind in TITLES]
    made = {"on": card.versions[0].happened_on, "title": "作出承诺", "who": directory.card(card.debtor_id).name}
    shown = [{"on": card.published_on, "title": "公示"}]
    found = sorted([*acts, *shown], key=lambda one: str(one["on"]), reverse=True)
    return [*found, made]


def _event(card: PromiseCard, act: EntryCard, directory: Directory) -> Shown:
    body, reason = act.body, promised.plain(act.reason)
    text, who = reason, ""
    if act.kind == "amendment":
        text = f"由{body.get('due_was')}改到{body['due_on']}。批准：{body.get('authority')}，{body.get('document')}。理由：{reason}"
    elif act.kind in ("suspension", "lifting"):
        until = f"最迟{body['until']}恢复。" if body.get("until") else ""
        text = f"{until}批准：{body.get('authority')}，{body.get('document')}。理由：{reason}"
    elif act.kind == "performance":
        text = f"所报办成日期：{body.get('done_on')}。核实以前不算兑现。"
    elif act.kind == "confirmation":
        text = f"认定{body.get('kept_on')}办成。{reason}"
    elif act.kind == "breach" and body.get("broken"):
        text = f"期限{body.get('due_on')}已过，没有核实办成的记录；按规定自期限的次日记为逾期。"
    if act.kind in ("confirmation", "reopening", "lifting") and card.confirmer_id:
        who = CREDITOR if act.author == RECEIPT else directory.heir(card.confirmer_id).name
    elif act.kind in ("performance", "amendment", "suspension", "resumption"):
        who = directory.heir(card.debtor_id).name
    on = date.fromisoformat(str(body["submitted_on"])) if act.kind == "performance" else act.happened_on
    learned_on = act.seen_at.astimezone(clock.SHANGHAI).date()
    title = TITLES[act.kind]
    if act.kind == "breach" and not body.get("broken"):
        title, on = "撤回逾期的记录", learned_on
    seen = act.seen_at if learned_on != on else None
    return {"on": on, "title": title, "text": text, "who": who, "seen": seen}
