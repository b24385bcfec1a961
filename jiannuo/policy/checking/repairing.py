"""What can be wrong with the classes of dishonesty (`repair.toml`): a value nobody can write, a period without a time limit."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jiannuo.policy.checking.rules import backed, is_table
from jiannuo.policy.checking.sources import Sources

MUST = ("title", "since", "kinds", "max")
KEYS = frozenset(
    {*MUST, "until", "source", "clause", "assumed", "default", "barred", "values", "words", "min", "prevails"}
)


def check(sources: Sources, clauses: set[str], kinds: set[str], deadlines: set[str]) -> None:
    """Report all that is wrong."""
    codes = {line.get("value", "") for line in sources.lines("kinds/codes.csv")}
    for folder in sources.farthest_first:
        path = folder / "repair.toml"
        label = sources.label(path)
        for name, entry in sources.toml(path).items():
            if is_table(sources, label, name, entry, KEYS, MUST):
                backed(sources, (label, name, entry), clauses, carried=False)
                _one(sources, (label, name), entry, {"kinds": kinds, "deadlines": deadlines, "codes": codes})


def _one(sources: Sources, at: tuple[str, str], entry: Mapping[str, Any], known: Mapping[str, set[str]]) -> None:
    for what, named, where, fix in (
        ("事实种类", entry["kinds"], "kinds", "“kinds”填kinds/下的文件名，不带.toml"),
        ("时限", [entry["max"], *filter(None, [entry.get("min")])], "deadlines", "填deadlines.toml里的编号"),
        ("代码", entry.get("values", ()), "codes", "“values”填codes.csv里有的值"),
    ):
        for one in named:
            if one not in known[where]:
                sources.report(*at, f"没有{what}“{one}”", fix)
    if not (entry.get("values") or entry.get("words") or entry.get("default")):
        sources.report(*at, "没有写哪些记录属于这一类", "请写values、words，或者default = true")
    since, until = entry["since"], entry.get("until", date.max)
    if not isinstance(since, date) or not isinstance(until, date) or until < since:
        sources.report(*at, "起止日期不对", "“since”“until”写成2026-04-01，不加引号，先起后止")
