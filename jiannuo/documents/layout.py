"""The measures of GB/T 9704-2012 and what follows from them, the same for DOCX and PDF. Lengths in points or mm as named."""

from collections.abc import Iterator
from itertools import pairwise

from jiannuo.documents.content import Table
from jiannuo.documents.text import clean, em, written

MM = 72 / 25.4
PAGE = (210.0, 297.0)  # mm, A4
TOP, INSIDE, OUTSIDE, BOTTOM = 37.0, 28.0, 26.0, 35.0  # mm; the type area is 156 x 225
MARGINS = (TOP, OUTSIDE, BOTTOM, INSIDE)  # top, right, bottom, left of an odd page
MARGINS_TURNED = (INSIDE, TOP, OUTSIDE, BOTTOM)  # a landscape sheet is bound at its head
TYPE_WIDTH = 156 * MM
LANDSCAPE_WIDTH = 225 * MM
SIZE_2, SIZE_3, SIZE_4, SIZE_SMALL_4, SIZE_5 = 22.0, 16.0, 14.0, 12.0, 10.5  # points: 2号 3号 4号 小四 5号
LINE = 28.95  # points: 22 lines on 225 mm
CHARACTER = TYPE_WIDTH / 28  # points: 28 characters of 3号 on 156 mm, a little closer than they would stand
RED = "C8102E"
LARGEST_ISSUER = 42.0  # points: at most 15 mm high
PER_LINE = 19  # characters of a title of 2号; one less than fit, so that a line does not touch the margin

_NOT_FIRST = set("，。、；：？！）》】〕”’%％的之等")
_NOT_LAST = set("（《【〔“‘")
# Words on which titles of official documents turn; without a dictionary they are the safest places to break.
_GOOD_END = ("的", "和", "与", "及", "、", "》", "”", "）", "关于", "印发", "转发", "，", " ")
_GOOD_START = (
    "《", "关于", "实施", "工作", "情况", "有关", "进一步", "政府", "政务", "年度", "和", "与", "及", "加强", "健全", "完善",
    "优化", "推进", "建立", "落实", "开展", "若干",
)  # fmt: skip


def issuer_size(issuer: str) -> float:
    """The red line is as large as its width allows, 15 mm at most."""
    return min(LARGEST_ISSUER, TYPE_WIDTH / max(em(clean(issuer)), 1))


def title_lines(title: str) -> tuple[str, ...]:
    """A title in lines that form a trapezium or a lozenge and break where the words allow; a break given is kept."""
    if "\n" in title.strip():
        return tuple(line for part in title.split("\n") if (line := clean(part)))
    text = clean(title)
    if em(text) <= PER_LINE:
        return (text,)
    least = -(-len(text) // PER_LINE)
    ways = [way for count in (least, least + 1) for way in _ways(text, count)]
    return min(ways, key=_cost, default=tuple(_plain(text)))


def _plain(text: str) -> Iterator[str]:
    for at in range(0, len(text), PER_LINE):
        yield text[at : at + PER_LINE]


def _ways(text: str, count: int) -> Iterator[tuple[str, ...]]:
    if count == 1:
        if em(text) <= PER_LINE:
            yield (text,)
        return
    fair = len(text) // count
    for at in range(max(fair - 6, 4), min(fair + 7, len(text) - 3)):
        if em(text[:at]) <= PER_LINE + 1 and _may_break(text, at):
            for rest in _ways(text[at:], count - 1):
                yield text[:at], *rest


def _may_break(text: str, at: int) -> bool:
    before, after = text[at - 1], text[at]
    both_latin = before.isascii() and after.isascii() and before.isalnum() and after.isalnum()
    return after not in _NOT_FIRST and before not in _NOT_LAST and not both_latin and not _inside_a_date(before, after)


def _inside_a_date(before: str, after: str) -> bool:
    return (before.isdigit() and after in "年月日度号条个") or (before in "年月" and after.isdigit())


def _cost(lines: tuple[str, ...]) -> float:
    widths = [em(line) for line in lines]
    steps = [later - sooner for sooner, later in pairwise(widths)]
    falls = [step < 0 for step in steps]
    # An hourglass (short in the middle) and equal lines are what the standard does not want.
    shape = 12.0 if any(fell and not then for fell, then in pairwise(falls)) else 0.0
    same = 1.5 * sum(abs(step) < 0.75 for step in steps)
    uneven = sum(max(abs(step) - 3, 0) for step in steps)
    return shape + same + uneven + 5.0 * (len(lines) - 2) + sum(_break_cost(line) for line in pairwise(lines))


def _break_cost(lines: tuple[str, str]) -> float:
    before, after = lines
    if before.endswith(_GOOD_END):
        return 0.0
    return 1.0 if after.startswith(_GOOD_START) else 4.0


def signature_indents(signer: str, dated: str) -> tuple[float, float]:
    """How far signer and date stand from the right edge, in characters: the date four, the signer centred over it."""
    half = (em(clean(signer)) - em(dated)) / 2
    right = max(4.0, half)
    return right - half, right


def cells(table: Table) -> Iterator[tuple[str, ...]]:
    """The rows of a table as printed."""
    for row in table.rows:
        yield tuple(written(cell) for cell in row)


def shares(table: Table) -> tuple[float, ...]:
    """The width of each column as a share of the whole, after what stands in it; none is starved."""
    # A heading breaks in two before the names beneath their column do.
    longest = [min(max(em(label) * 0.6, min(em(label), 4.0)), 9.0) for label in (clean(c.label) for c in table.columns)]
    for row in cells(table):
        longest = [max(width, min(em(cell), 22.0)) for width, cell in zip(longest, row, strict=True)]
    wanted = [max(width, 2.0) + 1.4 for width in longest]
    return tuple(width / sum(wanted) for width in wanted)


def table_size(table: Table) -> float:
    """The size of the text in a table: 小四, 5号 where there are many columns."""
    return SIZE_SMALL_4 if len(table.columns) <= 6 else SIZE_5
