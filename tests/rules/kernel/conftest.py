import json
from datetime import date
from pathlib import Path

import pytest

from jiannuo.kernel.workdays import Calendar


@pytest.fixture(scope="session")
def official(shared: Path) -> Calendar:
    """The arrangements of 2007 to 2026 as parsed from the notices."""
    off: dict[date, str] = {}
    makeup: dict[date, str] = {}
    notices: dict[int, str] = {}
    for file in sorted((shared / "calendar" / "holiday-cn").glob("*.json")):
        arrangement = json.loads(file.read_text(encoding="utf-8"))
        if arrangement["papers"]:
            notices[arrangement["year"]] = arrangement["papers"][0]
        for row in arrangement["days"]:
            (off if row["isOffDay"] else makeup)[date.fromisoformat(row["date"])] = row["name"]
    return Calendar(off, makeup, notices.keys(), notices)
