"""The table of duties. Its dates are what rules derive from facts and calendar, kept so that they can be asked for in bulk."""

from django.db import models
from django.db.models import Q


class Duty(models.Model):
    """Something an organ must do by a day. Standing is derived from these dates and the day it is asked for."""

    kind = models.CharField(max_length=40)
    debtor = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", help_text="the fact that opened it")
    started_on = models.DateField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False, help_text="a year in the period has no holiday notice yet")
    rule = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    kept_on = models.DateField(null=True)
    kept_by = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    lifted_on = models.DateField(null=True, help_text="the law no longer asks for it")
    lifted_by = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind"], name="duty_once"),
            models.CheckConstraint(condition=Q(due_on__gte=models.F("started_on")), name="duty_due_after_start"),
        ]
        indexes = [
            models.Index(fields=["debtor", "kind", "due_on"], name="duty_of_debtor"),
            models.Index(fields=["due_on"], name="duty_open", condition=Q(kept_on=None, lifted_on=None)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Heartbeat(models.Model):
    """When the tick last ran, and what it did."""

    ran_at = models.DateTimeField()
    as_of = models.DateField()
    looked_at = models.IntegerField()
    changed = models.IntegerField()
    took_s = models.DecimalField(max_digits=9, decimal_places=3)

    def __str__(self) -> str:
        return str(self.ran_at)
