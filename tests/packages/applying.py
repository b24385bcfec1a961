"""Applications as tests make them: an item of the list of the made-up county's market regulator, and what a firm fills in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.cases import queries
from jiannuo.cases.actions import Opened, keeping
from jiannuo.cases.rules import Taker
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties.models import Duty
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.subjects.rules import OrganCard
from tests.packages.casework import CITIZEN, opened, stands, taken
from tests.packages.promising import at, person
from tests.packages.releasing import YES

MARKET = "青禾县市场监督管理局"
APPLIED, ACCEPTED, DECIDED = "2026-06-01", "2026-06-02", "2026-06-05"
ITEM: Mapping[str, str] = {
    "item_code": "4199261210002", "item_name": "食品经营许可", "item_type": "行政许可", "status": "实施",
    "basis": "中华人民共和国食品安全法第三十五条", "statutory_days": "20", "promised_days": "5", "papers": "3",
    "paper_list": "食品经营许可申请书;营业执照;食品安全管理制度", "channels": "大厅;网上;电话", "trips": "0", "fee": "不收费",
    "listed_on": "2026-01-05", "organ": "青禾县市场监督管理局",
}  # fmt: skip
CONFIRMED: Mapping[str, str] = {
    **ITEM,
    "item_code": "4199261210003",
    "item_name": "股权出质登记",
    "item_type": "行政确认",
}
FIRM: Mapping[str, str] = {
    "channel": "大厅", "applicant_type": "企业", "applicant": "青禾县晨光食品有限公司", "uscc": "91410526MA3X12345D",
    "representative": "演示甲",
}  # fmt: skip
SOMEBODY: Mapping[str, str] = {
    "channel": "电话", "applicant_type": "自然人", "applicant": "演示乙", "id_type": "身份证", "id_number": "419926199003074514",
}  # fmt: skip
LICENCE: Mapping[str, str] = {
    "XK_XDR_LB": "法人及非法人组织", "XK_XKWS": "食品经营许可决定书", "XK_WSH": "青市监许〔2026〕12号", "XK_XKLB": "普通",
    "XK_XKZS": "食品经营许可证", "XK_XKBH": "JY14105260000012", "XK_NR": "食品销售（预包装食品）", "XK_YXQZ": "2026-06-08",
    "XK_YXQZI": "2031-06-07",
}  # fmt: skip


def listed(
    send: Callable[..., Any], reviewer: Any, *rows: Mapping[str, str], on: str = "2026-01-05"
) -> list[EntryCard]:
    """The organ's whole list sent in and released; its items."""
    before, _ = ledger.head()
    batch = send(list(rows or (ITEM, CONFIRMED)), kind="service_item", at=at(on))
    assert batch.rejected == 0
    found = ledger.since(before, kinds=["service_item"], limit=20)
    day = at(on).date()
    disclosure.release(entry_ids=[one.id for one in found], actor=reviewer, on=day, at=at(on), **YES)
    return found


def applied(item: EntryCard, fields: Mapping[str, str] = FIRM, *, on: str, by: Any = CITIZEN, **more: Any) -> Opened:
    """An application for an item, made on a day."""
    taker = by if isinstance(by, Taker) else Taker(by)
    return opened("application", fields, by=taker, on=on, record_id=item.id, **more)


@dataclass(frozen=True)
class Desk:
    """The organ that offers the item: who handles, who decides, who is in charge; and its list."""

    clerk: Actor
    reviewer: Actor
    head: Actor
    licence: EntryCard
    confirmation: EntryCard


def desk_of(organs: Callable[[str], OrganCard], send: Callable[..., Any]) -> Desk:
    """The made-up market regulator with its list."""
    clerk, reviewer, head = (
        person(organs(MARKET), role, username=f"{role}.m") for role in ("clerk", "reviewer", "head")
    )
    licence, confirmation = listed(send, reviewer)
    return Desk(clerk, reviewer, head, licence, confirmation)


def accepted(desk: Desk, fields: Mapping[str, str] = FIRM, *, item: EntryCard | None = None, **more: Any) -> int:
    """An application that came on 1 June and was accepted on the next day."""
    case_id = applied(item or desk.licence, fields, on=APPLIED, by=desk.clerk, **more).case_id
    taken(case_id, "accept", by=desk.clerk, on=ACCEPTED)
    return case_id


def fact(case_id: int, on: str = "2026-11-23") -> EntryCard:
    """The record that it keeps up, as of a day."""
    found = keeping.kept(queries.steps(stands(case_id, on)))
    assert found is not None
    return found


def clock(case_id: int) -> Duty:
    """The duty that follows from it."""
    return Duty.objects.get(kind="handle_service", entry__number=fact(case_id).number)
