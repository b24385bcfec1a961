"""Whatever happens to promises, in whatever order: the table of duties says just what the ledger says, and can be made again from it."""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from jiannuo.access.rules import Actor
from jiannuo.duties import actions, tick
from jiannuo.duties.actions import Authority
from jiannuo.duties.models import Bookmark, Duty
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.promises import PromiseCard
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at, now, person, promised

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 9)
STEPS, PROMISES = 45, 4
COLUMNS = (
    "kind", "debtor_id", "entry_id", "started_on", "due_on", "provisional", "kept_on", "kept_by_id", "lifted_on", "lifted_by_id",
    "office", "confirmer_id", "stated_on", "first_due_on", "amendments", "pauses", "submitted_id", "submitted_on", "mending_since", "agreed", "disputed",
)  # fmt: skip
MEETING = Authority("青禾县人民政府", "会议纪要")
WORDS = "按实际情况办理，详见附件"


def correct(send: Send, lot: Random, card: PromiseCard, on: date) -> int:
    """The record is sent again with another day, or another beginning; intake may take it or not."""
    body = now(card, on.isoformat()).record.body
    moved = lot.choice(("due_on", "made_on", "beneficiary"))
    value = (
        (on + timedelta(days=lot.randrange(-20, 40))).isoformat() if moved != "beneficiary" else f"村民{lot.random()}"
    )
    batch = send(
        [{**body, moved: value}], kind="commitment", at=at(on.isoformat()), as_of=on, corrects=True, reason=WORDS
    )
    while actions.follow(opened_at=at(on.isoformat())):
        pass
    if not batch.accepted:
        raise Refused("没有收下更正", fix="见批次里的问题")
    return batch.id


def step(lot: Random, card: PromiseCard, on: date, theirs: Actor, office: Actor, send: Send) -> int:
    """One thing somebody tries, sensible or not."""
    given: dict[str, Any] = {"on": on, "at": at(on.isoformat())}
    number = card.duty.id
    ways: list[Callable[[], int]] = [
        lambda: actions.submit(number, done_on=on - timedelta(days=lot.randrange(3)), words=WORDS, files=[PNG], actor=theirs, **given),
        lambda: actions.confirm(number, reason=WORDS, actor=lot.choice((office, theirs)), **given),
        lambda: actions.send_back(number, reason=WORDS, actor=office, **given),
        lambda: actions.reopen(number, reason=WORDS, actor=office, **given),
        lambda: actions.amend(
            number, due_on=on + timedelta(days=lot.randrange(-5, 60)), authority=MEETING, reason=WORDS, actor=theirs, **given
        ),
        lambda: actions.suspend(number, since=on - timedelta(days=lot.randrange(5)), until=on + timedelta(days=lot.randrange(9)), authority=MEETING, reason=WORDS, actor=theirs, **given),
        lambda: actions.resume(number, since=on - timedelta(days=lot.randrange(5)), reason=WORDS, actor=theirs, **given),
        lambda: actions.exempt(number, authority=MEETING, reason=WORDS, actor=office, **given),
        lambda: correct(send, lot, card, on),
        lambda: actions.respond(number, agreed=lot.random() < 0.5, words=WORDS, author="public", **given),
    ]  # fmt: skip
    return lot.choices(ways, weights=(6, 5, 2, 1, 3, 3, 3, 0.3, 3, 2))[0]()


def tried(lot: Random, card: PromiseCard, on: date, theirs: Actor, office: Actor, send: Send) -> Refused | None:
    """The refusal, where it came to one."""
    try:
        step(lot, card, on, theirs, office, send)
    except Refused as no:
        return no
    return None


def table() -> list[dict[str, Any]]:
    return list(Duty.objects.order_by("entry_id", "kind").values(*COLUMNS))


@pytest.mark.parametrize("seed", range(3))
def test_the_table_is_what_the_ledger_says(
    seed: int, send: Send, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    lot = Random(seed)
    theirs, office = person(market, "reviewer"), person(organs("青禾县发展和改革委员会"), "lead")
    cards = [
        promised(send, number=f"承-{n}", due_on=(FIRST + timedelta(days=30 + 25 * n)).isoformat())
        for n in range(PROMISES)
    ]
    on, done, refused = FIRST, 0, 0
    for _ in range(STEPS):
        on += timedelta(days=lot.randrange(3))
        before = table()
        if no := tried(lot, lot.choice(cards), on, theirs, office, send):
            refused += 1
            assert no.message
            assert no.fix
            assert table() == before, "a refusal left something behind"
        done += no is None
        holds(cards, on)
    tick.run(as_of=on, now=at(on.isoformat()))
    assert done > STEPS // 9
    assert refused > 5
    incremental = table()
    Duty.objects.filter(parent__isnull=False).delete()
    Duty.objects.all().delete()
    Bookmark.objects.filter(pk=1).update(entry=0)
    while actions.follow(opened_at=at(on.isoformat())):
        pass
    assert table() == incremental


def holds(cards: list[PromiseCard], on: date) -> None:
    """Nothing is kept that nobody confirmed; nothing kept waits; what stands still is not broken."""
    for card in cards:
        one = now(card, on.isoformat())
        if one.duty.kept_on:
            confirmation = ledger.entry(one.duty.kept_by or 0)
            assert confirmation is not None
            assert confirmation.kind == "confirmation"
            assert confirmation.author != f"reviewer.{one.duty.debtor_id}"
            assert one.submitted is None
        if one.suspended_since and not one.duty.kept_on:
            assert one.duty.standing is not Standing.BROKEN
