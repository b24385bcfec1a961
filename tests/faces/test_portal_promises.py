"""Promises as everybody reads them: nothing unreleased, nothing kept that nobody confirmed, and anybody may say it is not so."""

import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access import actions as access
from jiannuo.access.models import Trace, User
from jiannuo.access.rules import Actor
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.queries.promised import public_promise
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.actions import Authority
from jiannuo.duties.models import Duty, Invitation
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.models import PersonalPart
from jiannuo.subjects.rules import OrganCard
from tests.faces.test_portal_pages import MOST, NOW, TODAY, County, text_of
from tests.packages.promising import COMMITMENT, PNG, at, person

pytestmark = pytest.mark.django_db

MEETING = Authority("青禾县人民政府", "县政府第21次常务会议纪要")
WHY = "汛期连续降雨，路基无法施工"
STEP = {
    "parent": "2026-承-01",
    "number": "2026-承-01-1",
    "title": "路基验收",
    "shown_by": "路基验收单",
    "made_on": "2026-03-02",
    "due_on": "2026-06-30",
    "organ": "青禾县市场监督管理局",
}
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@dataclass
class Promises(County):
    """The made-up county with promises."""

    made: list[str] = field(default_factory=list)

    def promise(self, *, on: str = "2026-03-02", released: bool = True, kind: str = "commitment", **more: str) -> Duty:
        row: Mapping[str, Any] = ({**COMMITMENT} if kind == "commitment" else {**STEP}) | more
        entries = self.send([row], kind=kind, at=at(on))
        while duties.follow(opened_at=at(on)):
            pass
        if released:
            self.release(entries, at=at(on))
        return Duty.objects.get(entry__in=entries)

    @property
    def theirs(self) -> Any:
        return person(self.market, "reviewer")

    @property
    def lead(self) -> Any:
        return person(self.organ("青禾县发展和改革委员会"), "lead")

    def submit(self, duty: Duty, on: str, done_on: str = "") -> None:
        duties.submit(
            duty.pk, done_on=date.fromisoformat(done_on or on), words="路面已铺好并通过验收", files=[PNG],
            actor=self.theirs, on=date.fromisoformat(on), at=at(on),
        )  # fmt: skip

    def confirm(self, duty: Duty, on: str, *, publish: bool = False) -> None:
        words = "到现场看过，与验收单一致，联系人电话13800138000"
        day = date.fromisoformat(on)
        duties.confirm(duty.pk, reason=words, actor=self.lead, on=day, at=at(on), publish=publish)

    def amend(self, duty: Duty, on: str, to: str) -> None:
        days = {"due_on": date.fromisoformat(to), "on": date.fromisoformat(on)}
        duties.amend(duty.pk, authority=MEETING, reason=WHY, actor=self.theirs, at=at(on), **days)

    def page(self, duty: Duty, **query: str) -> str:
        return text_of(self.get(self.url(duty) + "".join(f"?{name}={value}" for name, value in query.items())))

    def url(self, duty: Duty) -> str:
        return f"/promises/{bytes(Duty.objects.get(pk=duty.pk).entry.identity).hex()}/"

    def say(self, duty: Duty, **form: str) -> Any:
        page = self.get(self.url(duty))
        token = re.search(r'name="token" value="([^"]+)"', page)
        assert token
        headers = {name: value for name, value in {**HERE, **form}.items() if name.startswith("HTTP_")}
        typed = {name: value for name, value in form.items() if not name.startswith("HTTP_")}
        return Client().post(f"{self.url(duty)}say/", {"token": token[1], **typed}, **headers)  # type: ignore[arg-type]


def signed_in(organ: OrganCard, role: str) -> Client:
    """A browser at the desk, of an account of that organ."""
    by = Actor(None, "setup", "安装程序", None, "", frozenset({"setup"}), frozenset())
    name = f"{role}{organ.id}"
    user_id, _ = access.create_account(
        by=by, username=name, name="某某", password="qinghe-2026-Credit", organ_id=organ.id, at=NOW
    )
    access.grant(by=by, user_id=user_id, role=role, on=TODAY, at=NOW)
    User.objects.filter(pk=user_id).update(must_change_password=False)
    client = Client()
    client.post("/desk/login/", {"username": name, "password": "qinghe-2026-Credit"})
    return client


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def run_tick(on: str) -> None:
    tick.run(as_of=date.fromisoformat(on), now=at(on))


def test_an_unreleased_promise_is_nowhere(county: Promises) -> None:
    duty = county.promise(released=False)
    county.submit(duty, "2026-10-20")
    run_tick("2026-11-23")
    for path in (
        "/", "/promises/", "/promises/?standing=broken", "/organs/", "/organs/419926-121/", "/tasks/",
        f"/promises/?q={quote('柳溪')}", "/suggestions/", "/litigation/", "/services/",
    ):  # fmt: skip
        seen = text_of(county.get(path))
        assert "路面" not in seen.replace("“柳溪”", ""), path
        assert "2026-承-01" not in seen, path
    assert "柳溪" not in county.get(county.url(duty), status=404)
    exported = county.client.get("/promises/export.csv")
    assert "柳溪" not in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert county.client.post(f"{county.url(duty)}say/", {"said": "agreed"}, **HERE).status_code == 404  # type: ignore[arg-type]


def test_the_list_counts_what_it_leads_to(county: Promises) -> None:
    kept = county.promise()
    county.submit(kept, "2026-10-20")
    county.confirm(kept, "2026-10-22")
    late = county.promise(number="2026-承-02", title="建好东关小学的两栋教学楼", due_on="2026-09-30")
    county.submit(late, "2026-10-20")
    county.confirm(late, "2026-10-22")
    county.promise(number="2026-承-03", title="换掉城关镇5公里老旧供水管", due_on="2026-10-15", field="民生保障")
    county.promise(number="2026-承-04", title="全县低保金每月10日前发放", due_on="2026-12-31")
    waits = county.promise(number="2026-承-05", title="补栽行道树3000棵", due_on="2026-12-31")
    county.submit(waits, "2026-11-20")
    moved = county.promise(number="2026-承-06", title="新建公厕12座", due_on="2026-11-30")
    county.amend(moved, "2026-11-02", "2026-12-20")
    run_tick("2026-11-23")
    page = county.get("/promises/")
    counts = {
        label: (url.replace("&amp;", "&"), int(count))
        for url, label, count in re.findall(
            r'class="stat[^"]*" href="([^"]+)">\s*<span class="stat__label">([^<]+)</span>\s*<span class="stat__value">(\d+)',
            page,
        )
    }
    assert {label: count for label, (_, count) in counts.items()} == {
        "按期兑现": 1, "逾期兑现": 1, "逾期未兑现": 1, "进行中": 3
    }  # fmt: skip
    for url, count in counts.values():
        assert f"共 {count} 项" in text_of(county.get(url))
    seen = text_of(page)
    assert "待核实" in seen
    assert "原定 2026-11-30" in seen
    assert "供水管" in text_of(county.get("/promises/?standing=broken"))
    assert "补栽行道树" in text_of(county.get("/promises/?standing=to_verify"))
    assert "共 1 项" in text_of(county.get("/promises/?standing=moved"))
    assert "共 1 项" in text_of(county.get(f"/promises/?q={quote('供水管')}"))
    assert "共 1 项" in text_of(county.get(f"/promises/?field={quote('民生保障')}"))
    assert "共 6 项" in text_of(county.get("/promises/?organ=419926-121&year=2026&kind=commitment"))
    for wrong in ("?standing=asleep", "?kind=nothing", "?field=moon", "?organ=999", "?year=1"):
        assert "怎么办" in county.get(f"/promises/{wrong}", status=400)
    exported = county.client.get("/promises/export.csv?standing=to_verify")
    (row,) = csv.DictReader(io.StringIO(b"".join(exported.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert (row["承诺事项"], row["状态"], row["待核实"]) == ("补栽行道树3000棵", "进行中", "是")
    assert county.client.get("/promises/export.xlsx").status_code == 200


def test_a_promise_tells_what_how_it_moved_and_who_allowed_it(county: Promises) -> None:
    duty = county.promise()
    step = county.promise(kind="milestone", number="2026-承-01-1")
    county.promise(kind="milestone", number="2026-承-01-2", title="没有公示的节点", released=False)
    county.submit(step, "2026-06-20")
    county.confirm(step, "2026-06-22")
    county.amend(duty, "2026-09-01", "2026-12-20")
    page = county.page(duty)
    for words in (
        "修好柳溪村到县道的3.2公里路面", "公路科科长", "柳溪村村民", "3.2公里", "2026年12月20日前办成", "原定 2026年10月31日",
        "县政府第21次常务会议纪要", WHY, "路基验收", "1个节点确认了1个", "竣工验收单和照片", "还没有经过核实的证明",
    ):  # fmt: skip
        assert words in page, words
    assert "没有公示的节点" not in page
    assert '<meta name="description" content="青禾县市场监督管理局承诺：修好柳溪村' in county.get(county.url(duty))


def test_a_past_day_shows_what_was_known_then(county: Promises) -> None:
    duty = county.promise()
    county.amend(duty, "2026-09-01", "2026-12-20")
    county.submit(duty, "2026-11-20")
    then = county.page(duty, as_of="2026-05-03")
    assert "2026年10月31日前办成" in then
    assert "12月20日" not in then
    assert "过去某一天" in then
    assert "已报办结" not in then
    assert "12月20日前办成" in county.page(duty, as_of="2026-10-01")
    assert "没有公示" in text_of(county.get(f"{county.url(duty)}?as_of=2026-02-01", status=404))
    now = county.page(duty)
    assert "待核实" in now
    assert "按期兑现" not in now


def test_a_promise_told_again_is_what_the_table_says(county: Promises) -> None:
    duty = county.promise()
    county.amend(duty, "2026-09-01", "2026-12-20")
    where = {"authority": MEETING, "reason": WHY, "actor": county.theirs}
    duties.suspend(duty.pk, since=date(2026, 9, 10), on=date(2026, 9, 10), at=at("2026-09-10"), **where)
    duties.resume(
        duty.pk, since=date(2026, 9, 20), reason=WHY, actor=county.theirs, on=date(2026, 9, 20), at=at("2026-09-20")
    )
    county.submit(duty, "2026-11-20")
    county.say(duty, said="disputed", words="路面还没有铺到村口")
    row = Duty.objects.get(pk=duty.pk)
    card = public_promise(bytes(row.entry.identity).hex(), on=TODAY)
    assert card is not None
    assert card.told is not None
    for name in (
        "started_on",
        "due_on",
        "stated_on",
        "first_due_on",
        "amendments",
        "pauses",
        "kept_on",
        "submitted_on",
        "agreed",
        "disputed",
    ):
        assert getattr(card.told, name) == getattr(row, name), name


def test_evidence_is_open_only_when_the_confirmer_opened_it(county: Promises) -> None:
    shut, open_one = county.promise(), county.promise(number="2026-承-02", title="建好东关小学的两栋教学楼")
    for duty, publish in ((shut, False), (open_one, True)):
        county.submit(duty, "2026-10-20")
        county.confirm(duty, "2026-10-22", publish=publish)
        page = county.get(county.url(duty))
        (digest,) = re.findall(r"SHA-256 ([0-9a-f]{64})", page)
        assert "验收照片.png" in page
        assert "13800138000" not in page
        got = county.client.get(f"{county.url(duty)}evidence/{digest}/")
        assert got.status_code == (200 if publish else 404)
    assert got.content == PNG.data
    assert "attachment" in got["Content-Disposition"]
    assert "sandbox" in got["Content-Security-Policy"]
    duties.reopen(
        open_one.pk, reason="现场复查，验收单是假的", actor=county.lead, on=date(2026, 11, 2), at=at("2026-11-02")
    )
    assert county.client.get(f"{county.url(open_one)}evidence/{digest}/").status_code == 404
    page = county.page(open_one)
    assert "撤销核实" in page
    assert "逾期未兑现" in page


def test_a_withdrawn_promise_says_why_and_nothing_else(county: Promises) -> None:
    duty = county.promise()
    disclosure.withdraw(
        entry_id=duty.entry_id, reason="登记有误", law="政府信息公开条例第十四条", actor=county.person("reviewer"), on=TODAY, at=NOW
    )  # fmt: skip
    page = county.page(duty)
    assert "这项承诺已经撤下" in page
    assert "柳溪" not in page


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
