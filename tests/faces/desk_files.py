"""An office with officials, something in their files, and an office handed over: what the pages of files and handovers are tried on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from jiannuo.access import actions as access_actions
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.duties.actions import handing_over
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.subjects import actions as register
from jiannuo.subjects import queries as subjects
from tests.faces import september
from tests.packages.filing import DIRECTOR, FOLLOWER, ROWS
from tests.packages.promising import COMMITMENT, at

NAMES = frozenset({
    "files", "officials", "official", "appoint", "relieve", "retract", "register", "register_template", "file_official",
    "file_organ", "organ_files", "coverage", "my_file", "my_cases", "handovers", "handover", "handover_new", "handover_file",
})  # fmt: skip
"""The addresses that test_desk_files.py tries."""

PERSONNEL, DISCIPLINE, HEAD, OWN, NEXT = "zzb.tang", "jw.bai", "scjg.fang", "scjg.shi", "scjg.liu"
PEOPLE = (
    (PERSONNEL, "唐信", "县委组织部", "personnel", ""),
    (DISCIPLINE, "白朴", "县监委", "discipline", ""),
    (HEAD, "方正", "县市场监管局", "head", ""),
    (OWN, DIRECTOR[1], "县市场监管局", "", DIRECTOR[0]),
    (NEXT, FOLLOWER[1], "县市场监管局", "clerk", FOLLOWER[0]),
)


@dataclass(frozen=True)
class Made:
    """The numbers of what was made."""

    office: int
    handover: int
    organ: int


def open_office() -> Made:
    """The September office with officials, their files, a promise of an office, and its handover begun."""
    september.open_office()
    market = subjects.directory(clock.today()).card(september.organ_id("县市场监管局"))
    moment = at("2026-09-01")
    given: dict[str, Any] = {
        "organ": market,
        "title": "公路科科长",
        "at": moment,
        "by": PERSONNEL,
        "document": "青组干〔2025〕8号",
    }
    office = register.appoint(code=DIRECTOR[0], name=DIRECTOR[1], on=date(2025, 3, 1), **given)
    register.relieve(office, on=date(2026, 9, 1), at=moment, by=PERSONNEL, document="青组干〔2026〕21号")
    now = register.appoint(code=DIRECTOR[0], name=DIRECTOR[1], on=date(2026, 9, 1), **{**given, "title": "副局长"})
    register.appoint(code=FOLLOWER[0], name=FOLLOWER[1], on=date(2026, 9, 1), **given)
    for username, name, organ, role, code in PEOPLE:
        user, _ = access_actions.create_account(
            by=INSTALLER, username=username, name=name, organ_id=september.organ_id(organ), at=clock.now(),
            password=september.PASSWORD,
        )  # fmt: skip
        if role:
            access_actions.grant(by=INSTALLER, user_id=user, role=role, on=date(2026, 1, 5), at=clock.now())
        if code:
            access_actions.link_official(by=INSTALLER, user_id=user, code=code, at=clock.now())
    for kind in ROWS:
        _file(kind, market.name)
    september.send(september.CLERK, "县市场监管局", [dict(COMMITMENT)], kind="commitment")
    clerk = Actor(
        None, september.CLERK, "林晓禾", market.id, market.short, frozenset({"clerk"}), frozenset({market.id})
    )
    handover = handing_over.begin(
        market.id, office="公路科科长", outgoing=DIRECTOR[0], incoming=FOLLOWER[0], day=date(2026, 9, 1), actor=clerk,
        on=clock.today(), at=clock.now(),
    )  # fmt: skip
    return Made(now, handover, market.id)


def _file(kind: str, organ: str) -> None:
    sender = "县监委" if kind in ("violation", "integrity_record") else "县委组织部"
    card = subjects.directory(clock.today()).card(september.organ_id(sender))
    row = {
        "number": f"{kind}-1", "official": DIRECTOR[0], "official_name": DIRECTOR[1], "organ": organ, "sender": card.name,
        **ROWS[kind],
    }  # fmt: skip
    number = intake.receive_rows(
        [row], kind=kind, organ_id=card.id, author=PERSONNEL, at=clock.now(), as_of=clock.today()
    )
    assert intake.process(number, clock=clock.now).accepted == 1
