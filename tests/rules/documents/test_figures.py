"""One specification for page and paper; pictures are drawn apart, kept, and safe to set into a page."""

import json
import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest
from msgspec.structs import replace

from jiannuo.documents import apart, charts
from jiannuo.documents.figures import FILLS, INKS, Figure, Kind, description, numbers, specification
from jiannuo.kernel.refusals import Refused

FIGURE = Figure(
    kind="bar", title="按期率", unit="%", series=("2025年", "2026年"),
    rows=(("县市场监督管理局", (Decimal("96.10"), Decimal("98.3"))), ("甲&乙<b>局", (None, 42))),
)  # fmt: skip


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("fill,ink", list(zip(FILLS, INKS, strict=True)))
def test_a_number_on_its_bar_can_be_read(fill: str, ink: str) -> None:
    assert _contrast(fill, ink) >= 3.7


def test_neighbours_in_a_stack_differ_in_grey() -> None:
    assert all(_contrast(one, other) >= 1.5 for one, other in pairwise(FILLS))


@pytest.mark.parametrize("kind", get_args(Kind))
def test_a_specification_is_plain_data_and_the_same_each_time(kind: Kind) -> None:
    figure = replace(FIGURE, kind=kind)
    said = json.dumps(specification(figure), ensure_ascii=False)
    assert said == json.dumps(specification(figure), ensure_ascii=False)
    assert "http" not in said.replace("https://vega.github.io/schema/vega-lite/v5.json", "")
    assert '"98.3"' in said
    assert '"96.10"' in said


def test_numbers_and_description_hold_what_the_picture_shows() -> None:
    heads, rows = numbers(FIGURE)
    assert heads == ("", "2025年（%）", "2026年（%）")
    assert rows[0] == ("县市场监督管理局", "96.10", "98.3")
    assert rows[1][1] == "—"
    assert "县市场监督管理局：2025年 96.10，2026年 98.3" in description(FIGURE)
    assert description(replace(FIGURE, rows=())).endswith("没有数据。")


WRONG = [
    ({"series": ()}, "没有名称"),
    ({"series": ("甲", "甲")}, "重名"),
    ({"series": tuple("甲乙丙丁戊己"), "rows": ()}, "最多 5 个"),
    ({"rows": (("甲", (1,)),)}, "个数"),
    ({"rows": (("甲", (1, 2)), ("甲", (1, 2)))}, "名称相同"),
    ({"rows": tuple((str(at), (1, 2)) for at in range(46))}, "超过 90"),
    ({"kind": "stacked", "rows": (("甲", (1, -2)),)}, "负数"),
]


@pytest.mark.parametrize("changes,words", WRONG)
def test_what_cannot_be_drawn_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        replace(FIGURE, **changes)


def test_pictures_stand_in_a_page_under_the_policy_and_are_drawn_once(tmp_path: Path) -> None:
    figures = (*(replace(FIGURE, kind=kind) for kind in get_args(Kind)), replace(FIGURE, rows=()))
    drawn = charts.svgs(figures, folder=tmp_path)
    for picture, figure in zip(drawn, figures, strict=True):
        assert not re.search(r"\sstyle=|<style|<script|\son\w+=|href=", picture)
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert root.get("role") == "img"
        assert [child.text for child in root][:2] == [figure.title, description(figure)]
        assert 'role="graphics' not in picture
    assert "甲&amp;乙&lt;b&gt;局" in drawn[0]
    ids = re.findall(r' id="([^"]+)"', "".join(drawn))
    assert len(ids) == len(set(ids))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "charts").iterdir()}
    assert charts.svg(figures[0], folder=tmp_path) == drawn[0]
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "charts").iterdir()} == kept


def test_a_png_is_as_sharp_as_print_wants(tmp_path: Path) -> None:
    (picture,) = charts.pngs((FIGURE,), folder=tmp_path)
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20]) >= 1100


def test_the_folder_of_pictures_does_not_grow_without_end(tmp_path: Path) -> None:
    store = tmp_path / "charts"
    store.mkdir()
    for at in range(charts.KEPT + 30):
        (store / f"{at}.svg").write_bytes(b"")
    charts.svg(FIGURE, folder=tmp_path)
    assert len(list(store.iterdir())) == charts.KEPT + 1


def test_what_fails_or_hangs_apart_is_answered_in_words() -> None:
    with pytest.raises(Refused, match="画图没有成功") as refusal:
        apart.run("jiannuo.documents.charts", b"{", what="画图", seconds=30)
    assert "Traceback" not in refusal.value.message
    assert "File" not in refusal.value.message
    with pytest.raises(Refused, match=r"超过 0\.01 秒"):
        apart.run("jiannuo.documents.charts", b"", what="画图", seconds=0.01)
    with pytest.raises(Refused, match="没有成功"):
        apart.run("jiannuo.documents.no_such_module", b"", what="画图", seconds=30)
