"""县市场监管局 waits to be inspected on 6 May 2026: a plan announced in March, an inspector's account, one of the organ. Also a program."""

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
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.faces.september import PASSWORD
from tests.packages.inspecting import planned
from tests.packages.recording import LEAD, MARKET, Office

TODAY = date(2026, 5, 6)
INSPECTOR, ORGAN = "fgw.chen", "scjg.zhou"
PEOPLE = ((INSPECTOR, "陈立", LEAD, "lead"), (ORGAN, "周明", MARKET, "reviewer"))


def open_office() -> None:
    """Organs, accounts and the plan, through the same doors as everything else."""
    subjects_actions.load_organs(policy.current(), at=clock.now())
    directory = subjects.directory(clock.today())
    found = {
        name: card
        for name in (LEAD, MARKET, "青禾县人民政府办公室", "柳溪镇人民政府")
        if (card := directory.find(name))
    }
    for username, name, organ, role in PEOPLE:
        user_id, _ = access_actions.create_account(
            by=INSTALLER, username=username, name=name, organ_id=found[organ].id, at=clock.now(), password=PASSWORD
        )
        access_actions.grant(by=INSTALLER, user_id=user_id, role=role, on=date(2026, 1, 5), at=clock.now())
    planned(Office(found.__getitem__), MARKET, "柳溪镇人民政府")


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    with light_hashing():
        open_office()
