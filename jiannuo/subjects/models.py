"""Tables of who: organs and officials with their spells, and the outside parties they deal with."""

from django.db import models


class Organ(models.Model):
    """An organ through all its names. What it was called and whom it answered to on a day stands in its spells."""

    code = models.CharField(max_length=40, unique=True)

    def __str__(self) -> str:
        return self.code


class OrganSpell(models.Model):
    """What an organ was from a day until a day. Rows are added and never changed; a wrong one is replaced by another."""

    organ = models.ForeignKey(Organ, models.PROTECT, related_name="spells")
    name = models.CharField(max_length=200)
    short = models.CharField(max_length=60)
    type = models.CharField(max_length=20)
    parent = models.ForeignKey(Organ, models.PROTECT, null=True, related_name="+")
    uscc = models.CharField(max_length=18, blank=True)
    since = models.DateField()
    until = models.DateField(null=True)
    successors = models.TextField(blank=True, help_text="codes of the organs that took over, joined by ;")
    aliases = models.TextField(blank=True, help_text="other names it is written by, joined by ;")
    assumed = models.TextField(blank=True, help_text="who assumed this, and why, where no document says so")
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    class Meta:
        indexes = [models.Index(fields=["organ", "since"], name="organ_spell_since")]

    def __str__(self) -> str:
        return f"{self.name} {self.since}"


class Party(models.Model):
    """An outside party, told apart by its code and never by its name alone."""

    key = models.CharField(
        max_length=64,
        primary_key=True,
        help_text="uscc:… reg:… org:…, person:… (a keyed digest), record:… (has no code)",
    )
    type = models.CharField(max_length=20)
    name = models.CharField(max_length=400, help_text="as first reported; a natural person's is masked")
    folded = models.CharField(max_length=400, db_index=True)
    since = models.DateField()

    def __str__(self) -> str:
        return self.key


class Official(models.Model):
    """A public servant through all offices held."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=60)

    def __str__(self) -> str:
        return self.code


class OfficeSpell(models.Model):
    """An office held from a day until a day. Rows are added and never changed."""

    official = models.ForeignKey(Official, models.PROTECT, related_name="offices")
    organ = models.ForeignKey(Organ, models.PROTECT, related_name="offices")
    title = models.CharField(max_length=100)
    since = models.DateField()
    until = models.DateField(null=True)
    document = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="number of the document that appointed"
    )
    end_document = models.CharField(
        max_length=200, blank=True, default="", db_default="", help_text="number of the document that relieved"
    )
    recorded_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    replaces = models.OneToOneField("self", models.PROTECT, null=True, related_name="replaced_by")

    def __str__(self) -> str:
        return f"{self.title} {self.since}"
