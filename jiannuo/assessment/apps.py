"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """How well, and why: figures, coverage and half-yearly reports."""

    name = "jiannuo.assessment"
    label = "assessment"
    verbose_name = "评价和报告"
