"""The page of one public record: what is shown, where it comes from, why its dates are what they are, and what became of it."""

from datetime import date, datetime

from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import marks, review
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import DutyCard
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard, History
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.policy.repairing import Terms
from jiannuo.subjects import queries as subjects

WORDS = {
    "publication": "公示",
    "revocation": "原决定被变更或者撤销",
    "withdrawal": "撤下",
    "dispute": "当事人提出异议，标明有异议",
    "settlement": "异议办结，撤去标注",
}


class Change(Struct, frozen=True):
    """A field whose public value differs from the version before."""

    title: str
    before: str
    after: str


class Step(Struct, frozen=True):
    """One thing that happened to a public record."""

    entry_id: int
    what: str
    on: date
    seen_at: datetime
    reason: str
    law: str
    version: int
    digest: str
    changes: tuple[Change, ...] = ()


class Notice(Struct, frozen=True):
    """Why a record is no longer shown, or no longer stands."""

    on: date
    reason: str
    law: str
    what: str = ""
    by: str = ""
    number: str = ""


class RecordCard(Struct, frozen=True):
    """One record as everybody may read it."""

    identity: str
    entry_id: int
    kind: str
    kind_title: str
    kind_short: str
    family: str
    clause: str
    standard: str
    state: str
    """public, or withdrawn: then nothing of its content is here, only the notice."""
    title: str
    party: str
    party_key: str
    number: str
    organ_id: int
    organ: str
    organ_then: str
    """The organ's name on the day of the decision, where it was another."""
    fields: tuple[rules.Shown, ...]
    decided_on: date
    published_on: date | None
    seen_at: datetime
    """When the platform came to know it."""
    version: int
    digest: str
    rule: str
    duty: DutyCard | None
    """By when it had to be public, and why then."""
    standing: str
    disputed_on: date | None
    """Since when the one it is about objects to it."""
    terms: Terms | None
    """How long it is shown and from when on repair may be asked for; nothing where no rule says so."""
    withdrawn: Notice | None
    revoked: Notice | None
    to_withdraw: DutyCard | None
    """By when it must be withdrawn, where the decision was revoked."""
    history: tuple[Step, ...]
    as_of: datetime | None


def public_record(key: str | int, *, on: date, as_of: datetime | None = None) -> RecordCard | None:
    """A record by its lasting address or the number of any of its entries, as it is or as it was known at a moment.

    Nothing where it never was public, and nothing once it is repaired: not even that there was something. What has been withdrawn
    since is not shown as of any earlier moment either.
    """
    identity = _identity(key)
    if identity is None:
        return None
    whole = ledger.history(identity)
    listed = Listing.objects.filter(identity=identity).values_list("entry_id", "due_on", "kept_on", "until").first()
    if (
        not any(act.kind == "publication" for act in whole.acts)
        or any(act.kind == "repair" for act in whole.acts)
        or whole.versions[0].kind not in review.kinds_reviewed()
    ):
        return None
    then = whole if as_of is None else _known(whole, as_of)
    if not any(act.kind == "publication" for act in then.acts):
        return None
    shown = version_shown(then) if listed and (listed[3] is None or on <= listed[3]) else None
    if listed and shown is None and as_of is not None:
        return None
    return _card(then, shown, on=on, as_of=as_of)


def _identity(key: str | int) -> bytes | None:
    if isinstance(key, int) or (key.isdigit() and len(key) < 32):
        card = ledger.entry(int(key))
        if card is None or card.refers is None:
            return card.identity if card else None
        referred = ledger.entry(card.refers)
        return referred.identity if referred else None
    try:
        return bytes.fromhex(key) if len(key) == 32 else None
    except ValueError:
        return None


def _known(whole: History, as_of: datetime) -> History:
    return History(
        tuple(one for one in whole.versions if one.seen_at <= as_of),
        tuple(one for one in whole.acts if one.seen_at <= as_of),
    )


def version_shown(known: History) -> EntryCard | None:
    """The version whose publication is the last word, unless it was withdrawn or taken off its list since."""
    deciding = [act for act in known.acts if act.kind in {"publication", *marks.ENDING}]
    if not deciding or deciding[-1].kind in marks.ENDING:
        return None
    return next(version for version in known.versions if version.id == deciding[-1].refers)


def _card(known: History, shown: EntryCard | None, *, on: date, as_of: datetime | None) -> RecordCard:
    publications = [act for act in known.acts if act.kind == "publication"]
    card = shown or next(one for one in known.versions if one.id == publications[-1].refers)
    kind = policy.current().kinds[card.kind]
    ours = duties.of_entries([*(one.id for one in known.versions), *(act.id for act in known.acts)], as_of=on)
    owed = [duty for found in ours.values() for duty in found]
    duty = next((one for one in owed if one.kind in review.duties_to_publish()), None)
    part = rules.public_part(kind, card.body, ("title", "about_name")) if shown else {"title": "", "about_name": ""}
    withdrawal = next((act for act in reversed(known.acts) if act.kind in marks.ENDING), None)
    revocation = next((act for act in reversed(known.acts) if act.kind == "revocation" and act.refers == card.id), None)
    now, then = subjects.directory(on).card(card.organ_id), subjects.directory(card.happened_on).card(card.organ_id)
    return RecordCard(
        identity=card.identity.hex(),
        entry_id=card.id,
        kind=kind.id,
        kind_title=kind.title,
        kind_short=kind.short,
        family=kind.family,
        clause=kind.clause,
        standard=kind.source,
        state="public" if shown else "withdrawn",
        title=part["title"],
        party=part["about_name"],
        party_key=card.about if shown and card.about.partition(":")[0] in rules.PARTY_CODES else "",
        number=card.number if shown else "",
        organ_id=card.organ_id,
        organ=now.name,
        organ_then=then.name if then.name != now.name else "",
        fields=tuple(rules.public_view(kind, card.body)) if shown else (),
        decided_on=card.happened_on,
        published_on=publications[0].happened_on,
        seen_at=card.seen_at,
        version=card.version,
        digest=card.digest,
        rule=card.rule,
        duty=duty,
        standing=review.standing(duty.due_on, duty.kept_on) if duty else "",
        disputed_on=marks.of_acts(known.acts).disputed_on if shown else None,
        terms=policy.current().terms(card.kind, card.body, decided_on=card.happened_on) if shown else None,
        withdrawn=None if shown or withdrawal is None else notice_of(withdrawal),
        revoked=notice_of(revocation) if revocation else None,
        to_withdraw=next((one for one in owed if one.kind == "withdraw_publication" and one.is_open), None),
        history=tuple(_steps(known, kind, content=shown is not None)),
        as_of=as_of,
    )


def notice_of(act: EntryCard) -> Notice:
    """What an act that ended or changed a publication says of it."""
    body = act.body
    return Notice(
        act.happened_on,
        act.reason,
        body.get("law", ""),
        body.get("outcome", ""),
        body.get("decided_by", ""),
        body.get("number", ""),
    )


def _steps(known: History, kind: Kind, *, content: bool) -> list[Step]:
    """What the public may know of its history: publications with what each changed, revocations, withdrawals."""
    versions = {version.id: version for version in known.versions}
    steps: list[Step] = []
    before: EntryCard | None = None
    for act in known.acts:
        if act.kind not in WORDS:
            continue
        version = versions[act.refers or 0]
        changes: tuple[Change, ...] = ()
        correction = ""
        if act.kind == "publication":
            if before is not None and before.id != version.id:
                changes = _changes(kind, before, version) if content else ()
                correction = version.reason
            before = version
        if act.kind == "withdrawal":
            before = None
        what = "更正后公示" if correction or changes else WORDS[act.kind]
        reason = correction if act.kind == "publication" else act.reason
        steps.append(
            Step(
                act.id,
                what,
                act.happened_on,
                act.seen_at,
                reason,
                act.body.get("law", ""),
                version.version,
                act.digest,
                changes,
            )
        )
    return steps


def _changes(kind: Kind, before: EntryCard, after: EntryCard) -> tuple[Change, ...]:
    old = {each.field: each.shown for each in rules.public_view(kind, before.body)}
    new = {each.field: each.shown for each in rules.public_view(kind, after.body)}
    return tuple(
        Change(field.title, old.get(field.id, ""), new.get(field.id, ""))
        for field in kind.fields
        if old.get(field.id, "") != new.get(field.id, "")
    )
