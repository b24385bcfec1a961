"""The table of cases. It is an index of the ledger, which holds the opening fact and every step: it can be made again from there."""

from django.db import models
from django.db.models import Q


class Case(models.Model):
    """A case: the procedure it follows, where it stands, who has it on the table, whom it is about."""

    flow = models.CharField(max_length=40)
    number = models.CharField(max_length=40, unique=True)
    opening = models.OneToOneField("ledger.Entry", models.PROTECT, related_name="+", db_constraint=False)
    state = models.CharField(max_length=40)
    entered_on = models.DateField(help_text="the day its state began")
    handler = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    subject = models.ForeignKey(
        "subjects.Organ", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    official = models.CharField(max_length=64, blank=True, help_text="code of the official it is about")
    record = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False,
        help_text="the record it is about",
    )  # fmt: skip
    opener = models.ForeignKey(
        "subjects.Organ", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    opener_official = models.CharField(max_length=64, blank=True, help_text="code of the official who opened it")
    receipt = models.BinaryField(max_length=32, null=True, unique=True, help_text="SHA-256 of the receipt code")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="parts", db_index=False, db_constraint=False
    )
    is_part = models.BooleanField(default=False, help_text="one of several organs' answers its parent waits for")
    told = models.BooleanField(default=False, help_text="the one it is about was told of it")
    steps = models.IntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["flow", "-opened_on", "-id"], name="case_of_flow"),
            models.Index(fields=["handler", "state"], name="case_on_table", condition=Q(closed_on=None)),
            models.Index(fields=["flow", "state", "entered_on"], name="case_waiting", condition=Q(closed_on=None)),
            models.Index(fields=["subject"], name="case_about", condition=Q(subject__isnull=False)),
            models.Index(fields=["opener"], name="case_opener", condition=Q(opener__isnull=False)),
            models.Index(fields=["record"], name="case_of_record", condition=Q(record__isnull=False)),
            models.Index(fields=["parent"], name="case_parts", condition=Q(parent__isnull=False)),
            models.Index(fields=["official"], name="case_of_official", condition=~Q(official="")),
        ]

    def __str__(self) -> str:
        return self.number


class Counter(models.Model):
    """How many cases of a procedure a year has seen; its row is locked while one is given its number."""

    flow = models.CharField(max_length=40)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["flow", "year"], name="counter_once")]

    def __str__(self) -> str:
        return f"{self.flow} {self.year}: {self.last}"
