"""A file of a kind as parts, their cells judged: all that can be told from the file alone."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from jiannuo.intake.rules import formulas, tables
from jiannuo.intake.rules.checking import Checker, Part
from jiannuo.intake.rules.headings import Headings, Layout
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind


class Opened(Struct, frozen=True):
    """A file whose headings were found."""

    sheet: str
    heading_row: int
    layout: Layout
    unreadable: Mapping[tuple[int, int], str]
    """(row, column) of cells that look empty but hold an error or a formula without a result, and what they hold."""


def read(data: bytes, filename: str, kind: Kind) -> tuple[Opened, Iterator[Part]]:
    """What a file of a kind turned out to be, and its rows in order. Raises Refused where it is no such table."""
    headings = Headings(kind)
    table = tables.open_table(data, filename, score=headings.score)
    if table.merged:
        shown = "、".join(table.merged[:5]) + ("等" if len(table.merged) > 5 else "")
        raise Refused(f"数据区有合并单元格：{shown}", fix="请取消合并，并把每一行的内容填完整后重新上传", code="merged")
    layout = headings.lay_out(table.headings)
    opened = Opened(table.sheet, table.heading_row, layout, formulas.unreadable_cells(data, table.sheet))
    checker = Checker(kind, layout)
    return opened, (checker.check(first, cells) for first, cells in table.chunks)
