"""One organ's report as an official document, as it was signed or as it stands."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period
from jiannuo.documents.content import DEMO_NOTICE, Block, Cell, Column, Document, Heading, Paragraph, Table
from jiannuo.policy.reporting import ReportForm

COLUMNS = (Column("项目"), Column("数值", "right"), Column("单位"), Column("分子、分母和口径"))
UNSIGNED = "草稿　未经签发"


def printed(
    form: ReportForm,
    *,
    organ: str,
    to: str,
    period: Period,
    words: Mapping[str, str],
    figures: Sequence[Figure],
    signed_on: date | None,
    on: date,
    is_demo: bool,
) -> Document:
    """The report with its sections, each with the figures that stand under it; what is not signed says so on every page."""
    by_name = {one.id: one for one in figures}
    body: list[Block] = []
    for section in form.sections:
        body.append(Heading(1, section.title))
        body += _paragraphs(words.get(section.id, ""))
        if rows := [_row(by_name[name]) for name in section.figures if name in by_name]:
            body.append(Table(f"{section.title}有关数字", COLUMNS, tuple(rows)))
    marks = [DEMO_NOTICE] * is_demo + [UNSIGNED] * (signed_on is None)
    return Document(
        issuer=organ if len(organ) <= 21 else organ[-21:],
        title=f"{organ}\n{period.title}{form.title}报告",
        to=to,
        body=tuple(body),
        signer=organ,
        dated=signed_on or on,
        notice="　".join(marks),
    )


def _paragraphs(words: str) -> Iterator[Block]:
    lines = [line.strip() for line in words.split("\n") if line.strip()]
    return (Paragraph(line) for line in lines or ["（没有填写）"])


def _row(one: Figure) -> tuple[Cell, ...]:
    counted = f"{one.part}/{one.whole}，分母为{one.of}" if one.whole else one.why
    return one.label, "—" if one.value is None else one.value, one.unit, counted
