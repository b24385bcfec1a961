"""Writing a report: saved as often as one likes, by several at once without loss, then offered to the head for signing."""

import json
from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor
from jiannuo.assessment.actions.held import begun, held, own_figures
from jiannuo.assessment.models import Draft
from jiannuo.assessment.rules import reporting as rules
from jiannuo.assessment.rules.differences import stated_number
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import State, Typed
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import FIGURES

STATED = "stated."
"""Before the name of a figure: the organ's own number."""


class Saved(Struct, frozen=True):
    """What became of a form: which sections somebody else had changed meanwhile, so that they were left alone."""

    clashing: tuple[str, ...]


@transaction.atomic
def save(organ_id: int, *, period: Period, typed: Mapping[str, Typed], actor: Actor, on: date, at: datetime) -> Saved:
    """The words and the organ's own numbers are kept; where two wrote in one section, the later is told and nothing is lost.

    `typed` is by section, `note`, or `stated.` and a figure. What was offered for signing is a draft again once it changes.
    """
    card = held(organ_id, period, action="reports.write", actor=actor, on=on)
    rules.may_write(card.state)
    form = policy.current().report
    known = {section.id for section in form.sections} | {rules.NOTE} | {f"{STATED}{name}" for name in form.figures}
    row = begun(card, actor=actor, at=at)
    words, stated = json.loads(row.words), json.loads(row.stated)
    stored = {**words, **{f"{STATED}{name}": text for name, text in stated.items()}}
    kept, clashing = rules.merge(stored, {name: one for name, one in typed.items() if name in known})
    changed = {name for name in kept if kept[name] != stored.get(name, "")}
    if changed:
        said = {name: text for name, text in kept.items() if not name.startswith(STATED)}
        rules.not_too_long(form, said)
        _write(row, kept, changed, actor=actor, at=at)
        access.note(actor, action="reports.write", object=_named(card.organ_id, period), at=at, organ_id=organ_id)
    return Saved(tuple(clashing))


def _write(row: Draft, kept: Mapping[str, str], changed: set[str], *, actor: Actor, at: datetime) -> None:
    own = {name.removeprefix(STATED): text for name, text in kept.items() if name.startswith(STATED) and text}
    for name, text in own.items():
        stated_number(text, FIGURES[name])
    changes = json.loads(row.changes) | {name: [actor.username, at.isoformat()] for name in changed}
    row.words = _json({name: text for name, text in kept.items() if text and not name.startswith(STATED)})
    row.stated = _json(own)
    row.changes = _json(changes)
    row.writers = _json(sorted({*json.loads(row.writers), actor.username}))
    row.updated_at, row.updated_by = at, actor.username
    row.offered_at, row.offered_by = None, ""
    row.save()


@transaction.atomic
def offer(
    organ_id: int, *, period: Period, actor: Actor, on: date, at: datetime, lacking: Mapping[int, int] | None = None
) -> None:
    """The report is whole and waits for the head's signature."""
    card = held(organ_id, period, action="reports.write", actor=actor, on=on)
    rules.may_write(card.state)
    draft = card.draft
    differing = len(card.differences(own_figures(card, on=on, lacking=lacking)))
    rules.complete(policy.current().report, draft.words if draft else {}, differing)
    Draft.objects.filter(organ=organ_id, period=period.name).update(offered_at=at, offered_by=actor.username, remark="")
    access.note(actor, action="reports.write", object=_named(organ_id, period), at=at, organ_id=organ_id, detail="送签")


@transaction.atomic
def hand_back(organ_id: int, *, period: Period, remark: str, actor: Actor, on: date, at: datetime) -> None:
    """The head wants something changed before signing and says what."""
    card = held(organ_id, period, action="reports.sign", actor=actor, on=on)
    if card.state is not State.OFFERED:
        raise Refused("这份报告没有在等签发", fix="请刷新页面看现在的情况", code="not_offered")
    said = remark.strip()
    if len(said) < 4:
        raise Refused("没有写要改什么", fix="请写明要改哪里，填报员会看到", field="remark", code="words")
    Draft.objects.filter(organ=organ_id, period=period.name).update(
        offered_at=None, offered_by="", remark=said[: rules.LONGEST_NOTE]
    )
    access.note(
        actor, action="reports.sign", object=_named(organ_id, period), at=at, organ_id=organ_id, detail="退回修改"
    )


def _named(organ_id: int, period: Period) -> str:
    return f"report:{period.name}:{organ_id}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
