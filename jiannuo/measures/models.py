"""How far the measures have followed the ledger. They hold nothing else: what was imposed is a case, what is barred follows from the records."""

from django.db import models
from django.db.models import Q


class Bookmark(models.Model):
    """The last entry whose consequences have been drawn."""

    id = models.SmallIntegerField(primary_key=True)
    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="one_bookmark_of_measures")]

    def __str__(self) -> str:
        return str(self.entry)
