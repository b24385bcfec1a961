"""Turn the files of a pack into typed tables and kinds."""

import csv
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jiannuo.policy.kinds import CrossRule, Field, Kind


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, every cell a string without surrounding blanks."""
    with path.open(encoding="utf-8-sig", newline="") as rows:
        return [{name: (cell or "").strip() for name, cell in row.items()} for row in csv.DictReader(rows)]


def kind(path: Path, entry: Mapping[str, Any], find: Callable[[str], Path]) -> Kind:
    """The kind a TOML file defines, its fields read from the CSV table it names, its code lists from `codes.csv` beside it."""
    rows = table(find(f"kinds/{entry['fields']}"))
    codes: dict[str, list[str]] = {}
    for row in table(find("kinds/codes.csv")):
        codes.setdefault(row["list"], []).append(row["value"])
    return Kind(
        id=path.stem,
        title=entry["title"],
        short=entry["short"],
        family=entry["family"],
        clause=entry["clause"],
        source=entry["source"],
        fields=tuple(_field(row, entry["need"]) for row in rows),
        role=entry["role"],
        rules=tuple(
            CrossRule(rule["id"], rule["check"], rule["level"], rule["source"], rule.get("params", {}))
            for rule in entry.get("rule", ())
        ),
        codes={name: tuple(values) for name, values in codes.items()},
        opens=tuple(entry.get("opens", ())),
        visibility=entry["visibility"],
        whole=bool(entry.get("whole", False)),
        unique=tuple(entry["unique"]),
    )


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
        aliases=tuple(part for part in row["aliases"].split(";") if part),
        personal=row["personal"],
        search=row["search"] == "yes",
        public=row["public"] == "yes",
        hint=row["hint"],
    )
