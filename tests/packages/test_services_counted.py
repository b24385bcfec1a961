"""Counts of service cases equal what is in the ledger, whatever happens to the machine and however often they are made."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace

from jiannuo.assessment import actions as assessment
from jiannuo.assessment import tick
from jiannuo.assessment.models import ServiceCount, ServiceMark
from jiannuo.assessment.queries.services import by_item, services
from jiannuo.assessment.rules.services import Handling, ServiceFigures
from jiannuo.duties import actions as duties
from jiannuo.duties import queries as owed
from jiannuo.intake import queries
from jiannuo.intake.queries import BatchCard
from jiannuo.policy import pack as policy
from jiannuo.subjects.rules import OrganCard
from tests.packages import kinds
from tests.packages.promising import at

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
YEAR: Mapping[str, Any] = {"first": date(2026, 1, 1), "last": date(2026, 12, 31)}
CASE = {
    "number": "B-1", "item_code": "A01", "applicant": "企业", "channel": "网上", "accepted_on": "2026-06-01",
    "promised_by": "2026-06-08", "done_on": "2026-06-05", "result": "准予", "organ": "青禾县市场监督管理局",
}  # fmt: skip
OPEN = {"done_on": "", "result": ""}
CASES: Sequence[Mapping[str, str]] = (
    CASE,
    {**CASE, "number": "B-2", "channel": "大厅", "done_on": "2026-06-08"},
    {**CASE, "number": "B-3", "done_on": "2026-07-02"},
    {**CASE, "number": "B-4", **OPEN},
    {**CASE, "number": "B-5", "item_code": "A02", "accepted_on": "2026-11-20", "promised_by": "2026-12-18", **OPEN},
)
Send = Callable[..., BatchCard]


@pytest.fixture
def cases(send: Send) -> Callable[..., None]:
    """Sends cases of service and lets everything follow."""

    def sending(*rows: Mapping[str, str], **more: object) -> None:
        send(list(rows), kind="service_case", **more)
        duties.follow(opened_at=at("2026-11-23"))
        tick.run()

    return sending


def test_an_item_is_compared_with_the_list_once_there_is_one(send: Send, market: OrganCard) -> None:
    _, item = kinds.ROWS["service_item"]
    with CaptureQueriesContext(connection) as asked:
        card = send([{**CASE, "number": f"B-{at}"} for at in range(9)], kind="service_case")
    (warning,) = queries.problems(card.id, limit=20)[1]
    assert (warning.level, warning.field) == ("warning", "item_code")
    assert warning.message == "青禾县市场监督管理局还没有报送政务服务事项清单，事项编码没有核对"
    assert sum("service_item" in query["sql"] for query in asked) == 1
    listed = {**item, "organ": market.name}
    send([listed, {**listed, "item_code": "A01"}], kind="service_item")
    # Taken off the list, a matter may still have been handled while it stood there.
    send([listed], kind="service_item")
    rows = [{**CASE, "number": "C-1"}, {**CASE, "number": "C-2", "item_code": "A02"}]
    card = send(rows, kind="service_case")
    assert (card.accepted, card.rejected) == (1, 1)
    (error,) = queries.problems(card.id, limit=20)[1]
    assert error.message == "“A02”不在青禾县市场监督管理局的政务服务事项清单里"
    assert "报送补全的整份清单" in error.fix


def year(organ: OrganCard | None = None) -> ServiceFigures:
    return services(organ_ids=None if organ is None else [organ.id], as_of=TODAY, **YEAR)


def rows() -> list[tuple[object, ...]]:
    return sorted(
        ServiceCount.objects.values_list("item", "organ", "due", "done", "channel", "cases", "late", "workdays")
    )


def test_cases_are_counted_by_how_they_stand(cases: Callable[..., None], market: OrganCard) -> None:
    cases(*CASES)
    found = year()
    assert found.is_whole
    assert found.handling == Handling(2, 1, 1, 1, 4 + 5 + 22, {"网上": 4, "大厅": 1})
    assert found.handling.average == Decimal("10.3")
    assert by_item(["A02", "no such"], organ_ids=[market.id], as_of=TODAY, **YEAR) == {
        (market.id, "A02"): Handling(running=1, channels={"网上": 1})
    }


def test_they_equal_the_duties_that_their_numbers_lead_to(cases: Callable[..., None], market: OrganCard) -> None:
    cases(*CASES)
    found = year().by_organ()[0]
    tally = owed.rates("handle_service", organ_ids=[market.id], as_of=TODAY, **YEAR).total.tally
    assert found.organ_id == market.id
    assert replace(tally, due_soon=0) == found.handling.tally


def test_a_case_that_is_done_later_moves_and_is_not_counted_twice(cases: Callable[..., None]) -> None:
    cases(*CASES)
    done = {**CASES[3], "done_on": "2026-06-10", "result": "办结", "channel": "大厅"}
    cases(done, corrects=True, reason="办结后补录")
    assert year().handling == Handling(2, 2, 0, 1, 4 + 5 + 22 + 7, {"网上": 3, "大厅": 2})
    before = rows()
    assessment.recount()
    tick.run()
    assert rows() == before


def test_twice_in_pieces_or_undone_half_way_the_counts_are_the_same(cases: Callable[..., None]) -> None:
    cases(*CASES)
    before = rows()
    assert tick.run() == 0
    assert rows() == before
    assessment.recount()
    while assessment.follow(limit=2):
        pass
    assert rows() == before
    assessment.recount()
    killed_while_following()
    assert rows() == []
    tick.run()
    assert rows() == before


def killed_while_following() -> None:
    """What a process leaves behind that dies before its transaction ends."""
    with transaction.atomic():
        assessment.follow(limit=3)
        transaction.set_rollback(True)


def test_another_calendar_makes_them_anew(cases: Callable[..., None]) -> None:
    cases(*CASES)
    before = rows()
    ServiceMark.objects.update(pack="old@0")
    assert not year().is_whole
    tick.run()
    assert year().is_whole
    assert rows() == before
    assert ServiceMark.objects.get().pack == policy.current().id


def test_before_anything_came_nothing_is_counted_and_that_is_whole(organs: object) -> None:
    found = year()
    assert (found.handling, found.is_whole, found.handling.timeliness.value) == (Handling(), True, None)


def test_as_it_stood_when_the_half_year_ended(cases: Callable[..., None]) -> None:
    cases(*CASES)
    then = services(organ_ids=None, first=date(2026, 1, 1), last=date(2026, 6, 30), as_of=date(2026, 6, 30)).handling
    assert (then.on_time, then.late, then.missing, then.running) == (2, 0, 2, 0)


def test_the_questions_do_not_grow_with_the_cases(cases: Callable[..., None]) -> None:
    asked = []
    for several in (1, 40):
        cases(*({**CASE, "number": f"C-{several}-{n}", "item_code": f"D{n}"} for n in range(several)))
        with CaptureQueriesContext(
            connection,
        ) as questions:
            year()
            by_item([f"D{n}" for n in range(several)], organ_ids=None, as_of=TODAY, **YEAR)
        asked.append(len(questions))
    assert asked[0] == asked[1] <= 6
