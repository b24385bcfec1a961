"""The files kept of organs and officials. The one way to read them: asks whether and why, shows what this reader may see, notes that it was read."""

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from jiannuo.access import actions as traced
from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.queries import TraceCard
from jiannuo.access.rules import Actor
from jiannuo.disclosure.queries.file_parts import FileLine, FilePart, of_official, of_organ
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.files import FileSection
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import OfficialCard, OrganCard
from jiannuo.subjects.rules import official_key

__all__ = [
    "FileLine",
    "FilePart",
    "OfficialFile",
    "OrganFile",
    "no_official",
    "open_official",
    "open_organ",
    "open_own",
    "readings",
]

OFFICIAL, ORGAN, OWN = "files.official", "files.organ", "files.own"


class OfficialFile(Struct, frozen=True):
    """An official's file as one reader sees it on a day."""

    official: OfficialCard
    parts: tuple[FilePart, ...]
    hidden: tuple[FileSection, ...]
    """Sections that exist and are not for this reader."""
    purpose: str


class OrganFile(Struct, frozen=True):
    """An organ's file as one reader sees it on a day, with what came over from the organs it took over."""

    organ: OrganCard
    parts: tuple[FilePart, ...]
    hidden: tuple[FileSection, ...]
    purpose: str


def open_official(code: str, *, actor: Actor, purpose: str, on: date, at: datetime, address: str = "") -> OfficialFile:
    """What the actor's roles may see of an official's file, for a purpose that is noted for the official to read."""
    official = _official(code)
    organs = places(official, on)
    roles = access.roles_reaching(actor, OFFICIAL, organs)
    if not roles:
        access.demand(actor, OFFICIAL, next(iter(sorted(organs)), None))
        raise Refused(
            f"{official.name}现在不在本单位任职",
            fix="请由组织人事查阅",
            clause=access.CLAUSE,
            code="forbidden",
        )
    why = access.check_purpose(purpose)
    shown, hidden = _divided("official", roles)
    parts = of_official(official, shown, on)
    _note(
        actor,
        OFFICIAL,
        official_key(code),
        shown,
        purpose=why,
        at=at,
        organ=next(iter(sorted(organs)), None),
        address=address,
    )
    return OfficialFile(official, parts, hidden, why)


def open_own(*, actor: Actor, on: date, at: datetime, address: str = "") -> OfficialFile:
    """The whole file of the official whose account it is."""
    if not actor.official:
        raise no_official()
    official = _official(actor.official)
    shown = _sections("official")
    parts = of_official(official, shown, on)
    _note(
        actor,
        OWN,
        official_key(actor.official),
        shown,
        purpose="本人查看",
        at=at,
        organ=actor.organ_id,
        address=address,
    )
    return OfficialFile(official, parts, (), "本人查看")


def no_official() -> Refused:
    """Answers an account on which no official is written, where only an official's own may go on."""
    fix = "请系统管理员在账号页面登记；登记以后就能看自己的档案和案件"
    return Refused("您的账号没有登记公务员编号", fix=fix, clause=access.CLAUSE, code="forbidden")


def open_organ(organ_id: int, *, actor: Actor, purpose: str, on: date, at: datetime, address: str = "") -> OrganFile:
    """What the actor's roles may see of an organ's file, for a purpose that is noted."""
    organs = subjects.directory(on)
    if organ_id not in organs.cards:
        raise Refused("没有这个单位", fix="请从单位列表进入", code="not_found")
    organ = organs.heir(organ_id)
    roles = access.roles_reaching(actor, ORGAN, (organ.id,))
    if not roles:
        access.demand(actor, ORGAN, organ.id)
    why = access.check_purpose(purpose)
    shown, hidden = _divided("organ", roles)
    parts = of_organ(organ, organs, shown, on)
    _note(actor, ORGAN, f"organ:{organ.id}", shown, purpose=why, at=at, organ=organ.id, address=address)
    return OrganFile(organ, parts, hidden, why)


def readings(code: str, *, limit: int = 100) -> tuple[TraceCard, ...]:
    """Who else read an official's file, when and why, the latest first."""
    return accounts.traces(object=official_key(code), action=OFFICIAL, limit=limit)


def places(official: OfficialCard, on: date) -> frozenset[int]:
    """The organs where an official holds an office on a day."""
    organs = subjects.directory(on)
    return frozenset(organs.heir(office.organ_id).id for office in official.holding(on))


def _official(code: str) -> OfficialCard:
    found = subjects.official(code)
    if found is None:
        raise Refused(f"人员名录里没有编号{code}", fix="请从公务员名单进入", code="not_found")
    return found


def _sections(subject: str) -> tuple[FileSection, ...]:
    return tuple(one for one in policy.current().sections.values() if one.subject == subject)


def _divided(subject: str, roles: frozenset[str]) -> tuple[tuple[FileSection, ...], tuple[FileSection, ...]]:
    """The sections these roles may read, and those they may not."""
    whole = _sections(subject)
    shown = tuple(one for one in whole if one.readers & roles)
    return shown, tuple(one for one in whole if one not in shown)


def _note(
    actor: Actor,
    action: str,
    key: str,
    shown: Sequence[FileSection],
    *,
    purpose: str,
    at: datetime,
    organ: int | None,
    address: str,
) -> None:
    who = f"{actor.organ_name}{actor.name}（{'、'.join(actor.role_titles)}）" if action != OWN else actor.name
    detail = f"{who}，看到：{'、'.join(one.title for one in shown)}"
    traced.note(
        actor, action=action, object=key, at=at, organ_id=organ, detail=detail, purpose=purpose, address=address
    )
