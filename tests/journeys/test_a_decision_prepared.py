"""A decision from its draft to the meeting: a citizen says something on a phone and reads what became of it; six offices do their part."""

import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from jiannuo.kernel import clock
from jiannuo.policy.pack import ROOT, load
from tests.browser_support import JIANNUO, Visitor, assert_accessible, copy_home, environment, serving
from tests.journeys.test_receipt_followed import at_the_desk
from tests.packages.promising import PNG

TITLE = "青禾县夜市经营时间管理办法"
OPINION = "夜市到十二点太晚了，家里有老人和孩子"
GIST = "夜市收摊太晚，影响休息"
DRAFTER, CHIEF, LEGAL, DISCIPLINE, OFFICE = "clerk124", "reviewer124", "reviewer106", "reviewer404", "reviewer002"
ONE = "QH-1241，综合执法科科长，经办，不表决"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    return copy_home(demo_home, tmp_path / "home")


def test_from_draft_to_decision(browser: Browser, home: Path) -> None:
    with serving(home) as url:
        visitor = Visitor(browser, url, "a decision, the first day")
        case = drafted(visitor)
        code = citizen_says(visitor)
        visitor.close()
    # Thirty days, and on to a working day where the last one is none.
    pack, today = load(ROOT / "sample"), clock.today()
    last = pack.rule("consult_draft", on=today).due(today, pack.calendar).due_on
    later = (last + timedelta(days=2)).isoformat()
    subprocess.run([str(JIANNUO), "tick"], env=environment(home, JIANNUO_TODAY=later), check=True, capture_output=True)
    with serving(home, JIANNUO_TODAY=later) as url:
        visitor = Visitor(browser, url, "a decision, after thirty days")
        answered(visitor, case)
        citizen_reads(visitor, code)
        passed(visitor, case, later)
        everybody_sees(visitor)
        who_took_part(visitor, case)
        visitor.close()


def step(visitor: Visitor, who: str, case: str, title: str, **given: str) -> Page:
    """A step taken by somebody at the desk, with a paper."""
    page = at_the_desk(visitor, who, case)
    page.get_by_role("link", name=title, exact=True).click()
    for name, value in given.items():
        box = page.locator(f'[name="{name}"]').first
        if box.evaluate("one => one.tagName") == "SELECT":
            box.select_option(value)
        elif box.get_attribute("type") == "radio":
            page.locator(f'[name="{name}"][value="{value}"]').check()
        else:
            box.fill(value)
    page.locator('[name="papers"]').set_input_files({"name": "材料.png", "mimeType": "image/png", "buffer": PNG.data})
    page.get_by_role("button", name=title, exact=True).click()
    expect(page.get_by_text(f"已{title}。")).to_be_visible()
    return page


def drafted(visitor: Visitor) -> str:
    page = at_the_desk(visitor, DRAFTER, "/desk/cases/new/major_decision/")
    page.locator('[name="title"]').fill(TITLE)
    page.get_by_label("属于哪一类").select_option(index=1)
    page.locator('[name="basis"]').fill("城市市容和环境卫生管理条例")
    page.locator('[name="why"]').fill("夜市扰民和就业都要顾到，拟规定经营时间")
    page.locator('[name="papers"]').set_input_files({"name": "草案.png", "mimeType": "image/png", "buffer": PNG.data})
    assert_accessible(page)
    page.get_by_role("button", name="登记重大行政决策").click()
    expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    case = page.url.split("/", 3)[3]
    step(
        visitor, DRAFTER, f"/{case}", "公开征求意见", notice="就夜市几点收摊向社会征求意见", question_1="您赞成十一点收摊吗？",
        words="夜市扰民和就业都要顾到，会影响摊主和附近住户",
    )  # fmt: skip
    return f"/{case}"


def citizen_says(visitor: Visitor) -> str:
    page = visitor.open("/decisions/", narrow=True, javascript=False)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", name="大家说了什么，采纳没有")).to_be_visible()
    visitor.shoot(page, "decision-open")
    page.get_by_role("link", name="提意见").click()
    page.get_by_label("您的意见").fill(OPINION)
    page.get_by_role("group", name="您赞成十一点收摊吗？").get_by_label("赞成", exact=True).check()
    page.get_by_label("匿名").check()
    visitor.shoot(page, "decision-say")
    page.get_by_role("button", name="提交，取回执").click()
    expect(page.get_by_role("heading", name="收下了，这是您的回执")).to_be_visible()
    assert page.context.cookies() == []
    return page.locator(".receipt__code").inner_text()


def answered(visitor: Visitor, case: str) -> None:
    page = at_the_desk(visitor, DRAFTER, f"{case}opinions/")
    expect(page.get_by_text(OPINION)).to_be_visible()
    assert_accessible(page)
    page.locator('[name="opinions"]').first.check()
    page.locator('[name="gist"]').fill(GIST)
    page.get_by_label("采纳没有").select_option("采纳")
    page.locator('[name="reason"]').fill("改为晚上十一点收摊")
    page.locator('[name="words"]').fill("您的意见采纳了，改为晚上十一点收摊")
    visitor.shoot(page, "decision-answering")
    page.get_by_role("button", name="答复勾选的意见").click()
    expect(page.get_by_text("已答复1条意见。")).to_be_visible()


def citizen_reads(visitor: Visitor, code: str) -> None:
    page = visitor.open("/complaints/track/", narrow=True, javascript=False)
    page.get_by_label("回执码").fill(code)
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_text("您的意见采纳了，改为晚上十一点收摊")).to_be_visible()
    visitor.shoot(page, "decision-answer-read")


def passed(visitor: Visitor, case: str, today: str) -> None:
    """The other gates, each by whom the law has it."""
    step(visitor, CHIEF, case, "公众参与办结", lines=ONE, words="收到一条意见，已经采纳，改为十一点收摊")
    page = at_the_desk(visitor, OFFICE, case)
    expect(page.get_by_role("link", name="集体讨论决定", exact=True)).to_have_count(0)
    step(visitor, CHIEF, case, "不需要专家论证", words="只规定经营时间，不是专业性、技术性较强的事项")
    step(
        visitor, DRAFTER, case, "风险评估通过", level="低风险", conclusion="听了摊主和住户的意见，风险低",
        lines=ONE, words="开了两场座谈会，摊主和住户都同意",
    )  # fmt: skip
    step(
        visitor, LEGAL, case, "合法性审查通过", conclusion="合法", opinion="权限、程序、内容合法", lines="QH-1061，法制科科长，审查，同意",
        words="审查了草案和征求意见的情况",
    )  # fmt: skip
    step(
        visitor,
        DISCIPLINE,
        case,
        "廉洁性评估通过",
        conclusion="没有利益输送的漏洞",
        lines="QH-4041，室主任，评估，同意",
        words="没有发现利益输送的漏洞",
    )
    step(
        visitor, OFFICE, case, "集体讨论决定", document="青政〔2026〕33号", decided_on=today, meeting="县政府第45次常务会议",
        against_most="否", content="夜市晚上十一点收摊", lines="QH-0021，副县长，表决，同意", words="会议逐条讨论，一致同意",
    )  # fmt: skip


def everybody_sees(visitor: Visitor) -> None:
    page = visitor.open("/decisions/", narrow=True, javascript=False)
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_text(GIST)).to_be_visible()
    expect(page.get_by_text("已经作出决定").first).to_be_visible()
    assert OPINION not in page.content()
    visitor.shoot(page, "decision-decided")


def who_took_part(visitor: Visitor, case: str) -> None:
    page = at_the_desk(visitor, "discipline", f"{case}people/")
    page.get_by_label("查阅的目的").fill("责任倒查：夜市投诉集中")
    page.get_by_role("button", name="查阅").click()
    expect(page.get_by_role("cell", name="集体讨论决定")).to_be_visible()
    assert_accessible(page)
    visitor.shoot(page, "decision-people")


def test_the_pages_of_decisions_hold_wide_and_narrow(visitor: Visitor) -> None:
    addresses = (
        visitor.open("/decisions/")
        .locator("main tbody a")
        .evaluate_all("links => links.map(link => link.getAttribute('href'))")
    )
    assert len(addresses) == 4
    for path in ("/decisions/", *addresses, f"{addresses[0]}say/"):
        for narrow in (False, True):
            page = visitor.open(path, narrow=narrow)
            assert_accessible(page)
            assert page.context.cookies() == []
