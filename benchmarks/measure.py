"""How contenders are measured: each in a process of its own, in turn, several times, and the median counts."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "packs" / "sample"
Figures = dict[str, float]


def peak_mb() -> float:
    """The most memory this process ever held. The kernel's own mark: what getrusage says includes the parent's."""
    status = Path("/proc/self/status").read_text("ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


@contextmanager
def timed(figures: Figures, name: str) -> Iterator[None]:
    """Wall and processor seconds of a block."""
    wall, processor = perf_counter(), process_time()
    yield
    figures[name] = perf_counter() - wall
    figures[f"{name}_cpu"] = process_time() - processor


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
