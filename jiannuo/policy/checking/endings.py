"""What can be wrong with who may send a kind, how its outcomes count, and by which deadline the law ends its entries."""

from collections.abc import Collection, Mapping
from typing import Any

from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.documents import ORGAN_TYPES
from jiannuo.policy.endings import DENOMINATORS, ENDS_KEYS, OUTCOME_KEYS

BODIES = ("personnel", "discipline", "leading_group")
"""The bodies a kind may name as its senders; a county says in `pack.toml` which of its organs they are."""


def check(sources: Sources, label: str, entry: Mapping[str, Any], values: Mapping[str, set[str]]) -> None:
    """Report all that is wrong. `values` holds each field's code list."""
    _senders(sources, label, entry.get("senders", ()))
    checks = {rule.get("check") for rule in entry.get("rule", ())}
    organ = entry["role"].get("organ_name")
    params = [rule.get("params", {}) for rule in entry.get("rule", ())]
    others = any(one.get("own") is False and one.get("name") == organ for one in params)
    if others and "sender_named" not in checks and not entry.get("senders"):
        fix = "请写senders，或者加一条sender_named，写明由哪一格的机关上报"
        sources.report(label, "rule", "别的单位也能报，却没有写由谁报", fix)
    for name, keys, must in (
        ("outcomes", OUTCOME_KEYS, ("field", "lost", "judged", "denominator", "source")),
        ("ends", ENDS_KEYS, ("field", "by", "source")),
    ):
        told = entry.get(name)
        if told is None:
            continue
        missing = [key for key in must if not told.get(key)]
        if missing or set(told) - keys:
            sources.report(
                label, name, "没有写全或者有不认识的项", f"只能有：{'、'.join(sorted(keys))}；必填：{'、'.join(must)}"
            )
        elif told["field"] not in values:
            sources.report(label, name, f"没有列“{told['field']}”", "填字段表里“id”一列的名称")
        else:
            _values(sources, label, name, told, values[told["field"]])


def _senders(sources: Sources, label: str, senders: Collection[str]) -> None:
    organs = {line["code"] for line in sources.own_lines("organs")}
    named = sources.about.get("bodies", {})
    for body, codes in named.items():
        if gone := [code for code in codes if organs and code not in organs]:
            sources.report(
                "pack.toml", f"bodies.{body}", f"“{'、'.join(gone)}”不在机关名录里", "填organs.csv里的机关编号"
            )
    for sender in senders:
        sort, _, type_ = sender.partition(":")
        known = sender == "lead" or sender in BODIES or (sort == "type" and type_ in ORGAN_TYPES)
        if not known and sender not in organs:
            fix = f"填lead、type:类型、{'、'.join(BODIES)}，或者机关编号"
            sources.report(label, "senders", f"上报单位“{sender}”不认识", fix)
        elif named and sender in BODIES and sender not in named:
            fix = f'请在pack.toml的[bodies]里写{sender} = ["机关编号"]；没有写以前，这类数据没有单位能报'
            sources.report("pack.toml", "bodies", f"没有写{sender}是哪些机关", fix, "warning")


def _values(sources: Sources, label: str, name: str, told: Mapping[str, Any], known: set[str]) -> None:
    if name == "outcomes" and told["denominator"] not in DENOMINATORS:
        sources.report(label, name, f"分母“{told['denominator']}”不认识", f"只能是：{'、'.join(DENOMINATORS)}")
    for key in ("lost", "judged", "apart", "by", "at_once"):
        if strange := [value for value in told.get(key, ()) if value not in known]:
            sources.report(label, f"{name}.{key}", f"代码表里没有“{'、'.join(strange)}”", "请改成codes.csv里有的值")
    deadlines = sources.names("deadlines")
    if gone := sorted(set(told.get("by", {}).values()) - deadlines):
        sources.report(label, f"{name}.by", f"没有时限“{'、'.join(gone)}”", "填deadlines.toml里的编号")
