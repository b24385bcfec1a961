"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Who may see what."""

    name = "jiannuo.disclosure"
    label = "disclosure"
    verbose_name = "信息公示"
