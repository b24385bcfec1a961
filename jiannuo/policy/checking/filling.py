"""What can be wrong with what steps fill in by themselves, with the record a case keeps up, and with steps that only some cases have."""

from collections.abc import Collection, Iterator, Mapping
from itertools import product
from typing import Any

from msgspec import Struct

from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.filling import NAMING, PLAIN, Source

Entry = Mapping[str, Any]
At = tuple[str, str]
KEPT = "kept"
"""What a walk calls a record that was begun and does not say yet on which day it was done."""
BEGUN = "begun"
"""What it calls that there is one at all."""


class Kinds(Struct, frozen=True):
    """The kinds of fact as the pack writes them: their entries, and the lines of their fields."""

    entries: Mapping[str, Entry]
    lines: Mapping[str, Collection[Mapping[str, str]]]
    codes: Mapping[str, frozenset[str]]
    deadlines: Mapping[str, Entry] = {}

    def fields(self, kind: str) -> dict[str, Mapping[str, str]]:
        """The fields of a kind, by id."""
        return {line.get("id", ""): line for line in self.lines.get(kind, ())}

    def ordinary(self) -> set[str]:
        """The kinds that organs upload one by one."""
        return {name for name, one in self.entries.items() if not (one.get("from_case") or one.get("whole"))}

    def role(self, kind: str, name: str) -> str:
        """The field that fills a role."""
        named = self.entries.get(kind, {}).get("role", {}).get(name, "")
        return str(named if isinstance(named, str) else named[0])

    def personal(self, kind: str, name: str) -> str:
        """How personal a field is; empty where it is not."""
        return self.fields(kind).get(name, {}).get(f"personal_{self.entries.get(kind, {}).get('need', 'any')}", "")

    def must(self, kind: str) -> set[str]:
        """The fields of a kind that must be filled."""
        need = f"need_{self.entries.get(kind, {}).get('need', 'any')}"
        return {name for name, line in self.fields(kind).items() if line.get(need) == "M"}


def head(sources: Sources, label: str, entry: Entry, kinds: Kinds) -> None:
    """Report what is wrong with the flow's own keys."""
    records = entry.get("records", ())
    if entry.get("about") == "item" and (
        not records or any(not kinds.entries.get(one, {}).get("whole") for one in records)
    ):
        sources.report(
            label, "records", "事项要来自单位整份报送的清单", '“records”填whole = true的种类，如["service_item"]'
        )
    kept = entry.get("kept", "")
    if kept and (
        kept not in kinds.ordinary() or not all(kinds.role(kept, one) for one in ("day", "due_on", "kept_on"))
    ):
        fix = "“kept”填单位逐条报送的种类，[role]里要有day、due_on、kept_on"
        sources.report(label, "kept", f"不能照着办件过程写“{kept}”", fix)
    for key, where, named in (
        ("by_web", "提出时填的", set(kinds.fields(entry["kind"]))),
        ("only", "清单里的", {name for one in records for name in kinds.fields(one)}),
    ):
        for name in entry.get(key, {}):
            if name not in named:
                sources.report(label, key, f"{where}没有“{name}”这一项", "填字段表里“id”一列的名称")


def step(sources: Sources, at: At, step: Entry, entry: Entry, kinds: Kinds) -> None:
    """Report what is wrong with what a step fills in."""
    kept, asks = str(entry.get("kept", "")), str(step.get("asks", ""))
    for key, kind, fix in (
        ("fills", asks, "fills填asks那类事实的列"),
        ("keeps", kept, "keeps填kept那类记录的列，流程要写kept"),
    ):
        for name, written in step.get(key, {}).items():
            if name not in kinds.fields(kind):
                sources.report(*at, f"{key}里的“{name}”没有地方写", fix)
            _source(sources, at, key, source := Source.read(written), entry, kinds)
            known = kinds.codes.get(kinds.fields(kind).get(name, {}).get("codes", ""))
            if source.of == "says" and source.name and known and source.name not in known:
                sources.report(*at, f"{key}里的“{source.name}”不在“{name}”的代码表里", "请改成codes.csv里有的值")
    if step.get("stops") and step["stops"] not in kinds.fields(asks):
        sources.report(*at, f"没有“{step['stops']}”这一列写明停到哪天", "“stops”填asks那类事实里的日期列")
    if step.get("adds") and not _adds_workdays(kinds.deadlines.get(step["adds"])):
        sources.report(*at, f"“{step['adds']}”不是按工作日计的时限", "“adds”填deadlines.toml里unit是workday的编号")
    if step.get("lists") and (entry.get("about") != "item" or "words" not in step.get("needs", ())):
        sources.report(*at, "没有清单，无从核对缺什么材料", '“lists = true”用于about = "item"的流程，needs里要有words')
    opening = kinds.fields(entry["kind"])
    for name, values in step.get("where", {}).items():
        known = kinds.codes.get(opening.get(name, {}).get("codes", ""), frozenset())
        if strange := sorted(set(values) - known):
            told = "、".join(strange)
            sources.report(*at, f"where里“{name}”没有“{told}”", "填提出时从代码表里选的列和它的值")


def _source(sources: Sources, at: At, key: str, source: Source, entry: Entry, kinds: Kinds) -> None:
    named: Mapping[str, Collection[str]] = {
        "opening": kinds.fields(entry["kind"]),
        "day": {one.get("id") for one in entry["step"]},
        "days": {role for one in entry.get("records", ()) for role in kinds.entries.get(one, {}).get("role", {})} if key == "keeps" else (),
    }  # fmt: skip
    if key == "keeps" and source.of == "opening" and kinds.personal(entry["kind"], source.name):
        sources.report(*at, f"“{source.name}”是另行封存的，不能写进照着办件过程写的记录", "请从keeps里去掉")
    if source.of == "says" or (not source.name and source.of in PLAIN):
        return
    if source.name not in named.get(source.of, ()):
        told = f"{source.of}.{source.name}" if source.name else source.of
        known = "、".join([*PLAIN, *(f"{of}.…（{what}）" for of, what in NAMING.items()), '{ says = "…" }'])
        sources.report(*at, f"{key}里不认识“{told}”", f"只能是：{known}")


def _adds_workdays(deadline: Entry | None) -> bool:
    return bool(deadline) and all(
        value.get("unit", "workday") == "workday" for value in (deadline or {}).get("value", ())
    )


def worlds(entry: Entry, kinds: Kinds) -> Iterator[Mapping[str, str]]:
    """Every combination of what the openings may say that some step asks for: each is walked by itself."""
    opening = kinds.fields(entry["kind"])
    names = sorted({name for one in entry["step"] for name in one.get("where", {})})
    lists = [sorted(kinds.codes.get(opening.get(name, {}).get("codes", ""), frozenset())) for name in names]
    for values in product(*lists):
        yield dict(zip(names, values, strict=True))


def is_there(step: Entry, world: Mapping[str, str], taken: Collection[str]) -> bool:
    """Whether a case that says this has the step, and has it still."""
    there = all(world.get(name) in values for name, values in step.get("where", {}).items())
    return there and not (step.get("once") and step["id"] in taken)


def after(
    step: Entry, entry: Entry, kinds: Kinds, owed: frozenset[str], taken: frozenset[str]
) -> tuple[frozenset[str], frozenset[str]]:
    """What is open and what was done once the step was taken: the record is begun, and done."""
    keeps, kept = step.get("keeps", {}), str(entry.get("kept", ""))
    if keeps and kinds.must(kept) <= set(keeps):
        owed, taken = owed | {KEPT}, taken | {BEGUN}
    if kinds.role(kept, "kept_on") in keeps:
        owed -= {KEPT}
    return owed, taken | ({step["id"]} if step.get("once") else set())


def too_soon(step: Entry, entry: Entry, kinds: Kinds, taken: Collection[str]) -> bool:
    """Whether a step brings a record up to date that nothing has begun."""
    keeps = step.get("keeps", {})
    return bool(keeps) and BEGUN not in taken and not kinds.must(str(entry.get("kept", ""))) <= set(keeps)
