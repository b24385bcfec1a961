"""The way from SQLite to the database under test, as the guide for operators describes it, loses not a byte."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.browser_support import JIANNUO
from tests.wrong import make_sheets

ROOT = Path(__file__).resolve().parents[2]
SHEET = Path(make_sheets.__file__).parent / "sheets" / "right_plain.xlsx"
ORGAN = "青禾县市场监督管理局"


def told(folder: Path) -> dict[str, list[str]]:
    """The commands of the guide by their name, on files of the test's own."""
    text = ROOT.joinpath("docs", "operating.md").read_text("utf-8")
    (block,) = (one for one in re.findall(r"(?s)```sh\n(.*?)```", text) if "dumpdata" in one)
    lines = [shlex.split(line.replace("/srv/jiannuo", str(folder))) for line in block.splitlines()]
    return {line[3]: [sys.executable, *line[1:]] for line in lines if line[1:3] == ["-m", "django"]}


def run(command: list[str], environment: Mapping[str, str]) -> str:
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def records(environment: Mapping[str, str]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run([str(JIANNUO), "records", "penalty_legal", "--json"], environment))[
        "records"
    ]
    return found


def test_what_was_kept_in_sqlite_is_the_same_after_the_move(own_database: Mapping[str, str], tmp_path: Path) -> None:
    settings = {"DJANGO_SETTINGS_MODULE": "jiannuo.site.settings"}
    before = {
        **os.environ,
        **settings,
        "JIANNUO_HOME": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/before.sqlite3",
    }
    run([str(JIANNUO), "init"], before)
    run([str(JIANNUO), "intake", "penalty_legal", str(SHEET), "--organ", ORGAN], before)
    run([str(JIANNUO), "work", "--once"], before)

    commands = told(tmp_path)
    after = {**own_database, **settings}
    run(commands["dumpdata"], before)
    run(commands["migrate"], after)
    run(commands["loaddata"], after)
    run([str(JIANNUO), "rebuild"], after)

    assert records(after) == records(before)
    assert len(records(after)) == 3
    again = run([str(JIANNUO), "intake", "penalty_legal", str(SHEET), "--organ", ORGAN, "--json"], after)
    assert json.loads(again)["unchanged"] == 3
