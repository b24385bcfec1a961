"""Duties in the database: opened once, moved by corrections, kept, lifted, listed and counted exactly as the rules say."""

import itertools
import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Q
from django.test.utils import CaptureQueriesContext

from jiannuo.duties import actions, queries, rules
from jiannuo.duties.actions import Owed
from jiannuo.duties.models import Duty
from jiannuo.duties.queries import Standing, county
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as facts
from jiannuo.ledger import rules as entries
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=clock.SHANGHAI)
TODAY = NOW.date()
KIND = "disclose_decision"
numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def organs(db: None) -> list[subjects.OrganCard]:
    subjects_actions.load_organs(policy.current(), at=NOW)
    return list(subjects.directory(TODAY).organs)


def day(text: str) -> date:
    return date.fromisoformat(text)


def decision(organ: subjects.OrganCard, on: date, **more: Any) -> entries.Draft:
    number = f"青罚决字〔2026〕{next(numbers)}号"
    given: dict[str, Any] = {
        "kind": "penalty_legal",
        "organ_id": organ.id,
        "organ_code": organ.code,
        "happened_on": on,
        "rule": "x",
        "source": entries.Source("tester"),
        "identity": entries.identity("penalty_legal", number),
        "number": number,
        "visibility": "public",
    }
    return entries.Draft(**(given | more))


def decided(organ: subjects.OrganCard, *days: str) -> list[facts.EntryCard]:
    found = facts.entries(ledger.append([decision(organ, day(one)) for one in days], at=NOW))
    return [found[number] for number in sorted(found)]


def owed(cards: Sequence[facts.EntryCard]) -> list[Owed]:
    return [Owed(one.id, one.organ_id, one.happened_on) for one in cards]


def opened(organ: subjects.OrganCard, *days: str) -> list[facts.EntryCard]:
    cards = decided(organ, *days)
    actions.open_for(owed(cards), kind=KIND, opened_at=NOW)
    return cards


def act(kind: str, on: facts.EntryCard, day_of: str, **more: Any) -> int:
    code = subjects.directory(TODAY).card(on.organ_id).code
    draft = ledger.act(kind, on=on, organ_code=code, happened_on=day(day_of), rule="x", author="reviewer", **more)
    return ledger.append([draft], at=NOW)[0]


def shown(**wanted: Any) -> queries.Page:
    return queries.duties(**({"organ_ids": None, "as_of": TODAY} | wanted))


# -- opening ----------------------------------------------------------------------------------------------------------


def test_each_decision_opens_one_duty_however_often_it_is_asked(organs: list[subjects.OrganCard]) -> None:
    cards = opened(organs[0], "2026-09-23", "2026-02-11", "2026-09-23")
    actions.open_for(owed(cards), kind=KIND, opened_at=NOW)
    more = decided(organs[0], "2026-04-28")
    actions.open_for(owed([*cards, *more]), kind=KIND, opened_at=NOW)
    assert [one.due_on for one in shown().duties] == [
        day("2026-02-27"),
        day("2026-05-11"),
        day("2026-10-10"),
        day("2026-10-10"),
    ]


def test_before_the_rule_was_in_force_nothing_is_owed(organs: list[subjects.OrganCard]) -> None:
    opened(organs[0], "2024-12-31", "2025-01-02")
    assert [one.started_on for one in shown().duties] == [day("2025-01-02")]


def test_a_card_explains_its_date(organs: list[subjects.OrganCard]) -> None:
    opened(organs[0], "2026-09-23")
    (card,) = shown(as_of=day("2026-10-10")).duties
    assert "作出行政决定之日（2026年9月23日）起7个工作日" in card.why
    assert "国庆节假期" in card.why
    assert card.rule.endswith("#disclose_decision")
    assert (card.standing, card.workdays_left) == (Standing.DUE_SOON, 0)


def test_a_corrected_decision_takes_its_duty_along(organs: list[subjects.OrganCard]) -> None:
    (before,) = opened(organs[0], "2026-02-11")
    draft = decision(
        organs[1], day("2026-09-23"), identity=before.identity, version=2, corrects=before.link, reason="日期录入有误"
    )
    after = ledger.append([draft], at=NOW)[0]
    moved = [Owed(after, organs[1].id, day("2026-09-23"), corrects=before.id)]
    for _ in range(2):
        actions.open_for(moved, kind=KIND, opened_at=NOW)
        (card,) = shown().duties
        assert (card.entry_id, card.debtor_id, card.due_on) == (after, organs[1].id, day("2026-10-10"))


def test_a_fact_that_says_it_was_kept_keeps_its_own_duty(organs: list[subjects.OrganCard]) -> None:
    (card,) = decided(organs[0], "2026-09-23")
    actions.open_for(
        [Owed(card.id, card.organ_id, card.happened_on, kept_on=day("2026-09-25"))],
        kind="disclose_information",
        opened_at=NOW,
    )
    (duty,) = shown().duties
    assert (duty.standing, duty.kept_by, duty.kept_on) == (Standing.KEPT, card.id, day("2026-09-25"))


# -- keeping and lifting ----------------------------------------------------------------------------------------------


def test_the_first_keeping_counts(organs: list[subjects.OrganCard]) -> None:
    (card,) = opened(organs[0], "2026-09-23")
    first = act("publication", card, "2026-10-10")
    second = act("publication", card, "2026-10-12", version=2)
    assert actions.keep([card.id], by=first, on=day("2026-10-10")) == 1
    assert actions.keep([card.id], by=second, on=day("2026-10-12")) == 0
    (duty,) = shown().duties
    assert (duty.standing, duty.kept_by) == (Standing.KEPT, first)


def test_what_is_kept_is_not_lifted_and_what_is_lifted_may_yet_be_kept(organs: list[subjects.OrganCard]) -> None:
    one, other = opened(organs[0], "2026-09-23", "2026-09-23")
    actions.keep([one.id], by=[one.id], on=day("2026-09-30"))
    assert actions.lift([one.id, other.id], by=[one.id, other.id], on=day("2026-10-09")) == 1
    assert [duty.standing for duty in shown().duties] == [Standing.KEPT, Standing.LIFTED]
    assert actions.keep([other.id], by=other.id, on=day("2026-10-12")) == 1
    assert [duty.standing for duty in shown().duties] == [Standing.KEPT, Standing.KEPT_LATE]


def test_as_of_a_past_day_later_events_have_not_happened(organs: list[subjects.OrganCard]) -> None:
    (card,) = opened(organs[0], "2026-09-23")
    actions.keep([card.id], by=card.id, on=day("2026-10-13"))
    (duty,) = shown(as_of=day("2026-10-12")).duties
    assert (duty.standing, duty.kept_on, duty.kept_by, duty.workdays_left) == (Standing.BROKEN, None, None, -1)
    assert shown(as_of=day("2026-09-22")).total == 0
    assert list(queries.of_entries([card.id], as_of=TODAY)) == [card.id]


# -- lists and figures ------------------------------------------------------------------------------------------------


@pytest.fixture
def many(organs: list[subjects.OrganCard]) -> list[Duty]:
    chance = random.Random(7)
    start = day("2026-01-05")
    drafts = [decision(chance.choice(organs[:6]), start + timedelta(chance.randrange(320))) for _ in range(400)]
    cards = list(facts.entries(ledger.append(drafts, at=NOW)).values())
    actions.open_for(owed(cards), kind=KIND, opened_at=NOW)
    for duty in Duty.objects.all():
        after = duty.started_on + timedelta(chance.randrange(25))
        if chance.random() < 0.8:
            actions.keep([duty.entry_id], by=duty.entry_id, on=after)
        elif chance.random() < 0.4:
            actions.lift([duty.entry_id], by=duty.entry_id, on=after)
    return list(Duty.objects.all())


def standing(duty: Duty, as_of: date) -> Standing:
    of = rules.Clock(duty.started_on, duty.due_on, duty.kept_on, duty.lifted_on)
    return rules.standing(of, policy.current().calendar, as_of=as_of, warn=2)


@pytest.mark.parametrize("as_of", ["2026-03-31", "2026-09-28", "2026-10-10", "2026-11-23"])
def test_counting_by_index_agrees_with_the_rule_on_every_duty(many: list[Duty], as_of: str) -> None:
    first, last = day("2026-02-10"), day("2026-11-20")
    figures = queries.rates(first=first, last=last, organ_ids=None, as_of=day(as_of))
    begun = [duty for duty in many if duty.started_on <= day(as_of) and first <= duty.due_on <= last]
    for line in (figures.total, *figures.by_organ, *figures.by_month, *figures.cells.values()):
        mine = [
            duty for duty in begun if line.organ_id in (None, duty.debtor_id) and line.first <= duty.due_on <= line.last
        ]
        for number, wanted in rules.LEADS_TO.items():
            expected = sum(not wanted or standing(duty, day(as_of)) in wanted for duty in mine)
            assert getattr(line.tally, number) == expected, (number, line)


SOME: tuple[frozenset[Standing], ...] = (
    *(frozenset([one]) for one in Standing), frozenset(), frozenset([Standing.KEPT, Standing.KEPT_LATE]),
    frozenset([Standing.KEPT_LATE, Standing.BROKEN, Standing.RUNNING]), frozenset(Standing) - {Standing.KEPT_LATE},
)  # fmt: skip


@pytest.mark.parametrize("period", [(None, None), ("2026-03-01", "2026-11-25"), ("2026-11-24", None)])
def test_what_stands_so_today_is_counted_and_paged_as_the_rule_says(
    many: list[Duty], period: tuple[str | None, str | None]
) -> None:
    Duty.objects.filter(Q(kept_on__gt=TODAY) | Q(lifted_on__gt=TODAY)).delete()
    Duty.objects.filter(pk=many[0].pk).update(started_on=TODAY + timedelta(1), due_on=TODAY + timedelta(9))
    organs = sorted({duty.debtor_id for duty in many})[:4]
    first, last = (day(text) if text else None for text in period)
    begun = [
        duty
        for duty in Duty.objects.filter(debtor__in=organs, started_on__lte=TODAY).order_by("due_on", "pk")
        if (first or duty.due_on) <= duty.due_on <= (last or duty.due_on)
    ]
    for wanted in SOME:
        expected = [duty.pk for duty in begun if not wanted or standing(duty, TODAY) in wanted]
        found: list[int] = []
        after = ""
        while not found or after:
            page = county.standing_now(
                KIND, wanted, on=TODAY, organ_ids=organs, first=first, last=last, limit=60, after=after
            )
            assert page.total == len(expected), wanted
            found += [card.id for card in page.duties]
            after = page.after
            if not page.duties:
                break
        assert found == expected, wanted


@pytest.mark.parametrize("as_of", ["2026-03-31", "2026-10-10", "2026-11-23"])
def test_each_number_is_the_length_of_the_list_it_leads_to(many: list[Duty], as_of: str) -> None:
    organs = sorted({duty.debtor_id for duty in many})[:3]
    figures = queries.rates(first=day("2026-02-01"), last=day("2026-10-31"), organ_ids=organs, as_of=day(as_of))
    for line in figures.by_organ:
        for number in rules.LEADS_TO:
            link = line.leads_to(number)
            page = queries.duties(
                organ_ids=[int(link["organ"])],
                as_of=day(link["as_of"]),
                kind=link["kind"],
                standings=queries.standings(link.get("standing", "")),
                first=day(link["first"]),
                last=day(link["last"]),
                limit=500,
            )
            assert page.total == len(page.duties) == getattr(line.tally, number), (number, line)


def test_pages_follow_one_another_without_gap_or_repeat(many: list[Duty]) -> None:
    seen: list[int] = []
    cursor = ""
    while True:
        page = shown(limit=37, cursor=cursor)
        assert page.total == len(many)
        seen += [card.id for card in page.duties]
        if not (cursor := page.cursor):
            break
    assert len(seen) == len(set(seen)) == len(many)


@pytest.mark.parametrize(
    "wanted, message",
    [
        pytest.param({"kind": "no_such"}, "没有“no_such”这种责任事项", id="种类"),
        pytest.param({"cursor": "x"}, "翻页标记不对", id="翻页"),
        pytest.param({"first": day("2026-02-01"), "last": day("2026-01-01")}, "起始日晚于截止日", id="期间"),
    ],
)
def test_a_wrong_filter_is_refused(wanted: dict[str, Any], message: str) -> None:
    with pytest.raises(Refused, match=message):
        shown(**wanted)


def test_figures_of_many_duties_take_few_queries(many: list[Duty]) -> None:
    with CaptureQueriesContext(connection) as asked:
        queries.rates(first=day("2026-01-01"), last=day("2026-12-31"), organ_ids=None, as_of=TODAY)
    assert len(asked) <= 7


def test_compliance_is_taken_of_what_intake_received(many: list[Duty]) -> None:
    organ = many[0].debtor_id
    received = {organ: rules.Received(reported=8, accepted=6)}
    figures = queries.rates(
        first=day("2026-01-01"), last=day("2026-12-31"), organ_ids=[organ], as_of=TODAY, received=received
    )
    assert figures.by_organ[0].compliance.percent == "75.00%"
    assert figures.total.compliance.percent == "75.00%"
    assert figures.by_month[0].compliance.percent == ""


def test_the_desk_list_counts_open_duties_by_day(organs: list[subjects.OrganCard]) -> None:
    cards = opened(organs[0], "2026-09-18", "2026-09-18", "2026-09-23", "2026-09-10")
    opened(organs[1], "2026-09-18")
    actions.keep([cards[0].id], by=cards[0].id, on=day("2026-09-20"))
    found = queries.due_list(organ_ids=[organs[0].id], as_of=day("2026-09-28"))
    assert (found.overdue, found.before, found.after) == (1, 1, 1)
    assert [(one.due_on.isoformat(), one.count) for one in found.days] == [("2026-09-29", 1), ("2026-10-10", 1)]


def test_explain_refuses_what_is_not_in_force() -> None:
    assert queries.explain(KIND, started_on=day("2026-02-11")).due_on == day("2026-02-27")
    with pytest.raises(Refused, match="没有施行中的时限"):
        queries.explain(KIND, started_on=day("2020-01-01"))
    with pytest.raises(Refused, match="没有“no_such”这个时限"):
        queries.explain("no_such", started_on=TODAY)
