"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Facts: added, never changed."""

    name = "jiannuo.ledger"
    label = "ledger"
    verbose_name = "台账"
