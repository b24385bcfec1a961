"""Which measures follow a record, how long, and what they answer to a use. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Literal

from msgspec import Struct

from jiannuo.intake.rules.headings import fold
from jiannuo.intake.rules.tables import open_table
from jiannuo.intake.rules.workbooks import shown
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind
from jiannuo.policy.measures import Measure

Word = Literal["yes", "no", "ask"]
WORDS: Mapping[Word, str] = {"yes": "可以", "no": "不可以", "ask": "由决定的单位核实"}
CLAUSE = "国发〔2016〕76号 三（四）；国办发〔2020〕49号：不超出清单，不重复，不比原因存在得更久"


NAMES = ("名称", "单位名称", "单位", "姓名", "主体名称", "企业名称")
CODES = ("代码", "编号", "人员编号", "公务员编号", "统一社会信用代码", "单位编码", "单位代码")
"""The headings a column of names or codes may go by."""


class Asked(Struct, frozen=True):
    """A subject as whoever asks names it."""

    name: str
    code: str = ""


def asked_in(data: bytes, filename: str) -> list[Asked]:
    """The subjects a spreadsheet names, a row each; refuses one without a column of names or codes, in words."""
    try:
        table = open_table(data, filename, score=_score)
    except Refused as refused:
        fix = (
            "请写一列“名称”或者“姓名”，有代码的再写一列“代码”或者“编号”" if refused.code == "headings" else refused.fix
        )
        raise Refused(refused.message, fix=fix, field="file", code=refused.code) from refused
    heads = [fold(heading) for heading in table.headings]
    name, code = (_column(heads, known) for known in (NAMES, CODES))
    rows = [cells for _, several in table.chunks for cells in several]
    found = [Asked(_cell(cells, name), _cell(cells, code)) for cells in rows]
    return [one for one in found if one.name or one.code]


def asked_of(text: str) -> list[Asked]:
    """The subjects typed in, one a line: a name, a code, or both with a blank between."""
    found = []
    for line in text.splitlines():
        name, _, code = line.strip().replace("\u3000", " ").replace("，", " ").partition(" ")
        if name:
            found.append(Asked(name, code.strip()) if code.strip() or not name.isascii() else Asked("", name))
    return found


def _score(headings: Sequence[str]) -> int:
    # One column of names is a sheet already, where those of records need two to be told from a title.
    return 2 * sum(fold(heading) in _KNOWN for heading in headings)


_KNOWN = {fold(one) for one in (*NAMES, *CODES)}


def _column(heads: Sequence[str], known: Sequence[str]) -> int | None:
    wanted = {fold(one) for one in known}
    return next((at for at, head in enumerate(heads) if head in wanted), None)


def _cell(cells: Sequence[object], at: int | None) -> str:
    return shown(cells[at]).strip() if at is not None and at < len(cells) else ""


class Effect(Struct, frozen=True):
    """A measure that a record brings, from and to a day."""

    measure: Measure
    cause: int
    """The entry."""
    number: str
    starts_on: date
    ends_on: date | None
    """The last day; None where only its cause ends it."""
    disputed: bool = False

    def holds(self, on: date) -> bool:
        """Whether it stands on a day."""
        return self.starts_on <= on and (self.ends_on is None or on <= self.ends_on)


def following(measures: Iterable[Measure], kind: Kind, body: Mapping[str, Any], *, official: bool) -> list[Measure]:
    """The measures of the catalogue that a record brings; each once."""
    of_party = kind.field_for("about_code") != ""
    on = "official" if official else "party" if of_party else "organ"
    said = values(kind, body)
    return [one for one in measures if kind.id in one.causes and one.on == on and not said.isdisjoint(one.values)]


def values(kind: Kind, body: Mapping[str, Any]) -> frozenset[str]:
    """What a record says of its level, source, sanction."""
    names = {*kind.fields_for("category"), *([kind.ends.field] if kind.ends else [])}
    return frozenset(
        part.strip() for name in names for part in str(body.get(name) or "").replace("；", ";").split(";")
    ) - {""}


def answer(use: str, effects: Iterable[Effect], on: date) -> tuple[Word, tuple[Effect, ...]]:
    """Yes, no or ask, and the measures that say so; a bar goes before a question."""
    standing = [one for one in effects if one.holds(on)]
    barring = tuple(one for one in standing if use in one.measure.bars)
    asking = tuple(one for one in standing if use in one.measure.asks)
    if barring:
        return "no", barring
    return ("ask", asking) if asking else ("yes", ())
