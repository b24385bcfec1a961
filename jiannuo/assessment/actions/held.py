"""The report at hand, held until the transaction ends, and whether the one who asks answers for its organ."""

from collections.abc import Mapping
from datetime import date, datetime

from jiannuo.access.rules import CLAUSE, Actor, demand
from jiannuo.assessment.models import Draft
from jiannuo.assessment.queries.figures import Frame, figures
from jiannuo.assessment.queries.reports import ReportCard, report
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import queries as subjects


def held(organ_id: int, period: Period, *, action: str, actor: Actor, on: date) -> ReportCard:
    """The report with its draft locked. Refuses where none is owed, or who asks does not answer for the organ."""
    demand(actor, action, organ_id)
    heir = subjects.directory(on).heir(organ_id)
    if actor.organ_id is not None and heir.id not in actor.scope:
        raise Refused(f"这份报告由{heir.short}办理", fix="请由该单位的人员办理", clause=CLAUSE, code="forbidden")
    # Whoever comes second waits here and sees what the first has written.
    Draft.objects.select_for_update().filter(organ=organ_id, period=period.name).first()
    return needed(organ_id, period, on=on)


def needed(organ_id: int, period: Period, *, on: date) -> ReportCard:
    """The report; refuses where the calendar has asked for none."""
    found = report(organ_id, period, as_of=on)
    if found is None:
        fix = "半年结束的第二天起可以填写；报告期从半年报告的列表选"
        raise Refused(f"没有要求这个单位报{period.title}的情况", fix=fix, code="not_found")
    return found


def begun(card: ReportCard, *, actor: Actor, at: datetime) -> Draft:
    """The row of the draft, made where there is none."""
    row, _ = Draft.objects.get_or_create(
        organ_id=card.organ_id,
        period=card.period.name,
        defaults={"started_at": at, "updated_at": at, "updated_by": actor.username},
    )
    return row


def own_figures(card: ReportCard, *, on: date, lacking: Mapping[int, int] | None) -> tuple[Figure, ...]:
    """What the records give for a report today."""
    frame = Frame(subjects.directory(on), card.period, on, (card.organ_id,), lacking)
    return figures(frame)[card.organ_id]
