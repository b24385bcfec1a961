"""What tests of packages share: the made-up county's organs, and rows sent in by one of them."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from jiannuo.access.rules import Actor
from jiannuo.intake import actions, queries
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import person

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 11, 23)

Send = Callable[..., queries.BatchCard]


@pytest.fixture
def organs(db: None, root: Path) -> Callable[[str], OrganCard]:
    """Finds an organ of the made-up county by name."""
    subjects_actions.load_organs(policy.load(root / "packs" / "sample"), at=datetime(2026, 1, 5, 9, tzinfo=NOW.tzinfo))

    def find(name: str) -> OrganCard:
        card = subjects.directory(TODAY).find(name)
        assert card is not None, name
        return card

    return find


@pytest.fixture
def market(organs: Callable[[str], OrganCard]) -> OrganCard:
    """县市场监督管理局, whose clerk sends most of what tests send."""
    return organs("青禾县市场监督管理局")


@pytest.fixture
def theirs(market: OrganCard) -> Actor:
    """Whoever answers for 县市场监督管理局, where it owes something."""
    return person(market, "reviewer")


@pytest.fixture
def office(organs: Callable[[str], OrganCard]) -> Actor:
    """The lead office, which confirms."""
    return person(organs("青禾县发展和改革委员会"), "lead")


@pytest.fixture
def send(market: OrganCard) -> Send:
    """Sends a file or rows of that organ and works the batch through."""

    def sending(
        what: bytes | Sequence[Mapping[str, Any]],
        *,
        filename: str = "表.csv",
        kind: str = "penalty_legal",
        at: datetime = NOW,
        **more: Any,
    ) -> queries.BatchCard:
        given = {"kind": kind, "organ_id": market.id, "author": "clerk", "at": at, "as_of": TODAY, **more}
        if isinstance(what, bytes):
            batch_id = actions.receive(data=what, filename=filename, **given)
        else:
            batch_id = actions.receive_rows(what, **given)
        return actions.process(batch_id, clock=lambda: at)

    return sending


@pytest.fixture
def next_year(tmp_path: Path, root: Path) -> Path:
    """The same county after the notice for 2027 (made up for this test: one more day off at New Year)."""
    folder = tmp_path / "sample"
    folder.mkdir()
    for path in (root / "packs" / "sample").glob("*"):
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "notices.csv").write_text("year,notice,title,url\n2027,演〔2026〕1号,演示用的放假通知,\n", "utf-8")
    (folder / "calendar").mkdir()
    rows = ["day,is_workday,name", "2027-01-01,no,元旦", "2027-01-04,no,元旦"]
    (folder / "calendar" / "2027.csv").write_text("\n".join(rows) + "\n", "utf-8")
    return folder


@pytest.fixture
def reviewer(market: OrganCard) -> Actor:
    return _person(market, "reviewer")


@pytest.fixture
def clerk(market: OrganCard) -> Actor:
    return _person(market, "clerk", username="clerk")


@pytest.fixture
def lead(organs: Callable[[str], OrganCard]) -> Actor:
    return _person(organs("青禾县发展和改革委员会"), "lead", username="lead")


def _person(organ: OrganCard, role: str, *, username: str = "reviewer") -> Actor:
    return Actor(None, username, username, organ.id, organ.short, frozenset({role}), frozenset({organ.id}))
