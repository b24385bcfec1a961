"""An official document as PDF/A-2a: archival, tagged for those who hear it, set by typst in a process of its own."""

import json
import re
import sys
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from jiannuo.documents import apart, charts, layout
from jiannuo.documents.content import Block, Chart, Document, Heading, Paragraph, Table, numbered
from jiannuo.documents.figures import description
from jiannuo.documents.fonts import FACES, SONG, Fonts, present
from jiannuo.documents.text import clean, long_day
from jiannuo.kernel.refusals import Refused

SECONDS = 60
# A missing glyph stops an archival PDF; this is how typst says which.
_NO_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')


def pdf(document: Document, *, folder: Path, fonts: Path | None = None) -> bytes:
    """The document as PDF/A, the same bytes for the same content; `folder` keeps its charts, `fonts` is looked in first."""
    there = present(fonts)
    drawn = iter(charts.svgs(document.figures, folder=folder) if document.figures else ())
    job = {
        "content": _content(document, there, drawn),
        "folders": [str(path) for path in there.folders],
        "moment": datetime(document.dated.year, document.dated.month, document.dated.day, tzinfo=UTC).isoformat(),
    }
    said = apart.run("jiannuo.documents.pdf", json.dumps(job).encode(), what="生成 PDF ", seconds=SECONDS)
    if said.startswith(b"%PDF"):
        return said
    raise _unset(said.decode("utf-8", "replace"))


def _unset(said: str) -> Refused:
    signs = dict.fromkeys(_NO_GLYPH.findall(said))
    if signs:
        return Refused(
            f"这台服务器的字体里没有这些字：{'、'.join(signs)}，生成不了 PDF",
            fix="请系统管理员把有这些字的字体文件放进 JIANNUO_FONTS 指的目录，或者下载 DOCX",
            code="glyph",
        )
    return Refused(f"生成 PDF 没有成功：{said[:200]}", fix="请把这句话告诉系统管理员，先用 DOCX", code="rendering")


def _content(document: Document, fonts: Fonts, drawn: Any) -> dict[str, Any]:
    dated = long_day(document.dated)
    printed = f"{long_day(document.printed_on or document.dated)}印发"
    return {
        "measure": {"character": layout.CHARACTER, "line": layout.LINE, "red": layout.RED},
        "faces": _faces(fonts),
        "issuer": clean(document.issuer),
        "issuer_size": layout.issuer_size(document.issuer),
        "number": clean(document.number),
        "title": clean(document.title),
        "title_lines": layout.title_lines(document.title),
        "to": clean(document.to).rstrip("：:"),
        "body": [_block(number, block, drawn) for number, block in numbered(document.body)],
        "attachments": [clean(name) for name in document.attachments],
        "signer": clean(document.signer),
        "dated": dated,
        "indents": layout.signature_indents(document.signer, dated),
        "copies": "，".join(clean(name) for name in document.copies_to),
        "printed_by": clean(document.printed_by),
        "printed_on": printed,
        "notice": clean(document.notice),
    }


def _faces(fonts: Fonts) -> dict[str, list[str]]:
    # Page numbers are in 宋体 by the standard, which the stand-ins of the title are.
    song = [name for name in fonts.names("body") if name in SONG] or list(fonts.names("body"))
    faces = {str(face.role): list(fonts.names(face.role)) for face in FACES} | {"number": song}
    # typst takes a CN at the end for "condensed" and knows the family without it.
    return {role: [form for name in names for form in _forms(name)] for role, names in faces.items()}


def _forms(name: str) -> tuple[str, ...]:
    return (name, name.removesuffix(" CN")) if name.endswith(" CN") else (name,)


def _block(number: str, block: Block, drawn: Any) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": number + clean(block.text)}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "text": clean(block.text)}
    if isinstance(block, Table):
        return _table(number, block)
    if isinstance(block, Chart):
        alt = f"{clean(block.caption)}。{description(block.figure)}"
        return {"kind": "chart", "svg": next(drawn), "caption": f"{number}　{clean(block.caption)}", "alt": alt}
    return {"kind": "break"}


def _table(number: str, table: Table) -> dict[str, Any]:
    return {
        "kind": "table",
        "caption": f"{number}　{clean(table.title)}",
        "columns": [{"label": clean(column.label), "align": column.align} for column in table.columns],
        "shares": layout.shares(table),
        "rows": list(layout.cells(table)),
        "size": layout.table_size(table),
        "landscape": table.landscape,
        "note": f"注：{clean(table.note)}" if table.note else "",
    }


def compose() -> None:
    """The document given on standard input, on standard output; what typst refuses is written instead."""
    import typst

    job = json.load(sys.stdin)
    try:
        made = typst.compile(
            files("jiannuo.documents").joinpath("official.typ").read_bytes(),
            font_paths=typst.Fonts(
                include_system_fonts=False, include_embedded_fonts=False, font_paths=list(job["folders"])
            ),
            sys_inputs={"content": json.dumps(job["content"], ensure_ascii=False)},
            timestamp=datetime.fromisoformat(job["moment"]),
            pdf_standards=["a-2a"],
        )
    except typst.TypstError as refusal:
        made = (refusal.diagnostic or refusal.message).encode()
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    compose()
