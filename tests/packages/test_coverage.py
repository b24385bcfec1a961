"""Which of the required files exist and how fresh: counted by section and organ, with what to do next."""

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.assessment.queries.coverage import county_coverage, files_of
from jiannuo.assessment.rules.coverage import Count, months_before
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import rules as ledger_rules
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.models import OfficeSpell, Official
from jiannuo.subjects.rules import OrganCard, official_key
from tests.packages.conftest import Send
from tests.packages.filing import DIRECTOR, FOLLOWER, appointed, filed
from tests.packages.promising import at, promised

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
Organs = Callable[[str], OrganCard]


def states(organ: OrganCard, on: date = ON) -> dict[tuple[str, str], str]:
    return {(one.name, one.section.title): one.state for one in files_of(organ.id, on=on)}


def test_what_is_missing_old_and_fresh(organs: Organs, market: OrganCard, send: Send) -> None:
    appointed(market)
    appointed(market, FOLLOWER, title="办公室主任")
    filed("appraisal", organs, of=market)
    filed("training", organs, of=market, finished_on="2024-04-18", on="2024-06-01")
    promised(send)
    found = states(market)
    short = subjects.directory(ON).card(market.id).short
    assert found["石青山", "年度考核"] == "fresh"
    assert found["石青山", "诚信教育培训"] == "old"
    assert found["柳知秋", "年度考核"] == "missing"
    assert found["柳知秋", "任职"] == "fresh"
    assert found[short, "承诺兑现"] == "fresh"
    assert found[short, "权力清单"] == "missing"
    assert states(market, date(2027, 6, 1))["石青山", "年度考核"] == "old"


def test_one_number_for_the_county_and_what_to_do_next(organs: Organs, market: OrganCard) -> None:
    before = county_coverage(ON)
    assert before.officials == {}
    appointed(market)
    filed("appraisal", organs, of=market)
    found = county_coverage(ON)
    assert found.total == before.total + Count(required=3, present=2, fresh=2)
    assert found.of_officials == {market.id: Count(3, 2, 2)}
    assert found.total.share is not None
    assert found.total.share < 1
    own = [one for one in found.tasks if one.organ_id == market.id]
    assert ("training", 1, 0) in [(one.section, one.missing, one.old) for one in own]
    assert sum(count.required for count in found.by_section.values()) == found.total.required
    assert sum(count.fresh for count in found.by_organ.values()) == found.total.fresh
    assert county_coverage(ON, organ_ids=frozenset({market.id})).total == found.by_organ[market.id]


def test_an_official_with_two_offices_has_one_file(organs: Organs, market: OrganCard) -> None:
    appointed(market)
    appointed(organs("青禾县审计局"), title="兼职委员")
    assert sum(count.required for count in county_coverage(ON).of_officials.values()) == 3


@pytest.mark.parametrize(
    "day, months, expected",
    [
        ("2026-11-23", 12, "2025-11-23"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 24, "2024-12-31"),
    ],
)
def test_months_before(day: str, months: int, expected: str) -> None:
    assert months_before(date.fromisoformat(day), months) == date.fromisoformat(expected)


def many(organs: tuple[OrganCard, ...], count: int) -> None:
    """So many officials, each appraised."""
    moment = at("2026-02-10")
    Official.objects.bulk_create(Official(code=f"N{at_}", name=f"人{at_}") for at_ in range(count))
    ids = dict(Official.objects.values_list("code", "id"))
    OfficeSpell.objects.bulk_create(
        OfficeSpell(
            official_id=ids[f"N{at_}"], organ_id=organs[at_ % len(organs)].id, title="科员", since=date(2024, 1, 1),
            recorded_at=moment, recorded_by="a",
        )
        for at_ in range(count)
    )  # fmt: skip
    ledger.append(
        [
            ledger_rules.Draft(
                kind="appraisal", organ_id=(organ := organs[at_ % len(organs)]).id, organ_code=organ.code,
                happened_on=date(2026, 2, 10), rule="test", source=ledger_rules.Source("a"), about=official_key(f"N{at_}"),
                identity=ledger_rules.identity("appraisal", str(at_)), visibility="restricted",
            )
            for at_ in range(count)
        ],
        at=moment,
    )  # fmt: skip


@pytest.mark.slow
def test_a_county_of_two_thousand_officials_asks_a_few_questions(organs: Organs, market: OrganCard) -> None:
    all_organs = subjects.directory(ON).organs
    many(all_organs, 2000)
    with CaptureQueriesContext(connection) as asked:
        found = county_coverage(ON)
    assert sum(found.officials.values()) == 2000
    assert found.by_section["appraisals"] == Count(2000, 2000, 2000)
    assert len(asked) <= 8
    answer = Client().get("/coverage/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "人17" not in text
    assert "N17" not in text
    assert DIRECTOR[1] not in text
