"""Read a policy pack from disk. A pack is data: what a county can change by issuing a document."""

import hashlib
import os
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any, TypeVar

from msgspec import Struct

from jiannuo.kernel.workdays import Calendar
from jiannuo.policy import reading
from jiannuo.policy.checklists import Question
from jiannuo.policy.claims import Claim, Rate, claim
from jiannuo.policy.criteria import Criterion
from jiannuo.policy.deadlines import Deadline, Rule
from jiannuo.policy.documents import CatalogueItem, Clause, DutyKind, Organ, Site, Task
from jiannuo.policy.files import FileSection
from jiannuo.policy.flows import Flow
from jiannuo.policy.held import Held
from jiannuo.policy.kinds import Code, Kind
from jiannuo.policy.measures import Measure
from jiannuo.policy.publishing import PublishFilter
from jiannuo.policy.reading import PackError, label, told
from jiannuo.policy.repairing import RepairClass, Terms, terms
from jiannuo.policy.reporting import ReportForm

__all__ = ["ROOT", "Pack", "PackError", "current", "load"]

T = TypeVar("T")

ROOT = Path(__file__).resolve().parents[2] / "packs"


class Pack(Struct, frozen=True, dict=True):
    """A county's rules: its own folder first, then those it extends (county, province, nation)."""

    folders: tuple[Path, ...]
    digest: str

    @property
    def folder(self) -> Path:
        return self.folders[0]

    @cached_property
    def about(self) -> Mapping[str, Any]:
        return self._own_toml("pack")

    @property
    def name(self) -> str:
        return str(self.about["id"])

    @property
    def id(self) -> str:
        """The name every applied rule keeps: `name@first eight of the digest`."""
        return f"{self.name}@{self.digest[:8]}"

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The sites a disclosed record is delivered to, as the document names them."""
        return tuple(Site(**entry) for entry in self.about.get("site", ()))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Every sentence of the county's document, in order."""
        return self._own("clauses", Clause.read)

    @cached_property
    def organs(self) -> tuple[Organ, ...]:
        """The organs of the county, one row for each spell of a name, oldest first within an organ."""
        return self._own("organs", Organ.read)

    @cached_property
    def tasks(self) -> tuple[Task, ...]:
        """The tasks of the document's annex."""
        return self._own("tasks", Task.read)

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """The key areas of disclosure: id and title, in the document's order."""
        return {row["id"]: row["title"] for row in self.merged_table("areas")}

    @cached_property
    def catalogue(self) -> tuple[CatalogueItem, ...]:
        """The disclosure catalogue: who must publish what, by when, on what basis."""
        rows = self.merged_table("catalogue")
        with told(self.folder / "catalogue.csv"):
            return tuple(CatalogueItem.read(row) for row in rows)

    @cached_property
    def kinds(self) -> Mapping[str, Kind]:
        """The kinds of fact, by id; a county's file replaces a province's of the same name."""
        found: dict[str, Kind] = {}
        for path in self.files("kinds", "*.toml"):
            with told(path):
                entry = self._toml(path)
                found[path.stem] = reading.kind(
                    path.stem, entry, self._fields, self.codes, self.carrier("kind", path.stem)
                )
        return found

    def _fields(self, name: str) -> list[dict[str, str]]:
        return reading.table(self.find(f"kinds/{name}"))

    @cached_property
    def codes(self) -> Mapping[str, tuple[Code, ...]]:
        """The code lists, by name; a county's list replaces a province's of the same name."""
        found: dict[str, tuple[Code, ...]] = {}
        for path in self.files("kinds", "codes.csv"):
            with told(path):
                found |= reading.codes(reading.table(path))
        return found

    @cached_property
    def deadlines(self) -> Mapping[str, Deadline]:
        """The dated time limits, by id."""
        with told(self.folder / "deadlines.toml"):
            entries = self.merged_toml("deadlines").items()
            return {name: Deadline.read(name, entry, self.carrier("deadline", name)) for name, entry in entries}

    @cached_property
    def duties(self) -> Mapping[str, DutyKind]:
        """The kinds of duty, by id."""
        with told(self.folder / "duties.toml"):
            entries = self.merged_toml("duties").items()
            return {name: DutyKind.read(name, entry, self.carrier("duty", name)) for name, entry in entries}

    @cached_property
    def flows(self) -> Mapping[str, Flow]:
        """The procedures, by id; a county's file replaces a province's of the same name."""
        found: dict[str, Flow] = {}
        for path in self.files("flows", "*.toml"):
            with told(path):
                found[path.stem] = Flow.read(path.stem, self._toml(path), self.carrier("flow", path.stem))
        return found

    @cached_property
    def criteria(self) -> Mapping[str, Criterion]:
        """What an honour asks for, by id, in order."""
        with told(self.folder / "criteria.toml"):
            return {name: Criterion.read(name, entry) for name, entry in self.merged_toml("criteria").items()}

    @cached_property
    def checklists(self) -> Mapping[str, Mapping[str, Question]]:
        """The lists of questions that cases are answered by, each with its questions by code, in order."""
        found: dict[str, Mapping[str, Question]] = {}
        for path in self.files("checklists", "*.csv"):
            with told(path):
                found[path.stem] = {row["code"]: Question.read(row) for row in reading.table(path)}
        return found

    @cached_property
    def report(self) -> ReportForm:
        """How the half-yearly report is laid out."""
        with told(self.folder / "report.toml"):
            return ReportForm.read(self.merged_toml("report"))

    @cached_property
    def sections(self) -> Mapping[str, FileSection]:
        """The sections of the files kept of organs and officials, by id, in the pack's order."""
        with told(self.folder / "files.toml"):
            return {name: FileSection.read(name, entry) for name, entry in self.merged_toml("files").items()}

    @cached_property
    def closed(self) -> Mapping[str, frozenset[str]]:
        """The kinds of fact that no list, search or export shows, and the roles that may read them in a file."""
        found: dict[str, frozenset[str]] = {
            kind.id: frozenset() for kind in self.kinds.values() if kind.visibility == "restricted"
        }
        for section in self.sections.values():
            if section.gathers == "entries":
                found |= {kind: found[kind] | section.readers for kind in section.what if kind in found}
        return found

    @cached_property
    def repair_classes(self) -> Mapping[str, RepairClass]:
        """The classes of dishonesty, by id."""
        with told(self.folder / "repair.toml"):
            return {name: RepairClass.read(name, entry) for name, entry in self.merged_toml("repair").items()}

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """What follows a record, by id."""
        with told(self.folder / "measures.toml"):
            entries = self.merged_toml("measures").items()
            return {name: Measure.read(name, entry, self.carrier("measure", name)) for name, entry in entries}

    @cached_property
    def rates(self) -> Mapping[str, Rate]:
        """The rates of interest, by id."""
        with told(self.folder / "rates.toml"):
            return {name: Rate.read(name, entry) for name, entry in self.merged_toml("rates").items()}

    def claim(self, kind: str, body: Mapping[str, Any]) -> Claim | None:
        """What is owed in money by a fact of a kind; nothing where it says no sum, or no day follows from it."""
        rule = self.kinds[kind].claim
        if rule is None:
            return None
        delivered = body.get(rule.delivered) if rule.delivered else None
        rules = {}
        for name in filter(None, (rule.within, rule.longest)):
            with suppress(LookupError):
                rules[name] = self.rule(name, on=date.fromisoformat(str(delivered)) if delivered else date.max)
        return claim(rule, body, self.calendar, rules, self.rates.get(rule.interest))

    @cached_property
    def held(self) -> Mapping[str, Held]:
        """What counts as a paper that government holds already, by id."""
        with told(self.folder / "papers.toml"):
            return {name: Held.read(name, entry) for name, entry in self.merged_toml("papers").items()}

    def counts_until(self, kind: str, body: Mapping[str, Any], *, on: date) -> date | None:
        """The last day on which a record counts against anybody; None where time alone does not end it."""
        if (found := self.terms(kind, body, decided_on=on)) is not None:
            return found.last_on
        ends = self.kinds[kind].ends
        return self.ends_on(kind, str(body.get(ends.field) or ""), on=on) if ends else None

    def terms(self, kind: str, body: Mapping[str, Any], *, decided_on: date) -> Terms | None:
        """How long a record is shown and from when on it may be repaired; nothing where no rule says so."""
        classes = [one for one in self.repair_classes.values() if kind in one.kinds and one.on(decided_on)]
        if not classes:
            return None
        names = {name for one in classes for name in (one.min, one.max) if name}
        rules = {name: self.rule(name, on=decided_on) for name in names}
        return terms(classes, self.kinds[kind], body, decided_on, self.calendar, rules)

    @cached_property
    def filters(self) -> tuple[PublishFilter, ...]:
        """The dated rules on what may be public, nation first."""
        found: list[PublishFilter] = []
        for folder in reversed(self.folders):
            if (path := folder / "publish.toml").exists():
                with told(path):
                    found += [PublishFilter.read(entry) for entry in self._toml(path).get("filter", ())]
        return tuple(found)

    @cached_property
    def calendar(self) -> Calendar:
        """Days off and make-up days, with the notice each year rests on."""
        off: dict[date, str] = {}
        makeup: dict[date, str] = {}
        for path in self.files("calendar", "*.csv"):
            with told(path):
                for row in reading.table(path):
                    (makeup if row["is_workday"] == "yes" else off)[date.fromisoformat(row["day"])] = row["name"]
        notices = {int(row["year"]): _notice(row) for row in self.merged_table("notices")}
        return Calendar(off=off, makeup=makeup, years=frozenset(notices), notices=notices)

    def ends_on(self, kind: str, value: str, *, on: date) -> date | None:
        """The last day on which an entry of that value and day counts; the day itself where nothing is held, None where time ends nothing."""
        ends = self.kinds[kind].ends
        if ends is None or (value not in ends.by and value not in ends.at_once):
            return None
        if value in ends.at_once:
            return on
        # What was decided before the first rule is judged by it: none of those periods is longer than the law's own.
        name = ends.by[value]
        return self.rule(name, on=max(on, self.deadlines[name].values[0].since)).due(on, self.calendar).due_on

    @cached_property
    def bodies(self) -> Mapping[str, tuple[str, ...]]:
        """The organs that stand for a body the law names: personnel, discipline, leading_group; the nearest folder's naming counts."""
        return {name: tuple(codes) for name, codes in self.about.get("bodies", {}).items()}

    def rule(self, name: str, *, on: date) -> Rule:
        """The deadline as it stood on a day, with the reference a decision keeps. Raises PackError where there is none."""
        if name not in self.deadlines:
            raise PackError(f"{self.name}/deadlines.toml: 没有时限“{name}”")
        return self.deadlines[name].on(on, pack=self.id)

    def rule_over(self, name: str, started_on: date, stated: date | None) -> Rule:
        """The deadline of what started on a day and names its own last day: what was promised before the rule began, for a day
        on which it holds, falls under it too. Raises LookupError where neither day does.
        """
        try:
            return self.rule(name, on=started_on)
        except LookupError:
            if stated is None:
                raise
            return self.rule(name, on=stated)

    def carried(self, sort: str, name: str) -> tuple[Clause, ...]:
        """The sentences that a kind, deadline or duty of the pack carries out (`carried_by` of `clauses.csv`)."""
        return self._carried.get(f"{sort}:{name}", ())

    def carrier(self, sort: str, name: str) -> str:
        """The id of the first sentence that an entry carries out, or an empty string."""
        return next((clause.id for clause in self.carried(sort, name)), "")

    @cached_property
    def _carried(self) -> Mapping[str, tuple[Clause, ...]]:
        found: dict[str, tuple[Clause, ...]] = {}
        for clause in self.clauses:
            for ref in clause.carried_by:
                found[ref] = (*found.get(ref, ()), clause)
        return found

    # -- files ---------------------------------------------------------------------------------------------

    def find(self, name: str) -> Path:
        """The file of that name in the nearest folder that has it."""
        for folder in self.folders:
            if (folder / name).exists():
                return folder / name
        raise PackError(f"{self.folder.name}: 找不到文件 {name}")

    def files(self, below: str, pattern: str) -> Iterator[Path]:
        """The files of a sub-folder through all folders, nation first."""
        for folder in reversed(self.folders):
            yield from sorted((folder / below).glob(pattern))

    def _own(self, name: str, read: Callable[[Mapping[str, str]], T]) -> tuple[T, ...]:
        with told(self.folder / f"{name}.csv"):
            return tuple(read(row) for row in self.own_table(name))

    def own_table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table of this county alone; none for a province or the nation, which have no document of their own."""
        path = self.folder / f"{name}.csv"
        return reading.table(path) if path.exists() else []

    def merged_table(self, name: str) -> list[dict[str, str]]:
        """The rows of a table through all folders, nation first."""
        paths = [folder / f"{name}.csv" for folder in reversed(self.folders)]
        found: list[dict[str, str]] = []
        for path in paths:
            if path.exists():
                with told(path):
                    found += reading.table(path)
        return found

    def merged_toml(self, name: str) -> dict[str, Any]:
        """The entries of a file through all folders: a nearer folder's entry takes the place of a farther one's."""
        found: dict[str, Any] = {}
        for folder in reversed(self.folders):
            if (folder / f"{name}.toml").exists():
                found |= self._toml(folder / f"{name}.toml")
        return found

    def _own_toml(self, name: str) -> dict[str, Any]:
        return self._toml(self.folder / f"{name}.toml")

    def _toml(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as wrong:
            raise PackError(f"{label(path)}: {wrong}") from wrong
        except FileNotFoundError as wrong:
            raise PackError(f"{label(path)}: 没有这个文件") from wrong


def _notice(row: Mapping[str, str]) -> str:
    """A notice by title and number; those before 2008 are known by title alone."""
    return row["title"] if row["notice"] in ("", row["title"]) else f"{row['title']}（{row['notice']}）"


def current() -> Pack:
    """The pack this installation runs: `JIANNUO_PACK`, or 滑县's."""
    return _named(os.environ.get("JIANNUO_PACK", ""))


@cache
def _named(folder: str) -> Pack:
    # Asked for dozens of times by one request: a path is dearer to make than the words it is made of.
    return load(Path(folder or ROOT / "huaxian"))


@cache
def load(folder: Path) -> Pack:
    """The pack in a folder, with those it extends. Raises PackError where a folder or `pack.toml` is missing."""
    folders = tuple(_chain(folder))
    whole = hashlib.sha256()
    for at in folders:
        for path in sorted(path for path in at.rglob("*") if path.suffix in {".toml", ".csv"}):
            whole.update(path.relative_to(at).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return Pack(folders, whole.hexdigest())


def _chain(folder: Path) -> Iterator[Path]:
    seen: set[Path] = set()
    while True:
        folder = folder.resolve()
        if folder in seen:
            raise PackError(f"{folder.name}/pack.toml: extends 绕成了圈")
        seen.add(folder)
        about = folder / "pack.toml"
        if not about.exists():
            raise PackError(f"{folder}: 不是策略包（没有 pack.toml）")
        yield folder
        try:
            extends = tomllib.loads(about.read_text("utf-8")).get("extends", "")
        except tomllib.TOMLDecodeError as wrong:
            raise PackError(f"{folder.name}/pack.toml: {wrong}") from wrong
        if not extends:
            return
        folder = folder.parent / extends if (folder.parent / extends).exists() else ROOT / extends
