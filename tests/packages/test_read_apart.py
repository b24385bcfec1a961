"""A large file is read by a process of its own: it tells what reading it here would, and whoever ends first is noticed by the other."""

import gc
import io
import os
import pickle
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jiannuo.intake import queries
from jiannuo.intake.actions import reading
from jiannuo.intake.models import Batch
from jiannuo.intake.rules import apart
from jiannuo.intake.rules import reading as rules
from jiannuo.intake.rules.checking import Part
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from tests.packages.test_wrong_sheets import AT_THE_DOOR, SHEETS

Send = Callable[..., queries.BatchCard]
Told = list[object]
KIND = "penalty_legal"
READ = sorted(path.name for path in SHEETS.iterdir() if path.name not in AT_THE_DOOR)


def plain(what: object) -> object:
    """In values that compare: columns that are made on demand are made."""
    if isinstance(what, Part):
        return [*what[:3], dict(what.columns), *what[4:]]
    return what.as_dict() if isinstance(what, Refused) else what


def here(data: bytes, name: str) -> Told:
    """What reading a file in this process comes to: what it is, its parts, and a refusal if there was one."""
    told: Told = []
    try:
        opened, parts = rules.read(data, name, policy.current().kinds[KIND])
        told.append(opened)
        told.extend(map(plain, parts))
    except Refused as no:
        told.append(plain(no))
    return told


def said_by_the_program(data: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> Told:
    """What the program says of it, in this process, as the other side understands it."""
    given = io.BytesIO(pickle.dumps((policy.current().kinds[KIND], name)) + data)
    out = io.BytesIO()
    with monkeypatch.context() as patch:
        patch.setattr(apart, "signal", SimpleNamespace(**vars(signal) | {"signal": lambda *_: None}))
        patch.setattr(gc, "disable", lambda: None)
        patch.setattr(sys, "stdin", SimpleNamespace(buffer=given))
        patch.setattr(sys, "stdout", SimpleNamespace(buffer=out))
        apart.main()
    out.seek(0)
    told: Told = []
    try:
        told.append(reading._next(out))
        told.extend(map(plain, reading._parts(out)))
    except Refused as no:
        told.append(plain(no))
    return told


@pytest.mark.parametrize("name", READ)
def test_it_tells_what_reading_here_would(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    data = (SHEETS / name).read_bytes()
    assert said_by_the_program(data, name, monkeypatch) == here(data, name)


@pytest.fixture
def any_size(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every file is large enough, and two processors are there."""
    monkeypatch.setattr(reading, "LARGE", 0)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    yield
    assert running() == []


def running() -> list[int]:
    """The processes of this one that read a file."""
    mine = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            words = (folder / "cmdline").read_bytes().split(b"\0")
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # It has just ended.
        if parent == os.getpid() and reading.PROGRAM.encode() in words:
            mine.append(int(folder.name))
    return mine


@pytest.mark.usefixtures("any_size")
def test_a_file_read_apart_is_stored_like_any_other(send: Send) -> None:
    name = next(name for name in READ if name.startswith("right_"))
    batch = send((SHEETS / name).read_bytes(), filename=name)
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("done", 3, 3, 0)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(
    "owner, name, value", [(reading, "LARGE", 2**20), (os, "cpu_count", lambda: 1)], ids=["small", "one"]
)
def test_a_small_file_and_a_machine_of_one_processor_need_no_second_process(
    send: Send, monkeypatch: pytest.MonkeyPatch, owner: object, name: str, value: object
) -> None:
    monkeypatch.setattr(owner, name, value)
    monkeypatch.setattr(reading, "_started", lambda: pytest.fail("a second process was started"))
    assert send((SHEETS / "right_plain_utf8.csv").read_bytes(), filename="a.csv").accepted == 3


@pytest.mark.usefixtures("any_size")
def test_where_no_process_can_be_started_it_is_read_here(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    batch = send((SHEETS / "right_plain_utf8.csv").read_bytes(), filename="large.csv")
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("done", 3, 3, 0)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(
    "name, words", [("merged_cells.xlsx", "数据区有合并单元格"), ("no_rows.csv", "表头下面没有数据")]
)
def test_what_it_refuses_is_refused_in_the_same_words(send: Send, name: str, words: str) -> None:
    batch = send((SHEETS / name).read_bytes(), filename=name)
    assert (batch.state, batch.accepted) == ("refused", 0)
    assert batch.refusal["message"].startswith(words)


@pytest.mark.usefixtures("any_size")
def test_where_it_is_killed_nothing_is_stored_and_the_batch_stays_to_be_done_again(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PIPE_BYTES", 4096)  # It waits in the middle until somebody listens.
    head, *rows = (SHEETS / "right_plain_utf8.csv").read_text("utf-8").splitlines()
    parts = reading._parts

    def killed(told: Any) -> Iterator[Any]:
        (process,) = running()
        os.kill(process, signal.SIGKILL)
        yield from parts(told)

    with monkeypatch.context() as patch:
        patch.setattr(reading, "_parts", killed)
        with pytest.raises(RuntimeError, match="ended before the file did"):
            send("\n".join([head, *rows * 100]).encode(), filename="large.csv")
    assert_still_to_be_done()


@pytest.mark.usefixtures("any_size")
def test_where_it_cannot_even_begin_the_batch_stays_to_be_done_again(
    send: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PROGRAM", "json.no_such_program")
    with pytest.raises(RuntimeError, match="ended before the file did"):
        send(b"a,b\n" * 10**6, filename="large.csv")
    assert_still_to_be_done()


def assert_still_to_be_done() -> None:
    batch = Batch.objects.get()
    assert (batch.state, batch.accepted) == ("running", 0)
