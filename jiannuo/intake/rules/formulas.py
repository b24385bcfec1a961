"""Cells of an XLSX sheet that look empty to a reader but are not: error values, and formulas never calculated."""

import html
import io
import re
import zipfile
from collections.abc import Mapping

CELL = re.compile(rb'<c r="([A-Z]{1,3})([0-9]+)"([^>]*)>(.*?)</c>', re.DOTALL)
VALUE = re.compile(rb"<v>([^<]*)</v>|<is>")
SHEET = re.compile(r'<sheet [^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
RELATION = re.compile(r"<Relationship [^>]*?>")
PIECE = 2**16
OVERLAP = 16


def unreadable_cells(data: bytes, sheet: str) -> Mapping[tuple[int, int], str]:
    """(row as the sheet counts, column from 0) → what stands there instead of a value. Empty for anything but XLSX."""
    if not data.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        part = _part(book, sheet)
        if not part or not _suspicious(book, part):
            return {}
        xml = book.read(part)
    found: dict[tuple[int, int], str] = {}
    for letters, row, attributes, inside in CELL.findall(xml):
        value = VALUE.search(inside)
        if b't="e"' in attributes:
            found[int(row), _column(letters)] = value.group(1).decode() if value and value.group(1) else "错误值"
        elif b"<f" in inside and (value is None or value.group(1) == b""):
            found[int(row), _column(letters)] = "没有计算结果的公式"
    return found


def _part(book: zipfile.ZipFile, sheet: str) -> str:
    names = set(book.namelist())
    if not {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"} <= names:
        return ""
    ids = {
        html.unescape(name): id_ for name, id_ in SHEET.findall(book.read("xl/workbook.xml").decode("utf-8", "replace"))
    }
    for relation in RELATION.findall(book.read("xl/_rels/workbook.xml.rels").decode("utf-8", "replace")):
        if f'Id="{ids.get(sheet)}"' in relation:
            target = re.search(r'Target="([^"]*)"', relation)
            path = target.group(1).lstrip("/") if target else ""
            path = path if path.startswith("xl/") else f"xl/{path}"
            return path if path in names else ""
    return ""


def _suspicious(book: zipfile.ZipFile, part: str) -> bool:
    # A sweep that costs little beside reading the sheet; most files stop here.
    tail = b""
    with book.open(part) as xml:
        while piece := xml.read(PIECE):
            if b't="e"' in (joined := tail + piece) or b"<f" in joined:
                return True
            tail = piece[-OVERLAP:]
    return False


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + letter - 64
    return column - 1
