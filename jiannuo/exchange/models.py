"""The outbox: what must reach which other site, and the receipt that it did."""

from django.db import models
from django.db.models import Q


class Delivery(models.Model):
    """One act of disclosure on its way to one site. A row is never removed; what became of it stands in it."""

    entry = models.ForeignKey(
        "ledger.Entry", models.PROTECT, related_name="+", db_index=False, help_text="the publication or withdrawal"
    )
    site = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, delivered, failed, overtaken")
    attempts = models.IntegerField(default=0, db_default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True, db_default="", help_text="what the site answered")
    trouble = models.TextField(blank=True, db_default="", help_text="why the last attempt failed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "site"], name="delivery_once")]
        indexes = [
            models.Index(fields=["site", "next_at", "id"], name="delivery_waiting", condition=Q(state="waiting")),
            models.Index(fields=["site", "state", "id"], name="delivery_of_site"),
        ]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.site}"


class Bookmark(models.Model):
    """How far into the ledger the outbox has been filled."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_exchange")]

    def __str__(self) -> str:
        return str(self.entry)
