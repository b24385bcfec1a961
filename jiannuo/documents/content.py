"""What an official document says; how it looks is the renderers' business. A document that exists can be rendered."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from jiannuo.documents.figures import Figure
from jiannuo.documents.text import clean, heading_number
from jiannuo.kernel.refusals import Refused

Cell = str | int | Decimal | None
LONGEST_TITLE, LONGEST_ISSUER, MOST_COLUMNS = 76, 21, 16
UPRIGHT_COLUMNS = 8
DEMO_NOTICE = "演示数据　内容虚构"
"""At the head of every page of what was made on a demonstration."""


class Heading(Struct, frozen=True):
    """A heading of level 1 to 4; its number is made by the renderer."""

    level: Literal[1, 2, 3, 4]
    text: str


class Paragraph(Struct, frozen=True):
    text: str


class Column(Struct, frozen=True):
    label: str
    align: Literal["left", "center", "right"] = "left"


class Table(Struct, frozen=True):
    """A table with its number and title above and its note below; without rows it says 无."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def __post_init__(self) -> None:
        count = len(self.columns)
        if not 1 <= count <= MOST_COLUMNS:
            raise _wrong(f"表“{self.title}”有 {count} 栏", f"请改成 1 至 {MOST_COLUMNS} 栏")
        if wrong := next((at for at, row in enumerate(self.rows, 1) if len(row) != count), 0):
            raise _wrong(f"表“{self.title}”第 {wrong} 行的格数与栏数（{count}）不同", "请补齐或者去掉这一行多出的格")

    @property
    def landscape(self) -> bool:
        """Whether the table has too many columns to stand upright."""
        return len(self.columns) > UPRIGHT_COLUMNS


class Chart(Struct, frozen=True):
    figure: Figure
    caption: str


class PageBreak(Struct, frozen=True):
    pass


Block = Heading | Paragraph | Table | Chart | PageBreak


class Document(Struct, frozen=True, kw_only=True):
    """An official document (GB/T 9704-2012). `issuer` is the red line as printed, 青禾县人民政府文件; a line break in
    `title` is kept; `number` and `to` may be empty; `notice` stands at the head of every page.
    """

    issuer: str
    number: str = ""
    title: str
    to: str = ""
    body: tuple[Block, ...]
    attachments: tuple[str, ...] = ()
    signer: str
    dated: date
    copies_to: tuple[str, ...] = ()
    printed_by: str = ""
    printed_on: date | None = None
    notice: str = ""

    def __post_init__(self) -> None:
        for name, value in (("发文机关标志", self.issuer), ("标题", self.title), ("署名", self.signer)):
            if not clean(value):
                raise _wrong(f"公文没有{name}", f"请填写{name}")
        if (length := len(clean(self.issuer))) > LONGEST_ISSUER:
            raise _wrong(f"发文机关标志有 {length} 个字，一行放不下", f"请用规范化简称，不超过 {LONGEST_ISSUER} 个字")
        if (length := len(clean(self.title))) > LONGEST_TITLE:
            raise _wrong(f"标题有 {length} 个字，四行放不下", f"请压缩到 {LONGEST_TITLE} 个字以内")

    @property
    def figures(self) -> tuple[Figure, ...]:
        """The charts of the body in their order."""
        return tuple(block.figure for block in self.body if isinstance(block, Chart))


def _wrong(message: str, fix: str) -> Refused:
    return Refused(message, fix=fix, clause="GB/T 9704-2012", code="document")


def numbered(body: tuple[Block, ...]) -> Iterator[tuple[str, Block]]:
    """Each block with the number it is printed with: headings in four levels, tables 表1, charts 图1."""
    counts = {1: 0, 2: 0, 3: 0, 4: 0}
    tables = charts = 0
    for block in body:
        number = ""
        if isinstance(block, Heading):
            counts[block.level] += 1
            counts |= {level: 0 for level in counts if level > block.level}
            number = heading_number(block.level, counts[block.level])
        elif isinstance(block, Table):
            tables += 1
            number = f"表{tables}"
        elif isinstance(block, Chart):
            charts += 1
            number = f"图{charts}"
        yield number, block
