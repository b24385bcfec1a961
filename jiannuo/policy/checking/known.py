"""What the tables of procedures may name, gathered once from all folders of a pack."""

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import Any

from jiannuo.policy.checking import checklists, filling
from jiannuo.policy.checking.sources import Sources

Entry = Mapping[str, Any]


class Known:
    """What a flow may name: kinds of fact that only cases write, duties kept by a step with what opens them, time limits."""

    def __init__(self, sources: Sources, kinds: Collection[str], deadlines: Collection[str]) -> None:
        self.kinds = kinds
        self.deadlines = deadlines
        self.flows = {path.stem for folder in sources.farthest_first for path in (folder / "flows").glob("*.toml")}
        self._entries = {
            path.stem: sources.toml(path)
            for folder in sources.farthest_first
            for path in sorted((folder / "kinds").glob("*.toml"))
        }
        self.of_cases = {name for name, entry in self._entries.items() if entry.get("from_case")}
        self.checklists = checklists.check(sources)
        duties: dict[str, Entry] = {}
        for folder in sources.farthest_first:
            duties |= sources.toml(folder / "duties.toml")
        self.limits: dict[str, Entry] = {}
        for folder in sources.farthest_first:
            self.limits |= sources.toml(folder / "deadlines.toml")
        self.duties = {name for name, entry in duties.items() if entry.get("kept_by") == "step"}

        self._sources = sources

    @cached_property
    def written(self) -> filling.Kinds:
        """The kinds as the pack writes them, with their fields and code lists."""
        codes: dict[str, set[str]] = {}
        for line in self._sources.lines("kinds/codes.csv"):
            codes.setdefault(line.get("list", ""), set()).add(line.get("value", ""))
        lines = {name: self._sources.lines(f"kinds/{one.get('fields')}") for name, one in self._entries.items()}
        return filling.Kinds(self._entries, lines, {name: frozenset(one) for name, one in codes.items()}, self.limits)

    def fields(self, kind: str) -> dict[str, str]:
        """The fields of a kind, each with how personal it is."""
        entry = self._entries.get(kind, {})
        lines = self._sources.lines(f"kinds/{entry.get('fields')}")
        return {line.get("id", ""): line.get(f"personal_{entry.get('need')}", "") for line in lines}

    def days(self, kind: str) -> set[str]:
        """The fields of a kind that hold a day."""
        lines = self._sources.lines(f"kinds/{self._entries.get(kind, {}).get('fields')}")
        return {line.get("id", "") for line in lines if line.get("type") == "date"}

    def states(self, flow: str) -> Mapping[str, Entry]:
        """The states of a flow; none where there is no such flow."""
        return dict(self.flow(flow).get("state", {}))

    def role(self, kind: str, name: str) -> Any:
        """The field that fills a role of a kind; nothing where none does."""
        return self._entries.get(kind, {}).get("role", {}).get(name)

    def opened_by(self, entry: Entry) -> set[str]:
        """The procedures that steps of one open."""
        return {step["opens"] for step in entry["step"] if isinstance(step, dict) and step.get("opens")}

    def written_in(self, flow: str) -> set[str]:
        """The kinds of fact that steps of a procedure write."""
        return {step["asks"] for step in self.flow(flow).get("step", ()) if step.get("asks")}

    def flow(self, name: str) -> Entry:
        """A procedure's table, from the nearest folder that has it; empty where there is none."""
        tables = [self._sources.toml(folder / "flows" / f"{name}.toml") for folder in self._sources.farthest_first]
        return next((one for one in reversed(tables) if one), {})

    def opened(self, kind: str) -> frozenset[str]:
        """The duties that the opening fact itself opens and a step keeps."""
        return frozenset(self._entries.get(kind, {}).get("opens", ())) & self.duties
