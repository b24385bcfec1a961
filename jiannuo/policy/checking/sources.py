"""The files of a pack as written, read once and forgivingly: what cannot be read is a problem in words, never an exception."""

import contextlib
import csv
import tomllib
import unicodedata
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from jiannuo.policy.pack import Pack

Level = Literal["error", "warning"]


class Problem(Struct, frozen=True, order=True):
    """One thing wrong with a pack: where, what, and what to write instead. A `warning` does not keep a pack from use."""

    file: str
    line: int
    entry: str
    message: str
    fix: str
    level: Level = "error"

    def __str__(self) -> str:
        return f"{self.file}　{self.entry}：{self.message}。{self.fix}"


class Line(Struct, frozen=True):
    """A row of a table, with the file and line it stands on."""

    file: str
    number: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")

    @property
    def entry(self) -> str:
        name = next((text for text in self.cells.values() if text), "")
        return f"第{self.number}行 {name[:40]}".strip()


class Sources:
    """All files of a pack and of those it extends, and the problems found so far."""

    def __init__(self, pack: Pack, as_of: date) -> None:
        self.pack = pack
        self.as_of = as_of
        self.found: set[Problem] = set()
        self._toml: dict[Path, dict[str, Any]] = {}

    def report(self, file: str, entry: str, message: str, fix: str, level: Level = "error") -> None:
        self.found.add(Problem(file, 0, entry, message, fix, level))

    def at(self, line: Line, message: str, fix: str, level: Level = "error") -> None:
        self.found.add(Problem(line.file, line.number, line.entry, message, fix, level))

    @cached_property
    def farthest_first(self) -> tuple[Path, ...]:
        return tuple(reversed(self.pack.folders))

    @cached_property
    def about(self) -> dict[str, Any]:
        return self.toml(self.pack.folder / "pack.toml")

    @property
    def county(self) -> bool:
        """Whether the pack is a county's, with a document of its own, and not a province's or the nation's."""
        return "county" in self.about

    def label(self, path: Path) -> str:
        """The file as people say it: `huaxian/kinds/penalty.csv`."""
        home = next(folder for folder in self.pack.folders if path.is_relative_to(folder))
        return f"{home.name}/{path.relative_to(home).as_posix()}"

    def toml(self, path: Path) -> dict[str, Any]:
        """The entries of a file; none where it is missing or broken."""
        if path not in self._toml:
            self._toml[path] = self._read_toml(path) if path.exists() else {}
        return self._toml[path]

    def _read_toml(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text("utf-8"))
        except tomllib.TOMLDecodeError as wrong:
            self.report(
                self.label(path),
                "整个文件",
                f"读不出来：{wrong}",
                "请按提示的行列改正；文字要加引号，日期写成2026-09-23不加引号",
            )
        except UnicodeDecodeError:
            self.report(self.label(path), "整个文件", "不是UTF-8编码", "请另存为UTF-8编码的文本文件")
        return {}

    def tables(self, name: str, columns: Collection[str], optional: Collection[str] = ()) -> list[Line]:
        """The rows of a table through all folders, nation first."""
        paths = [folder / f"{name}.csv" for folder in self.farthest_first]
        return [line for path in paths if path.exists() for line in self.table(path, columns, optional)]

    def own(self, name: str, columns: Collection[str], optional: Collection[str] = ()) -> list[Line]:
        """The rows of a table of the county alone; a county that lacks the file is told so."""
        path = self.pack.folder / f"{name}.csv"
        if path.exists():
            return list(self.table(path, columns, optional))
        if self.county:
            self.report(self.label(path), "整个文件", "没有这个文件", f"请新建，第一行写列名：{'、'.join(columns)}")
        return []

    def lines(self, name: str) -> list[dict[str, str]]:
        """The rows of all tables of that name, the nearest first, unchecked: whoever checks them reports what is wrong."""
        paths = [folder / name for folder in self.pack.folders if (folder / name).is_file()]
        return [row for path in paths for row in csv.DictReader(path.read_text("utf-8-sig", "replace").splitlines())]

    def own_lines(self, name: str) -> list[dict[str, str]]:
        """The rows of a county's own table as far as they can be read, for another table to refer to."""
        with contextlib.suppress(OSError, ValueError):
            return self.pack.own_table(name)
        return []

    def names(self, name: str) -> set[str]:
        """The names of the entries of a TOML file through all folders."""
        return {entry for folder in self.pack.folders for entry in self.toml(folder / f"{name}.toml")}

    def table(self, path: Path, columns: Collection[str], optional: Collection[str] = ()) -> Iterator[Line]:
        """The rows of one table. Rows that do not fit the heading are reported and passed over."""
        label = self.label(path)
        try:
            text = path.read_text("utf-8-sig")
        except UnicodeDecodeError:
            self.report(label, "整个文件", "不是UTF-8编码", "请在WPS中另存为“CSV UTF-8”")
            return
        reader = csv.reader(text.splitlines())
        heads = [head.strip() for head in next(reader, [])]
        if not self._heads_hold(label, heads, columns, optional):
            return
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(heads):
                message = f"这一行有{len(cells)}格，表头有{len(heads)}格"
                self.at(Line(label, reader.line_num, {}), message, "格子里有逗号的要用英文双引号括起来")
                continue
            yield Line(label, reader.line_num, dict(zip(heads, (cell.strip() for cell in cells), strict=True)))

    def _heads_hold(self, label: str, heads: list[str], columns: Collection[str], optional: Collection[str]) -> bool:
        whole = "整个文件"
        missing = [column for column in columns if column not in heads]
        strange = [head for head in heads if head not in columns and head not in optional]
        double = sorted({head for head in heads if heads.count(head) > 1})
        if missing:
            self.report(label, whole, f"缺少列{_quoted(missing)}", f"第一行应有列：{'、'.join(columns)}")
        if strange:
            self.report(label, whole, f"不认识的列{_quoted(strange)}", f"请删去或者改成：{'、'.join(columns)}")
        if double:
            self.report(label, whole, f"列{_quoted(double)}出现了两次", "请删去多余的一列")
        return not missing and not double

    def day(self, line: Line, column: str, *, must: bool) -> date | None:
        """The date of a cell; a wrong or missing one is reported."""
        text = line[column]
        if not text:
            if must:
                self.at(line, f"“{column}”没有填", "请填日期，写成2026-09-23")
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.at(line, f"“{column}”写的“{text}”不是日期", "请写成2026-09-23")
            return None

    def choose(self, line: Line, column: str, allowed: Collection[str]) -> bool:
        """Whether a cell holds one of the allowed words; another is reported."""
        if line[column] in allowed:
            return True
        written = f"写的“{line[column]}”不认识" if line[column] else "没有填"
        self.at(line, f"“{column}”{written}", f"只能是：{'、'.join(word or '（空）' for word in allowed)}")
        return False

    def unique(self, lines: list[Line], column: str) -> None:
        """Report a name used twice, or left out."""
        seen: dict[str, Line] = {}
        for line in lines:
            name = line[column]
            if not name:
                self.at(line, f"“{column}”没有填", "每一行都要有自己的编号")
            elif name in seen:
                self.at(line, f"“{column}”{name}与第{seen[name].number}行重复", "请给这一行另起编号")
            else:
                seen[name] = line


def _quoted(names: Collection[str]) -> str:
    return "、".join(f"“{name}”" for name in names)


def fold(heading: str) -> str:
    """A heading or name as it is compared: widths unified, blanks and brackets' shapes no difference."""
    return "".join(unicodedata.normalize("NFKC", heading).lower().split()).translate(
        str.maketrans("【】〔〕[]", "()()()")
    )
