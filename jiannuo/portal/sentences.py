"""How a sentence of the document stands today: by the duties it speaks of, the pages it names, or what is public under it."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cached_property

from msgspec import Struct

from jiannuo.disclosure.queries import remembering
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Tally, county
from jiannuo.duties.queries.standing import Held, held
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import Clause
from jiannuo.portal import parts

DECISION = "disclose_decision"
FAMILIES = {
    "promise": "promises",
    "task": "tasks",
    "suggestion": "suggestions",
    "case": "litigation",
    "service": "services",
    "report": "reports",
}
"""Where the duties of a family are shown."""


class Standing(Struct, frozen=True, dict=True):
    """What the sentences are derived from on a day: counted once, asked of by many sentences."""

    on: date

    @cached_property
    def tallies(self) -> dict[str, Tally]:
        """The half-year's figures of the duty the document sets a deadline for."""
        if DECISION not in policy.current().duties:
            return {}
        return {DECISION: county.county(DECISION, first=parts.half_year(self.on)[0], on=self.on).total}

    @cached_property
    def held(self) -> Mapping[str, Held]:
        """How the duties stand that are shown on pages of their own, by kind."""
        return held([duty.id for duty in policy.current().duties.values() if duty.family in FAMILIES], on=self.on)

    def of_family(self, family: str) -> Held:
        """How all duties of a family stand."""
        kinds = policy.current().duties
        return sum((one for kind, one in self.held.items() if kinds[kind].family == family), Held())

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many records of each kind are public."""
        return remembering.by_kind()

    @cached_property
    def missing(self) -> int:
        """How much of the catalogue is missing."""
        return len(remembering.catalogue().missing)


def stands(clause: Clause, standing: Standing) -> dict[str, object]:
    """How a sentence stands today: by the duty it speaks of, else by what is public under it."""
    sorts = [reference.partition(":") for reference in clause.carried_by]
    for sort, _, name in sorts:
        if sort in ("duty", "deadline") and (tally := standing.tallies.get(name)):
            return _rate_words(tally, standing.on)
    if shown := _held_words(sorts, standing):
        return shown
    counted = [name for sort, _, name in sorts if sort == "kind"]
    if counted:
        several = sum(standing.counts.get(name, 0) for name in counted)
        if not several:
            return {"standing": "unchanged", "standing_label": "尚无公示"}
        return {"standing": "disclosed", "standing_label": f"已公示 {several:,} 条"}
    if any(name == "portal:catalogue" for sort, _, name in sorts if sort == "page"):
        missing = standing.missing
        label = f"目录缺 {missing:,} 项" if missing else "目录齐全"
        return {"standing": "missing" if missing else "on_time", "standing_label": label}
    return {"standing": "on_time", "standing_label": "运行中"}


def _held_words(sorts: Sequence[tuple[str, str, str]], standing: Standing) -> dict[str, object] | None:
    """How the duties that a sentence names stand, or those of the pages it names; nothing where it names none."""
    kinds = policy.current().duties
    named = [name for sort, _, name in sorts if sort == "duty" and name in kinds and kinds[name].family in FAMILIES]
    pages = {name.partition(":")[2] for sort, _, name in sorts if sort == "page"}
    families = [family for family, page in FAMILIES.items() if page in pages]
    if not named and not families:
        return None
    several = [standing.held.get(name, Held()) for name in named] or [standing.of_family(one) for one in families]
    total = sum(several, Held())
    if not total.whole:
        return {"standing": "unchanged", "standing_label": "尚无登记"}
    note = f"按期 {total.kept:,}，逾期办结 {total.late:,}，超期未办 {total.broken:,}，进行中 {total.running:,}"
    if total.broken:
        return {"standing": "overdue", "standing_label": f"超期未办 {total.broken:,}", "note": note}
    if not total.kept + total.late:
        return {"standing": "open", "standing_label": f"进行中 {total.running:,}", "note": note}
    share = duties.Share(total.kept, total.kept + total.late, "")
    return {"standing": "late" if total.late else "on_time", "standing_label": f"按期 {share.percent}", "note": note}


def _rate_words(tally: Tally, on: date) -> dict[str, object]:
    share = duties.Share(tally.on_time, tally.due, "")
    if not share.whole:
        return {"standing": "unchanged", "standing_label": "本半年尚无到期"}
    state = "overdue" if tally.missing else "on_time" if share.part == share.whole else "late"
    note = f"{parts.half_name(on)}：按期 {share.part:,}，迟报 {tally.late:,}，超期未办 {tally.missing:,}"
    return {"standing": state, "standing_label": f"及时率 {share.percent}", "note": note}
