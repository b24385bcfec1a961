"""The head signs: words and figures are frozen as evidence of the duty, and the clock is the engine's own."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec.structs import asdict

from jiannuo.access.rules import Actor
from jiannuo.assessment.actions.held import held, own_figures
from jiannuo.assessment.models import Draft
from jiannuo.assessment.queries.reports import DraftCard, ReportCard
from jiannuo.assessment.rules import figures as figure_rules
from jiannuo.assessment.rules import reporting as rules
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Upload
from jiannuo.kernel import canonical
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

FORM = 1


@transaction.atomic
def sign(
    organ_id: int,
    *,
    period: Period,
    seen: str,
    actor: Actor,
    on: date,
    at: datetime,
    lacking: Mapping[int, int] | None = None,
) -> int:
    """What was offered is signed by the organ's head, who did not write it, and handed in; returns the act.

    `seen` is the digest of the words and figures that the head was shown: where either has changed since, nothing is signed.
    """
    card = held(organ_id, period, action="reports.sign", actor=actor, on=on)
    draft = card.draft
    rules.may_sign(card.state, actor.username, draft.writers if draft else frozenset())
    figures = own_figures(card, on=on, lacking=lacking)
    if draft is None or seen != rules.fingerprint(draft.words, draft.stated, figures):
        raise Refused("您看过以后，文字或者数字有变化", fix="请重新看一遍再签发", field="seen", code="changed")
    differing = card.differences(figures)
    rules.complete(policy.current().report, draft.words, len(differing))
    data = canonical.encode(_content(card, draft, figures, actor=actor, on=on))
    title = f"{period.title}{policy.current().report.title}报告"
    number = duties.submit(
        card.duty.id, done_on=on, words=f"{title}，{actor.name}签发", files=(), made=(Upload(f"{title}.json", data),),
        actor=actor, on=on, at=at,
    )  # fmt: skip
    Draft.objects.filter(organ=organ_id, period=period.name).update(
        signed=number,
        signed_on=on,
        signed_by=actor.name,
        figures=json.dumps([figure_rules.plain(one) for one in figures], ensure_ascii=False),
        digest=hashlib.sha256(data).hexdigest(),
    )
    return number


def _content(
    card: ReportCard, draft: DraftCard, figures: Sequence[Figure], *, actor: Actor, on: date
) -> dict[str, object]:
    """The report as it is frozen, in plain values that any program can read."""
    organ = subjects.directory(on).card(card.organ_id)
    form, words = policy.current().report, draft.words
    return {
        "form": FORM,
        "period": card.period.name,
        "organ": organ.code,
        "organ_name": organ.name,
        "title": f"{organ.name}{card.period.title}{form.title}报告",
        "as_of": on.isoformat(),
        "sections": [
            {"id": section.id, "title": section.title, "words": words.get(section.id, "")} for section in form.sections
        ],
        "note": words.get(rules.NOTE, ""),
        "stated": dict(draft.stated),
        "figures": [figure_rules.plain(one) for one in figures],
        "differences": [asdict(one) for one in card.differences(figures)],
        "signed_by": actor.name,
        "signed_on": on.isoformat(),
        "pack": policy.current().id,
    }
