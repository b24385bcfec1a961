"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """Who: organs, officials and outside parties."""

    name = "jiannuo.subjects"
    label = "subjects"
    verbose_name = "信用主体"
