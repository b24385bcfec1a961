"""The page of one public promise: what was promised, how its date moved, what was accepted as shown, as of any day."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.db.models import Q
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import marks
from jiannuo.disclosure.queries.records import Notice, notice_of, version_shown
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.explaining import explanation
from jiannuo.duties.queries.promises import ACTS
from jiannuo.duties.queries.retelling import Told, retold
from jiannuo.duties.rules import Progress, pausing, progress
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard, EvidenceCard, History
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind


class Milestone(Struct, frozen=True):
    """One public step of a promise."""

    identity: str
    title: str
    shown_by: str
    due_on: date
    first_due_on: date | None
    kept_on: date | None
    standing: Standing
    waits: bool


class Accepted(Struct, frozen=True):
    """Evidence that was accepted: on which day it was done, who confirmed that and why, which files, and whether they are open."""

    done_on: date
    confirmed_on: date
    reason: str
    files: tuple[EvidenceCard, ...]
    open: bool


class PromiseCard(Struct, frozen=True):
    """One public promise as everybody may read it, on a day."""

    identity: str
    state: str
    """public, or withdrawn: then only the notice is here."""
    duty_id: int
    kind: Kind
    duty_kind: str
    title: str
    fields: tuple[rules.Shown, ...]
    said: Mapping[str, str]
    """What the public sees by role: title, category, content, measure, beneficiary, office, shown_by, official."""
    in_person: bool
    """An official promised it, not an organ."""
    debtor_id: int
    confirmer_id: int | None
    told: Told | None
    standing: Standing | None
    why: str
    milestones: tuple[Milestone, ...]
    progress: Progress
    accepted: Accepted | None
    acts: tuple[EntryCard, ...]
    versions: tuple[EntryCard, ...]
    shown: EntryCard
    published_on: date
    withdrawn: Notice | None
    beneficiaries_agreed: int
    beneficiaries_disputed: int

    @property
    def waits(self) -> bool:
        """Evidence was sent in that nobody has confirmed yet."""
        return self.told is not None and self.told.waiting is not None


ROLES = ("title", "category", "content", "measure", "beneficiary", "office", "shown_by")
BENEFICIARY = "beneficiary"
"""The author of an answer that came by a link made for somebody it was promised to."""


def public_promise(identity: str, *, on: date, as_of: date | None = None) -> PromiseCard | None:
    """A promise by its record's lasting address, as it is or as it was known at the end of a day; nothing where it was not public."""
    key = _key(identity)
    whole = ledger.history(key) if key else None
    if key is None or whole is None or not whole.versions:
        return None
    listed = Listing.objects.filter(identity=key).values_list("until").first()
    is_listed = listed is not None and (listed[0] is None or on <= listed[0])
    then = _known(whole, as_of)
    if not any(act.kind == "publication" for act in then.acts):
        return None
    shown = version_shown(then) if is_listed else None
    if shown is None and as_of is not None:
        return None
    rows = _rows(whole.versions)
    if not rows:
        return None
    return _card(rows, then, shown, on=as_of or on, as_of=as_of)


def _key(identity: str) -> bytes | None:
    try:
        return bytes.fromhex(identity) if len(identity) == 32 else None
    except ValueError:
        return None


def _known(whole: History, as_of: date | None) -> History:
    if as_of is None:
        return whole
    moment = datetime.combine(as_of, time.max, SHANGHAI)
    return History(
        tuple(one for one in whole.versions if one.seen_at <= moment),
        tuple(one for one in whole.acts if one.seen_at <= moment),
    )


def _rows(versions: Sequence[EntryCard]) -> list[Any]:
    """The promised duty of the record, then those of its milestones."""
    numbers = [one.id for one in versions]
    mine = Q(entry__in=numbers) | Q(parent__entry__in=numbers)
    rows = duties.owed().filter(mine, confirmer__isnull=False).order_by("due_on", "pk")
    own = [row for row in rows if row.entry_id in numbers]
    return [*own[:1], *(row for row in rows if own and row.parent_id == own[0].pk)]


def _card(rows: Sequence[Any], known: History, shown: EntryCard | None, *, on: date, as_of: date | None) -> PromiseCard:
    row = rows[0]
    card = shown or known.versions[-1]
    kind = policy.current().kinds[card.kind]
    acts = tuple(act for act in known.acts if act.kind in ACTS and act.body.get("duty") == row.kind)
    # A correction that waits to be released moves nothing that everybody reads.
    released = [one for one in known.versions if shown and one.version <= shown.version]
    told = retold(released, acts, kind=row.kind) if shown else None
    steps = _milestones(rows[1:], on=on, as_of=as_of) if shown else ()
    in_person = bool(card.body.get(kind.field_for("official")))
    answers = [act for act in acts if act.kind == "response" and act.author == BENEFICIARY]
    agreed = sum(act.body.get("answer") == "agreed" for act in answers)
    ending = next((act for act in reversed(known.acts) if act.kind in marks.ENDING), None)
    return PromiseCard(
        identity=card.identity.hex(),
        state="public" if shown else "withdrawn",
        duty_id=row.pk,
        kind=kind,
        duty_kind=row.kind,
        title=rules.public_part(kind, card.body, ("title",))["title"] if shown else "",
        fields=tuple(_public_fields(kind, card, in_person=in_person)) if shown else (),
        said=rules.public_part(kind, card.body, ROLES) if shown else {},
        in_person=in_person,
        debtor_id=row.debtor_id,
        confirmer_id=row.confirmer_id,
        told=told,
        standing=told.standing(on) if told else None,
        why=_why(told) if told else "",
        milestones=steps,
        progress=progress([one.standing for one in steps]),
        accepted=_accepted(told) if told else None,
        acts=acts if shown else (),
        versions=known.versions,
        shown=card,
        published_on=next(act.happened_on for act in known.acts if act.kind == "publication"),
        withdrawn=notice_of(ending) if ending and not shown else None,
        beneficiaries_agreed=agreed,
        beneficiaries_disputed=len(answers) - agreed,
    )


def _why(told: Told) -> str:
    """Why the date is the day it is, in words; nothing while it stands still."""
    pack = policy.current()
    deadline = pack.duties[told.kind].deadline
    if told.suspended_since is not None:
        return ""
    why = explanation(pack, deadline, told.started_on, told.stated_on, pausing.over(told.pauses))
    return why.words if why else ""


def _public_fields(kind: Kind, card: EntryCard, *, in_person: bool) -> Iterable[rules.Shown]:
    """A person's name stands there only where the person promised it."""
    persons = {field.id for field in kind.fields if field.personal == "mask"}
    return (one for one in rules.public_view(kind, card.body) if in_person or one.field not in persons)


def _milestones(rows: Sequence[Any], *, on: date, as_of: date | None) -> tuple[Milestone, ...]:
    """The steps that are public, each told again from what was known."""
    if not rows:
        return ()
    numbers = [row.entry_id for row in rows]
    identities = dict(ledger.facts().filter(pk__in=numbers).values_list("pk", "identity"))
    listed = Listing.objects.filter(identity__in=list(identities.values())).select_related("entry")
    public = {bytes(one.identity): one for one in listed}
    moment = datetime.combine(as_of or on, time.max, SHANGHAI)
    versions = ledger.cards(ledger.facts().filter(identity__in=list(public)).order_by("pk"))
    acts = ledger.cards(
        ledger.facts().filter(refers__in=[one.id for one in versions], kind__in=(*ACTS, "publication")).order_by("pk")
    )
    if as_of is not None:
        versions, acts = ([one for one in several if one.seen_at <= moment] for several in (versions, acts))
    found = []
    for row in rows:
        own = public.get(bytes(identities[row.entry_id]))
        if own is None:
            continue
        mine = [one for one in versions if one.identity == bytes(own.identity)]
        done = [act for act in acts if act.refers in {one.id for one in mine}]
        told = retold(mine, done, kind=row.kind) if any(act.kind == "publication" for act in done) else None
        if told is not None:
            found.append(_milestone(own, told, on))
    return tuple(sorted(found, key=lambda one: (one.due_on, one.title)))


def _milestone(listed: Any, told: Told, on: date) -> Milestone:
    kind = policy.current().kinds[listed.kind]
    shown = rules.public_part(kind, json.loads(listed.entry.body), ("title", "shown_by"))
    return Milestone(
        identity=bytes(listed.identity).hex(),
        title=shown["title"] or listed.number,
        shown_by=shown["shown_by"],
        due_on=told.due_on,
        first_due_on=told.first_due_on,
        kept_on=told.kept_on,
        standing=told.standing(on),
        waits=told.waiting is not None,
    )


def _accepted(told: Told) -> Accepted | None:
    if told.kept_on is None or told.accepted is None or told.confirmation is None:
        return None
    digests: Any = told.accepted.body.get("evidence") or []
    return Accepted(
        done_on=told.accepted.happened_on,
        confirmed_on=told.confirmation.happened_on,
        reason=plain(told.confirmation.reason),
        files=tuple(ledger.evidence_of(digests)),
        open=bool(told.confirmation.body.get("publish")),
    )


def plain(text: str) -> str:
    """What an organ wrote with an act, without the personal data that may stand in it."""
    return rules.without_personal(text)


def open_evidence(identity: str, digest: str, *, on: date) -> EvidenceCard | None:
    """A file of the accepted evidence of a public promise, where the one who confirmed it opened the files; nothing else."""
    card = public_promise(identity, on=on)
    if card is None or card.accepted is None or not card.accepted.open:
        return None
    return next((file for file in card.accepted.files if file.digest == digest), None)


def title_of(entry_id: int) -> tuple[str, int]:
    """What a record is about, as the public may read it, and whose it is: for somebody who was sent a link to it."""
    card = ledger.entry(entry_id)
    if card is None:
        return "", 0
    kind = policy.current().kinds.get(card.kind)
    title = rules.public_part(kind, card.body, ("title",))["title"] if kind else ""
    return title or card.number, card.organ_id
