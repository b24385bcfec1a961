"""The duties behind a figure: counted for all organs in one question, and listed by the very same conditions."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from jiannuo.assessment.rules.figures import Measure
from jiannuo.assessment.rules.periods import Period
from jiannuo.duties.queries import SHOWN_IN_TIME, owed
from jiannuo.policy import pack as policy

Counted = dict[tuple[str, int], dict[str, int]]
"""Kind of duty and debtor → how many are in each state."""

A_DAY = timedelta(days=1)


def states(as_of: date) -> dict[str, Q]:
    """What it takes to be in a state on a day, as conditions of the database."""
    kept = Q(kept_on__lte=as_of)
    open_still = (Q(kept_on=None) | Q(kept_on__gt=as_of)) & (Q(lifted_on=None) | Q(lifted_on__gt=as_of))
    on_time, late = kept & Q(kept_on__lte=F("due_on")), kept & Q(kept_on__gt=F("due_on"))
    missing = open_still & Q(due_on__lt=as_of) & ~SHOWN_IN_TIME
    return {
        "due": on_time | late | missing,
        "on_time": on_time,
        "late": late,
        "missing": missing,
        "moved": Q(amendments__gt=0),
        "disputed": Q(disputed__gt=0),
        # One who says it is not so outweighs those who say it is: what is agreed, nobody disputes.
        "heard": Q(agreed__gt=0) | Q(disputed__gt=0),
        "agreed": Q(agreed__gt=0, disputed=0),
        "rated": kept & (Q(agreed__gt=0) | Q(disputed__gt=0)),
        "satisfied": kept & Q(agreed__gt=0, disputed=0),
    }


def counted(kinds: Collection[str], period: Period, *, as_of: date, organ_ids: Collection[int]) -> Counted:
    """How the duties of a period stand, by kind and debtor: one question however many organs there are."""
    within = Q(due_on__gte=period.first)
    several = {name: Count("pk", filter=condition & within) for name, condition in states(as_of).items()}
    several["breached"] = Count("pk", filter=_is_broken(period, as_of))
    # Under names of their own: some states are called as columns are.
    columns = {f"{name}_counted": count for name, count in several.items()}
    days = (period.first - A_DAY, period.last)
    rows = owed().filter(debtor__in=organ_ids, kind__in=kinds, due_on__range=days, started_on__lte=as_of).order_by()
    return {
        (kind, debtor): dict(zip(several, counts, strict=True))
        for kind, debtor, *counts in rows.values_list("kind", "debtor_id").annotate(**columns)
    }


def behind(measure: Measure, period: Period, *, as_of: date, organ_ids: Iterable[int]) -> QuerySet[Any]:
    """The duties that a figure's number leads to, by due date."""
    kinds = measure.of_pack(policy.current())
    rows = owed().filter(debtor__in=list(organ_ids), kind__in=kinds, started_on__lte=as_of).order_by("due_on", "pk")
    if measure.listed == "breached":
        return rows.filter(_is_broken(period, as_of))
    return rows.filter(states(as_of)[measure.listed], due_on__range=(period.first, period.last))


def _is_broken(period: Period, as_of: date) -> Q:
    """The ledger dates its breach in the period: each is broken on the day after its last."""
    return Q(breach__isnull=False, due_on__range=(period.first - A_DAY, min(period.last, as_of) - A_DAY))


def by_month(kinds: Collection[str], period: Period, *, as_of: date) -> dict[tuple[str, int], tuple[int, int]]:
    """How many of all organs' duties of a kind fell due in a month and were kept in time, and of how many: one question."""
    several = states(as_of)
    days = (period.first, period.last)
    rows = owed().filter(kind__in=kinds, due_on__range=days, started_on__lte=as_of).order_by()
    counted = rows.values_list("kind", "due_on__month").annotate(
        part=Count("pk", filter=several["on_time"]), whole=Count("pk", filter=several["due"])
    )
    return {(kind, month): (part, whole) for kind, month, part, whole in counted}
