"""Journey 1: a clerk's first upload of what another system exported, without a manual."""

import csv
import io
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser_support import Visitor, assert_accessible, copy_home, serving, signed_in
from tests.faces import journey1_workbook as journey1
from tests.faces import september

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def site(september_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = copy_home(september_home, tmp_path_factory.mktemp("office") / "home")
    with serving(home, JIANNUO_TODAY=september.TODAY.isoformat()) as url:
        yield url


def send(page: Page, name: str, data: bytes, kind: str = XLSX) -> None:
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": data})
    page.get_by_role("button", name="上传并核对").click()


@pytest.mark.parametrize(
    "narrow, javascript, decided_on",
    [
        pytest.param(False, True, date(2026, 9, 24), id="at a desk"),
        pytest.param(True, False, date(2026, 9, 21), id="on a phone without JavaScript"),
    ],
)
def test_forty_three_penalties_are_in_after_mending_four_cells(
    visitor: Visitor, *, narrow: bool, javascript: bool, decided_on: date
) -> None:
    page = signed_in(visitor, september.CLERK, september.PASSWORD, narrow=narrow, javascript=javascript)
    assert_accessible(page) if javascript else None
    page.get_by_role("link", name="上传表格").click()
    expect(page.get_by_role("heading", name="数据上报", level=1)).to_be_visible()
    visitor.shoot(page, "journey1-send")
    send(page, "处罚信息导出.xlsx", journey1.workbook(decided_on))

    # At once: how many are fine, and each cell that is not, with what to do.
    expect(page.get_by_role("heading", name="接下来：改好 4 行，再传一次")).to_be_visible()
    expect(page.locator(".tally")).to_contain_text("39")
    for cell, words in (
        ("E7", "表格软件已丢掉末尾几位"),
        ("D15", "个体工商户"),
        ("L24", "5000元请填0.5"),
        ("I33", "公民身份证号"),
    ):
        expect(page.locator("#problems tr", has_text=cell)).to_contain_text(words)
    assert "11010519491231002X" not in page.content()
    assert_accessible(page) if javascript else None
    visitor.shoot(page, "journey1-problems")

    with page.expect_download() as waiting:
        page.get_by_role("link", name="下载批注过的表格").click()
    receipt = Path(waiting.value.path()).read_bytes()
    assert waiting.value.suggested_filename == "处罚信息导出（批注）.xlsx"

    send(page, "处罚信息导出（批注）.xlsx", journey1.mended(receipt, decided_on))
    expect(page.get_by_text("全部收下").first).to_be_visible()
    expect(page.locator(".tally__part", has_text="未变（已在库里，不重复）")).to_contain_text("39")
    expect(page.locator("#accepted")).to_contain_text("收下的 4 行")
    visitor.shoot(page, "journey1-done")

    # Nothing is doubled: every decision of that day once, the one whose day was written in Chinese among them.
    page.goto(f"/desk/records/?q=青市监处罚&first={decided_on.isoformat()}&last={decided_on.isoformat()}")
    exact = sum(1 for cells in journey1.wrong_rows(decided_on).values() if cells["处罚决定日期"] == decided_on) + 1
    already = sum(1 for day in september.DECIDED if day == decided_on)
    expect(page.locator(".pager__count").first).to_have_text(f"共 {exact + already} 条")
    page.goto("/desk/")
    expect(page.get_by_text("最近上传的表格都收下了")).to_be_visible()


def test_a_large_file_shows_how_far_it_is_and_ends_by_itself(visitor: Visitor) -> None:
    page = signed_in(visitor, september.CLERK, september.PASSWORD, narrow=False, javascript=True)
    page.goto("/desk/intake/")
    file = io.StringIO()
    sheet = csv.DictWriter(file, journey1.HEADINGS, restval="")
    sheet.writeheader()
    for at in range(2500):
        # Decided months before the days the other tests count.
        sheet.writerow(journey1.row(at + 5000, date(2026, 6, 10)))
    send(page, "全年处罚.csv", file.getvalue().encode("gb18030"), "text/csv")
    expect(page.get_by_text("全部收下").first).to_be_visible(timeout=60_000)
    expect(page.locator(".tally__total")).to_contain_text("2,500")


def test_what_is_typed_wrong_in_the_form_stays_and_says_where(visitor: Visitor) -> None:
    page = signed_in(visitor, september.CLERK, september.PASSWORD, narrow=True, javascript=True)
    header = page.locator(".desk-header").bounding_box()
    # 3.5rem at the most: the seal, the messages, the name and the way out stand on one line.
    assert header
    assert header["height"] <= 56
    page.goto("/desk/intake/penalty_legal/entry/")
    cells = journey1.row(70, date(2026, 9, 23))
    for label, heading in (
        ("行政相对人名称", "行政相对人名称"),
        ("行政相对人代码_1（统一社会信用代码）", "统一社会信用代码"),
        ("法定代表人", "法定代表人"),
        ("行政处罚决定书文号", "处罚决定书文号"),
        ("违法行为类型", "违法行为类型"),
        ("违法事实", "主要违法事实"),
        ("处罚依据", "处罚依据"),
        ("处罚内容", "处罚内容"),
    ):
        page.get_by_label(label, exact=False).first.fill(str(cells[heading]))
    page.get_by_label("行政相对人类别").select_option("个体工商户")
    page.get_by_label("罚款", exact=True).check()
    page.get_by_label("处罚决定日期").fill("2026-09-23")
    page.get_by_label("处罚有效期").fill("2099-12-31")
    page.get_by_role("button", name="核对并收下").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("行政相对人类别")
    expect(page.get_by_label("行政处罚决定书文号")).to_have_value(str(cells["处罚决定书文号"]))
    assert_accessible(page)
    visitor.shoot(page, "journey1-form")
    page.get_by_label("行政相对人类别").select_option("法人及非法人组织")
    page.get_by_label("罚款金额（万元）").fill(str(cells["罚款金额（万元）"]))
    page.get_by_role("button", name="核对并收下").click()
    expect(page.locator("h1 .badge")).to_have_text("待审核")
