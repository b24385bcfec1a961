"""Turn the files of a pack into typed tables and kinds."""

import csv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from jiannuo.policy.claims import ClaimRule
from jiannuo.policy.endings import Ends, Outcomes
from jiannuo.policy.kinds import Code, CrossRule, Field, Kind, Performance

Rows = Callable[[str], list[dict[str, str]]]
"""The rows of a field table, by the name of its file."""


class PackError(ValueError):
    """A pack is wrong. The message names the file, the entry, and what to write instead."""


def label(path: Path) -> str:
    """The file as people say it: `huaxian/kinds/penalty.csv`."""
    home = next((folder for folder in path.parents if (folder / "pack.toml").exists()), path.parent)
    return f"{home.name}/{path.relative_to(home).as_posix()}"


@contextmanager
def told(path: Path) -> Iterator[None]:
    """A file that cannot be read as it should be is a PackError naming it, whatever went wrong inside."""
    try:
        yield
    except (LookupError, TypeError, ValueError) as wrong:
        if isinstance(wrong, PackError):
            raise
        raise PackError(f"{label(path)}: 内容不符合要求（{wrong}），请运行 jiannuo pack check 查看全部问题") from wrong


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell a string without surrounding blanks. A row that does not fit the heading is a ValueError."""
    with path.open(encoding="utf-8-sig", newline="") as opened:
        lines = csv.reader(opened)
        heads = [head.strip() for head in next(lines, [])]
        rows: list[dict[str, str]] = []
        for cells in lines:
            if len(cells) != len(heads) and any(cells):
                raise ValueError(f"第{lines.line_num}行有{len(cells)}格，表头有{len(heads)}格")
            if any(cells):
                rows.append(dict(zip(heads, (cell.strip() for cell in cells), strict=True)))
        return rows


def kind(name: str, entry: Mapping[str, Any], fields: Rows, codes: Mapping[str, tuple[Code, ...]], clause: str) -> Kind:
    """The kind a TOML file defines, with the rows of the field tables it names and the pack's code lists.

    `clause` is the sentence of the county's document that the kind carries out, where its own file names none.
    """
    return Kind(
        id=name,
        title=entry["title"],
        short=entry["short"],
        family=entry["family"],
        clause=entry.get("clause", clause),
        source=entry["source"],
        fields=tuple(_field(row, entry["need"]) for row in fields(entry["fields"])),
        role=entry["role"],
        rules=_rules(entry),
        codes={name: tuple(dict.fromkeys(code.value for code in values)) for name, values in codes.items()},
        opens=tuple(entry.get("opens", ())),
        visibility=entry["visibility"],
        whole=bool(entry.get("whole", False)),
        unique=tuple(entry["unique"]),
        dated_codes=codes,
        senders=tuple(entry.get("senders", ())),
        performance={
            duty: Performance(tuple(_field(row, "any") for row in fields(asked["fields"])), _rules(asked))
            for duty, asked in entry.get("performance", {}).items()
        },
        outcomes=Outcomes.read(entry["outcomes"]) if "outcomes" in entry else None,
        ends=Ends.read(entry["ends"]) if "ends" in entry else None,
        ignored=entry.get("ignored", {}),
        claim=ClaimRule.read(entry["claim"]) if "claim" in entry else None,
        from_case=bool(entry.get("from_case", False)),
    )


def _rules(entry: Mapping[str, Any]) -> tuple[CrossRule, ...]:
    return tuple(
        CrossRule(rule["id"], rule["check"], rule["level"], rule["source"], rule.get("params", {}))
        for rule in entry.get("rule", ())
    )


def words(text: str) -> tuple[str, ...]:
    """The parts of a cell that holds several, parted by semicolons of either width."""
    return tuple(part.strip() for part in text.replace("；", ";").split(";") if part.strip())


def day(text: str) -> date | None:
    """The date of a cell, or None where it is blank."""
    return date.fromisoformat(text) if text else None


def codes(rows: list[dict[str, str]]) -> dict[str, tuple[Code, ...]]:
    """The code lists of a table, by name."""
    found: dict[str, list[Code]] = {}
    for row in rows:
        code = Code(
            value=row["value"],
            label=row["label"] or row["value"],
            since=day(row["since"]),
            until=day(row["until"]),
            detail=row["detail"] == "yes",
            aliases=words(row["aliases"]),
        )
        found.setdefault(row["list"], []).append(code)
    return {name: tuple(values) for name, values in found.items()}


def _field(row: Mapping[str, str], need: str) -> Field:
    return Field(
        id=row["id"],
        title=row["title"],
        type=row["type"],  # type: ignore[arg-type]  # pack check names a wrong one
        length=int(row["length"] or 0),
        places=int(row["places"] or 0),
        need=row[f"need_{need}"],  # type: ignore[arg-type]
        codes=row["codes"],
        check=row["check"],
        aliases=words(row["aliases"]),
        personal=row[f"personal_{need}"],
        search=row["search"] == "yes",
        public=row["public"] == "yes",
        hint=row["hint"],
    )
