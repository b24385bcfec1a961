"""The September office with a second person in the lead office and a head of the bureau concerned: where records are made. Also a program."""

import os
from datetime import date

import django
from django.apps import apps
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
if not apps.ready:
    django.setup()

from jiannuo.access import actions as access_actions
from jiannuo.access.rules import INSTALLER
from jiannuo.cli.demo.accounts import light_hashing
from jiannuo.kernel import clock
from tests.faces import desk_files, september

TODAY, PASSWORD, LEAD = september.TODAY, september.PASSWORD, september.LEAD
SECOND, BUILDER = "fgw.jiang", "zjj.gao"
OFFICIAL, DISCIPLINE = desk_files.OWN, desk_files.DISCIPLINE


def open_office() -> None:
    """Everybody of the September office, its officials, and the one who decides beside the lead."""
    desk_files.open_office()
    user_id, _ = access_actions.create_account(
        by=INSTALLER, username=SECOND, name="江平", organ_id=september.organ_id("县发展改革委"), at=clock.now(), password=PASSWORD
    )  # fmt: skip
    access_actions.grant(by=INSTALLER, user_id=user_id, role="reviewer", on=date(2026, 1, 5), at=clock.now())


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    with light_hashing():
        open_office()
