"""Honours as tests apply for, publicise and award them: through the front doors, as an organ and the lead office would."""

from collections.abc import Mapping
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.assessment.actions import proving
from jiannuo.cases import tick
from jiannuo.cases.actions import Given
from jiannuo.cases.queries import CaseCard, parts
from jiannuo.cases.rules import Taker
from tests.packages.casework import opened, stands, taken
from tests.packages.promising import PNG, at
from tests.packages.recording import MARKET, Office

SELECTION = {"title": "2026年度政务诚信示范单位评选", "apply_by": "2026-03-31"}
APPLICATION = {
    "selection": "选〔2026〕1号",
    "organ": MARKET,
    "practice": "承诺逐项上墙，到期前一个月公开进度，三年没有一件逾期",
}
AWARD = {
    "title": "2026年度政务诚信示范单位",
    "authority": "青禾县人民政府",
    "document": "青政〔2026〕18号",
    "awarded_on": "2026-03-30",
    "valid_until": "2028-03-29",
}
OUTSIDE = {
    **AWARD,
    "organ": MARKET,
    "title": "全市文明窗口",
    "authority": "澄川市人民政府",
    "document": "澄政〔2026〕5号",
    "awarded_on": "2026-02-02",
}
OPINION = {"nominee": "示〔2026〕1号", "content": "去年八月承诺的停车位到现在没有划，请核实"}


def announced(office: Office, on: str = "2026-03-02") -> int:
    """A selection that takes applications."""
    case = opened("selection", SELECTION, by=office.clerk, on=on)
    taken(case.case_id, "announce", by=office.one, on=on)
    return case.case_id


def applied(office: Office, on: str = "2026-03-03", **more: str) -> int:
    """The application of the organ."""
    return opened("demonstration", {**APPLICATION, **more}, by=office.subject, on=on).case_id


def proven(
    case_id: int, step: str, *, by: Actor, on: str, fields: Mapping[str, str] | None = None, **more: Any
) -> CaseCard:
    """The case after a step taken through the door that asks the ledger."""
    day = at(on)
    given = Given("核对过材料，情况属实，按规定办理", fields=fields or {}, **more)
    proving.take(case_id, step=step, given=given, taker=Taker(by), on=day.date(), at=day)
    return stands(case_id, on)


def nominated(office: Office) -> int:
    """The organ's application, evaluated and before everybody since 10 March."""
    announced(office)
    case_id = applied(office)
    taken(case_id, "evaluate", by=office.one, on="2026-03-09")
    proven(case_id, "nominate", by=office.two, on="2026-03-10")
    return case_id


def publicized(office: Office, on: str = "2026-03-18") -> int:
    """The same with the publicity over."""
    case_id = nominated(office)
    tick.run(as_of=at(on).date(), now=at(on))
    return case_id


def awarded(office: Office, on: str = "2026-03-30") -> CaseCard:
    """The honour, awarded and entered by another."""
    case_id = publicized(office)
    proven(case_id, "award", by=office.one, on=on, fields=AWARD, files=[PNG])
    (honour,) = parts(stands(case_id, on), as_of=at(on).date())
    return taken(honour.id, "confirm", by=office.two, on=on)
