"""A program that reads a file and judges its cells for the process that started it, and needs no database for it."""

import gc
import marshal
import pickle
import signal
import sys

from jiannuo.intake.rules.reading import read
from jiannuo.kernel.refusals import Refused


def main() -> None:
    """On standard input the kind and the file's name, pickled, then the file; on standard output what it is, its parts, and None."""
    # Who reads decides when it ends: a signal meant for all of a service's processes must not end half a file.
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    gc.disable()
    telling = pickle.Pickler(sys.stdout.buffer, pickle.HIGHEST_PROTOCOL)
    telling.fast = True  # Values are not looked up among those written before: few are the same.
    kind, filename = pickle.load(sys.stdin.buffer)  # noqa: S301 - by the process that started this one
    try:
        opened, parts = read(sys.stdin.buffer.read(), filename, kind)
        telling.dump(opened)
        for part in parts:
            # Each column by itself, for the other side to unpack those it asks for.
            packed = {name: marshal.dumps(column, 2) for name, column in part.columns.items()}
            telling.dump((*part[:3], packed, *part[4:]))
            sys.stdout.buffer.flush()
        telling.dump(None)
    except Refused as no:
        telling.dump(no)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
