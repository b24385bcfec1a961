"""The WordprocessingML an official document is made of, as text: a table of thousands of cells is written at once."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any, Literal

from jiannuo.documents import layout
from jiannuo.documents.content import Table
from jiannuo.documents.fonts import DECLARED, FACES, Role
from jiannuo.documents.text import clean

if TYPE_CHECKING:
    from docx.document import Document as Word
    from docx.section import Section

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
CHARACTER = layout.CHARACTER
CLOSER = layout.CHARACTER - layout.SIZE_3 - 0.03  # points between characters, so that 28 stand in a line
FOOTER = 35 - 7 - 5.5  # mm from the edge: the number's head stands 7 mm below the type area


def twips(points: float) -> int:
    """Twentieths of a point, Word's measure."""
    return round(points * 20)


def fonts(role: Role) -> str:
    """The standard's font for every script, so that quotation marks are Chinese too."""
    name = DECLARED[role]
    return f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}" w:eastAsia="{name}" w:cs="{name}" w:hint="eastAsia"/>'


def run(
    text: str,
    role: Role = "body",
    *,
    size: float = layout.SIZE_3,
    color: str = "",
    spacing: float = CLOSER,
    boxed: bool = False,
) -> str:
    """Text in one face of the standard."""
    painted = f'<w:color w:val="{color}"/>' if color else ""
    closer = f'<w:spacing w:val="{twips(spacing)}"/>' if spacing else ""
    half = round(size * 2)
    box = f'<w:bdr w:val="single" w:sz="6" w:space="0" w:color="{color or "000000"}"/>' if boxed else ""
    return (
        f'<w:r><w:rPr>{fonts(role)}{painted}{closer}<w:sz w:val="{half}"/><w:szCs w:val="{half}"/>{box}</w:rPr>'
        f'<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )


def paragraph(
    content: str,
    *,
    style: str = "",
    align: str = "",
    indent: float = 0,
    left: float = 0,
    first: float = 0,
    right: float = 0,
    before: float = 0,
    line: float | None = layout.LINE,
    keep: bool = False,
    rule: str = "",
    frame: str = "",
    outline: int | None = None,
) -> str:
    """A paragraph; indents in characters, `before` and `line` in points (None: as high as what stands in it)."""
    edge = f'<w:bottom w:val="single" w:sz="12" w:space="0" w:color="{rule}"/>' if rule else ""
    height = f' w:line="{twips(line)}" w:lineRule="exact"' if line else ' w:line="240" w:lineRule="auto"'
    start = first or indent
    shift = f'w:firstLine="{twips(start * CHARACTER)}"' if start >= 0 else f'w:hanging="{twips(-start * CHARACTER)}"'
    parts = [
        f'<w:pStyle w:val="{style}"/>' if style else "",
        "<w:keepNext/>" if keep or style else "",
        frame,
        f"<w:pBdr>{edge}</w:pBdr>" if edge else "",
        f'<w:spacing w:before="{twips(before)}" w:after="0"{height}/>',
        f'<w:ind w:left="{twips(left * CHARACTER)}" w:right="{twips(right * CHARACTER)}" {shift}/>',
        f'<w:jc w:val="{align}"/>' if align else "",
        f'<w:outlineLvl w:val="{outline}"/>' if outline is not None else "",
    ]
    return f"<w:p><w:pPr>{''.join(parts)}</w:pPr>{content}</w:p>"


def table(content: Table) -> str:
    """A table whose head row is repeated on each page and whose rows are not torn."""
    width = layout.TYPE_WIDTH if not content.landscape else layout.LANDSCAPE_WIDTH
    widths = [twips(share * width) for share in layout.shares(content)]
    size = layout.table_size(content)
    aligns = [column.align for column in content.columns]
    heads = [clean(column.label) for column in content.columns]
    rows = [_row(heads, widths, ["center"] * len(widths), size, head=True)]
    rows += [_row(row, widths, aligns, size) for row in layout.cells(content)]
    if not content.rows:
        rows.append(_row(("无",), [sum(widths)], ["center"], size, span=len(widths)))
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    edges = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in sides)
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}'
        '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="80" w:type="dxa"/>'
        f'<w:right w:w="80" w:type="dxa"/></w:tblCellMar></w:tblPr><w:tblGrid>{grid}</w:tblGrid>{"".join(rows)}</w:tbl>'
    )


def _row(texts: Any, widths: list[int], aligns: list[Any], size: float, *, head: bool = False, span: int = 1) -> str:
    role: Role = "hei" if head else "body"
    before = f'<w:rPr>{fonts(role)}<w:sz w:val="{round(size * 2)}"/></w:rPr><w:t xml:space="preserve">'
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    made = [
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}<w:vAlign w:val="center"/></w:tcPr><w:p><w:pPr>'
        f'<w:spacing w:before="50" w:after="50" w:line="{twips(size * 1.35)}" w:lineRule="exact"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r>{before}{escape(text)}</w:t></w:r></w:p></w:tc>'
        for text, width, align in zip(texts, widths, aligns, strict=True)
    ]
    header = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{header}</w:trPr>{''.join(made)}</w:tr>"


def imprint(copies: str, printed_by: str, printed_on: str) -> Iterator[str]:
    """版记 in a frame at the foot of the last page's type area: thick rules outside, a thin one between.

    Rules run as wide as the indents of their paragraph, so the inset of one character is written as a space; LibreOffice
    loses a frame with a border between its paragraphs, so the thin rule is an underlined tab.
    """
    width, size = twips(layout.TYPE_WIDTH), layout.SIZE_4
    frame = (
        f'<w:framePr w:w="{width}" w:wrap="around" w:vAnchor="margin" w:hAnchor="margin" w:xAlign="left" '
        'w:yAlign="bottom"/>'
    )
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="{round(0.35 * layout.MM * 8)}" w:space="3" w:color="000000"/>'
        for side in ("top", "bottom")
    )
    hang = 4 * size / CHARACTER

    def line(content: str, end: int, height: float) -> str:
        tabs = f'<w:tabs><w:tab w:val="right" w:pos="{end}"/></w:tabs>'
        return paragraph(content, left=hang, first=-hang, line=height, frame=f"{frame}<w:pBdr>{edges}</w:pBdr>{tabs}")

    if copies:
        yield line(run(f"　抄送：{copies}。", size=size, spacing=0), width - twips(size), 25)
    if copies and printed_by:
        ruled = '<w:r><w:rPr><w:sz w:val="8"/><w:u w:val="single"/></w:rPr><w:tab/><w:tab/></w:r>'
        yield line(ruled, width, 9)
    if printed_by:
        day = run(printed_on, size=size, spacing=0)
        words = f"{run(f'　{printed_by}', size=size, spacing=0)}<w:r><w:tab/></w:r>{day}"
        yield line(words, width - twips(size), 25)


def page_number(side: Literal["left", "right"]) -> str:
    """— 1 — in 4号 宋体, one character in from the outer edge."""
    face = '<w:rFonts w:ascii="宋体" w:hAnsi="宋体" w:eastAsia="宋体" w:hint="eastAsia"/>'
    look = f'<w:rPr>{face}<w:sz w:val="{round(layout.SIZE_4 * 2)}"/></w:rPr>'

    def piece(inside: str) -> str:
        return f"<w:r>{look}{inside}</w:r>"

    field = "".join(
        piece(inside)
        for inside in (
            '<w:t xml:space="preserve">— </w:t>', '<w:fldChar w:fldCharType="begin"/>',
            '<w:instrText xml:space="preserve"> PAGE </w:instrText>', '<w:fldChar w:fldCharType="separate"/>',
            "<w:t>1</w:t>", '<w:fldChar w:fldCharType="end"/>', '<w:t xml:space="preserve"> —</w:t>',
        )
    )  # fmt: skip
    inset = layout.SIZE_4 / CHARACTER
    return paragraph(field, align=side, left=inset, right=inset, line=None)


def section_end(*, landscape: bool) -> str:
    """The end of a section that stood upright or turned; what follows begins on a new page."""
    return f'<w:p><w:pPr><w:spacing w:line="20" w:lineRule="exact"/>{_section(landscape=landscape)}</w:pPr></w:p>'


def _section(*, landscape: bool) -> str:
    wide, high = layout.PAGE if not landscape else layout.PAGE[::-1]
    top, right, bottom, left = layout.MARGINS if not landscape else layout.MARGINS_TURNED
    turned = ' w:orient="landscape"' if landscape else ""
    size = f'<w:pgSz w:w="{_mm(wide)}" w:h="{_mm(high)}"{turned}/>'
    edges = f'w:top="{_mm(top)}" w:right="{_mm(right)}" w:bottom="{_mm(bottom)}" w:left="{_mm(left)}"'
    foot = FOOTER if not landscape else FOOTER - (layout.BOTTOM - layout.OUTSIDE)
    around = f'<w:pgMar {edges} w:header="{_mm(14)}" w:footer="{_mm(foot)}" w:gutter="0"/>'
    return f"<w:sectPr>{size}{around}</w:sectPr>"


def _mm(length: float) -> int:
    return twips(length * layout.MM)


def set_page(section: "Section", *, landscape: bool) -> None:
    """The last section's own page; sections before it end with `section_end`."""
    from docx.shared import Mm

    top, right, bottom, left = layout.MARGINS_TURNED if landscape else layout.MARGINS
    section.page_width, section.page_height = Mm(layout.PAGE[0]), Mm(layout.PAGE[1])
    section.top_margin, section.right_margin = Mm(top), Mm(right)
    section.bottom_margin, section.left_margin = Mm(bottom), Mm(left)
    section.header_distance, section.footer_distance = Mm(14), Mm(FOOTER)


def set_styles(word: "Word") -> None:
    """Body and headings in the standard's faces, so that what is typed into the file later looks the same."""
    from docx.shared import Pt, RGBColor

    roles: dict[str, Role] = {
        "Normal": "body", "Heading 1": "hei", "Heading 2": "kai", "Heading 3": "body", "Heading 4": "body",
    }  # fmt: skip
    for name, role in roles.items():
        style: Any = word.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(layout.SIZE_3), False, False
        style.font.color.rgb = RGBColor(0, 0, 0)
        properties = style.element.get_or_add_rPr()
        for old in properties.findall("{*}rFonts"):
            properties.remove(old)
        properties.insert(0, parse(fonts(role)))
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
        # No gap between Chinese and digits: 2026年, not 2026 年.
        spaces: Any = style.element.get_or_add_pPr()
        for tag in ("autoSpaceDE", "autoSpaceDN"):
            spaces.insert_element_before(
                parse(f'<w:{tag} w:val="0"/>'), "w:bidi", "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind",
                "w:contextualSpacing", "w:mirrorIndents", "w:jc", "w:outlineLvl", "w:rPr",
            )  # fmt: skip


def font_table() -> str:
    """What Word looks for where a font is not there: the same face under the names it goes by elsewhere."""
    entries = "".join(
        f'<w:font w:name="{face.declared}"><w:altName w:val="{",".join(name for name in face.own if name != face.declared)}"/>'
        '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/></w:font>'
        for face in FACES
    )
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {NAMESPACE}>{entries}</w:fonts>'


def set_settings(word: "Word") -> None:
    """Printed on both sides: the margins change places on even pages."""
    settings = word.settings.element
    settings.insert(1, parse("<w:mirrorMargins/>"))  # behind w:zoom, where the schema wants it


def parse(xml: str) -> Any:
    """An element of the main namespace."""
    from docx.oxml.parser import parse_xml

    head, mark, rest = xml.partition(">")
    close = head.endswith("/")
    return parse_xml(f"{head.removesuffix('/')} {NAMESPACE}{'/' if close else ''}{mark}{rest}")


def text_of(element: Any) -> str:
    """An element as text that carries its own namespaces."""
    from docx.oxml.xmlchemy import serialize_for_reading

    return str(serialize_for_reading(element))


def append(word: "Word", xml: str) -> None:
    """The element at the end of the body, before the last section's properties."""
    body = word.element.body
    body.insert(len(body) - 1, parse(xml))


def fill(place: Any, xml: str) -> None:
    """A header or footer holds this paragraph and nothing else."""
    place.is_linked_to_previous = False
    for old in list(place._element):  # noqa: SLF001 - the library has no way to empty it
        place._element.remove(old)  # noqa: SLF001
    place._element.append(parse(xml))  # noqa: SLF001
