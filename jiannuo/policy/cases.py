"""Worked examples of a pack (`cases/*.toml`): what an official reads to see what a rule does, run as tests.

Each `[[case]]` has `what`, a Chinese sentence, and one of
- `deadline`, `start`, `due`: the last day; `provisional = true`, with no `due`, where a year's notice is missing;
- `deadline`, `on`, `none = true`: no time limit was in force that day;
- `codes` (`kind.list`), `on`, `has` and `lacks`: values in force that day;
- `filter`, `on`, `stands`: whether a publication filter was in force that day;
- `rate`, `principal`, `due_on`, `on`, `interest`, and `agreed` where the contract names a yearly rate: the interest by a day;
- `day`, `works`: whether people work on a day.
"""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from jiannuo.policy.claims import ClaimRule, claim, interest
from jiannuo.policy.pack import Pack


class Case(Struct, frozen=True):
    """One worked example, with the file it stands in and what it says of which rule."""

    file: str
    what: str
    about: str
    given: Mapping[str, Any]


class Outcome(Struct, frozen=True):
    """A case carried out: what the pack says, and whether that is what the case says."""

    case: Case
    holds: bool
    found: str


def cases(pack: Pack) -> tuple[Case, ...]:
    """The worked examples of a pack and of those it extends, nation first."""
    return tuple(case for path in pack.files("cases", "*.toml") for case in _read(path))


def run(pack: Pack, case: Case) -> Outcome:
    """What the pack says to a case. A case that asks nothing known does not hold."""
    for key, ask in ASK.items():
        if key in case.given:
            try:
                holds, found = ask(pack, case.given)
            except (LookupError, ValueError) as wrong:
                holds, found = False, str(wrong)
            return Outcome(case, holds, found)
    return Outcome(case, holds=False, found=f"不知道要验证什么，应写{'、'.join(ASK)}中的一项")


def _read(path: Path) -> list[Case]:
    label = f"{path.parents[1].name}/cases/{path.name}"
    entries = tomllib.loads(path.read_text("utf-8")).get("case", [])
    return [Case(label, str(entry.get("what", "")), _about(entry), entry) for entry in entries]


def _about(entry: Mapping[str, Any]) -> str:
    return str(
        entry.get("deadline")
        or entry.get("rate")
        or entry.get("filter")
        or entry.get("held")
        or str(entry.get("codes", "")).partition(".")[0]
    )


def _deadline(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    if given.get("none"):
        try:
            rule = pack.rule(given["deadline"], on=given["on"])
        except LookupError as nothing:
            return True, str(nothing)
        return False, rule.value.words
    rule = pack.rule(given["deadline"], on=given["start"])
    due = rule.due(given["start"], pack.calendar, stated=given.get("stated"))
    holds = due.provisional == given.get("provisional", False) and given.get("due", due.due_on) == due.due_on
    return holds, f"{due.due_on}：{due.explanation}"


def _codes(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    kind, _, name = given["codes"].partition(".")
    values = pack.kinds[kind].codes_on(name, given["on"])
    return set(given.get("has", ())) <= set(values) and not set(given.get("lacks", ())) & set(values), "、".join(values)


def _filter(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    found = next((entry for entry in pack.filters if entry.id == given["filter"]), None)
    if found is None:
        return False, f"没有公示范围“{given['filter']}”"
    stands = found.on(given["on"])
    return stands == given["stands"], f"{found.title}：{'适用' if stands else '不适用'}"


def _rate(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    rule = ClaimRule("owed", "covers", "due_on", "", "", "agreed", "", "", given["rate"])
    body = {
        "owed": given["principal"],
        "covers": "是",
        "due_on": given["due_on"].isoformat(),
        "agreed": given.get("agreed", ""),
    }
    owed = claim(rule, body, pack.calendar, {}, pack.rates[given["rate"]])
    if owed is None:
        return False, "没有欠款"
    found = interest(owed, on=given["on"])
    return f"{found.amount:.2f}" == given["interest"], found.words


def _day(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    why = pack.calendar.why_off(given["day"])
    return (not why) == given["works"], why or "上班"


def _held(pack: Pack, given: Mapping[str, Any]) -> tuple[bool, str]:
    rule = pack.held[given["held"]]
    if "may_hold" in given:
        may = rule.may_hold(given["paper"])
        return may == given["may_hold"], f"{given['paper']}：{'可以算已有' if may else '每次都要新交'}"
    counts = rule.answers(given["paper"], given["kind"], given["body"], given["on"])
    return counts == given["counts"], f"{rule.what}：{'算已有' if counts else '不算已有'}"


ASK: Mapping[str, Callable[[Pack, Mapping[str, Any]], tuple[bool, str]]] = MappingProxyType(
    {"deadline": _deadline, "codes": _codes, "filter": _filter, "rate": _rate, "held": _held, "day": _day}
)
