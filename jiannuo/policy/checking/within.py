"""What can be wrong with a procedure that is opened within another, or waits for what happens outside it."""

from collections.abc import Mapping
from typing import Any, Protocol

from jiannuo.policy.checking.sources import Sources

KEYS = frozenset({"flow", "field", "states"})
Entry = Mapping[str, Any]


class Known(Protocol):
    """What a procedure may name."""

    states: dict[str, set[str]]

    def fields(self, kind: str) -> dict[str, str]:
        """The fields of a kind, each with how personal it is."""
        ...

    def role(self, kind: str, name: str) -> Any:
        """The field that fills a role of a kind; nothing where none does."""
        ...


def flow_holds(sources: Sources, label: str, entry: Entry, known: Known) -> None:
    """Report what is wrong with the `within` of a procedure."""
    within = entry["within"]
    if not isinstance(within, dict) or set(within) != KEYS:
        sources.report(label, "within", "没有写全或者有不认识的项", f"要写：{'、'.join(sorted(KEYS))}")
        return
    if within["field"] not in known.fields(entry["kind"]):
        fix = "填提出时的字段表里“id”一列的名称：这一列写那件事的编号"
        sources.report(label, "within.field", f"“{entry['kind']}”没有列“{within['field']}”", fix)
    states = known.states.get(within["flow"], set())
    if not states:
        sources.report(label, "within.flow", f"没有流程“{within['flow']}”", "填flows/下的文件名，不带.toml")
    elif strange := sorted(set(within["states"]) - states):
        sources.report(
            label, "within.states", f"“{within['flow']}”没有状态“{'、'.join(strange)}”", "填那个流程[state]里有的"
        )


def waits(sources: Sources, at: tuple[str, str], step: Entry, entry: Entry, known: Known) -> None:
    """Report a step that waits for what its case can never see, or proves what its case is not about."""
    when, about = step.get("when"), entry.get("about", "")
    if when == "record_ended" and about != "record":
        sources.report(*at, "这个流程不针对记录，等不到原记录不再计入", '请写about = "record"，或者改用after')
    if when == "term_over" and not known.role(entry["kind"], "valid_until"):
        fix = f"请在kinds/{entry['kind']}.toml的[role]里写valid_until：哪一列写有效期"
        sources.report(*at, "提出时没有地方写明有效期", fix)
    proves = {"criteria", "eligible"} & set(step.get("needs", ()))
    if (when == "barred" or proves) and about not in ("organ", "official"):
        sources.report(*at, "这个流程不针对单位或者公务员，没有谁可以核对", '请写about = "organ"或者"official"')
