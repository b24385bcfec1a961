"""An inspector with a phone in a corridor: twelve questions, one thing wrong, the line drops; the organ mends it, everybody sees it."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser_support import (
    Visitor,
    assert_accessible,
    build_county,
    copy_home,
    serving,
    signed_in,
)
from tests.faces import may
from tests.faces.september import PASSWORD
from tests.journeys.conftest import built_once
from tests.packages.inspecting import ITEMS, PLAN
from tests.packages.promising import PNG

SEEN = "公示栏里写明五月前修好的台阶还没有动工"
DAY = "2026-05-06"


@pytest.fixture
def site(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[str]:
    """The office of that day, on a copy of its data."""
    built = built_once(tmp_path_factory, "may", lambda home: build_county(home, "tests.faces.may", may.TODAY))
    home = copy_home(built, tmp_path / "home")
    with serving(home, JIANNUO_TODAY=DAY) as url:
        yield url


def test_a_checklist_is_answered_with_a_thumb_and_nothing_is_lost(browser: Browser, site: str, tmp_path: Path) -> None:
    visitor = Visitor(browser, site, "an inspection on a phone")
    photo = tmp_path / "IMG_0001.png"
    photo.write_bytes(PNG.data)
    phone = signed_in(visitor, may.INSPECTOR, PASSWORD, narrow=True)
    case = answers(phone, visitor, photo)
    tells_the_organ(phone, case)
    mends(visitor, case, photo)
    accepts(visitor, case)
    everybody_sees(visitor)
    visitor.close()


def answers(phone: Page, visitor: Visitor, photo: Path) -> str:
    """Two sendings; the first is sent again because its answer never came back."""
    phone.goto("/desk/cases/?flow=inspection")
    phone.locator("tr", has_text="检〔2026〕1号").get_by_role("link").first.click()
    case = phone.url
    phone.get_by_role("link", name="现场检查").click()
    expect(phone.get_by_text("共12项，已答0项，还有12项")).to_be_visible()
    assert_accessible(phone)
    choose(phone, "J01", "合格")
    choose(phone, "J04", "不合格")
    visitor.shoot(phone, "inspection-phone")
    wrong = phone.locator("#id_J04")
    expect(wrong.get_by_label("哪里不合格、看到了什么")).to_be_visible()
    wrong.get_by_label("哪里不合格、看到了什么").fill(SEEN)
    phone.get_by_role("button", name="现场检查").click()
    expect(phone.get_by_text("J04不合格，没有照片").first).to_be_visible()
    visitor.shoot(phone, "inspection-phone-refused")
    expect(phone.locator("#id_J01").get_by_label("合格", exact=True)).to_be_checked()
    expect(phone.locator("#id_J04").get_by_label("哪里不合格、看到了什么")).to_have_value(SEEN)
    phone.locator("#id_J04").get_by_label("照片").set_input_files(photo)
    drops(phone)
    phone.get_by_role("button", name="现场检查").click()
    expect(phone.get_by_text("共12项，已答2项，还有10项")).to_be_visible()
    for item in ITEMS:
        if item not in ("J01", "J04"):
            choose(phone, item, "不适用" if item == "J05" else "合格")
    phone.get_by_role("button", name="现场检查").click()
    expect(phone.get_by_text("共12项，已答12项，还有0项")).to_be_visible()
    phone.goto(case)
    expect(phone.get_by_text(SEEN)).to_be_visible()
    expect(phone.locator(".timeline__title", has_text="现场检查")).to_have_count(2)
    assert_accessible(phone)
    visitor.shoot(phone, "inspection-case")
    return re.sub(r"^https?://[^/]+", "", case)


def drops(phone: Page) -> None:
    """The form reaches the server, its answer never reaches the phone: whoever holds it presses once more."""
    form = """async () => {
        const form = document.querySelector("main form.form");
        const answer = await fetch(location.href, {method: "POST", body: new FormData(form), redirect: "manual"});
        return answer.type;
    }"""
    assert phone.evaluate(form) == "opaqueredirect"


def choose(phone: Page, item: str, result: str) -> None:
    phone.locator(f"#id_{item}").get_by_text(result, exact=True).tap()


def tells_the_organ(phone: Page, case: str) -> None:
    phone.goto(case)
    phone.get_by_role("link", name="告知问题、要求整改").click()
    phone.get_by_label("检查发现的问题和整改的要求").fill("台阶没有按公示的日期修好，请在三十日内修好并报告")
    phone.get_by_role("button", name="告知问题、要求整改").click()
    expect(phone.get_by_text("待说明整改").first).to_be_visible()


def mends(visitor: Visitor, case: str, photo: Path) -> None:
    organ = signed_in(visitor, may.ORGAN, PASSWORD)
    organ.goto(case)
    expect(organ.get_by_text(SEEN)).to_be_visible()
    organ.get_by_role("link", name="书面说明原因").click()
    organ.get_by_label("问题的原因、责任和整改的安排").fill("施工队四月退场，没有及时另找；责任在行政股，月底前修好")
    organ.get_by_role("button", name="书面说明原因").click()
    organ.get_by_role("link", name="报告整改情况").click()
    organ.get_by_label("逐项怎样整改的、结果怎样").fill("台阶已经修好，照片附后")
    organ.get_by_label("选择材料").set_input_files(photo)
    organ.get_by_role("button", name="报告整改情况").click()
    expect(organ.get_by_text("待复核").first).to_be_visible()


def accepts(visitor: Visitor, case: str) -> None:
    lead = signed_in(visitor, may.INSPECTOR, PASSWORD)
    lead.goto(case)
    lead.get_by_role("link", name="复核合格").click()
    lead.get_by_label("复核的情况").fill("到现场看过，台阶已经修好，复核合格")
    lead.get_by_role("button", name="复核合格").click()
    lead.goto("/desk/cases/inspections/")
    expect(lead.get_by_role("link", name="整改后合格 1")).to_be_visible()
    assert_accessible(lead)
    visitor.shoot(lead, "inspection-year-desk")


def everybody_sees(visitor: Visitor) -> None:
    for narrow in (False, True):
        page = visitor.open("/inspections/", narrow=narrow)
        expect(page.get_by_role("heading", name=PLAN["title"])).to_be_visible()
        expect(page.get_by_text("台阶已经修好")).to_be_visible()
        assert SEEN not in page.content()
        assert_accessible(page)
        visitor.shoot(page, "inspection-year")
    page.get_by_role("link", name="整改后合格 1", exact=True).click()
    expect(page.get_by_text("共 1 个")).to_be_visible()
