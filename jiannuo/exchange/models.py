"""What leaves the house: deliveries to other sites with their receipts, messages to people and their mail, the worker's pulse."""

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
    """How far into the ledger the outbox has been filled, and how far what happened has been noted."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)
    happened = models.BigIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_exchange")]

    def __str__(self) -> str:
        return str(self.entry)


class Happening(models.Model):
    """Something that happened and that people of an organ are to be told of in their next message. Kept once, by its key."""

    key = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=10, help_text="back, asked, moved")
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=40, blank=True, help_text="the right of those who can do something about it")
    words = models.TextField()
    entry = models.ForeignKey("ledger.Entry", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at", "id"], name="happening_at")]

    def __str__(self) -> str:
        return self.key


class Provisional(models.Model):
    """The provisional due dates as they were when last looked at, so that it is noticed when they move."""

    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=40)
    started_on = models.DateField()
    due_on = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["organ", "kind", "started_on"], name="provisional_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.started_on}"


class Message(models.Model):
    """What one account was told on one day."""

    account = models.ForeignKey("access.User", models.PROTECT, related_name="+", db_index=False)
    on = models.DateField()
    key = models.CharField(max_length=20, default="day")
    subject = models.CharField(max_length=200)
    items = models.TextField(help_text="JSON list of lines: group, words, count, first, last, titles, url, fresh")
    happened = models.BigIntegerField(default=0, help_text="how far it had followed what happened")
    made_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "on", "key"], name="message_once")]
        indexes = [models.Index(fields=["account"], name="message_unread", condition=Q(read_at=None))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.on}"


class Mail(models.Model):
    """One letter on its way to one person, and what the server answered."""

    account = models.ForeignKey(
        "access.User",
        models.PROTECT,
        null=True,
        related_name="+",
        db_index=False,
        help_text="nobody's for a citizen's answer",
    )
    message = models.OneToOneField(Message, models.PROTECT, null=True, related_name="mail")
    seed = models.CharField(max_length=64, unique=True, help_text="what the Message-ID is made from")
    sealed = models.BinaryField(null=True, help_text="address, subject and text of a letter that stands in no message")
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, delivered, failed, overtaken")
    attempts = models.IntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    receipt = models.TextField(blank=True, default="", help_text="what the server answered")
    trouble = models.TextField(blank=True, default="", help_text="why the last attempt failed")

    class Meta:
        indexes = [models.Index(fields=["next_at", "id"], name="mail_waiting", condition=Q(state="waiting"))]

    def __str__(self) -> str:
        return f"{self.account_id} {self.seed}"


class Pulse(models.Model):
    """When a process that should always run last finished a round."""

    name = models.CharField(max_length=20, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.at}"
