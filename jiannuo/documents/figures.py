"""A chart as data, and the one Vega-Lite specification from which page, PDF and DOCX are drawn.

Readable in black and white: series differ by lightness (bars) or by dash and point (lines), each value is written beside
its mark, and every number can be had as a table (`numbers`).
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Literal

from msgspec import Struct

from jiannuo.documents.text import clean, written
from jiannuo.kernel.refusals import Refused

Kind = Literal["bar", "stacked", "line"]
Value = Decimal | int | None

WIDTH = 400  # pixels; set 140 mm wide in a document, so that 13 px come out at 小四, and legible on a phone
TEXT = 13
MOST_SERIES, MOST_MARKS = 5, 90
FONTS = "Noto Sans CJK SC, Source Han Sans SC, PingFang SC, Microsoft YaHei, SimHei, WenQuanYi Micro Hei, sans-serif"
# Neighbours differ by lightness as much as by hue, so that a grey copy tells them apart.
FILLS = ("#1d4b82", "#a9c4e4", "#5a87bb", "#e6eef7", "#11233f")
INKS = ("#ffffff", "#16243a", "#ffffff", "#16243a", "#ffffff")
EDGE = "#16243a"
LINES = ("#1d4b82", "#16243a", "#5a87bb", "#16243a", "#1d4b82")
DASHES = ((1, 0), (6, 3), (2, 2), (8, 3, 2, 3), (12, 4))
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross")
ROOM = 1.18  # how far the scale runs beyond the longest bar, for the number behind it


class Figure(Struct, frozen=True, kw_only=True):
    """Rows of a label and one value for each series; `unit` is said of all values. None is not known, never zero."""

    kind: Kind
    title: str
    unit: str
    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Value, ...]], ...]

    def __post_init__(self) -> None:
        if not self.series or len(set(self.series)) != len(self.series):
            raise _wrong(self.title, "数列没有名称或者重名")
        if len(self.series) > MOST_SERIES:
            raise _wrong(self.title, f"数列有 {len(self.series)} 个，最多 {MOST_SERIES} 个才看得清")
        if any(len(values) != len(self.series) for _, values in self.rows):
            raise _wrong(self.title, "有的行数值个数与数列个数不同")
        if len({label for label, _ in self.rows}) != len(self.rows):
            raise _wrong(self.title, "有两行的名称相同")
        if len(self.rows) * (1 if self.kind == "stacked" else len(self.series)) > MOST_MARKS:
            raise _wrong(self.title, f"要画的数超过 {MOST_MARKS} 个，看不清")
        if self.kind == "stacked" and any(value is not None and value < 0 for value in _values(self)):
            raise _wrong(self.title, "堆叠图里不能有负数")


def _wrong(title: str, why: str) -> Refused:
    return Refused(f"图“{title}”画不出来：{why}", fix="请减少要画的内容，或者改用表格", code="figure")


def _values(figure: Figure) -> Iterator[Value]:
    return (value for _, values in figure.rows for value in values)


def numbers(figure: Figure) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The headings and the rows of a figure as a table, each number as it is written for people."""
    heads = ("", *(f"{name}（{figure.unit}）" if figure.unit else name for name in figure.series))
    return heads, tuple((clean(label), *map(written, values)) for label, values in figure.rows)


def description(figure: Figure) -> str:
    """What the figure shows, in one sentence for someone who does not see it."""
    rows = (
        f"{clean(label)}：{'，'.join(f'{name} {written(value)}' for name, value in zip(figure.series, values, strict=True))}"
        for label, values in figure.rows
    )
    unit = f"单位：{figure.unit}。" if figure.unit else ""
    return f"{unit}{'；'.join(rows) or '没有数据'}。"


def specification(figure: Figure) -> dict[str, Any]:
    """The Vega-Lite specification of a figure; a pure function, so its digest names the picture."""
    draw = {"bar": _bars, "stacked": _stacked, "line": _lines}[figure.kind]
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "width": WIDTH,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 3,
        "background": None,
        "data": {"values": list(_marks(figure))},
        "config": {
            "aria": False,
            "font": FONTS,
            "view": {"stroke": None},
            "text": {"fontSize": TEXT, "fill": EDGE},
            "axis": {
                "labelFontSize": TEXT,
                "labelColor": EDGE,
                "domainColor": EDGE,
                "tickColor": EDGE,
                "labelLimit": 160,
            },
            "legend": {"labelFontSize": TEXT, "labelColor": EDGE, "symbolStrokeWidth": 1, "symbolSize": 130},
        },
        **draw(figure),
    }


def _marks(figure: Figure) -> Iterator[dict[str, Any]]:
    for label, values in figure.rows:
        end = 0.0
        for order, (name, value) in enumerate(zip(figure.series, values, strict=True)):
            # Vega knows only doubles; the text beside the mark is the exact value.
            double = None if value is None else float(value)
            start, end = end, end + (double or 0)
            yield {
                "label": clean(label), "series": clean(name), "order": order, "value": double, "text": written(value),
                "start": start, "end": end, "middle": (start + end) / 2,
            }  # fmt: skip


def _legend(figure: Figure, side: str = "top") -> dict[str, Any] | None:
    return {"orient": side, "title": None, "columns": 5} if len(figure.series) > 1 else None


def _scale(figure: Figure, kinds: list[Any]) -> dict[str, Any]:
    return {"domain": [clean(name) for name in figure.series], "range": kinds[: len(figure.series)]}


def _shares(figure: Figure) -> dict[str, Any]:
    return {
        "field": "series", "type": "nominal", "sort": None, "legend": _legend(figure),
        "scale": _scale(figure, list(FILLS)),
    }  # fmt: skip


def _labels(figure: Figure) -> dict[str, Any]:
    axis = {"title": None, "ticks": False, "labelPadding": 6}
    return {"field": "label", "type": "nominal", "sort": [clean(label) for label, _ in figure.rows], "axis": axis}


def _across(low: float, high: float, field: str = "value") -> dict[str, Any]:
    """Lengths without an axis: every number stands beside its bar."""
    scale = {"domain": [low, high if high > low else 1], "nice": False}
    return {"field": field, "type": "quantitative", "axis": None, "scale": scale}


def _height(figure: Figure, thick: int) -> int:
    return max(len(figure.rows), 1) * thick + (34 if len(figure.series) > 1 else 6)


def _bars(figure: Figure) -> dict[str, Any]:
    values = [float(value) for value in _values(figure) if value is not None]
    low, high = min([0, *values]) * ROOM, max([0, *values]) * ROOM
    both: dict[str, Any] = {
        "y": {**_labels(figure), "scale": {"paddingInner": 0.28, "paddingOuter": 0.1}},
        "x": _across(low, high),
    }
    if len(figure.series) > 1:
        both["yOffset"] = {"field": "series", "type": "nominal", "sort": list(figure.series)}
    text = {"x": _across(low, high, "tip"), "text": {"field": "text", "type": "nominal"}}
    return {
        "height": _height(figure, 28 if len(figure.series) == 1 else 20 * len(figure.series) + 10),
        # What is not known has no bar and a dash at the axis; a number below zero stands at the axis as well.
        "transform": [{"calculate": "max(0, datum.value)", "as": "tip"}],
        "encoding": both,
        "layer": [
            {"mark": {"type": "bar", "stroke": EDGE, "strokeWidth": 0.7}, "encoding": {"color": _shares(figure)}},
            {"mark": {"type": "text", "align": "left", "dx": 4}, "encoding": text},
        ],
    }


def _stacked(figure: Figure) -> dict[str, Any]:
    most = max((sum(float(value or 0) for value in values) for _, values in figure.rows), default=0) or 1
    # A number is written in its part where the part is wide enough for it; the table beside has them all.
    fits = f"datum.value >= {most * 0.03} && datum.value >= length(datum.text) * {most * 0.025}"
    inks = {"field": "series", "type": "nominal", "legend": None, "scale": _scale(figure, list(INKS))}
    text = {"x": _across(0, most, "middle"), "text": {"field": "text", "type": "nominal"}, "color": inks}
    bar = {"x": _across(0, most, "start"), "x2": {"field": "end"}, "color": _shares(figure)}
    return {
        "height": _height(figure, 32),
        "encoding": {"y": {**_labels(figure), "scale": {"paddingInner": 0.25, "paddingOuter": 0.1}}},
        "layer": [
            {"mark": {"type": "bar", "stroke": EDGE, "strokeWidth": 0.7}, "encoding": bar},
            {"transform": [{"filter": fits}], "mark": {"type": "text"}, "encoding": text},
        ],
        "resolve": {"scale": {"color": "independent"}},
    }


def _lines(figure: Figure) -> dict[str, Any]:
    values = [float(value) for value in _values(figure) if value is not None] or [0.0, 1.0]
    room = (max(values) - min(values) or abs(max(values)) or 1) * 0.2
    low = min(values) - room
    scale = {"domain": [low if min(values) < 0 else max(low, 0), max(values) + room], "nice": True, "zero": False}
    axis = {
        "title": f"（{figure.unit}）" if figure.unit else None, "titleAngle": 0, "titleAlign": "right", "titleY": -12,
        "titleX": 0, "grid": True, "gridColor": "#d7dde6", "tickCount": 5, "titleFontSize": TEXT,
        "titleFontWeight": "normal",
    }  # fmt: skip
    said = {"field": "series", "type": "nominal", "sort": None, "legend": _legend(figure, "bottom")}
    # The numbers of several lines would stand on one another; the table beside has them.
    written_out = len(figure.series) == 1 and len(figure.rows) <= 12
    line = {
        "mark": {"type": "line", "point": {"filled": True, "size": 60}, "strokeWidth": 2},
        "encoding": {
            "strokeDash": {**said, "scale": _scale(figure, [list(dash) for dash in DASHES])},
            "shape": {**said, "scale": _scale(figure, list(SHAPES))},
            "color": {**said, "scale": _scale(figure, list(LINES))},
        },
    }
    text = {"mark": {"type": "text", "dy": -13}, "encoding": {"text": {"field": "text", "type": "nominal"}}}
    return {
        "height": 240,
        "encoding": {
            "x": {**_labels(figure), "axis": {"title": None, "labelAngle": 0, "labelOverlap": True}},
            "y": {"field": "value", "type": "quantitative", "scale": scale, "axis": axis},
        },
        "layer": [line, text] if written_out else [line],
    }
