"""The figures of all organs for a period, with few questions; each source gives some of them, in the report's order."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.assessment.queries.behind import counted
from jiannuo.assessment.queries.litigation import litigation
from jiannuo.assessment.rules import figures as rules
from jiannuo.assessment.rules.figures import MEASURES, Figure
from jiannuo.assessment.rules.litigation import LitigationFigures
from jiannuo.assessment.rules.periods import Period
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import FIGURES
from jiannuo.subjects.rules import Directory

LISTED = "desk:report_records"
CATALOGUE = "catalogue_missing"


class Frame(Struct, frozen=True):
    """What figures are asked of: these organs with those they took over, a period, as it stands on a day."""

    organs: Directory
    period: Period
    as_of: date
    organ_ids: tuple[int, ...]
    lacking: Mapping[int, int] | None = None
    """How much of the disclosure catalogue each organ has not published; said by who may look there, nothing where nobody did."""

    def leads_to(self, organ_id: int, figure: str) -> rules.Lead:
        """The page that lists what a figure of an organ counts."""
        asked = {"period": self.period.name, "organ": organ_id, "figure": figure, "as_of": self.as_of.isoformat()}
        return LISTED, tuple((name, str(value)) for name, value in asked.items())


def of_duties(frame: Frame) -> dict[int, list[Figure]]:
    """The figures counted from duties: what fell due in the period, kept or not."""
    pack = policy.current()
    kinds = {one.id: one.of_pack(pack) for one in MEASURES}
    lines = {organ: frame.organs.line(organ) for organ in frame.organ_ids}
    everyone = sorted({one for line in lines.values() for one in line})
    cells = counted(
        sorted({kind for several in kinds.values() for kind in several}),
        frame.period, as_of=frame.as_of, organ_ids=everyone,
    )  # fmt: skip
    by_debtor: dict[int, dict[str, dict[str, int]]] = {}
    for (kind, debtor), counts in cells.items():
        by_debtor.setdefault(debtor, {})[kind] = counts
    found = {}
    for organ, line in lines.items():
        own = [by_debtor[debtor] for debtor in line if debtor in by_debtor]
        found[organ] = [
            rules.figure(one, _summed(own, kinds[one.id]), frame.leads_to(organ, one.id))
            for one in MEASURES
            if kinds[one.id]
        ]
    return found


def _summed(several: Sequence[Mapping[str, Mapping[str, int]]], kinds: Collection[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for by_kind in several:
        for kind in kinds:
            for state, count in by_kind.get(kind, {}).items():
                found[state] = found.get(state, 0) + count
    return found


def of_catalogue(frame: Frame) -> dict[int, list[Figure]]:
    """What the disclosure catalogue asks of an organ and nobody has published."""
    found = {}
    for organ in frame.organ_ids:
        count = None if frame.lacking is None else sum(frame.lacking.get(one, 0) for one in frame.organs.line(organ))
        why = "" if count is not None else "没有核对公开目录"
        found[organ] = [
            Figure(
                CATALOGUE,
                FIGURES[CATALOGUE],
                count,
                "项",
                count or 0,
                why=why,
                leads_to=frame.leads_to(organ, CATALOGUE),
            )
        ]
    return found


LAWSUITS = {"lawsuits_concluded": "concluded", "loss_rate": "counted"}
"""The figures of lawsuits, and what of them the numbers lead to."""


def lawsuits(frame: Frame) -> dict[int, LitigationFigures]:
    """How the lawsuits of each organ ended in the period; nothing where the pack has no such kind."""
    lines = sorted({one for organ in frame.organ_ids for one in frame.organs.line(organ)})
    period = frame.period
    found = litigation(organ_ids=lines, first=period.first, last=period.last, as_of=frame.as_of, with_duties=False)
    if found is None:
        return {}
    none = replace(found, items=())
    by_organ = {one.organ_id: one for one in found.by_organ()}
    return {organ: by_organ.get(organ, replace(none, organ_id=organ)) for organ in frame.organ_ids}


def of_lawsuits(frame: Frame) -> dict[int, list[Figure]]:
    """Cases concluded, and how many of those that count were lost."""
    found = {}
    for organ, own in lawsuits(frame).items():
        concluded, lost = own.counts["concluded"], own.lost
        found[organ] = [
            Figure(
                "lawsuits_concluded", FIGURES["lawsuits_concluded"], concluded, "件", concluded,
                leads_to=frame.leads_to(organ, "lawsuits_concluded"),
            ),
            rules.share(
                "loss_rate", lost.part, lost.whole, of=lost.of, why="这一期没有审结的",
                leads_to=frame.leads_to(organ, "loss_rate"),
            ),
        ]  # fmt: skip
    return found


SOURCES: tuple[Callable[[Frame], Mapping[int, Sequence[Figure]]], ...] = (of_duties, of_lawsuits, of_catalogue)
"""Where figures come from. A source answers for all organs of the frame at once, in a fixed number of questions."""


def figures(frame: Frame) -> dict[int, tuple[Figure, ...]]:
    """The figures of each organ, in the order in which the report shows them."""
    order = {name: at for at, name in enumerate(policy.current().report.figures)}
    found: dict[int, list[Figure]] = {organ: [] for organ in frame.organ_ids}
    for source in SOURCES:
        for organ, several in source(frame).items():
            found[organ] += [one for one in several if one.id in order]
    return {organ: tuple(sorted(several, key=lambda one: order[one.id])) for organ, several in found.items()}
