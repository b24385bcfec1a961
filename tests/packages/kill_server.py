"""Does what it is told, each thing in a process of its own that the test may kill at any moment.

Reads one JSON command a line from the standard input; answers with the number of the process, then with how it ended.
"""

import json
import os
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.db import connection  # noqa: E402 - models need Django started

from jiannuo.access.rules import Actor  # noqa: E402
from jiannuo.cli import working  # noqa: E402, F401 - loaded here once, so that the processes start at work
from jiannuo.cli.main import main  # noqa: E402
from jiannuo.disclosure import actions as disclosure  # noqa: E402
from jiannuo.duties import actions as duties  # noqa: E402
from jiannuo.intake import actions as intake  # noqa: E402
from jiannuo.intake.actions import reading  # noqa: E402
from jiannuo.kernel import clock  # noqa: E402
from jiannuo.ledger import queries as ledger  # noqa: E402
from jiannuo.policy import pack as policy  # noqa: E402
from jiannuo.subjects import queries as subjects  # noqa: E402
from tests.packages.mailbox import account, with_address  # noqa: E402

ORGAN = "419926-121"
MOST = 100_000


def organ() -> int:
    card = subjects.directory(clock.today()).find(ORGAN)
    assert card is not None
    return card.id


def cli(*words: str) -> None:
    code = main(words)
    sys.stdout.flush()
    os._exit(code)


def apart(*words: str) -> None:
    """The same with files, however small, read by a process of their own."""
    reading.LARGE = 0
    cli(*words)


def receive(file: str) -> None:
    intake.receive(
        kind="penalty_legal", organ_id=organ(), author="clerk", data=Path(file).read_bytes(), filename="a.csv",
        at=clock.now(), as_of=clock.today(),
    )  # fmt: skip


def release() -> None:
    """Everything that has come is made public by a reviewer."""
    duties.follow(opened_at=clock.now(), limit=MOST)
    filters = frozenset(one.id for one in policy.current().filters if one.outcome == "ask")
    done = disclosure.release(
        entry_ids=[one.id for one in ledger.since(0, kinds=("penalty_legal",), limit=MOST)],
        actor=Actor(None, "reviewer", "", organ(), "", frozenset({"reviewer"}), frozenset({organ()})),
        on=clock.today(), at=clock.now(), confirmed=filters, basis="属于本机关公布的应当公开的处罚种类", reason="已核对",
    )  # fmt: skip
    assert not done.refused, done.refused


def staff(several: str) -> None:
    """So many clerks who want mail."""
    card = subjects.directory(clock.today()).card(organ())
    for n in range(int(several)):
        actor = account(card, "clerk", username=f"clerk.{n}", at=clock.now())
        with_address(actor, f"c{n}@x.example.cn", at=clock.now(), hour=6)


def ask(file: str, *questions: str) -> None:
    """Answers to questions to the database, all rows of each."""
    found = []
    with connection.cursor() as cursor:
        for question in questions:
            cursor.execute(question)
            found.append([list(row) for row in cursor.fetchall()])
    Path(file).write_text(json.dumps(found), "utf-8")


DOES: dict[str, Callable[..., None]] = {
    "cli": cli,
    "apart": apart,
    "receive": receive,
    "release": release,
    "ask": ask,
    "staff": staff,
}


def serve() -> None:
    for line in sys.stdin:
        command: dict[str, Any] = json.loads(line)
        child = os.fork()
        if not child:
            os.environ |= command["environment"]
            os.dup2(2, 1)  # what commands print is not for the test's ears
            try:
                DOES[command["do"]](*command["words"])
            except BaseException:  # noqa: BLE001 - whatever it is, the parent must be told
                traceback.print_exc()
                os._exit(3)
            os._exit(0)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    serve()
