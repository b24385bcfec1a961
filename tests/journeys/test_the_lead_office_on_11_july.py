"""Journey 3: the lead office on 11 July sees who has not reported, chases four, returns one, consolidates, reads and sends."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import Visitor, assert_accessible, copy_home, serving, signed_in
from tests.faces import july

FOUR = ("县住建局", "县审计局", "县民政局", "县交通局")
NUMBER = "青发改〔2026〕18号"
REMARK = "公示率写的是100%，台账里没有到期的，请核对"


@pytest.fixture
def home(july_home: Path, tmp_path: Path) -> Path:
    return copy_home(july_home, tmp_path / "home")


def at_the_reports(visitor: Visitor, username: str, *, narrow: bool, javascript: bool) -> Page:
    page = signed_in(visitor, username, july.PASSWORD, narrow=narrow, javascript=javascript)
    page.goto("/desk/reports/")
    return page


@pytest.mark.parametrize(
    "narrow, javascript",
    [pytest.param(False, True, id="at a desk"), pytest.param(True, False, id="on a phone without JavaScript")],
)
def test_from_who_is_missing_to_the_county_government(
    browser: Browser, home: Path, *, narrow: bool, javascript: bool
) -> None:
    with serving(home, JIANNUO_TODAY=july.TODAY.isoformat()) as url:
        visitor = Visitor(browser, url, "the lead office on 11 July")
        an_organ_writes_and_its_head_signs(visitor, narrow=narrow, javascript=javascript)
        page = at_the_reports(visitor, july.LEAD, narrow=narrow, javascript=javascript)
        sees_who_is_missing(visitor, page, javascript=javascript)
        chases_four(page)
        returns_one(visitor, page, javascript=javascript)
        consolidates_and_sends(visitor, page, javascript=javascript)
        public = visitor.open("/reports/", narrow=narrow, javascript=javascript)
        expect(public.get_by_text(NUMBER)).to_be_visible()
        visitor.shoot(public, "journey3-public")
        visitor.close()


def an_organ_writes_and_its_head_signs(visitor: Visitor, *, narrow: bool, javascript: bool) -> None:
    clerk = at_the_reports(visitor, july.CLERK, narrow=narrow, javascript=javascript)
    clerk.get_by_role("link", name="2026年上半年").click()
    words = july.WORDS
    for label, name in (
        ("基本情况", "overview"),
        ("主要做法", "done"),
        ("存在问题", "problems"),
        ("下一步打算", "next"),
    ):
        clerk.get_by_label(f"{label}的文字").fill(words[name])
    visitor.shoot(clerk, "journey3-writing")
    if javascript:
        assert_accessible(clerk)
    clerk.get_by_role("button", name="送负责人签发").click()
    expect(clerk.get_by_text("等单位负责人签发").first).to_be_visible()
    number = clerk.get_by_role("link", name=re.compile("6 件.*超期未公示"))
    number.click()
    expect(clerk.get_by_role("heading", name="超期未公示：6 件")).to_be_visible()
    expect(clerk.locator("main tbody tr")).to_have_count(6)
    head = at_the_reports(visitor, july.HEAD, narrow=narrow, javascript=javascript)
    head.get_by_role("link", name="2026年上半年").click()
    visitor.shoot(head, "journey3-signing")
    head.get_by_role("button", name="签发").click()
    expect(head.get_by_text("已签发，报送信用办")).to_be_visible()


def sees_who_is_missing(visitor: Visitor, page: Page, *, javascript: bool) -> None:
    expect(page.get_by_role("heading", name="2026年上半年情况报送", level=1)).to_be_visible()
    expect(page.locator(".stat", has_text="未报").first).to_contain_text("33")
    expect(page.locator(".stat", has_text="不一致").first).to_contain_text("1")
    if javascript:
        assert_accessible(page)
    visitor.shoot(page, "journey3-board")


def chases_four(page: Page) -> None:
    for name in FOUR:
        page.get_by_role("checkbox", name=name, exact=True).check()
    page.get_by_role("button", name="催报勾选的").click()
    expect(page.get_by_text("已催报 4 个单位")).to_be_visible()


def returns_one(visitor: Visitor, page: Page, *, javascript: bool) -> None:
    page.get_by_role("link", name=july.WRONG, exact=True).click()
    expect(page.get_by_text("与台账不一致的 1 处")).to_be_visible()
    visitor.shoot(page, "journey3-differs")
    if javascript:
        assert_accessible(page)
    page.get_by_label("意见").fill(REMARK)
    page.get_by_role("button", name="退回").click()
    expect(page.get_by_text("已退回，单位会看到您写的意见")).to_be_visible()


def consolidates_and_sends(visitor: Visitor, page: Page, *, javascript: bool) -> None:
    page.goto("/desk/reports/")
    page.get_by_role("link", name="汇总报告").click()
    page.get_by_label("发文字号").fill(NUMBER)
    page.get_by_role("button", name="填入文件").click()
    preview = page.get_by_role("link", name="看打印的样子").get_attribute("href")
    assert preview
    printed = page.request.get(preview)
    assert printed.body().startswith(b"%PDF")
    visitor.shoot(page, "journey3-consolidated")
    if javascript:
        assert_accessible(page)
    page.get_by_role("button", name="报送县政府").click()
    expect(page.get_by_text(f"{NUMBER}，报青禾县人民政府")).to_be_visible()
