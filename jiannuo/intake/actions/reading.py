"""A large file is read by a process of its own, a part ahead of what is done with the parts before it."""

import marshal
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any, cast

from jiannuo.intake.rules import reading
from jiannuo.intake.rules.checking import OnDemand, Part
from jiannuo.intake.rules.reading import Opened
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.policy.kinds import Kind

LARGE = 8 * 2**20
"""Bytes from which on the process is worth starting: a few thousand rows take no longer than that."""
PROGRAM = "jiannuo.intake.rules.apart"
PIPE_BYTES = 2**20


@contextmanager
def parts(evidence: str, filename: str, kind: Kind) -> Iterator[tuple[Opened, Iterator[Part]]]:
    """What `reading.read` makes of a file that is kept. Raises Refused, here or between parts, where it is no such table."""
    large = entries.evidence_path(evidence).stat().st_size >= LARGE and (os.cpu_count() or 1) > 1
    if (process := _started() if large else None) is None:
        yield reading.read(entries.evidence_bytes(evidence), filename, kind)
        return
    with process as apart:
        given, told = cast("IO[bytes]", apart.stdin), cast("IO[bytes]", apart.stdout)
        try:
            # It says nothing before it has the whole file; whether it has died is noticed when it should speak.
            with suppress(BrokenPipeError), given:
                pickle.dump((kind, filename), given)
                given.write(entries.evidence_bytes(evidence))
            yield _next(told), _parts(told)
        finally:
            apart.kill()


def _started() -> subprocess.Popen[bytes] | None:
    command = [sys.executable, "-P", "-m", PROGRAM]
    try:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, pipesize=PIPE_BYTES)  # noqa: S603
    except OSError:  # No memory for another process: it takes longer without.
        return None


def _parts(told: IO[bytes]) -> Iterator[Part]:
    while said := _next(told):
        first, end, numbers, packed, bodies, complaints = said
        yield Part(first, end, numbers, _unpacked(packed), bodies, complaints)


def _unpacked(packed: dict[str, bytes]) -> OnDemand:
    return OnDemand(packed, lambda name: marshal.loads(packed[name]))  # noqa: S302 - by a process started here


def _next(told: IO[bytes]) -> Any:
    try:
        said = pickle.load(told)  # noqa: S301 - by a process started here
    except (EOFError, pickle.UnpicklingError) as ended:
        raise RuntimeError(f"{PROGRAM} ended before the file did") from ended
    if isinstance(said, Refused):
        raise said
    return said
