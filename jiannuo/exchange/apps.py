"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """To other systems."""

    name = "jiannuo.exchange"
    label = "exchange"
    verbose_name = "数据交换"
