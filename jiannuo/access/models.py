"""Tables of may they: accounts, roles granted, keys of machines, the trace of every reading and writing, and how often one spoke."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class User(AbstractBaseUser):
    """A person's account, bound to one organ."""

    username = models.CharField(max_length=150, unique=True)
    name = models.CharField(max_length=60)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, null=True, related_name="users")
    official = models.CharField(
        max_length=64, blank=True, default="", help_text="code of the official whose account it is"
    )
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["official"],
                condition=models.Q(is_active=True) & ~models.Q(official=""),
                name="one_open_account_of_an_official",
            )
        ]

    USERNAME_FIELD = "username"
    objects = BaseUserManager["User"]()

    def __str__(self) -> str:
        return self.username


class Grant(models.Model):
    """A role held from a day until a day, and who gave and took it."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=20)
    since = models.DateField()
    until = models.DateField(null=True)
    granted_by = models.CharField(max_length=150)
    ended_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "role"], condition=models.Q(until=None), name="role_held_once")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.role}"


class ApiKey(models.Model):
    """A machine's key, bound to one organ and to named actions; only its digest is kept."""

    organ = models.ForeignKey("subjects.Organ", models.PROTECT, related_name="+")
    name = models.CharField(max_length=100)
    digest = models.CharField(max_length=64, unique=True)
    roles = models.CharField(max_length=100)
    since = models.DateField()
    until = models.DateField(null=True)
    created_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.name


class Trace(models.Model):
    """Who did or read what, when and why. Rows are added and never changed; the database refuses."""

    at = models.DateTimeField()
    username = models.CharField(max_length=150)
    organ = models.ForeignKey("subjects.Organ", models.PROTECT, null=True, related_name="+")
    action = models.CharField(max_length=40)
    object = models.CharField(max_length=200)
    detail = models.TextField(blank=True)
    purpose = models.CharField(max_length=200, blank=True)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["object", "at"], name="trace_object"),
            models.Index(fields=["username", "id"], name="trace_username"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.username} {self.action}"


class Contact(models.Model):
    """How a person wants to be reached: an address of their own, proved by a code sent to it, and a calendar's token."""

    user = models.OneToOneField(User, models.PROTECT, primary_key=True, related_name="contact")
    sealed = models.BinaryField(null=True, help_text="the proved address, sealed")
    shown = models.CharField(max_length=130, blank=True, default="", help_text="the same, masked")
    proved_at = models.DateTimeField(null=True)
    pending = models.BinaryField(null=True, help_text="an address that is not proved yet, sealed")
    pending_shown = models.CharField(max_length=130, blank=True, default="")
    code = models.CharField(max_length=32, blank=True, default="", help_text="blind digest of the code sent")
    code_sent_at = models.DateTimeField(null=True)
    code_tries = models.IntegerField(default=0)
    mail_on = models.BooleanField(default=False)
    hour = models.SmallIntegerField(default=8, help_text="the hour from which mail may come")
    feed = models.CharField(max_length=64, blank=True, default="", help_text="digest of the calendar's token")
    feed_since = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["feed"], condition=~models.Q(feed=""), name="feed_of_one")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.shown}"


class Voice(models.Model):
    """That somebody at a network address has spoken: kept a day, blinded, to hold the limit on how often one may."""

    address = models.BinaryField(max_length=16)
    topic = models.CharField(max_length=40, help_text="what kind of thing it was about; never which case")
    content = models.BinaryField(max_length=16, help_text="blind digest of what was said, to know a second click")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["address", "at"], name="spoken_from"),
            models.Index(fields=["at"], name="spoken_at"),
        ]

    def __str__(self) -> str:
        return str(self.at)
