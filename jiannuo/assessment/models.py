"""Tables of figures that follow the ledger. They hold no fact of their own: drop them and make them again from it."""

from django.db import models
from django.db.models import Q


class ServiceCount(models.Model):
    """Cases of service counted together: those of an organ and matter that fell due in a month and were done in a month.

    A case that is not done is counted under the very day it was promised for. Lines without a matter add up the organ's.
    """

    item = models.CharField(
        max_length=64, blank=True, help_text="code of the matter; empty for all matters of the organ"
    )
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    due = models.DateField(help_text="first day of the month they fell due in; the day itself while not done")
    done = models.DateField(help_text="first day of the month they were done in; 9999-12-31 while not done")
    channel = models.CharField(max_length=64, blank=True)
    cases = models.IntegerField()
    late = models.IntegerField()
    workdays = models.BigIntegerField(help_text="working days they took, added")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "organ", "due", "done", "channel"], name="service_count_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item} {self.due}"


class ServiceMark(models.Model):
    """How far into the ledger the counts of services have come."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)
    pack = models.CharField(
        max_length=80, blank=True, help_text="the pack whose calendar the working days are counted by"
    )
    whole = models.BooleanField(default=False, help_text="the end of the ledger was reached since they were begun")

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_mark_of_services")]

    def __str__(self) -> str:
        return str(self.entry)
