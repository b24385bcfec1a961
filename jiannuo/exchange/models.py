"""The outbox: what must reach which other site, and the receipt that it did."""

from django.db import models


class Delivery(models.Model):
    """One act of disclosure on its way to one site."""

    entry = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", help_text="the publication or withdrawal")
    site = models.CharField(max_length=40)
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, delivered")
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True, help_text="what the site answered")
    trouble = models.TextField(blank=True, help_text="why the last attempt failed")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "site"], name="delivery_once")]
        indexes = [models.Index(fields=["next_at"], name="delivery_to_do", condition=models.Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.entry_id} → {self.site}"
