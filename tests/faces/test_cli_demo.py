"""The made-up year: the same from the same seed, plausible, about nobody, and taken by the real front doors."""

from collections import Counter
from datetime import datetime, timedelta
from random import Random

import pytest
from django.contrib.auth.password_validation import validate_password

from jiannuo.access import queries as accounts
from jiannuo.cli.demo.accounts import PASSWORD, create
from jiannuo.cli.demo.building import Building
from jiannuo.cli.demo.officials import CHANGES, PERSONAL, READINGS, STAFFED, Officials
from jiannuo.cli.demo.year import Revoke, Send, Year
from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import files
from jiannuo.duties.queries import handovers
from jiannuo.kernel import clock
from jiannuo.kernel.identifiers import check_id_card, check_uscc
from jiannuo.kernel.personal import find_personal
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 17, 30, tzinfo=clock.SHANGHAI)
DECISIONS = {"penalty_legal", "penalty_natural", "licence_legal", "licence_natural"}


def year(now: datetime) -> Year:
    pack = policy.current()
    subjects_actions.load_organs(pack, at=now)
    return Year(pack, subjects.directory(now.date()).organs, now)


@pytest.fixture
def steps() -> list[Send | Revoke]:
    return year(NOW).steps()


def rows(steps: list[Send | Revoke]) -> list[tuple[Send, dict[str, str]]]:
    return [(step, row) for step in steps if isinstance(step, Send) for row in step.rows]


def test_the_same_seed_gives_the_same_year(steps: list[Send | Revoke]) -> None:
    assert steps == year(NOW).steps()


def test_it_is_a_year_of_a_county(steps: list[Send | Revoke]) -> None:
    counted = Counter(step.kind for step, _ in rows(steps))
    assert 6000 <= sum(counted[kind] for kind in DECISIONS) <= 9000
    # Only the important documents are interpreted.
    assert counted.pop("policy_interpretation") > 20
    assert min(counted.values()) > 200
    assert sum(isinstance(step, Revoke) for step in steps) == 3
    assert any(isinstance(step, Send) and step.decide_at is None for step in steps)
    assert steps[0].at.date() < NOW.date() - timedelta(days=355)
    assert steps[-1].at <= NOW


def test_it_is_about_nobody(steps: list[Send | Revoke]) -> None:
    for step, row in rows(steps):
        for name in ("CF_XDR_SHXYM", "XK_XDR_SHXYM"):
            if name in row and len(row[name]) == 18:
                assert check_uscc(row[name]).level == "ok"
                assert row[name][2:8] == "419926"
        for name in ("CF_XDR_ZJHM", "XK_XDR_ZJHM"):
            if name in row and len(row[name]) == 18:
                assert check_id_card(row[name]).level == "ok"
                assert row[name].startswith("419926")
        text = "\n".join(value for name, value in row.items() if name in ("CF_SY", "CF_NR", "XK_NR", "summary"))
        assert not [found for found in find_personal(text) if found.certain]
        assert row.get("BZ", row.get("remark")) == "演示数据", step.kind


@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 1, 1, 0, 10, tzinfo=clock.SHANGHAI),
        datetime(2026, 2, 18, 9, tzinfo=clock.SHANGHAI),
        datetime(2027, 3, 6, 12, tzinfo=clock.SHANGHAI),
        datetime(2028, 2, 29, 8, 59, tzinfo=clock.SHANGHAI),
    ],
    ids=["new year's night", "spring festival", "a year without a notice", "a leap day"],
)
def test_it_can_be_made_on_any_day(now: datetime) -> None:
    steps = year(now).steps()
    assert len(steps) > 900
    assert max(step.at for step in steps) <= now


def test_the_front_doors_take_it(steps: list[Send | Revoke]) -> None:
    begun = steps[0].at
    directory = subjects.directory(NOW.date())
    some = [step for step in steps[:60] if isinstance(step, Send)]
    people = create(directory, begun, year(NOW).lot, {step.organ for step in some})
    building = Building(policy.current(), people, {organ.code: organ.id for organ in directory.organs})
    for step in some:
        building.plan(step.at, lambda _, step=step: building.send(step))  # type: ignore[misc]
    building.live()
    building.tick(NOW)
    assert building.counted["batches"] == len(some)
    assert building.counted["not_released"] == 0
    assert disclosure.numbers().total >= building.counted["released"] > 100
    assert len(accounts.accounts(on=NOW.date(), role="clerk")) == len(people.staff)


def test_officials_hold_offices_have_files_hand_over_and_are_read_about(db: None) -> None:
    """Everything by the front doors, nothing refused, nobody real, and no misconduct made up."""
    begun = year(NOW).steps()[0].at
    pack, directory = policy.current(), subjects.directory(NOW.date())
    people = create(directory, begun, Random(7), {organ.code for organ in directory.organs if organ.type in STAFFED})
    officials = Officials(directory.organs, pack.calendar, begun.date(), NOW, people=people)
    building = Building(pack, people, {organ.code: organ.id for organ in directory.organs})
    promised = [Send(one.at, one.organ, one.kind, one.rows, one.release_at) for one in officials.given()]
    for step in (*officials.filed(), *promised):
        building.plan(step.at, lambda _, step=step: building.send(step))  # type: ignore[misc]
    for at, what in officials.steps():
        building.plan(at, what)
    building.live()
    held = subjects.officials(on=NOW.date())
    assert building.counted["rejected"] == 0
    assert building.counted["commitment"] == len(PERSONAL)
    assert len({one.official_code for one in held}) == 2 * len(officials.heads) + len(CHANGES)
    assert not ledger.facts().filter(kind="violation").exists()
    handed = handovers.handovers([one.id for one in directory.organs])
    assert [one.is_complete for one in handed] == [signed for *_, signed in reversed(CHANGES)]
    head = officials.heads["419926-121"]
    assert [one.purpose for one in files.readings(head.code)] == [one[1] for one in reversed(READINGS)]
    own = files.open_own(actor=head.actor, on=NOW.date(), at=NOW)
    assert {part.section.id for part in own.parts if part.total} >= {
        "personal_matters",
        "integrity",
        "appraisals",
        "training",
        "offices",
    }


def test_the_password_everybody_is_told_would_be_accepted_of_anybody() -> None:
    validate_password(PASSWORD)
