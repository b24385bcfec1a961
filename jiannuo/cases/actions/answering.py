"""Answers to the checklist of a case, each kept as a fact of its own: several in one sending, the last one to an item counting."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.cases import rules
from jiannuo.cases.actions.writing import Answer, Given, Moment, checked, write
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.cases.rules import Matter
from jiannuo.duties.actions import Upload
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step


class AnswerCard(Struct, frozen=True):
    """The answer to one item of a checklist, with the step it was sent in and the places of its photographs among the step's files."""

    result: str
    words: str
    step: StepCard
    photos: tuple[int, ...]


def answers(done: Iterable[StepCard]) -> dict[str, AnswerCard]:
    """The last answer to each item of the case's checklist, by item."""
    return answers_of({0: done})[0]


def answers_of(cases: Mapping[int, Iterable[StepCard]]) -> dict[int, dict[str, AnswerCard]]:
    """The same of many cases, in one question."""
    written = [
        (case, one, int(str(number)))
        for case, done in cases.items()
        for one in done
        for number in one.entry.body.get("answers") or ()
    ]
    facts = entries.entries(number for _, _, number in written)
    found: dict[int, dict[str, AnswerCard]] = {case: {} for case in cases}
    for case, one, number in written:
        body, names = facts[number].body, list(one.entry.body.get("files") or [])
        places = tuple(names.index(name) for name in str(body.get("photo") or "").split("、") if name in names)
        answer = AnswerCard(str(body["result"]), str(body.get("words") or ""), one, places)
        found[case][str(body["item"])] = answer
    return found


def demand(card: CaseCard, matter: Matter, step: Step, given: Given, done: Sequence[StepCard]) -> Given:
    """The step's answers with their photographs among its papers, named by their items. Refuses an answer that is not whole, and a
    conclusion that the answers do not bear.
    """
    if card.flow.checklist is None:
        return given
    questions = policy.current().checklists[card.flow.checklist.items]
    if {"all_right", "some_wrong"} & set(step.needs):
        results = {name: one.result for name, one in answers(done).items()}
        rules.conclude(matter, step, questions, results)
    if "answers" not in step.needs:
        return given
    for one in given.answers:
        rules.whole_answer(matter, questions, one.item, one.result, one.words, len(one.photos))
    rules.some_answers(matter, [one.item for one in given.answers])
    named = [replace(one, photos=_named(one)) for one in given.answers]
    return replace(given, answers=named, files=[*given.files, *(photo for one in named for photo in one.photos)])


def write_answers(card: CaseCard, given: Given, when: Moment) -> ledger_rules.Body:
    """Each answer as a fact of the organ inspected; their numbers."""
    if card.flow.checklist is None or not given.answers:
        return {}
    kind, written = policy.current().kinds[card.flow.checklist.kind], list[str]()
    for one in given.answers:
        photos = "、".join(photo.name for photo in one.photos)
        fields = {"item": one.item, "result": one.result, "words": one.words.strip(), "photo": photos}
        values = checked(kind, fields, card.flow, when.on)
        token = f"{card.number}/{card.steps}/{one.item}"
        organ = card.subject_id or card.handler_id
        written.append(str(write(kind, values, when, organ=organ, number=card.number, token=token, about="").id))
    return {"answers": written}


def _named(one: Answer) -> list[Upload]:
    return [
        Upload(f"{one.item}照片{place}{PurePath(photo.name).suffix.lower()}", photo.data)
        for place, photo in enumerate(one.photos, 1)
    ]
