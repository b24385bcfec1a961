"""Tables of intake: batches received and what was wrong in them."""

from django.db import models


class Batch(models.Model):
    """One file, form or request received: a job until it is done, a receipt after."""

    kind = models.CharField(max_length=40)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+")
    author = models.CharField(max_length=150)
    evidence = models.CharField(max_length=64, help_text="digest of the file as received")
    filename = models.CharField(max_length=255)
    received_at = models.DateTimeField()
    as_of = models.DateField(help_text="the day its rows are judged on")
    corrects = models.BooleanField(default=False, help_text="rows that differ from one already in are corrections")
    reason = models.CharField(max_length=400, blank=True)
    token = models.CharField(max_length=80, null=True, unique=True, help_text="the sender's idempotency key")  # noqa: DJ001 - unique where given
    state = models.CharField(max_length=10, default="waiting", help_text="waiting, running, done, refused")
    lease_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    seen = models.IntegerField(default=0, help_text="rows checked so far")
    rows = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    unchanged = models.IntegerField(default=0)
    rejected = models.IntegerField(default=0)
    refusal = models.TextField(blank=True, help_text="why the whole file was refused")
    heading_row = models.IntegerField(default=0)
    sheet = models.CharField(max_length=100, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["organ", "-received_at"], name="batch_of_organ"),
            models.Index(
                fields=["state", "received_at"],
                name="batch_to_do",
                condition=models.Q(state__in=["waiting", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.filename} #{self.pk}"


class Problem(models.Model):
    """What is wrong with one cell or row, and what to do."""

    batch = models.ForeignKey(Batch, models.CASCADE, related_name="problems")
    row = models.IntegerField(help_text="as the spreadsheet counts them")
    column = models.IntegerField(help_text="from 0; -1 where the whole row is meant")
    field = models.CharField(max_length=40, blank=True)
    code = models.CharField(max_length=40)
    level = models.CharField(max_length=10)
    message = models.TextField()
    fix = models.TextField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["batch", "row"], name="problem_of_row")]

    def __str__(self) -> str:
        return f"{self.batch_id}:{self.row} {self.code}"
