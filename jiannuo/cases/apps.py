"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Procedures: who decides, in what steps, by when."""

    name = "jiannuo.cases"
    label = "cases"
    verbose_name = "案件"
