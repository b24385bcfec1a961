"""承诺 on the desk: who sees which, what each may do with it, and what is refused in words."""

import io
from collections.abc import Callable
from functools import partial
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from jiannuo.duties.actions import follow
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.faces.promised_office import (
    MARKET,
    MOVE,
    PNG,
    WORDS,
    Day,
    address,
    confirm,
    signed_in,
    standing,
    submit,
    text,
)
from tests.packages.conftest import Send
from tests.packages.promising import at, promised

pytestmark = pytest.mark.django_db


# -- the list ----------------------------------------------------------------------------------------------------------


def test_the_list_says_whose_turn_it_is_and_how_often_the_date_moved(road: PromiseCard) -> None:
    signed_in("reviewer.m").post(address(road, "amend"), {"due_on": "2026-12-20", **MOVE})
    page = text(signed_in("clerk.m").get("/desk/promises/"))
    for words in (road.title, "2026-12-20", "变更1次，推迟50天", "等县市场监管局办理", "我单位要办的"):
        assert words in page
    submit(road)
    assert "等县发展改革委确认" in text(signed_in("clerk.m").get("/desk/promises/"))


def test_what_waits_for_me_is_a_tab_of_its_own(road: PromiseCard) -> None:
    lead = signed_in("lead.l")
    assert "没有符合条件的承诺" in text(lead.get("/desk/promises/?tab=waiting"))
    submit(road)
    assert road.title in text(lead.get("/desk/promises/?tab=waiting"))
    assert "等我确认" not in text(signed_in("clerk.m").get("/desk/promises/"))


@pytest.mark.parametrize(
    "query, found",
    [
        ("", True),
        ("q=柳溪村", True),
        ("q=没有这样的话", False),
        ("kind=keep_commitment", True),
        ("kind=reach_milestone", False),
        ("standing=due_soon", True),
        ("standing=kept", False),
        ("first=2026-10-01&last=2026-10-31", True),
        ("first=2026-11-01", False),
        ("family=promise", True),
        ("family=case", False),
        ("first=x&organ=y&page=z&standing=none", True),
    ],
)
def test_the_list_is_narrowed(road: PromiseCard, query: str, found: bool) -> None:
    page = text(signed_in("lead.l").get(f"/desk/promises/?tab=all&{query}"))
    assert (road.title in page) is found


@pytest.mark.parametrize(
    "username, seen",
    [("clerk.m", True), ("head.m", True), ("lead.l", True), ("auditor.a", True), ("discipline.d", True), ("reviewer.f", False)],
)  # fmt: skip
def test_a_promise_is_seen_by_its_organ_and_by_those_who_see_all(road: PromiseCard, username: str, seen: bool) -> None:
    client = signed_in(username)
    assert (road.title in text(client.get("/desk/promises/?tab=all"))) is seen
    assert client.get(address(road)).status_code == (200 if seen else 403)


def test_the_list_is_taken_along_as_a_workbook_whose_cells_cannot_start_a_formula(office: None, send: Send) -> None:
    promised(send, title='=HYPERLINK("http://example.com") 修路3公里')
    response = signed_in("clerk.m").get("/desk/promises/list.xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    cell = rows[1][1]
    assert (cell.value, cell.data_type) == ('=HYPERLINK("http://example.com") 修路3公里', "s")
    assert [one.value for one in rows[0]][:3] == ["编号", "承诺的事", "类别"]


# -- shown, confirmed, sent back -----------------------------------------------------------------------------------------


def test_a_promise_is_shown_confirmed_and_counted_as_kept(road: PromiseCard) -> None:
    assert submit(road).status_code == 302
    assert standing(road) != "kept"
    answer = confirm(road, publish="on")
    assert answer.status_code == 302
    assert standing(road) == "kept"
    page = text(signed_in("clerk.m").get(address(road)))
    for words in ("按期兑现", "验收照片.png", "材料已公开", "确认兑现", "到现场看过"):
        assert words in page


def test_what_is_typed_stays_when_it_is_refused(road: PromiseCard) -> None:
    answer = submit(road, done_on="2026-10-08")
    page = text(answer)
    assert answer.status_code == 422
    assert "不能倒签" in page
    assert WORDS in page
    assert 'value="2026-10-08"' in page
    assert 'aria-invalid="true"' in page or "id_done_on_error" in page


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no day": ({"done_on": "明天"}, "没有填完成日期"),
    "a day ahead": ({"done_on": "2026-11-02"}, "在今天以后"),
    "before it was promised": ({"done_on": "2026-03-01"}, "早于承诺的起始日"),
    "too few words": ({"words": "好了"}, "办理情况没有写清楚"),
    "no file": ({"evidence": []}, "没有附佐证材料"),
    "a program": ({"evidence": [SimpleUploadedFile("验收单.pdf.exe", b"MZ")]}, "可能是伪装的程序"),
    "a macro": ({"evidence": [SimpleUploadedFile("清单.docm", b"PK\x03\x04")]}, "带宏"),
    "another content": ({"evidence": [SimpleUploadedFile("照片.png", b"%PDF-1.7")]}, "内容不是png文件"),
    "too many": ({"evidence": [SimpleUploadedFile(f"{n}.png", PNG) for n in range(11)]}, "一次最多附10份"),
}


@pytest.mark.parametrize("form, words", WRONG.values(), ids=WRONG)
def test_what_is_sent_wrongly_is_refused_in_words_at_its_field(
    road: PromiseCard, form: dict[str, Any], words: str
) -> None:
    for file in form.get("evidence", []):
        file.seek(0)
    answer = submit(road, **form)
    assert answer.status_code == 422
    page = text(answer)
    assert words in page
    assert "怎么办" in page
    assert "field__error" in page
    assert "等确认" not in text(signed_in("clerk.m").get(address(road)))


def test_what_is_sent_twice_waits_once(road: PromiseCard) -> None:
    submit(road)
    again = submit(road)
    assert again.status_code == 422
    assert "还在等确认" in text(again)


def test_two_people_confirm_and_the_second_is_told(road: PromiseCard) -> None:
    submit(road)
    first, second = signed_in("lead.l"), signed_in("lead.l")
    assert "确认兑现" in text(first.get(address(road, "confirm")))
    assert "确认兑现" in text(second.get(address(road, "confirm")))
    form = {"reason": "到现场看过，与验收单一致", "decision": "confirm"}
    assert first.post(address(road, "confirm"), form).status_code == 302
    late = second.post(address(road, "confirm"), form)
    assert late.status_code == 422
    assert "已于2026-10-28确认兑现" in text(late)
    assert "到现场看过" in text(late)


def test_nobody_confirms_a_promise_of_its_own(road: PromiseCard) -> None:
    submit(road)
    for username in ("reviewer.m", "head.m"):
        assert signed_in(username).get(address(road, "confirm")).status_code == 403
        no = confirm(road, username)
        assert no.status_code == 422
        assert "承诺单位不能确认自己的承诺" in text(no)
    assert confirm(road, "reviewer.f").status_code == 403
    assert standing(road) != "kept"


def test_what_is_sent_back_says_why_and_is_first_on_the_page_of_today(road: PromiseCard) -> None:
    submit(road)
    assert confirm(road, decision="return", reason="照片看不出排水沟，请补拍").status_code == 302
    page = text(signed_in("clerk.m").get("/desk/"))
    assert "退回给我单位的" in page
    assert road.title in page
    assert "照片看不出排水沟" in text(signed_in("clerk.m").get(address(road)))


def test_a_decision_nobody_knows_is_refused(road: PromiseCard) -> None:
    submit(road)
    assert confirm(road, decision="maybe").status_code == 422


def test_what_proved_untrue_is_owed_again(road: PromiseCard) -> None:
    submit(road)
    confirm(road)
    answer = signed_in("lead.l").post(address(road, "reopen"), {"reason": "村民反映排水沟没有做，现场核实属实"})
    assert answer.status_code == 302
    assert standing(road) != "kept"
    assert "撤销确认" in text(signed_in("clerk.m").get(address(road)))


def test_the_record_of_a_promise_leads_to_how_it_stands(road: PromiseCard) -> None:
    page = text(signed_in("reviewer.m").get(f"/desk/records/{road.record.id}/"))
    assert f'href="{address(road)}"' in page
    assert "看办到哪一步" in page


# -- dates -------------------------------------------------------------------------------------------------------------


def test_the_page_of_a_record_opens_whatever_its_clock_is(office: None, send: Send) -> None:
    """A case of service is due on the day that was promised to the applicant: no number of days stands in the law."""
    case = {
        "number": "B-1", "item_code": "A01", "applicant": "企业", "channel": "网上", "accepted_on": "2026-06-01",
        "promised_by": "2026-06-08", "done_on": "", "result": "", "organ": MARKET,
    }  # fmt: skip
    send([case], kind="service_case")
    while follow(opened_at=at("2026-06-02")):
        pass
    entry = ledger.facts().get(kind="service_case")
    page = signed_in("clerk.m").get(f"/desk/records/{entry.pk}/")
    assert page.status_code == 200
    assert "2026-06-08" in text(page)


def test_a_date_moves_in_public_and_stands_in_the_table_of_slips(road: PromiseCard) -> None:
    reviewer = signed_in("reviewer.m")
    assert reviewer.post(address(road, "amend"), {"due_on": "2026-12-20", **MOVE}).status_code == 302
    page = text(reviewer.get(address(road)))
    assert "2026-10-31 改为 2026-12-20" in page
    assert "青禾县人民政府批准，县政府第21次常务会议纪要" in page
    slips = text(signed_in("lead.l").get("/desk/promises/slips/"))
    for words in (road.title, "2026-10-31", "2026-12-20", "推迟50天", "青禾县人民政府"):
        assert words in slips
    assert road.title not in text(signed_in("reviewer.f").get("/desk/promises/slips/"))


def test_a_date_does_not_move_once_it_has_passed(road: PromiseCard, day: Day) -> None:
    day("2026-11-02")
    reviewer = signed_in("reviewer.m")
    page = text(reviewer.get(address(road)))
    assert "逾期已经记下" in page
    assert ">变更期限<" not in page
    no = reviewer.post(address(road, "amend"), {"due_on": "2026-12-20", **MOVE})
    assert no.status_code == 422
    assert "已过，不能再变更" in text(no)
    assert MOVE["reason"] in text(no)


def test_a_clerk_moves_no_date(road: PromiseCard) -> None:
    assert signed_in("clerk.m").get(address(road, "amend")).status_code == 403


def test_it_stands_still_and_goes_on(road: PromiseCard, day: Day) -> None:
    reviewer = signed_in("reviewer.m")
    assert (
        reviewer.post(address(road, "suspend"), {"since": "2026-10-28", "until": "2026-12-28", **MOVE}).status_code
        == 302
    )
    page = text(reviewer.get(address(road)))
    assert "中止，恢复以后接着计算" in page
    assert "9999" not in page
    assert "9999" not in text(reviewer.get("/desk/promises/"))
    day("2026-11-09")
    reviewer = signed_in("reviewer.m")
    assert (
        reviewer.post(address(road, "resume"), {"since": "2026-11-07", "reason": "水位回落，恢复施工"}).status_code
        == 302
    )
    assert "2026-11-10" in text(reviewer.get(address(road)))


def test_the_law_lifts_it_by_the_hand_of_another(road: PromiseCard) -> None:
    assert signed_in("reviewer.m").post(address(road, "exempt"), MOVE).status_code == 422
    assert signed_in("lead.l").post(address(road, "exempt"), MOVE).status_code == 302
    assert standing(road) == "lifted"


# -- what a kind asks for besides ------------------------------------------------------------------------------------------

SUGGESTION = {
    "number": "第23号",
    "title": "关于增加城区停车位的建议",
    "field": "城建交通",
    "proposer": "李某",
    "session": "2026年县“两会”",
    "assigned_on": "2026-09-10",
    "office": "办公室主任",
    "organ": MARKET,
    "complex": "否",
}


def test_what_a_kind_asks_for_besides_is_asked_kept_and_shown(
    office: None, send: Send, organs: Callable[[str], OrganCard]
) -> None:
    congress = organs("县人大常委会办公室")
    sending = partial(send, organ_id=congress.id)
    card = promised(sending, kind="suggestion", on="2026-09-10", confirmer=congress.name, **SUGGESTION)
    form = text(signed_in("clerk.m").get(address(card, "submit")))
    assert "办理结果" in form
    assert "书面答复发出的日期" in form
    wrong = submit(card, replied_on="2026-10-20", result="")
    assert wrong.status_code == 422
    assert "办理结果" in text(wrong)
    assert 'value="2026-10-20"' in text(wrong)
    assert submit(card, replied_on="2026-10-20", result="A已解决").status_code == 302
    page = text(signed_in("clerk.m").get(address(card)))
    for words in ("A已解决", "2026-10-20", "等县人大办确认"):
        assert words in page
