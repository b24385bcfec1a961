"""How the kinds of duty stand today, all of them in one question: what the plan's sentences show beside themselves."""

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Count, F, Q
from msgspec import Struct

from jiannuo.duties.models import SHOWN_IN_TIME, Duty


class Held(Struct, frozen=True):
    """Duties kept in time, kept late, past their day and not done, and not yet due."""

    kept: int = 0
    late: int = 0
    broken: int = 0
    running: int = 0

    @property
    def due(self) -> int:
        """Done, or past their day."""
        return self.kept + self.late + self.broken

    @property
    def whole(self) -> int:
        """All of them; those the law lifted are not among them."""
        return self.kept + self.late + self.broken + self.running

    def __add__(self, other: "Held") -> "Held":
        return Held(
            self.kept + other.kept,
            self.late + other.late,
            self.broken + other.broken,
            self.running + other.running,
        )


def held(kinds: Collection[str], *, on: date) -> Mapping[str, Held]:
    """How the duties of these kinds stand on a day, by kind; kinds that nobody owes are left out."""
    not_done = Q(kept_on=None, lifted_on=None)
    past = Q(due_on__lt=on, provisional=False) & ~SHOWN_IN_TIME
    rows = Duty.objects.filter(kind__in=list(kinds)).order_by().values("kind").annotate(
        kept=Count("pk", filter=Q(kept_on__lte=F("due_on"))),
        late=Count("pk", filter=Q(kept_on__gt=F("due_on"))),
        broken=Count("pk", filter=not_done & past),
        running=Count("pk", filter=not_done & ~past),
    )  # fmt: skip
    return {kind: Held(*counts) for kind, *counts in rows.values_list("kind", "kept", "late", "broken", "running")}


def held_by(kinds: Collection[str], *, on: date, organ_ids: Collection[int] | None) -> Mapping[tuple[str, int], Held]:
    """The same for what is kept by confirmation, by kind and debtor, in one question; milestones are counted with the rest."""
    not_done = Q(kept_on=None, lifted_on=None)
    past = Q(due_on__lt=on, provisional=False) & ~SHOWN_IN_TIME
    rows = Duty.objects.filter(kind__in=list(kinds), confirmer__isnull=False)
    if organ_ids is not None:
        rows = rows.filter(debtor__in=list(organ_ids))
    counted = rows.order_by().values("kind", "debtor").annotate(
        kept=Count("pk", filter=Q(kept_on__lte=F("due_on"))),
        late=Count("pk", filter=Q(kept_on__gt=F("due_on"))),
        broken=Count("pk", filter=not_done & past),
        running=Count("pk", filter=not_done & ~past),
    )  # fmt: skip
    columns = ("kind", "debtor", "kept", "late", "broken", "running")
    return {(kind, debtor): Held(*counts) for kind, debtor, *counts in counted.values_list(*columns)}
