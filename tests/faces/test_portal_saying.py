"""Anybody may say it is not so: without an account, without a name, not too often, and by a link made for one person."""

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access.models import Trace
from jiannuo.duties import actions as duties
from jiannuo.duties.models import Duty, Invitation
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.models import PersonalPart
from tests.faces.promised_county import HERE, Promises, signed_in
from tests.faces.test_portal_pages import MOST, NOW, TODAY
from tests.packages.promising import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def test_anybody_may_say_it_is_not_so_and_the_words_are_sealed(county: Promises) -> None:
    duty = county.promise()
    words = "路面只铺了一半，我家住柳溪村3组12号，电话13800138000"
    response = county.say(duty, said="disputed", words=words)
    assert response.status_code == 302
    assert response.cookies == {}
    assert response["Cache-Control"] == "no-store"
    assert "接下来会怎样" in county.get(response["Location"])
    page = county.page(duty)
    assert "0 人说属实，1 人说不属实" in page
    assert "13800138000" not in page
    assert "只铺了一半" not in page
    (entry,) = ledger.since(0, kinds=["response"], limit=9)
    assert entry.author == "public"
    assert "一半" not in str(entry.body)
    assert PersonalPart.objects.filter(pk=entry.id).exists()
    # A second click is one answer.
    assert county.say(duty, said="disputed", words=words).status_code == 302
    assert Duty.objects.get(pk=duty.pk).disputed == 1


@pytest.mark.parametrize(
    "form, status, words",
    [
        pytest.param({"said": "disputed", "words": "不对"}, 422, "哪里不属实没有写清楚", id="too few words"),
        pytest.param({"words": "路面还没有铺到村口"}, 422, "没有选属实还是不属实", id="nothing chosen"),
        pytest.param({"said": "agreed", "website": "http://x"}, 422, "要留空", id="robot"),
        pytest.param({"said": "agreed", "HTTP_SEC_FETCH_SITE": "cross-site"}, 403, "不是从本站", id="other site"),
        pytest.param({"said": "agreed", "HTTP_SEC_FETCH_SITE": ""}, 403, "不是从本站", id="no word of where from"),
        pytest.param(
            {"said": "agreed", "HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "https://elsewhere.example"},
            403,
            "不是从本站",
            id="other origin",
        ),
        pytest.param({"said": "agreed", "token": "x"}, 403, "表单不完整", id="no token"),
        pytest.param({"said": "agreed", "words": "长" * 2001}, 422, "写得太长", id="too long"),
    ],
)
def test_what_cannot_be_said_is_refused_with_the_words_kept(
    county: Promises, form: dict[str, str], status: int, words: str
) -> None:
    duty = county.promise()
    response = county.say(duty, **form)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert form.get("words", "") in page
    assert response.cookies == {}
    assert Duty.objects.get(pk=duty.pk).agreed == 0


def test_who_speaks_too_often_is_told_when_to_come_again(county: Promises) -> None:
    duty = county.promise()
    origin = {"HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "http://testserver"}
    for number in range(3):
        assert county.say(duty, said="agreed", words=f"第{number}次路过都在施工", **origin).status_code == 302
    response = county.say(duty, said="agreed", words="第4次路过", **origin)
    assert response.status_code == 429
    assert "以后再来" in response.content.decode()
    assert "第4次路过" in response.content.decode()
    assert Duty.objects.get(pk=duty.pk).agreed == 3


def test_a_link_is_good_for_one_answer_and_its_name_is_sealed(county: Promises) -> None:
    duty = county.promise()
    links = duties.invite(duty_id=duty.pk, names=["柳溪村甲户", "柳溪村乙户"], actor=county.theirs, on=TODAY, at=NOW)
    assert all(b"\xe6\x9f\xb3" not in bytes(row.name) for row in Invitation.objects.all())
    path = f"/a/{links[0].token}/"
    page = county.get(path)
    assert "修好柳溪村" in page
    assert "甲户" not in page
    assert 'content="noindex"' in page
    token = re.search(r'name="token" value="([^"]+)"', page)
    assert token
    form = {"token": token[1], "said": "disputed", "words": "路面还没有铺到村口"}
    assert "收到了" in Client().post(path, form, **HERE).content.decode()  # type: ignore[arg-type]
    again = Client().post(path, form, **HERE)  # type: ignore[arg-type]
    assert again.status_code == 422
    assert "已经用过了" in again.content.decode()
    assert "已经用过了" in county.get(path)
    assert "受益人（凭链接） 0 人说属实，1 人说不属实" in county.page(duty)
    assert "没有这个链接" in county.get("/a/nothing/", status=404)


@pytest.mark.parametrize("released", [3, 30])
def test_promises_cost_few_questions_whatever_the_data(county: Promises, released: int) -> None:
    for number in range(released):
        duty = county.promise(number=f"2026-承-{number + 10}", title=f"修好第{number}条路", due_on="2026-12-31")
    county.promise(kind="milestone", parent="2026-承-11")
    county.submit(duty, "2026-10-20")
    county.confirm(duty, "2026-10-22")
    for path in (
        "/promises/",
        f"/promises/?q={quote('条路')}&page=2",
        county.url(duty),
        "/organs/",
        "/organs/419926-121/",
        "/",
        "/tasks/",
    ):
        with CaptureQueriesContext(connection) as asked:
            county.get(path)
        assert len(asked) <= MOST, (path, len(asked), [query["sql"][:90] for query in asked])


def test_links_are_made_by_the_two_organs_alone_and_shown_once(county: Promises) -> None:
    duty = county.promise()
    stranger = person(county.organ("青禾县水利局"), "reviewer")
    with pytest.raises(Refused, match="不能为这一项做答复链接"):
        duties.invite(duty_id=duty.pk, names=["甲户"], actor=stranger, on=TODAY, at=NOW)
    for names, words in (
        ([], "没有写给谁"),
        (["甲", "甲"], "写了两遍"),
        (["长" * 61], "太长"),
        (["户"] * 501, "一次写了"),
    ):
        with pytest.raises(Refused, match=words):
            duties.invite(duty_id=duty.pk, names=names, actor=county.theirs, on=TODAY, at=NOW)
    desk = signed_in(county.market, "reviewer")
    path = f"/desk/promises/{duty.pk}/invite/"
    assert path in desk.get(f"/desk/promises/{duty.pk}/").content.decode()
    sheet = desk.post(path, {"names": "甲户\n\n乙户"})
    links = re.findall(r"http://testserver/a/[\w-]+/", sheet.content.decode())
    assert len(links) == 2
    assert sheet["Cache-Control"] == "no-store, private"
    again = desk.get(path).content.decode()
    assert "/a/" not in again
    assert "甲户" not in again
    assert "已经有链接了" in desk.post(path, {"names": "甲户"}).content.decode()
    book = desk.post(path, {"names": "丙户", "form": "xlsx"})
    assert book["Content-Type"].endswith("sheet")
    assert Trace.objects.filter(action="duties.invite").count() == 2
    other = signed_in(county.organ("青禾县水利局"), "reviewer")
    assert other.get(path).status_code == 403
