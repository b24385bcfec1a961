"""Major decisions as everybody may see them, and who took part as those may who open it for a purpose. Names are in no public answer."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import actions as traced
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.cases import queries as cases
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.disclosure.queries.records import RecordCard, public_record
from jiannuo.disclosure.rules.decisions import Gate, Passed, Taken, gates
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

FLOW, OPINION = "major_decision", "decision_opinion"
FIRST = date(2000, 1, 1)
HEARING, RECORDED, HEARD, DECIDED = "call_hearing", "hearing_record", "participate", "decide"
ANNOUNCED = ("announce", "announce_urgent")
"""The steps that make a draft public: for thirty days, or for fewer where it is urgent and said why."""
TIMED = ("consulting", "hurried")
OPEN_STATES = (*TIMED, "hearing")
ANSWERS = ("answer_1", "answer_2", "answer_3")
SECTION = "decisions"
PURPOSE = "decisions.people"


class Paper(Struct, frozen=True):
    """A file that everybody may open, and the step that published it."""

    name: str
    digest: str
    step: str


class Said(Struct, frozen=True):
    """What is told of a step: what it is, its day, its words, and the fields of the fact it wrote that are public."""

    id: str
    title: str
    on: date
    words: str
    fields: tuple[tuple[str, str], ...]
    place: int
    """Among the steps of the case."""


class Question(Struct, frozen=True):
    """A question of the survey and how many gave which answer."""

    text: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        """How many answered it."""
        return sum(self.counts.values())


class Answered(Struct, frozen=True):
    """What was said, in the drafting organ's words, and what became of it; so many said it."""

    gist: str
    outcome: str
    reason: str
    several: int


class PublicDecision(Struct, frozen=True):
    """A major decision as its page shows it."""

    card: CaseCard
    gates: tuple[Gate, ...]
    said: tuple[Said, ...]
    papers: tuple[Paper, ...]
    closes_on: date | None
    """The last day of the consultation, while it is open."""
    questions: tuple[Question, ...]
    answers: tuple[Answered, ...]
    """Empty until the second person closed the participation: that releases them."""
    opinions: int
    answered: int
    resolution: RecordCard | None
    """The record of the resolution, once it is public."""

    @property
    def is_open(self) -> bool:
        """Whether an opinion may be sent."""
        return self.card.state.id in OPEN_STATES

    @property
    def facts(self) -> Mapping[str, Said]:
        """What was said last, by step."""
        return {one.id: one for one in self.said}

    @property
    def notice(self) -> Said | None:
        """With what the draft was made public last."""
        return next((one for one in reversed(self.said) if one.id in ANNOUNCED), None)

    def told(self, gate: Gate) -> Said | None:
        """What was said when a gate was passed."""
        return next((one for one in self.said if one.place == gate.step), None)


def decisions(*, on: date) -> list[PublicDecision]:
    """All decisions whose draft was made public, those open to opinions first, then the newest."""
    cards = cases.opened_between(FLOW, first=FIRST, last=on, as_of=on)
    steps = cases.steps_of(cards)
    found = [_decision(card, steps[card.id], {}, (), None) for card in reversed(cards) if _announced(steps[card.id])]
    return sorted(found, key=lambda one: (not one.is_open, one.card.state.final))


def decision(identity: str, *, on: date) -> PublicDecision | None:
    """The decision of that lasting address, once its draft is public."""
    card = _card(identity, on)
    if card is None:
        return None
    done = cases.steps(card)
    if not _announced(done):
        return None
    opinions = cases.parts(card, as_of=on)
    answers = cases.steps_of(opinions)
    numbers = [_record(step) for steps in (done, *answers.values()) for step in steps]
    written = ledger.entries(filter(None, numbers))
    resolved = next((written[number] for step in done if _is(step, DECIDED) and (number := _record(step))), None)
    public = public_record(resolved.identity.hex(), on=on) if resolved else None
    told = [written[number] for steps in answers.values() for step in steps if (number := _record(step))]
    return _decision(card, done, written, (opinions, told), public)


def _decision(
    card: CaseCard,
    done: Sequence[StepCard],
    written: Mapping[int, EntryCard],
    heard: tuple[Sequence[CaseCard], Sequence[EntryCard]] | tuple[()],
    resolution: RecordCard | None,
) -> PublicDecision:
    opinions, told = heard or ((), ())
    passed = gates(Taken(step.step.id if step.step else "", step.state.id, step.entry.happened_on) for step in done)
    # A list asks for no opinions.
    released = bool(heard) and passed[0].stands == Passed.DONE
    closed = resolution is None or resolution.state != "public"
    said = [
        _said(place, step, written)
        for place, step in enumerate(done)
        if step.step and (step.step.public or _record(step))
    ]
    said = [one for one in said if not (one.id == DECIDED and closed)]
    return PublicDecision(
        card=card,
        gates=passed,
        said=tuple(said),
        papers=tuple(_papers(done, with_resolution=not closed)),
        closes_on=_closes(card) if card.state.id in TIMED else None,
        questions=_questions(done, written, opinions) if released else (),
        answers=_answers(told) if released else (),
        opinions=len(opinions),
        answered=sum(one.closed_on is not None for one in opinions),
        resolution=None if closed else resolution,
    )


def asked(found: PublicDecision) -> dict[str, str]:
    """The questions of the survey that is open, by the field that answers each."""
    said = found.notice
    texts = dict(said.fields) if said else {}
    kind = policy.current().kinds["decision_consultation"]
    titles = [kind.by_id[name.replace("answer", "question")].title for name in ANSWERS]
    return {name: texts[title] for name, title in zip(ANSWERS, titles, strict=True) if texts.get(title)}


def _card(identity: str, on: date) -> CaseCard | None:
    try:
        key = bytes.fromhex(identity)
    except ValueError:
        return None
    number = ledger.facts().filter(identity=key, kind=FLOW).values_list("number", flat=True).first()
    return cases.by_number(number, as_of=on) if number else None


def _is(step: StepCard, *names: str) -> bool:
    return step.step is not None and step.step.id in names


def _announced(done: Sequence[StepCard]) -> bool:
    return any(_is(step, *ANNOUNCED) for step in done)


def _record(step: StepCard) -> int | None:
    number = step.entry.body.get("record")
    return int(str(number)) if number else None


def _closes(card: CaseCard) -> date:
    """The last day, by the time limit after which the clock closes it."""
    pack = policy.current()
    over = next(step for step in card.flow.out_of(card.state.id) if step.by == "clock")
    return pack.rule(over.after, on=card.entered_on).due(card.entered_on, pack.calendar).due_on


def _said(place: int, step: StepCard, written: Mapping[int, EntryCard]) -> Said:
    assert step.step is not None  # noqa: S101 - its caller looked
    record = written.get(_record(step) or 0)
    fields: list[tuple[str, str]] = []
    if record is not None:
        kind = policy.current().kinds[record.kind]
        fields = [
            (one.title, str(record.body[one.id])) for one in kind.fields if one.public and record.body.get(one.id)
        ]
    words = step.entry.reason if step.step.public else ""
    return Said(step.step.id, step.step.title, step.entry.happened_on, words, tuple(fields), place)


def _papers(done: Sequence[StepCard], *, with_resolution: bool) -> list[Paper]:
    """The files of the steps that are public, and of the resolution once it is."""
    found = []
    for step in done:
        shown = step.step is not None and (step.step.public or (with_resolution and _is(step, DECIDED)))
        if shown and step.step:
            names: list[str] = list(step.entry.body.get("files") or [])
            digests: list[str] = list(step.entry.body.get("papers") or [])
            found += [Paper(name, digest, step.step.title) for name, digest in zip(names, digests, strict=True)]
    return found


def _questions(
    done: Sequence[StepCard], written: Mapping[int, EntryCard], opinions: Sequence[CaseCard]
) -> tuple[Question, ...]:
    last = [number for step in done if _is(step, *ANNOUNCED) and (number := _record(step))][-1]
    body, kind = written[last].body, policy.current().kinds[OPINION]
    found = []
    for name in ANSWERS:
        if text := body.get(name.replace("answer", "question")):
            counts = Counter(str(one.opening.body[name]) for one in opinions if one.opening.body.get(name))
            options = kind.codes.get(kind.by_id[name].codes, ())
            found.append(Question(str(text), {option: counts[option] for option in options}))
    return tuple(found)


def _answers(told: Sequence[EntryCard]) -> tuple[Answered, ...]:
    several = Counter((str(one.body["gist"]), str(one.body["outcome"]), str(one.body["reason"])) for one in told)
    return tuple(Answered(*said, count) for said, count in several.most_common())


class Opinion(Struct, frozen=True):
    """An opinion as whoever has to answer it reads it."""

    card: CaseCard
    content: str
    answers: tuple[tuple[str, str], ...]
    """What it says to the survey and to the hearing, title and value."""


MOST_AT_ONCE = 100
"""How many opinions are read, and may be answered, at once."""


def waiting(
    case_id: int, *, actor: Actor, on: date, at: datetime, address: str = ""
) -> tuple[CaseCard, int, list[Opinion]]:
    """A decision, how many of its opinions have no answer yet, and the oldest of them. Refuses who does not handle it; that they were
    read is written down.
    """
    card = cases.case(case_id, as_of=on)
    if card is None or card.flow.id != FLOW:
        raise Refused("没有这件决策", fix="请从案件列表进入", code="not_found")
    handler = cases.answering(card, subjects.directory(on))["handler"]
    if actor.organ_id not in handler or not access.may(actor, "cases.handle", actor.organ_id):
        fix = "请由起草单位的人员办理"
        raise Refused("这些意见不在您的范围内", fix=fix, clause=access.CLAUSE, code="forbidden")
    open_ones = [one for one in cases.parts(card, as_of=on) if one.closed_on is None]
    shown = open_ones[:MOST_AT_ONCE]
    opened = ledger.personals(one.opening.id for one in shown)
    if shown:
        detail = f"{len(shown)}条意见"
        traced.note(
            actor, action="cases.read", object=f"case:{card.number}", at=at, organ_id=card.handler_id, detail=detail,
            address=address,
        )  # fmt: skip
    return card, len(open_ones), [_opinion(one, opened.get(one.opening.id, {})) for one in shown]


def _opinion(one: CaseCard, opened: Mapping[str, str]) -> Opinion:
    body, kind = one.opening.body, one.kind
    said = tuple((kind.by_id[name].title, str(body[name])) for name in (*ANSWERS, "attend") if body.get(name))
    return Opinion(one, opened.get("content", ""), said)


class Participant(Struct, frozen=True):
    """Somebody who took part: at which gate, in which office then, how, with what opinion."""

    gate: str
    code: str
    name: str
    post: str
    part: str
    opinion: str
    said: str
    on: date


def people(case_id: int, *, actor: Actor, purpose: str, on: date, at: datetime, address: str = "") -> list[Participant]:
    """Everybody who took part in a decision, for a purpose that is written down. Refuses who may not read it."""
    card = cases.case(case_id, as_of=on)
    if card is None or card.flow.id != FLOW:
        raise Refused("没有这件决策", fix="请从案件列表进入", code="not_found")
    demand(card, actor, on)
    why = access.check_purpose(purpose)
    listed = ledger.cards(ledger.facts().filter(kind="decision_participant", number=card.number).order_by("pk"))
    known = subjects.officials_by_code(str(one.body["official"]) for one in listed)
    traced.note(
        actor, action=PURPOSE, object=f"case:{card.number}", at=at, organ_id=card.handler_id, purpose=why, address=address,
        detail=f"查阅{card.number}的全部参与人",
    )  # fmt: skip
    return [_participant(one, known) for one in listed]


def demand(card: CaseCard, actor: Actor, on: date) -> None:
    """Refuses who may not know who took part: personnel and discipline may, and the heads of the organs that handled it."""
    readers = policy.current().sections[SECTION].readers & actor.roles
    involved = cases.involved(card, cases.steps(card), subjects.directory(on))
    if readers - {"head"} or (readers and actor.organ_id in involved):
        return
    fix = "请由组织人事、纪检监察，或者经办单位的负责人查阅"
    raise Refused("您不能查阅参与决策的人", fix=fix, clause=access.CLAUSE, code="forbidden")


def _participant(one: EntryCard, known: Mapping[str, subjects.OfficialCard]) -> Participant:
    body = {name: str(value) for name, value in one.body.items()}
    official = known.get(body["official"])
    return Participant(
        body["gate"],
        body["official"],
        official.name if official else "",
        body["post"],
        body["part"],
        body["opinion"],
        body.get("said", ""),
        one.happened_on,
    )
