"""The design system: every component is shown, documented and safe under the content security policy."""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.template import Context, Engine, RequestContext, Template
from django.template.loader import render_to_string
from django.test import RequestFactory

from jiannuo.site.design_page import Page, samples
from jiannuo.site.templatetags import design, shown

ROOT = Path(__file__).resolve().parents[2] / "jiannuo"
TEMPLATES = ROOT / "site" / "templates"
SHEET = (ROOT / "site" / "static" / "site" / "app.css").read_text(encoding="utf-8")
ALL = sorted(ROOT.glob("*/templates/**/*.html"))
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))
INCLUDE = re.compile(r'include "(components/[^"]+)"')
# Stands in the head of a page that waits, so no page can show it without reloading itself.
NOT_SHOWN = {"components/refresh.html"}


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _reached(start: set[str]) -> set[str]:
    found: set[str] = set()
    waiting = set(start)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(INCLUDE.findall(_text(TEMPLATES / name))) - found
    return found


TAGS = {name: f"jiannuo.site.templatetags.{name}" for name in ("design", "shown", "icons", "tables", "charts")}
# An engine of its own, so that no county and no database stands behind these tests.
ENGINE = Engine(dirs=[str(TEMPLATES)], libraries=TAGS)


def _render(source: str, query: str = "", **values: object) -> str:
    request = RequestFactory().get("/x/" + query)
    return ENGINE.from_string("{% load design shown icons tables %}" + source).render(RequestContext(request, values))


def test_the_design_page_shows_every_component() -> None:
    shown_here = _reached({"design.html", "base.html", "base_portal.html", "base_desk.html"})
    assert {f"components/{path.name}" for path in COMPONENTS} - shown_here == NOT_SHOWN


def test_the_design_page_renders_every_standing() -> None:
    page = render_to_string("design.html", samples() | {"site": {"county": "青禾县", "is_demo": True}})
    for words, _ in design.STANDINGS.values():
        assert f">{words}</span>" in page


@pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
def test_a_component_says_at_its_head_what_it_takes(path: Path) -> None:
    assert "{% comment %}" in _text(path)[:120]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_template_holds_nothing_the_security_policy_refuses(path: Path) -> None:
    text = _text(path)
    assert not re.search(r"\sstyle\s*=|<style|\son(?!e=)[a-z]+\s*=|javascript:|hx-on", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
    assert not re.search(r"""(?:src|href|action)\s*=\s*["'](?:https?:)?//""", text)


def test_the_style_sheet_is_one_short_file_that_fetches_nothing() -> None:
    assert SHEET.count("\n") <= 900
    assert "url(" not in SHEET
    assert "@import" not in SHEET
    assert SHEET.count("{") == SHEET.count("}")


def _colour(name: str) -> str:
    found = re.search(rf"--{name}: (#[0-9a-f]{{3,6}});", SHEET)
    assert found, name
    value = found[1][1:]
    return value if len(value) == 6 else "".join(digit * 2 for digit in value)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(ink: str, ground: str) -> float:
    light, dark = sorted((_luminance(_colour(ink)), _luminance(_colour(ground))), reverse=True)
    return (light + 0.05) / (dark + 0.05)


TEXT = [
    (ink, ground) for ink in ("ink", "ink-2", "ink-3", "blue", "seal") for ground in ("ground", "surface", "raised")
]
TINTS = [("blue", "blue-tint"), ("green", "green-tint"), ("amber", "amber-tint"), ("seal", "seal-tint")]
QUIET = [("ink-3", "grey-tint"), ("surface", "blue"), ("surface", "blue-night"), ("surface", "seal")]


@pytest.mark.parametrize("ink,ground", TEXT + TINTS + QUIET)
def test_text_holds_the_contrast_of_wcag_1_4_3(ink: str, ground: str) -> None:
    assert _contrast(ink, ground) >= 4.5


@pytest.mark.parametrize("ink,ground", [("line-control", "surface"), ("focus", "surface"), ("focus", "ground")])
def test_edges_and_focus_hold_the_contrast_of_wcag_1_4_11(ink: str, ground: str) -> None:
    assert _contrast(ink, ground) >= 3


SHOWN = [
    (shown.day, date(2026, 9, 3), ">2026-09-03<"),
    (shown.long_day, date(2026, 9, 3), ">2026年9月3日<"),
    (shown.long_day, "2026-09-03", ">2026年9月3日<"),
    (shown.long_day, "不是日期", "不是日期"),
    (shown.short_day, date(2026, 10, 9), "10月9日"),
    (shown.weekday, date(2026, 10, 9), "周五"),
    (shown.moment, datetime(2026, 9, 3, 16, 5, tzinfo=UTC), ">2026-09-04 00:05<"),
    (shown.count, 128406, "128,406"),
    (shown.count, "1000+", "1000+"),
    (shown.yuan, Decimal(12345), "12,345.00"),
    (shown.wan, Decimal(186500), "18.65 万元"),
    (shown.wan, Decimal(100000), "10 万元"),
    (shown.wan, Decimal("9999.50"), "9,999.5 元"),
    (shown.percent, Decimal("0.98350"), "98.4%"),
    (shown.percent, None, "—"),
    (shown.percent, Decimal(0), "0.0%"),
    (shown.hundredths, Decimal("1.2"), "100.0"),
]


@pytest.mark.parametrize("write,value,expected", SHOWN)
def test_values_are_written_for_people(write: Callable[[object], str], value: object, expected: str) -> None:
    assert expected in str(write(value))


PAGES = [
    (Page(number=1, has_next=True, count=1000, capped=True), [1, 2]),
    (Page(number=9, has_next=True, count=1000, capped=True), [1, None, 7, 8, 9, 10]),
    (Page(number=2, has_next=True, count=1284, last=65), [1, 2, 3, 4, None, 65]),
    (Page(number=1, has_next=False, count=7, last=1), [1]),
]


@pytest.mark.parametrize("page,numbers", PAGES)
def test_the_pager_shows_the_pages_near_this_one(page: Page, numbers: list[int | None]) -> None:
    assert design.page_window(page) == numbers


def test_sorting_a_column_a_second_time_turns_it_round_and_starts_at_the_first_page() -> None:
    source = '{% sorting "decided" as s %}{{ s.url|safe }} {{ s.state }}'
    assert _render(source, "?q=丰谷&sort=-decided&page=3").startswith("?q=%E4%B8%B0%E8%B0%B7&sort=decided descending")
    assert _render(source, "?page=3") == "?sort=-decided none"


def test_the_cross_on_a_chip_takes_away_that_value_only() -> None:
    source = '{% autoescape off %}{% query_without "organ" "b" %}{% endautoescape %}'
    assert _render(source, "?organ=a&organ=b&page=2") == "?organ=a"


def test_text_from_outside_is_escaped_in_a_badge_and_a_table() -> None:
    columns = [{"label": "<i>"}]
    rows = [{"cells": [{"text": "<b>", "url": "/x?a=1&b=2"}]}, {"cells": [{"standing": "<u>"}]}]
    page = _render('{% include "components/table.html" with caption="c" %}', columns=columns, rows=rows)
    assert not {"<i>", "<b>", "<u>"} & set(re.findall(r"<[biu]>", page))


def test_a_cell_of_zero_is_shown_as_zero() -> None:
    page = _render(
        '{% include "components/table.html" with caption="c" %}',
        columns=[{"label": "名"}, {"label": "数", "number": True}],
        rows=[{"cells": ["甲", 0]}, {"cells": ["乙", {"text": 12345, "url": "/x"}]}],
    )
    assert "<div>0</div>" in page
    assert ">12,345</a>" in page


def test_a_day_and_a_moment_in_a_cell_are_written_for_machines_too() -> None:
    cells = [date(2026, 9, 3), datetime(2026, 9, 3, 6, 5, tzinfo=UTC)]
    rows = [{"cells": cells}]
    page = _render("{% table_rows rows columns %}", columns=[{"label": "日"}, {"label": "时"}], rows=rows)
    assert '<time class="day" datetime="2026-09-03">2026-09-03</time>' in page
    assert ">2026-09-03 14:05</time>" in page


def test_the_desk_shows_only_the_sections_the_actor_may_open() -> None:
    context = Context({"actor": SimpleNamespace(sections={"desk:today"})})
    names = Template('{% load design %}{% navigation "desk" as all %}{% for e in all %}{{ e.name }} {% endfor %}')
    assert set(names.render(context).split()) <= {"desk:today"}
