"""The index of what is public now. It holds no fact of its own: it can be dropped and made again from the ledger."""

from django.db import models


class Listing(models.Model):
    """One record that is public now, in the order of publication. Its search grams live beside it, under the same number."""

    id = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+")
    identity = models.BinaryField(max_length=16, unique=True)
    publication = models.ForeignKey("ledger.Entry", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    about = models.CharField(max_length=64, blank=True)
    number = models.CharField(max_length=128, blank=True)
    decided_on = models.DateField()
    published_on = models.DateField()
    text = models.TextField(help_text="folded public text that search looks through")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "id"], name="listing_kind"),
            models.Index(fields=["organ", "kind", "id"], name="listing_organ"),
            models.Index(fields=["about"], name="listing_about", condition=~models.Q(about="")),
            models.Index(fields=["number"], name="listing_number", condition=~models.Q(number="")),
            models.Index(fields=["decided_on"], name="listing_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"
