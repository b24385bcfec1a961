"""A real document to DOCX and PDF and opened again: text, order, page, fonts, repeated heads, no box for a character."""

import io
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import docx as library
import pypdf
import pytest
from msgspec.structs import replace

from jiannuo.documents.content import Block, Chart, Column, Document, Heading, Paragraph, Table
from jiannuo.documents.docx import docx
from jiannuo.documents.figures import Figure
from jiannuo.documents.pdf import pdf
from jiannuo.kernel.refusals import Refused

COLUMNS = (Column("序号", "center"), Column("单位"), Column("按期率（%）", "right"))
ROWS = tuple((at, f"第{at}单位", Decimal("98.30")) for at in range(1, 61))
FIGURE = Figure(kind="bar", title="按期率", unit="%", series=("2026年",), rows=(("甲局", (98,)), ("乙局", (42,))))
RARE = "A&B公司<b>#strong[x]$x$@y *z* _w_ \\q、䶮某、𠮷某\x07\x00"
BODY: tuple[Block, ...] = (
    Paragraph(f"第一段。{RARE}"),
    Heading(1, "总体情况"),
    Heading(2, "公示"),
    Heading(3, "许可"),
    Heading(4, "及时"),
    Chart(FIGURE, "各单位按期率"),
    Table("各单位按期情况", COLUMNS, ROWS, note="按工作日计算。"),
    Table("被问责的单位", COLUMNS, ()),
    Table("分项得分", tuple(Column(f"项{at}") for at in range(12)), (tuple(range(12)),)),
    Paragraph("最后一段。"),
)
DOCUMENT = Document(
    issuer="青禾县人民政府文件", number="青政〔2026〕31号", title="青禾县人民政府关于2026年政务诚信建设情况的报告",
    to="县直各单位", body=BODY, attachments=("甲", "乙"), signer="青禾县人民政府", dated=date(2026, 11, 25),
    copies_to=("县委办公室",), printed_by="青禾县人民政府办公室", printed_on=date(2026, 11, 26), notice="演示数据",
)  # fmt: skip
ORDER = (
    "青禾县人民政府文件", "青政〔2026〕31号", "县直各单位：", "第一段。", "一、总体情况", "（一）公示", "1.许可", "（1）及时",
    "图1", "表1", "第60单位", "表2", "表3", "最后一段。", "附件：1.甲", "2.乙", "2026年11月25日", "抄送：县委办公室。",
    "2026年11月26日印发",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("documents")


@pytest.fixture(scope="module")
def paper(folder: Path) -> bytes:
    return pdf(DOCUMENT, folder=folder)


@pytest.fixture(scope="module")
def word(folder: Path) -> bytes:
    return docx(DOCUMENT, folder=folder)


def _in_order(text: str) -> list[str]:
    """What is missing, or stands before what it should follow."""
    wrong, at = [], 0
    for words in ORDER:
        found = text.find(words, at)
        if found < 0:
            wrong.append(words)
        else:
            at = found
    return wrong


def _pages(content: bytes) -> list[str]:
    pages = pypdf.PdfReader(io.BytesIO(content)).pages
    return [re.sub(r"[\s\u3000]+", "", page.extract_text()) for page in pages]


def test_the_pdf_reads_in_order_and_says_what_it_was_given(paper: bytes) -> None:
    text = "".join(_pages(paper))
    assert _in_order(text) == []
    assert "A&B公司<b>#strong[x]$x$@y*z*_w_\\q、䶮某、𠮷某" in text
    assert "无" in text


def test_every_page_carries_the_notice_its_number_and_the_head_of_a_long_table(paper: bytes) -> None:
    pages = _pages(paper)
    assert len(pages) >= 4
    for number, page in enumerate(pages, 1):
        assert "演示数据" in page
        assert f"—{number}—" in page
    assert [page.count("序号单位按期率（%）") for page in pages if re.search(r"第\d+单位", page)] >= [1, 1]
    assert all("序号单位按期率（%）" in page for page in pages if re.search(r"第\d+单位", page))


def test_the_pdf_is_archival_tagged_and_has_a4_pages_with_embedded_fonts(paper: bytes) -> None:
    reader = pypdf.PdfReader(io.BytesIO(paper))
    assert b"pdfaid:part" in paper.replace(b" ", b"") or reader.xmp_metadata is not None
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"] is not None  # type: ignore[index]
    for page in reader.pages:
        assert sorted(float(side) for side in page.mediabox[2:]) == pytest.approx([595.28, 841.89], abs=0.1)
    assert any(page.mediabox.width > page.mediabox.height for page in reader.pages)
    fonts = {
        str(font.get_object()["/BaseFont"])
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()  # type: ignore[index]
    }
    assert all("+" in name for name in fonts), "each is embedded as a subset"
    assert reader.metadata is not None
    assert reader.metadata.title == DOCUMENT.title
    assert str(reader.metadata.creation_date).startswith("2026-11-25")


def test_a_character_no_font_has_is_refused_by_name_and_not_printed_as_a_box(folder: Path) -> None:
    strange = replace(DOCUMENT, body=(Paragraph("有\U00013000字"),))
    with pytest.raises(Refused, match="没有这些字") as refusal:
        pdf(strange, folder=folder)
    assert "JIANNUO_FONTS" in refusal.value.fix
    assert docx(strange, folder=folder)


def test_the_same_content_gives_the_same_bytes(folder: Path, paper: bytes, word: bytes) -> None:
    assert pdf(DOCUMENT, folder=folder) == paper
    assert docx(DOCUMENT, folder=folder) == word


def _words(word: bytes) -> str:
    body = library.Document(io.BytesIO(word)).element.body
    return "".join(element.text or "" for element in body.iter("{*}t"))


def test_the_docx_reads_in_the_same_order(word: bytes) -> None:
    text = _words(word)
    assert _in_order(text) == []
    assert "A&B公司<b>#strong[x]$x$@y *z* _w_ \\q、䶮某、𠮷某" in text


def test_the_docx_has_the_page_of_the_standard(word: bytes) -> None:
    opened = library.Document(io.BytesIO(word))
    assert [section.orientation for section in opened.sections] == [0, 1, 0]
    for section in (opened.sections[0], opened.sections[2]):
        edges = (section.top_margin, section.right_margin, section.bottom_margin, section.left_margin)
        assert [round(edge.mm) for edge in edges if edge is not None] == [37, 26, 35, 28]
        assert [round(side.mm) for side in (section.page_width, section.page_height) if side] == [210, 297]
    first = opened.sections[0]
    assert [p.text.strip() for p in (*first.header.paragraphs, *first.even_page_header.paragraphs)] == ["演示数据"] * 2
    assert [place.paragraphs[0].alignment for place in (first.footer, first.even_page_footer)] == [2, 0]
    assert opened.settings.odd_and_even_pages_header_footer


def test_the_docx_names_the_standards_fonts_and_its_own_day(word: bytes) -> None:
    opened = library.Document(io.BytesIO(word))
    xml = opened.element.xml
    for name in ("方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体"):
        assert f'w:eastAsia="{name}"' in xml
    assert opened.core_properties.created is not None
    assert opened.core_properties.created.date() == DOCUMENT.dated
    assert opened.core_properties.title == DOCUMENT.title


def test_the_heads_of_tables_in_the_docx_are_repeated_and_the_picture_is_described(word: bytes) -> None:
    opened = library.Document(io.BytesIO(word))
    assert [len(table.rows) for table in opened.tables] == [61, 2, 2]
    assert all("<w:tblHeader/>" in table.rows[0]._tr.xml for table in opened.tables)
    (inline,) = opened.inline_shapes
    assert "甲局：2026年 98" in inline._inline.docPr.get("descr")


def test_a_bare_document_is_enough(folder: Path) -> None:
    bare = Document(issuer="青禾县信用办", title="通报", body=(), signer="青禾县信用办", dated=date(2026, 1, 5))
    assert "2026年1月5日" in "".join(_pages(pdf(bare, folder=folder)))
    assert "2026年1月5日" in _words(docx(bare, folder=folder))
