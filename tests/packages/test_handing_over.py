"""An office changes hands: what it owes is listed, signed by both sides, and owed as before (新官理旧账)."""

from collections.abc import Callable, Mapping
from datetime import date

import pytest
from msgspec.structs import replace

from jiannuo.access import actions as accounts_actions
from jiannuo.access import queries as accounts
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.duties import tick
from jiannuo.duties.actions import handing_over
from jiannuo.duties.queries import Standing, handovers
from jiannuo.duties.queries.handovers import HandoverCard
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import actions as register
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.filing import DIRECTOR, FOLLOWER, PERSONNEL, appointed
from tests.packages.promising import at, now, person, promised

pytestmark = pytest.mark.django_db

DAY = "2026-06-01"
OFFICE = "公路科科长"
RETIRED = "已于2026年6月退休，账号已注销，清单与本人核对过"


@pytest.fixture
def road(send: Send) -> PromiseCard:
    """What the office owes: a road by 31 October."""
    return promised(send)


@pytest.fixture
def changed(market: OrganCard, road: PromiseCard) -> None:
    """石青山 leaves the office on 1 June and 柳知秋 takes it."""
    office = appointed(market)
    register.relieve(office, on=date(2026, 6, 1), at=at(DAY), by="personnel", document="青组干〔2026〕21号")
    appointed(market, FOLLOWER, on=DAY)


def begin(organ: OrganCard, by: Actor, *, office: str = OFFICE, day: str = DAY, on: str = DAY, **more: str) -> int:
    given = {"outgoing": DIRECTOR[0], "incoming": FOLLOWER[0], **more}
    return handing_over.begin(
        organ.id, office=office, day=date.fromisoformat(day), actor=by, on=date.fromisoformat(on), at=at(on), **given
    )


def sign(number: int, by: Actor, *, reason: str = "", on: str = DAY) -> int:
    return handing_over.sign(number, actor=by, reason=reason, on=date.fromisoformat(on), at=at(on))


def official(organ: OrganCard, who: tuple[str, str], username: str) -> Actor:
    """The official with an account of one's own and no role at all."""
    user, _ = accounts_actions.create_account(
        by=INSTALLER, username=username, name=who[1], organ_id=organ.id, at=at("2026-01-05")
    )
    accounts_actions.link_official(by=INSTALLER, user_id=user, code=who[0], at=at("2026-01-05"))
    return replace(person(organ, "none", username=username), user_id=user, roles=frozenset(), official=who[0])


def card(number: int) -> HandoverCard:
    found = handovers.handover(number)
    assert found is not None
    return found


def test_a_change_of_holder_ends_no_duty(changed: None, road: PromiseCard, market: OrganCard) -> None:
    """Before the handover, after it, and when the day comes: the same office of the same organ owes the same road."""
    number = begin(market, person(market, "clerk"))
    sign(number, official(market, DIRECTOR, "shi"))
    sign(number, official(market, FOLLOWER, "liu"))
    after = now(road, "2026-06-02")
    assert (after.duty.standing, after.duty.due_on, after.office) == (Standing.RUNNING, date(2026, 10, 31), OFFICE)
    tick.run(as_of=date(2026, 11, 2), now=at("2026-11-02"))
    broken = now(road, "2026-11-02")
    assert (broken.duty.standing, broken.duty.debtor_id) == (Standing.BROKEN, market.id)


def test_the_list_is_frozen_as_it_was_that_day(changed: None, road: PromiseCard, market: OrganCard, send: Send) -> None:
    number = begin(market, person(market, "clerk"))
    (item,) = card(number).items
    assert (item.digest, item.title, item.due_on) == (road.record.digest, road.title, "2026-10-31")
    promised(send, number="2026-承-02", title="给4个村装上路灯", measure="4个村", on="2026-06-20", made_on="2026-06-20")
    assert len(card(number).items) == 1
    entry = ledger.entry(number)
    assert entry is not None
    assert (entry.kind, entry.organ_id, entry.visibility) == ("handover", market.id, "organ")
    assert ledger.recomputed_digest(number, organ_code=market.code) == entry.digest


def test_both_sign_each_once_and_nobody_else(
    changed: None, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    number = begin(market, person(market, "clerk"))
    leaving, coming = official(market, DIRECTOR, "shi"), official(market, FOLLOWER, "liu")
    sign(number, coming)
    assert not card(number).is_complete
    with pytest.raises(Refused, match="接收人已经签过了"):
        sign(number, coming)
    for third in (person(market, "clerk"), person(market, "reviewer"), person(organs("青禾县审计局"), "head")):
        with pytest.raises(Refused, match="不是您签的") as no:
            sign(number, third, reason=RETIRED)
        assert no.value.code == "forbidden"
    sign(number, leaving)
    assert card(number).is_complete
    assert [one.side for one in card(number).signatures] == ["incoming", "outgoing"]
    with pytest.raises(Refused, match="移交人已经签过了"):
        sign(number, leaving)


def test_the_database_itself_holds_one_signature_of_a_side(changed: None, market: OrganCard) -> None:
    """Two signing at once are told apart by the ledger's own constraint, whatever either of them saw."""
    number = begin(market, person(market, "clerk"))
    sign(number, official(market, FOLLOWER, "liu"))
    acts = ledger.facts().filter(kind="signature", refers=number)
    assert acts.count() == 1
    assert acts.filter(version=1).count() == 1


def test_for_one_who_left_without_an_account_the_head_or_personnel_signs_and_says_why(
    changed: None, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    for at_office, signer in enumerate((person(market, "head"), person(organs(PERSONNEL), "personnel"))):
        number = begin(market, person(market, "clerk"), office=f"{OFFICE}{at_office or ''}")
        with pytest.raises(Refused, match="没有写明为什么代签"):
            sign(number, signer, reason="退休")
        sign(number, signer, reason=RETIRED)
        signature = card(number).signed("outgoing")
        assert signature is not None
        assert (signature.on_behalf, signature.reason, signature.author) == (True, RETIRED, signer.username)


def test_nobody_signs_for_both(changed: None, market: OrganCard) -> None:
    """A new head takes the office over: the head signs for that side and cannot sign for the one who left as well."""
    number = begin(market, person(market, "clerk"))
    head = replace(official(market, FOLLOWER, "liu"), roles=frozenset({"head"}))
    sign(number, head)
    with pytest.raises(Refused, match="已经签过了"):
        sign(number, head, reason=RETIRED)
    other = replace(head, official="")
    with pytest.raises(Refused, match="已经替另一方签过了"):
        sign(number, other, reason=RETIRED)


def test_the_head_does_not_sign_for_one_who_can(changed: None, market: OrganCard) -> None:
    number = begin(market, person(market, "clerk"))
    official(market, DIRECTOR, "shi")
    with pytest.raises(Refused, match="移交人自己能签"):
        sign(number, person(market, "head"), reason=RETIRED)


REFUSED: list[tuple[str, Mapping[str, str], str]] = [
    ("移交给自己", {"incoming": DIRECTOR[0]}, "同一个人"),
    ("没有选人", {"outgoing": ""}, "没有选移交人"),
    ("别的单位的人", {"outgoing": "QH-9999"}, "人员名录里没有编号QH-9999"),
    ("以后的日子", {"day": "2026-07-01"}, "在今天以后"),
    ("任职以前", {"day": "2025-01-01"}, "早于移交人任职的2025-03-01"),
    ("没有岗位", {"office": " "}, "没有选岗位"),
]


@pytest.mark.parametrize("what, given, words", REFUSED, ids=[row[0] for row in REFUSED])
def test_what_is_refused_says_why(
    changed: None, market: OrganCard, what: str, given: Mapping[str, str], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        begin(market, person(market, "clerk"), **given)


def test_one_list_at_a_time_and_never_the_same_twice(changed: None, market: OrganCard) -> None:
    number = begin(market, person(market, "clerk"))
    with pytest.raises(Refused, match="还有一份没有签完的交接单"):
        begin(market, person(market, "clerk"), office="公路科　科长")
    sign(number, official(market, DIRECTOR, "shi"))
    sign(number, official(market, FOLLOWER, "liu"))
    with pytest.raises(Refused, match="这次交接已经登记过"):
        begin(market, person(market, "clerk"))


def test_until_both_signed_it_waits_for_both_and_the_head(
    changed: None, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    number = begin(market, person(market, "clerk"))
    leaving, coming = official(market, DIRECTOR, "shi"), official(market, FOLLOWER, "liu")
    everybody = (leaving, coming, person(market, "head"))
    assert [[one.id for one in handovers.unsigned(who)] for who in everybody] == [[number]] * 3
    assert [card(number).waits_for(who) for who in everybody] == [True, True, False]
    others = (person(market, "clerk"), person(organs("青禾县审计局"), "head"), person(organs(PERSONNEL), "personnel"))
    assert [handovers.unsigned(who) for who in others] == [()] * 3
    sign(number, leaving)
    assert len(handovers.unsigned(leaving)) == 1
    sign(number, coming)
    assert [handovers.unsigned(who) for who in everybody] == [()] * 3


def test_only_ones_own_organ_is_handed_over_and_it_is_traced(
    changed: None, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    with pytest.raises(Refused) as no:
        begin(market, person(organs("青禾县审计局"), "clerk"))
    assert no.value.code == "forbidden"
    number = begin(market, person(market, "clerk"))
    trace = accounts.traces(action="duties.hand_over")[0]
    assert (trace.object, trace.detail) == (f"entry:{number}", "公路科科长：石青山 → 柳知秋，1项")


def test_the_offices_of_an_organ_are_those_of_the_register_and_those_that_owe(changed: None, market: OrganCard) -> None:
    appointed(market, ("QH-0103", "田小满"), title="办公室主任", on="2026-01-05")
    found = handovers.offices({market.id}, on=date(2026, 6, 2))
    assert [(one.title, one.holders, one.open) for one in found] == [
        (OFFICE, ("柳知秋",), 1),
        ("办公室主任", ("田小满",), 0),
    ]
