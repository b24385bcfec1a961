"""Officials and what files hold of them, as tests make them: made-up people of the made-up county."""

from collections.abc import Callable
from datetime import date

from jiannuo.intake import actions as intake
from jiannuo.intake.queries import BatchCard
from jiannuo.subjects import actions as register
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import at

PERSONNEL = "中共青禾县委组织部"
DISCIPLINE = "青禾县监察委员会"
DIRECTOR = ("QH-0101", "石青山")
FOLLOWER = ("QH-0102", "柳知秋")


def appointed(
    organ: OrganCard, who: tuple[str, str] = DIRECTOR, *, title: str = "公路科科长", on: str = "2025-03-01"
) -> int:
    """An official in an office of an organ."""
    day = date.fromisoformat(on)
    return register.appoint(
        code=who[0], name=who[1], organ=organ, title=title, on=day, at=at(on), by="personnel", document="青组干〔2025〕8号"
    )  # fmt: skip


ROWS: dict[str, dict[str, str]] = {
    "personal_matter": {"matter": "房产", "reported_on": "2026-01-20", "verified": "未抽查", "content": "新购住房一套"},
    "integrity_record": {"record": "廉政谈话", "made_on": "2026-03-05", "result": "无问题", "content": "任职谈话"},
    "appraisal": {"year": "2025", "grade": "优秀", "decided_on": "2026-02-10"},
    "violation": {
        "document_number": "青监〔2026〕3号",
        "conduct": "违规",
        "sanction": "警告",
        "basis": "中华人民共和国公职人员政务处分法第三十九条",
        "decided_on": "2026-05-08",
        "content": "未按规定时限答复信访事项",
    },
    "training": {
        "course": "公务员诚信教育专题班",
        "form": "集中培训",
        "hours": "16",
        "finished_on": "2026-04-18",
        "passed": "合格",
    },
}


def filed(
    kind: str,
    organs: Callable[[str], OrganCard],
    *,
    of: OrganCard,
    who: tuple[str, str] = DIRECTOR,
    on: str = "2026-06-01",
    **more: str,
) -> BatchCard:
    """Something about an official comes in from the organ that may say it."""
    sender = organs(DISCIPLINE if kind in ("violation", "integrity_record") else PERSONNEL)
    row = {
        "number": f"{kind}-1",
        "official": who[0],
        "official_name": who[1],
        "organ": of.name,
        "sender": sender.name,
        **ROWS[kind],
        **more,
    }
    moment = at(on)
    number = intake.receive_rows(
        [row], kind=kind, organ_id=sender.id, author="personnel", at=moment, as_of=moment.date()
    )
    card = intake.process(number, clock=lambda: moment)
    assert card.accepted == 1, (kind, card)
    return card
