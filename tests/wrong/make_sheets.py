"""Make the sheets of `sheets/`: one file for each way a penalty sheet can be wrong, and for each odd way it may be right.

Run `python -m tests.wrong.make_sheets` after changing it. `password.xlsx` was locked by hand in a spreadsheet program.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import Table, TableCell, TableRow
from odf.text import P

from jiannuo.policy import pack as policy

FOLDER = Path(__file__).parent / "sheets"
PACK = policy.load(policy.ROOT / "sample")
KIND = PACK.kinds["penalty_legal"]
ORGAN = next(organ for organ in PACK.organs if organ.name == "青禾县市场监督管理局")
OTHER = next(organ for organ in PACK.organs if organ.name == "青禾县公安局")

GOOD: Mapping[str, Any] = {
    "CF_XDR_MC": "青禾县晨光食品有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": "91410526MA3X12345D",
    "CF_FRDB": "赵某",
    "CF_WSH": "青市监罚决字〔2026〕12号",
    "CF_WFXW": "销售超过保质期的食品",
    "CF_SY": "2026年9月1日检查发现货架上有3袋超过保质期的面粉。",
    "CF_YJ": "《中华人民共和国食品安全法》第一百二十四条",
    "CF_CFLB": "罚款",
    "CF_NR": "罚款2000元。",
    "CF_NR_FK": "0.2",
    "CF_JDRQ": "2026/09/03",
    "CF_YXQ": "2099/12/31",
    "CF_CFJG": ORGAN.name,
    "CF_CFJGDM": ORGAN.uscc,
    "CF_SJLY": ORGAN.name,
    "CF_SJLYDM": ORGAN.uscc,
}
IDS = [field.id for field in KIND.fields]
TITLES = [field.title for field in KIND.fields]

Rows = Sequence[Mapping[str, Any]]
Book = Callable[[Any, Any], None]


def good(**changes: Any) -> dict[str, Any]:
    """A row that passes, with changes."""
    return {**GOOD, **changes}


def numbered(count: int, **changes: Any) -> list[dict[str, Any]]:
    """Rows that pass, each with a document number of its own."""
    return [good(CF_WSH=f"青市监罚决字〔2026〕{number}号", **changes) for number in range(101, 101 + count)]


def text(
    rows: Rows, *, headings: Sequence[str] = TITLES, ids: Sequence[str] = IDS, delimiter: str = ",", above: str = ""
) -> str:
    """The rows as delimited text."""
    file = io.StringIO(newline="")
    file.write(above)
    sheet = csv.writer(file, delimiter=delimiter)
    sheet.writerow(headings)
    sheet.writerows([[row.get(field_id, "") for field_id in ids] for row in rows])
    return file.getvalue()


def book(
    rows: Rows, *, after: Book | None = None, options: Mapping[str, Any] | None = None, first: int = 0, left: int = 0
) -> bytes:
    """The rows as a workbook; `after` may spoil it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **(options or {})}) as workbook:
        workbook.set_properties({"created": datetime(2026, 9, 30)})
        sheet = workbook.add_worksheet("处罚")
        day = workbook.add_format({"num_format": "yyyy/mm/dd"})
        for column, title in enumerate(TITLES):
            sheet.write(first, left + column, title)
        for number, row in enumerate(rows, start=first + 1):
            for column, field_id in enumerate(IDS):
                value = row.get(field_id, "")
                if isinstance(value, datetime | time):
                    sheet.write_datetime(number, left + column, value, day)
                elif value != "":
                    sheet.write(number, left + column, value)
        if after:
            after(workbook, sheet)
    return buffer.getvalue()


def cell(field_id: str) -> int:
    """The column of a field."""
    return IDS.index(field_id)


def _merge(_book: Any, sheet: Any) -> None:
    sheet.merge_range(1, cell("CF_YJ"), 2, cell("CF_YJ"), "合并的依据")


def _formula(_book: Any, sheet: Any) -> None:
    sheet.write_formula(1, cell("CF_FRDB"), "=B1&C1", None, "")


def _error(_book: Any, sheet: Any) -> None:
    sheet.write_formula(1, cell("BZ"), "=1/0", None, "#DIV/0!")


def _second_sheet(workbook: Any, _sheet: Any) -> None:
    other = workbook.add_worksheet("备份")
    for column, title in enumerate(TITLES):
        other.write(0, column, title)


def wrong() -> dict[str, bytes | str]:
    """Each wrong file by name."""
    half = book([good()])
    without = [field_id for field_id in IDS if field_id not in ("CF_WSH", "CF_SY")]
    yuan = [title.replace("罚款金额（万元）", "罚款金额（元）") for title in TITLES]
    return {
        "truncated.xlsx": half[: len(half) // 2],
        "not_a_table.csv": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(64),
        "no_headings.csv": "一些文字,另一些\n1,2\n",
        "no_rows.csv": text([]),
        "only_blank_rows.xlsx": book([{}, {}]),
        "only_blank_rows.csv": text([{}, {}]),
        "columns_missing.csv": text([good()], headings=[KIND.by_id[i].title for i in without], ids=without),
        "heading_twice.csv": text([good()], headings=[*TITLES, "违法事实"], ids=[*IDS, "CF_SY"]),
        "unit_in_heading.csv": text([good()], headings=yuan),
        "unclosed_quote.csv": text([good()]) + '"' + "x" * 210_000,
        "encoding_unknown.csv": text([good()]).encode() + b"\xff\xfe\xfa\xff\x80",
        "merged_cells.xlsx": book(numbered(2), after=_merge),
        "two_sheets.xlsx": book([good()], after=_second_sheet),
        "macro.xlsm": half,
        "empty.csv": "",
        "formula_without_result.xlsx": book([good(CF_FRDB="")], after=_formula),
        "error_value.xlsx": book([good()], after=_error),
        "code_as_number.xlsx": book([good(CF_XDR_SHXYM=914105260056789022)]),
        "day_as_number.xlsx": book([good(CF_JDRQ=46268)]),
        "yes_no_cell.xlsx": book([good(CF_WFXW=True)]),
        "control_character.csv": text([good(CF_SY="货架上\x07有过期面粉")]),
        "required_empty.csv": text([good(CF_SY="")]),
        "too_long.csv": text([good(CF_FRDB="某" * 51)]),
        "uscc_check_digit.csv": text([good(CF_XDR_SHXYM="91410526MA3X12345E")]),
        "uscc_letter_o.csv": text([good(CF_XDR_SHXYM="9141O526MA3X12345D")]),
        "placeholder_of_a_firm.csv": text([good(CF_XDR_SHXYM="0" * 17 + "X")]),
        "household_as_firm.csv": text([good(CF_XDR_SHXYM="92410526MA40ABC136")]),
        "natural_person_in_firms.csv": text([good(CF_XDR_LB="自然人")]),
        "blank_column_filled.csv": text([good(CF_XDR_ZJHM="410526199001010015")]),
        "day_impossible.csv": text([good(CF_JDRQ="2026/02/30")]),
        "day_in_the_future.csv": text([good(CF_JDRQ="2026/12/30")]),
        "valid_before_decided.csv": text([good(CF_YXQ="2026/09/01")]),
        "yuan_for_wan.csv": text([good(CF_NR_FK="2000")]),
        "amount_with_unit.csv": text([good(CF_NR_FK="2000元")]),
        "fine_without_amount.csv": text([good(CF_NR_FK="")]),
        "amount_too_fine.csv": text([good(CF_NR_FK="0.1234567")]),
        "category_unknown.csv": text([good(CF_CFLB="罚酒三杯")]),
        "revocation_without_licence.csv": text([good(CF_CFLB="吊销许可证件;罚款")]),
        "document_number_is_text.csv": text([good(CF_WSH="见附件")]),
        "document_number_short_year.csv": text([good(CF_WSH="青市监罚决字〔26〕12号")]),
        "organ_unknown.csv": text([good(CF_CFJG="某县某局", CF_CFJGDM="")]),
        "organ_and_code_differ.csv": text([good(CF_CFJG=OTHER.name)]),
        "organ_not_ours.csv": text([good(CF_CFJG=OTHER.name, CF_CFJGDM=OTHER.uscc)]),
        "id_number_in_facts.csv": text([good(CF_SY="王某（身份证号410526199001010015）在场。")]),
        "same_row_twice.csv": text([good(), good()]),
    }


def odd() -> dict[str, bytes | str]:
    """Each file that looks odd and is right."""
    rows = numbered(3)
    return {
        "plain.xlsx": book(rows),
        "plain.xls": _old_workbook(rows),
        "plain.ods": _open_document(rows),
        "plain_utf8.csv": text(rows),
        "with_mark.csv": text(rows).encode("utf-8-sig"),
        "gb18030.csv": text(rows).encode("gb18030"),
        "utf16.csv": text(rows).encode("utf-16"),
        "tabs.csv": text(rows, delimiter="\t"),
        "semicolons.csv": text(rows, delimiter=";"),
        "title_above.csv": text(rows, above="青禾县市场监督管理局行政处罚信息,,,\n制表：张某,,\n"),
        "headings_by_id.csv": text(rows, headings=IDS),
        "headings_turned.csv": text(rows, headings=TITLES[::-1], ids=IDS[::-1]),
        "headings_marked.csv": text(rows, headings=[f" *{title} （必填）" for title in TITLES]),
        "moved_right_and_down.xlsx": book(rows, first=3, left=2),
        "days_of_1904.xlsx": book(numbered(3, CF_JDRQ=datetime(2026, 9, 3)), options={"date_1904": True}),
        "days_as_text.csv": text(
            [
                good(CF_JDRQ=day, CF_WSH=f"青市监罚决字〔2026〕{number}号")
                for number, day in enumerate(("2026-9-3", "2026年9月3日", "２０２６．９．３"), start=101)
            ]
        ),
        "numbers_as_numbers.xlsx": book(numbered(3, CF_NR_FK=0.2, CF_XDR_GSZC=110108000000016)),
        "lines_in_cells.csv": text(numbered(3, CF_SY="第一行\r\n第二行")),
        "blank_rows_between.csv": text([rows[0], {}, rows[1], {}, {}, rows[2]]),
        "document_numbers_untidy.csv": text(
            [
                good(CF_WSH=number)
                for number in (
                    "青市监罚决字[2026]第0101号",
                    " 青市监罚决字（2026）102 号",
                    "青市监罚决字【２０２６】１０３号",
                )
            ]
        ),
        "older_feed.csv": text(
            rows, headings=[{"CF_XDR_GSZC": "CF_XDR_GSDJ", "CF_FRDB": "CF_FR"}.get(i, i) for i in IDS]
        ),
        "hidden_second_sheet.xlsx": book(rows, after=lambda workbook, _: _hidden(workbook)),
    }


def _old_workbook(rows: Rows) -> bytes:
    workbook = xlwt.Workbook()
    sheet = workbook.add_sheet("处罚")
    for number, cells in enumerate((TITLES, *([row.get(field_id, "") for field_id in IDS] for row in rows))):
        for column, cell_text in enumerate(cells):
            sheet.write(number, column, cell_text)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _open_document(rows: Rows) -> bytes:
    document = OpenDocumentSpreadsheet()
    table = Table(name="处罚")
    for cells in (TITLES, *([row.get(field_id, "") for field_id in IDS] for row in rows)):
        line = TableRow()
        for cell_text in cells:
            one = TableCell(valuetype="string")
            one.addElement(P(text=cell_text))
            line.addElement(one)
        table.addElement(line)
    document.spreadsheet.addElement(table)
    buffer = io.BytesIO()
    document.write(buffer)
    return buffer.getvalue()


def _hidden(workbook: Any) -> None:
    _second_sheet(workbook, None)
    workbook.worksheets()[1].hide()


def main() -> None:
    """Write every file."""
    for name, content in {**wrong(), **{f"right_{name}": content for name, content in odd().items()}}.items():
        data = content if isinstance(content, bytes) else content.encode()
        (FOLDER / name).write_bytes(data)


if __name__ == "__main__":
    main()
