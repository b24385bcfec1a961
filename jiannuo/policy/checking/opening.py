"""What can be wrong with a step that opens another case."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.sources import Sources

Entry = Mapping[str, Any]


def check(sources: Sources, at: tuple[str, str], step: Entry, opened: Entry) -> None:
    """Report what is wrong with `opens`, `stays` and `passes_on`; `opened` is the table of the procedure it opens."""
    by_form = bool(opened) and step.get("asks") == opened.get("kind")
    for key in ("stays", "passes_on"):
        if step.get(key) and not by_form:
            fix = "请写opens，并且让asks就是那个流程提出时的事实种类"
            sources.report(*at, f"写了{key}，却没有由这一步的表单办出另一件事", fix)
    if step.get("passes_on") and step["by"] != "opener":
        sources.report(*at, "回执码交给另一件事，却不是提出人自己办的", '请写by = "opener"')
    if by_form and "case" not in opened.get("opened_by", ()):
        sources.report(*at, "那个流程不能由另一件事办出来", "请在那个流程的opened_by里加上case")
