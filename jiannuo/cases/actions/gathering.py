"""The papers of an application: what the item's list asks for, what came, what government holds already, and what is still missing."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from pathlib import PurePath

from msgspec import Struct

from jiannuo.cases import queries
from jiannuo.cases.queries import ENDING, CaseCard, StepCard
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.searching import fold_text
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.policy.held import same_paper
from jiannuo.policy.reading import words

MOST_RECORDS = 200
"""Records of one applicant that are looked through, the newest first."""
HELD = "held"
"""What the entry of an acceptance says of the papers that need not be handed in."""
SEPARATOR = "\t"
"""Between the parts of such a line: the paper, what it is, its number, the entry of the record or of the earlier opening."""


class Holding(Struct, frozen=True):
    """What answers for a paper that need not be handed in: what it is, and where it stands."""

    what: str
    number: str
    record: int = 0
    """The entry of the record; nothing where it is a paper of an earlier case."""
    opening: int = 0
    """The entry that opened the earlier case."""


class Paper(Struct, frozen=True):
    """One paper of the list."""

    title: str
    came: bool
    held: Holding | None

    @property
    def missing(self) -> bool:
        """Whether it neither came nor is held."""
        return not self.came and self.held is None


def papers_of(card: CaseCard, *, done: Sequence[StepCard], on: date) -> list[Paper]:
    """The list of the item a case is about, paper by paper; none where it is about no item, or the item names none.

    What was held when the case was accepted stays what it was accepted on.
    """
    titles = list_of(card.record) if card.flow.about == "item" and card.record else []
    came = {same_paper(PurePath(str(name)).stem) for one in done for name in one.entry.body.get("files") or ()}
    then = next((one.entry.body[HELD] for one in done if HELD in one.entry.body), None)
    if then is None:
        answers = _answers(titles, card.opening.about, on=on, but=card.opening.id)
    else:
        parts = [str(line).split(SEPARATOR) for line in then]
        answers = {
            title: Holding(what, number, int(record), int(opening)) for title, what, number, record, opening in parts
        }
    return [Paper(title, same_paper(title) in came, answers.get(title)) for title in titles]


def held_then(card: CaseCard, done: Sequence[StepCard], *, on: date) -> ledger_rules.Body:
    """What the entry of an acceptance says of the papers that were held."""
    found = [(one.title, one.held) for one in papers_of(card, done=done, on=on) if one.held]
    lines = [SEPARATOR.join((title, one.what, one.number, str(one.record), str(one.opening))) for title, one in found]
    return {HELD: lines}


def list_of(item: EntryCard) -> list[str]:
    """The papers an item asks for, by name."""
    field = policy.current().kinds[item.kind].field_for("paper_list")
    return list(dict.fromkeys(words(str(item.body.get(field) or ""))))


def held_openly(titles: Collection[str], *, about: str, on: date) -> dict[str, Holding]:
    """Which of these papers public records of a party answer for: what anybody may be told before it is known who asks."""
    found = _by_records(titles, _known(about, on=on), on=on)
    records = {answer.record for answer in found.values()}
    public = set(entries.facts().filter(refers__in=records, kind="publication").values_list("refers", flat=True))
    return {title: answer for title, answer in found.items() if answer.record in public}


def need_all_named(card: CaseCard, step: Step, done: Sequence[StepCard], text: str, *, on: date) -> None:
    """Refuses to tell of some of what is missing: it is told once, all of it (行政许可法第三十二条)."""
    if not step.filling.lists:
        return
    said = fold_text(text)
    left_out = [
        one.title for one in papers_of(card, done=done, on=on) if one.missing and same_paper(one.title) not in said
    ]
    if left_out:
        raise Refused(
            f"还缺的材料没有说全：{'、'.join(left_out)}",
            fix="请把缺的都写上，一次告知；不需要的，受理时写明为什么不要",
            clause=card.flow.source or card.flow.clause,
            field="words",
            code="left_out",
        )


def _answers(titles: Collection[str], about: str, *, on: date, but: int) -> dict[str, Holding]:
    if not titles or not about:
        return {}
    known = _known(about, on=on)
    return _by_earlier(titles, known, on=on, but=but) | _by_records(titles, known, on=on)


def _known(about: str, *, on: date) -> list[EntryCard]:
    """The newest records of a party that may answer for a paper, and what opened its earlier cases."""
    pack = policy.current()
    kinds = {kind for one in pack.held.values() for kind in one.records}
    kinds |= {pack.flows[flow].kind for one in pack.held.values() for flow in one.flows}
    rows = entries.newest(sorted(kinds)).filter(about=about, happened_on__lte=on).exclude(acts__kind__in=ENDING)
    return entries.cards(rows.order_by("-happened_on", "-pk")[:MOST_RECORDS]) if about else []


def _by_records(titles: Collection[str], known: Iterable[EntryCard], *, on: date) -> dict[str, Holding]:
    rules = policy.current().held.values()
    found: dict[str, Holding] = {}
    for record in known:
        for rule in rules:
            for title in titles:
                if title not in found and rule.answers(title, record.kind, record.body, on):
                    found[title] = Holding(rule.what, record.number, record=record.id)
    return found


def _by_earlier(titles: Collection[str], known: Iterable[EntryCard], *, on: date, but: int) -> dict[str, Holding]:
    pack = policy.current()
    rules = {pack.flows[flow].kind: rule for rule in pack.held.values() for flow in rule.flows}
    openings = {one.id: one for one in known if one.kind in rules and one.id != but}
    steps = entries.acts_on(openings, kind=queries.STEP) if openings else []
    # What was refused or is still being looked at was not taken in.
    taken_in = {one.refers for one in steps if one.body.get("kept")}
    found: dict[str, Holding] = {}
    for step in reversed(steps):
        opening = openings[step.refers or 0]
        rule = rules[opening.kind]
        until = pack.rule(rule.keeps, on=step.happened_on).due(step.happened_on, pack.calendar).due_on
        if opening.id in taken_in and on <= until:
            came = {same_paper(PurePath(str(name)).stem) for name in step.body.get("files") or ()}
            answer = Holding(rule.what, opening.number, opening=opening.id)
            found = {title: answer for title in titles if rule.may_hold(title) and same_paper(title) in came} | found
    return found
