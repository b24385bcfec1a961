"""The breaches of the demonstration go through the front doors and end as they are told to."""

from datetime import datetime

import pytest

from jiannuo.cases.models import Case
from jiannuo.cli.demo.accounts import People, Staff
from jiannuo.cli.demo.breaches import Breaches
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects
from tests.packages.promising import person
from tests.packages.recording import LEAD, Organs

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 25, 18, tzinfo=SHANGHAI)


def test_they_stand_as_they_are_told_to(organs: Organs) -> None:
    directory = subjects.directory(NOW.date())
    staff = {
        card.code: Staff(
            *(person(card, role, username=f"{role}.{card.code}") for role in ("clerk", "reviewer", "head"))
        )
        for card in directory.organs
    }
    breaches = Breaches(NOW, People(staff, person(organs(LEAD), "lead")), directory)
    for at, what in sorted(breaches.steps(), key=lambda step: step[0]):
        what(at)
    found = Case.objects.filter(flow="breach").order_by("pk").values_list("state", flat=True)
    assert list(found) == ["agreed", "confirming", "untrue", "compensating", "mended", "received"]
    assert Case.objects.filter(flow="part").values_list("state", flat=True).distinct().get() == "answered"
    assert ledger.facts().filter(kind="confirmation").count() == 1
    assert ledger.facts().filter(kind="publication").count() == 3, "two instalments and one record"
