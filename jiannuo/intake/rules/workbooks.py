"""The workbooks a clerk gets: a template to fill, and a receipt to mend and send again."""

import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from msgspec import Struct

from jiannuo.intake.rules.headings import VERDICT_HEADING, fold
from jiannuo.policy.kinds import Field, Kind

NEED_WORDS = {"M": "必填", "O": "选填", "B": "不填"}
DANGEROUS = ("=", "+", "-", "@", "\t", "\r")
DROP_DOWN_LIMIT = 255
"""A drop-down longer than this must stand in cells of its own sheet."""
TEMPLATE_ROWS = 10_000
WIDEST = 60


class Mark(Struct, frozen=True):
    """What a receipt says at a cell; column -1 means the whole row."""

    row: int
    column: int
    level: str
    message: str
    fix: str

    @property
    def words(self) -> str:
        return f"{self.message}。{self.fix}" if self.fix else self.message


def template(kind: Kind, *, on: date) -> bytes:
    """An empty workbook of a kind: headings, drop-downs, a note on each heading, and a page that explains every field."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"title": kind.title, "comments": kind.source})
        sheet, lists = book.add_worksheet("填报"), book.add_worksheet("可选项")
        heads = {
            need: book.add_format(
                {"bold": True, "bg_color": color, "border": 1, "text_wrap": True, "valign": "vcenter"}
            )
            for need, color in {"M": "#F6D9D5", "O": "#E3E9F1", "B": "#DDDDDD"}.items()
        }
        text = book.add_format({"num_format": "@"})
        fields = [field for field in kind.fields if field.need != "B"]
        for at, field in enumerate(fields):
            sheet.write_string(0, at, field.title, heads[field.need])
            sheet.write_comment(0, at, _note(field, kind, on), {"x_scale": 2, "y_scale": 1.6})
            sheet.set_column(at, at, min(max(len(field.title) * 2, 14), 40), text)
            _drop_down(sheet, lists, at, field, kind, on)
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 36)
        lists.hide()
        _explain(book, fields, kind, on)
    return buffer.getvalue()


def _drop_down(sheet: Any, lists: Any, at: int, field: Field, kind: Kind, on: date) -> None:
    options = list(kind.codes_on(field.codes, on)) if field.type == "choice" else []
    if not options:
        return
    for row, option in enumerate(options):
        lists.write_string(row, at, option)
    source: Any = options
    if len(",".join(options)) > DROP_DOWN_LIMIT:
        from_, to = f"{_letters(at)}$1", f"{_letters(at)}${len(options)}"
        source = f"=可选项!${from_}:${to}"
    rule = {
        "validate": "list",
        "source": source,
        "error_title": "不在可选项内",
        "error_message": "请从下拉列表中选择",
        "error_type": "warning",
    }
    sheet.data_validation(1, at, TEMPLATE_ROWS, at, rule)


def _letters(column: int) -> str:
    head, tail = divmod(column, 26)
    return (chr(64 + head) if head else "") + chr(65 + tail)


def _note(field: Field, kind: Kind, on: date) -> str:
    parts = [NEED_WORDS[field.need], field.hint]
    if field.length:
        parts.append(f"不超过{field.length}个字")
    if field.type == "choices":
        parts.append("可填几项，用分号隔开：" + "；".join(kind.codes_on(field.codes, on)))
    return "\n".join(part for part in parts if part)


def _explain(book: Any, fields: Sequence[Field], kind: Kind, on: date) -> None:
    page = book.add_worksheet("填报说明")
    head = book.add_format({"bold": True, "bottom": 1})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.write_string(0, 0, kind.title, head)
    page.write_string(1, 0, f"依据：{kind.source}；本模板按{on:%Y年%m月%d日}施行的规则生成")
    for at, word in enumerate(("列名", "代号", "是否必填", "最多字数", "怎样填")):
        page.write_string(3, at, word, head)
    for row, field in enumerate(fields, start=4):
        page.write_string(row, 0, field.title, wrapped)
        page.write_string(row, 1, field.id, wrapped)
        page.write_string(row, 2, NEED_WORDS[field.need], wrapped)
        page.write_string(row, 3, str(field.length or ""), wrapped)
        page.write_string(row, 4, _note(field, kind, on), wrapped)
    page.set_column(0, 0, 34)
    page.set_column(1, 3, 14)
    page.set_column(4, 4, 90)


def receipt(
    headings: Sequence[str],
    rows: Iterable[tuple[int, Sequence[object]]],
    marks: Mapping[int, Sequence[Mark]],
    *,
    heading_row: int,
    remark: str = "",
) -> bytes:
    """The sheet as it came, in its order, each refused cell marked with what is wrong and what to do.

    `rows` are (number in the sheet sent, cells); the first column added says how each row fared. Sent back, that column is passed over.
    """
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet("校验结果")
        plain = book.add_format({"num_format": "@"})
        head = book.add_format({"bold": True, "bg_color": "#E3E9F1", "border": 1, "text_wrap": True})
        paint = {
            "error": book.add_format({"num_format": "@", "bg_color": "#F8CFC9", "font_color": "#8A1C10", "border": 1}),
            "warning": book.add_format({"num_format": "@", "bg_color": "#FCEBC2", "border": 1}),
        }
        kept = [at for at, heading in enumerate(headings) if fold(heading) != fold(VERDICT_HEADING)]
        about = {mark.column: mark.words for mark in marks.get(heading_row, ())}
        sheet.write_string(0, 0, VERDICT_HEADING, head)
        if remark:
            sheet.write_comment(0, 0, remark, {"x_scale": 2, "visible": True})
        for to, at in enumerate(kept, start=1):
            sheet.write_string(0, to, headings[at], paint["warning"] if at in about else head)
            if at in about:
                sheet.write_comment(0, to, about[at], {"x_scale": 2})
        for row, (number, cells) in enumerate(rows, start=1):
            _receipt_row(sheet, row, cells, kept, marks.get(number, ()), plain, paint)
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, WIDEST, book.add_format({"text_wrap": True, "valign": "top"}))
        sheet.set_column(1, len(kept), 22)
    return buffer.getvalue()


def _receipt_row(
    sheet: Any, row: int, cells: Sequence[object], kept: Sequence[int], marks: Sequence[Mark], plain: Any, paint: Any
) -> None:
    where = {at: to for to, at in enumerate(kept, start=1)}
    by_cell: dict[int, list[Mark]] = {}
    for mark in marks:
        by_cell.setdefault(where.get(mark.column, 0), []).append(mark)
    level = _worst(marks)
    words = "；".join(mark.words for mark in marks if mark.level != "note")
    state = "未收" if level == "error" else "已在库，没有重复收" if level == "note" else "已收"
    sheet.write_string(row, 0, f"{state}：{words}" if words else state, paint.get(level, plain))
    for at, to in where.items():
        found = by_cell.get(to, [])
        text = shown(cells[at]) if at < len(cells) else ""
        sheet.write_string(row, to, text, paint.get(_worst(found), plain))
        if found:
            sheet.write_comment(row, to, "\n".join(mark.words for mark in found), {"x_scale": 2})


def _worst(marks: Sequence[Mark]) -> str:
    levels = {mark.level for mark in marks}
    return next((level for level in ("error", "note", "warning") if level in levels), "ok")


def shown(cell: object) -> str:
    """A cell as text: what was read is what goes back, and nothing begins a formula."""
    if isinstance(cell, date):
        return f"{cell:%Y/%m/%d}"
    if isinstance(cell, float) and cell.is_integer():
        return f"{cell:.0f}"
    return "" if cell is None else str(cell)


def export(headings: Sequence[str], rows: Iterator[Sequence[str]], *, title: str) -> bytes:
    """A plain workbook of text cells; none can start a formula."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(buffer, options) as book:
        sheet = book.add_worksheet(title[:31])
        head, plain = (
            book.add_format({"bold": True, "bg_color": "#E3E9F1", "border": 1}),
            book.add_format({"num_format": "@"}),
        )
        sheet.set_column(0, max(len(headings) - 1, 0), 22)
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading, head)
        for row, cells in enumerate(rows, start=1):
            for at, cell in enumerate(cells):
                sheet.write_string(row, at, cell, plain)
    return buffer.getvalue()


def harmless(text: str) -> str:
    """A CSV cell that a spreadsheet takes as text: what could start a formula gets an apostrophe before it."""
    return f"'{text}" if text.startswith(DANGEROUS) else text
