"""Drafts of reports (what was signed lies in the ledger as evidence), and counts of services that follow the ledger and hold no fact."""

from django.db import models
from django.db.models import Q


class Draft(models.Model):
    """One organ's report of one period while it is written, and the figures as they stood when its head signed it."""

    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    period = models.CharField(max_length=8, help_text="2026-H1")
    words = models.TextField(default="{}", help_text="JSON: words by section")
    stated = models.TextField(default="{}", help_text="JSON: the organ's own numbers by figure")
    changes = models.TextField(default="{}", help_text="JSON: who last changed each section, and when")
    writers = models.TextField(default="[]", help_text="JSON: the accounts that wrote in it")
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    updated_by = models.CharField(max_length=150)
    offered_at = models.DateTimeField(null=True)
    offered_by = models.CharField(max_length=150, blank=True)
    remark = models.TextField(blank=True, help_text="what the head asked to be changed before signing")
    signed = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    signed_on = models.DateField(null=True)
    signed_by = models.CharField(max_length=150, blank=True)
    figures = models.TextField(default="[]", help_text="JSON: the figures as they were signed")
    digest = models.CharField(max_length=64, blank=True, help_text="of the evidence file that was signed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "period"], name="draft_once")]
        indexes = [models.Index(fields=["period"], name="draft_of_period")]

    def __str__(self) -> str:
        return f"{self.period} #{self.organ_id}"


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
