"""The consolidated report to the county government: what all organs sent and what the records give, as one official document."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct

from jiannuo.assessment.rules.differences import Difference
from jiannuo.assessment.rules.figures import Figure
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import OPEN, State
from jiannuo.documents import content
from jiannuo.documents import figures as drawing
from jiannuo.documents.content import DEMO_NOTICE, Block, Chart, Column, Document, Heading, Paragraph, Table
from jiannuo.duties.rules import slipping

LOWEST = 20
"""How many organs a chart shows; the table beside it has all of them."""
LONGEST_WORDS = 600


class Line(Struct, frozen=True):
    """One organ in the consolidated report."""

    organ: str
    state: State
    sent_on: date | None
    days_late: int
    is_mending: bool
    """Sent in time, and sent back to be mended by a day that has not passed."""
    reminders: int
    figures: Mapping[str, Figure]
    words: Mapping[str, str]
    differences: tuple[Difference, ...]

    @property
    def is_missing(self) -> bool:
        """Whether it was not sent, or not mended by the day given."""
        return self.state in OPEN and not self.is_mending


class Month(Struct, frozen=True):
    """What fell due in a month: decisions to publish, promises to keep."""

    label: str
    decisions: Decimal | None
    promises: Decimal | None


class Address(Struct, frozen=True):
    """From whom to whom, and how it is marked."""

    issuer: str
    to: str
    number: str = ""
    is_demo: bool = False


class County(Struct, frozen=True):
    """Everything the consolidated report says."""

    period: Period
    county: str
    title: str
    due_on: date
    as_of: date
    lines: tuple[Line, ...]
    totals: Mapping[str, Figure]
    months: tuple[Month, ...]
    slips: tuple[tuple[str, int], ...]
    """The promises of the period whose date was moved: whose, and by how many days."""
    collected: tuple[tuple[str, str], ...]
    """The sections whose words are given: id and title."""


def consolidated(county: County, address: Address, *, dated: date) -> Document:
    """The official document, addressed from the lead office to the county government."""
    body = (*_sending(county), *_whole(county), *_by_organ(county), *_differing(county), *_said(county), *_next(county))
    return Document(
        issuer=f"{address.issuer}文件",
        number=address.number,
        title=f"{address.issuer}关于{county.period.title}\n全县{county.title}的报告",
        to=address.to,
        body=body,
        signer=address.issuer,
        dated=dated,
        printed_by=f"{address.issuer}办公室",
        printed_on=dated,
        notice=DEMO_NOTICE if address.is_demo else "",
    )


def _day(day: date | None) -> str:
    return f"{day.month}月{day.day}日" if day else "—"


# -- who sent what ------------------------------------------------------------------------------------------------


def _sending(county: County) -> Iterator[Block]:
    lines = county.lines
    missing = [one for one in lines if one.is_missing]
    mending = [one for one in lines if one.is_mending]
    late = [one for one in lines if one.state not in OPEN and one.days_late]
    in_time = len(lines) - len(missing) - len(late)
    yield Heading(1, "报送情况")
    due = f"{county.due_on.year}年{_day(county.due_on)}"
    yield Paragraph(
        f"应报送{county.period.title}情况的单位{len(lines)}个，期限{due}（含当日）。截至{county.as_of.year}年"
        f"{_day(county.as_of)}，按期报送{in_time}个，迟报{len(late)}个，未报{len(missing)}个。"
    )
    if late:
        yield Paragraph(f"迟报的单位：{'、'.join(f'{one.organ}（迟{one.days_late}天）' for one in late)}。")
    if mending:
        yield Paragraph(f"按期报送后退回、正在修改的单位：{'、'.join(one.organ for one in mending)}。")
    if missing:
        yield Paragraph(f"未报的单位：{'、'.join(one.organ for one in missing)}。")
    rows = tuple(
        (at, one.organ, one.state.label, _day(one.sent_on), one.days_late, one.reminders, len(one.differences))
        for at, one in enumerate(lines, 1)
    )
    heads = ("序号", "单位", "情况", "报送日期", "迟报天数", "催报次数", "不一致处数")
    yield Table("各单位报送情况", _columns(heads, words=("单位", "情况", "报送日期")), rows)


def _columns(heads: Sequence[str], *, words: Sequence[str]) -> tuple[Column, ...]:
    """Columns of numbers, but for those that hold words."""
    return tuple(Column(head, "left" if head in words else "right") for head in heads)


# -- the county as a whole ----------------------------------------------------------------------------------------


def _whole(county: County) -> Iterator[Block]:
    yield Heading(1, "总体情况")
    yield Paragraph(
        f"以下各数由平台记录得出，截至{county.as_of.year}年{_day(county.as_of)}；没有可数的记录时不计算比例。"
    )
    rows = tuple((one.label, _cell(one), one.unit, _counted(one)) for one in county.totals.values())
    heads = ("项目", "数值", "单位", "分子、分母和口径")
    yield Table("全县各项数字", _columns(heads, words=("项目", "单位", "分子、分母和口径")), rows)
    yield from _kept(county.totals)
    yield from _trend(county.months)


def _counted(one: Figure) -> str:
    if one.whole is None:
        return one.why
    return f"{one.part}/{one.whole}，分母为{one.of}" if one.whole else one.why


KEPT = (
    ("双公示", "decisions_on_time", "decisions_late", "decisions_missing"),
    ("承诺和节点", "promises_on_time", "promises_late", "promises_broken"),
)


def _kept(totals: Mapping[str, Figure]) -> Iterator[Block]:
    rows = tuple(
        (label, tuple(totals[name].value for name in names))
        for label, *names in KEPT
        if all(n in totals for n in names)
    )
    if rows:
        series = ("按期", "逾期后办", "逾期未办")
        figure = drawing.Figure(kind="bar", title="按期、逾期后办和逾期未办", unit="件、项", series=series, rows=rows)
        yield Chart(figure, "按期、逾期后办和逾期未办")


def _trend(months: Sequence[Month]) -> Iterator[Block]:
    rows = tuple((one.label, (one.decisions, one.promises)) for one in months)
    if any(value is not None for _, values in rows for value in values):
        figure = drawing.Figure(
            kind="line", title="各月按期率", unit="%", series=("双公示及时率", "承诺按期兑现率"), rows=rows
        )
        yield Chart(figure, "各月按期率（按到期月份）")
        heads = ("到期月份", "双公示及时率（%）", "承诺按期兑现率（%）")
        table = tuple((label, *values) for label, values in rows)
        yield Table("各月按期率", _columns(heads, words=("到期月份",)), table)


# -- by organ -----------------------------------------------------------------------------------------------------

TABLES = (
    ("各单位双公示和主动公开", ("decisions_due", "decisions_on_time", "decisions_late", "decisions_missing", "decisions_timeliness", "information_timeliness")),
    ("各单位兑现承诺", ("promises_due", "promises_on_time", "promises_late", "promises_broken", "promises_moved", "promises_kept_rate")),
    ("各单位办理建议提案、诉讼、裁判和办件", ("suggestions_due", "suggestions_timeliness", "lawsuits_concluded", "loss_rate", "judgments_rate", "services_timeliness")),
    ("各单位任务、目标、逾期和缺项", ("tasks_due", "tasks_on_time", "targets_on_time", "breaches", "catalogue_missing")),
    ("各单位的建议人、群众评价", ("suggestions_satisfaction", "people_agreed_rate", "disputed")),
)  # fmt: skip


def _by_organ(county: County) -> Iterator[Block]:
    yield Heading(1, "各单位情况")
    yield from _lowest(county.lines, "decisions_timeliness", "双公示及时率")
    yield from _lowest(county.lines, "promises_kept_rate", "承诺按期兑现率")
    yield from _put_off(county.slips)
    for title, names in TABLES:
        shown = [name for name in names if name in county.totals]
        if not shown:
            continue
        heads = ("序号", "单位", *(_head(county.totals[name]) for name in shown))
        rows = tuple(
            (at, one.organ, *(_cell(one.figures.get(name)) for name in shown)) for at, one in enumerate(county.lines, 1)
        )
        sums = ("", "合计", *(_cell(county.totals[name]) for name in shown))
        yield Table(title, _columns(heads, words=("单位",)), (*rows, sums), "—是没有可数的记录，不是零")


def _head(one: Figure) -> str:
    return f"{one.label}（{one.unit}）"


def _cell(one: Figure | None) -> content.Cell:
    return "—" if one is None or one.value is None else one.value


def _lowest(lines: Sequence[Line], name: str, label: str) -> Iterator[Block]:
    """The organs with the lowest share, the lowest first; where all are whole there is nothing to draw."""
    known = [(one.organ, one.figures[name].value) for one in lines if name in one.figures]
    values = sorted(
        ((organ, value) for organ, value in known if value is not None), key=lambda pair: (pair[1], pair[0])
    )
    short = dict(values[:LOWEST])
    if not short or min(short.values()) == 100:
        return
    most = f"最低的{len(short)}个" if len(values) > len(short) else ""
    figure = drawing.Figure(
        kind="bar",
        title=f"各单位{label}",
        unit="%",
        series=(label,),
        rows=tuple((organ, (value,)) for organ, value in short.items()),
    )
    yield Chart(figure, f"{most}单位的{label}" if most else f"各单位{label}")


def _put_off(slips: Sequence[tuple[str, int]]) -> Iterator[Block]:
    """The chart of dates put off with its numbers beside it."""
    figure = slipping.by_organ(slips)
    if figure is None:
        return
    yield Chart(figure, figure.title)
    heads, rows = drawing.numbers(figure)
    yield Table(figure.title, _columns(("单位", *heads[1:]), words=("单位",)), rows)


# -- what differs, what organs said, what next --------------------------------------------------------------------


def _differing(county: County) -> Iterator[Block]:
    rows = tuple(
        (one.organ, each.where, each.label, each.written, each.ledger)
        for one in county.lines
        for each in one.differences
    )
    organs = sum(bool(one.differences) for one in county.lines)
    yield Heading(1, "单位所写与台账不一致的")
    yield Paragraph(
        f"{organs}个单位共{len(rows)}处，单位写的和台账记的如下，以台账为准，原因由单位说明。"
        if rows
        else "已报送的各单位所写的数字与台账一致。"
    )
    if rows:
        yield Table(
            "单位所写与台账不一致的", tuple(map(Column, ("单位", "在哪里", "项目", "单位写的", "台账记的"))), rows
        )


def _said(county: County) -> Iterator[Block]:
    for section, title in county.collected:
        said = [(one.organ, one.words.get(section, "")) for one in county.lines if one.words.get(section)]
        yield Heading(1, f"各单位反映的{title}")
        if not said:
            yield Paragraph("没有单位反映。")
        for organ, words in said:
            text = "；".join(line.strip().rstrip("；") for line in words.split("\n") if line.strip())
            yield Paragraph(
                f"{organ}：{text if len(text) <= LONGEST_WORDS else text[:LONGEST_WORDS] + '……（全文见该单位报告）'}"
            )


def _next(county: County) -> Iterator[Block]:
    missing = [one.organ for one in county.lines if one.is_missing]
    broken = sum(one.part for name, one in county.totals.items() if name in ("decisions_missing", "promises_broken"))
    differing = sum(len(one.differences) for one in county.lines)
    yield Heading(1, "下一步")
    steps = [
        f"督促{len(missing)}个未报单位尽快报送，逾期情况已记入台账。" if missing else "各单位均已报送，继续按期汇总。",
        f"督办仍未办的{broken}件（项）逾期事项，逐项明确责任岗位和办结日期。" if broken else "没有仍未办的逾期公示和承诺，继续提前提醒。",
        f"核实{differing}处不一致的数字，属于漏录的补录，属于写错的更正。" if differing else "",
    ]  # fmt: skip
    for step in filter(None, steps):
        yield Paragraph(step)
