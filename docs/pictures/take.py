"""Takes the pictures of the README and the manual again, on the demonstration: `.venv/bin/python -m docs.pictures.take [HOME]`.

HOME is a folder with the demonstration's data; without it the data is built anew, which takes a minute.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.browser_support import Visitor, build_demo, copy_home, launch, serving
from tests.wrong import make_sheets

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PASSWORD = "qinghe-yanshi-2026"  # noqa: S105 - of a county that does not exist
TODAY = "2026-11-23"
WIDTH, HEIGHT, TALL = 1180, 760, 1040

Way = Callable[[Page], None]


def to(path: str) -> Way:
    """Go to a page."""
    return lambda page: page.goto(path) and None


def to_the_first(path: str) -> Way:
    """Go to what the first line of a list leads to."""

    def way(page: Page) -> None:
        page.goto(path)
        page.locator("main tbody a").first.click()

    return way


def first_record(page: Page) -> None:
    """The newest penalty that is public."""
    page.goto("/disclosures/?family=penalty")
    page.locator("main table a").first.click()
    for closed in page.locator("main details:not([open]) > summary", has_text="为什么").all():
        closed.click()


def plan_at_the_deadline(page: Page) -> None:
    """The sentence of the plan that the whole release carries out."""
    page.goto("/plan/")
    page.get_by_text("7个工作日内上网公开").first.scroll_into_view_if_needed()


def a_sheet_with_mistakes(page: Page) -> None:
    """What a clerk sees after sending eleven rows, two of which must be mended."""
    rows = make_sheets.numbered(9)
    rows.append({**rows[0], "CF_WSH": "青市监罚决字〔2026〕120号", "CF_NR_FK": "2000"})
    rows.append({**rows[0], "CF_WSH": "青市监罚决字〔2026〕121号", "CF_JDRQ": "2026/02/30"})
    page.goto("/desk/intake/?kind=penalty_legal")
    content = make_sheets.text(rows).encode("utf-8-sig")
    page.locator("input[type=file]").set_input_files(
        {"name": "九月处罚.csv", "mimeType": "text/csv", "buffer": content}
    )
    page.get_by_role("button", name="上传并核对").click()
    page.get_by_role("heading", name="要改的地方").wait_for()


def before_release(page: Page) -> None:
    """What the reviewer is shown before anything is published."""
    page.goto("/desk/review/")
    page.locator("main tbody input[type=checkbox]:enabled").first.check()
    page.get_by_role("button", name="公示勾选的", exact=True).first.click()


PICTURES: tuple[tuple[str, str, Way], ...] = (
    ("home", "", to("/")),
    ("plan", "", plan_at_the_deadline),
    ("record", "", first_record),
    ("promise", "", to_the_first("/promises/?standing=moved")),
    ("today", "clerk121", to("/desk/")),
    ("entry", "clerk121", to("/desk/intake/penalty_legal/entry/")),
    ("review", "reviewer121", to("/desk/review/")),
    ("decide", "reviewer121", before_release),
    ("batch", "clerk121", a_sheet_with_mistakes),
    ("county", "lead", to("/desk/")),
    ("figures", "lead", to("/desk/figures/")),
    ("overview", "lead", to("/desk/overview/")),
    ("promises", "lead", to("/desk/promises/")),
    ("reports", "lead", to("/desk/reports/")),
    ("report", "lead", to_the_first("/desk/reports/?period=2026-H1&state=sent")),
    ("file", "head121", to("/desk/my-file/")),
    ("handover", "reviewer112", to_the_first("/desk/handovers/")),
    ("accounts", "system.admin", to("/desk/admin/")),
    ("trace", "audit.admin", to("/desk/trace/")),
)


LONG = {"record", "batch", "decide", "county", "overview", "promise", "report", "file"}
"""What is worth a taller window."""


def take(visitor: Visitor) -> None:
    """Every picture, each by the person whose page it is."""
    pages: dict[str, Page] = {}
    for name, user, way in PICTURES:
        page = pages.get(user)
        if page is None:
            page = pages[user] = signed_in(visitor, user) if user else visitor.open("/")
        page.set_viewport_size({"width": WIDTH, "height": TALL if name in LONG else HEIGHT})
        way(page)
        page.wait_for_load_state("networkidle")
        page.screenshot(path=HERE / f"{name}.png", animations="disabled")


def signed_in(visitor: Visitor, user: str) -> Page:
    """A page of that person's own."""
    page = visitor.open("/desk/")
    page.locator("[name=username]").fill(user)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_role("button", name="退出").wait_for()
    return page


def main() -> None:
    """The pictures stand beside this file."""
    os.environ.update(JIANNUO_PACK=str(ROOT / "packs" / "sample"), JIANNUO_TODAY=TODAY, LANGUAGE="zh_CN")
    with tempfile.TemporaryDirectory(prefix="jiannuo-pictures-") as folder:
        home = Path(folder) / "home"
        if len(sys.argv) > 1:
            copy_home(Path(sys.argv[1]), home)
        else:
            home.mkdir()
            build_demo(home)
        with serving(home) as url, sync_playwright() as playwright:
            visitor = Visitor(launch(playwright), url, "pictures")
            take(visitor)
            visitor.close()


if __name__ == "__main__":
    main()
