"""Intake of 100,000 penalty decisions beside 300,000 present: ours whole, its limit, and the peers, in one run.

The limit is reading the file and inserting into the same table the very rows that ours stored. The steps run in processes of
their own: `python -m benchmarks.intake STEP …` is one of them.
"""

import csv
import io
import marshal
import os
import sys
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import rows
from benchmarks.measure import Figures, family_cpu, family_peak_mb, peak_mb, timed

BIG = 100_000
CHUNK = 5000


def setup() -> None:
    """Django on the database of the environment."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
    import django

    django.setup()


# -- the database all contenders begin with ---------------------------------------------------------------------------


def present(count: int) -> Figures:
    """An installation of the made-up county with so many decisions in the ledger, their duties open."""
    setup()
    from django.core.management import call_command
    from django.db import connection

    from jiannuo.kernel import clock
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects

    call_command("migrate", verbosity=0)
    subjects.load_organs(policy.current(), at=clock.now())
    for first in range(1, count + 1, BIG):
        data = rows.csv_bytes(rows.rows(min(BIG, count - first + 1), first=first, bad=False))
        work(receive(data, "present.csv"))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return {}


def receive(data: bytes, filename: str) -> int:
    """The batch of a file sent by the organ whose decisions these are."""
    from jiannuo.intake import actions
    from jiannuo.kernel import clock
    from jiannuo.subjects import queries as subjects

    organ = subjects.directory(rows.ON).find(rows.ORGAN)
    assert organ is not None
    return actions.receive(
        kind=rows.KIND,
        organ_id=organ.id,
        author="bench",
        data=data,
        filename=filename,
        at=clock.now(),
        as_of=rows.ON,
    )


def work(batch_id: int) -> Figures:
    """Check and store a batch, then carry the ledger over into duties."""
    from jiannuo.duties import actions as duties
    from jiannuo.intake import actions
    from jiannuo.kernel import clock

    figures: Figures = {}
    with timed(figures, "intake", server=server_cpu):
        card = actions.process(batch_id, clock=clock.now)
    with timed(figures, "duties", server=server_cpu):
        while duties.follow(opened_at=clock.now()):
            pass
    assert card.state == "done", card.refusal
    return {
        **figures,
        "accepted": card.accepted,
        "rejected": card.rejected,
        **together(figures, "intake", "duties"),
    }


def together(figures: Figures, one: str, other: str) -> Figures:
    """Two blocks as the whole."""
    return {f"whole{unit}": figures[f"{one}{unit}"] + figures[f"{other}{unit}"] for unit in ("", "_cpu")}


def server_cpu() -> float:
    """Processor seconds of the database's server so far; SQLite runs within."""
    from django.db import connection

    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return family_cpu(cursor.fetchone()[0])


# -- ours and the limit -----------------------------------------------------------------------------------------------


def upload(path: str) -> Figures:
    """Receiving the file, before anything is checked."""
    setup()
    figures: Figures = {}
    data = Path(path).read_bytes()
    with timed(figures, "upload"):
        batch_id = receive(data, Path(path).name)
    return {**figures, "batch": batch_id, "peak_mb": peak_mb()}


def ours(batch: str) -> Figures:
    """The whole job on a batch received."""
    setup()
    held: Figures = {}
    with family_peak_mb(held):
        done = work(int(batch))
    return {**done, **held}


def stored(path: str) -> Figures:
    """Keep the rows that ours stored last, as the database takes them, for the limit to insert."""
    setup()
    from django.db import connection

    from jiannuo.intake.models import Batch
    from jiannuo.ledger import actions as ledger

    names = ", ".join(f'"{name}"' for name in ledger.COLUMNS)
    with connection.cursor() as cursor, Path(path).open("wb") as file:
        batch = Batch.objects.latest("pk").pk
        cursor.execute(f"SELECT {names} FROM ledger_entry WHERE batch = %s ORDER BY id", [batch])
        found = cursor.fetchall()
        plain = [tuple(map(as_plain, row)) for row in found]
        marshal.dump(plain, file)
    return {"rows": len(found)}


def as_plain(value: Any) -> Any:
    """A value as ours hands it to the database."""
    if isinstance(value, memoryview):
        return bytes(value)
    return value if isinstance(value, str | int | bytes | None) else str(value)


def limit(path: str, prepared: str) -> Figures:
    """Read the file and insert the rows, with nothing between."""
    setup()
    from django.db import connection, transaction

    from jiannuo.kernel import bulk
    from jiannuo.ledger import actions as ledger

    data = Path(path).read_bytes()
    figures: Figures = {}
    with timed(figures, "read"):
        count = sum(len(chunk) for chunk in read(data, path))
    with Path(prepared).open("rb") as file:
        found = marshal.load(file)  # noqa: S302 - written by the step before
    with timed(figures, "insert", server=server_cpu), transaction.atomic(), connection.cursor() as cursor:
        bulk.insert(cursor, "ledger_entry", ledger.COLUMNS, found)
    return {**figures, "count": count, **together(figures, "read", "insert")}


def read(data: bytes, path: str) -> Iterator[list[list[Any]]]:
    """The rows of a file, five thousand at a time, by the library ours reads with."""
    found: Iterator[list[Any]]
    if path.endswith(".csv"):
        found = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline=""))
    else:
        from python_calamine import CalamineWorkbook

        found = iter(CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).iter_rows())
    while chunk := list(islice(found, CHUNK)):
        yield chunk


# -- checking alone ---------------------------------------------------------------------------------------------------


def checking(path: str) -> Figures:
    """Read and check, nothing stored."""
    setup()
    from jiannuo.intake.rules import checking as rules
    from jiannuo.intake.rules import reading
    from jiannuo.intake.rules.tasks import Surroundings
    from jiannuo.policy import pack as policy

    kind = policy.current().kinds[rows.KIND]
    data = Path(path).read_bytes()
    figures: Figures = {}
    with timed(figures, "checking"):
        around = Surroundings(today=rows.ON, organ=known_organ, register=lambda _codes: {})
        wrong: set[int] = set()
        for part in reading.read(data, path, kind)[1]:
            wrong |= {one.row for one in rules.crossed(kind, part, around) if one.level == "error"}
    return {**figures, "wrong": len(wrong), "peak_mb": peak_mb()}


def known_organ(_code: str, name: str, _own: bool) -> str:
    return "" if name == rows.ORGAN else "unknown"


STEPS: dict[str, Callable[..., Figures]] = {
    "present": lambda count: present(int(count)),
    "upload": upload,
    "ours": ours,
    "stored": stored,
    "limit": limit,
    "checking": checking,
}

if __name__ == "__main__":
    import json

    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
