"""The register of officials from a spreadsheet: each row an office held; what is right goes in, what is wrong is told by its row."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.intake.rules import tables
from jiannuo.intake.rules.headings import fold
from jiannuo.intake.rules.workbooks import shown
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects import actions as register
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "code": ("人员编号", "公务员编号", "编号"),
    "name": ("姓名",),
    "organ": ("单位", "任职单位", "所在单位"),
    "title": ("职务", "岗位"),
    "since": ("任职日期", "任职时间"),
    "document": ("任职文号", "任职文件"),
    "until": ("免职日期", "免职时间"),
    "end_document": ("免职文号", "免职文件"),
}
"""The columns and the headings they may go by; the last three may be left out."""
MUST = ("code", "name", "organ", "title", "since")
LARGEST = 5 * 2**20
MOST = 20_000


class Fault(Struct, frozen=True):
    """What is wrong with a row, and what to do."""

    row: int
    message: str
    fix: str


class Registered(Struct, frozen=True):
    """How the rows of a register fared."""

    rows: int
    taken: int
    unchanged: int
    faults: tuple[Fault, ...]


def register_offices(data: bytes, *, filename: str, by: Actor, on: date, at: datetime) -> Registered:
    """The rows that are right are recorded, those known already stay, those that are wrong are told. The same file twice adds nothing."""
    demand(by, "offices.manage")
    if len(data) > LARGEST:
        raise Refused("文件太大", fix=f"任免名册不超过{LARGEST // 2**20}兆，请拆分后上传", code="size", field="file")
    table = tables.open_table(data, filename, score=_score)
    columns = _columns(table.headings)
    organs = subjects.directory(on)
    counts = {"rows": 0, "taken": 0, "unchanged": 0}
    faults: list[Fault] = []
    with transaction.atomic():
        held = _held()
        for number, cells in _rows(table.chunks):
            values = {name: shown(cells[at]).strip() if at < len(cells) else "" for name, at in columns.items()}
            if not any(values.values()):
                continue
            counts["rows"] += 1
            if counts["rows"] > MOST:
                raise Refused(f"超过{MOST}行", fix="请拆成几个文件上传", code="rows", field="file")
            try:
                counts[_record(values, organs, held, by=by, on=on, at=at)] += 1
            except Refused as no:
                faults.append(Fault(number, no.message, no.fix))
        detail = f"导入任免名册 {filename[-80:]}：{counts['taken']}条，未收{len(faults)}条"
        access.note(by, action="offices.manage", object="register", at=at, detail=detail)
    if not counts["rows"]:
        raise Refused("表头下面没有数据", fix="请在表头下面填写后重新上传", code="no_rows", field="file")
    return Registered(counts["rows"], counts["taken"], counts["unchanged"], tuple(faults))


Held = dict[tuple[str, int, str, date], OfficeCard]


def _held() -> Held:
    return {(one.official_code, one.organ_id, one.title, one.since): one for one in subjects.officials()}


def _record(values: Mapping[str, str], organs: Directory, held: Held, *, by: Actor, on: date, at: datetime) -> str:
    """One row: taken, or unchanged. Refuses what cannot be."""
    organ = organs.find(values["organ"])
    if organ is None:
        raise Refused(f"“{values['organ']}”不在本县机关名录里", fix="请填机关全称或者编码")
    since = _day(values["since"], "任职日期", on)
    until = _day(values["until"], "免职日期", on) if values.get("until") else None
    known = held.get((values["code"], organ.id, values["title"], since))
    if known is None:
        register.appoint(
            code=values["code"], name=values["name"], organ=organ, title=values["title"], on=since, at=at,
            by=by.username, document=values.get("document", ""), until=until,
            end_document=values.get("end_document", ""),
        )  # fmt: skip
        return "taken"
    if known.name != values["name"]:
        raise Refused(f"人员编号{known.official_code}登记的是{known.name}", fix="请核对编号，不同的人用不同的编号")
    if until is None or known.until == until:
        return "unchanged"
    if known.until is not None:
        raise Refused(f"这项任职已于{known.until}免去", fix="日期有误的，请在任免页面把原来那条作废后重新登记")
    register.relieve(known.id, on=until, at=at, by=by.username, document=values.get("end_document", ""))
    return "taken"


def _day(text: str, what: str, on: date) -> date:
    found = parse_day(text)
    if found is None:
        raise Refused(f"{what}“{text}”不是日期" if text else f"没有填{what}", fix="写成2026/03/01")
    if found > on:
        raise Refused(f"{what}{found}在今天以后", fix="到任、离任当天或者以后再登记")
    return found


def _meaning(heading: str) -> str:
    folded = fold(heading)
    return next((name for name, words in HEADINGS.items() if folded in map(fold, words)), "")


def _score(headings: Sequence[str]) -> int:
    return len({_meaning(heading) for heading in headings} - {""})


def _columns(headings: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for at, heading in enumerate(headings):
        if name := _meaning(heading):
            if name in found:
                raise Refused(f"“{heading}”这一列出现了两次", fix="请删去多余的一列", code="headings", field="file")
            found[name] = at
    if missing := [HEADINGS[name][0] for name in MUST if name not in found]:
        fix = f"第一行要有：{'、'.join(words[0] for words in HEADINGS.values())}；可以下载模板"
        raise Refused(f"缺少列：{'、'.join(missing)}", fix=fix, code="headings", field="file")
    return found


def _rows(chunks: Iterator[tuple[int, list[list[object]]]]) -> Iterator[tuple[int, list[object]]]:
    for first, rows in chunks:
        yield from enumerate(rows, first)
