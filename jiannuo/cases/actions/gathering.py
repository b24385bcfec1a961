"""The papers of an application: what the item's list asks for, what came, what government holds already, and what is still missing."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath

from jiannuo.cases import queries
from jiannuo.cases.actions.keeping import kept
from jiannuo.cases.queries import ENDING, CaseCard, StepCard
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.searching import fold_text
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step
from jiannuo.policy.held import Held, same_paper
from jiannuo.policy.reading import words

MOST_RECORDS = 200
"""Records of one applicant that are looked through, the newest first."""
MOST_CASES = 50
"""Cases of one applicant that are looked through, the newest first."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What answers for a paper that need not be handed in: what it is, and where it stands."""

    held: Held
    number: str
    record: EntryCard | None = None
    """The record; nothing where it is a paper of an earlier case."""
    case_id: int = 0


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the list."""

    title: str
    came: bool
    held: Answer | None

    @property
    def missing(self) -> bool:
        """Whether it neither came nor is held."""
        return not self.came and self.held is None


def papers_of(card: CaseCard, done: Sequence[StepCard], *, on: date) -> list[Paper]:
    """The list of the item a case is about, paper by paper; none where it is about no item, or the item names none."""
    item = entries.entry(card.record_id) if card.flow.about == "item" and card.record_id else None
    titles = list_of(item) if item else []
    came = {same_paper(PurePath(str(name)).stem) for one in done for name in one.entry.body.get("files") or ()}
    answers = _answers(titles, card.opening.about, on=on, but=card.id)
    return [Paper(title, same_paper(title) in came, answers.get(title)) for title in titles]


def list_of(item: EntryCard) -> list[str]:
    """The papers an item asks for, by name."""
    field = policy.current().kinds[item.kind].field_for("paper_list")
    return list(dict.fromkeys(words(str(item.body.get(field) or ""))))


def held_openly(titles: Collection[str], about: str, *, on: date) -> dict[str, Answer]:
    """Which of these papers public records of a party answer for: what anybody may be told before it is known who asks."""
    found = _by_records(titles, about, on=on)
    records = {answer.record.id for answer in found.values() if answer.record}
    public = set(entries.facts().filter(refers__in=records, kind="publication").values_list("refers", flat=True))
    return {title: answer for title, answer in found.items() if answer.record and answer.record.id in public}


def need_all_named(card: CaseCard, step: Step, done: Sequence[StepCard], text: str, *, on: date) -> None:
    """Refuses to tell of some of what is missing: it is told once, all of it (行政许可法第三十二条)."""
    if not step.filling.lists:
        return
    said = fold_text(text)
    left_out = [one.title for one in papers_of(card, done, on=on) if one.missing and same_paper(one.title) not in said]
    if left_out:
        raise Refused(
            f"还缺的材料没有说全：{'、'.join(left_out)}",
            fix="请把缺的都写上，一次告知；不需要的，受理时写明为什么不要",
            clause=card.flow.clause or card.flow.source,
            field="words",
            code="left_out",
        )


def _answers(titles: Collection[str], about: str, *, on: date, but: int) -> dict[str, Answer]:
    return _by_earlier(titles, about, on=on, but=but) | _by_records(titles, about, on=on)


def _by_records(titles: Collection[str], about: str, *, on: date) -> dict[str, Answer]:
    rules = [one for one in policy.current().held.values() if one.records]
    kinds = frozenset(kind for one in rules for kind in one.records)
    if not about or not titles or not kinds:
        return {}
    rows = entries.newest(sorted(kinds)).filter(about=about).exclude(acts__kind__in=ENDING)
    found: dict[str, Answer] = {}
    for record in entries.cards(rows.order_by("-happened_on", "-pk")[:MOST_RECORDS]):
        for rule in rules:
            for title in titles:
                if title not in found and rule.answers(title, record.kind, record.body, on):
                    found[title] = Answer(rule, record.number, record)
    return found


def _by_earlier(titles: Collection[str], about: str, *, on: date, but: int) -> dict[str, Answer]:
    found: dict[str, Answer] = {}
    for rule in (one for one in policy.current().held.values() if one.flows):
        cases = queries.of_party(about, rule.flows, limit=MOST_CASES, as_of=on) if about and titles else []
        done = queries.steps_of(cases)
        for case in (one for one in cases if one.id != but):
            # What was refused or is still being looked at was not taken in.
            taken_in = kept(done[case.id]) is not None
            came = _still_counts(rule, done[case.id], on) if taken_in else set()
            found |= {
                one: Answer(rule, case.number, None, case.id)
                for one in titles
                if same_paper(one) in came and one not in found
            }
    return found


def _still_counts(rule: Held, done: Iterable[StepCard], on: date) -> set[str]:
    pack, found = policy.current(), set[str]()
    for one in done:
        came_on = one.entry.happened_on
        if on <= pack.rule(rule.keeps, on=came_on).due(came_on, pack.calendar).due_on:
            found |= {same_paper(PurePath(str(name)).stem) for name in one.entry.body.get("files") or ()}
    return found
