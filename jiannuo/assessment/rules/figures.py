"""The figures of a report: what each counts, of what it is a share, and how it is written. Counts in, figures out."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.policy.pack import Pack
from jiannuo.policy.reporting import FIGURES

Counts = Mapping[str, int]
"""How many duties of some kinds are in each state, by the names of `jiannuo.assessment.queries.behind.states`, and breached."""

DECISIONS = ("disclose_decision",)
INFORMATION = ("disclose_information",)
PROMISES = ("keep_commitment", "reach_milestone", "keep_town_commitment")
TARGETS = ("reach_target", "deliver_project")
SUGGESTIONS = ("answer_suggestion", "answer_proposal")
JUDGMENTS = ("perform_judgment",)
SERVICES = ("handle_service",)
TASKS = ("family:task",)
ALL = ("all",)
NOTHING_DUE, NOBODY_SAID = "这一期没有到期的", "还没有人评价"


class Measure(Struct, frozen=True):
    """How one figure is counted: of which kinds of duty, in which state; with `whole`, as a share of another state."""

    id: str
    kinds: tuple[str, ...]
    part: str
    whole: str = ""
    of: str = ""
    unit: str = "项"
    why: str = NOTHING_DUE
    """What is said where there is nothing to take the share of."""

    @property
    def listed(self) -> str:
        """The state of the records that its number leads to."""
        return self.whole or self.part

    def of_pack(self, pack: Pack) -> tuple[str, ...]:
        """The kinds of duty it counts that a pack has."""
        if self.kinds == ALL:
            return tuple(pack.duties)
        families = {kind.removeprefix("family:") for kind in self.kinds if kind.startswith("family:")}
        return tuple(name for name, duty in pack.duties.items() if name in self.kinds or duty.family in families)


def _share(name: str, kinds: tuple[str, ...], of: str) -> Measure:
    return Measure(name, kinds, "on_time", "due", of, "%")


MEASURES: tuple[Measure, ...] = (
    Measure("decisions_due", DECISIONS, "due", unit="件"),
    Measure("decisions_on_time", DECISIONS, "on_time", unit="件"),
    Measure("decisions_late", DECISIONS, "late", unit="件"),
    Measure("decisions_missing", DECISIONS, "missing", unit="件"),
    _share("decisions_timeliness", DECISIONS, "这一期已办和已到期的许可、处罚决定"),
    Measure("information_due", INFORMATION, "due", unit="条"),
    _share("information_timeliness", INFORMATION, "这一期已办和已到期的主动公开信息"),
    Measure("promises_due", PROMISES, "due"),
    Measure("promises_on_time", PROMISES, "on_time"),
    Measure("promises_late", PROMISES, "late"),
    Measure("promises_broken", PROMISES, "missing"),
    Measure("promises_moved", PROMISES, "moved"),
    _share("promises_kept_rate", PROMISES, "这一期已兑现和已到期的承诺、节点"),
    Measure("targets_due", TARGETS, "due"),
    Measure("targets_on_time", TARGETS, "on_time"),
    Measure("suggestions_due", SUGGESTIONS, "due", unit="件"),
    _share("suggestions_timeliness", SUGGESTIONS, "这一期已办复和已到期的建议、提案"),
    Measure(
        "suggestions_satisfaction",
        SUGGESTIONS,
        "satisfied",
        "rated",
        "这一期到期、已办复并且有人评价的建议、提案",
        "%",
        NOBODY_SAID,
    ),
    Measure("judgments_due", JUDGMENTS, "due", unit="件"),
    _share("judgments_rate", JUDGMENTS, "这一期已履行和已到期的裁判"),
    Measure("services_due", SERVICES, "due", unit="件"),
    _share("services_timeliness", SERVICES, "这一期已办结和已到期的办件"),
    Measure("tasks_due", TASKS, "due"),
    Measure("tasks_on_time", TASKS, "on_time"),
    Measure("breaches", ALL, "breached", unit="次"),
    Measure("disputed", PROMISES + TARGETS, "disputed"),
    Measure(
        "people_agreed_rate",
        PROMISES + TARGETS,
        "agreed",
        "heard",
        "这一期到期、有群众反馈的承诺、目标和实事",
        "%",
        NOBODY_SAID,
    ),
)
"""The figures that are counted from the duties, in the order of the report."""

Lead = tuple[str, tuple[tuple[str, str], ...]]
"""The name of a page and what it is asked for."""


class Figure(Struct, frozen=True):
    """One number of a report with what it was counted from. Where nothing is counted it has no value and says why."""

    id: str
    label: str
    value: Decimal | int | None
    unit: str
    part: int = 0
    whole: int | None = None
    of: str = ""
    why: str = ""
    leads_to: Lead | None = None

    @property
    def shown(self) -> str:
        """As it is written for people."""
        if self.value is None:
            return "—"
        return f"{self.value}%" if self.unit == "%" else f"{self.value}"

    @property
    def counted(self) -> int:
        """How many records its number leads to."""
        return self.part if self.whole is None else self.whole


def measure(name: str) -> Measure | None:
    """The measure of that name, if the figure is counted from duties."""
    return next((one for one in MEASURES if one.id == name), None)


def figure(one: Measure, counts: Counts, leads_to: Lead | None = None) -> Figure:
    """The figure that a measure makes of counts."""
    part = counts.get(one.part, 0)
    if not one.whole:
        return Figure(one.id, FIGURES[one.id], part, one.unit, part, leads_to=leads_to)
    return share(one.id, part, counts.get(one.whole, 0), of=one.of, why=one.why, leads_to=leads_to)


def share(name: str, part: int, whole: int, *, of: str, why: str = NOTHING_DUE, leads_to: Lead | None = None) -> Figure:
    """A share in percent to two places; less than all never reads as all, and where nothing is counted there is none."""
    value = None
    if whole:
        value = (Decimal(part) * 100 / Decimal(whole)).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if part < whole and value == 100:
            value = Decimal("99.99")
    return Figure(name, FIGURES[name], value, "%", part, whole, of, "" if whole else why, leads_to)


def total(several: Sequence[Figure]) -> Figure:
    """The same figure for all organs together: parts and wholes added, the share taken anew."""
    first = several[0]
    part = sum(one.part for one in several)
    if first.whole is not None:
        return replace(
            share(first.id, part, sum(one.whole or 0 for one in several), of=first.of, why=first.why or NOTHING_DUE),
            label=first.label,
        )
    known = [one for one in several if one.value is not None]
    value = sum((one.value or 0 for one in known), 0) if known else None
    return replace(first, value=value, part=part, why="" if known else first.why, leads_to=None)


def plain(one: Figure) -> dict[str, Any]:
    """The figure in values that can be written down and digested."""
    leads = [one.leads_to[0], [list(pair) for pair in one.leads_to[1]]] if one.leads_to else None
    value = None if one.value is None else str(one.value)
    return {
        "id": one.id, "label": one.label, "value": value, "unit": one.unit, "part": one.part, "whole": one.whole,
        "of": one.of, "why": one.why, "leads_to": leads,
    }  # fmt: skip


def from_plain(entry: Mapping[str, Any]) -> Figure:
    """The figure as it was written down."""
    value = entry["value"]
    leads = entry.get("leads_to")
    return Figure(
        id=entry["id"],
        label=entry["label"],
        value=None if value is None else Decimal(value) if entry["unit"] == "%" else int(value),
        unit=entry["unit"],
        part=entry["part"],
        whole=entry["whole"],
        of=entry["of"],
        why=entry["why"],
        leads_to=(leads[0], tuple((name, text) for name, text in leads[1])) if leads else None,
    )


def counted(figures: Iterable[Figure]) -> list[list[str | int | None]]:
    """What of figures their digest covers: the numbers, not where they lead."""
    return [[one.id, None if one.value is None else str(one.value), one.part, one.whole] for one in figures]
