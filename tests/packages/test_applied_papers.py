"""What government holds is not asked for again, what is missing is told once; and a case beside what organs upload under its number."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from jiannuo.cases import queries
from jiannuo.cases.actions import gathering
from jiannuo.cases.queries import CaseCard
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.listing import card_of
from jiannuo.intake import queries as intake
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.applying import (
    ACCEPTED,
    APPLIED,
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
from tests.packages.casework import stands, taken
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(organs: Callable[[str], OrganCard], send: Send) -> Desk:
    return desk_of(organs, send)


# -- papers -----------------------------------------------------------------------------------------------------------


def papers(case_id: int, on: str) -> dict[str, str]:
    card = stands(case_id, on)
    found = gathering.papers_of(card, done=queries.steps(card), on=date.fromisoformat(on))
    return {
        one.title: "came" if one.came else "missing" if one.missing or one.held is None else one.held.number
        for one in found
    }


def paper(title: str) -> Any:
    return type(PNG)("扫描件.png", PNG.data, title)


def test_what_government_holds_is_not_asked_for_again(desk: Desk, send: Send) -> None:
    row = {
        **LICENCE, "XK_XDR_MC": FIRM["applicant"], "XK_XDR_SHXYM": FIRM["uscc"], "XK_FRDB": "演示甲", "XK_JDRQ": "2026-03-02",
        "XK_XKJG": MARKET, "XK_XKJGDM": "11419926MB8001219L", "XK_LYDW": MARKET, "XK_LYDWDM": "11419926MB8001219L", "XK_ZT": "1",
        "XK_XKZS": "营业执照", "XK_WSH": "青市监照〔2026〕9号", "XK_YXQZ": "2026-03-02", "XK_YXQZI": "2099-12-31",
    }  # fmt: skip
    assert send([row], kind="licence_legal").accepted == 1
    files = [paper("食品经营许可申请书"), paper("食品安全管理制度")]
    first = applied(desk.licence, on=APPLIED, files=files, token="first").case_id
    assert papers(first, APPLIED) == {
        "食品经营许可申请书": "came", "营业执照": "青市监照〔2026〕9号", "食品安全管理制度": "came",
    }  # fmt: skip
    names = [name for step in queries.steps(stands(first, APPLIED)) for name in step.entry.body["files"]]
    assert names == ["食品经营许可申请书.png", "食品安全管理制度.png"]
    # A paper counts from the moment it was taken in, not while it is looked at.
    second = applied(desk.licence, on="2026-06-02", token="second").case_id
    assert papers(second, "2026-06-02")["食品安全管理制度"] == "missing"
    taken(first, "accept", by=desk.clerk, on="2026-06-02")
    assert papers(second, "2026-06-02")["食品安全管理制度"] == "办〔2026〕1号"
    assert papers(second, "2028-06-02")["食品安全管理制度"] == "missing"
    other = {**FIRM, "uscc": "91410526MA40000012"}
    with pytest.raises(Refused, match="统一社会信用代码"):
        applied(desk.licence, other, on=APPLIED, token="third")
    third = applied(desk.licence, SOMEBODY, on="2026-06-02", token="fourth").case_id
    assert set(papers(third, "2026-06-02").values()) == {"missing"}


def test_only_what_is_public_is_told_before_it_is_known_who_asks(desk: Desk, send: Send) -> None:
    case_id = accepted(desk, files=[paper("食品安全管理制度")])
    taken(case_id, "approve", by=desk.head, on=DECIDED)
    taken(case_id, "license", by=desk.clerk, on="2026-06-08", fields=LICENCE)
    titles, key = ["食品经营许可证", "食品安全管理制度"], f"uscc:{FIRM['uscc']}"
    assert gathering.held_openly(titles, about=key, on=date(2026, 6, 9)) == {}
    (licence,) = ledger.cards(ledger.facts().filter(kind="licence_legal"))
    disclosure.release(entry_ids=[licence.id], actor=desk.reviewer, on=date(2026, 6, 9), at=at("2026-06-09"), **YES)
    assert list(gathering.held_openly(titles, about=key, on=date(2026, 6, 9))) == ["食品经营许可证"]


def test_what_is_missing_is_told_once_and_all_of_it(desk: Desk) -> None:
    case_id = applied(desk.licence, on=APPLIED, files=[paper("食品经营许可申请书")]).case_id
    with pytest.raises(Refused, match="还缺的材料没有说全：食品安全管理制度") as refused:
        taken(case_id, "complete", by=desk.clerk, on="2026-06-02", words="还缺营业执照的复印件，请补交")
    assert refused.value.clause.startswith("中华人民共和国行政许可法")
    words = "还缺营业执照、食品安全管理制度两份，请一次补齐"
    taken(case_id, "complete", by=desk.clerk, on="2026-06-02", words=words)
    card = taken(case_id, "supply", on="2026-06-10", files=[paper("营业执照")], words="补上营业执照，其余的没有")
    assert [(one.kind, one.due_on) for one in card.duties if one.is_open] == [("accept_application", date(2026, 6, 17))]
    with pytest.raises(Refused, match="“一次告知补正”只能办一次，已经办过"):
        taken(case_id, "complete", by=desk.clerk, on="2026-06-11", words="还缺食品安全管理制度，请再补")
    assert stands(case_id, "2026-06-11").state.id == "received"


def test_papers_brought_to_the_counter_are_taken_in_without_the_code(desk: Desk) -> None:
    case_id = applied(desk.licence, on=APPLIED, files=[paper("食品经营许可申请书")]).case_id
    taken(case_id, "complete", by=desk.clerk, on="2026-06-02", words="还缺营业执照、食品安全管理制度两份，请一次补齐")
    with pytest.raises(Refused, match="“代收补来的材料”由"):
        taken(case_id, "take_in", on="2026-06-09", files=[paper("营业执照")])
    with pytest.raises(Refused, match="没有附材料"):
        taken(case_id, "take_in", by=desk.clerk, on="2026-06-09", words="来窗口说材料在路上")
    card = taken(
        case_id, "take_in", by=desk.clerk, on="2026-06-10", files=[paper("营业执照")], words="本人到窗口交来营业执照"
    )
    assert (card.state.id, papers(case_id, "2026-06-10")["营业执照"]) == ("received", "came")
    # The five days run anew from the day they were brought, as from the day they are sent.
    assert [(one.kind, one.due_on) for one in card.duties if one.is_open] == [("accept_application", date(2026, 6, 17))]
    (act,) = [one for one in queries.steps(card) if one.step and one.step.id == "take_in"]
    assert act.entry.author == desk.clerk.username
    assert list(act.entry.body["files"]) == ["营业执照.png"]


# -- beside what organs upload ----------------------------------------------------------------------------------------


def row_of(case_id: int, **more: str) -> dict[str, str]:
    return {**{name: str(value) for name, value in fact(case_id).body.items()}, **more}


def test_a_row_of_the_same_number_is_the_same_case(desk: Desk, send: Send) -> None:
    case_id = accepted(desk)
    card = send([row_of(case_id)], kind="service_case")
    assert (card.accepted, card.unchanged) == (0, 1)
    card = send([row_of(case_id, promised_by="2026-06-30")], kind="service_case")
    assert (card.accepted, card.rejected) == (0, 1)
    card = send([row_of(case_id, promised_by="2026-06-30")], kind="service_case", corrects=True, reason="改期限")
    (problem,) = intake.problems(card.id, limit=5)[1]
    assert (problem.level, problem.message) == ("error", "这个编号的办件由平台上的申请办出来，不能用报表更正")
    duties.follow(opened_at=at("2026-11-23"))
    assert Duty.objects.filter(kind="handle_service").count() == 1
    assert clock(case_id).due_on == date(2026, 6, 9)


def test_a_number_that_was_uploaded_before_is_not_taken_over(desk: Desk, send: Send) -> None:
    case_id = applied(desk.licence, on=APPLIED, by=desk.clerk).case_id
    row = {
        "number": "办〔2026〕1号", "item_code": ITEM["item_code"], "applicant": "企业", "channel": "大厅", "accepted_on": APPLIED,
        "promised_by": "2026-06-08", "organ": MARKET,
    }  # fmt: skip
    assert send([row], kind="service_case").accepted == 1
    with pytest.raises(Refused, match="已经上传过编号是“办〔2026〕1号”的办件"):
        taken(case_id, "accept", by=desk.clerk, on=ACCEPTED)


def test_nothing_of_who_applied_stands_open(desk: Desk) -> None:
    case_id = accepted(desk, {**SOMEBODY, "contact": "13900000000"})
    card: CaseCard = stands(case_id, ACCEPTED)
    entries = [card.opening, fact(case_id), *(one.entry for one in queries.steps(card))]
    told = " ".join(f"{one.body}{one.reason}" for one in entries)
    for secret in (SOMEBODY["id_number"], SOMEBODY["applicant"], "13900000000"):
        assert secret not in told
    assert fact(case_id).about == ""
    assert card_of(clock(case_id), as_of=date(2026, 6, 3)).kind == "handle_service"
