"""What tests of faces share: the made-up county's organs, rows sent in by one of them, and an office where something was promised."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.access import actions as access_actions
from jiannuo.access.rules import INSTALLER
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel import clock
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_office import PEOPLE, Day
from tests.faces.september import PASSWORD
from tests.packages.conftest import Send, market, organs, send
from tests.packages.promising import promised

__all__ = ["market", "organs", "send"]


@pytest.fixture
def day(monkeypatch: pytest.MonkeyPatch) -> Day:
    """Moves the clock to a day."""
    return lambda text: monkeypatch.setenv("JIANNUO_TODAY", text)


@pytest.fixture
def office(organs: Callable[[str], OrganCard], day: Day) -> None:
    """Everybody has an account."""
    day("2026-10-28")
    for username, organ, role in PEOPLE:
        made = {"username": username, "name": username, "organ_id": organs(organ).id, "password": PASSWORD}
        user_id, _ = access_actions.create_account(by=INSTALLER, at=clock.now(), **made)  # type: ignore[arg-type]
        access_actions.grant(by=INSTALLER, user_id=user_id, role=role, on=date(2026, 1, 5), at=clock.now())


@pytest.fixture
def road(office: None, send: Send) -> PromiseCard:
    """A road promised on 2 March for 31 October, looked at on 28 October."""
    return promised(send)
