"""The accounts of the demonstration: two of every reporting organ, the lead's, the auditor's, three administrators."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.contrib.auth.hashers import get_hasher

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER, ROLES, Actor
from jiannuo.cli.demo.people import person_name
from jiannuo.cli.starting import ADMINISTRATORS
from jiannuo.subjects.queries import Directory, OrganCard

PASSWORD = "qinghe-yanshi-2026"  # noqa: S105 - of a county that does not exist
"""In letters that can be typed: browsers turn input methods off where passwords go."""
SHOWN = ("clerk121", "reviewer121", "clerk102.town", "lead", "auditor", *(name for name, _ in ADMINISTRATORS))


@dataclass(frozen=True, slots=True)
class Staff:
    """Who sends and who decides in an organ."""

    clerk: Actor
    reviewer: Actor


def create(directory: Directory, at: datetime, lot: Random, codes: Collection[str]) -> Mapping[str, Staff]:
    """Everybody's account; returns the staff of these organs by code."""
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


def _create(directory: Directory, at: datetime, lot: Random, codes: Collection[str]) -> Mapping[str, Staff]:
    staff = {
        organ.code: Staff(*(_account(directory, organ, role, at, lot) for role in ("clerk", "reviewer")))
        for organ in directory.organs
        if organ.code in codes
    }
    for role in ("lead", "auditor"):
        _account(directory, directory.lead, role, at, lot, username=role)
    return staff


def _account(directory: Directory, organ: OrganCard, role: str, at: datetime, lot: Random, username: str = "") -> Actor:
    name = person_name(lot)
    username = username or named(role, organ)
    user_id, _ = access.create_account(
        by=INSTALLER, username=username, name=name, organ_id=organ.id, at=at, password=PASSWORD
    )
    access.grant(by=INSTALLER, user_id=user_id, role=role, on=at.date(), at=at)
    return Actor(user_id, username, name, organ.id, organ.short, frozenset({role}), directory.line(organ.id))


def named(role: str, organ: OrganCard) -> str:
    """The user name: the role and the last three figures of the organ's code."""
    return f"{role}{organ.code[-3:]}" + ("" if "-" in organ.code else ".town")


def lines() -> list[str]:
    """What the person at the terminal is told."""
    words = {"clerk121": "市场监管局填报员", "reviewer121": "市场监管局审核员", "clerk102.town": "柳溪镇填报员"}
    words |= {"lead": "信用办（县发展改革委）", "auditor": "审计员"}
    words |= {name: ROLES[role].title for name, role in ADMINISTRATORS}
    shown = [f"  {name:<16}{words[name]}" for name in SHOWN]
    return [
        f"演示账号，口令都是 {PASSWORD}",
        *shown,
        "  其他单位：填报员 clerk、审核员 reviewer，后接单位编码末三位，乡镇街道再加 .town",
    ]
