"""Dishonesty as tests find it, object to it and mend it: an organ of the made-up county, from the notice to the public record."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.cases.actions import Opened
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import Taker
from jiannuo.disclosure import actions as disclosure
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import opened, taken
from tests.packages.promising import PNG, at, person

LEAD = "青禾县发展和改革委员会"
OVERSIGHT = "青禾县人民政府办公室"
MARKET = "青禾县市场监督管理局"
FOUND: Mapping[str, str] = {
    "title": "约定的工程款逾期一年没有支付",
    "source": "司法判决",
    "organ": MARKET,
    "instrument": "（2026）青9926行终8号",
    "authority": "青禾县人民法院",
    "instrument_on": "2026-02-02",
    "instrument_served_on": "2026-02-05",
    "final_on": "2026-02-20",
    "upheld": "否",
    "facts": "法院判决支付工程款并赔偿利息，判决生效以后仍然没有履行",
}
DECISION: Mapping[str, str] = {
    "document": "青信认〔2026〕3号",
    "level": "一般",
    "basis": "国发〔2016〕76号 三（四）",
    "decided_on": "2026-03-20",
}
SERVED: Mapping[str, str] = {"served_on": "2026-03-24", "served_how": "直接送达"}
Organs = Callable[[str], OrganCard]


class Office:
    """Two people of the lead office, two of who oversees it, and somebody of the organ concerned."""

    def __init__(self, organs: Organs, subject: str = MARKET) -> None:
        self.organs = organs
        over = organs(subject).id == organs(LEAD).id
        office = organs(OVERSIGHT if over else LEAD)
        roles = ("head", "reviewer") if over else ("lead", "reviewer")
        self.one, self.two = (person(office, role, username=f"{role}.{office.code}") for role in roles)
        self.clerk = person(office, "clerk", username=f"clerk.{office.code}")
        self.subject = person(organs(subject), "reviewer", username="subject")
        self.releaser = next(one for one in (self.one, self.two) if "reviewer" in one.roles)


def filed(by: Actor, on: str = "2026-03-02", **more: str) -> Opened:
    """A determination registered."""
    return opened("determination", {**FOUND, **more}, by=by, on=on, files=[PNG])


def decided(case: Opened, office: Office, *, on: str = "2026-03-20", **more: str) -> CaseCard:
    """Told, pleaded against, and decided by another person."""
    taken(case.case_id, "tell", by=office.one, on="2026-03-03", files=[PNG])
    taken(case.case_id, "plead", by=office.subject, on="2026-03-09")
    return taken(
        case.case_id, "decide", by=office.two, on=on, files=[PNG], fields={**DECISION, "decided_on": on, **more}
    )


def recorded(
    office: Office, *, on: str = "2026-03-20", filing: Mapping[str, str] | None = None, **more: str
) -> EntryCard:
    """A record of dishonesty, served and written, waiting to be released."""
    case = filed(office.clerk, on="2026-03-02", **(filing or {}))
    decided(case, office, on=on, **more)
    step = "serve_official" if (filing or {}).get("official") else "serve"
    taken(case.case_id, step, by=office.one, on=on, files=[PNG], fields={**SERVED, "served_on": on})
    (record,) = ledger.cards(
        ledger.facts().filter(kind__in=("dishonesty_record", "official_dishonesty")).order_by("-pk")[:1]
    )
    return record


def released(record: EntryCard, office: Office, *, on: str = "2026-03-25", **answers: Any) -> EntryCard:
    """The record made public by a second person."""
    disclosure.follow(at=at(on))
    disclosure.release(entry_ids=[record.id], actor=office.releaser, on=date.fromisoformat(on), at=at(on), **answers)
    return record


OBJECTION: Mapping[str, str] = {"wants": "更正", "reason": "工程款在判决生效以前已经付清，附银行回单"}
APPLICATION: Mapping[str, str] = {"performed": "工程款和利息已经于2026年4月2日全部付清", "commitment": "承诺"}
FIRM: Mapping[str, str] = {"party": "青禾县晨光食品有限公司", "party_code": "91410526MA3X12345D"}


def objected(record: EntryCard, by: Taker | Actor, *, on: str, token: str = "", **more: str) -> Opened:
    """An objection to a record."""
    return opened("objection", {**OBJECTION, **more}, by=by, on=on, record_id=record.id, token=token)


def applied(record: EntryCard, by: Taker | Actor, *, on: str, token: str = "", **more: str) -> Opened:
    """Repair asked for."""
    given = {**APPLICATION, **more}
    return opened("repair", given, by=by, on=on, record_id=record.id, files=[PNG], token=token)


def repaired(record: EntryCard, office: Office, *, on: str) -> Opened:
    """Repair asked for by the subject, accepted, and granted by another person."""
    case = applied(record, office.subject, on=on)
    taken(case.case_id, "accept", by=office.one, on=on)
    taken(case.case_id, "repair", by=office.two, on=on)
    return case
