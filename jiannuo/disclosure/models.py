"""The index of what is public now and of what waits to be. It holds no fact of its own: drop it and make it again from the ledger.

So, as for duties, the database does not look up again what its rows point at in tables that lose no row.
"""

from django.db import models
from django.db.models import F, Q


class Listing(models.Model):
    """One record that is public now, in the order of publication. Its search terms live beside it, under the same number."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+", db_constraint=False)
    identity = models.BinaryField(max_length=16, unique=True)
    publication = models.ForeignKey(
        "ledger.Entry", models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    kind = models.CharField(max_length=40)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    about = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=128, blank=True)
    decided_on = models.DateField()
    published_on = models.DateField()
    due_on = models.DateField(null=True, help_text="the last day to publish it, where a duty says so")
    kept_on = models.DateField(
        null=True, help_text="the day that duty was kept; a correction published later is not late for it"
    )
    until = models.DateField(null=True, help_text="the last day it may be shown")
    text = models.TextField(help_text="folded public text that search looks through")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="listing_kind"),
            models.Index(fields=["organ", "kind", "id"], name="listing_organ"),
            models.Index(fields=["about"], name="listing_about", condition=~Q(about="")),
            models.Index(fields=["number"], name="listing_number", condition=~Q(number="")),
            models.Index(fields=["decided_on"], name="listing_decided"),
            models.Index(fields=["id"], name="listing_late", condition=Q(kept_on__gt=F("due_on"))),
            models.Index(fields=["until"], name="listing_until", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class Waiting(models.Model):
    """The newest version of a record that nobody has yet released, sent back or withheld."""

    entry = models.OneToOneField(
        "ledger.Entry", models.PROTECT, primary_key=True, related_name="+", db_constraint=False
    )
    identity = models.BinaryField(max_length=16, db_index=True)
    kind = models.CharField(max_length=40)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    due_on = models.DateField(help_text="the last day to publish it; the last day there is where no duty says so")

    class Meta:
        indexes = [models.Index(fields=["organ", "due_on", "entry"], name="waiting_of_organ")]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Bookmark(models.Model):
    """How far a reader of the ledger has come."""

    name = models.CharField(max_length=80, primary_key=True)
    entry = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.entry}"
