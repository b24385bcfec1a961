"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Rows in, checked, into the ledger."""

    name = "jiannuo.intake"
    label = "intake"
    verbose_name = "数据上报"
