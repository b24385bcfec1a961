"""What can be wrong with the measures: outside the catalogue, without a cause, carried out by nobody."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.rules import backed, is_table
from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.measures import CARRIERS, ON, USES

CATALOGUE = "measure_catalogue"
MUST = ("title", "catalogue", "on", "causes", "values")
KEYS = frozenset({*MUST, "source", "clause", "assumed", "bars", "asks", "lasts", "flow", "carried_by"})


def check(sources: Sources, clauses: set[str], known: Mapping[str, set[str]], carried: set[str]) -> set[str]:
    """Report all that is wrong; the ids. `known` holds the kinds, deadlines and flows there are."""
    lines = sources.lines("kinds/codes.csv")
    codes = {
        "代码": {line.get("value", "") for line in lines},
        "惩戒措施清单里的项": {line.get("value", "") for line in lines if line.get("list") == CATALOGUE},
    }
    names: set[str] = set()
    for folder in sources.farthest_first:
        path = folder / "measures.toml"
        label = sources.label(path)
        for name, entry in sources.toml(path).items():
            names.add(name)
            if is_table(sources, label, name, entry, KEYS, MUST):
                backed(sources, (label, name, entry), clauses, carried=f"measure:{name}" in carried)
                _one(sources, (label, name), entry, {**known, **codes})
    return names


def _one(sources: Sources, at: tuple[str, str], entry: Mapping[str, Any], known: Mapping[str, set[str]]) -> None:
    for what, named, fix in (
        ("事实种类", entry["causes"], "“causes”填kinds/下的文件名，不带.toml"),
        ("代码", entry["values"], "“values”填codes.csv里有的值"),
        ("惩戒措施清单里的项", [entry["catalogue"]], f"填codes.csv里{CATALOGUE}的值；清单以外的措施不能采取"),
        ("时限", filter(None, [entry.get("lasts")]), "“lasts”填deadlines.toml里的编号"),
        ("流程", filter(None, [entry.get("flow")]), "“flow”填flows/下的文件名"),
    ):
        for one in named:
            if one not in known[what]:
                sources.report(*at, f"没有{what}“{one}”", fix)
    for key, allowed in (("bars", USES), ("asks", USES)):
        for one in entry.get(key, ()):
            if one not in allowed:
                sources.report(
                    *at, f"用途“{one}”不认识", f"只能是：{'、'.join(f'{k}（{v}）' for k, v in allowed.items())}"
                )
    if entry["on"] not in ON:
        sources.report(*at, f"“on”写的“{entry['on']}”不认识", f"只能是：{'、'.join(ON)}")
    if entry.get("flow") and entry.get("carried_by") not in CARRIERS:
        sources.report(
            *at, "没有写由谁落实", f"“carried_by”只能是：{'、'.join(f'{k}（{v}）' for k, v in CARRIERS.items())}"
        )
    if not (entry.get("flow") or entry.get("bars") or entry.get("asks")):
        sources.report(*at, "这项措施什么也不做", "请写flow（由谁落实）、bars（不能得到什么）或者asks（由谁酌定）")
