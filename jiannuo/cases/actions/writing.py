"""What a step writes: its own entry, the fact it decides, what it does to a record; and the clocks that follow."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import partial

from msgspec import Struct

from jiannuo.cases.models import Case
from jiannuo.cases.queries import OPEN, STEP
from jiannuo.duties.actions import Upload, catch_up
from jiannuo.intake.actions import around
from jiannuo.intake.rules.checking import part_of
from jiannuo.intake.rules.envelopes import Envelopes
from jiannuo.intake.rules.forms import filled
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.kernel import attachments, sealing
from jiannuo.kernel.personal import find_personal
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import party_key

PAPERS = frozenset(attachments.BEGINNINGS)
CLOCKS = ("starts", "ends", "lifts", "pauses", "resumes")


class Answer(Struct, frozen=True):
    """One item of a checklist, answered on the spot."""

    item: str
    result: str
    words: str = ""
    photos: Sequence[Upload] = ()


class Given(Struct, frozen=True):
    """What a step was given on its form."""

    words: str = ""
    files: Sequence[Upload] = ()
    fields: Mapping[str, str] = {}
    """What the kind of fact it writes asks for, by field."""
    organs: Sequence[str] = ()
    """The organs chosen, by code or name."""
    token: str = ""
    """Tells the same sending again."""
    answers: Sequence[Answer] = ()
    """What was answered of the procedure's checklist."""
    criteria: Sequence[str] = ()
    """How the subject stands by each criterion, as `id|word|fact`, where the step needs it."""
    certificate: str = ""
    """The number of the certificate that says the subject may receive it, where the step needs that."""
    lines: str = ""
    """What the kind of fact it writes several of was given, one to a line."""


class Moment(Struct, frozen=True):
    """When something is done, in law and on the clock, and by whom."""

    on: date
    at: datetime
    author: str


def checked(kind: Kind, fields: Mapping[str, str], flow: Flow, on: date) -> dict[str, str]:
    """What a form was given for a kind of fact, as it is kept. Refuses the first thing that is wrong, at its field."""
    directory = subjects.directory(on)

    def organ(code: str, name: str, _own: object) -> str:
        return "" if directory.find(code or name) else f"没有“{code or name}”这个单位"

    surroundings = Surroundings(
        today=on, organ=organ, register=around.Register(), official=around.Officials(), which=around.Which(directory),
        items=around.Items(directory),
    )  # fmt: skip
    return filled(kind, fields, surroundings, clause=flow.clause or flow.source)


def identity(kind: str, token: str) -> bytes:
    """What makes it the same fact when it is sent again."""
    return ledger_rules.identity("case", kind, token)


def write(
    kind: Kind, values: Mapping[str, str], when: Moment, *, organ: int, number: str, token: str, about: str
) -> ledger_rules.Link:
    """One fact of a kind that only cases write, its personal values apart; its number in the ledger, and what others bind it by."""
    draft = drafted(kind, values, when, organ=organ, number=number)
    draft = draft._replace(identity=identity(kind.id, token), about=about or draft.about)
    return ledger.append_linked([draft], at=when.at)[0]


def drafted(kind: Kind, values: Mapping[str, str], when: Moment, *, organ: int, number: str) -> ledger_rules.Draft:
    """A fact as it will stand in the ledger, under the identity that a row of a file would have."""
    making = Envelopes(kind, partial(sealing.blinds, entries.ring()[0]))
    ready = making.of(part_of([1], {one.id: [values.get(one.id, "")] for one in kind.fields}, first=1, end=2))
    return ledger_rules.Draft(
        kind=kind.id,
        organ_id=organ,
        organ_code=subjects.directory(when.on).card(organ).code,
        happened_on=date.fromisoformat(ready.days[0]) if ready.days[0] else when.on,
        rule=f"{policy.current().id}#{kind.id}",
        source=ledger_rules.Source(when.author),
        identity=ready.identities[0],
        body=ready.bodies[0],
        private=ledger_rules.salted(ready.private[0]) if ready.private[0] else None,
        about=ready.about[0],
        number=ready.numbers[0] or number,
        # What may be public is public only once it is released.
        visibility=kind.visibility if kind.from_case else "restricted" if kind.visibility == "restricted" else "organ",
        content=ready.contents[0],
    )


def found(parent_id: int | None, *, kind: str, entry_id: int) -> None:
    """A record that a case found is what the case above it is about from then on, where its table says so (`finds`)."""
    parent = Case.objects.filter(pk=parent_id).first() if parent_id else None
    flow = policy.current().flows.get(parent.flow) if parent else None
    if parent and flow and kind in flow.finds:
        parent.record_id = entry_id
        parent.save(update_fields=["record"])


def person_key(kind: Kind, values: Mapping[str, str]) -> str:
    """The key of a natural person whom a fact names by number, the same that records about the person bear; empty where it names none."""
    number = values.get(kind.field_for("person_code"), "").strip().upper()
    return party_key({}, "", sealing.blinds(entries.ring()[0], [number.encode()])[0]) if number else ""


def nothing_personal(words: str, name: str) -> None:
    """Refuses personal data in what everybody will read, at its field."""
    if found := next((one for one in find_personal(words) if one.certain), None):
        raise Refused(
            f"这一步的说明会向社会公开，其中有{found.what}“{found.text}”",
            fix="请删去个人信息后再提交",
            clause="中华人民共和国个人信息保护法第二十五条",
            field=name,
            code="personal",
        )


def act_on(act: str, record: EntryCard, when: Moment, *, number: str, words: str) -> int:
    """What is done to the record the case is about: marked as disputed, taken down, repaired. Refuses personal data in public words."""
    nothing_personal(words, "words")
    before = entries.present([ledger_rules.act_identity(act, record.id)])
    draft = ledger.act(
        act,
        on=record,
        organ_code=subjects.directory(when.on).card(record.organ_id).code,
        happened_on=when.on,
        rule=f"{policy.current().id}#{act}",
        author=when.author,
        reason=words,
        body={"case": number},
        version=next((one.version for one in before.values()), 0) + 1,
    )
    return ledger.append([draft], at=when.at)[0]


def keep(files: Sequence[Upload], when: Moment) -> list[str]:
    """The papers, kept under their digests."""
    return [
        ledger.keep_evidence(
            file.data, name=file.name, types=PAPERS, limit=attachments.LARGEST, at=when.at, by=when.author
        ).digest
        for file in files
    ]


def append_step(
    row: Case, step: Step | None, opening: ledger_rules.Link, given: Given, when: Moment, extra: ledger_rules.Body
) -> None:
    """The step's entry, and the case as it stands after it. A second entry of one version is refused by the ledger's constraint."""
    pack = policy.current()
    flow, handler = pack.flows[row.flow], subjects.directory(when.on).card(row.handler_id)
    papers = keep(given.files, when)
    body: ledger_rules.Body = {
        "flow": row.flow,
        "step": step.id if step else OPEN,
        "to": row.state,
        "told": row.told,
        **{key: list(getattr(step, key)) for key in CLOCKS if step and getattr(step, key)},
        **extra,
        **({"papers": papers, "files": [file.name for file in given.files]} if papers else {}),
        **({"token": given.token} if given.token else {}),
    }
    public = flow.public and bool(step and step.public)
    sealed = pack.kinds[flow.kind].visibility == entries.CLOSED and not public
    draft = ledger_rules.Draft(
        kind=STEP,
        organ_id=handler.id,
        organ_code=handler.code,
        happened_on=when.on,
        rule=f"{pack.id}#{row.flow}",
        source=ledger_rules.Source(when.author),
        identity=ledger_rules.act_identity(STEP, opening.id),
        version=row.steps + 1,
        number=row.number,
        body=body,
        private=ledger_rules.salted({"words": given.words}) if sealed and given.words else None,
        reason="" if sealed else given.words,
        refers=opening,
        visibility="public" if public else entries.CLOSED if sealed else "organ",
    )
    ledger.append([draft], at=when.at)
    row.steps += 1
    row.save()


def carry_over(at: datetime) -> None:
    """The clocks follow what was just written."""
    catch_up(opened_at=at)
