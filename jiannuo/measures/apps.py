"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """What follows a record, and whether a subject may receive something."""

    name = "jiannuo.measures"
    label = "measures"
    verbose_name = "惩戒措施和结果运用"
