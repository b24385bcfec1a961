"""Journey 8: a leader before a meeting reads one screen, opens every number on it, and prints it on one page."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser_support import Visitor, assert_accessible, signed_in

PASSWORD = "qinghe-yanshi-2026"
TILE = ".tiles a[href]"


def at_the_overview(visitor: Visitor, *, narrow: bool, javascript: bool) -> Page:
    page = signed_in(visitor, "lead", PASSWORD, narrow=narrow, javascript=javascript)
    page.goto("/desk/overview/")
    expect(page.get_by_role("heading", name="一屏总览", level=1)).to_be_visible()
    return page


@pytest.mark.parametrize(
    "narrow, javascript",
    [pytest.param(False, True, id="on a wall"), pytest.param(True, False, id="on a phone without JavaScript")],
)
def test_one_screen_whose_every_number_opens(visitor: Visitor, *, narrow: bool, javascript: bool) -> None:
    page = at_the_overview(visitor, narrow=narrow, javascript=javascript)
    visitor.shoot(page, "journey8-overview")
    if javascript:
        assert_accessible(page)
    for heading in ("已经逾期和快要到期的", "推迟最久的"):
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
    links = page.locator("main a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    tiles = page.locator(TILE).evaluate_all("links => links.map(link => link.getAttribute('href'))")
    assert len(tiles) >= 4
    for link in dict.fromkeys(one for one in links if one.startswith("/")):
        answer = page.goto(link)
        assert answer is not None
        assert answer.status == 200, link


def test_what_a_tile_counts_is_what_its_list_holds(visitor: Visitor) -> None:
    page = at_the_overview(visitor, narrow=False, javascript=True)
    tile = page.locator(TILE, has_text="半年报告按期率")
    counted = sum(map(int, re.findall(r"\d+", tile.locator(".stat__note").inner_text())))
    tile.click()
    expect(page.get_by_text(f"共 {counted} 条")).to_be_visible()


def test_it_prints_on_one_page(visitor: Visitor) -> None:
    page = at_the_overview(visitor, narrow=False, javascript=True)
    sheet = PdfReader(BytesIO(page.pdf(format="A4", print_background=True)))
    assert len(sheet.pages) == 1
