"""The tables of a pack: sentences of the document, organs, tasks, catalogue, duties, filters of publication, sites."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType
from typing import Any, Literal, Self

from msgspec import Struct

from jiannuo.policy.publishing import PUBLISH_CHECKS, PublishFilter
from jiannuo.policy.reading import day, words

__all__ = [
    "CARRIED_SORTS", "NATURES", "ORGAN_TYPES", "PERIODS", "PUBLISH_CHECKS", "REQUIREMENTS", "STYLES", "CatalogueItem",
    "Clause", "DutyKind", "Organ", "PublishFilter", "Site", "Task",
]  # fmt: skip

Row = Mapping[str, str]

STYLES = ("title", "h1", "h2", "p", "item", "table", "note")
NATURES = ("works", "people", "aim", "form")
PERIODS = ("event", "month", "quarter", "half", "year", "standing")

REQUIREMENTS = tuple(
    f"{letter}{number}"
    for letter, last in (("A", 4), ("B", 8), ("C", 9), ("D", 5), ("E", 6), ("F", 3), ("G", 7))
    for number in range(1, last + 1)
)
"""The rows of the requirements, A1 to G7, that sentences of the document are carried out by."""

CARRIED_SORTS: Mapping[str, str] = MappingProxyType(
    {
        "kind": "事实种类",
        "deadline": "时限",
        "duty": "义务种类",
        "flow": "流程",
        "measure": "惩戒措施",
        "filter": "公示范围",
        "area": "公开领域",
        "catalogue": "公开目录",
        "task": "任务",
        "table": "表",
        "page": "页面",
        "site": "公示网站",
    }
)
"""What a sentence may point at in `carried_by`, as `sort:id`, and what people call it."""

ORGAN_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "government": "人民政府",
        "office": "政府办公室",
        "department": "政府部门",
        "police": "公安机关",
        "institution": "事业单位",
        "township": "乡人民政府",
        "town": "镇人民政府",
        "subdistrict": "街道办事处",
        "park": "开发区、园区管委会",
        "committee": "议事协调机构",
        "party": "党委部门",
        "supervision": "纪检监察机关",
        "congress": "人大机关",
        "consultative": "政协机关",
        "court": "人民法院",
        "procuratorate": "人民检察院",
        "military": "人民武装部",
        "branch": "上级派驻、垂直管理单位",
        "group": "群众团体",
        "bank": "人民银行分支机构",
    }
)
"""The types of organ and what people call them."""


class Clause(Struct, frozen=True):
    """One sentence of the document. `nature`: works (software carries it), people (only people can), aim, form (title, heading, address)."""

    id: str
    under: str
    style: Literal["title", "h1", "h2", "p", "item", "table", "note"]
    text: str
    nature: Literal["works", "people", "aim", "form"]
    rows: tuple[str, ...]
    carried_by: tuple[str, ...]
    """References such as `kind:penalty_legal`, `deadline:disclose_decision`, `page:portal:catalogue`."""
    who: tuple[str, ...]
    starts: bool
    """True where the sentence begins a new paragraph."""

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            id=row["id"],
            under=row["under"],
            style=row["style"],  # type: ignore[arg-type]  # pack check names a wrong one
            text=row["text"],
            nature=row["nature"],  # type: ignore[arg-type]
            rows=words(row["rows"]),
            carried_by=words(row["carried_by"]),
            who=words(row["who"]),
            starts=row["starts"] == "yes",
        )


class Organ(Struct, frozen=True):
    """One spell of an organ: what it was called, what it was and whom it answered to, from a day until a day (the first not of it)."""

    code: str
    name: str
    short: str
    type: str
    parent: str
    uscc: str
    since: date
    until: date | None
    successors: tuple[str, ...]
    aliases: tuple[str, ...]
    assumed: str

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            code=row["code"],
            name=row["name"],
            short=row["short"],
            type=row["type"],
            parent=row["parent"],
            uscc=row["uscc"],
            since=date.fromisoformat(row["since"]),
            until=day(row["until"]),
            successors=words(row["successors"]),
            aliases=words(row["aliases"]),
            assumed=row["assumed"],
        )


class Task(Struct, frozen=True):
    """One task of the annex: who leads, who supports (as the document words it), and by when."""

    number: int
    title: str
    lead: tuple[str, ...]
    wording: str
    schedule: str
    due: date | None
    clause: str
    each: bool = False
    """Whether each of the lead organs answers for it by itself, as where the document says 各乡镇."""

    @classmethod
    def read(cls, row: Row) -> Self:
        number, lead, due = int(row["number"]), words(row["lead"]), day(row["due"])
        return cls(
            number, row["title"], lead, row["wording"], row["schedule"], due, row["clause"], row.get("each") == "yes"
        )


class CatalogueItem(Struct, frozen=True):
    """What must be disclosed: by whom (organ codes or `type:department`), in what period, within which deadline, on what basis."""

    id: str
    area: str
    title: str
    who: tuple[str, ...]
    kind: str
    period: Literal["event", "month", "quarter", "half", "year", "standing"]
    deadline: str
    basis: str
    clause: str
    since: date
    assumed: str
    interpret: str
    """The deadline by which each document under it is to be interpreted; empty where none has to be."""

    @classmethod
    def read(cls, row: Row) -> Self:
        return cls(
            id=row["id"],
            area=row["area"],
            title=row["title"],
            who=words(row["who"]),
            kind=row["kind"],
            period=row["period"],  # type: ignore[arg-type]
            deadline=row["deadline"],
            basis=row["basis"],
            clause=row["clause"],
            since=date.fromisoformat(row["since"]),
            assumed=row["assumed"],
            interpret=row.get("interpret", ""),
        )


class DutyKind(Struct, frozen=True):
    """A kind of duty: opened by a kind of fact or by the calendar, due by a deadline, kept by an act."""

    id: str
    what: str
    clause: str
    deadline: str
    kept_by: Literal["publication", "withdrawal", "record", "confirmation", "step"]
    """`record`: the fact itself says on which day; `confirmation`: evidence that somebody other than the debtor accepted; `step`:
    a step of the case it was opened in."""
    confirmed_by: Literal["lead", "named", "oversight", "creditor"]
    """The lead office, the organ that the fact names, or the organ that oversees the lead office. `creditor`: whoever it is owed to,
    who holds the receipt of the case it was written in; only where they say nothing for the time limit `creditor_silent`, the organ
    that the fact names.
    """
    source: str = ""
    family: str = "disclosure"
    """The register it is shown in: disclosure, promise, suggestion, service, report, task, case, standing."""
    opened_when: str = ""
    """The role whose field must be filled for a fact to open it; none where every fact of the kind does."""
    starts: str = ""
    """The role whose field says on which day the clock starts; none where it is the day of the fact."""
    stated: str = "due_on"
    """The role whose field names the day it is due, where its deadline asks for one."""
    longest: str = ""
    """The deadline that no amendment goes beyond."""
    mend: str = ""
    """The deadline for mending what came in time and was sent back; none where sending back gives no days."""
    every: Literal["", "half", "year", "once", "task"] = ""
    """How often the calendar itself opens it for each organ of `who`; `task`: once or yearly for each task of the annex."""
    who: tuple[str, ...] = ()
    """Organ codes or `type:department`, as in the catalogue."""
    assumed: str = ""

    @property
    def is_promised(self) -> bool:
        """Whether it is kept by evidence that another organ confirms."""
        return self.kept_by == "confirmation"

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any], clause: str = "") -> Self:
        return cls(
            id=name,
            what=entry["what"],
            clause=entry.get("clause", clause),
            deadline=entry["deadline"],
            kept_by=entry["kept_by"],
            confirmed_by=entry["confirmed_by"],
            source=entry.get("source", ""),
            family=entry.get("family", "disclosure"),
            opened_when=entry.get("opened_when", ""),
            starts=entry.get("starts", ""),
            stated=entry.get("stated", "due_on"),
            longest=entry.get("longest", ""),
            mend=entry.get("mend", ""),
            every=entry.get("every", ""),
            who=tuple(entry.get("who", ())),
            assumed=entry.get("assumed", ""),
        )


class Site(Struct, frozen=True):
    """A site that disclosed records go to: this portal itself, or any HTTP endpoint."""

    id: str
    name: str
    carrier: Literal["portal", "http"]
