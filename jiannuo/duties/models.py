"""The table of duties. Its dates are what rules derive from facts and calendar, kept so that they can be asked for in bulk.

It is an index of the ledger, whose rows nobody can remove: the database does not look up again what a duty points at, which for
a hundred thousand new duties costs more than storing them. A test holds the table against the ledger instead.
"""

from django.db import models
from django.db.models import F, Q


class Duty(models.Model):
    """Something an organ must do by a day. Standing is derived from these dates and the day it is asked for."""

    kind = models.CharField(max_length=40)
    debtor = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False, db_constraint=False)
    entry = models.ForeignKey(
        "ledger.Entry",
        models.PROTECT,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="the fact that opened it",
    )
    started_on = models.DateField()
    due_on = models.DateField()
    provisional = models.BooleanField(default=False, help_text="a year in the period has no holiday notice yet")
    rule = models.CharField(max_length=120)
    opened_at = models.DateTimeField()
    kept_on = models.DateField(null=True)
    kept_by = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    lifted_on = models.DateField(null=True, help_text="the law no longer asks for it")
    lifted_by = models.ForeignKey(
        "ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    breach = models.ForeignKey(
        "ledger.Entry",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="the breach as the ledger has it",
    )
    breaches = models.IntegerField(
        default=0, db_default=0, help_text="how many times the ledger has spoken of its breach"
    )

    # What follows is set where a duty is kept by evidence that another organ confirms.
    office = models.CharField(
        max_length=60, blank=True, default="", db_default="", help_text="the office answering within the debtor"
    )
    official = models.CharField(
        max_length=64, blank=True, default="", db_default="", help_text="code of the official who promised in person"
    )
    confirmer = models.ForeignKey(
        "subjects.Organ", models.PROTECT, null=True, related_name="+", db_index=False, db_constraint=False
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="milestones", db_index=False, db_constraint=False
    )
    stated_on = models.DateField(null=True, help_text="the day the fact names, or the last amendment")
    first_due_on = models.DateField(null=True, help_text="the due date before any amendment, where there was one")
    amendments = models.IntegerField(default=0, db_default=0)
    pauses = models.TextField(
        blank=True, default="", db_default="", help_text="JSON list of [first, last or nothing, why]"
    )
    submitted = models.ForeignKey(
        "ledger.Entry",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
        help_text="evidence that waits to be confirmed",
    )
    submitted_on = models.DateField(null=True)
    mending_since = models.DateField(
        null=True, help_text="the day on which what had come in time was last sent back to be mended"
    )
    agreed = models.IntegerField(default=0, db_default=0, help_text="how many people said it was done")
    disputed = models.IntegerField(default=0, db_default=0, help_text="how many people said it was not")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "kind"], name="duty_once"),
            models.CheckConstraint(condition=Q(due_on__gte=F("started_on")), name="duty_due_after_start"),
        ]
        indexes = [
            # With the days on which it was kept or lifted, so that an organ's year is counted without reading its duties.
            models.Index(fields=["debtor", "kind", "due_on", "kept_on", "lifted_on"], name="duty_of_debtor"),
            # Every duty is in exactly one of these three, so a list in order of due date reads little, and counting the
            # last two apart from the whole answers a county's year without reading its duties.
            models.Index(fields=["due_on", "id"], name="duty_in_time", condition=Q(kept_on__lte=F("due_on"))),
            models.Index(
                fields=["due_on", "debtor", "kind", "kept_on", "lifted_on"],
                name="duty_late",
                condition=Q(kept_on__gt=F("due_on")),
            ),
            models.Index(
                fields=["due_on", "debtor", "kind", "kept_on", "lifted_on"],
                name="duty_unkept",
                condition=Q(kept_on=None),
            ),
            # What the tick has still to look at.
            models.Index(fields=["id"], name="duty_late_unsaid", condition=Q(kept_on__gt=F("due_on"), breach=None)),
            models.Index(fields=["id"], name="duty_broken", condition=Q(breach__isnull=False)),
            models.Index(fields=["id"], name="duty_provisional", condition=Q(provisional=True)),
            # Promises are few beside decisions and service cases, and are listed by themselves.
            models.Index(fields=["kind", "due_on", "id"], name="duty_promised", condition=Q(confirmer__isnull=False)),
            models.Index(
                fields=["confirmer", "submitted_on"], name="duty_submitted", condition=Q(submitted__isnull=False)
            ),
            models.Index(fields=["parent"], name="duty_milestones", condition=Q(parent__isnull=False)),
            models.Index(fields=["debtor", "office"], name="duty_of_office", condition=~Q(office="")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


SHOWN_IN_TIME = Q(submitted__isnull=False, submitted_on__lte=F("due_on"))
"""Evidence of a duty came by its last day and waits for whoever confirms it: `Clock.is_shown_in_time` as a condition."""


class Bookmark(models.Model):
    """How far into the ledger the duties have been carried."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)
    pack = models.CharField(max_length=80, blank=True, help_text="the pack all due dates were last computed with")
    began_on = models.DateField(
        null=True, help_text="the day this installation began to ask for what falls due by the calendar"
    )

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_duties")]

    def __str__(self) -> str:
        return str(self.entry)


class Heartbeat(models.Model):
    """When the tick last ran, and what it did."""

    ran_at = models.DateTimeField()
    as_of = models.DateField()
    looked_at = models.IntegerField()
    changed = models.IntegerField()
    took_s = models.DecimalField(max_digits=9, decimal_places=3)

    class Meta:
        indexes = [models.Index(fields=["-ran_at"], name="heartbeat_last")]

    def __str__(self) -> str:
        return str(self.ran_at)


class Invitation(models.Model):
    """A link made for one person a promise was made to, or who put the suggestion: good for one answer. Only its digest is kept."""

    token = models.BinaryField(max_length=32, unique=True, help_text="SHA-256 of the link's secret part")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="invitations")
    purpose = models.CharField(max_length=12, help_text="outcome: was it done; satisfaction: how well it was answered")
    name = models.BinaryField(help_text="for whom it was made, sealed")
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    answer = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False)

    def __str__(self) -> str:
        return f"{self.purpose} of duty {self.duty_id}"
