"""A promise that cannot be held to is returned with what is missing: one file for each way, and the words it is returned with."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.intake import actions, queries
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects.rules import OrganCard
from tests.packages.kinds import ROADS, ROWS
from tests.packages.promising import at
from tests.wrong import make_promises

NOW = at("2026-11-23")


def test_the_files_are_the_ones_the_maker_makes() -> None:
    made = dict(make_promises.made())
    assert made == {path.name: path.read_bytes().decode() for path in make_promises.FOLDER.iterdir()}


@pytest.mark.row("C1")
@pytest.mark.parametrize("name", make_promises.FAULTS)
def test_what_is_missing_is_said_at_its_cell(organs: Callable[[str], OrganCard], name: str) -> None:
    roads = organs(ROADS)
    subjects_actions.appoint(
        code="QH-0001", name="钱某", organ=roads, title="局长", on=date(2024, 1, 1), at=NOW, by="lead"
    )
    if name.startswith("service_case"):
        office, item = ROWS["service_item"]
        listing = actions.receive_rows(
            [item], kind="service_item", organ_id=organs(office).id, author="clerk", at=NOW, as_of=NOW.date()
        )
        assert actions.process(listing, clock=lambda: NOW).accepted == 1
    sender, _ = make_promises.row(name)
    data = (make_promises.FOLDER / f"{name}.csv").read_bytes()
    batch_id = actions.receive(
        kind=name.partition(".")[0], organ_id=organs(sender).id, author="clerk", data=data, filename=f"{name}.csv", at=NOW, as_of=NOW.date()
    )  # fmt: skip
    card = actions.process(batch_id, clock=lambda: NOW)
    assert (card.accepted, card.rejected, card.refusal) == (0, 1, {})
    _, field, words = make_promises.FAULTS[name]
    found = [one for one in queries.problems(batch_id, limit=20)[1] if one.level == "error"]
    assert (field, words) in [(one.field, one.message) for one in found]
    assert all(one.fix for one in found)
