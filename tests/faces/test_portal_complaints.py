"""Anybody complains without an account, takes a receipt away, follows the case with it; nothing of it lies open anywhere."""

import io
import logging
import re
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from jiannuo.access.models import Voice
from jiannuo.cases import actions as cases
from jiannuo.cases.actions import Given
from jiannuo.cases.models import Case
from jiannuo.cases.rules import Taker
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.models import Evidence
from tests.faces.promised_county import HERE, Promises
from tests.faces.test_portal_pages import MOST, TODAY, text_of
from tests.packages.promising import at, person

pytestmark = pytest.mark.django_db

CONTENT = "去年说好十月底前修好的路，现在还没有动工，身份证号410526199001010015"
SAID = {
    "category": "承诺没有兑现",
    "against": "青禾县市场监督管理局",
    "content": CONTENT,
    "disclosure": "保密",
    "name": "柳溪村村民甲",
    "contact": "13900000000",
}
OFFICE = "青禾县人民政府办公室"


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def token_in(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def sent(county: Promises, *, page: str = "", **form: Any) -> Any:
    headers = {name: form.pop(name) for name in list(form) if name.isupper()}
    token = form.pop("token", None) or token_in(page or county.get("/complaints/"))
    return Client().post("/complaints/", {**SAID, "token": token, **form}, **{**HERE, **headers})


def code_of(response: Any) -> str:
    found = re.search(r'receipt__code"[^>]*>([A-Z2-7-]{19})<', response.content.decode())
    assert found, text_of(response.content.decode())
    return found[1]


def followed(county: Promises, code: str, **more: Any) -> Any:
    token = token_in(county.get("/complaints/track/"))
    return Client().post("/complaints/track/", {"code": code, "token": token}, **{**HERE, **more})


def gone_on(page: str, code: str, step: str, **form: Any) -> Any:
    data = {"code": code, "step": step, "token": token_in(page), "words": "路口的牌子还在，请来看看", **form}
    return Client().post("/complaints/track/step/", data, **HERE)  # type: ignore[arg-type]


def handled(county: Promises, *steps: tuple[str, str], case: int = 0) -> None:
    """What the desk does with the complaint: each step on a day."""
    case_id = case or Case.objects.get().pk
    lead = person(county.organ("青禾县发展和改革委员会"), "lead")
    office = person(county.organ(OFFICE), "reviewer")
    for step, on in steps:
        actor, organs = (lead, [OFFICE]) if step == "route" else (office, [])
        given = Given("核对过材料，情况属实，按规定办理", organs=organs)
        cases.take(case_id, step=step, given=given, taker=Taker(actor), on=date.fromisoformat(on), at=at(on))


def picture() -> SimpleUploadedFile:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "PhoneOfMine"
    exif[0x8825] = {1: "N", 2: (35.0, 30.0, 1.0)}
    Image.new("RGB", (40, 30), "green").save(out, "JPEG", exif=exif)
    return SimpleUploadedFile("柳溪村村民甲的照片.jpg", out.getvalue(), "image/jpeg")


def test_who_complains_gets_a_number_a_code_and_a_clock_that_explains_itself(county: Promises) -> None:
    response = sent(county)
    page = text_of(response.content.decode())
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"
    assert response.cookies == {}
    assert "诉〔2026〕1号" in page
    assert "青禾县发展和改革委员会要在 2026年12月8日 以前受理、转办投诉举报" in page
    assert "为什么是 2026年12月8日" in page
    assert "受理以后办结并答复：自受理之日起60日" in page
    assert len(code_of(response)) == 19


def test_the_same_form_twice_is_one_complaint_and_another_form_another(county: Promises) -> None:
    page = county.get("/complaints/")
    first = code_of(sent(county, page=page))
    assert code_of(sent(county, page=page)) == first
    assert Case.objects.count() == 1
    assert code_of(sent(county)) != first
    # Going back and writing something else is something else: nothing of it is lost.
    assert code_of(sent(county, page=page, content="还有一件事：账款拖了两年")) != first
    assert Case.objects.count() == 3


def test_two_forms_never_share_a_token_and_no_cache_keeps_them(county: Promises) -> None:
    pages = [county.client.get("/complaints/") for _ in range(2)]
    assert token_in(pages[0].content.decode()) != token_in(pages[1].content.decode())
    assert pages[0]["Cache-Control"] == "no-store"


WRONG = [
    ("no category", {"category": ""}, 422, "反映什么"),
    ("nothing said", {"content": " "}, 422, "情况"),
    ("an organ nobody knows", {"against": "青禾县魔法局"}, 422, "没有“青禾县魔法局”这个单位"),
    ("not said how to treat the name", {"disclosure": ""}, 422, "怎么对待您的姓名"),
    ("too long", {"content": "长" * 5001}, 422, "情况"),
    ("a robot", {"website": "http://x"}, 422, "要留空"),
    ("from another site", {"HTTP_SEC_FETCH_SITE": "cross-site"}, 403, "不是从本站"),
    ("no word of where from", {"HTTP_SEC_FETCH_SITE": ""}, 403, "不是从本站"),
    ("no token", {"token": "x"}, 403, "表单不完整"),
]  # fmt: skip


@pytest.mark.parametrize("form, status, words", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_cannot_be_taken_in_is_refused_with_the_words_kept(
    county: Promises, form: dict[str, str], status: int, words: str
) -> None:
    response = sent(county, **form)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert "还没有收下，您写的都还在" in page
    assert form.get("content", CONTENT)[:30].strip() in page
    assert Case.objects.count() == 0
    assert Voice.objects.count() == 0


FILES = [
    ("a program", "照片.jpg.exe", b"MZ", "可能是伪装的程序"),
    ("a picture that is none", "照片.png", b"not a picture", "内容不是png文件"),
    ("a broken picture", "照片.png", b"\x89PNG\r\n\x1a\n" + b"0" * 64, "打不开，去不掉里面记着的作者、地点"),
    ("a type that cannot be stripped", "公文.ofd", b"PK\x05\x06" + b"\0" * 18, "内容不是ofd文件"),
    ("an old document", "材料.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "去不掉里面记着的作者、地点"),
]


@pytest.mark.parametrize("name, data, words", [case[1:] for case in FILES], ids=[case[0] for case in FILES])
def test_a_file_that_cannot_be_kept_clean_is_refused_in_words(
    county: Promises, name: str, data: bytes, words: str
) -> None:
    response = sent(county, papers=SimpleUploadedFile(name, data))
    assert response.status_code == 422
    assert words in response.content.decode()
    assert Case.objects.count() == 0


def test_a_form_that_weighs_too_much_is_refused_before_it_is_read(county: Promises) -> None:
    more: dict[str, Any] = {**HERE, "CONTENT_LENGTH": str(31 * 2**20)}
    response = Client().post("/complaints/", b"", content_type="multipart/form-data; boundary=x", **more)
    assert "合起来超过30兆" in response.content.decode()


def test_a_picture_is_kept_without_place_device_and_name(county: Promises) -> None:
    code = code_of(sent(county, papers=[picture(), picture()]))
    kept = Evidence.objects.get()
    assert (kept.name, kept.kept_by) == ("材料1.jpg", "receipt")
    assert b"PhoneOfMine" not in ledger.evidence_bytes(kept.digest)
    page = followed(county, code).content.decode()
    assert "材料2.jpg" in page
    assert "柳溪村村民甲的照片" not in page
    file = Client().post(
        "/complaints/track/file/",
        {"code": code, "digest": kept.digest, "token": token_in(page)},
        **HERE,  # type: ignore[arg-type]
    )
    assert b"".join(file) == ledger.evidence_bytes(kept.digest)
    assert file["Cache-Control"] == "no-store"
    other = Client().post(
        "/complaints/track/file/",
        {"code": code, "digest": "0" * 64, "token": token_in(page)},
        **HERE,  # type: ignore[arg-type]
    )
    assert "没有这份材料" in other.content.decode()


def test_who_wants_no_name_has_none_kept_even_if_it_was_typed(county: Promises) -> None:
    sent(county, disclosure="匿名")
    assert all("村民甲" not in f"{ledger.personal(one.id)}{one.body}" for one in ledger.cards(ledger.facts()))


def test_the_reporter_reads_the_answer_and_says_whether_it_is_solved(county: Promises) -> None:
    code = code_of(sent(county))
    page = followed(county, code.lower().replace("-", " ")).content.decode()
    assert CONTENT in page
    assert "到现在没有人看过您是谁" in page
    added = gone_on(page, code, "add")
    assert "收下了" in added.content.decode()
    again = gone_on(page, code, "add")
    assert again.content.decode().count("路口的牌子还在") == 1
    handled(county, ("route", "2026-11-24"), ("answer", "2026-11-25"))
    page = followed(county, code).content.decode()
    assert "核对过材料，情况属实" in page
    assert OFFICE in page
    short = gone_on(page, code, "disagree", words="没")
    assert short.status_code == 422
    assert "哪里没有解决没有写清楚" in short.content.decode()
    assert "没有解决" in gone_on(page, code, "disagree", words="根本没有动工").content.decode()
    after = text_of(followed(county, code).content.decode())
    assert "复查中" in after
    assert Case.objects.get().state == "review"


def test_what_the_table_does_not_allow_is_refused_in_words(county: Promises) -> None:
    code = code_of(sent(county))
    page = followed(county, code).content.decode()
    assert "这件事现在是“待受理”，不能已经解决" in gone_on(page, code, "agree").content.decode()
    assert "由信用办办理" in gone_on(page, code, "refuse").content.decode()
    assert "没有这一步" in gone_on(page, code, "burn").content.decode()


def test_what_organs_say_among_themselves_is_not_shown(county: Promises) -> None:
    code = code_of(sent(county))
    handled(county, ("route", "2026-11-24"))
    office = person(county.organ(OFFICE), "reviewer")
    given = Given("这件事归交通局管，我们不便办理")
    cases.take(Case.objects.get().pk, step="send_on", given=given, taker=Taker(office), on=TODAY, at=at("2026-11-23"))
    page = followed(county, code).content.decode()
    assert "归交通局管" not in page
    assert "待受理" in page


def test_guessing_codes_is_slowed_and_a_wrong_one_is_refused(county: Promises) -> None:
    code = code_of(sent(county))
    wrong = followed(county, "AAAA-BBBB-CCCC-DDDD")
    assert (wrong.status_code, wrong["Cache-Control"]) == (422, "no-store")
    assert "没有这个回执码" in wrong.content.decode()
    assert "没有写回执码" in followed(county, " ").content.decode()
    for number in range(2, 8):
        for letter in "ABC":
            followed(county, f"{letter}{number}AA-BBBB-CCCC-DDDD")
    followed(county, "ZZZZ")
    stopped = followed(county, code)
    assert stopped.status_code == 429
    assert "已经试了20个不对的回执码" in stopped.content.decode()
    assert followed(county, code, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_who_complains_too_often_is_told_when_to_come_again(county: Promises) -> None:
    for number in range(10):
        assert sent(county, content=f"第{number}处路灯不亮，说好上月修的").status_code == 200
    stopped = sent(county, content="第11处路灯不亮，说好上月修的")
    assert stopped.status_code == 429
    assert "已经提出了10件" in stopped.content.decode()
    assert "第11处路灯不亮" in stopped.content.decode()
    assert sent(county, REMOTE_ADDR="10.1.2.3").status_code == 200


def test_nothing_of_it_is_in_addresses_caches_or_logs(county: Promises, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    code = code_of(sent(county))
    page = followed(county, code)
    for method in (Client().get, Client().head):
        assert method("/complaints/track/step/").status_code == 200
    addresses = re.findall(r'(?:href|action|src)="([^"]+)"', page.content.decode())
    assert not any(code.replace("-", "") in one.replace("-", "") or quote("动工") in one for one in addresses)
    said = caplog.text
    assert code not in said
    assert "13900000000" not in [one for one in said.splitlines() if "INSERT" not in one and "SELECT" not in one]
    assert page["Cache-Control"] == "no-store"


def test_the_organ_s_page_leads_here_with_the_organ_filled_in(county: Promises) -> None:
    page = county.get("/organs/419926-121/")
    (address,) = set(re.findall(r'href="(/complaints/\?organ=[^"]+)"', page))
    assert 'value="青禾县市场监督管理局"' in county.get(address)


def test_who_disputes_a_promise_may_have_it_looked_into(county: Promises) -> None:
    duty = county.promise()
    words = "路面只铺了一半，村口没有铺"
    response = county.say(duty, said="verify", words=words)
    code = code_of(response)
    assert code_of(county.say(duty, said="verify", words=words)) == code
    case = Case.objects.get()
    assert case.subject_id == county.market.id
    page = text_of(followed(county, code).content.decode())
    assert "承诺“修好柳溪村到县道的3.2公里路面”（2026-承-01）不属实：路面只铺了一半" in page
    assert "0 人说属实，1 人说不属实" in county.page(duty)
    short = county.say(duty, said="verify", words="没")
    assert short.status_code == 422
    assert Case.objects.count() == 1


@pytest.mark.parametrize("many", [1, 6])
def test_the_figures_name_their_denominators_and_open_what_may_be_opened(county: Promises, many: int) -> None:
    for number in range(many):
        sent(county, content=f"第{number}件", disclosure="公开" if number % 2 == 0 else "保密")
    first = Case.objects.order_by("pk")[0]
    handled(county, ("route", "2026-11-23"), ("answer", "2026-11-23"), case=first.pk)
    with CaptureQueriesContext(connection) as asked:
        page = county.get("/complaints/figures/")
    assert len(asked) <= MOST, [query["sql"][:100] for query in asked]
    text = text_of(page)
    assert f"收到 {many}" in text
    assert "还没有已答复并且提出人评价了的投诉举报，不算比率" in text
    assert "没有评价 1" in text
    assert "诉〔2026〕1号" in text
    assert "诉〔2026〕2号" not in text
    if many > 1:
        assert f"其中 {many // 2} 件提出人要求保密或者匿名" in text
    assert "动工" not in text
    assert "市场监督管理局" not in re.sub(r"(?s)<form.*?</form>", "", page)
    narrowed = text_of(county.get("/complaints/figures/?count=answered"))
    assert "共 1 件" in narrowed
    assert "没有这一类" in text_of(county.get("/complaints/figures/?category=x", status=400))


@pytest.mark.parametrize("path", ["/complaints/", "/complaints/track/"])
def test_the_forms_cost_few_questions(county: Promises, path: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        county.get(path)
    assert len(asked) <= MOST
