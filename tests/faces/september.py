"""县市场监管局 on 29 September 2026: its clerk, its reviewer, and eleven decisions that wait for him. Also a program that builds it."""

import os
from collections.abc import Sequence
from datetime import date

import django
from django.apps import apps
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
if not apps.ready:
    django.setup()

from jiannuo.access import actions as access_actions
from jiannuo.access.rules import INSTALLER
from jiannuo.cli.demo.accounts import light_hashing
from jiannuo.disclosure import actions as disclosure
from jiannuo.intake import actions as intake
from jiannuo.intake.queries import BatchCard
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from tests.faces import journey1_workbook as made

TODAY = date(2026, 9, 29)
AFTER_THE_HOLIDAY = date(2026, 10, 9)
PASSWORD = "qinghe-2026-Credit"
CLERK, REVIEWER, LEAD = "scjg.lin", "scjg.zhou", "fgw.chen"
PEOPLE = (
    (CLERK, "林晓禾", "县市场监管局", "clerk"),
    (REVIEWER, "周明", "县市场监管局", "reviewer"),
    (LEAD, "陈立", "县发展改革委", "lead"),
    ("sjj.wu", "吴敏", "县审计局", "auditor"),
    ("zjj.he", "何建", "县住建局", "clerk"),
    ("zjj.gao", "高远", "县住建局", "reviewer"),
    ("system.sun", "孙立", "", "sysadmin"),
    ("security.qian", "钱安", "", "secadmin"),
    ("audit.li", "李清", "", "auditadmin"),
    ("new.one", "新人", "县住建局", ""),
)
# Five are due before the National Day holiday, four on the first day after it, two later.
DECIDED = (*[date(2026, 9, 18)] * 5, *[date(2026, 9, 21)] * 4, *[date(2026, 9, 28)] * 2)
DUE_BEFORE, DUE_AFTER = 5, 6


def open_office() -> None:
    """Organs, accounts and the eleven decisions, through the same doors as everything else."""
    subjects_actions.load_organs(policy.current(), at=clock.now())
    for username, name, organ, role in PEOPLE:
        found = subjects.directory(clock.today()).find(organ) if organ else None
        user_id, _ = access_actions.create_account(
            by=INSTALLER,
            username=username,
            name=name,
            organ_id=found.id if found else None,
            at=clock.now(),
            password=PASSWORD,
        )
        if role:
            access_actions.grant(by=INSTALLER, user_id=user_id, role=role, on=date(2026, 1, 5), at=clock.now())
    card = send(CLERK, "县市场监管局", [row("县市场监管局", at, day) for at, day in enumerate(DECIDED)])
    assert card.accepted == len(DECIDED)


def organ_id(name: str) -> int:
    """The organ of that name."""
    found = subjects.directory(clock.today()).find(name)
    assert found is not None
    return found.id


def row(organ: str, at: int, decided_on: date, **more: str) -> dict[str, str]:
    """A penalty by field id, right in every field."""
    card = subjects.directory(clock.today()).card(organ_id(organ))
    cells = made.row(at, decided_on)
    return {
        "CF_WSH": f"青市监处罚〔2026〕{300 + at}号",
        "CF_JDRQ": decided_on.isoformat(),
        "CF_XDR_MC": str(cells["行政相对人名称"]),
        "CF_XDR_LB": str(cells["相对人类别"]),
        "CF_XDR_SHXYM": str(cells["统一社会信用代码"]),
        "CF_FRDB": "王某某",
        "CF_WFXW": str(cells["违法行为类型"]),
        "CF_SY": str(cells["主要违法事实"]),
        "CF_YJ": str(cells["处罚依据"]),
        "CF_CFLB": "罚款",
        "CF_NR": str(cells["处罚内容"]),
        "CF_NR_FK": str(cells["罚款金额（万元）"]),
        "CF_YXQ": "2099-12-31",
        "CF_CFJG": card.name,
        "CF_CFJGDM": card.uscc,
        "CF_SJLY": card.name,
        "CF_SJLYDM": card.uscc,
        **more,
    }


def send(username: str, organ: str, rows: Sequence[dict[str, str]], kind: str = "penalty_legal") -> BatchCard:
    """Rows sent in and worked through, duties and queue brought into step."""
    batch_id = intake.receive_rows(
        rows, kind=kind, organ_id=organ_id(organ), author=username, at=clock.now(), as_of=clock.today()
    )
    card = intake.process(batch_id, clock=clock.now)
    disclosure.follow(at=clock.now())
    return card


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    with light_hashing():
        open_office()
