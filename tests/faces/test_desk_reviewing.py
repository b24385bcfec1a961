"""A reviewer before the holiday: what is due when and why, releasing many, sending back, keeping from the public, taking back."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from jiannuo.access import queries as accounts
from jiannuo.disclosure import queries as disclosure
from jiannuo.duties import tick
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from tests.faces import september

BASIS = "涉及安全生产、食品药品、生态环境等公共利益"


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", september.TODAY.isoformat())
    september.open_office()


def signed_in(username: str) -> Client:
    client = Client()
    sent = client.post("/desk/login/", {"username": username, "password": september.PASSWORD})
    assert sent.status_code == 302
    return client


@pytest.fixture
def reviewer(office: None) -> Client:
    return signed_in(september.REVIEWER)


def waiting() -> list[int]:
    _, cards = ledger.records("penalty_legal", organ_ids=None, as_of=None, limit=50)
    return sorted(card.id for card in cards)


def decide(client: Client, act: str, numbers: list[int], **more: Any) -> Any:
    return client.post("/desk/review/decide/", {"act": act, "entry": numbers, "done": "1", **more}, follow=True)


def release(client: Client, numbers: list[int]) -> Any:
    return decide(client, "release", numbers, confirmed=["social_impact"], basis=BASIS)


def test_the_day_says_what_is_due_before_the_holiday_what_after_and_why(reviewer: Client) -> None:
    page = reviewer.get("/desk/").content.decode()
    before, after = page.index("放假前到期"), page.index("放假后到期")
    assert "5 条" in page[before:after]
    assert "6 条" in page[after:]
    assert "10月1日至10月7日放假" in page
    assert "9月29日" in page[before:after]
    assert "为什么是这一天" in page
    assert "国庆" in page[after:]


@pytest.mark.parametrize(
    "query, shown",
    [
        pytest.param("", 11, id="所有"),
        pytest.param("?due=before", 5, id="放假前"),
        pytest.param("?due=after", 6, id="放假后"),
        pytest.param("?due=2026-10-08", 4, id="某一天"),
        pytest.param("?judgement=ask", 11, id="要确认"),
        pytest.param("?judgement=withhold", 0, id="不得公示"),
        pytest.param("?kind=licence_legal", 0, id="另一类"),
        pytest.param("?q=308", 1, id="文号的一段"),
    ],
)
def test_the_list_is_narrowed(reviewer: Client, query: str, shown: int) -> None:
    page = reviewer.get(f"/desk/review/{query}").content.decode()
    assert page.count('name="entry"') == shown


def test_before_it_is_done_the_page_shows_what_the_public_will_see(reviewer: Client) -> None:
    first = waiting()[0]
    page = reviewer.get(f"/desk/review/decide/?entry={first}").content.decode()
    assert "公众将看到的样子" in page
    assert "1 条马上在信用青禾公示，并推送到青禾政务" in page
    assert "要确认：具有一定社会影响的行政处罚决定才公开" in page
    assert "备注" not in page


def test_nine_are_released_in_one_act_and_two_sent_back_with_a_reason(reviewer: Client) -> None:
    numbers = waiting()
    done = release(reviewer, numbers[:9])
    assert "已公示 9 条" in done.content.decode()
    back = decide(reviewer, "return", numbers[9:], reason="处罚依据要写到款")
    assert "已退回 2 条" in back.content.decode()
    assert disclosure.numbers().total == 9
    page = signed_in(september.CLERK).get("/desk/").content.decode()
    assert page.count("退回理由：处罚依据要写到款") == 2
    assert "没有放假前到期的记录" in reviewer.get("/desk/").content.decode()


def test_on_the_ninth_of_october_nothing_of_his_is_late(reviewer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = waiting()
    release(reviewer, numbers[:9])
    decide(reviewer, "return", numbers[9:], reason="处罚依据要写到款")
    monkeypatch.setenv("JIANNUO_TODAY", september.AFTER_THE_HOLIDAY.isoformat())
    tick.run(as_of=clock.today(), now=clock.now())
    reviewer = signed_in(september.REVIEWER)
    figures = reviewer.get("/desk/figures/").content.decode()
    assert "100.0%" in figures
    late = reviewer.get("/desk/duties/?standing=broken,kept_late").content.decode()
    assert "没有这样的记录" in late


def test_a_question_of_the_rules_must_be_answered_and_what_was_typed_stays(reviewer: Client) -> None:
    (first, *_) = waiting()
    for more, words in (({}, "社会影响"), ({"confirmed": ["social_impact"]}, "没有选择公开依据")):
        refused = decide(reviewer, "release", [first], **more)
        assert refused.status_code == 422
        assert words in refused.content.decode()
    refused = decide(reviewer, "return", [first])
    assert refused.status_code == 422
    assert "没有写退回的理由" in refused.content.decode()
    kept = decide(reviewer, "withhold", [first], reason="没有社会影响").content.decode()
    assert "没有写不予公示的依据" in kept
    assert "没有社会影响" in kept


def test_not_for_the_public_names_its_rule(reviewer: Client) -> None:
    (first, *_) = waiting()
    done = decide(reviewer, "withhold", [first], rule="social_impact", reason="没有社会影响")
    assert "1 条不予公示" in done.content.decode()
    assert "不予公示" in reviewer.get(f"/desk/records/{first}/").content.decode()


def test_who_sent_it_in_does_not_release_it(office: None) -> None:
    card = september.send(september.REVIEWER, "县市场监管局", [september.row("县市场监管局", 20, date(2026, 9, 23))])
    reviewer = signed_in(september.REVIEWER)
    mine = next(one for one in waiting() if (found := ledger.entry(one)) and found.batch == card.id)
    assert "您自己报送的" in reviewer.get("/desk/review/").content.decode()
    refused = release(reviewer, [mine])
    assert refused.status_code == 422
    assert "另一位审核员" in refused.content.decode()


@pytest.mark.parametrize("username", [september.CLERK, "zjj.gao", september.LEAD, "system.sun", "new.one"])
def test_others_decide_nothing(office: None, username: str) -> None:
    client = signed_in(username)
    first = waiting()[0]
    assert release(client, [first]).status_code == 403
    assert disclosure.numbers().total == 0


# -- the record ----------------------------------------------------------------------------------------------------


def a_person(client: Client) -> int:
    row = september.row("县市场监管局", 40, date(2026, 9, 23))
    for name in ("CF_XDR_SHXYM", "CF_FRDB"):
        row.pop(name)
    row |= {"CF_XDR_MC": "赵小六", "CF_XDR_LB": "自然人", "CF_XDR_ZJLX": "身份证", "CF_XDR_ZJHM": "11010519491231002X"}
    september.send(september.CLERK, "县市场监管局", [row], "penalty_natural")
    _, (card,) = ledger.records("penalty_natural", organ_ids=None, as_of=None, limit=5)
    return card.id


def test_personal_values_are_opened_for_a_purpose_and_the_reading_is_traced(reviewer: Client) -> None:
    number = a_person(reviewer)
    address = reverse("desk:record", args=[number])
    page = reviewer.get(address).content.decode()
    assert "赵小六" not in page
    assert "赵**" in page
    refused = reviewer.post(address, {"purpose": " "})
    assert refused.status_code == 422
    assert "没有写查看的目的" in refused.content.decode()
    opened = reviewer.post(address, {"purpose": "核对证件号码"})
    assert "赵小六" in opened.content.decode()
    assert "11010519491231002X" in opened.content.decode()
    assert "no-store" in opened["Cache-Control"]
    (trace,) = accounts.traces(action="records.personal")
    assert (trace.purpose, trace.object) == ("核对证件号码", f"entry:{number}")
    assert "赵小六" not in reviewer.get(address).content.decode()


def test_a_clerk_does_not_open_personal_values(office: None) -> None:
    clerk = signed_in(september.CLERK)
    number = a_person(clerk)
    refused = clerk.post(reverse("desk:record", args=[number]), {"purpose": "看看"})
    assert refused.status_code == 403
    assert "11010519491231002X" not in refused.content.decode()


def test_a_revoked_decision_is_withdrawn_with_its_reason(reviewer: Client) -> None:
    (first, *_) = waiting()
    release(reviewer, [first])
    clerk = signed_in(september.CLERK)
    address = reverse("desk:revoke", args=[first])
    wrong = clerk.post(
        address, {"outcome": "撤销", "decided_on": "", "decided_by": "青禾县人民政府", "reason": "事实不清"}
    )
    assert wrong.status_code == 422
    assert 'value="青禾县人民政府"' in wrong.content.decode()
    form = {"outcome": "撤销", "decided_on": "2026-09-29", "decided_by": "青禾县人民政府", "reason": "事实不清"}
    assert "已登记" in clerk.post(address, form, follow=True).content.decode()
    page = reviewer.get(reverse("desk:record", args=[first])).content.decode()
    assert "撤下公示" in page
    assert "撤回已经公示的决定并公开说明理由" in page
    done = reviewer.post(
        reverse("desk:withdraw", args=[first]),
        {"law": "行政处罚法第四十八条第二款", "reason": "原决定被撤销"},
        follow=True,
    )
    assert "已撤下" in done.content.decode()
    assert disclosure.numbers().total == 0


def test_a_record_shows_where_it_came_from_and_its_digest(reviewer: Client) -> None:
    (first, *_) = waiting()
    card = ledger.entry(first)
    assert card is not None
    page = reviewer.get(reverse("desk:record", args=[first])).content.decode()
    for words in (card.digest, card.rule, "为什么是", "批次"):
        assert words in page


def test_another_organs_record_stays_closed(office: None) -> None:
    client = signed_in("zjj.gao")
    for name in ("desk:record", "desk:withdraw", "desk:revoke"):
        assert client.get(reverse(name, args=[waiting()[0]])).status_code == 403
    assert client.get(reverse("desk:record", args=[10**9])).status_code == 404
