"""Cases: a step beside two hundred thousand others, ten thousand subjects asked about at once, complaints taken in side by side.

`python -m benchmarks.cases STEP …` is one step in a process of its own.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from random import Random
from statistics import median
from time import perf_counter, process_time, time
from typing import Any

from benchmarks.intake import setup
from benchmarks.measure import Figures, timed
from benchmarks.ticking import COLUMNS

ON = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 2, tzinfo=UTC)
CHUNK = 20_000
TRIED = 60
MARKET = "青禾县市场监督管理局"
PNG = b"\x89PNG\r\n\x1a\n"
CASES = (
    "flow", "number", "state", "entered_on", "handler_id", "official", "opener_official", "is_part", "told", "steps",
    "opened_on", "opening_id", "closed_on",
)  # fmt: skip
DUTIES = (
    "kind", "started_on", "due_on", "provisional", "rule", "opened_at", "breaches", "office", "official", "amendments", "pauses",
    "agreed", "disputed", "debtor_id", "entry_id",
)  # fmt: skip
COMPLAINT: Mapping[str, str] = {
    "category": "承诺没有兑现", "against": MARKET, "content": "公告说十月底前修好的路，现在还没有动工，请查一查",
    "disclosure": "保密", "name": "柳溪村村民甲", "contact": "13900000000",
}  # fmt: skip
FOUND: Mapping[str, str] = {
    "title": "约定的工程款逾期一年没有支付", "source": "司法判决", "organ": MARKET, "instrument": "（2026）青9926行终8号",
    "authority": "青禾县人民法院", "instrument_on": "2026-02-02", "instrument_served_on": "2026-02-05", "final_on": "2026-02-20",
    "upheld": "否", "facts": "法院判决支付工程款并赔偿利息，判决生效以后仍然没有履行",
}  # fmt: skip
DECISION = {"level": "一般", "basis": "国发〔2016〕76号 三（四）", "decided_on": ON.isoformat()}
SERVED = {"served_on": ON.isoformat(), "served_how": "直接送达"}


def _entries(first: int, last: int, organs: list[int]) -> Iterator[tuple[Any, ...]]:
    """The opening of each case and the entry of its opening step; their digests are not what is measured here."""
    for number in range(first, last + 1):
        day = (ON - timedelta(days=number % 700)).isoformat()
        seen, organ, title = "2026-01-01 00:00:00+00:00", organs[number % len(organs)], f"旧〔2025〕{number}号"
        body = json.dumps({"category": "其他"})
        for at, kind, told in (
            (2 * number - 1, "complaint", body),
            (2 * number, "step", '{"step":"open","to":"received"}'),
        ):
            yield (
                at, kind, organ, "", day, seen, title, told, "restricted", "bench", "", "bench", at.to_bytes(16), 1, b"", b"", b"",
            )  # fmt: skip


def _cases(first: int, last: int, organs: list[int]) -> Iterator[tuple[Any, ...]]:
    """One in five is still open, as in a county that has been at it for years."""
    for number in range(first, last + 1):
        opened = ON - timedelta(days=number % 700)
        state, closed = ("received", None) if number % 5 == 0 else ("solved", (opened + timedelta(days=30)).isoformat())
        yield (
            "complaint", f"旧〔2025〕{number}号", state, opened.isoformat(), organs[number % len(organs)], "", "", False, False, 1,
            opened.isoformat(), 2 * number - 1, closed,
        )  # fmt: skip


def _duties(first: int, last: int, organs: list[int]) -> Iterator[tuple[Any, ...]]:
    for number in range(first, last + 1):
        opened = ON - timedelta(days=number % 700)
        yield (
            "route_complaint", opened.isoformat(), (opened + timedelta(days=15)).isoformat(), False, "bench",
            "2026-01-01 00:00:00+00:00", 0, "", "", 0, "", 0, 0, organs[number % len(organs)], 2 * number - 1,
        )  # fmt: skip


def present(count: int) -> Figures:
    """An installation with so many cases, each with its opening, its first step and its clock."""
    setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    from jiannuo.cli.demo import accounts
    from jiannuo.duties.models import Bookmark
    from jiannuo.kernel import bulk
    from jiannuo.ledger.models import Head
    from jiannuo.policy import pack as policy
    from jiannuo.subjects import actions as subjects
    from jiannuo.subjects import queries

    call_command("migrate", verbosity=0)
    subjects.load_organs(policy.current(), at=NOW)
    directory = queries.directory(ON)
    organs = [card.id for card in directory.organs]
    for first in range(1, count + 1, CHUNK):
        last = min(first + CHUNK - 1, count)
        with transaction.atomic(), connection.cursor() as cursor:
            bulk.insert(cursor, "ledger_entry", COLUMNS, _entries(first, last, organs))
            bulk.insert(cursor, "cases_case", CASES, _cases(first, last, organs))
            bulk.insert(cursor, "duties_duty", DUTIES, _duties(first, last, organs))
    Head.objects.filter(pk=1).update(entry=2 * count)
    Bookmark.objects.update_or_create(pk=1, defaults={"entry": 2 * count})
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    accounts.create(directory, NOW, Random(1), {card.code for card in directory.organs})
    return {}


def step() -> Figures:
    """Milliseconds until a step is done: a complaint routed, with its entry and clocks; a record served, with its measures besides."""
    setup()
    from jiannuo.access import queries as accounts
    from jiannuo.cases import actions
    from jiannuo.cases.actions import Given
    from jiannuo.cases.rules import Taker
    from jiannuo.duties.actions import Upload
    from jiannuo.measures import tick as laying

    people = {one.username: Taker(one) for one in accounts.actors(ON)}
    lead, second, clerk, subject = (people[name] for name in ("lead", "reviewer101", "clerk101", "reviewer121"))
    papers = [Upload("文书.png", PNG)]

    def taken(case: int, name: str, taker: Taker, **given: Any) -> float:
        begun = perf_counter()
        actions.take(
            case, step=name, given=Given("核对过材料，情况属实，按规定办理", **given), taker=taker, on=ON, at=NOW
        )
        return perf_counter() - begun

    routed, served = [], []
    for number in range(TRIED):
        token = f"step-{number}"
        case = actions.open_case(
            "complaint", fields=COMPLAINT, taker=Taker(holds_receipt=True), on=ON, at=NOW, token=token
        )
        routed.append(taken(case.case_id, "route", lead, organs=["青禾县人民政府办公室"]))
    for number in range(TRIED // 3):
        fields = {**FOUND, "instrument": f"（2026）青9926行终{number}号"}
        case = actions.open_case(
            "determination", fields=fields, taker=clerk, on=ON, at=NOW, token=f"found-{number}", files=papers
        )
        taken(case.case_id, "tell", lead, files=papers)
        taken(case.case_id, "plead", subject)
        decision = {**DECISION, "document": f"青信认〔2026〕{number + 1}号"}
        taken(case.case_id, "decide", second, files=papers, fields=decision)
        took = taken(case.case_id, "serve", lead, files=papers, fields=SERVED)
        begun = perf_counter()
        laying.run(as_of=ON, now=NOW)
        served.append(took + perf_counter() - begun)
    return {"routed_ms": median(routed) * 1000, "served_ms": median(served) * 1000}


def eligible(count: int) -> Figures:
    """So many subjects asked about in one sheet: organs and firms, beside the measures that `step` left."""
    setup()
    from jiannuo.access import queries as accounts
    from jiannuo.kernel.identifiers import check_uscc
    from jiannuo.measures import actions
    from jiannuo.measures.rules import Asked
    from jiannuo.subjects import queries

    organs = [Asked(card.name, card.code) for card in queries.directory(ON).organs]
    firms = []
    for number in range(count - len(organs)):
        codes = (f"91410526MA{number:07d}{last}" for last in "0123456789ABCDEFGHJKLMNPQRTUWXY")
        firms.append(
            Asked(f"青禾县第{number}号企业", next(code for code in codes if check_uscc(code).level != "error"))
        )
    (lead,) = (one for one in accounts.actors(ON) if one.username == "lead")
    figures: Figures = {}
    with timed(figures, "asked"):
        done = actions.ask(
            [*organs, *firms], use="honour", purpose="年度先进集体评选", actor=lead, on=ON, at=NOW, token="sheet"
        )
    return {**figures, "answers": len(done.answers)}


def complain(name: str, count: int, begin: float) -> Figures:
    """So many complaints taken in one after the other, beginning at a moment, while others do the same."""
    setup()
    from jiannuo.cases import actions
    from jiannuo.cases.rules import Taker

    while time() < begin:
        pass
    begun, worked = perf_counter(), process_time()
    for number in range(count):
        actions.open_case(
            "complaint", fields=COMPLAINT, taker=Taker(holds_receipt=True), on=ON, at=NOW, token=f"{name}-{number}"
        )
    return {"took": perf_counter() - begun, "cpu": process_time() - worked}


def counted() -> Figures:
    """How many of them the ledger holds."""
    setup()
    from jiannuo.cases.models import Case

    return {"cases": Case.objects.filter(flow="complaint", number__startswith="诉").count()}


STEPS: dict[str, Callable[..., Figures]] = {
    "present": lambda count: present(int(count)), "step": step, "eligible": lambda count: eligible(int(count)),
    "complain": lambda name, count, begin: complain(name, int(count), float(begin)), "counted": counted,
}  # fmt: skip

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
