"""What can be wrong with the rates of interest, and with how a kind says what is owed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from jiannuo.policy.checking.rules import backed, dates_hold, fresh, is_table
from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.claims import CLAIM_FIELDS, CLAIM_KEYS

KEYS = frozenset({"what", "source", "clause", "assumed", "value"})
VALUE_KEYS = frozenset({"since", "checked", "daily", "note"})
MUST = ("owed", "covers", "stated")


def check(sources: Sources, clauses: set[str], deadlines: set[str]) -> None:
    """Report all that is wrong with `rates.toml` and the `[claim]` of the kinds."""
    names: set[str] = set()
    for folder in sources.farthest_first:
        label = sources.label(folder / "rates.toml")
        for name, entry in sources.toml(folder / "rates.toml").items():
            names.add(name)
            if is_table(sources, label, name, entry, KEYS, ("what", "value")):
                backed(sources, (label, name, entry), clauses, carried=False)
                _values(sources, label, name, entry["value"])
    for folder in sources.farthest_first:
        for path in sorted((folder / "kinds").glob("*.toml")):
            kind = sources.toml(path)
            if "claim" in kind:
                _claim(sources, sources.label(path), kind, names, deadlines)


def _values(sources: Sources, label: str, name: str, values: list[dict[str, Any]]) -> None:
    days = [value.get("since") for value in values]
    for value in values:
        at = f"{name} 自{value.get('since', '？')}起"
        is_table(sources, label, at, value, VALUE_KEYS, ("since", "checked", "daily"))
        if dates_hold(sources, label, at, value):
            fresh(sources, label, at, value, [day for day in days if isinstance(day, date)])
        if days.count(value.get("since")) > 1:
            sources.report(label, at, "同一天起有两个取值", "取值不改只接续，请删去一个")
        if not _is_share(value.get("daily")):
            sources.report(label, at, f"“daily”写的“{value.get('daily')}”不对", '写每天的利率，加引号，如"0.0005"')


def _is_share(text: Any) -> bool:
    # A number without quotes is a float, and no money is reckoned with one.
    try:
        return isinstance(text, str) and 0 < Decimal(text) < 1
    except InvalidOperation:
        return False


def _claim(sources: Sources, label: str, kind: Mapping[str, Any], rates: set[str], deadlines: set[str]) -> None:
    entry = kind["claim"]
    if not is_table(sources, label, "claim", entry, CLAIM_KEYS, MUST):
        return
    fields = {line.get("id", "") for line in sources.lines(f"kinds/{kind.get('fields')}")}
    for key in CLAIM_FIELDS:
        if entry.get(key) and entry[key] not in fields:
            sources.report(label, f"claim.{key}", f"没有列“{entry[key]}”", "填字段表里“id”一列的名称")
    for key in ("within", "longest"):
        if entry.get(key) and entry[key] not in deadlines:
            sources.report(label, f"claim.{key}", f"没有时限“{entry[key]}”", f"“{key}”填deadlines.toml里的编号")
    if entry.get("interest") and entry["interest"] not in rates:
        sources.report(label, "claim.interest", f"没有利率“{entry['interest']}”", "填rates.toml里的编号")
