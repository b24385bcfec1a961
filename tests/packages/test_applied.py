"""政务服务申请: one number and one clock on every channel, nothing asked for twice, told once, decided, delivered, and in the disclosures."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.assessment import tick as assessing
from jiannuo.assessment.queries.services import by_item
from jiannuo.cases import queries, tick
from jiannuo.cases.actions import keeping
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import queries as public
from jiannuo.duties.models import Duty
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.applying import (
    ACCEPTED,
    APPLIED,
    CONFIRMED,
    DECIDED,
    FIRM,
    ITEM,
    LICENCE,
    MARKET,
    SOMEBODY,
    Desk,
    accepted,
    applied,
    clock,
    desk_of,
    fact,
)
from tests.packages.casework import CITIZEN, stands, story, taken
from tests.packages.conftest import Send
from tests.packages.promising import at
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(organs: Callable[[str], OrganCard], send: Send) -> Desk:
    return desk_of(organs, send)


# -- the right way ----------------------------------------------------------------------------------------------------


def test_from_the_application_to_the_licence_in_the_disclosures(desk: Desk) -> None:
    case_id = accepted(desk)
    assert fact(case_id).body == {
        "number": "办〔2026〕1号", "item_code": ITEM["item_code"], "applicant": "企业", "channel": "大厅",
        "accepted_on": ACCEPTED, "promised_by": "2026-06-09", "statutory_by": "2026-07-01", "organ": MARKET,
        "organ_code": "11419926MB8001219L",
    }  # fmt: skip
    assert (clock(case_id).due_on, clock(case_id).kept_on) == (date(2026, 6, 9), None)
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    assert (fact(case_id).body["done_on"], fact(case_id).body["result"]) == (DECIDED, "准予")
    assert clock(case_id).kept_on == date(2026, 6, 5)
    card = taken(case_id, "license", by=desk.clerk, on="2026-06-08", fields=LICENCE)
    assert card.state.id == "delivered"
    (licence,) = ledger.cards(ledger.facts().filter(kind="licence_legal"))
    assert (licence.about, licence.body["XK_JDRQ"], licence.body["BZ"]) == (
        f"uscc:{FIRM['uscc']}",
        DECIDED,
        "办〔2026〕1号",
    )
    (owed,) = Duty.objects.filter(entry=licence.id, kind="disclose_decision")
    assert owed.due_on == date(2026, 6, 16)
    assert public.find(licence.number, on=date(2026, 6, 8)).rows == ()
    disclosure.release(entry_ids=[licence.id], actor=desk.reviewer, on=date(2026, 6, 9), at=at("2026-06-09"), **YES)
    assert [row.entry_id for row in public.find(licence.number, on=date(2026, 6, 9)).rows] == [licence.id]
    assert story(case_id) == ["登记", "受理", "准予", "颁发许可证件，写入双公示"]


def test_a_natural_person_gets_a_licence_of_the_other_kind(desk: Desk) -> None:
    case_id = accepted(desk, SOMEBODY)
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    assert set(allowed(case_id, desk.clerk)) >= {"license_natural", "say"}
    assert not {"license", "deliver"} & set(allowed(case_id, desk.clerk))
    given = {name: value for name, value in LICENCE.items() if name != "XK_XDR_LB"}
    taken(case_id, "license_natural", by=desk.clerk, on="2026-06-08", fields=given)
    (licence,) = ledger.cards(ledger.facts().filter(kind="licence_natural"))
    assert licence.about == stands(case_id, DECIDED).opening.about
    assert SOMEBODY["id_number"] not in str(licence.body)
    assert ledger.personal(licence.id)["XK_XDR_ZJHM"] == SOMEBODY["id_number"]


def test_what_is_no_licence_is_delivered_without_one(desk: Desk) -> None:
    case_id = accepted(desk, item=desk.confirmation)
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    taken(case_id, "deliver", by=desk.clerk, on="2026-06-08")
    assert stands(case_id, "2026-06-08").closed_on == date(2026, 6, 8)
    assert not ledger.facts().filter(kind__startswith="licence").exists()


def allowed(case_id: int, actor: Actor, on: str = DECIDED) -> list[str]:
    from jiannuo.cases import rules
    from jiannuo.cases.rules import Taker

    card = stands(case_id, on)
    found = queries.matter(card, queries.steps(card), as_of=date.fromisoformat(on))
    return [step.id for step in rules.open_steps(found, Taker(actor))]


# -- one clock --------------------------------------------------------------------------------------------------------


def test_the_days_of_a_review_do_not_count_as_far_as_they_were_told(desk: Desk) -> None:
    case_id = accepted(desk)
    told = {"procedure": "专家评审", "until": "2026-06-10"}
    taken(case_id, "stop", by=desk.head, on="2026-06-03", fields=told)
    assert (clock(case_id).due_on, clock(case_id).amendments) == (date(2026, 6, 17), 1)
    taken(case_id, "resume", by=desk.clerk, on="2026-06-08")
    assert (clock(case_id).due_on, fact(case_id).body["promised_by"]) == (date(2026, 6, 12), "2026-06-12")
    taken(case_id, "stop", by=desk.head, on="2026-06-09", fields={"procedure": "检验", "until": "2026-06-10"})
    taken(case_id, "resume", by=desk.clerk, on="2026-06-30")
    # 9 and 10 June stood still; what took longer than the applicant was told counts.
    assert clock(case_id).due_on == date(2026, 6, 16)
    (statutory, promised) = keeping.promised(
        stands(case_id, "2026-07-01"), done=queries.steps(stands(case_id, "2026-07-01"))
    )
    assert (promised.title, promised.due.due_on, statutory.title) == ("承诺办结日", date(2026, 6, 16), "法定办结日")
    assert "暂停：进行听证、检验、专家评审" in promised.due.explanation


def test_extended_once_by_somebody_else_who_decides(desk: Desk) -> None:
    case_id = accepted(desk)
    with pytest.raises(Refused, match="您没有审核决定的权限"):
        taken(case_id, "extend", by=desk.clerk, on="2026-06-08")
    taken(case_id, "extend", by=desk.head, on="2026-06-08")
    assert (clock(case_id).due_on, clock(case_id).first_due_on) == (date(2026, 6, 24), date(2026, 6, 9))
    with pytest.raises(Refused, match="“延长十个工作日”只能办一次"):
        taken(case_id, "extend", by=desk.head, on="2026-06-09")


def test_who_is_told_nothing_for_five_days_is_accepted_since_the_papers_came(desk: Desk) -> None:
    case_id = applied(desk.licence, on="2026-09-21", by=desk.clerk).case_id
    assert tick.run(as_of=date(2026, 9, 29), now=at("2026-09-29")) == 0
    tick.run(as_of=date(2026, 9, 30), now=at("2026-09-30"))
    assert stands(case_id, "2026-09-30").state.id == "accepted"
    assert fact(case_id).body["accepted_on"] == "2026-09-21"
    assert clock(case_id).due_on == date(2026, 9, 29)
    (late,) = [one for one in stands(case_id, "2026-09-30").duties if one.kind == "accept_application"]
    assert late.standing.value == "kept_late"


def test_the_figures_of_services_grow_as_from_an_upload(desk: Desk) -> None:
    case_id = accepted(desk)
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    assessing.run()
    year = {"first": date(2026, 1, 1), "last": date(2026, 12, 31), "as_of": date(2026, 11, 23)}
    (found,) = by_item([ITEM["item_code"]], organ_ids=None, **year).values()
    assert (found.cases, found.on_time, found.channels, found.workdays) == (1, 1, {"大厅": 1}, 3)


def test_one_number_on_every_channel(desk: Desk) -> None:
    found = [
        applied(desk.licence, {**FIRM, "channel": channel}, on=APPLIED, by=who, token=f"{channel}-{who}"[:60])
        for channel, who in (("大厅", desk.clerk), ("电话", desk.clerk), ("大厅", CITIZEN))
    ]
    assert [one.number for one in found] == [f"办〔2026〕{n}号" for n in (1, 2, 3)]
    assert all(one.code for one in found)
    said = [stands(one.case_id, APPLIED).opening.body["channel"] for one in found]
    assert said == ["大厅", "电话", "网上"]
    assert {stands(one.case_id, APPLIED).handler_id for one in found} == {desk.licence.organ_id}


# -- refused in words, nothing left behind ----------------------------------------------------------------------------

Take = Callable[[Desk, int], Any]
WRONG: Mapping[str, tuple[Take, str]] = {
    "decided by who accepted it": (
        lambda desk, one: taken(one, "approve", by=both(desk), on=DECIDED),
        "“受理”是您办的，“准予”要由另一个人办",
    ),
    "decided by who may only handle": (
        lambda desk, one: taken(one, "approve", by=desk.clerk, on=DECIDED),
        "您没有审核决定的权限",
    ),
    "decided by another organ": (
        lambda desk, one: taken(one, "approve", by=foreign(desk), on=DECIDED),
        "由承办单位办理",
    ),
    "decided by the applicant": (lambda _, one: taken(one, "approve", on=DECIDED), "由承办单位办理"),
    "delivered before it is decided": (
        lambda desk, one: taken(one, "license", by=desk.clerk, on=DECIDED, fields=LICENCE),
        "现在是“已受理，办理中”",
    ),
    "accepted twice": (lambda desk, one: taken(one, "accept", by=desk.clerk, on=DECIDED), "现在是“已受理，办理中”"),
    "refused without a reason": (
        lambda desk, one: taken(one, "refuse", by=desk.head, on=DECIDED, words="不行"),
        "没有写清楚",
    ),
    "stopped without saying until when": (
        lambda desk, one: taken(one, "stop", by=desk.head, on=DECIDED, fields={"procedure": "听证"}),
        "预计到哪天结束",
    ),
    "stopped for what the law does not know": (
        lambda desk, one: taken(
            one, "stop", by=desk.head, on=DECIDED, fields={"procedure": "放假", "until": "2026-06-10"}
        ),
        "程序",
    ),
    "stopped until a day that has passed": (
        lambda desk, one: taken(
            one, "stop", by=desk.head, on=DECIDED, fields={"procedure": "听证", "until": "2026-06-01"}
        ),
        "不成立",
    ),
}


def both(desk: Desk) -> Actor:
    """Whoever accepted it, who may also decide."""
    return Actor(
        None, desk.clerk.username, "甲", desk.clerk.organ_id, "", frozenset({"clerk", "head"}), desk.clerk.scope
    )


def foreign(desk: Desk) -> Actor:
    other = desk.licence.organ_id + 1
    return Actor(None, "foreign", "乙", other, "", frozenset({"head"}), frozenset({other}))


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_step_is_refused_and_leaves_nothing(desk: Desk, name: str) -> None:
    case_id = accepted(desk)
    take, words = WRONG[name]
    before = ledger.head(), stands(case_id, DECIDED), clock(case_id).due_on
    with pytest.raises(Refused, match=words) as refused:
        take(desk, case_id)
    assert refused.value.fix
    assert (ledger.head(), stands(case_id, DECIDED), clock(case_id).due_on) == before


OPENINGS: Mapping[str, tuple[dict[str, str], str]] = {
    "a firm without its code": ({"uscc": ""}, "统一社会信用代码"),
    "a firm with a code that is none": ({"uscc": "91410526MA3X12345E"}, "校验位不符"),
    "a person without a number": ({**SOMEBODY, "uscc": "", "representative": "", "id_number": ""}, "证件号码"),
    "a person with a wrong number": (
        {**SOMEBODY, "uscc": "", "representative": "", "id_number": "419926199003074515"}, "校验",
    ),
    "a channel the item does not have": ({"channel": "自助终端"}, "不能从“自助终端”申请"),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENINGS)
def test_an_application_that_is_wrong_is_refused(desk: Desk, name: str) -> None:
    more, words = OPENINGS[name]
    head = ledger.head()
    with pytest.raises(Refused, match=words):
        applied(desk.licence, {**FIRM, **more}, on=APPLIED, by=desk.clerk)
    assert ledger.head() == head


def test_an_item_that_is_cancelled_or_off_the_list_is_not_applied_for(desk: Desk, send: Send) -> None:
    gone = {**CONFIRMED, "status": "取消", "status_basis": "国务院取消行政许可的决定（演示）"}
    assert send([gone], kind="service_item").rejected == 0
    for item in (desk.licence, desk.confirmation):
        with pytest.raises(Refused, match="这个事项现在不能申请"):
            applied(item, on=APPLIED, by=desk.clerk)


def test_a_licence_that_intake_would_not_take_is_refused_at_its_field(desk: Desk) -> None:
    case_id = accepted(desk)
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    head = ledger.head()
    wrong = {**LICENCE, "XK_YXQZI": "2020-01-01"}
    with pytest.raises(Refused) as refused:
        taken(case_id, "license", by=desk.clerk, on="2026-06-08", fields=wrong)
    assert refused.value.field in ("XK_YXQZ", "XK_YXQZI")
    assert ledger.head() == head
    assert stands(case_id, "2026-06-08").state.id == "approved"
