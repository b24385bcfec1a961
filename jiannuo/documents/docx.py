"""An official document as DOCX that names the standard's fonts and can be mended in any office program."""

import io
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jiannuo.documents import charts, layout, wordml
from jiannuo.documents.content import Block, Chart, Document, Heading, PageBreak, Paragraph, Table, numbered
from jiannuo.documents.figures import description
from jiannuo.documents.fonts import Role
from jiannuo.documents.text import clean, long_day
from jiannuo.documents.wordml import paragraph, run

if TYPE_CHECKING:
    from docx.document import Document as Word

ROLES: tuple[Role, ...] = ("hei", "kai", "body", "body")
EMU_PER_MM = 36_000


def docx(document: Document, *, folder: Path) -> bytes:
    """The document as DOCX, the same bytes for the same content; `folder` keeps its charts."""
    import docx as library

    pictures = iter(charts.pngs(document.figures, folder=folder) if document.figures else ())
    word = library.Document()
    _begin(word, document)
    for xml in _parts(word, document, pictures):
        wordml.append(word, xml)
    _furnish(word, document)
    raw = io.BytesIO()
    word.save(raw)
    return _same_bytes(raw.getvalue(), document)


def _begin(word: "Word", document: Document) -> None:
    """Page, styles and what the file says of itself, all from the document and nothing from the clock."""
    wordml.set_styles(word)
    section = word.sections[0]
    wordml.set_page(section, landscape=False)
    word.settings.odd_and_even_pages_header_footer = True
    wordml.set_settings(word)
    # The library's own template brings a picture of another document.
    package = word.part.package
    for key in [key for key, link in package.rels.items() if link.reltype.endswith("/thumbnail")]:
        del package.rels[key]
    moment = datetime(document.dated.year, document.dated.month, document.dated.day)  # noqa: DTZ001 - Word has no zones
    about: dict[str, Any] = {
        "title": clean(document.title), "author": clean(document.signer), "last_modified_by": "", "comments": "",
        "subject": clean(document.number), "keywords": "", "language": "zh-CN", "revision": 1,
        "created": moment, "modified": moment,
    }  # fmt: skip
    for name, value in about.items():
        setattr(word.core_properties, name, value)


def _furnish(word: "Word", document: Document) -> None:
    """Page numbers odd right and even left, and the mark at the head of every page of every section."""
    first = word.sections[0]
    wordml.fill(first.footer, wordml.page_number("right"))
    wordml.fill(first.even_page_footer, wordml.page_number("left"))
    if notice := clean(document.notice):
        words = run(f" {notice} ", "hei", size=layout.SIZE_4, color=layout.RED, spacing=0, boxed=True)
        mark = paragraph(words, align="center", line=None)
        wordml.fill(first.header, mark)
        wordml.fill(first.even_page_header, mark)


def _parts(word: "Word", document: Document, pictures: Iterator[bytes]) -> Iterator[str]:
    yield from _head(document)
    turned = False
    for number, block in numbered(document.body):
        if isinstance(block, Table) and block.landscape != turned:
            turned = block.landscape
            yield wordml.section_end(landscape=not turned)
        elif turned and not isinstance(block, Table):
            turned = False
            yield wordml.section_end(landscape=True)
        yield from _block(word, number, block, pictures)
    if turned:
        yield wordml.section_end(landscape=True)
    yield from _tail(document)


def _head(document: Document) -> Iterator[str]:
    """版头, title and 主送机关 with the standard's distances."""
    size = layout.issuer_size(document.issuer)
    issuer = run(clean(document.issuer), "title", size=size, color=layout.RED, spacing=0)
    # Word leaves out space above the first line of a page: an empty line of that height stands there.
    yield paragraph("", line=35 * layout.MM - 4)
    yield paragraph(issuer, align="center", line=size + 8)
    if number := clean(document.number):
        yield paragraph(run(number), align="center", before=2 * layout.LINE - 4)
    yield paragraph("", line=4 * layout.MM, rule=layout.RED)
    lines = layout.title_lines(document.title)
    for at, line in enumerate(lines):
        before = 2 * layout.LINE if at == 0 else 0
        yield paragraph(
            run(line, "title", size=layout.SIZE_2, spacing=0), align="center", before=before, line=36, outline=0
        )
    yield paragraph("")
    if to := clean(document.to).rstrip("：:"):
        yield paragraph(run(f"{to}："))


def _block(word: "Word", number: str, block: Block, pictures: Iterator[bytes]) -> Iterator[str]:
    if isinstance(block, Heading):
        words = run(number + clean(block.text), ROLES[block.level - 1])
        yield paragraph(words, style=f"Heading{block.level}", indent=2)
    elif isinstance(block, Paragraph):
        yield paragraph(run(clean(block.text)), indent=2, align="both")
    elif isinstance(block, Table):
        yield _caption(f"{number}　{clean(block.title)}", keep=True)
        yield wordml.table(block)
        note = run(f"注：{clean(block.note)}", size=layout.SIZE_5, spacing=0) if block.note else ""
        yield paragraph(note, line=18, before=3)
    elif isinstance(block, Chart):
        alt = f"{clean(block.caption)}。{description(block.figure)}"
        yield paragraph(_picture(word, next(pictures), alt), align="center", line=None, before=6, keep=True)
        yield _caption(f"{number}　{clean(block.caption)}")
    elif isinstance(block, PageBreak):
        yield paragraph('<w:r><w:br w:type="page"/></w:r>')


def _caption(text: str, *, keep: bool = False) -> str:
    return paragraph(run(text, "hei", size=layout.SIZE_4, spacing=0), align="center", keep=keep)


def _picture(word: "Word", png: bytes, alt: str) -> str:
    """A drawing a little narrower than the type area, described for those who do not see it."""
    inline = word.part.new_pic_inline(io.BytesIO(png), width=140 * EMU_PER_MM)
    inline.docPr.set("descr", alt)
    inline.docPr.set("name", f"chart {inline.docPr.id}")
    return f"<w:r><w:drawing>{wordml.text_of(inline)}</w:drawing></w:r>"


def _tail(document: Document) -> Iterator[str]:
    """附件说明, signature and date, 版记."""
    names = [clean(name) for name in document.attachments]
    for at, name in enumerate(names):
        mark = f"{at + 1}." if len(names) > 1 else ""
        head = "附件：" if at == 0 else ""
        hang = 3.0 + (0.75 if mark else 0.0)
        # Later names start where the first one's mark stands.
        left, first = 2 + hang, (-hang if at == 0 else -(hang - 3))
        yield paragraph(run(head + mark + name), left=left, first=first, before=layout.LINE if at == 0 else 0)
    dated = long_day(document.dated)
    signer, date = layout.signature_indents(document.signer, dated)
    yield paragraph(run(clean(document.signer)), align="right", right=signer, before=2 * layout.LINE, keep=True)
    yield paragraph(run(dated), align="right", right=date)
    copies = "，".join(clean(name) for name in document.copies_to)
    printed = f"{long_day(document.printed_on or document.dated)}印发"
    if copies or document.printed_by:
        yield from wordml.imprint(copies, clean(document.printed_by), printed)
        # A frame hangs on the paragraph after it; LibreOffice drops an empty one.
        yield paragraph(run(" "), line=10)


def _same_bytes(raw: bytes, document: Document) -> bytes:
    """The same archive with the document's own day on each member instead of the clock's."""
    moment = (max(document.dated.year, 1980), document.dated.month, document.dated.day, 0, 0, 0)
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            member = zipfile.ZipInfo(name, moment)
            member.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(member, wordml.font_table() if name == "word/fontTable.xml" else old.read(name))
    return made.getvalue()
