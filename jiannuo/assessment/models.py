"""The table of drafts: what an organ has written of a period so far. What was signed lies in the ledger as evidence."""

from django.db import models


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
