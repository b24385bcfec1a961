"""Journey 4 with the receipt: it is not so, a receipt, the desk answers, four weeks later the citizen is asked whether it is solved."""

import re
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jiannuo.cli.demo.accounts import PASSWORD
from jiannuo.kernel import clock
from tests.browser_support import JIANNUO, Visitor, assert_accessible, copy_home, environment, serving

WORDS = "路灯只装了一半，村口还是黑的，我家电话13800138000"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return copy_home(demo_home, tmp_path / "home")


def at_the_desk(visitor: Visitor, username: str, path: str) -> Page:
    page = visitor.open("/desk/")
    page.get_by_label("用户名").fill(username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今日待办", level=1)).to_be_visible()
    page.goto(path)
    return page


def with_the_code(visitor: Visitor, code: str) -> Page:
    page = visitor.open("/", narrow=True, javascript=False)
    page.get_by_role("link", name="投诉举报").first.click()
    page.get_by_role("link", name="凭回执码查进度").click()
    page.get_by_label("回执码").fill(code.lower())
    page.get_by_role("button", name="查进度").click()
    return page


def test_from_not_so_to_whether_it_is_solved(browser: Browser, home: Path) -> None:
    today = clock.today()
    with serving(home) as url:
        visitor = Visitor(browser, url, "journey 4, the first day")
        number, code = says_it_is_not_so(visitor)
        the_desk_answers(visitor, number)
        visitor.close()
    later = (today + timedelta(days=31)).isoformat()
    night = [str(JIANNUO), "tick"]
    subprocess.run(night, env=environment(home, JIANNUO_TODAY=later), check=True, capture_output=True)
    with serving(home, JIANNUO_TODAY=later) as url:
        visitor = Visitor(browser, url, "journey 4, four weeks later")
        says_whether_it_is_solved(visitor, code)
        visitor.close()


def says_it_is_not_so(visitor: Visitor) -> tuple[str, str]:
    page = visitor.open("/promises/?standing=moved", narrow=True, javascript=False)
    page.locator("main tbody a").first.click()
    page.get_by_label("不属实，请核实并答复我").check()
    page.get_by_label("说说情况").fill(WORDS)
    page.get_by_role("button", name="提交").click()
    expect(page.get_by_role("heading", name="收下了，这是您的回执")).to_be_visible()
    code = page.locator(".receipt__code").inner_text()
    number = re.search(r"诉〔\d+〕\d+号", page.locator(".receipt").inner_text())
    assert number
    visitor.shoot(page, "journey4-receipt")
    assert page.context.cookies() == []
    assert code not in page.url
    return number[0], code


def the_desk_answers(visitor: Visitor, number: str) -> None:
    lead = at_the_desk(visitor, "lead", "/desk/cases/")
    lead.locator("tr", has_text=number).get_by_role("link").first.click()
    expect(lead.get_by_text("村口还是黑的")).to_be_visible()
    case = lead.url
    lead.get_by_role("link", name="受理并转办").click()
    lead.get_by_label("交给哪个单位").select_option(label="县政府办")
    lead.get_by_label("给提出人的受理告知").fill("已经受理，由县政府办公室核实，六十日以内答复")
    lead.get_by_role("button", name="受理并转办").click()
    office = at_the_desk(visitor, "reviewer002", case)
    office.get_by_role("link", name="答复", exact=True).click()
    office.locator("#id_words").fill("到村口看过，确实只装了一半，已经督促月底装好")
    office.get_by_role("button", name="答复").click()
    expect(office.get_by_text("已答复，等您评价").first).to_be_visible()
    for username in ("reviewer121", "reviewer124", "reviewer109"):
        stranger = at_the_desk(visitor, username, "/desk/cases/")
        assert number not in stranger.content()


def says_whether_it_is_solved(visitor: Visitor, code: str) -> None:
    page = with_the_code(visitor, code)
    expect(page.get_by_text("再次请您评价").first).to_be_visible()
    expect(page.get_by_text("确实只装了一半")).to_be_visible()
    expect(page.get_by_text("村口还是黑的").first).to_be_visible()
    visitor.shoot(page, "journey4-followed")
    page.locator("summary", has_text="没有解决").click()
    page.get_by_label("哪里没有解决").fill("月底过了，还是只有一半")
    page.get_by_role("button", name="没有解决").click()
    expect(page.get_by_text("复查中").first).to_be_visible()
    assert page.context.cookies() == []


def test_the_pages_of_complaints_hold_wide_and_narrow(visitor: Visitor) -> None:
    for path in ("/complaints/", "/complaints/?organ=x", "/complaints/track/", "/complaints/figures/"):
        for narrow in (False, True):
            page = visitor.open(path, narrow=narrow)
            assert_accessible(page)
            visitor.shoot(page, f"complaints{re.sub(r'[^a-z]', '-', path)}")
            assert page.context.cookies() == []


def test_who_chooses_no_name_is_asked_for_none_without_javascript(visitor: Visitor) -> None:
    page = visitor.open("/complaints/", narrow=True, javascript=False)
    expect(page.get_by_label("姓名或者单位名称")).to_be_visible()
    page.get_by_label("匿名").check()
    expect(page.get_by_label("姓名或者单位名称")).to_be_hidden()
    expect(page.get_by_label("联系电话或者邮箱")).to_be_hidden()
    page.get_by_label("承诺没有兑现").check()
    page.get_by_label("反映哪个单位").fill("青禾县没有这个局")
    page.get_by_label("情况").fill("说好十月底通车的路还在修")
    page.get_by_role("button", name="提交，取回执").click()
    expect(page.get_by_text("没有“青禾县没有这个局”这个单位").first).to_be_visible()
    assert page.get_by_label("情况").input_value() == "说好十月底通车的路还在修"
    visitor.shoot(page, "complaints-wrong")
    page.get_by_label("反映哪个单位").fill("县交通局")
    page.get_by_role("button", name="提交，取回执").click()
    expect(page.locator(".receipt__code")).to_be_visible()


@pytest.mark.parametrize("narrow", [False, True])
def test_the_pages_behind_a_form_hold_as_well(visitor: Visitor, *, narrow: bool) -> None:
    page = visitor.open("/complaints/", narrow=narrow)
    page.get_by_label("承诺没有兑现").check()
    page.get_by_label("情况").fill("说好十月底通车的路还在修，请查一查")
    page.get_by_label("保密").check()
    page.get_by_role("button", name="提交，取回执").click()
    code = page.locator(".receipt__code").inner_text()
    assert_accessible(page)
    page.get_by_role("link", name="凭回执码查进度").last.click()
    page.get_by_label("回执码").fill("AAAA")
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("没有这个回执码").first).to_be_visible()
    assert_accessible(page)
    page.get_by_label("回执码").fill(code)
    page.get_by_role("button", name="查进度").click()
    page.get_by_text("补充情况", exact=True).first.click()
    page.get_by_label("要补充的情况").fill("短")
    page.get_by_role("button", name="补充情况").click()
    expect(page.get_by_text("还没有收下，您写的还在")).to_be_visible()
    assert_accessible(page)
    visitor.shoot(page, "complaints-followed")
