"""The duties behind a figure: counted for all organs in one question, and listed by the very same conditions."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from jiannuo.assessment.rules.figures import Measure
from jiannuo.assessment.rules.periods import Period
from jiannuo.duties.queries import owed
from jiannuo.policy import pack as policy

Counted = dict[tuple[str, int], dict[str, int]]
"""Kind of duty and debtor → how many are in each state."""

A_DAY = timedelta(days=1)


def states(as_of: date) -> dict[str, Q]:
    """What it takes to be in a state on a day, as conditions of the database."""
    kept = Q(kept_on__lte=as_of)
    open_still = (Q(kept_on=None) | Q(kept_on__gt=as_of)) & (Q(lifted_on=None) | Q(lifted_on__gt=as_of))
    on_time, late = kept & Q(kept_on__lte=F("due_on")), kept & Q(kept_on__gt=F("due_on"))
    missing = open_still & Q(due_on__lt=as_of)
    return {
        "due": on_time | late | missing,
        "on_time": on_time,
        "late": late,
        "missing": missing,
        "moved": Q(amendments__gt=0),
        "disputed": Q(disputed__gt=0),
    }


def counted(kinds: Collection[str], period: Period, *, as_of: date, organ_ids: Collection[int]) -> Counted:
    """How the duties of a period stand, by kind and debtor: two questions however many organs there are."""
    several = {name: Count("pk", filter=condition) for name, condition in states(as_of).items()}
    found: Counted = {}
    grouped = _of_period(kinds, period, as_of, organ_ids).order_by().values_list("kind", "debtor_id")
    for kind, debtor, *counts in grouped.annotate(**several):
        found[kind, debtor] = dict(zip(several, counts, strict=True))
    broken = _broken(kinds, period, as_of, organ_ids).order_by().values_list("kind", "debtor_id")
    for kind, debtor, count in broken.annotate(several=Count("pk")):
        found.setdefault((kind, debtor), {})["breached"] = count
    return found


def behind(measure: Measure, period: Period, *, as_of: date, organ_ids: Iterable[int]) -> QuerySet[Any]:
    """The duties that a figure's number leads to, by due date."""
    kinds, organs = measure.of_pack(policy.current()), list(organ_ids)
    if measure.listed == "breached":
        return _broken(kinds, period, as_of, organs).order_by("due_on", "pk")
    return _of_period(kinds, period, as_of, organs).filter(states(as_of)[measure.listed]).order_by("due_on", "pk")


def _of_period(kinds: Collection[str], period: Period, as_of: date, organ_ids: Collection[int]) -> QuerySet[Any]:
    """Those that fall due in the period and have begun by the day."""
    days = (period.first, period.last)
    return owed().filter(debtor__in=organ_ids, kind__in=kinds, due_on__range=days, started_on__lte=as_of)


def _broken(kinds: Collection[str], period: Period, as_of: date, organ_ids: Collection[int]) -> QuerySet[Any]:
    """Those the ledger says were broken in the period: each is broken on the day after its last."""
    days = (period.first - A_DAY, min(period.last, as_of) - A_DAY)
    return owed().filter(debtor__in=organ_ids, kind__in=kinds, breach__isnull=False, due_on__range=days)


def by_month(kinds: Collection[str], period: Period, *, as_of: date) -> dict[int, tuple[int, int]]:
    """How many of all organs' duties of a period fell due in each month and were kept in time, and of how many: one question."""
    several = states(as_of)
    days = (period.first, period.last)
    rows = owed().filter(kind__in=kinds, due_on__range=days, started_on__lte=as_of).order_by()
    counted = rows.values_list("due_on__month").annotate(
        part=Count("pk", filter=several["on_time"]), whole=Count("pk", filter=several["due"])
    )
    return {month: (part, whole) for month, part, whole in counted}
