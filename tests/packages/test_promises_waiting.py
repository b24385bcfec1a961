"""What was shown by its last day and waits for an answer: nobody's list, figure or reminder calls it late while another takes its time."""

from datetime import date

import pytest

from jiannuo.access.rules import Actor
from jiannuo.assessment.queries import behind as figures
from jiannuo.assessment.rules.figures import MEASURES
from jiannuo.assessment.rules.periods import Period
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.queries import owing, promised
from jiannuo.disclosure.queries import promises as public
from jiannuo.duties import actions, tick
from jiannuo.duties.queries import Standing, duties, tallies
from jiannuo.duties.queries.pending import behind
from jiannuo.duties.queries.promises import PromiseCard, promises
from jiannuo.duties.queries.standing import Held, held, held_by
from jiannuo.duties.rules import Tally
from jiannuo.exchange.queries.reminding import day_of
from tests.packages.conftest import Send
from tests.packages.promising import PNG, at, breaches, now
from tests.packages.promising import promised as made
from tests.packages.releasing import YES

pytestmark = pytest.mark.django_db

KIND = "keep_commitment"
SENT, DUE, LATER = "2026-10-29", "2026-10-30", "2026-11-16"
YEAR = Period(2026, 2)
NOWHERE = 0
WORDS = "路面已铺好并通过验收"


@pytest.fixture
def road(send: Send, theirs: Actor) -> PromiseCard:
    """Promised for a day, and open to everybody."""
    card = made(send, due_on=DUE)
    done = disclosure.release(
        entry_ids=[card.duty.entry_id], actor=theirs, on=date(2026, 3, 3), at=at("2026-03-03"), **YES
    )
    assert not done.refused
    return card


def submit(card: PromiseCard, by: Actor, on: str) -> None:
    actions.submit(
        card.duty.id, done_on=date.fromisoformat(SENT), words=WORDS, files=[PNG], actor=by, on=date.fromisoformat(on), at=at(on)
    )  # fmt: skip


def listed(on: date, *standings: Standing) -> tuple[int, int, int]:
    """How many the promises' list, the duties' list and its count show in these standings."""
    page = duties(organ_ids=None, as_of=on, kind=KIND, standings=standings)
    return promises(as_of=on, kinds=[KIND], standings=standings).total, page.total, len(page.duties)


def late(card: PromiseCard, on: str) -> dict[str, int]:
    """How often each place that tells of what is late tells of this promise."""
    as_of, debtor = date.fromisoformat(on), card.duty.debtor_id
    broken = next(one for one in MEASURES if one.id == "promises_broken")
    told = [one for one in day_of(as_of, after=0).dues if one.kind == KIND and one.due_on < as_of]
    return {
        "own page": int(now(card, on).duty.standing is Standing.BROKEN),
        "list": listed(as_of, Standing.BROKEN)[0],
        "list of duties": listed(as_of, Standing.BROKEN)[1],
        "its rows": listed(as_of, Standing.BROKEN)[2],
        "figures": sum(tally.missing for tally in tallied(as_of)),
        "kinds": held([KIND], on=as_of)[KIND].broken,
        "organs": held_by([KIND], on=as_of, organ_ids=[debtor])[KIND, debtor].broken,
        "report": figures.counted([KIND], YEAR, as_of=as_of, organ_ids=[debtor])[KIND, debtor]["missing"],
        "report's list": figures.behind(broken, YEAR, as_of=as_of, organ_ids=[debtor]).count(),
        "first page": sum(one.count for one in behind([KIND], on=as_of)[0]),
        "everybody's list": owing.promise_tally(on=as_of).broken,
        "its line": sum(one.standing is Standing.BROKEN for one in public.find(owing.Narrowed(), on=as_of).rows),
        "everybody's page": int(seen(card, as_of) is Standing.BROKEN),
        "messages": sum(one.count for one in told),
    }


def tallied(as_of: date) -> list[Tally]:
    return list(tallies(KIND, periods=[(YEAR.first, YEAR.last)], organ_ids=None, as_of=as_of).values())


def seen(card: PromiseCard, as_of: date) -> Standing | None:
    """How it stands on the page that everybody reads."""
    found = promised.public_promise(card.record.identity.hex(), on=as_of)
    assert found is not None
    return found.standing


def test_what_waits_for_an_answer_is_late_nowhere_and_still_running(road: PromiseCard, theirs: Actor) -> None:
    submit(road, theirs, SENT)
    tick.run(as_of=date.fromisoformat(LATER), now=at(LATER))
    assert set(late(road, LATER).values()) == {NOWHERE}, late(road, LATER)
    assert breaches() == []
    as_of = date.fromisoformat(LATER)
    assert listed(as_of, Standing.RUNNING, Standing.DUE_SOON) == (1, 1, 1)
    assert [(one.running, one.due, one.on_time) for one in tallied(as_of)] == [(1, 0, 0)]
    assert held([KIND], on=as_of)[KIND] == Held(running=1)
    everybody = owing.promise_tally(on=as_of)
    assert (everybody.running, everybody.to_verify, everybody.whole) == (1, 1, 1)


@pytest.mark.parametrize(
    "sent", [pytest.param("", id="nothing was sent"), pytest.param("2026-10-31", id="sent a day late")]
)
def test_what_was_not_shown_in_time_is_late_in_every_place(road: PromiseCard, theirs: Actor, sent: str) -> None:
    if sent:
        submit(road, theirs, sent)
    tick.run(as_of=date.fromisoformat(LATER), now=at(LATER))
    assert set(late(road, LATER).values()) == {1}, late(road, LATER)
    assert listed(date.fromisoformat(LATER), Standing.RUNNING, Standing.DUE_SOON) == (0, 0, 0)
    assert breaches() == [(date(2026, 10, 31), True)]


def test_sent_back_it_is_late_from_the_day_after_its_own(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, SENT)
    why = "照片看不出排水沟，请补拍"
    actions.send_back(road.duty.id, reason=why, actor=office, on=date(2026, 11, 12), at=at("2026-11-12"))
    tick.run(as_of=date.fromisoformat(LATER), now=at(LATER))
    assert set(late(road, LATER).values()) == {1}, late(road, LATER)
    assert breaches() == [(date(2026, 10, 31), True)]


def test_confirmed_late_it_was_kept_in_time(road: PromiseCard, theirs: Actor, office: Actor) -> None:
    submit(road, theirs, SENT)
    actions.confirm(road.duty.id, reason="与验收单一致", actor=office, on=date(2026, 11, 12), at=at("2026-11-12"))
    assert set(late(road, LATER).values()) == {NOWHERE}
    assert now(road, LATER).duty.standing is Standing.KEPT
