"""The Django app of this package."""

from django.apps import AppConfig


class Config(AppConfig):
    """May they: accounts, roles, scope, and who looked at what."""

    name = "jiannuo.access"
    label = "access"
    verbose_name = "账号与权限"
