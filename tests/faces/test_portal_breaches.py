"""A firm lodges a breach without an account: the receipt says who verifies it by when and what it is owed; nothing of it lies open."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.cases.models import Case
from jiannuo.cases.rules import RECEIPT
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties.models import Duty
from jiannuo.ledger import queries as ledger
from tests.faces.promised_county import HERE, Promises
from tests.faces.test_portal_complaints import SAID, code_of, followed, gone_on, token_in
from tests.faces.test_portal_pages import MOST, text_of
from tests.packages.breaching import AGREEMENT, CLAIM, DEBTOR, INSTALMENT, LEAD, Bodies, lodged, paid
from tests.packages.casework import opened, taken
from tests.packages.promising import PNG, at, person
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db

SECRET = (CLAIM["firm"], CLAIM["firm_code"], CLAIM["contact"], CLAIM["content"])


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def sent(county: Promises, *, papers: bool = True, **form: Any) -> Any:
    token = token_in(county.get("/breaches/new/"))
    file = {"papers": SimpleUploadedFile("合同.png", PNG.data)} if papers else {}
    return Client().post("/breaches/new/", {**CLAIM, "token": token, **form, **file}, **HERE)  # type: ignore[arg-type]


def agreed(county: Promises) -> str:
    """An agreement of two instalments, the first of which is said to be paid; the code of its case."""
    bodies = Bodies(county.organ)
    case = lodged()
    taken(case.case_id, "urge", by=bodies.one, on="2026-05-20", files=[PNG])
    taken(case.case_id, "conclude", by=bodies.one, on="2026-06-01", files=[PNG], fields=AGREEMENT)
    for number, due in (("1", "2026-06-30"), ("2", "2026-12-31")):
        fields = {**INSTALMENT, "number": f"青协〔2026〕3号-{number}", "due_on": due}
        taken(case.case_id, "instalment", by=bodies.one, on="2026-06-01", fields=fields, words="")
    first = ledger.facts().filter(kind="instalment").order_by("pk").first()
    assert first is not None
    paid(duty_of(first.pk), bodies, done_on="2026-06-28", on="2026-06-29")
    return case.code


def duty_of(entry_id: int) -> int:
    return Duty.objects.get(entry=entry_id).pk


def test_the_receipt_says_who_verifies_it_by_when_and_how_much_is_owed(county: Promises) -> None:
    answer = sent(county)
    page = text_of(answer.content.decode())
    assert answer.status_code == 200, page
    assert "违〔2026〕1号" in page
    assert "青禾县人民政府办公室要在" in page
    assert "没有约定期限，30日内付款" in page
    assert "日利率0.05%" in page
    assert code_of(answer)
    assert not answer.cookies


WRONG = [
    ("no contract with it", {"papers": False}, "没有附材料"),
    ("no day it follows from", {"delivered_on": ""}, "看不出应当哪天付款"),
    ("an organ nobody knows", {"against": "青禾县魔法局"}, "没有“青禾县魔法局”这个单位"),
]


@pytest.mark.parametrize("more, words", [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_said_at_its_place_and_nothing_is_lost(
    county: Promises, more: dict[str, Any], words: str
) -> None:
    answer = sent(county, **more)
    assert answer.status_code in (400, 422)
    page = answer.content.decode()
    assert words in text_of(page)
    assert CLAIM["content"] in page, "what was typed is still there"
    assert not Case.objects.exists()


def test_who_holds_the_code_sees_the_interest_and_says_of_each_part_whether_it_was_paid(county: Promises) -> None:
    code = agreed(county)
    page = followed(county, code).content.decode()
    text = text_of(page)
    assert "还欠的本金" in text
    assert "支付第1期货款" in text
    assert "做到没有，由您来说" in text
    duty, seen = (re.search(rf'name="{name}" value="(\d+)"', page) for name in ("duty", "seen"))
    assert duty
    assert seen
    given: dict[str, Any] = {"code": code, "token": token_in(page), "duty": duty[1], "seen": seen[1]}
    refused = Client().post("/complaints/track/kept/", {**given, "said": "not", "words": ""}, **HERE)  # type: ignore[arg-type]
    assert "哪里没有做到没有写清楚" in text_of(refused.content.decode())
    kept = Client().post("/complaints/track/kept/", {**given, "said": "done"}, **HERE)  # type: ignore[arg-type]
    done = text_of(kept.content.decode())
    assert "确认已经做到" in done
    assert "按期兑现" in done
    (said,) = ledger.cards(ledger.facts().filter(kind="confirmation"))
    assert said.author == RECEIPT
    stale = Client().post("/complaints/track/kept/", {**given, "said": "not", "words": "没有收到这笔钱"}, **HERE)  # type: ignore[arg-type]
    assert "不能重复办理" in text_of(stale.content.decode())


def test_the_figures_name_neither_firm_nor_the_organ_that_is_not_found(county: Promises) -> None:
    agreed(county)
    page = county.get("/breaches/?year=2026")
    text = text_of(page)
    assert "违〔2026〕1号" in text
    assert "100,000.00" in text
    assert not [one for one in SECRET if one in page]
    assert CLAIM["against"] not in re.sub(r"(?s)<form.*?</form>", "", page)
    assert "共 0 件" in text_of(county.get("/breaches/?year=2026&count=found"))
    assert "没有这个领域" in text_of(county.get("/breaches/?field=x", status=400))


@pytest.mark.parametrize("path", ["/breaches/", "/breaches/new/"])
def test_the_pages_cost_few_questions(county: Promises, path: str) -> None:
    agreed(county)
    with CaptureQueriesContext(connection) as asked:
        county.get(path)
    assert len(asked) <= MOST


def test_following_costs_few_questions(county: Promises) -> None:
    code = agreed(county)
    followed(county, code)
    with CaptureQueriesContext(connection) as asked:
        followed(county, code)
    several = [one["sql"][:150] for one in asked if "duties_heartbeat" not in one["sql"]]
    assert len(several) <= MOST, several


def test_who_complained_of_a_contract_goes_on_here_with_the_same_code(county: Promises) -> None:
    complaint = opened(
        "complaint", {**SAID, "category": "合同协议没有履行、拖欠账款", "against": DEBTOR}, on="2026-11-20"
    )
    page = followed(county, complaint.code).content.decode()
    assert "转为违约失信核实" in page
    assert 'name="firm_code"' in page
    assert 'name="against"' not in page, "the complaint says of whom"
    wrong = gone_on(page, complaint.code, "to_breach", words="合同附上了，请核实", **{**CLAIM, "firm_code": "1"})
    text = text_of(wrong.content.decode())
    assert "企业统一社会信用代码" in text
    assert "诉〔2026〕1号" in text, "still the complaint"
    given = {**CLAIM, "papers": SimpleUploadedFile("合同.png", PNG.data)}
    after = text_of(gone_on(page, complaint.code, "to_breach", words="合同附上了，请核实", **given).content.decode())
    assert "转为违约失信核实" in after
    now = text_of(followed(county, complaint.code).content.decode())
    assert "违〔2026〕1号" in now
    assert "青禾县人民政府办公室要在" in now


def test_a_complaint_of_something_else_is_not_offered_it(county: Promises) -> None:
    complaint = opened("complaint", {**SAID, "against": DEBTOR}, on="2026-11-20")
    assert "转为违约失信核实" not in followed(county, complaint.code).content.decode()


def test_a_late_part_says_its_interest_to_everybody_and_who_confirms_it(county: Promises) -> None:
    agreed(county)
    first, _ = ledger.cards(ledger.facts().filter(kind="instalment").order_by("pk"))
    lead = person(county.organ(LEAD), "reviewer", username="releaser")
    disclosure.follow(at=at("2026-06-02"))
    disclosure.release(entry_ids=[first.id], actor=lead, on=date(2026, 6, 2), at=at("2026-06-02"), **YES)
    page = county.get(f"/promises/{first.identity.hex()}/")
    text = text_of(page)
    assert "到2026-11-23逾期146天" in text
    assert "利息2,920.00元" in text
    assert "由收款、受益的企业（青禾县人民政府办公室督促）核实" in text
    assert not [one for one in SECRET if one in page]
    organ = text_of(county.get(f"/promises/?organ={county.organ(DEBTOR).code}"))
    assert INSTALMENT["title"] in organ
