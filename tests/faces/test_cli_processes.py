"""What the command line does as whole processes: set up, back up and bring back, serve and stop."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests import database_support


def jiannuo(environment: Mapping[str, str], *words: object, code: int = 0) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "jiannuo.cli.main", *(str(word) for word in words), "--json"],
        env=dict(environment), capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_init_makes_three_administrators_once(own_database: Mapping[str, str]) -> None:
    assert jiannuo(own_database, "records", "penalty_legal", code=1)["refused"]["code"] == "not_ready"
    first = jiannuo(own_database, "init")
    assert [one["role"] for one in first["administrators"]] == ["sysadmin", "secadmin", "auditadmin"]
    assert len({one["password"] for one in first["administrators"]}) == 3
    assert first["organs"] > 40
    again = jiannuo(own_database, "init")
    assert (again["administrators"], again["changed"]) == ([], 0)


@pytest.mark.slow
def test_a_backup_brings_everything_back(own_database: Mapping[str, str], tmp_path: Path) -> None:
    jiannuo(own_database, "init")
    sheet = tmp_path / "a.csv"
    sheet.write_text("CF_XDR_MC\n某公司\n", "utf-8")
    refused = jiannuo(own_database, "intake", "penalty_legal", sheet, "--organ", "419926-121", code=1)
    file = tmp_path / "backup.tar"
    jiannuo(own_database, "backup", file)
    assert file.stat().st_mode & 0o077 == 0
    assert jiannuo(own_database, "restore", file, code=1)["refused"]["code"] == "not_empty"
    other = tmp_path / "other"
    other.mkdir()
    with database_support.empty_database(other) as url:
        back = {**own_database, "JIANNUO_HOME": str(other), "DATABASE_URL": url}
        jiannuo(back, "restore", file)
        assert jiannuo(back, "init")["administrators"] == []
        again = jiannuo(back, "intake", "penalty_legal", sheet, "--organ", "419926-121", code=1)
    assert again["batch"] == refused["batch"] + 1
    assert (other / "seal.key").read_bytes() == (tmp_path / "seal.key").read_bytes()
    kept = {path.name for path in (tmp_path / "evidence").rglob("*") if path.is_file()}
    assert kept
    assert kept <= {path.name for path in (other / "evidence").rglob("*") if path.is_file()}


def test_what_is_no_backup_is_refused(own_database: Mapping[str, str], tmp_path: Path) -> None:
    (tmp_path / "no.tar").write_bytes(b"nothing")
    assert jiannuo(own_database, "restore", tmp_path / "no.tar", code=1)["refused"]["code"] == "backup"


@pytest.mark.slow
def test_serve_answers_works_and_stops(own_database: Mapping[str, str]) -> None:
    jiannuo(own_database, "init")
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    command = [sys.executable, "-m", "jiannuo.cli.main", "serve", "--port", str(port), "--workers", "1"]
    with subprocess.Popen(command, env=dict(own_database), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert fetched(f"http://127.0.0.1:{port}/api/v1/public/organs").startswith(b"[")
            workers = beside(process.pid)
            assert len(workers) == 1
            os.kill(workers[0], signal.SIGKILL)
            assert wait_for(lambda: beside(process.pid) not in ([], workers)), "the worker was not started again"
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=40) == 0
    assert beside(process.pid) == []


def fetched(address: str) -> bytes:
    body = b""

    def answers() -> bool:
        nonlocal body
        try:
            with urlopen(address, timeout=5) as response:  # noqa: S310 - our own server
                body = response.read()
        except (URLError, ConnectionError, TimeoutError):
            return False
        return True

    assert wait_for(answers), "nothing answers"
    return body


def wait_for(true: Any, seconds: float = 60) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.3)
    return False


def beside(parent: int) -> list[int]:
    """The workers a server has started, by their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if [b"work", b"--parent", str(parent).encode()] == words[-4:-1]:
            found.append(int(folder.name))
    return found
