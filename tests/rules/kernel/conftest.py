import json
from datetime import date
from pathlib import Path

import pytest

from jiannuo.kernel.workdays import Calendar

SHARED = Path(__file__).resolve().parents[4] / "shared"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The real data beside the project; tests that need it are skipped where it is absent."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("没有 ../shared/data，跳过真实数据测试")
    return folder


@pytest.fixture(scope="session")
def official(shared_data: Path) -> Calendar:
    """The arrangements of 2007 to 2026 as parsed from the notices."""
    off: dict[date, str] = {}
    makeup: dict[date, str] = {}
    notices: dict[int, str] = {}
    for file in sorted((shared_data / "calendar" / "holiday-cn").glob("*.json")):
        arrangement = json.loads(file.read_text(encoding="utf-8"))
        if arrangement["papers"]:
            notices[arrangement["year"]] = arrangement["papers"][0]
        for row in arrangement["days"]:
            (off if row["isOffDay"] else makeup)[date.fromisoformat(row["date"])] = row["name"]
    return Calendar(off, makeup, notices.keys(), notices)
