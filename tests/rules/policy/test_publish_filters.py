"""Which filters of publication stand on which day (domain G6 and section 12)."""

from datetime import date

import pytest

from jiannuo.policy.pack import ROOT, load
from jiannuo.policy.publishing import PUBLISH_CHECKS

FILTERS = {entry.id: entry for entry in load(ROOT / "huaxian").filters}


@pytest.mark.parametrize(
    "name, day, stands",
    [
        ("summary_possible_1996", "2021-07-14", True),
        ("summary_possible_1996", "2021-07-15", False),
        ("summary_possible_2021", "2021-07-14", False),
        ("summary_possible_2021", "2021-07-15", True),
        ("social_impact", "2021-07-14", False),
        ("public_security_sealed", "2025-12-31", False),
        ("public_security_sealed", "2026-01-01", True),
        ("henan_natural_summary", "2020-04-30", False),
        ("henan_natural_summary", "2020-05-01", True),
    ],
)
def test_a_filter_stands_from_its_day(name: str, day: str, stands: bool) -> None:
    assert FILTERS[name].on(date.fromisoformat(day)) is stands


def test_the_thresholds_of_the_summary_procedure_rose_in_2021() -> None:
    old, new = FILTERS["summary_possible_1996"].params, FILTERS["summary_possible_2021"].params
    assert (old["citizen_yuan"], old["organisation_yuan"]) == (50, 1000)
    assert (new["citizen_yuan"], new["organisation_yuan"]) == (200, 3000)


def test_sealed_records_are_withdrawn_whenever_decided() -> None:
    for name in ("public_security_sealed", "minor_sealed"):
        assert FILTERS[name].select_by == "publication_date"
        assert FILTERS[name].outcome == "withhold"
        assert FILTERS[name].assumed


def test_every_filter_says_why_and_what_to_do() -> None:
    for entry in FILTERS.values():
        assert entry.check in PUBLISH_CHECKS
        assert entry.reason
        assert entry.fix
        assert entry.source


def test_the_province_adds_to_the_nation() -> None:
    assert {entry.jurisdiction for entry in FILTERS.values()} == {"国家", "河南省"}
    assert not any(entry.jurisdiction == "河南省" for entry in load(ROOT / "national").filters)
