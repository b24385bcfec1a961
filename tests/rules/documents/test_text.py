"""How numbers, chapters and titles of official documents are written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some

from jiannuo.documents import layout
from jiannuo.documents.content import Chart, Column, Document, Heading, PageBreak, Paragraph, Table, numbered
from jiannuo.documents.figures import Figure
from jiannuo.documents.text import clean, em, heading_number, long_day, numeral, written
from jiannuo.kernel.refusals import Refused

NUMERALS = [(1, "一"), (9, "九"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (99, "九十九")]
HEADINGS = [(1, 2, "二、"), (2, 12, "（十二）"), (3, 3, "3."), (4, 10, "（10）")]
WRITTEN = [
    (1234567, "1,234,567"),
    (-12, "-12"),
    (0, "0"),
    (Decimal("98.30"), "98.30"),
    (Decimal("1E+3"), "1,000"),
    (None, "—"),
    ("", "—"),
    ("A&B\x07\n公司", "A&B 公司"),
]
CLEANED = [
    ("a\x00b\x1fc", "abc"),
    ("甲\r\n乙\t丙", "甲 乙 丙"),
    ("\ud800左\u202e右\ufffe\U0001ffff", "左右"),
    ("䶮𠮷〔2026〕", "䶮𠮷〔2026〕"),
]


@pytest.mark.parametrize("number,words", NUMERALS)
def test_numerals(number: int, words: str) -> None:
    assert numeral(number) == words


@pytest.mark.parametrize("level,number,words", HEADINGS)
def test_headings_begin_as_the_standard_says(level: int, number: int, words: str) -> None:
    assert heading_number(level, number) == words


@pytest.mark.parametrize("value,words", WRITTEN)
def test_cells_are_written_for_people(value: Decimal | int | str | None, words: str) -> None:
    assert written(value) == words


@pytest.mark.parametrize("raw,kept", CLEANED)
def test_what_cannot_be_printed_is_left_out(raw: str, kept: str) -> None:
    assert clean(raw) == kept


def test_a_date_has_no_leading_zeros() -> None:
    assert long_day(date(2026, 3, 2)) == "2026年3月2日"


TABLE = Table("表", (Column("甲"),), ((1,),))
FIGURE = Figure(kind="bar", title="图", unit="", series=("甲",), rows=(("乙", (1,)),))


def test_lower_levels_start_anew_and_tables_and_charts_have_their_own_numbers() -> None:
    body = (
        Heading(1, "甲"), Heading(2, "乙"), Heading(2, "丙"), Heading(3, "丁"), TABLE, Heading(4, "戊"), Heading(1, "己"),
        Paragraph("文"), Heading(2, "庚"), TABLE, Chart(FIGURE, "图"), PageBreak(), Heading(3, "辛"),
    )  # fmt: skip
    said = [number for number, _ in numbered(body)]
    assert said == ["一、", "（一）", "（二）", "1.", "表1", "（1）", "二、", "", "（一）", "表2", "图1", "", "1."]


TITLES = [
    ("青禾县政务诚信建设实施方案", 1),
    ("青禾县人民政府关于2026年政务诚信建设情况的报告", 2),
    ("青禾县人民政府办公室关于印发《青禾县政务诚信建设实施方案》的通知", 2),
    ("关于进一步加强政务诚信建设健全守信践诺机制优化营商环境若干措施落实情况的通报", 3),
]


@pytest.mark.parametrize("title,most", TITLES)
def test_a_title_breaks_into_lines_that_fit_and_lose_nothing(title: str, most: int) -> None:
    lines = layout.title_lines(title)
    assert "".join(lines) == title
    assert len(lines) <= most
    assert max(map(em, lines)) <= layout.TYPE_WIDTH / layout.SIZE_2


def test_a_title_breaks_where_the_words_do_and_a_given_break_is_kept() -> None:
    assert layout.title_lines(TITLES[2][0])[0].endswith("印发")
    assert layout.title_lines("青禾县人民政府\n关于诚信建设的报告") == ("青禾县人民政府", "关于诚信建设的报告")


@given(some.text(some.characters(categories=("Lo", "Nd", "Po")), min_size=1, max_size=76))
def test_no_title_loses_a_character(title: str) -> None:
    assert "".join(layout.title_lines(title)) == clean(title)


def test_the_signer_stands_centred_over_the_date() -> None:
    signer, day = layout.signature_indents("青禾县人民政府办公室", "2026年11月25日")
    assert day == 4
    assert signer + em("青禾县人民政府办公室") / 2 == day + em("2026年11月25日") / 2
    wide = layout.signature_indents("青禾县" * 8, "2026年1月5日")
    assert min(wide) >= 0


def test_shares_of_columns_make_one_and_starve_none() -> None:
    table = Table("表", (Column("序号"), Column("单位"), Column("")), ((1, "很长的名称" * 30, None),))
    assert sum(layout.shares(table)) == pytest.approx(1)
    assert min(layout.shares(table)) > 0.08


def _document(**changes: object) -> Document:
    given_ = {
        "issuer": "青禾县人民政府文件",
        "title": "报告",
        "body": (),
        "signer": "青禾县人民政府",
        "dated": date(2026, 3, 2),
    }
    return Document(**{**given_, **changes})  # type: ignore[arg-type]


WRONG = [
    ({"title": "很" * 77}, "标题有 77 个字"),
    ({"title": "\x00 "}, "没有标题"),
    ({"issuer": "县" * 22}, "发文机关标志有 22 个字"),
    ({"signer": ""}, "没有署名"),
]


@pytest.mark.parametrize("changes,words", WRONG)
def test_a_document_that_cannot_be_set_is_refused_in_words(changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words) as refusal:
        _document(**changes)
    assert refusal.value.fix
    assert refusal.value.clause == "GB/T 9704-2012"


def test_a_table_with_a_row_too_short_is_refused_and_says_which() -> None:
    with pytest.raises(Refused, match="第 2 行"):
        Table("表", (Column("甲"), Column("乙")), ((1, 2), (3,)))
    with pytest.raises(Refused, match="有 0 栏"):
        Table("表", (), ())


def test_a_table_of_many_columns_lies_down() -> None:
    columns = tuple(Column(str(at)) for at in range(9))
    assert Table("表", columns, ()).landscape
    assert not TABLE.landscape
