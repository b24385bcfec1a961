"""Journey 2: a reviewer on 29 September has eleven decisions; he sees which cannot wait, and nothing of his is late after the holiday."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import Visitor, assert_accessible, copy_home, serving, signed_in
from tests.faces import september

BASIS = "涉及安全生产、食品药品、生态环境等公共利益"
REASON = "处罚依据要写到款，请核对决定书后更正"


@pytest.fixture
def home(september_home: Path, tmp_path: Path) -> Path:
    return copy_home(september_home, tmp_path / "home")


def visiting(browser: Browser, url: str, test: str) -> Iterator[Visitor]:
    visitor = Visitor(browser, url, test)
    yield visitor
    visitor.close()


@pytest.mark.parametrize(
    "narrow, javascript",
    [pytest.param(False, True, id="at a desk"), pytest.param(True, False, id="on a phone without JavaScript")],
)
def test_nine_before_the_holiday_two_sent_back_and_nothing_late_after(
    browser: Browser, home: Path, *, narrow: bool, javascript: bool
) -> None:
    with serving(home, JIANNUO_TODAY=september.TODAY.isoformat()) as url:
        for visitor in visiting(browser, url, "before the holiday"):
            page = signed_in(visitor, september.REVIEWER, september.PASSWORD, narrow=narrow, javascript=javascript)
            sees_what_cannot_wait(visitor, page, javascript=javascript)
            releases_nine(visitor, page, javascript=javascript)
            sends_two_back(page)
            clerk = signed_in(visitor, september.CLERK, september.PASSWORD, narrow=narrow, javascript=javascript)
            expect(clerk.get_by_text(f"退回理由：{REASON}")).to_have_count(2)
    with serving(home, JIANNUO_TODAY=september.AFTER_THE_HOLIDAY.isoformat()) as url:
        for visitor in visiting(browser, url, "after the holiday"):
            page = signed_in(visitor, september.REVIEWER, september.PASSWORD, narrow=narrow, javascript=javascript)
            nothing_is_late(visitor, page)


def sees_what_cannot_wait(visitor: Visitor, page: Page, *, javascript: bool) -> None:
    before = page.locator(".tasks", has=page.get_by_role("heading", name="放假前到期")).first
    after = page.locator(".tasks", has=page.get_by_role("heading", name="放假后到期")).first
    expect(before).to_contain_text("5 条")
    expect(before).to_contain_text("今天到期")
    expect(after).to_contain_text("6 条")
    after.get_by_text("为什么是这一天").first.click()
    expect(after).to_contain_text("国庆节假期")
    if javascript:
        assert_accessible(page)
    visitor.shoot(page, "journey2-today")


def releases_nine(visitor: Visitor, page: Page, *, javascript: bool) -> None:
    page.get_by_role("link", name="审核发布").click()
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(11)
    for at in range(9):
        boxes.nth(at).check()
    visitor.shoot(page, "journey2-review")
    page.get_by_role("button", name="公示勾选的").first.click()
    expect(page.get_by_role("heading", name="公示 9 条", level=1)).to_be_visible()
    expect(page.get_by_text("9 条马上在信用青禾公示")).to_be_visible()
    if javascript:
        assert_accessible(page)
    page.get_by_label("已核对").check()
    page.get_by_role("combobox", name="公开依据").select_option(BASIS)
    visitor.shoot(page, "journey2-decide")
    page.get_by_role("button", name="确认公示").click()
    expect(page.get_by_text("已公示 9 条")).to_be_visible()


def sends_two_back(page: Page) -> None:
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(2)
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.get_by_role("button", name="退回勾选的").click()
    page.get_by_label("退回的理由").fill(REASON)
    page.get_by_role("button", name="确认退回").click()
    expect(page.get_by_text("已退回 2 条")).to_be_visible()
    expect(page.get_by_text("没有等您审核的记录")).to_be_visible()


def nothing_is_late(visitor: Visitor, page: Page) -> None:
    expect(page.get_by_text("已经超期")).to_have_count(0)
    page.get_by_role("link", name="本单位情况").click()
    expect(page.locator(".rate").first).to_contain_text("100.0%")
    expect(page.locator(".stat", has_text="迟报").first).to_contain_text("0")
    visitor.shoot(page, "journey2-after")
    page.goto("/desk/duties/?standing=broken,kept_late")
    expect(page.get_by_text("没有这样的记录")).to_be_visible()
