"""The consolidated report of 120 organs from the records: gathered, drawn up and rendered, in a process of its own.

`python -m benchmarks.reports FORM DUTIES` in an empty installation: seconds as JSON.
"""

import json
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path
from time import perf_counter

from tests.faces import july  # isort: skip  (it sets Django up)

from django.core.management import call_command
from django.db import connection, transaction

from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.reports import ReportCard, reports
from jiannuo.cli import main as command
from jiannuo.duties import tick
from jiannuo.kernel import bulk
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import Draft
from tests.packages.reporting import WORDS

ORGANS = 120
ASKED = date(2026, 7, 1)
KINDS = ("disclose_decision", "handle_service", "keep_commitment", "answer_suggestion")
COLUMNS = ("kind", "debtor_id", "entry_id", "started_on", "due_on", "provisional", "rule", "opened_at", "kept_on")


def installation(count: int) -> None:
    """120 organs that owe the report, a year's half of duties spread over them, and nine reports of ten."""
    begun = july.moment(date(2026, 1, 20))
    call_command("migrate", verbosity=0, interactive=False)
    subjects_actions.load_organs(policy.current(), at=begun)
    tick.run(as_of=begun.date(), now=begun)
    for number in range(ORGANS - 40):
        subjects_actions.add_organ(
            Draft(
                code=f"419926-9{number:02d}", name=f"青禾县第{number}部门", short=f"县{number}部门", type="department",
                parent="419926-001", uscc="", since=date(2012, 1, 1),
            ),
            reason="测速", at=begun, by="bench",
        )  # fmt: skip
    tick.run(as_of=ASKED, now=july.moment(ASKED))
    cards = reports(july.H1, as_of=ASKED)
    assert len(cards) == ORGANS, len(cards)
    fill(cards, count)
    directory = subjects.directory(july.TODAY)
    for number, card in enumerate(cards):
        if number % 10:
            wrong = {"overview": f"{WORDS['overview']}双公示公示率100%。"} if number % 3 else {}
            day = date(2026, 7, 9 if number % 7 else 13)
            july.send(directory.card(card.organ_id), day, note="口径不同，详见附表", **wrong)


def fill(cards: list[ReportCard], count: int) -> None:
    """Duties in bulk, as the engine writes them, each with a fact of its own."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM ledger_entry ORDER BY id DESC LIMIT 1")
        names = [column[0] for column in cursor.description]
        one = dict(zip(names, cursor.fetchone(), strict=True))
        head = one["id"]
        facts = (
            tuple((one | {"id": head + at, "identity": at.to_bytes(16, "big"), "number": "", "kind": "bench"}).values())
            for at in range(1, count + 1)
        )
        bulk.insert(cursor, "ledger_entry", names, facts)
        cursor.execute("UPDATE ledger_head SET entry = %s", [head + count])
        bulk.insert(cursor, "duties_duty", COLUMNS, (duty(cards, head, at) for at in range(1, count + 1)))


def duty(cards: list[ReportCard], head: int, at: int) -> tuple[object, ...]:
    """One duty: one in 97 is never kept, one in 41 is kept late."""
    due = date(2026, 1, 6) + timedelta(days=at % 170)
    kept = None if at % 97 == 0 else due + timedelta(days=3 if at % 41 == 0 else -1)
    return (
        KINDS[at % len(KINDS)], cards[at % len(cards)].organ_id, head + at, (due - timedelta(days=5)).isoformat(),
        due.isoformat(), False, "bench", connection.ops.adapt_datetimefield_value(july.moment(ASKED)),
        kept.isoformat() if kept else None,
    )  # fmt: skip


def main() -> None:
    """Build it, then let the command draw the report up."""
    form, count = sys.argv[1], int(sys.argv[2])
    installation(count)
    begun = perf_counter()
    consolidated.county(july.H1, as_of=july.TODAY)
    gathered = perf_counter() - begun
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / f"report.{form}"
        begun = perf_counter()
        code = command.main(["report", "2026-H1", "--out", str(out), "--as-of", "2026-07-14", "--json"])
        seconds, size = perf_counter() - begun, out.stat().st_size
    print(json.dumps({"seconds": seconds, "gathered": gathered, "bytes": size, "code": code}))


if __name__ == "__main__":
    main()
