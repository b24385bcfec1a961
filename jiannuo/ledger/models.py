"""Tables of the ledger: entries, the head that orders them, personal parts kept apart, evidence."""

from django.db import models
from django.db.models import F, Q


class Entry(models.Model):
    """One fact, as it was known from one moment on. Rows are added and never changed; the database refuses."""

    id = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=40)
    # Not looked up again for each row, which costs PostgreSQL a second in seventeen of a large batch: whoever adds rows has the
    # organ from the directory, an organ with a spell cannot be removed, and the digest covers its code.
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    about = models.CharField(max_length=64, blank=True, help_text="key of the outside party")
    happened_on = models.DateField(help_text="so in law from this day")
    seen_at = models.DateTimeField(help_text="known to the platform from this moment")
    number = models.CharField(max_length=128, blank=True, help_text="the document's own number")
    body = models.TextField(help_text="canonical JSON of the kind's fields, personal values masked")
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True, help_text="yuan")
    visibility = models.CharField(max_length=10)
    visible_until = models.DateField(null=True)
    rule = models.CharField(max_length=120, help_text="pack@digest#rule applied")
    refers = models.ForeignKey("self", models.PROTECT, null=True, related_name="acts", db_index=False)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections", db_index=False)
    reason = models.TextField(blank=True)
    batch = models.BigIntegerField(null=True, help_text="the batch it came in with")
    row = models.IntegerField(null=True, help_text="its row in the batch's file")
    author = models.CharField(max_length=150, help_text="the account or machine that entered it")
    identity = models.BinaryField(
        max_length=16, help_text="what makes it the same record: digest of the kind's unique fields"
    )
    version = models.IntegerField(default=1)
    content = models.BinaryField(max_length=16, help_text="keyed digest of all values, to tell an unchanged row")
    salt = models.BinaryField(max_length=16)
    private_digest = models.BinaryField(
        max_length=32, null=True, help_text="salted digest of the personal values kept apart"
    )
    digest = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["identity", "version"], name="entry_once"),
            models.CheckConstraint(condition=Q(version__gte=1), name="entry_version_counts_from_one"),
            models.CheckConstraint(
                condition=Q(corrects=None) | Q(corrects__lt=F("id")), name="entry_corrects_an_earlier_one"
            ),
            models.CheckConstraint(
                condition=Q(refers=None) | Q(refers__lt=F("id")), name="entry_refers_to_an_earlier_one"
            ),
        ]
        indexes = [
            models.Index(fields=["organ", "kind", "happened_on"], name="entry_of_organ"),
            models.Index(fields=["about"], name="entry_about", condition=~Q(about="")),
            models.Index(fields=["number"], name="entry_number", condition=~Q(number="")),
            models.Index(fields=["refers"], name="entry_refers", condition=Q(refers__isnull=False)),
            models.Index(fields=["batch"], name="entry_batch", condition=Q(batch__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on} #{self.pk}"


class Head(models.Model):
    """The last entry. Appending takes a lock on this one row, so entries stand in one order; a page cached under it is never stale."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_head")]

    def __str__(self) -> str:
        return str(self.entry)


class PersonalPart(models.Model):
    """An entry's personal values, sealed. It may be destroyed; the entry stays whole because it keeps only their salted digest."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="personal_part")
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return str(self.pk)


class Evidence(models.Model):
    """A file kept by its digest, sealed at rest."""

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=255)
    type = models.CharField(max_length=10)
    size = models.BigIntegerField()
    kept_at = models.DateTimeField()
    kept_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name
