"""The calendar an account subscribes to, read back by the library that calendars are written with."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from icalendar import Calendar

from jiannuo.access import actions as access
from jiannuo.access.models import Contact
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties.actions import Authority
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.subjects.rules import OrganCard
from tests.packages.mailbox import account
from tests.packages.promising import PNG, at, carried, person, promised
from tests.wrong.make_sheets import numbered

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)
TITLE = "修好柳溪村到县道的3.2公里路面"


@pytest.fixture
def owner(market: OrganCard) -> Actor:
    return account(market, "clerk", "reviewer", username="owner")


def fetched(actor: Actor) -> list[Any]:
    token = access.make_feed(by=actor, at=NOW)
    answer = Client().get(f"/calendar/{token}.ics")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert not answer.cookies
    assert b"\r\n" in answer.content
    assert max(len(line) for line in answer.content.split(b"\r\n")) <= 75
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def the(events: list[Any], start: str) -> Any:
    (found,) = [one for one in events if str(one["UID"]).startswith(start)]
    return found


def test_a_promise_is_a_whole_day_with_an_alarm_where_the_rule_says_it_is_near(
    send: Callable[..., object], owner: Actor
) -> None:
    card = promised(send, due_on="2026-12-31")
    event = the(fetched(owner), f"duty-{card.duty.id}@")
    assert (event.decoded("DTSTART"), event.decoded("DTEND")) == (date(2026, 12, 31), date(2027, 1, 1))
    assert event["STATUS"] == "CONFIRMED"
    assert str(event["URL"]).endswith(f"/desk/promises/{card.duty.id}/")
    (alarm,) = event.walk("VALARM")
    # Ten working days before 31 December is 17 December; it rings at nine.
    assert alarm.decoded("TRIGGER") == timedelta(days=-14, hours=9)


def test_the_entry_stays_the_same_when_the_date_moves(
    send: Callable[..., object], owner: Actor, market: OrganCard
) -> None:
    card = promised(send, due_on="2026-12-01")
    before = the(fetched(owner), "duty-")
    duties.amend(
        card.duty.id, due_on=date(2026, 12, 20), authority=Authority("青禾县人民政府", "青政纪〔2026〕9号"),
        reason="连续降雨，路基不能施工，工期顺延", actor=person(market, "reviewer"), on=NOW.date(), at=NOW,
    )  # fmt: skip
    after = the(fetched(owner), "duty-")
    assert before["UID"] == after["UID"]
    assert (before["SEQUENCE"], after["SEQUENCE"]) == (0, 1)
    assert after.decoded("DTSTART") == date(2026, 12, 20)


def test_many_alike_are_one_entry_a_day(send: Callable[..., object], owner: Actor) -> None:
    send(numbered(4), at=NOW, as_of=NOW.date())
    carried(NOW)
    several = [str(one["SUMMARY"]) for one in fetched(owner)]
    assert sum("行政许可、行政处罚决定上网公开" in one for one in several) == len(several) > 0


def test_what_waits_for_confirmation_is_there_for_who_confirms(
    send: Callable[..., object], market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    card = promised(send, due_on="2026-12-31")
    lead = account(organs("青禾县发展和改革委员会"), "lead", username="office")
    duties.submit(
        card.duty.id, done_on=date(2026, 11, 20), words="路面已经全部铺好并验收", files=[PNG],
        actor=person(market, "clerk"), on=date(2026, 11, 20), at=at("2026-11-20"),
    )  # fmt: skip
    event = the(fetched(lead), f"confirm-{card.duty.id}@")
    assert str(event["SUMMARY"]).startswith("请确认：")
    assert event["STATUS"] == "TENTATIVE"


def test_nothing_that_is_not_public_is_in_it(
    send: Callable[..., object], owner: Actor, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    card = promised(send, due_on="2026-12-31")
    assert str(the(fetched(owner), "duty-")["SUMMARY"]) == "兑现承诺"
    done = disclosure.release(
        entry_ids=[card.record.id], actor=person(market, "reviewer"), on=NOW.date(), at=NOW, basis="承诺应当公开", reason="已核对"
    )  # fmt: skip
    assert done.acts, done
    assert str(the(fetched(owner), "duty-")["SUMMARY"]) == TITLE
    assert fetched(account(organs("青禾县审计局"), "clerk", username="stranger")) == []


def test_it_is_asked_for_again_for_nothing(send: Callable[..., object], owner: Actor) -> None:
    promised(send, due_on="2026-12-31")
    address = f"/calendar/{access.make_feed(by=owner, at=NOW)}.ics"
    first = Client().get(address)
    again = Client().get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert Client().get(address).content == first.content
    assert "private" in first["Cache-Control"]


def test_a_token_that_was_changed_revoked_or_whose_owner_left_opens_nothing(owner: Actor) -> None:
    first = access.make_feed(by=owner, at=NOW)
    second = access.make_feed(by=owner, at=NOW)
    assert [Client().get(f"/calendar/{one}.ics").status_code for one in (first, second, "x", "")] == [
        404,
        200,
        404,
        404,
    ]
    assert second not in str(Contact.objects.values().get())
    access.end_feed(by=owner, at=NOW)
    assert Client().get(f"/calendar/{second}.ics").status_code == 404
    third = access.make_feed(by=owner, at=NOW)
    access.close_account(by=INSTALLER, user_id=owner.user_id or 0, at=NOW)
    assert Client().get(f"/calendar/{third}.ics").status_code == 404
