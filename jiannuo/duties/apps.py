"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Who owes what by when."""

    name = "jiannuo.duties"
    label = "duties"
    verbose_name = "责任事项"
