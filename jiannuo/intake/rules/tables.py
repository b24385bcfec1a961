"""Open what a clerk sent (XLSX, XLS, ODS, CSV) and find its heading row. Read or refused in words, never a guess."""

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from typing import TYPE_CHECKING

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

TYPES = frozenset({"xlsx", "xls", "ods", "csv"})
CHUNK = 2000
"""Rows checked at a time: enough to make a column worth sweeping, few enough to stay near the processor."""
LOOK_FOR_HEADINGS = 30
PIECE = 2**16
UNPACKED_LIMIT = 3 * 2**30
MOST_COLUMNS = 300
DELIMITERS = (",", "\t", ";", "，")

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SAVE_AGAIN = "请用表格软件打开，另存为“Excel 工作簿（.xlsx）”后重新上传"

Cells = list[object]
Scorer = Callable[[Sequence[str]], int]


class Table(Struct, frozen=True):
    """A sheet with its headings found. `chunks` yields (number of the first row, rows), rows counted as a spreadsheet counts them."""

    sheet: str
    headings: tuple[str, ...]
    heading_row: int
    chunks: Iterator[tuple[int, list[Cells]]]
    merged: tuple[str, ...]


def open_table(data: bytes, filename: str, *, score: Scorer) -> Table:
    """The table in a file. `score` says how many cells of a row are headings the kind knows. Raises Refused in words."""
    suffix = filename.rsplit(".", 1)[-1].lower()
    if data.startswith((b"PK\x03\x04", OLE)):
        return _workbook(data, score)
    if suffix in ("xlsx", "xls", "ods"):
        raise Refused(f"“{filename}”不是完整的表格文件，打不开", fix=SAVE_AGAIN, code="broken")
    return _text(data, score)


# -- workbooks ---------------------------------------------------------------------------------------------------


def _workbook(data: bytes, score: Scorer) -> Table:
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetVisibleEnum

    if data.startswith(OLE) and "EncryptedPackage".encode("utf-16-le") in data:
        raise _locked()
    if data.startswith(b"PK"):
        _refuse_bomb(data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        shown = [meta.name for meta in book.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
        found = [_sheet(book.get_sheet_by_name(name), score) for name in shown]
    except PasswordError as wrong:
        raise _locked() from wrong
    except (CalamineError, zipfile.BadZipFile, OSError) as wrong:
        raise Refused("表格文件已损坏，打不开", fix=SAVE_AGAIN, code="broken") from wrong
    tables = [table for table in found if table is not None]
    if not tables:
        raise _no_headings("工作簿")
    if len(tables) > 1:
        names = "、".join(f"“{table.sheet}”" for table in tables)
        raise Refused(
            f"有{len(tables)}张工作表都像是要上报的数据：{names}",
            fix="请每次只留一张要上报的工作表，其余的另存或隐藏",
            code="sheets",
        )
    return tables[0]


def _locked() -> Refused:
    return Refused(
        "文件设有打开密码，无法读取", fix="请在表格软件中去掉密码（文件—信息—保护工作簿）后重新上传", code="password"
    )


def _refuse_bomb(data: bytes) -> None:
    try:
        unpacked = sum(item.file_size for item in zipfile.ZipFile(io.BytesIO(data)).infolist())
    except zipfile.BadZipFile as wrong:
        raise Refused("表格文件已损坏，打不开", fix=SAVE_AGAIN, code="broken") from wrong
    if unpacked > UNPACKED_LIMIT:
        raise Refused(
            f"文件展开后有{unpacked / 2**30:.1f}吉字节，超过上限", fix="请按年份或类别拆成几个文件上传", code="size"
        )


def _sheet(sheet: "CalamineSheet", score: Scorer) -> Table | None:
    if sheet.start is None:
        return None
    rows: Iterator[Cells] = iter(sheet.iter_rows())  # type: ignore[arg-type]
    if sheet.start[1]:
        # iter_rows begins at the sheet's first row, but leaves out columns that are empty at its left.
        rows = ([""] * sheet.start[1] + row for row in rows)
    first = list(islice(rows, LOOK_FOR_HEADINGS))
    at = _heading_at(first, score)
    if at is None:
        return None
    headings = _headings(first[at])
    merged = tuple(
        _range_words(low, high)
        for low, high in sheet.merged_cell_ranges or ()
        if high[0] > at and (low[0] < high[0] or low[1] < high[1])
    )
    return Table(sheet.name, headings, at + 1, _chunks(chain(first[at + 1 :], rows), at + 2), merged)


def _range_words(low: tuple[int, int], high: tuple[int, int]) -> str:
    return f"{column_letters(low[1])}{low[0] + 1}:{column_letters(high[1])}{high[0] + 1}"


def column_letters(column: int) -> str:
    """The letters a spreadsheet shows over a column counted from 0."""
    letters = ""
    while column >= 0:
        column, rest = divmod(column, 26)
        letters = chr(65 + rest) + letters
        column -= 1
    return letters


# -- text --------------------------------------------------------------------------------------------------------


def encoding_of(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, or GB18030: found by strict decoding, refused where none fits."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    for name in ("utf-8-sig", "gb18030"):
        if _is_in(name, data):
            return name
    raise Refused(
        "文件的文字编码认不出（不是 UTF-8，也不是 GB18030）",
        fix="请另存为“CSV UTF-8”或 .xlsx 后重新上传",
        code="encoding",
    )


def _is_in(encoding: str, data: bytes) -> bool:
    # Piece by piece: the whole text at once would take more memory than all the rest of the work.
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for at in range(0, len(data), PIECE):
            decoder.decode(data[at : at + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _text(data: bytes, score: Scorer) -> Table:
    if b"\0" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("这不是表格文件", fix=SAVE_AGAIN, code="broken")
    encoding = encoding_of(data)
    csv.field_size_limit(200_000)
    best: tuple[int, Table] | None = None
    for delimiter in DELIMITERS:
        rows = _csv_rows(data, encoding, delimiter)
        first = _next(rows, LOOK_FOR_HEADINGS)
        at = _heading_at(first, score)
        if at is None:
            continue
        headings = _headings(first[at])
        found = score(headings)
        if best is None or found > best[0]:
            best = found, Table("", headings, at + 1, _chunks(chain(first[at + 1 :], rows), at + 2), ())
    if best is None:
        raise _no_headings("文件")
    return best[1]


def _csv_rows(data: bytes, encoding: str, delimiter: str) -> Iterator[Cells]:
    return csv.reader(io.TextIOWrapper(io.BytesIO(data), encoding, newline=""), delimiter=delimiter)  # type: ignore[return-value]


# -- headings ----------------------------------------------------------------------------------------------------


def _no_headings(what: str) -> Refused:
    return Refused(
        f"在{what}前{LOOK_FOR_HEADINGS}行没有找到表头",
        fix="请下载模板，对照模板第一行的列名补上表头（列的顺序不限）",
        code="headings",
    )


def _heading_at(rows: Sequence[Cells], score: Scorer) -> int | None:
    scores = [score(_headings(row)) for row in rows]
    best = max(scores, default=0)
    return scores.index(best) if best >= 2 else None


def _headings(row: Cells) -> tuple[str, ...]:
    cells = [re.sub(r"\s+", "", cell) if isinstance(cell, str) else "" for cell in row[:MOST_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _chunks(rows: Iterator[Cells], number: int) -> Iterator[tuple[int, list[Cells]]]:
    while chunk := _next(rows, CHUNK):
        yield number, chunk
        number += len(chunk)


def _next(rows: Iterator[Cells], most: int) -> list[Cells]:
    try:
        return list(islice(rows, most))
    except csv.Error as wrong:
        raise Refused(
            "有一处引号没有成对，后面的内容连成了一格",
            fix="请检查单元格里的英文引号，或另存为 .xlsx 后上传",
            code="quotes",
        ) from wrong
