"""Somebody applies for a licence from the item's page, is told once what is missing, and finds it in the disclosures: wide and on a phone."""

import re
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from jiannuo.cli.demo.accounts import PASSWORD
from jiannuo.cli.demo.people import uscc
from tests.browser_support import Visitor, assert_accessible
from tests.packages.promising import PNG

FIRM = "青禾县麦香食品有限公司（演示）"
PAPERS = ("食品经营许可申请书", "营业执照", "身份证明", "场所使用证明", "管理制度", "人员名单", "设备清单", "平面图")


def at_the_desk(visitor: Visitor, username: str, path: str, *, narrow: bool) -> Page:
    page = visitor.open("/desk/", narrow=narrow)
    page.get_by_label("用户名").fill(username)
    page.get_by_label("口令").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今日待办", level=1)).to_be_visible()
    page.goto(path)
    return page


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    file = tmp_path / "扫描.png"
    file.write_bytes(PNG.data)
    return file


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_from_the_item_to_the_licence_in_the_disclosures(visitor: Visitor, scan: Path, *, narrow: bool) -> None:
    number, code = applies(visitor, scan, narrow=narrow)
    case = told_once_what_is_missing(visitor, number, narrow=narrow)
    supplies(visitor, code, scan, narrow=narrow)
    licence = accepted_decided_and_delivered(visitor, case, narrow=narrow)
    released_and_found(visitor, code, licence, narrow=narrow)


def applies(visitor: Visitor, scan: Path, *, narrow: bool) -> tuple[str, str]:
    """Without JavaScript, and without the two last papers."""
    page = visitor.open("/services/?q=食品经营", narrow=narrow, javascript=False)
    page.locator("#list tbody a").first.click()
    page.get_by_role("link", name="在线申请").click()
    page.get_by_label("企业", exact=True).check()
    page.get_by_label("申请人名称或者姓名").fill(FIRM)
    page.get_by_label("统一社会信用代码").fill(uscc("91", 987_001 + narrow))
    page.get_by_role("button", name="先看哪些不用交").click()
    expect(page.get_by_text("核对过了")).to_be_visible()
    assert page.get_by_label("申请人名称或者姓名").input_value() == FIRM
    for title in PAPERS[:-2]:
        page.get_by_label(title, exact=True).set_input_files(scan)
    page.get_by_role("button", name="提交申请，取回执").click()
    expect(page.get_by_text("还没有收下，您写的都还在")).to_be_visible()
    page.get_by_label("法定代表人或者负责人").fill("演示人")
    for title in PAPERS[:-2]:
        page.get_by_label(title, exact=True).set_input_files(scan)
    page.get_by_role("button", name="提交申请，取回执").click()
    expect(page.get_by_role("heading", name="收下了，这是您的回执")).to_be_visible()
    visitor.shoot(page, "licence-receipt")
    assert page.context.cookies() == []
    number = re.search(r"办〔\d+〕\d+号", page.locator(".receipt").inner_text())
    assert number
    return number[0], page.locator(".receipt__code").inner_text()


def told_once_what_is_missing(visitor: Visitor, number: str, *, narrow: bool) -> str:
    page = at_the_desk(visitor, "clerk121", "/desk/cases/", narrow=narrow)
    page.locator("tr", has_text=number).get_by_role("link").first.click()
    case = page.url
    page.get_by_role("link", name="一次告知补正").click()
    words = page.locator("#id_words").input_value()
    assert words.splitlines()[1:] == ["1. 设备清单", "2. 平面图"]
    page.locator("#id_words").fill("还缺设备清单一份，请补")
    page.get_by_role("button", name="一次告知补正").click()
    expect(page.get_by_text("还缺的材料没有说全：平面图").first).to_be_visible()
    page.locator("#id_words").fill(words)
    page.get_by_role("button", name="一次告知补正").click()
    expect(page.get_by_text("待补正").first).to_be_visible()
    assert_accessible(page)
    page.get_by_role("link", name="打印补正告知书").click()
    expect(page.get_by_role("heading", name="补正告知书")).to_be_visible()
    assert_accessible(page)
    visitor.shoot(page, "licence-notice")
    return case


def tracked(visitor: Visitor, code: str, *, narrow: bool, javascript: bool = False) -> Page:
    page = visitor.open("/complaints/track/", narrow=narrow, javascript=javascript)
    page.get_by_label("回执码").fill(code)
    page.get_by_role("button", name="查进度").click()
    return page


def supplies(visitor: Visitor, code: str, scan: Path, *, narrow: bool) -> None:
    page = tracked(visitor, code, narrow=narrow)
    expect(page.get_by_text("还缺下列材料").first).to_be_visible()
    page.locator("summary", has_text="补齐材料").click()
    for title in PAPERS[-2:]:
        page.get_by_label(title, exact=True).set_input_files(scan)
    page.get_by_label("补了哪些材料").fill("补上设备清单和平面图")
    page.get_by_role("button", name="补齐材料").click()
    expect(page.get_by_text("待受理").first).to_be_visible()


def accepted_decided_and_delivered(visitor: Visitor, case: str, *, narrow: bool) -> str:
    clerk = at_the_desk(visitor, "clerk121", case, narrow=narrow)
    expect(clerk.get_by_role("link", name="一次告知补正")).to_have_count(0)
    clerk.get_by_role("link", name="受理", exact=True).click()
    clerk.locator("#id_words").fill("补正的材料齐全，予以受理")
    clerk.get_by_role("button", name="受理").click()
    expect(clerk.get_by_text("承诺办结日").first).to_be_visible()
    visitor.shoot(clerk, "licence-case")
    reviewer = at_the_desk(visitor, "reviewer121", case, narrow=narrow)
    reviewer.get_by_role("link", name="准予").click()
    reviewer.locator("#id_words").fill("经审查符合法定条件和标准，准予许可")
    reviewer.get_by_role("button", name="准予").click()
    clerk.goto(case)
    clerk.get_by_role("link", name="颁发许可证件，写入双公示").click()
    today = date.today()
    typed = {
        "XK_XKWS": "食品经营许可决定书", "XK_WSH": f"青市监许〔{today.year}〕{9001 + narrow}号", "XK_XKZS": "食品经营许可证",
        "XK_XKBH": f"JY9900{narrow:d}", "XK_NR": "食品销售（预包装食品）", "XK_YXQZ": today.isoformat(),
        "XK_YXQZI": today.replace(year=today.year + 5, day=1).isoformat(),
    }  # fmt: skip
    # What may be left out is folded away, the name of the certificate with it.
    clerk.get_by_text("可以不填的").click()
    for name, value in typed.items():
        clerk.locator(f"#id_{name}").fill(value)
    clerk.locator("#id_XK_XDR_LB").select_option("法人及非法人组织")
    clerk.locator("#id_XK_XKLB").select_option("普通")
    clerk.locator("#id_words").fill("申请人到窗口领取，已经签收")
    visitor.shoot(clerk, "licence-granted")
    clerk.get_by_role("button", name="颁发许可证件").click()
    expect(clerk.get_by_text("已送达，办结").first).to_be_visible()
    clerk.get_by_role("link", name="看写下的记录").first.click()
    expect(clerk.get_by_role("link", name="看这件申请")).to_be_visible()
    return clerk.url


def released_and_found(visitor: Visitor, code: str, licence: str, *, narrow: bool) -> None:
    page = tracked(visitor, code, narrow=narrow)
    expect(page.get_by_role("link", name="看公示的许可")).to_have_count(0)
    reviewer = at_the_desk(visitor, "reviewer121", licence, narrow=narrow)
    reviewer.get_by_role("link", name="审核这一条").click()
    reviewer.get_by_role("button", name="确认公示").click()
    page = tracked(visitor, code, narrow=narrow, javascript=True)
    assert_accessible(page)
    visitor.shoot(page, "licence-followed")
    page.get_by_role("link", name="看公示的许可").click()
    expect(page.get_by_text(FIRM).first).to_be_visible()
    found = visitor.open("/disclosures/?kind=licence_legal&q=麦香食品", narrow=narrow, javascript=False)
    expect(found.get_by_text(FIRM).first).to_be_visible()


@pytest.mark.parametrize("narrow", [False, True], ids=["wide", "narrow"])
def test_the_pages_of_applications_hold(visitor: Visitor, *, narrow: bool) -> None:
    page = visitor.open("/services/?q=食品经营", narrow=narrow)
    page.locator("#list tbody a").first.click()
    assert_accessible(page)
    page.get_by_role("link", name="在线申请").click()
    assert_accessible(page)
    desk = at_the_desk(visitor, "clerk121", "/desk/cases/new/application/", narrow=narrow)
    assert_accessible(desk)
    desk.get_by_role("link", name="食品经营许可").click()
    assert_accessible(desk)
