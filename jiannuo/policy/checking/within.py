"""What can be wrong with a procedure that is opened within another, or waits for what happens outside it."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.known import Known
from jiannuo.policy.checking.sources import Sources

MUST = frozenset({"flow", "states"})
KEYS = MUST | {"field", "until"}
Entry = Mapping[str, Any]


def flow_holds(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    """Report what is wrong with the `within` of a procedure."""
    within = entry["within"]
    if not isinstance(within, dict) or not MUST <= set(within) <= KEYS:
        fix = f"要写：{'、'.join(sorted(MUST))}；提出时填编号的再写field，有截止日期的再写until"
        sources.report(label, "within", "没有写全或者有不认识的项", fix)
        return
    if "field" in within and within["field"] not in known.fields(entry["kind"]):
        fix = "填提出时的字段表里“id”一列的名称：这一列写那件事的编号"
        sources.report(label, "within.field", f"“{entry['kind']}”没有列“{within['field']}”", fix)
    states = {name for name, one in known.states(within["flow"]).items() if not one.get("final", False)}
    if not states:
        sources.report(label, "within.flow", f"没有流程“{within['flow']}”", "填flows/下的文件名，不带.toml")
    elif strange := sorted(set(within["states"]) - states):
        message = f"“{within['flow']}”没有可以收的状态“{'、'.join(strange)}”"
        sources.report(label, "within.states", message, "填那个流程[state]里没有办结的")
    elif "until" in within and within["until"] not in known.days(known.flow(within["flow"])["kind"]):
        message = f"“{within['flow']}”提出时没有写日期的列“{within['until']}”"
        sources.report(label, "within.until", message, "填那个流程提出时的字段表里写截止日期的那一列")


def waits(sources: Sources, at: tuple[str, str], step: Entry, entry: Entry, known: Known) -> None:
    """Report a step that waits for what its case can never see, or proves what its case is not about."""
    when, about = step.get("when"), entry.get("about", "")
    if when == "record_ended" and about != "record" and not entry.get("finds"):
        sources.report(*at, "这个流程不针对记录，等不到原记录不再计入", '请写about = "record"，或者改用after')
    if when == "term_over" and not known.role(entry["kind"], "valid_until"):
        fix = f"请在kinds/{entry['kind']}.toml的[role]里写valid_until：哪一列写有效期"
        sources.report(*at, "提出时没有地方写明有效期", fix)
    asked = {one["asks"] for one in entry["step"] if one.get("asks")}
    if "whole" in step.get("needs", ()) and not any(known.role(kind, "agreed") for kind in asked):
        fix = "请让一个步骤登记协议：它asks的种类在[role]里写agreed，哪一列写协议确定的金额"
        sources.report(*at, "这个流程不登记协议，没有金额可比", fix)
    proves = {"criteria", "eligible"} & set(step.get("needs", ()))
    if (when == "barred" or proves) and about not in ("organ", "official"):
        sources.report(*at, "这个流程不针对单位或者公务员，没有谁可以核对", '请写about = "organ"或者"official"')


def named_in_opening(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    """Whoever is to have it by the name in its opening is named there."""
    towards = [entry["handled_by"], *(step.get("hands_to") for step in entry["step"])]
    if "named" in towards and not known.role(entry["kind"], "handler"):
        fix = f"请在kinds/{entry['kind']}.toml的[role]里写handler：哪一列写明承办的单位"
        sources.report(label, "handled_by", "提出时没有地方写明承办的单位", fix)
