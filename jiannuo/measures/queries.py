"""May this subject receive this? Answered from the records themselves at every asking, with the facts, the rule and the end date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef
from msgspec import Struct
from msgspec.structs import replace

from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.cases.queries import ENDING
from jiannuo.kernel.identifiers import check_uscc
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.measures import rules
from jiannuo.measures.rules import CLAUSE, Asked, Effect, Word
from jiannuo.policy import pack as policy
from jiannuo.policy.measures import USES
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard
from jiannuo.subjects.rules import OFFICIAL, official_key

T = TypeVar("T")
CHUNK = 5000
CERTIFICATE = "certificate"
"""The entry an asking leaves: what was asked, of whom, what was answered."""
MOST = 10_000


class Fact(Struct, frozen=True):
    """Why: the measure, the record it follows, the rule, and until when. Empty for a reader who may not see it."""

    measure: str
    record: str
    source: str
    ends_on: date | None
    disputed: bool


class AnswerCard(Struct, frozen=True):
    """The answer for one subject."""

    asked: Asked
    key: str
    """organ:CODE, official:CODE, uscc:CODE; empty where nobody was found."""
    name: str
    word: Word
    facts: tuple[Fact, ...]
    ends_on: date | None
    """The last day of what stands against it; None where nothing does, or no day ends it."""
    why: str
    """In words: nothing known, who was not found, or what bars it."""

    @property
    def words(self) -> str:
        """The answer as people read it."""
        return rules.WORDS[self.word]


def eligibility(asked: Sequence[Asked], *, use: str, actor: Actor, on: date) -> list[AnswerCard]:
    """The answers, in the order asked. Refuses an unknown use and more than ten thousand at once."""
    if use not in USES:
        known = "、".join(f"{name}（{title}）" for name, title in USES.items())
        raise Refused(f"没有用途“{use}”", fix=f"只能是：{known}", clause=CLAUSE, field="use", code="use")
    if len(asked) > MOST:
        raise Refused(f"一次问了{len(asked)}个", fix=f"一次最多{MOST}个，请分几次问", field="file", code="many")
    directory = subjects.directory(on)
    people = _People(on)
    found = [_resolved(one, directory, people) for one in asked]
    effects = _effects({key for key, _, _ in found if key}, directory)
    reader = _Reader(actor, people, directory)
    return [
        _answer(one, known, rules.answer(use, effects.get(known[0], ()), on), reader)
        for one, known in zip(asked, found, strict=True)
    ]


def barred(keys: Iterable[str], *, use: str, on: date) -> dict[str, tuple[Effect, ...]]:
    """Of these subjects, those that may not receive something on a day, each with what bars it."""
    found = _effects(keys, subjects.directory(on))
    answers = {key: rules.answer(use, several, on) for key, several in found.items()}
    return {key: saying for key, (word, saying) in answers.items() if word == "no"}


class _People:
    """Officials by code and by name, asked for once."""

    def __init__(self, on: date) -> None:
        self.offices: dict[str, list[OfficeCard]] = defaultdict(list)
        self.by_name: dict[str, set[str]] = defaultdict(set)
        for office in subjects.officials():
            self.offices[office.official_code].append(office)
            self.by_name[office.name].add(office.official_code)
        self.on = on

    def organs(self, code: str, directory: Directory) -> frozenset[int]:
        """Where an official holds an office."""
        return frozenset(directory.heir(one.organ_id).id for one in self.offices[code] if one.holds(self.on))


def _resolved(one: Asked, directory: Directory, people: _People) -> tuple[str, str, str]:
    """The key, the name as it stands today, and what is wrong where nobody is found."""
    code, name = one.code.strip(), one.name.strip()
    if code in people.offices:
        held = people.offices[code][0].name
        return (
            (official_key(code), held, "")
            if not name or name == held
            else ("", name, f"编号{code}在人员名录里是{held}")
        )
    organ = directory.find(code) if code else directory.find(name)
    if organ is not None:
        heir = directory.heir(organ.id)
        return f"organ:{heir.code}", heir.name, ""
    if code and check_uscc(code.upper()).level != "error":
        return f"uscc:{code.upper()}", name, ""
    if not code and len(bearers := people.by_name.get(name, set())) == 1:
        return official_key(next(iter(bearers))), name, ""
    if not code and bearers:
        return "", name, "有同名的，请填人员编号"
    return "", name, f"名录里没有“{code or name}”，请核对名称，或者填统一社会信用代码、人员编号"


def _effects(keys: Iterable[str], directory: Directory) -> dict[str, list[Effect]]:
    """What stands against these subjects, by key."""
    wanted = set(keys)
    lines = {
        organ: key
        for key in wanted
        if key.startswith("organ:")
        for organ in directory.line(directory.by_code[key.removeprefix("organ:")].id)
    }
    found: dict[str, list[Effect]] = defaultdict(list)
    for record in _causes(lines, wanted - set(lines.values())):
        key = record.about if record.about in wanted else lines.get(record.organ_id, "")
        found[key] += effects_of(record)
    disputed = _disputed([one.cause for several in found.values() for one in several])
    return {
        key: [replace(one, disputed=one.cause in disputed) for one in several] for key, several in found.items() if key
    }


def _causes(organs: Mapping[int, str], keys: Iterable[str]) -> list[EntryCard]:
    """The newest versions of the records that bring measures and count still, of these organs and under these keys."""
    pack = policy.current()
    kinds = sorted({kind for one in pack.measures.values() for kind in one.causes if kind in pack.kinds})
    of_organs = [
        kind for kind in kinds if any(one.on == "organ" and kind in one.causes for one in pack.measures.values())
    ]
    # What only the last word on it says: released again after it was taken down, it counts again.
    last = ledger.facts().filter(refers__identity=OuterRef("identity"), kind__in=(*ENDING, "publication"))
    later = last.filter(kind="publication", pk__gt=OuterRef("pk"))
    gone = last.filter(~Exists(later), kind__in=ENDING)
    counting = ledger.newest(kinds).filter(~Exists(gone))
    found: list[EntryCard] = []
    for some in _several(sorted(organs)):
        found += ledger.cards(counting.filter(organ__in=some, kind__in=of_organs, about=""))
    for several in _several(sorted(keys)):
        found += ledger.cards(counting.filter(about__in=several))
    return found


def _several(values: Sequence[T]) -> Iterable[Sequence[T]]:
    return (values[at : at + CHUNK] for at in range(0, len(values), CHUNK))


def _disputed(entry_ids: Sequence[int]) -> set[int]:
    """Of these entries, those somebody objects to."""
    found: set[int] = set()
    if not entry_ids:
        return found
    acts = ledger.facts().filter(refers__in=entry_ids, kind__in=("dispute", "settlement")).order_by("pk")
    for refers, kind in acts.values_list("refers_id", "kind"):
        (found.add if kind == "dispute" else found.discard)(refers or 0)
    return found


def effects_of(record: EntryCard) -> list[Effect]:
    """What a record brings, each with its first and last day; it never outlives the record."""
    pack = policy.current()
    kind = pack.kinds[record.kind]
    until = pack.counts_until(record.kind, record.body, on=record.happened_on)
    starts = date.fromisoformat(str(record.body.get("served_on") or record.happened_on.isoformat()))
    found: list[Effect] = []
    for measure in rules.following(
        pack.measures.values(), kind, record.body, official=record.about.startswith(OFFICIAL)
    ):
        own = pack.rule(measure.lasts, on=starts).due(starts, pack.calendar).due_on if measure.lasts else None
        last = min(filter(None, (own, until)), default=None)
        if measure.on == "party" and until is None:
            # Older than any rule on how long it counts.
            continue
        if measure.on == "party":
            starts = max(starts, _final(record) + timedelta(days=1))
        found.append(Effect(measure, record.id, record.number, starts, last))
    return found


def _final(record: EntryCard) -> date:
    """The last day on which a penalty may still be challenged, counted from the decision where nothing says when it was served."""
    pack = policy.current()
    limits = (
        pack.rule(name, on=record.happened_on).due(record.happened_on, pack.calendar)
        for name in ("reconsideration", "lawsuit")
    )
    return max(one.due_on for one in limits)


class _Reader(Struct, frozen=True):
    """Who asks, and what is needed to know what they may see."""

    actor: Actor
    people: _People
    directory: Directory


def _answer(
    one: Asked, known: tuple[str, str, str], said: tuple[Word, tuple[Effect, ...]], reader: _Reader
) -> AnswerCard:
    (key, name, why), (word, saying) = known, said
    if not key:
        return AnswerCard(one, "", name, "ask", (), None, why)
    ends = (
        None
        if not saying or any(each.ends_on is None for each in saying)
        else max(filter(None, (each.ends_on for each in saying)))
    )
    if not _may_see(key, reader):
        return AnswerCard(
            one, key, name, word, (), ends, "依据在本人的诚信档案里，由组织人事、纪检监察机关查阅" if saying else ""
        )
    facts = tuple(
        Fact(each.measure.title, each.number, each.measure.source or each.measure.assumed, each.ends_on, each.disputed)
        for each in saying
    )
    told = "；".join(f"{fact.measure}（{fact.record}{'，有异议' if fact.disputed else ''}）" for fact in facts)
    return AnswerCard(one, key, name, word, facts, ends, told)


def _may_see(key: str, reader: _Reader) -> bool:
    """What stands in an official's file is shown to who may read that part of it."""
    if not key.startswith(OFFICIAL):
        return True
    organs = reader.people.organs(key.removeprefix(OFFICIAL), reader.directory)
    roles = access.roles_reaching(reader.actor, "files.official", organs)
    return bool(roles & policy.current().closed.get("official_dishonesty", frozenset()))


# -- certificates -----------------------------------------------------------------------------------------------------


class CertificateCard(Struct, frozen=True):
    """An asking on record, as everybody may verify it by its number."""

    number: str
    asked_on: date
    use: str
    count: int
    digest: str
    lines: tuple[str, ...]
    """key|word|ends_on of each answer; shown to nobody whole."""

    def says(self, key: str) -> str:
        """What it answered for a subject, in words; empty where it was not asked."""
        for line in self.lines:
            of, word, ends = line.split("|")
            if of == key:
                return rules.WORDS[word] + (f"，到{ends}为止" if ends else "")  # type: ignore[index]  # written by us
        return ""


def certificate(number: str) -> CertificateCard | None:
    """The certificate of that number."""
    found = ledger.cards(ledger.facts().filter(number=number.strip(), kind=CERTIFICATE))
    return next((certificate_of(one) for one in found), None)


def certificate_of(entry: EntryCard) -> CertificateCard:
    """An entry as a certificate."""
    lines = tuple(str(one) for one in entry.body["answers"])
    return CertificateCard(entry.number, entry.happened_on, str(entry.body["use"]), len(lines), entry.digest, lines)


def verified(number: str, subject: str, *, on: date) -> tuple[CertificateCard, str]:
    """A certificate and what it says of a subject named by code or name. Refuses a number that was never given out."""
    found = certificate(number)
    if found is None:
        raise Refused("没有这个编号的证明", fix="请照证明上的编号填写，一字不差", field="number", code="not_found")
    key, _, _ = (
        _resolved(Asked(subject, subject), subjects.directory(on), _People(on)) if subject.strip() else ("", "", "")
    )
    return found, found.says(key) if key else ""
