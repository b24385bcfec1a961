"""Killed at any moment and run again, nothing is lost and nothing is doubled: intake, the worker, the tick, the outbox."""

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import cycle
from pathlib import Path
from random import Random
from threading import Thread
from typing import Any

import pytest

from jiannuo.cli.demo import people
from jiannuo.intake.actions import reading
from tests.packages.mailbox import SENDER, Mailbox, listening, port_of

ROWS = 150
TODAY = date(2026, 11, 23)
SERVER = Path(__file__).with_name("kill_server.py")
ROOT = SERVER.parents[2]


@dataclass
class Victim:
    """A server whose every command runs in a process of its own; `again` days later when it was killed, leases are over."""

    process: subprocess.Popen[str]
    home: Path
    lot: Random
    day: date = TODAY
    killed: int = 0

    def run(self, do: str, *words: str, kill_after: float | None = None) -> int:
        """How the command ended; minus nine where it was killed in time."""
        assert self.process.stdin
        assert self.process.stdout
        command = {"do": do, "words": words, "environment": {"JIANNUO_TODAY": self.day.isoformat()}}
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        child = int(self.process.stdout.readline())
        if kill_after is not None:
            time.sleep(kill_after)
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        code = int(self.process.stdout.readline())
        self.killed += code == -signal.SIGKILL
        return code

    def well(self, do: str, *words: str) -> float:
        """Run undisturbed; how long it took."""
        begun = time.perf_counter()
        assert self.run(do, *words) == 0
        return time.perf_counter() - begun

    def next_day(self) -> None:
        self.day += timedelta(days=1)

    def ask(self, *questions: str) -> list[list[list[Any]]]:
        file = self.home / "answers.json"
        self.well("ask", str(file), *questions)
        found: list[list[list[Any]]] = json.loads(file.read_text("utf-8"))
        return found

    def number(self, *questions: str) -> list[int]:
        return [rows[0][0] for rows in self.ask(*questions)]


@pytest.fixture
def victim(own_database: Mapping[str, str]) -> Iterator[Victim]:
    home = Path(own_database["JIANNUO_HOME"])
    environment = {**own_database, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, str(SERVER)], env=environment, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )  # fmt: skip
    with process:
        one = Victim(process, home, Random(7))
        one.well("cli", "init")
        yield one
        assert process.stdin
        process.stdin.close()


@pytest.fixture
def files(victim: Victim) -> list[Path]:
    """Files of penalties, no row in two of them, firms in many."""
    return [file_of(victim.home / f"{n}.csv", n) for n in range(24)]


def file_of(path: Path, number: int) -> Path:
    firms = people.firms(Random(1))["food"]
    market, code = "青禾县市场监督管理局", "11419926MB8001219L"
    text = io.StringIO(newline="")
    rows = [
        {
            "CF_XDR_MC": firm.name, "CF_XDR_LB": firm.type, "CF_XDR_SHXYM": firm.code, "CF_FRDB": firm.head,
            "CF_WSH": f"青市监处罚〔2026〕{number * ROWS + n + 1}号", "CF_WFXW": "未取得许可从事食品经营",
            "CF_SY": "检查发现当事人未取得食品经营许可。", "CF_YJ": "《中华人民共和国食品安全法》第一百二十二条第一款",
            "CF_CFLB": "罚款", "CF_NR": "罚款20000元", "CF_NR_FK": "2", "CF_JDRQ": "2026/11/20", "CF_YXQ": "2029/11/20",
            "CF_CFJG": market, "CF_CFJGDM": code, "CF_SJLY": market, "CF_SJLYDM": code,
        }
        for n in range(ROWS)
        for firm in [firms[(number + n) % len(firms)]]
    ]  # fmt: skip
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    path.write_text(text.getvalue(), "utf-8")
    return path


def intake_words(file: Path) -> tuple[str, ...]:
    return "intake", "penalty_legal", str(file), "--organ", "419926-121"


def assert_none_is_left_reading() -> None:
    """A process that read for one that was killed ends by itself."""
    until = time.monotonic() + 10
    while any(map(_reads, Path("/proc").glob("[0-9]*/cmdline"))):
        assert time.monotonic() < until, "a process still reads a file nobody waits for"
        time.sleep(0.1)


def _reads(words: Path) -> bool:
    with suppress(OSError):  # It has just ended.
        return reading.PROGRAM.encode() in words.read_bytes()
    return False


def assert_as_if_once(victim: Victim, files: int) -> None:
    rows = files * ROWS
    entries, identities, newest, head, parties, accepted, open_batches, duties, duty_entries = victim.number(
        "SELECT count(*) FROM ledger_entry WHERE kind = 'penalty_legal'",
        "SELECT count(DISTINCT identity) FROM ledger_entry WHERE kind = 'penalty_legal'",
        "SELECT max(id) FROM ledger_entry",
        "SELECT entry FROM ledger_head",
        "SELECT count(DISTINCT about) - (SELECT count(*) FROM subjects_party) FROM ledger_entry WHERE kind = 'penalty_legal'",
        "SELECT sum(accepted) FROM intake_batch",
        "SELECT count(*) FROM intake_batch WHERE state <> 'done'",
        "SELECT count(*) FROM duties_duty WHERE kind = 'disclose_decision'",
        "SELECT count(DISTINCT entry_id) FROM duties_duty WHERE kind = 'disclose_decision'",
    )
    assert (entries, identities, accepted) == (rows, rows, rows)
    assert (newest, parties, open_batches) == (head, 0, 0)
    assert (duties, duty_entries) == (rows, rows)
    assert (
        sum(1 for path in (victim.home / "evidence").rglob("*") if path.is_file() and path.suffix != ".part") == files
    )


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_files_sent_in_are_there_once_however_often_the_sending_was_killed(victim: Victim, files: list[Path]) -> None:
    # Every other file is read by a process of its own, as large ones are.
    ways = {way: victim.well(way, *intake_words(file)) for way, file in zip(("cli", "apart"), files, strict=False)}
    for file, way in zip(files[2:], cycle(ways), strict=False):
        victim.run(way, *intake_words(file), kill_after=victim.lot.uniform(0, ways[way]))
    assert victim.killed >= len(files) // 4
    assert_none_is_left_reading()
    for file in files:
        victim.well("cli", *intake_words(file))
    victim.next_day()
    victim.well("cli", "work", "--once")
    assert_as_if_once(victim, len(files))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_the_worker_finishes_what_it_was_killed_over_and_tells_each_breach_once(
    victim: Victim, files: list[Path]
) -> None:
    for file in files:
        victim.well("receive", str(file))
    begun = time.perf_counter()
    victim.run("cli", "work", "--once", kill_after=0.3)
    share = time.perf_counter() - begun
    for _ in range(24):
        victim.next_day()  # leases are over, and one more day has passed for the tick
        victim.run("cli", "work", "--once", kill_after=victim.lot.uniform(0, 3 * share))
    assert victim.killed >= 6
    victim.next_day()
    victim.well("cli", "work", "--once")
    assert_as_if_once(victim, len(files))
    breaches, told, owed = victim.number(
        "SELECT count(*) FROM ledger_entry WHERE kind = 'breach'",
        "SELECT count(DISTINCT refers_id) FROM ledger_entry WHERE kind = 'breach'",
        "SELECT count(*) FROM duties_duty WHERE breach_id IS NOT NULL",
    )
    assert (breaches, told, owed) == (len(files) * ROWS,) * 3


# -- the outbox -------------------------------------------------------------------------------------------------------


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, set[bytes]]]:
    """The other site, on this machine: what it received under each key. Asked for before the database, whose processes deliver to it."""
    received: dict[str, set[bytes]] = {}

    class Site(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            received.setdefault(self.headers["Idempotency-Key"], set()).add(body)
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Site) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("JIANNUO_ENDPOINTS", f"affairs=http://127.0.0.1:{server.server_port}/")
        yield received
        server.shutdown()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_each_publication_reaches_the_site_whenever_the_sender_was_killed(
    site: dict[str, set[bytes]], victim: Victim
) -> None:
    victim.well("cli", *intake_words(file_of(victim.home / "0.csv", 0)))
    victim.well("release")
    for _ in range(20):
        victim.run("cli", "work", "--once", kill_after=victim.lot.uniform(0, 0.5))
        victim.next_day()
    assert victim.killed >= 6
    victim.well("cli", "work", "--once")
    rows, acts, waiting = victim.number(
        "SELECT count(*) FROM exchange_delivery WHERE site = 'affairs'",
        "SELECT count(DISTINCT entry_id) FROM exchange_delivery WHERE site = 'affairs'",
        "SELECT count(*) FROM exchange_delivery WHERE state <> 'delivered'",
    )
    assert (rows, acts, waiting) == (ROWS, ROWS, 0)
    assert len(site) == ROWS
    assert {len(bodies) for bodies in site.values()} == {1}


# -- messages and mail ------------------------------------------------------------------------------------------------


@pytest.fixture
def letters(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    """A mail server on this machine. Asked for before the database, whose processes post to it."""
    mailbox = Mailbox()
    controller = listening(mailbox)
    monkeypatch.setenv("JIANNUO_SMTP_URL", f"smtp://127.0.0.1:{port_of(controller)}")
    monkeypatch.setenv("JIANNUO_MAIL_FROM", SENDER)
    yield mailbox
    controller.stop()


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_everybody_is_told_once_a_day_however_often_the_worker_was_killed(letters: Mailbox, victim: Victim) -> None:
    victim.well("cli", *intake_words(file_of(victim.home / "0.csv", 0)))
    victim.well("staff", "20")
    for _ in range(12):
        victim.next_day()
        begun = time.perf_counter()
        victim.run("cli", "work", "--once", kill_after=victim.lot.uniform(0, 2))
        victim.run("cli", "tick", kill_after=victim.lot.uniform(0, 1))
        assert time.perf_counter() - begun < 60
    assert victim.killed >= 6
    for _ in range(3):  # leases of letters are over, and no day is off for ever
        victim.next_day()
        victim.well("cli", "work", "--once")
    messages, once, mails, waiting = victim.number(
        "SELECT count(*) FROM exchange_message",
        'SELECT count(*) FROM (SELECT DISTINCT account_id, "on" FROM exchange_message) AS days',
        "SELECT count(*) FROM exchange_mail",
        "SELECT count(*) FROM exchange_mail WHERE state <> 'delivered'",
    )
    assert messages == once == mails >= 20
    assert waiting == 0
    came = [
        re.sub(rb"\s+", b" ", raw.partition(b"Message-ID:")[2].partition(b">")[0]).strip() for _, raw in letters.came
    ]
    assert len(set(came)) == mails
    assert len(came) <= mails + victim.killed
