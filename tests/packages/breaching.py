"""A firm that is owed money, as tests bring its case to the organs: lodged, urged, agreed, refused."""

from collections.abc import Mapping
from datetime import date

from jiannuo.cases import actions, queries
from jiannuo.cases.actions import Opened
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.promises import PromiseCard
from tests.packages.casework import opened, stands, taken
from tests.packages.promising import PNG, at, person
from tests.packages.recording import Organs

DEBTOR = "青禾县水利局"
SUPERIOR = "青禾县人民政府办公室"
LEAD = "青禾县发展和改革委员会"
CLAIM: Mapping[str, str] = {
    "field": "政府采购",
    "against": DEBTOR,
    "contract": "青水采〔2026〕17号",
    "signed_on": "2026-02-02",
    "owed": "100000.00",
    "small": "是",
    "delivered_on": "2026-03-02",
    "content": "管网更新的材料三月初已经验收，催了五次都说等安排",
    "firm": "青禾恒通管业有限公司",
    "firm_code": "91419926MA40ABCD50",
    "contact": "赵经理 13900000000",
}
AGREEMENT: Mapping[str, str] = {
    "number": "青协〔2026〕3号",
    "signed_on": "2026-06-01",
    "sum": "100000.00",
    "organ_signer": "局长甲",
    "firm_signer": "经理乙",
}
INSTALMENT: Mapping[str, str] = {
    "number": "青协〔2026〕3号-1",
    "title": "支付第1期货款",
    "amount": "40000.00",
    "due_on": "2026-06-30",
    "shown_by": "付款凭证",
}
INSTRUMENT: Mapping[str, str] = {
    "title": "合同货款到期没有支付，拒不整改",
    "instrument": "青政办核〔2026〕5号",
    "authority": SUPERIOR,
    "instrument_on": "2026-02-27",
    "instrument_served_on": "2026-02-27",
    "final_on": "2026-02-27",
    "upheld": "否",
    "facts": "合同约定的货款到期没有支付，核实属实，督促以后仍然不付",
}
REVIEW: Mapping[str, str] = {
    "number": "青司审〔2026〕8号",
    "reviewer": "青禾县司法局",
    "concluded_on": "2026-05-15",
    "law": "公平竞争审查条例第十条",
    "compensation": "已经投入的厂房基础，按评估价补偿",
}


class Bodies:
    """Two people of the superior body, one of the debtor, one of the lead office, one of the finance bureau."""

    def __init__(self, organs: Organs) -> None:
        over = organs(SUPERIOR)
        self.one = person(over, "reviewer", username="over.1")
        self.two = person(over, "head", "reviewer", username="over.2")
        self.debtor = person(organs(DEBTOR), "head", "clerk", "reviewer", username="debtor")
        self.lead = person(organs(LEAD), "lead", "reviewer", username="lead")
        self.finance = person(organs("青禾县财政局"), "reviewer", username="finance")


def lodged(on: str = "2026-05-06", **more: str) -> Opened:
    return opened("breach", {**CLAIM, **more}, on=on, files=[PNG])


def urged(bodies: Bodies) -> Opened:
    case = lodged()
    taken(case.case_id, "urge", by=bodies.one, on="2026-05-20", files=[PNG])
    return case


def agreed(bodies: Bodies) -> Opened:
    case = urged(bodies)
    taken(case.case_id, "conclude", by=bodies.one, on="2026-06-01", files=[PNG], fields=AGREEMENT)
    for number, amount, due in (("1", "40000.00", "2026-06-30"), ("2", "60000.00", "2026-09-30")):
        title = f"支付第{number}期货款"
        fields = {**INSTALMENT, "number": f"青协〔2026〕3号-{number}", "title": title, "amount": amount, "due_on": due}
        taken(case.case_id, "instalment", by=bodies.one, on="2026-06-01", fields=fields, words="")
    return case


def paid(duty_id: int, bodies: Bodies, *, done_on: str, on: str) -> None:
    duties.submit(
        duty_id, done_on=date.fromisoformat(done_on), words="已经通过国库支付", files=[PNG], actor=bodies.debtor,
        on=date.fromisoformat(on), at=at(on),
    )  # fmt: skip


def said(code: str, on: str) -> str:
    """All that the holder of the code is told, in one text."""
    found = actions.follow(code, on=date.fromisoformat(on), at=at(on), address="")
    return "\n".join(line.words for line in found.lines)


def promised(case_id: int, on: str) -> list[PromiseCard]:
    return queries.promised(queries.steps(stands(case_id, on)), as_of=date.fromisoformat(on))


def answered(code: str, duty_id: int, on: str, *, done: bool, words: str = "") -> None:
    actions.acknowledge(
        code, duty_id=duty_id, done=done, words=words, on=date.fromisoformat(on), at=at(on), address="", token=f"{duty_id}/{on}"
    )  # fmt: skip
