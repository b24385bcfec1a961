"""A large file's cells are read and judged in a process ahead, while this one judges rows, looks them up and digests them."""

import contextlib
import marshal
import os
import struct
import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO

from jiannuo.intake.rules.checking import Checked
from jiannuo.intake.rules.columns import Complaint
from jiannuo.kernel.refusals import Refused

Chunk = tuple[int, list[list[object]]]
Judge = Callable[[int, list[list[object]]], Checked]
FROM = 4 * 2**20
"""Bytes of a file from which a second process is worth its start."""
HEAD = struct.Struct(">cQ")
"""What stands before each piece: which it is, and how long."""
JUDGED, REFUSED, END = b"J", b"R", b"E"


def judged(chunks: Iterable[Chunk], judge: Judge, *, size: int) -> Iterator[Checked]:
    """The chunks with each cell judged, in their order; ahead of whoever asks, where the file is large and a processor free."""
    if size < FROM or not hasattr(os, "fork") or len(os.sched_getaffinity(0)) < 2:
        return (judge(first, cells) for first, cells in chunks)
    return _ahead(chunks, judge)


def _ahead(chunks: Iterable[Chunk], judge: Judge) -> Iterator[Checked]:
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _run(chunks, judge, reading, writing)
    os.close(writing)
    try:
        with os.fdopen(reading, "rb") as pipe:
            yield from _told(pipe)
    finally:
        # Whoever stops reading early closes the pipe, and the writer ends with it.
        os.waitpid(child, 0)


def _told(pipe: BinaryIO) -> Iterator[Checked]:
    while head := pipe.read(HEAD.size):
        what, length = HEAD.unpack(head)
        if what == END:
            return
        told = marshal.loads(pipe.read(length))  # noqa: S302 - written by our own child
        if what == REFUSED:
            message, more = told
            raise Refused(message, **more)
        span, numbers, columns, complaints = told
        yield Checked(span, numbers, columns, [Complaint(*one) for one in complaints])
    raise OSError("读文件的进程中途停了")


def _run(chunks: Iterable[Chunk], judge: Judge, reading: int, writing: int) -> None:
    """What the child does; it touches no database and never returns."""
    code = 0
    try:
        os.close(reading)
        with contextlib.suppress(BrokenPipeError), os.fdopen(writing, "wb") as pipe:
            try:
                for first, cells in chunks:
                    done = judge(first, cells)
                    _tell(
                        pipe, JUDGED, (done.span, done.numbers, done.columns, [tuple(one) for one in done.complaints])
                    )
                _tell(pipe, END, None)
            except Refused as no:
                more = no.as_dict()
                _tell(pipe, REFUSED, (more.pop("message"), more))
    except BaseException:  # noqa: BLE001 - the parent is told by the pipe that ends early, the log by this
        traceback.print_exc(file=sys.stderr)
        code = 1
    os._exit(code)


def _tell(pipe: BinaryIO, what: bytes, told: Any) -> None:
    data = marshal.dumps(told, 2)
    pipe.write(HEAD.pack(what, len(data)) + data)
    pipe.flush()
