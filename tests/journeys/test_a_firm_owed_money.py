"""Journey 5: a firm that is owed money lodges the breach, sees who verifies it by when, the agreement as dated duties, the interest by the day."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from jiannuo.cli.demo.accounts import PASSWORD
from jiannuo.kernel import clock
from tests.browser_support import Visitor, assert_accessible, copy_home, serving, signed_in
from tests.packages.promising import PNG

PAPER: FilePayload = {"name": "材料.png", "mimeType": "image/png", "buffer": PNG.data}
FIRM, CONTRACT = "青禾晨星管业有限公司", "青水采〔2026〕88号"
NOBODY = ("clerk121", "clerk107", "clerk113")


@pytest.fixture
def visiting(browser: Browser, demo_home: Path, tmp_path: Path) -> Iterator[Visitor]:
    with serving(copy_home(demo_home, tmp_path / "home")) as url:
        visitor = Visitor(browser, url, "journey 5")
        yield visitor
        visitor.close()


def test_from_a_contract_not_kept_to_the_money_on_the_account(visiting: Visitor) -> None:
    number, code = lodges(visiting)
    nobody_else_reads_it(visiting, number)
    case = verified_and_agreed(visiting, number)
    nothing_is_public_before_it_is_released(visiting)
    released(visiting)
    the_organ_pays(visiting, number)
    says_it_was_paid(visiting, code)
    closed(visiting, case)
    everybody_sees_what_became_of_it(visiting, number)


def lodges(visitor: Visitor) -> tuple[str, str]:
    today = clock.today()
    page = visitor.open("/", narrow=True, javascript=False)
    page.get_by_role("link", name="投诉举报").first.click()
    page.get_by_role("link", name="企业反映政府违约").click()
    visitor.shoot(page, "journey5-form")
    page.get_by_label("政府采购").check()
    page.get_by_label("没有履行合同的单位").fill("青禾县水利局")
    page.get_by_label("合同、协议编号").fill(CONTRACT)
    page.get_by_label("签订日期").fill((today - timedelta(days=200)).isoformat())
    page.get_by_label("拖欠的本金（元）").fill("100000")
    page.get_by_label("是", exact=True).check()
    page.get_by_label("没有履行的情况").fill("管材已经验收，催了五次都没有付款")
    page.get_by_label("企业名称").fill(FIRM)
    page.get_by_label("企业统一社会信用代码").fill("91419926MA40ABCD50")
    page.get_by_label("联系人和电话").fill("赵经理 13900000000")
    page.get_by_label("合同、验收单等材料").set_input_files([PAPER])
    page.get_by_role("button", name="提交，取回执").click()
    expect(page.get_by_text("看不出应当哪天付款").first).to_be_visible()
    assert page.get_by_label("企业名称").input_value() == FIRM, "what was typed is still there"
    visitor.shoot(page, "journey5-wrong")
    page.get_by_label("交付日期").fill((today - timedelta(days=100)).isoformat())
    page.get_by_label("合同、验收单等材料").set_input_files([PAPER])
    page.get_by_role("button", name="提交，取回执").click()
    expect(page.get_by_role("heading", name="收下了，这是您的回执")).to_be_visible()
    expect(page.get_by_text("青禾县人民政府办公室要在")).to_be_visible()
    expect(page.get_by_text("30日内付款").first).to_be_visible()
    visitor.shoot(page, "journey5-receipt")
    number = re.search(r"违〔\d+〕\d+号", page.locator(".receipt").inner_text())
    assert number
    assert page.context.cookies() == []
    code = page.locator(".receipt__code").inner_text()
    assert code not in page.url
    return number[0], code


def nobody_else_reads_it(visitor: Visitor, number: str) -> None:
    for username in NOBODY:
        page = signed_in(visitor, username, PASSWORD)
        page.goto("/desk/cases/?tab=open")
        assert number not in page.content()


def verified_and_agreed(visitor: Visitor, number: str) -> str:
    today = clock.today()
    page = signed_in(visitor, "reviewer002", PASSWORD)
    page.goto("/desk/cases/")
    page.locator("tr", has_text=number).get_by_role("link").first.click()
    expect(page.get_by_text(FIRM)).to_be_visible()
    expect(page.get_by_role("heading", name="欠多少、到今天多少利息")).to_be_visible()
    visitor.shoot(page, "journey5-case")
    case = page.url
    step(page, "属实，督促整改", "验收单在案，欠款属实，请三十日以内付清或者达成协议")
    page.get_by_role("link", name="登记双方协议").click()
    page.get_by_label("协议编号").fill("青协〔2026〕88号")
    page.get_by_label("签订日期").fill(today.isoformat())
    page.get_by_label("协议确定的金额（元）").fill("100000")
    page.get_by_label("单位签字人").fill("分管副局长")
    page.get_by_label("企业签字人").fill("赵经理")
    visitor.shoot(page, "journey5-agreement")
    filled(page, "登记双方协议", "一期付清，逾期部分按规定付息")
    page.get_by_role("link", name="登记一期履行").click()
    page.get_by_label("这一期的编号").fill("青协〔2026〕88号-1")
    page.get_by_label("履行什么").fill("支付全部管材款")
    page.get_by_label("金额（元）").fill("100000")
    page.get_by_label("最迟哪一天履行").fill((today + timedelta(days=20)).isoformat())
    page.get_by_label("拿什么证明").fill("国库支付凭证")
    page.get_by_role("button", name="登记一期履行").click()
    expect(page.get_by_text("支付全部管材款").first).to_be_visible()
    visitor.shoot(page, "journey5-agreed")
    assert_accessible(page)
    return case


def step(page: Page, name: str, words: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    filled(page, name, words)


def filled(page: Page, name: str, words: str) -> None:
    page.locator("#id_words").fill(words)
    page.locator("input[type=file]").set_input_files([PAPER])
    page.get_by_role("button", name=name, exact=True).click()
    expect(page.get_by_text(f"已{name}。")).to_be_visible()


def nothing_is_public_before_it_is_released(visitor: Visitor) -> None:
    page = visitor.open("/organs/419926-113/")
    assert "支付全部管材款" not in page.content()


def released(visitor: Visitor) -> None:
    page = signed_in(visitor, "reviewer101", PASSWORD)
    page.goto("/desk/review/?kind=instalment")
    row = page.locator("tr", has_text="支付全部管材款")
    row.get_by_role("checkbox").check()
    page.get_by_role("button", name="公示勾选的").first.click()
    page.get_by_role("button", name="确认公示").click()
    expect(page.get_by_text("已公示 1 条")).to_be_visible()


def the_organ_pays(visitor: Visitor, number: str) -> None:
    page = signed_in(visitor, "clerk113", PASSWORD)
    page.goto("/desk/cases/?tab=open")
    page.locator("tr", has_text=number).get_by_role("link").first.click()
    assert FIRM not in page.content(), "the organ sees the contract and not the firm"
    visitor.shoot(page, "journey5-debtor")
    page.get_by_role("link", name="支付全部管材款").click()
    expect(page.get_by_text("收款、受益的企业").first).to_be_visible()
    page.get_by_role("link", name="提交完成情况").click()
    page.get_by_label("完成日期").fill(clock.today().isoformat())
    page.locator("textarea").first.fill("货款和利息已经通过国库支付")
    page.locator("input[type=file]").set_input_files([PAPER])
    page.get_by_role("button", name="提交").last.click()
    expect(page.get_by_text("等").first).to_be_visible()


def says_it_was_paid(visitor: Visitor, code: str) -> None:
    for narrow in (False, True):
        page = visitor.open("/complaints/track/", narrow=narrow, javascript=False)
        page.get_by_label("回执码").fill(code.lower())
        page.get_by_role("button", name="查进度").click()
        expect(page.get_by_role("heading", name="欠多少、到今天多少利息")).to_be_visible()
        page.locator("#owed summary").click()
        expect(page.get_by_text("日利率0.05%").first).to_be_visible()
        expect(page.get_by_role("heading", name="支付全部管材款")).to_be_visible()
        visitor.shoot(page, "journey5-followed")
    page.get_by_role("button", name="做到了", exact=True).click()
    expect(page.get_by_text("确认已经做到")).to_be_visible()
    visitor.shoot(page, "journey5-confirmed")
    assert page.context.cookies() == []


def closed(visitor: Visitor, case: str) -> None:
    page = signed_in(visitor, "reviewer002", PASSWORD)
    page.goto(case)
    step(page, "协议履行完毕，办结", "全部货款和利息已经付清，企业已经确认")
    expect(page.get_by_text("已履行").first).to_be_visible()


def everybody_sees_what_became_of_it(visitor: Visitor, number: str) -> None:
    for narrow in (False, True):
        page = visitor.open("/breaches/", narrow=narrow)
        expect(page.locator("#list tr", has_text=number).get_by_text("已履行")).to_be_visible()
        assert_accessible(page)
        visitor.shoot(page, "journey5-figures")
        page.goto("/promises/?organ=419926-113&standing=kept")
        page.get_by_role("link", name="支付全部管材款").first.click()
        expect(page.get_by_text("收款、受益的企业核实").first).to_be_visible()
        visitor.shoot(page, "journey5-promise")
        assert_accessible(page)
        assert FIRM not in page.content()
        page.goto("/breaches/new/")
        assert_accessible(page)
