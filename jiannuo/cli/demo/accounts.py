"""The accounts of the demonstration: two of every reporting organ, the lead's, the auditor's, three administrators."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import get_hasher
from msgspec import Struct

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER, ROLES, Actor
from jiannuo.cli.demo.people import person_name
from jiannuo.cli.starting import ADMINISTRATORS
from jiannuo.subjects.queries import Directory, OrganCard

PASSWORD = "qinghe-yanshi-2026"  # noqa: S105 - of a county that does not exist
"""In letters that can be typed: browsers turn input methods off where passwords go."""
SHOWN = (
    "clerk121", "reviewer121", "head121", "clerk102.town", "lead", "reviewer002", "personnel", "discipline", "auditor", *(name for name, _ in ADMINISTRATORS),
)  # fmt: skip


class Staff(Struct, frozen=True):
    """Who sends, who decides and who heads an organ."""

    clerk: Actor
    reviewer: Actor
    head: Actor


class People(Struct, frozen=True):
    """Everybody who does something in the made-up year."""

    staff: Mapping[str, Staff]
    """By the organ's code."""
    lead: Actor


PERSONNEL, DISCIPLINE = "419926-401", "419926-404"
KEEPERS = {PERSONNEL: "personnel", DISCIPLINE: "discipline"}
"""Organs whose clerk also holds the role that reads what it sends of officials, and goes by its name."""


def create(directory: Directory, at: datetime, lot: Random, codes: Collection[str]) -> People:
    """Everybody's account: the staff of these organs and of those that keep the files of officials, the lead office, the auditor."""
    with light_hashing():
        return _create(directory, at, lot, codes)


@contextmanager
def light_hashing() -> Iterator[None]:
    """A password that everybody is told needs no costly digest; the first sign-in makes it a costly one."""
    hasher = get_hasher()
    costs = {"time_cost": 1, "memory_cost": 1024, "parallelism": 1}
    for name, cost in costs.items():
        setattr(hasher, name, cost)
    try:
        yield
    finally:
        for name in costs:
            delattr(hasher, name)


def _create(directory: Directory, at: datetime, lot: Random, codes: Collection[str]) -> People:
    staff: dict[str, Staff] = {}
    for organ in directory.organs:
        if organ.code in codes or organ.code in KEEPERS:
            keeper = KEEPERS.get(organ.code)
            clerk = (
                _account(directory, organ, ("clerk", keeper), at, lot, keeper)
                if keeper
                else _account(directory, organ, ("clerk",), at, lot)
            )
            others = (_account(directory, organ, (role,), at, lot) for role in ("reviewer", "head"))
            staff[organ.code] = Staff(clerk, *others)
    lead, _ = (_account(directory, directory.lead, (role,), at, lot, role) for role in ("lead", "auditor"))
    return People(staff, lead)


def _account(
    directory: Directory, organ: OrganCard, roles: tuple[str, ...], at: datetime, lot: Random, username: str = ""
) -> Actor:
    name = person_name(lot)
    username = username or named(roles[0], organ)
    user_id, _ = access.create_account(
        by=INSTALLER, username=username, name=name, organ_id=organ.id, at=at, password=PASSWORD
    )
    for role in roles:
        access.grant(by=INSTALLER, user_id=user_id, role=role, on=at.date(), at=at)
    return Actor(user_id, username, name, organ.id, organ.short, frozenset(roles), directory.line(organ.id))


def named(role: str, organ: OrganCard) -> str:
    """The user name: the role and the last three figures of the organ's code."""
    return f"{role}{organ.code[-3:]}" + ("" if "-" in organ.code else ".town")


def lines() -> list[str]:
    """What the person at the terminal is told."""
    words = {"clerk121": "市场监管局填报员", "reviewer121": "市场监管局审核员", "clerk102.town": "柳溪镇填报员"}
    words |= {"head121": "市场监管局负责人（也看自己的档案）", "reviewer002": "县政府办审核员（核实民生实事）"}
    words |= {
        "lead": "信用办（县发展改革委）",
        "auditor": "审计员",
        "personnel": "县委组织部（任免、档案）",
        "discipline": "县监委（廉政记录）",
    }
    words |= {name: ROLES[role].title for name, role in ADMINISTRATORS}
    shown = [f"  {name:<16}{words[name]}" for name in SHOWN]
    return [
        f"演示账号，口令都是 {PASSWORD}",
        *shown,
        "  其他单位：填报员 clerk、审核员 reviewer、负责人 head，后接单位编码末三位，乡镇街道再加 .town",
    ]
