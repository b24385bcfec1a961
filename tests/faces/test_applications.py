"""Applying on the portal and at the counter, through the pages: the form, the receipt, the checklist, the notices, the licence."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.cases.models import Case
from jiannuo.disclosure import actions as disclosure
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_county import HERE
from tests.faces.promised_office import MARKET, Day, signed_in, text
from tests.faces.test_portal_pages import text_of
from tests.packages import releasing
from tests.packages.applying import FIRM, LICENCE, SOMEBODY, applied, listed
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at, person

pytestmark = pytest.mark.django_db
MOST_QUERIES = 12
CODE = r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}"
SAID = {name: value for name, value in FIRM.items() if name != "channel"}


@pytest.fixture
def item(office: None, organs: Callable[[str], OrganCard], send: Send, day: Day) -> EntryCard:
    """The item of the market regulator's list, on 1 June."""
    (found, _) = listed(send, person(organs(MARKET), "reviewer"))
    day("2026-06-01")
    return found


def address(item: EntryCard) -> str:
    return f"/records/{item.identity.hex()}/apply/application/"


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def paper(name: str = "扫描件.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG.data)


def sent(item: EntryCard, **changes: Any) -> Any:
    given = {
        **SAID,
        "token": token_of(text(Client().get(address(item)))),
        "paper.0": paper(),
        "paper.2": paper(),
        **changes,
    }
    return Client().post(address(item), given, **HERE)  # type: ignore[arg-type]


def tracked(code: str, **more: Any) -> Any:
    token = token_of(text(Client().get("/complaints/track/")))
    return Client().post("/complaints/track/", {"code": code, "token": token, **more}, **HERE)  # type: ignore[arg-type]


def code_in(answer: Any) -> str:
    found = re.search(CODE, text(answer))
    assert found, text_of(text(answer))[:2000]
    return found[0]


def handled(case_id: int, step: str, username: str, **given: Any) -> Any:
    """A step taken through its form by somebody of the market regulator."""
    client, path = signed_in(username), f"/desk/cases/{case_id}/{step}/"
    words = {"words": "核对过材料，情况属实，按规定办理", "token": token_of(text(client.get(path)))}
    answer = client.post(path, {**words, **given})
    assert answer.status_code == 302, text_of(text(answer))[:1500]
    return answer


def test_the_page_of_an_item_leads_to_its_application(item: EntryCard) -> None:
    page = text(Client().get(f"/records/{item.identity.hex()}/"))
    assert address(item) in page
    form = Client().get(address(item))
    assert not form.cookies
    told = text_of(text(form))
    for words in ("食品经营许可申请书", "营业执照", "食品安全管理制度", "承诺时限（工作日） 5", "先看哪些不用交"):
        assert words in told
    assert 'name="channel"' not in text(form)
    assert Client().get(f"/records/{'0' * 32}/apply/application/").status_code == 404
    assert Client().get(address(item).replace("application/", "complaint/")).status_code == 404


def test_it_is_taken_in_followed_and_told_what_is_missing(item: EntryCard, day: Day) -> None:
    code = code_in(sent(item))
    case = Case.objects.get()
    page = text_of(text(tracked(code)))
    for words in ("待受理", "食品经营许可申请书 ：已交", "营业执照 ：还没有交", "政务服务"):
        assert words in page
    clerk = signed_in("clerk.m")
    form = text(clerk.get(f"/desk/cases/{case.pk}/complete/"))
    assert "还缺下列材料，请一次补齐：\n1. 营业执照" in form
    wrong = clerk.post(f"/desk/cases/{case.pk}/complete/", {"words": "还缺一份材料，请补", "token": "t"})
    assert (wrong.status_code, "还缺的材料没有说全：营业执照" in text(wrong)) == (422, True)
    handled(case.pk, "complete", "clerk.m", words="还缺下列材料，请一次补齐：1. 营业执照")
    page = text(tracked(code))
    assert "还缺下列材料" in page
    supplied = {
        "step": "supply",
        "code": code,
        "words": "补上营业执照一份",
        "token": token_of(page),
        "paper.0": paper(),
    }
    answer = Client().post("/complaints/track/step/", supplied, **HERE)  # type: ignore[arg-type]
    assert "营业执照 ：已交" in text_of(text(answer))
    handled(case.pk, "accept", "clerk.m")
    told = text_of(text(tracked(code)))
    assert "承诺办结日： 2026年6月8日" in told
    assert "法定办结日： 2026年6月30日" in told
    desk = text_of(text(clerk.get(f"/desk/cases/{case.pk}/")))
    for words in ("承诺办结日", "打印受理通知书", "打印补正告知书", FIRM["applicant"]):
        assert words in desk
    assert "2026-06-08" in text(clerk.get("/desk/cases/"))


def test_what_is_brought_to_the_counter_is_taken_in_by_name(item: EntryCard) -> None:
    code = code_in(sent(item))
    case = Case.objects.get()
    handled(case.pk, "complete", "clerk.m", words="还缺下列材料，请一次补齐：1. 营业执照")
    clerk = signed_in("clerk.m")
    # Anybody may bring them any day: until then it is the applicant's turn, and on nobody's list.
    assert "提出人" in text_of(text(clerk.get(f"/desk/cases/{case.pk}/"))).split("现在等谁")[1][:12]
    assert "承办单位" not in text_of(text(clerk.get(f"/desk/cases/{case.pk}/"))).split("现在等谁")[1][:12]
    assert case.number not in text(clerk.get("/desk/"))
    form = text(clerk.get(f"/desk/cases/{case.pk}/take_in/"))
    # A box for what is missing, none for what came; nothing is said of a first application.
    assert re.findall(r'name="paper\.\d+"', form) == ['name="paper.0"']
    assert "营业执照" in form
    assert "五个工作日内一次告知" not in form
    handled(case.pk, "take_in", "clerk.m", words="本人到窗口交来营业执照一份", **{"paper.0": paper()})
    told = text_of(text(tracked(code)))
    assert "营业执照 ：已交" in told
    assert "本人到窗口交来营业执照一份" in told


def test_what_is_held_openly_is_shown_before_it_is_sent(item: EntryCard, send: Send, organs: Any) -> None:
    organ = organs(MARKET)
    row = {
        **LICENCE, "XK_XDR_MC": FIRM["applicant"], "XK_XDR_SHXYM": FIRM["uscc"], "XK_FRDB": "演示甲", "XK_JDRQ": "2026-03-02",
        "XK_XKJG": MARKET, "XK_XKJGDM": organ.uscc, "XK_LYDW": MARKET, "XK_LYDWDM": organ.uscc, "XK_ZT": "1",
        "XK_XKZS": "营业执照", "XK_WSH": "青市监照〔2026〕9号", "XK_YXQZ": "2026-03-02", "XK_YXQZI": "2099-12-31",
    }  # fmt: skip
    (number,) = releasing.sent(send, row, kind="licence_legal")
    by, on = person(organ, "reviewer"), at("2026-06-01")
    assert not disclosure.release(entry_ids=[number], actor=by, on=on.date(), at=on, **releasing.YES).refused
    looked = Client().post(address(item), {**SAID, "look": "1"}, **HERE)  # type: ignore[arg-type]
    page = text_of(text(looked))
    assert "营业执照 已有，不用再交" in page
    assert "青市监照〔2026〕9号" in page
    assert FIRM["applicant"] in text(looked)
    assert Case.objects.count() == 0
    stranger = {**SAID, "applicant_type": "自然人", "uscc": "", "look": "1"}
    assert "已有，不用再交" not in text(Client().post(address(item), stranger, **HERE))  # type: ignore[arg-type]


WRONG = [
    ("no name", {"applicant": ""}, "申请人名称或者姓名：必填，但这一格是空的"),
    ("a wrong code", {"uscc": "91410526MA3X12345E"}, "校验位不符"),
    ("no code", {"uscc": ""}, "统一社会信用代码"),
    ("a file nobody may keep", {"paper.0": SimpleUploadedFile("程序.exe", b"MZ")}, "材料"),
]


@pytest.mark.parametrize("changes, words", [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_what_is_wrong_is_said_and_what_was_typed_stays(item: EntryCard, changes: dict[str, Any], words: str) -> None:
    answer = sent(item, representative="演示丙", **changes)
    assert answer.status_code == 422
    assert words in text_of(text(answer))
    assert "演示丙" in text(answer)
    assert Case.objects.count() == 0


def test_at_the_counter_an_item_is_chosen_entered_and_carried_to_the_licence(item: EntryCard, day: Day) -> None:
    clerk = signed_in("clerk.m")
    found = text(clerk.get("/desk/cases/new/application/?q=食品"))
    assert f"record={item.id}" in found
    assert "没有叫这个名字的事项" in text(clerk.get("/desk/cases/new/application/?q=没有"))
    path = f"/desk/cases/new/application/?record={item.id}"
    given = {**FIRM, "record": item.id, "token": token_of(text(clerk.get(path))), "paper.1": paper()}
    answer = clerk.post(path, given)
    assert "食品经营许可" in text(answer)
    code = code_in(answer)
    case = Case.objects.get()
    handled(case.pk, "accept", "clerk.m")
    handled(case.pk, "approve", "head.m")
    form = text(clerk.get(f"/desk/cases/{case.pk}/license/"))
    assert 'name="XK_WSH"' in form
    assert 'name="XK_XDR_MC"' not in form
    wrong = clerk.post(
        f"/desk/cases/{case.pk}/license/", {**LICENCE, "XK_XKLB": "没有这一类", "words": "当面交给申请人", "token": "t"}
    )
    assert (wrong.status_code, "许可类别" in text(wrong)) == (422, True)
    handled(case.pk, "license", "clerk.m", **LICENCE)
    (licence,) = ledger.cards(ledger.facts().filter(kind="licence_legal"))
    assert f"/desk/records/{licence.id}/" in text(clerk.get(f"/desk/cases/{case.pk}/"))
    record = text(clerk.get(f"/desk/records/{licence.id}/"))
    assert f"/desk/cases/{case.pk}/" in record
    (kept,) = ledger.cards(ledger.newest(["service_case"]))
    record = text(clerk.get(f"/desk/records/{kept.id}/"))
    assert f"/desk/cases/{case.pk}/" in record
    assert "更正" not in re.sub(r"更正（第 \d 版）", "", record)
    assert "看公示的许可" not in text(tracked(code))
    reviewer = signed_in("reviewer.m")
    reviewer.post("/desk/decide/", {"entry": licence.id})
    assert "已送达，办结" in text_of(text(tracked(code)))


def test_the_notices_are_fit_to_print(item: EntryCard) -> None:
    case_id = applied(item, SOMEBODY, on="2026-06-01").case_id
    handled(case_id, "accept", "clerk.m")
    clerk = signed_in("clerk.m")
    (path,) = re.findall(r"/desk/cases/\d+/notices/\d+/", text(clerk.get(f"/desk/cases/{case_id}/")))
    page = text_of(text(clerk.get(path)))
    for words in (
        "受理通知书",
        "办〔2026〕1号",
        "食品经营许可",
        "演示乙",
        "承诺办结日： 2026年6月8日",
        "青禾县市场监督管理局（盖章）",
    ):
        assert words in page
    assert SOMEBODY["id_number"] not in page
    assert clerk.get(path.replace("notices/", "notices/9")).status_code == 404
    assert signed_in("reviewer.f").get(path).status_code == 403


def test_pages_ask_the_database_little(item: EntryCard, day: Day) -> None:
    for number in range(6):
        applied(item, on="2026-06-01", token=f"more-{number}", files=[PNG])
    case_id = applied(item, on="2026-06-01", token="one", files=[PNG]).case_id
    handled(case_id, "accept", "clerk.m")
    clerk = signed_in("clerk.m")
    clerk.get("/desk/cases/")
    pages = [
        (Client(), f"/records/{item.identity.hex()}/"), (Client(), address(item)), (clerk, f"/desk/cases/{case_id}/"),
        (clerk, f"/desk/cases/{case_id}/approve/"), (clerk, "/desk/cases/"), (clerk, "/desk/cases/new/application/"),
        (clerk, f"/desk/cases/new/application/?record={item.id}"), (clerk, f"/desk/records/{item.id}/"),
    ]  # fmt: skip
    for client, path in pages:
        with CaptureQueriesContext(connection) as asked:
            client.get(path)
        several = [one["sql"][:110] for one in asked if "duties_heartbeat" not in one["sql"]]
        assert len(several) <= MOST_QUERIES, (path, len(several), several)
