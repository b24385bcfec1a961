"""Journey 10: the personnel office sends a sheet of sixty names in and gets yes, no or ask, with facts, rule and end date; on record."""

import io
import re
import sqlite3
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from jiannuo.cli.demo.accounts import PASSWORD
from tests.browser_support import Visitor, assert_accessible, signed_in

BARRED, NOBODY = "青禾县水利局", "青禾县灌溉处"
PURPOSE = "2026年度政务诚信先进集体和个人评选"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pytest.fixture(scope="module")
def sheet(site_home: Path) -> bytes:
    """A sheet as the personnel office keeps it: a title, a heading, one organ that is barred, one nobody knows, 58 officials."""
    with sqlite3.connect(site_home / "jiannuo.sqlite3") as database:
        officials = database.execute("SELECT name, code FROM subjects_official ORDER BY code LIMIT 58").fetchall()
    assert len(officials) == 58
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.append(["2026年度先进集体和先进个人推荐名单"])
    page.append(["序号", "名称", "人员编号"])
    for number, (name, code) in enumerate([(BARRED, ""), (NOBODY, ""), *officials], start=1):
        page.append([number, name, code])
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def asks(page: Page, sheet: bytes) -> None:
    page.get_by_role("link", name="结果运用").click()
    page.get_by_label("用在哪里").select_option(label="评优评先")
    page.get_by_label("查询的目的").fill(PURPOSE)
    page.locator('input[type="file"]').set_input_files({"name": "推荐名单.xlsx", "mimeType": XLSX, "buffer": sheet})


@pytest.mark.parametrize(
    "narrow, javascript",
    [pytest.param(False, True, id="at a desk"), pytest.param(True, False, id="on a phone without JavaScript")],
)
def test_sixty_names_in_and_answers_out(visitor: Visitor, sheet: bytes, *, narrow: bool, javascript: bool) -> None:
    page = signed_in(visitor, "personnel", PASSWORD, narrow=narrow, javascript=javascript)
    asks(page, sheet)
    page.get_by_role("button", name="查询", exact=True).click()
    expect(page.get_by_role("heading", name="问了 60 个")).to_be_visible()
    barred = page.locator("tbody tr", has_text=BARRED)
    expect(barred.get_by_text("不可以")).to_be_visible()
    expect(barred.get_by_text("取消评优评先资格")).to_be_visible()
    expect(barred.get_by_text("国发〔2016〕76号")).to_be_visible()
    expect(barred.get_by_text("有异议")).to_be_visible()
    assert re.search(r"20\d\d-\d\d-\d\d", barred.inner_text()), "until which day"
    expect(page.locator("tbody tr", has_text=NOBODY).get_by_text("名录里没有")).to_be_visible()
    if javascript:
        assert_accessible(page)
    visitor.shoot(page, "journey10-answers")
    number = page.locator("strong.code").inner_text()
    verifies(visitor, number, narrow=narrow)
    is_on_record(visitor)


def verifies(visitor: Visitor, number: str, *, narrow: bool) -> None:
    """Whoever is shown the certificate finds out whether it is true, and no name of an official."""
    page = visitor.open("/verify/", narrow=narrow, javascript=False)
    page.get_by_label("证明编号").fill(number)
    page.get_by_label("名称或者代码", exact=True).fill(BARRED)
    page.get_by_role("button", name="核验").click()
    expect(page.get_by_text("证明是真的")).to_be_visible()
    expect(page.get_by_text(re.compile("不可以，到20"))).to_be_visible()
    visitor.shoot(page, "journey10-verified")
    assert page.context.cookies() == []


def is_on_record(visitor: Visitor) -> None:
    page = signed_in(visitor, "audit.admin", PASSWORD)
    page.get_by_role("link", name="查阅记录").click()
    expect(page.get_by_text(PURPOSE).first).to_be_visible()


def test_the_answers_come_as_a_sheet(visitor: Visitor, sheet: bytes) -> None:
    page = signed_in(visitor, "personnel", PASSWORD)
    asks(page, sheet)
    with page.expect_download() as download:
        page.get_by_role("button", name="查询并下载表格").click()
    answers = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    assert answers is not None
    rows = list(answers.iter_rows(values_only=True))
    assert rows[0] == ("名称", "代码", "能不能", "依据", "规定", "到哪天为止")
    assert len(rows) == 61
    assert rows[1][0] == BARRED
    assert rows[1][2] == "不可以"
    assert "取消评优评先资格" in str(rows[1][3])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(rows[1][5]))
    assert {row[2] for row in rows[3:]} <= {"可以", "不可以", "由决定的单位核实"}, "as the page says"
