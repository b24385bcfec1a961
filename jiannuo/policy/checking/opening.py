"""What can be wrong with a step that opens another case."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.sources import Sources

Entry = Mapping[str, Any]


def check(sources: Sources, at: tuple[str, str], step: Entry, opened: Entry) -> None:
    """Report what is wrong with `opens`, `stays`, `passes_on` and `sets`; `opened` is the table of the procedure it opens."""
    by_form = bool(opened) and step.get("asks") == opened.get("kind")
    for key in ("stays", "passes_on"):
        if step.get(key) and not by_form:
            fix = "请写opens，并且让asks就是那个流程提出时的事实种类"
            sources.report(*at, f"写了{key}，却没有由这一步的表单办出另一件事", fix)
    if step.get("passes_on") and step["by"] != "opener":
        sources.report(*at, "回执码交给另一件事，却不是提出人自己办的", '请写by = "opener"')
    if by_form and "case" not in opened.get("opened_by", ()):
        sources.report(*at, "那个流程不能由另一件事办出来", "请在那个流程的opened_by里加上case")
    _values(sources, at, ("sets", step.get("asks", "")), {key: [one] for key, one in step.get("sets", {}).items()})


def _values(sources: Sources, at: tuple[str, str], where: tuple[str, str], named: Mapping[str, Any]) -> None:
    """Each field is one of the kind, kept open, and each value one of its code list where it has one."""
    key, kind = where
    entry = next(filter(None, (sources.toml(folder / "kinds" / f"{kind}.toml") for folder in sources.pack.folders)), {})
    fields = {line["id"]: line for line in sources.lines(f"kinds/{entry.get('fields')}")}
    codes = sources.lines("kinds/codes.csv")
    for name, values in named.items():
        if name not in fields:
            sources.report(*at, f"{key}里的“{name}”不是“{kind}”的列", "填字段表里“id”一列的名称")
            continue
        if fields[name][f"personal_{entry['need']}"]:
            sources.report(*at, f"{key}里的“{name}”是另行封存的", "请换一列不封存的")
        known = (
            {line["value"] for line in codes if line["list"] == fields[name]["codes"]}
            if fields[name]["codes"]
            else None
        )
        for value in values:
            if known is not None and value not in known:
                sources.report(*at, f"{key}里的“{value}”不在“{name}”的代码表里", "请改成codes.csv里有的值")
