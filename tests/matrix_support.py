"""A small county for the matrix of rights: two organs, one account for each role in each, one unreleased record in each.

Run as a program it fills the database named by the environment and prints what it made as JSON.
"""

import json
import sys
from datetime import date

import django

ORGANS = ("县统计局", "县审计局")
PASSWORD = "qinghe-2026-Credit"
RECORDED = date(2026, 11, 20)


OFFICIAL = "QH-0001"
MATTER, TALK, GRADE = "新购住房一套", "廉政谈话", "基本称职"
SECRETS = (MATTER, TALK, GRADE)
"""What the file of an official of the first organ holds: a personal matter, an integrity record, an appraisal."""


def seen_by(role: str, *, own: bool) -> set[str]:
    """What of it each role may see after saying why, as an official would put it."""
    if role == "personnel":
        return {MATTER, TALK, GRADE}
    if role == "discipline":
        return {TALK, GRADE}
    return {GRADE} if role == "head" and own else set()


def number(organ: str) -> str:
    """The document number that only this organ's people may see before release."""
    return f"青{organ[1]}罚〔2026〕7号"


def fill() -> dict[str, dict[str, object]]:
    """Organs, accounts and unreleased records; returns accounts by name: organ and role."""
    from jiannuo.access import actions as access
    from jiannuo.access import rules
    from jiannuo.kernel import clock
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects_actions
    from jiannuo.subjects import queries as subjects

    now = clock.now()
    subjects_actions.load_organs(policy.current(), at=now)
    accounts: dict[str, dict[str, object]] = {}
    for at, name in enumerate(ORGANS):
        organ = subjects.directory(now.date()).find(name)
        assert organ is not None
        for role in rules.ROLES:
            username = f"{role}.{at}"
            user_id, _ = access.create_account(
                by=rules.INSTALLER, username=username, name=username, organ_id=organ.id, at=now, password=PASSWORD
            )
            access.grant(by=rules.INSTALLER, user_id=user_id, role=role, on=now.date(), at=now)
            accounts[username] = {"organ": name, "organ_id": organ.id, "role": role, "user_id": user_id}
        send(name, organ.id, organ.uscc)
        promise(name, organ.id)
    keep_file()
    return accounts


def keep_file() -> None:
    """An official of the first organ, and what is kept about the official."""
    from jiannuo.intake import actions as intake
    from jiannuo.kernel import clock
    from jiannuo.subjects import actions as register
    from jiannuo.subjects import queries as subjects

    directory = subjects.directory(clock.today())
    organ = directory.find(ORGANS[0])
    assert organ is not None
    register.appoint(
        code=OFFICIAL, name="石青山", organ=organ, title="科长", on=date(2026, 1, 5), at=clock.now(), by="personnel"
    )
    rows = {
        "personal_matter": {"matter": "房产", "reported_on": "2026-01-20", "verified": "未抽查", "content": MATTER},
        "integrity_record": {"record": TALK, "made_on": "2026-03-05", "result": "无问题"},
        "appraisal": {"year": "2025", "grade": GRADE, "decided_on": "2026-02-10"},
    }
    for kind, values in rows.items():
        sender = directory.find("县监委" if kind == "integrity_record" else "县委组织部")
        assert sender is not None
        named = {
            "official": OFFICIAL,
            "official_name": "石青山",
            "organ": organ.name,
            "sender": sender.name,
            "number": "1",
        }
        batch = intake.receive_rows(
            [{**named, **values}],
            kind=kind,
            organ_id=sender.id,
            author="personnel",
            at=clock.now(),
            as_of=clock.today(),
        )
        assert intake.process(batch, clock=clock.now).accepted == 1


def send(name: str, organ_id: int, uscc: str) -> None:
    """One penalty comes in and waits for its reviewer."""
    from jiannuo.intake import actions as intake
    from jiannuo.kernel import clock

    row = {
        "CF_XDR_MC": "青禾县老槐树食品有限公司",
        "CF_XDR_LB": "法人及非法人组织",
        "CF_XDR_SHXYM": "91419926MA40000129",
        "CF_FRDB": "王某",
        "CF_WSH": number(name),
        "CF_WFXW": "迟报统计资料",
        "CF_SY": "未按规定时间报送统计报表",
        "CF_YJ": "《中华人民共和国统计法》",
        "CF_CFLB": "警告",
        "CF_NR": "警告",
        "CF_JDRQ": RECORDED.isoformat(),
        "CF_YXQ": "2099-12-31",
        "CF_GSJZQ": "2029-11-20",
        "CF_CFJG": name.replace("县", "青禾县", 1),
        "CF_CFJGDM": uscc,
        "CF_SJLY": name.replace("县", "青禾县", 1),
        "CF_SJLYDM": uscc,
    }
    batch = intake.receive_rows(
        [row], kind="penalty_legal", organ_id=organ_id, author="clerk", at=clock.now(), as_of=clock.today()
    )
    card = intake.process(batch, clock=clock.now)
    assert card.accepted == 1, card


def promise(name: str, organ_id: int) -> None:
    """The organ promises something; only its own people, the lead office and those who read all may see it."""
    from jiannuo.disclosure import actions as disclosure
    from jiannuo.intake import actions as intake
    from jiannuo.kernel import clock
    from tests.packages.promising import COMMITMENT

    more = {"number": number(name), "organ": name.replace("县", "青禾县", 1), "due_on": "2026-12-20"}
    batch = intake.receive_rows(
        [{**COMMITMENT, **more}], kind="commitment", organ_id=organ_id, author="clerk", at=clock.now(), as_of=clock.today()
    )  # fmt: skip
    card = intake.process(batch, clock=clock.now)
    assert card.accepted == 1, card
    disclosure.follow(at=clock.now())


def acts() -> dict[str, list[str]]:
    """What was done to the first organ's record and its promise."""
    from jiannuo.kernel import clock
    from jiannuo.ledger import queries as ledger
    from jiannuo.subjects import queries as subjects

    organ = subjects.directory(clock.today()).find(ORGANS[0])
    assert organ is not None
    kinds = ("penalty_legal", "commitment")
    found = [ledger.records(kind, organ_ids=[organ.id], as_of=None, limit=10)[1] for kind in kinds]
    return {card.kind: [act.kind for act in ledger.history(card.identity).acts] for cards in found for card in cards}


if __name__ == "__main__":
    django.setup()
    json.dump(acts() if "acts" in sys.argv else fill(), sys.stdout)
