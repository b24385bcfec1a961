"""How contenders are measured: each in a process of its own, in turn, several times, and the median counts."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from time import perf_counter
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "packs" / "sample"
Figures = dict[str, float]


def peak_mb() -> float:
    """The most memory this process ever held. The kernel's own mark: what getrusage says includes the parent's."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def nothing() -> float:
    """What a database within the process uses besides."""
    return 0.0


@contextmanager
def family_peak_mb(figures: Figures) -> Iterator[None]:
    """The most memory that this process and those it started held at one time, looked at forty times a second."""
    over, seen = Event(), [peak_mb()]

    def look() -> None:
        while not over.wait(0.025):
            seen.append(sum(map(_resident_mb, _family(os.getpid()))))

    looking = Thread(target=look)
    looking.start()
    try:
        yield
    finally:
        over.set()
        looking.join()
        figures["peak_mb"] = max(*seen, peak_mb())


def _family(parent: int) -> list[int]:
    found = (int(one.name) for one in Path("/proc").iterdir() if one.name.isdigit())
    return [parent, *(pid for pid in found if _stat(pid)[1] == parent)]


def _resident_mb(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    except OSError:
        return 0.0


@contextmanager
def timed(figures: Figures, name: str, *, server: Callable[[], float] = nothing) -> Iterator[None]:
    """Wall and processor seconds of a block, those of the database's server and of processes it started and awaited included."""
    wall, processor = perf_counter(), sum(os.times()[:4]) + server()
    yield
    figures[name] = perf_counter() - wall
    figures[f"{name}_cpu"] = sum(os.times()[:4]) + server() - processor


def family_cpu(pid: int) -> float:
    """Processor seconds that a process and all children of its parent have used: a server with its workers and writers."""
    parent = _stat(pid)[1]
    found = (_stat(int(one.name)) for one in Path("/proc").iterdir() if one.name.isdigit())
    return sum(ticks for ticks, above in found if above == parent) / os.sysconf("SC_CLK_TCK")


def _stat(pid: int) -> tuple[int, int]:
    """The ticks a process has used and its parent; nothing where it has just ended."""
    try:
        # The name in brackets may hold blanks.
        told = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    except OSError:
        return 0, 0
    return int(told[11]) + int(told[12]), int(told[1])


def fresh(
    arguments: Sequence[str], *, environment: Mapping[str, str] | None = None, python: str = sys.executable
) -> Any:
    """What a new process says: the JSON it prints last."""
    done = subprocess.run(
        [python, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"benchmark step failed: {' '.join(arguments)}")
    return json.loads(done.stdout.splitlines()[-1])


def medians(runs: Sequence[Figures]) -> Figures:
    """The middle value of each figure over the rounds."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def middle(ours: Sequence[Figures], others: Sequence[Figures], name: str) -> tuple[float, float, float]:
    """The middle of ours by the other over the rounds, each beside its own neighbour, then the middle of either alone."""
    pairs = [(one[name], other[name]) for one, other in zip(ours, others, strict=True)]
    alone = (statistics.median(seconds) for seconds in zip(*pairs, strict=True))
    return statistics.median(one / other for one, other in pairs), *alone
