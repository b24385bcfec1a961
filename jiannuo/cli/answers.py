"""What a command answers, to a person and to a program, and how far long work has come."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Event, Thread
from typing import Any

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

DONE, REFUSED, USAGE = 0, 1, 2
BEAT = 0.5


class Answer(Struct, frozen=True):
    """One JSON document for programs, the same as lines for people, and the exit code."""

    data: Mapping[str, Any]
    lines: Sequence[str] = ()
    code: int = DONE

    def show(self, *, as_json: bool) -> None:
        """Print it on the standard output."""
        if as_json:
            print(json.dumps(self.data, ensure_ascii=False, default=str))
            return
        for line in self.lines:
            print(line)


def refusal(no: Refused) -> Answer:
    """The refusal in the words of every face: what is wrong, on what basis, what to do."""
    lines = [f"哪里不对：{no.message}"]
    lines += [f"依据：{no.clause}"] if no.clause else []
    lines.append(f"怎么办：{no.fix}")
    return Answer({"refused": no.as_dict()}, lines, REFUSED)


def say(text: str) -> None:
    """Tell a person how far the work is; programs read the standard output and are not disturbed."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def progress(how_far: Callable[[], str]) -> Iterator[None]:
    """While the block runs, say again and again on a terminal how far it is; elsewhere nothing."""
    if not sys.stderr.isatty():
        yield
        return
    ended = Event()

    def follow() -> None:
        while not ended.wait(BEAT):
            print(f"\r{how_far()}\033[K", end="", file=sys.stderr, flush=True)

    thread = Thread(target=follow, daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()
        print("\r\033[K", end="", file=sys.stderr, flush=True)
