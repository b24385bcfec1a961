"""A large file is read ahead in a process of its own: the answer is the same to the letter, whatever is wrong with the file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from jiannuo.intake import queries
from jiannuo.intake.actions import ahead
from jiannuo.intake.rules.checking import Checked
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from tests.packages.conftest import Send

SHEETS = Path(__file__).parents[1] / "wrong" / "sheets"
FILES = sorted(path for path in SHEETS.iterdir() if path.suffix in (".csv", ".xlsx") and path.stat().st_size)


def told(card: queries.BatchCard) -> tuple[object, ...]:
    _, problems = queries.problems(card.id, limit=1000)
    refusal = card.refusal["message"] if card.refusal else ""
    counts = card.rows, card.accepted, card.unchanged, card.rejected
    return card.state, refusal, counts, [(one.row, one.column, one.code, one.message, one.fix) for one in problems]


@pytest.mark.django_db
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_answer_is_the_same(path: Path, send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    here = told(send(path.read_bytes(), filename=path.name))
    stored = ledger.head()[0]
    monkeypatch.setattr(ahead, "FROM", 0)
    again = told(send(path.read_bytes(), filename=path.name))
    if stored:
        # What was stored the first time is there already the second time; everything that was refused is refused alike.
        assert again[2] == (here[2][0], 0, here[2][1], here[2][3])  # type: ignore[index]
        same = [one for one in again[3] if one[2] != "unchanged"]  # type: ignore[attr-defined]
        assert same == [one for one in here[3] if one[2] != "unchanged"]  # type: ignore[attr-defined]
    else:
        assert again == here


def judge(first: int, cells: list[list[object]]) -> Checked:
    return Checked((first, first + len(cells)), [first], {"a": [str(cell) for row in cells for cell in row]}, [])


def test_chunks_come_in_their_order() -> None:
    chunks = [(number, [[number, "甲" * 70_000]]) for number in range(20)]
    found = list(ahead.judged(iter(chunks), judge, size=ahead.FROM))
    assert [one.numbers for one in found] == [[number] for number in range(20)]
    assert found == list(ahead.judged(iter(chunks), judge, size=0))


def test_what_the_reader_refuses_is_refused_in_the_same_words() -> None:
    def broken() -> Iterator[ahead.Chunk]:
        yield 1, [["a"]]
        raise Refused("第三行断了", fix="请重新保存", code="broken")

    with pytest.raises(Refused, match="第三行断了") as refused:
        list(ahead.judged(broken(), judge, size=ahead.FROM))
    assert (refused.value.fix, refused.value.code) == ("请重新保存", "broken")


def test_a_reader_that_dies_is_no_end_of_the_file() -> None:
    def dies() -> Iterator[ahead.Chunk]:
        yield 1, [["a"]]
        raise MemoryError

    with pytest.raises(OSError, match="中途停了"):
        list(ahead.judged(dies(), judge, size=ahead.FROM))


def test_who_stops_reading_early_leaves_no_process_behind() -> None:
    def endless() -> Iterator[ahead.Chunk]:
        number = 0
        while True:
            number += 1
            yield number, [["甲" * 70_000]]

    chunks = ahead.judged(endless(), judge, size=ahead.FROM)
    assert next(iter(chunks)).numbers == [1]
    chunks.close()  # type: ignore[attr-defined]
