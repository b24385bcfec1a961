"""Search gives what reading every record would give, in the same order, on both databases."""

import random
from datetime import date

import pytest

from benchmarks.search import build
from jiannuo.disclosure import queries, rules
from jiannuo.disclosure.actions import index
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import Filters, search
from jiannuo.kernel.searching import fold_text

pytestmark = pytest.mark.django_db

ROWS = 1300
ON = date(2026, 11, 23)


def asked(question: str, filters: Filters = queries.EVERYTHING, *, before: int = 0) -> list[int]:
    return search.numbers(rules.looked(question), filters, before=before)


def read(question: str, filters: Filters = queries.EVERYTHING, *, before: int = 0) -> list[int]:
    """The same by reading every record."""
    words = [fold_text(word) for word in question.split()]
    return [
        row.pk
        for row in Listing.objects.order_by("-pk")
        if all(word in row.text for word in words)
        and (not filters.kinds or row.kind in filters.kinds)
        and (not filters.organs or row.organ_id in filters.organs)
        and (not filters.year or row.decided_on.year == filters.year)
        and (not filters.month or row.decided_on.month == filters.month)
        and (not filters.standing or filters.standing == "on_time")
        and (not before or row.pk < before)
    ][: rules.CAP + 1]


@pytest.fixture
def texts(db: None) -> list[str]:
    build(ROWS)
    return list(Listing.objects.order_by("pk").values_list("text", flat=True))


def test_every_question_is_answered_as_reading_would(texts: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(3)
    questions = [
        "公司",
        "有限公司",
        "〔2017〕",
        "罚〔2017",
        "919926",
        "囧嘂",
        "%_",
        "'\"",
        "\\\\",
        "419926ma",
        "青禾 商贸",
        "商贸 有限 公司",
    ]
    for _ in range(80):
        line = chance.choice(chance.choice(texts).split("\n"))
        start = chance.randrange(len(line) - 2)
        questions.append(line[start : start + chance.randrange(2, 12)])
    for common in (0.0, search.COMMON, 2.0):
        monkeypatch.setattr(search, "COMMON", common)
        for question in questions:
            assert asked(question) == read(question), question


def test_filters_narrow_the_same_answers(texts: list[str]) -> None:
    organs = sorted(set(Listing.objects.values_list("organ_id", flat=True)))
    for filters in (
        Filters(kinds=("penalty_legal",)),
        Filters(kinds=("licence_legal",)),
        Filters(organs=tuple(organs[:3])),
        Filters(year=2017),
        Filters(year=2017, month=10),
        Filters(year=2018),
        Filters(standing="on_time"),
        Filters(standing="late"),
        Filters(kinds=("penalty_legal", "licence_legal"), organs=(organs[5],), year=2017, month=10, standing="on_time"),
    ):
        for question in ("", "公司", "有限公司", "〔2017〕1", texts[7].split("\n")[2]):
            assert asked(question, filters) == read(question, filters), (question, filters)


def test_the_count_stops_at_a_thousand_and_reading_goes_on(texts: list[str]) -> None:
    page = queries.listing(queries.EVERYTHING, on=ON, page=50)
    assert (page.total, page.capped, page.total_words, page.pages) == (1000, True, "1000+", 50)
    assert page.rows[-1].listing == page.before == ROWS - 999
    following = queries.listing(queries.EVERYTHING, on=ON, before=page.before)
    assert following.rows[0].listing == ROWS - 1000
    assert asked("有限公司", before=700) == read("有限公司", before=700)
    assert len(list(queries.export(queries.EVERYTHING, on=ON))) == ROWS


def test_a_whole_code_or_number_finds_its_record_alone(texts: list[str]) -> None:
    name, code, number = texts[100].split("\n")[:3]
    assert asked(code) == asked(code.upper()) == [101]
    assert 101 in asked(number)
    assert 101 in asked(number.replace("〔", "（").replace("〕", "）"))
    assert asked(name) == read(name)


def test_what_is_removed_is_found_no_more_and_the_rest_still_is(texts: list[str]) -> None:
    gone = [number for number in range(1, ROWS + 1) if number % 3 == 0]
    assert index.remove(number.to_bytes(16) for number in gone) == len(gone)
    for question in ("公司", "有限公司", "〔2017〕1", texts[2].split("\n")[0], texts[3].split("\n")[0]):
        found = asked(question)
        assert found == read(question)
        assert not set(gone) & set(found)
