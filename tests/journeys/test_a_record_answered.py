"""Journey 7: told before anything is written, answered, decided, objected to, shown as disputed, repaired from its first day, and gone."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import Visitor, assert_accessible, build_county, copy_home, serving, signed_in
from tests.faces import recorded_office as office
from tests.faces.july import PASSWORD
from tests.journeys.conftest import built_once
from tests.packages.filing import DIRECTOR
from tests.packages.promising import PNG

TODAY = office.TODAY.isoformat()
FIRST_DAY = "2026-12-30"
"""Three months after it was decided, the day itself not counted: the first on which repair may be asked for."""
FOUND: Mapping[str, str] = {
    "title": "公开承诺的接待日多次没有到场", "source": "问责处理", "organ": "青禾县住房和城乡建设局", "instrument": "青问〔2026〕5号",
    "authority": "青禾县监察委员会", "instrument_on": "2026-08-03", "instrument_served_on": "2026-08-05", "final_on": "2026-08-20",
    "upheld": "否", "facts": "公开承诺的接待日有三次没有到场，也没有改期说明",
}  # fmt: skip
DECISION = {"document": "青信认〔2026〕1号", "level": "一般", "basis": "国发〔2016〕76号 三（四）", "decided_on": TODAY}
SERVED = {"served_on": TODAY, "served_how": "直接送达"}


@pytest.fixture(scope="module")
def recorded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_once(
        tmp_path_factory, "recorded", lambda home: build_county(home, "tests.faces.recorded_office", office.TODAY)
    )


@pytest.fixture
def home(recorded_home: Path, tmp_path: Path) -> Path:
    return copy_home(recorded_home, tmp_path / "home")


def fills(page: Page, fields: Mapping[str, str], *, words: str = "", papers: bool = False) -> None:
    """The form as a person fills it in, and sends it."""
    for name, value in fields.items():
        box = page.locator(f'main [name="{name}"]').first
        if box.evaluate("box => box.tagName") == "SELECT":
            box.select_option(label=value)
        elif box.get_attribute("type") == "radio":
            page.get_by_label(value, exact=True).check()
        else:
            box.fill(value)
    if words:
        page.locator("#id_words").fill(words)
    if papers:
        page.locator('main input[type="file"]').set_input_files(
            {"name": "文书.png", "mimeType": "image/png", "buffer": PNG.data}
        )
    page.locator("main form button").first.click()


def steps(page: Page, case: str, step: str, words: str, *, papers: bool = False, **fields: str) -> None:
    """A step of a case, taken through its button."""
    page.goto(case)
    page.get_by_role("link", name=step, exact=True).click()
    fills(page, fields, words=words, papers=papers)
    expect(page.get_by_text(f"已{step}。")).to_be_visible()


def desk(visitor: Visitor, username: str, *, narrow: bool = False) -> Page:
    return signed_in(visitor, username, PASSWORD, narrow=narrow)


def filed(lead: Page, **more: str) -> str:
    """The determination registered by the lead office; returns its address."""
    lead.goto("/desk/cases/")
    lead.get_by_role("link", name="登记政务失信认定").click()
    fills(lead, {**FOUND, **more}, papers=True)
    expect(lead.get_by_text("已登记，编号认〔2026〕1号")).to_be_visible()
    return lead.url


@pytest.mark.parametrize("narrow", [False, True], ids=["at a desk", "on a phone"])
def test_an_official_is_told_answers_objects_and_is_repaired(browser: Browser, home: Path, *, narrow: bool) -> None:
    with serving(home, JIANNUO_TODAY=TODAY) as url:
        visitor = Visitor(browser, url, "journey 7, an official")
        lead, second = desk(visitor, office.LEAD), desk(visitor, office.SECOND)
        case = filed(lead, official=DIRECTOR[0], organ="青禾县市场监督管理局")
        mine = desk(visitor, office.OFFICIAL, narrow=narrow)
        mine.goto("/desk/my-file/cases/")
        expect(mine.get_by_text(FOUND["title"])).to_have_count(0)
        steps(lead, case, "告知", "拟认定为一般失信，五个工作日内可以陈述申辩", papers=True)
        answers_before_anything_is_written(visitor, mine)
        steps(second, case, "决定认定", "陈述申辩已经考虑，事实清楚，予以认定", papers=True, **DECISION)
        steps(lead, case, "送达并写入本人档案", "认定书已经直接送达本人", papers=True, **SERVED)
        objects(visitor, mine)
        reads_the_file(visitor)
        objection = mine.url
        steps(second, objection, "维持原记录", "核对过会议记录，三次都没有改期说明，维持")
        mine.goto("/desk/my-file/cases/")
        expect(mine.get_by_text(f"{FIRST_DAY}起可以提出")).to_be_visible()
        assert_accessible(mine)
        visitor.shoot(mine, "journey7-first-day")
        visitor.close()
    with serving(home, JIANNUO_TODAY=FIRST_DAY) as url:
        visitor = Visitor(browser, url, "journey 7, the first day of repair")
        is_repaired(visitor, narrow=narrow)
        visitor.close()


def answers_before_anything_is_written(visitor: Visitor, mine: Page) -> None:
    mine.goto("/desk/my-file/")
    assert FOUND["title"] not in mine.locator("main").inner_text(), "nothing is in the file before it is decided"
    mine.goto("/desk/my-file/cases/")
    mine.get_by_role("link", name=FOUND["title"]).click()
    expect(mine.get_by_text("五个工作日内可以陈述申辩")).to_be_visible()
    visitor.shoot(mine, "journey7-told")
    mine.get_by_role("link", name="陈述申辩").click()
    fills(mine, {}, words="有两次是去县里开会，已经托人说明，请核对")
    expect(mine.get_by_text("已陈述申辩。")).to_be_visible()


def objects(visitor: Visitor, mine: Page) -> None:
    """The decision and its basis are read; the objection marks the record at once."""
    mine.goto("/desk/my-file/cases/")
    mine.get_by_role("link", name=FOUND["title"]).first.click()
    expect(mine.get_by_text("陈述申辩已经考虑").first).to_be_visible()
    mine.goto("/desk/my-file/")
    expect(mine.get_by_text("青信认〔2026〕1号").or_(mine.get_by_text("青问〔2026〕5号")).first).to_be_visible()
    mine.goto("/desk/my-file/cases/")
    mine.get_by_role("link", name="提出异议申请").click()
    fills(mine, {"wants": "撤下", "reason": "两次缺席都提前托办公室说明过，有会议通知为证"})
    expect(mine.get_by_text("已登记，编号异〔2026〕1号")).to_be_visible()
    objection = mine.url
    mine.goto("/desk/my-file/cases/")
    expect(mine.get_by_text(f"有异议，{TODAY}提出")).to_be_visible()
    visitor.shoot(mine, "journey7-objected")
    mine.goto(objection)


def reads_the_file(visitor: Visitor) -> None:
    """Whoever may read the file sees the dispute too."""
    reader = desk(visitor, office.DISCIPLINE)
    reader.goto(f"/desk/files/officials/{DIRECTOR[0]}/file/")
    fills(reader, {"purpose": "任前考察核对诚信情况"})
    expect(reader.get_by_text("有异议").first).to_be_visible()


def is_repaired(visitor: Visitor, *, narrow: bool) -> None:
    mine = desk(visitor, office.OFFICIAL, narrow=narrow)
    mine.goto("/desk/my-file/cases/")
    mine.get_by_role("link", name="提出信用修复申请").click()
    fills(mine, {"performed": "三次接待都已经补上，台账附后", "commitment": "承诺"}, papers=True)
    expect(mine.get_by_text("已登记，编号复〔2026〕1号")).to_be_visible()
    repair = mine.url
    steps(desk(visitor, office.LEAD), repair, "受理", "履行证明和承诺书齐全，予以受理")
    steps(desk(visitor, office.SECOND), repair, "准予修复", "已经补上接待，准予修复")
    mine.goto("/desk/my-file/cases/")
    expect(mine.get_by_text(f"{FIRST_DAY} 已修复")).to_be_visible()
    mine.goto("/desk/my-file/")
    expect(mine.get_by_text("已修复").first).to_be_visible()
    expect(mine.get_by_text("任前考察核对诚信情况")).to_be_visible()
    assert_accessible(mine)
    visitor.shoot(mine, "journey7-repaired")


@contextmanager
def other_site() -> Iterator[tuple[str, list[Mapping[str, object]]]]:
    """The province's copy, listening on this machine: its address and what it was sent."""
    seen: list[Mapping[str, object]] = []

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            seen.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            answer = json.dumps({"receipt": f"r-{len(seen)}"}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name the base class gives it
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/in", seen
        server.shutdown()


def arrives(seen: list[Mapping[str, object]], words: str, *, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while not any(words in json.dumps(one, ensure_ascii=False) for one in seen):
        assert time.monotonic() < until, f"{words} did not arrive: {seen}"
        time.sleep(0.2)


def test_a_public_record_is_disputed_everywhere_and_gone_from_the_other_site_too(browser: Browser, home: Path) -> None:
    with other_site() as (address, seen):
        endpoints = f"affairs={address}"
        with serving(home, JIANNUO_TODAY=TODAY, JIANNUO_ENDPOINTS=endpoints) as url:
            visitor = Visitor(browser, url, "journey 7, a bureau")
            record = is_published(visitor)
            arrives(seen, "青信认〔2026〕1号")
            is_disputed_everywhere(visitor, record)
            visitor.close()
        with serving(home, JIANNUO_TODAY=FIRST_DAY, JIANNUO_ENDPOINTS=endpoints) as url:
            visitor = Visitor(browser, url, "journey 7, the bureau repaired")
            before = len(seen)
            bureau = desk(visitor, office.BUILDER)
            bureau.goto(record["desk"])
            bureau.get_by_role("link", name="信用修复申请").click()
            fills(bureau, {"performed": "三次接待都已经补上，台账附后", "commitment": "承诺"}, papers=True)
            repair = bureau.url
            steps(desk(visitor, office.LEAD), repair, "受理", "履行证明和承诺书齐全，予以受理")
            steps(desk(visitor, office.SECOND), repair, "准予修复", "已经补上接待，准予修复")
            arrives(seen[before:] or seen, record["identity"])
            public = visitor.open(record["public"])
            assert FOUND["facts"] not in public.content()
            visitor.shoot(public, "journey7-gone")
            visitor.close()


def is_published(visitor: Visitor) -> Mapping[str, str]:
    """Determined, served and released; returns where the record stands."""
    lead, second = desk(visitor, office.LEAD), desk(visitor, office.SECOND)
    case = filed(lead)
    steps(lead, case, "告知", "拟认定为一般失信，五个工作日内可以陈述申辩", papers=True)
    bureau = desk(visitor, office.BUILDER)
    steps(bureau, case, "陈述申辩", "情况属实，正在补上接待")
    steps(second, case, "决定认定", "陈述申辩已经考虑，事实清楚，予以认定", papers=True, **DECISION)
    steps(lead, case, "送达并写入记录", "认定书已经直接送达", papers=True, **SERVED)
    second.goto(case)
    second.get_by_role("link", name="看写下的记录").first.click()
    record = urlsplit(second.url).path
    second.get_by_role("link", name="审核这一条").click()
    second.get_by_role("button", name="确认公示").click()
    expect(second.locator(".callout").first).to_be_visible()
    public = visitor.open("/disclosures/?kind=dishonesty_record")
    public.locator("main tbody a").first.click()
    expect(public.get_by_text(FOUND["facts"])).to_be_visible()
    address = urlsplit(public.url).path
    return {"desk": record, "public": address, "identity": address.rstrip("/").rsplit("/", 1)[-1]}


def is_disputed_everywhere(visitor: Visitor, record: Mapping[str, str]) -> None:
    bureau = desk(visitor, office.BUILDER)
    bureau.goto(record["desk"])
    bureau.get_by_role("link", name="异议申请").click()
    fills(bureau, {"wants": "更正", "reason": "有一次是防汛值班，有值班表为证"})
    expect(bureau.get_by_text("已登记，编号异〔2026〕1号")).to_be_visible()
    objection = bureau.url
    for path in (record["public"], "/disclosures/?kind=dishonesty_record"):
        for narrow in (False, True):
            page = visitor.open(path, narrow=narrow)
            expect(page.get_by_text("有异议").first).to_be_visible()
            assert_accessible(page)
    visitor.shoot(page, "journey7-disputed")
    steps(desk(visitor, office.SECOND), objection, "维持原记录", "核对过值班表，其余两次没有说明，维持")
