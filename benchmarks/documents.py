"""The consolidated report of 120 organs set as PDF and DOCX, beside the bare libraries on the same rows.

`python -m benchmarks.documents ours|limit pdf|docx`: one contender in this process, its seconds as JSON.
"""

import io
import json
import sys
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path

from benchmarks.measure import Figures, timed
from jiannuo.documents.charts import POINTS_PER_INCH, VERSION
from jiannuo.documents.content import Block, Chart, Column, Document, Heading, Paragraph, Table
from jiannuo.documents.docx import docx
from jiannuo.documents.figures import Figure, specification
from jiannuo.documents.fonts import present
from jiannuo.documents.pdf import pdf

ORGANS, TABLES, CHARTS = 120, 5, 5
HEADS = ("序号", "单位", "应公示（条）", "按期（条）", "按期率（%）", "名次")
LONG = "今年以来，全县各单位认真落实政务诚信建设实施方案，坚持说到做到，公示及时率比上年提高2.2个百分点。"


def rows(table: int) -> tuple[tuple[int | str | Decimal, ...], ...]:
    """The figures of every organ in one table."""
    return tuple(
        (at, f"青禾县第{at}个政府工作部门", 1200 + at * table, 1100 + at, Decimal(9830 - at * 7) / 100, at)
        for at in range(1, ORGANS + 1)
    )


def report() -> Document:
    """Five parts, each with its text, its chart and its table of every organ: some thirty pages."""
    body: list[Block] = []
    for part in range(1, TABLES + 1):
        shown = tuple((f"第{at}单位", (80 + (at * part) % 19,)) for at in range(1, 11))
        figure = Figure(kind="bar", title=f"第{part}项按期率", unit="%", series=("2026年",), rows=shown)
        columns = tuple(Column(head, "left" if head == "单位" else "right") for head in HEADS)
        body += [
            Heading(1, f"第{part}项工作"), Paragraph(LONG * 4), Chart(figure, f"第{part}项按期率"),
            Table(f"第{part}项按期情况", columns, rows(part)),
        ]  # fmt: skip
    return Document(
        issuer="青禾县人民政府文件", number="青政〔2026〕31号", title="青禾县2026年政务诚信建设情况的报告", to="县委",
        body=tuple(body), signer="青禾县人民政府", dated=date(2026, 11, 25), notice="演示数据",
    )  # fmt: skip


def drawn() -> list[str]:
    """The same charts by the drawing library, in this process."""
    import vl_convert

    return [vl_convert.vegalite_to_svg(specification(figure), vl_version=VERSION) for figure in report().figures]


def bare_pdf() -> bytes:
    """typst alone on the same rows and charts, without a layout."""
    import typst

    fonts = present()
    told = {
        "heads": HEADS,
        "charts": drawn(),
        "tables": [[[str(cell) for cell in row] for row in rows(at + 1)] for at in range(TABLES)],
    }
    source = (
        f'#set text(font: "{fonts.names("body")[0]}", size: 12pt)\n#let it = json(bytes(sys.inputs.it))\n'
        "#for rows in it.tables { table(columns: 6, table.header(..it.heads), ..rows.flatten()) }\n"
        '#for chart in it.charts { image(bytes(chart), format: "svg", alt: "chart") }\n'
    )
    finder = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(fonts.folders))
    return typst.compile(
        source.encode(), font_paths=finder, sys_inputs={"it": json.dumps(told)}, pdf_standards=["a-2a"]
    )


def bare_docx() -> bytes:
    """python-docx as its manual says, on the same rows and charts."""
    import docx as library
    import vl_convert

    word = library.Document()
    for at in range(TABLES):
        table = word.add_table(1, len(HEADS))
        for cell, head in zip(table.rows[0].cells, HEADS, strict=True):
            cell.text = head
        for row in rows(at + 1):
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = str(value)
    for picture in drawn():
        word.add_picture(io.BytesIO(vl_convert.svg_to_png(picture, ppi=POINTS_PER_INCH)))
    made = io.BytesIO()
    word.save(made)
    return made.getvalue()


def main() -> None:
    """Measure one contender once; ours starts with no chart kept."""
    who, form = sys.argv[1:]
    figures: Figures = {}
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as name, timed(figures, "seconds"):
        if who == "ours":
            content = (pdf if form == "pdf" else docx)(report(), folder=Path(name))
        else:
            content = bare_pdf() if form == "pdf" else bare_docx()
    figures["bytes"] = len(content)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
