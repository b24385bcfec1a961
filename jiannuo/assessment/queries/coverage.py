"""Which of the required files exist and how fresh: a few grouped questions for a whole county (A2)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from django.db.models import Max
from msgspec import Struct

from jiannuo.assessment.rules import coverage as rules
from jiannuo.assessment.rules.coverage import Coverage, Due, State
from jiannuo.duties import queries as duties
from jiannuo.duties.rules import bound
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.files import FileSection
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OfficeCard
from jiannuo.subjects.rules import official_key

__all__ = ["Coverage", "FileCard", "county_coverage", "files_of"]


class FileCard(Struct, frozen=True):
    """One file that must exist: whose, of which section, and how it stands."""

    section: FileSection
    subject: str
    """The organ's code, or the official's."""
    name: str
    organ_id: int
    latest: date | None
    state: State

    @property
    def state_words(self) -> str:
        """How it stands, in words."""
        return rules.STATES[self.state]


def county_coverage(on: date, *, organ_ids: Collection[int] | None = None) -> Coverage:
    """The files of the county's organs and officials on a day, or of some organs: one number, and what to do next."""
    organs = subjects.directory(on)
    held = _officials(on, organ_ids, organs)
    several: dict[int, set[str]] = {}
    for office in held:
        several.setdefault(organs.heir(office.organ_id).id, set()).add(office.official_code)
    due = [*_of_organs(organs, organ_ids), *_of_officials(held, organs)]
    return rules.coverage(
        policy.current().sections, due, officials={organ: len(codes) for organ, codes in several.items()}, on=on
    )


def files_of(organ_id: int, *, on: date) -> tuple[FileCard, ...]:
    """Every file that must exist for one organ and its officials, what is missing first."""
    organs = subjects.directory(on)
    sections = policy.current().sections
    held = _officials(on, (organ_id,), organs)
    names = {office.official_code: office.name for office in held} | {one.code: one.short for one in organs.organs}
    found = [
        FileCard(
            section := sections[one.section],
            one.subject,
            names.get(one.subject, one.subject),
            one.organ_id,
            one.latest,
            rules.state(section, one.latest, on),
        )
        for one in (*_of_organs(organs, (organ_id,)), *_of_officials(held, organs))
    ]
    order = ("missing", "old", "fresh")
    return tuple(sorted(found, key=lambda one: (order.index(one.state), one.section.subject != "organ", one.name)))


def _officials(on: date, organ_ids: Collection[int] | None, organs: Directory) -> tuple[OfficeCard, ...]:
    wanted = None if organ_ids is None else {one for organ in organ_ids for one in organs.line(organ)}
    return subjects.officials(wanted, on=on)


def _required(subject: str) -> list[FileSection]:
    return [one for one in policy.current().sections.values() if one.required and one.subject == subject]


def _of_organs(organs: Directory, organ_ids: Collection[int] | None) -> Iterator[Due]:
    required = _required("organ")
    line = None if organ_ids is None else {one for organ in organ_ids for one in organs.line(organ)}
    latest = _newest_of_organs(required, organs, line)
    for section in required:
        owing = bound(section.who, organs) if section.who else organs.organs
        for card in owing:
            if organ_ids is None or card.id in organ_ids:
                yield Due(section.id, card.code, card.id, latest.get((section.id, card.id)))


def _newest_of_organs(
    required: list[FileSection], organs: Directory, line: Collection[int] | None
) -> Mapping[tuple[str, int], date]:
    kinds = {kind for section in required if section.gathers == "entries" for kind in section.what}
    families = {name for section in required if section.gathers == "duties" for name in section.what}
    owed = {one.id: one.family for one in policy.current().duties.values() if one.family in families}
    entries, several = ledger.facts().filter(ledger.OPEN, kind__in=kinds), duties.owed().filter(kind__in=owed)
    if line is not None:
        entries, several = entries.filter(organ__in=line), several.filter(debtor__in=line)
    rows = [*entries.values_list("organ", "kind").annotate(Max("happened_on"))] if kinds else []
    begun = [*several.values_list("debtor", "kind").annotate(Max("started_on"))] if owed else []
    found: dict[tuple[str, int], date] = {}
    for organ, what, day in (*rows, *((debtor, owed[kind], day) for debtor, kind, day in begun)):
        heir = organs.heir(organ).id
        for section in required:
            if what in section.what:
                found[section.id, heir] = max(day, found.get((section.id, heir), day))
    return found


def _of_officials(held: tuple[OfficeCard, ...], organs: Directory) -> Iterator[Due]:
    """One file of each section for each official, counted where the office is held; one who holds two counts in the first."""
    required = _required("official")
    kinds = {kind for section in required if section.gathers == "entries" for kind in section.what}
    first: dict[str, OfficeCard] = {}
    for office in held:
        first.setdefault(office.official_code, office)
    latest: dict[tuple[str, str], date] = {}
    keys = [official_key(code) for code in first]
    if kinds and keys:
        entries = ledger.newest(sorted(kinds)).filter(about__in=keys)
        for about, kind, day in entries.values_list("about", "kind").annotate(Max("happened_on")):
            latest[about, kind] = day
    for section in required:
        for code, office in first.items():
            days = [latest[key] for kind in section.what if (key := (official_key(code), kind)) in latest]
            newest = office.since if section.gathers == "offices" else max(days, default=None)
            yield Due(section.id, code, organs.heir(office.organ_id).id, newest)
