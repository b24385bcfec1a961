"""Journey 4, its first part: on a phone, a citizen finds a promise, sees how it moved, and says that it is not so."""

from playwright.sync_api import Page, expect

from tests.browser_support import Visitor, assert_accessible

WORDS = "路灯只装了一半，村口还是黑的，我家电话13800138000"


def count_of(page: Page) -> str:
    """What the page says of how many people said what."""
    return page.locator("section", has=page.get_by_role("heading", name="大家怎么说")).inner_text()


def test_a_citizen_says_it_is_not_so_on_a_phone_without_javascript(visitor: Visitor) -> None:
    page = visitor.open("/promises/?standing=moved", narrow=True, javascript=False)
    page.locator("main tbody a").first.click()
    expect(page.get_by_text("谁批准的")).to_be_visible()
    expect(page.get_by_text("凭哪份文件")).to_be_visible()
    address = page.url
    page.get_by_label("不属实，只加一个人数").check()
    page.get_by_label("说说情况").fill("不")
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_text("哪里不属实没有写清楚").first).to_be_visible()
    page.get_by_label("说说情况").fill(WORDS)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="接下来会怎样")).to_be_visible()
    page.goto(address)
    assert "人说不属实" in count_of(page)
    assert "13800138000" not in page.content()
    assert page.context.cookies() == []


def test_the_pages_of_promises_hold_wide_and_narrow(visitor: Visitor) -> None:
    for path in ("/promises/", "/promises/?standing=broken", "/tasks/", "/organs/419926-121/", "/"):
        for narrow in (False, True):
            page = visitor.open(path, narrow=narrow)
            assert_accessible(page)
            visitor.shoot(page, f"promises{path.replace('/', '-')}")
    page = visitor.open("/promises/?standing=kept", narrow=True)
    page.locator("main tbody a").first.click()
    expect(page.get_by_text("SHA-256").first).to_be_visible()
    assert_accessible(page)
