"""A report sent in time and returned: in time while it is mended, late only once the day given for mending has passed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from jiannuo.access.rules import Actor
from jiannuo.assessment import actions
from jiannuo.assessment.queries.reports import ReportCard
from jiannuo.assessment.rules.reporting import State
from jiannuo.duties import tick
from jiannuo.duties.models import Bookmark
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.retelling import retold
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import at, person
from tests.packages.reporting import H1, WORDS, asked, card, day, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(organs: Callable[[str], OrganCard]) -> Actor:
    return person(organs("青禾县发展和改革委员会"), "lead")


@pytest.fixture
def called(market: OrganCard) -> None:
    asked()


def returned(organ: OrganCard, by: Actor, on: str) -> ReportCard:
    reason = "存在问题没有写整改时间"
    actions.send_back(organ.id, period=H1, reason=reason, actor=by, on=day(on), at=at(on))
    return card(organ, on)


def mended(organ: OrganCard, by: Actor, on: str) -> ReportCard:
    """Written again, signed and accepted on a day."""
    sent(organ, person, on, problems=WORDS["problems"] + "整改时限为七月二十五日。")
    actions.accept(organ.id, period=H1, reason="收到，内容齐全", actor=by, on=day(on), at=at(on))
    return card(organ, on)


def test_what_was_sent_in_time_and_returned_is_in_time_while_it_is_mended(
    called: None, market: OrganCard, lead: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent(market, person, "2026-07-08")
    back = returned(market, lead, "2026-07-13")
    # Five working days from Monday the 13th.
    assert (back.state, back.is_mending, back.days_late) == (State.RETURNED, True, 0)
    assert (back.due_on, back.called_for) == (date(2026, 7, 20), date(2026, 7, 10))
    assert back.returned
    assert back.returned.reason == "存在问题没有写整改时间"
    assert "2026-07-20前改好不算迟" in back.duty.why
    tick.run(as_of=day("2026-07-20"), now=at("2026-07-20"))
    assert not ledger.facts().filter(kind="breach", organ=market.id)
    monkeypatch.setenv("JIANNUO_TODAY", "2026-07-20")
    page = Client().get("/reports/?period=2026-H1").content.decode().split(market.name)[1].split("</tr>")[0]
    assert "已按时报送、退回修改中" in page
    assert "2026-07-20前改好" in page
    assert "逾期" not in page
    done = mended(market, lead, "2026-07-20")
    assert (done.state, done.days_late, done.duty.standing) == (State.ACCEPTED, 0, Standing.KEPT)


def test_what_is_not_mended_by_the_day_given_is_late_from_the_day_after(
    called: None, market: OrganCard, lead: Actor
) -> None:
    sent(market, person, "2026-07-08")
    returned(market, lead, "2026-07-13")
    tick.run(as_of=day("2026-07-21"), now=at("2026-07-21"))
    late = card(market, "2026-07-21")
    assert (late.is_mending, late.days_late, late.duty.standing) == (False, 1, Standing.BROKEN)
    (told,) = ledger.cards(ledger.facts().filter(kind="breach", organ=market.id))
    assert told.happened_on == date(2026, 7, 21)
    done = mended(market, lead, "2026-07-22")
    assert (done.days_late, done.duty.standing) == (2, Standing.KEPT_LATE)


def test_what_came_late_is_given_no_days_by_being_returned(called: None, market: OrganCard, lead: Actor) -> None:
    sent(market, person, "2026-07-13")
    back = returned(market, lead, "2026-07-14")
    assert (back.is_mending, back.due_on, back.days_late) == (False, date(2026, 7, 10), 4)


def test_returned_early_it_still_has_until_the_day_everybody_has(called: None, market: OrganCard, lead: Actor) -> None:
    sent(market, person, "2026-07-02")
    assert returned(market, lead, "2026-07-02").due_on == date(2026, 7, 10)
    # Sent again in time and sent back again, it has days again.
    sent(market, person, "2026-07-09", problems=WORDS["problems"] + "整改时限为七月底。")
    assert returned(market, lead, "2026-07-10").due_on == date(2026, 7, 17)


def test_the_table_and_the_retelling_agree_on_the_days_to_mend(called: None, market: OrganCard, lead: Actor) -> None:
    sent(market, person, "2026-07-08")
    back = returned(market, lead, "2026-07-13")
    record = ledger.entry(back.duty.entry_id)
    assert record
    told = retold([record], back.acts, kind=back.duty.kind)
    assert told
    assert (told.due_on, told.mending_since) == (back.due_on, back.duty.mending_since)
    # A pack known better moves neither: the days follow from the act.
    Bookmark.objects.update(pack="older")
    tick.run(as_of=day("2026-07-14"), now=at("2026-07-14"))
    assert card(market, "2026-07-14").due_on == date(2026, 7, 20)
