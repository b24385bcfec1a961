"""The chart of dates put off: what is drawn, in which order, and what is left to the table."""

import pytest

from jiannuo.documents.figures import numbers
from jiannuo.duties.rules import slipping
from jiannuo.duties.rules.slipping import MOST, by_organ, by_promise


def test_the_longest_put_off_stands_first_and_what_came_earlier_is_not_drawn() -> None:
    figure = by_promise([("修好柳溪村到县道的3.2公里路面", 15), ("更换老旧路灯", 40), ("提前完成的事", -5)])
    assert figure
    assert (figure.kind, figure.unit) == ("bar", "天")
    assert numbers(figure)[1] == (("1. 更换老旧路灯", "40"), ("2. 修好柳溪村到县道的3.2…", "15"))


def test_two_that_begin_alike_have_bars_of_their_own() -> None:
    figure = by_promise([("同一件事", 3), ("同一件事", 3)])
    assert figure
    assert [label for label, _ in figure.rows] == ["1. 同一件事", "2. 同一件事"]


def test_an_organ_has_its_average_and_its_longest() -> None:
    figure = by_organ([("县交通局", 10), ("县水利局", 60), ("县交通局", 21), ("县水利局", -3)])
    assert figure
    assert figure.series == ("平均", "最多")
    assert figure.rows == (("县水利局（1件）", (60, 60)), ("县交通局（2件）", (16, 21)))


@pytest.mark.parametrize("draw", [slipping.by_promise, slipping.by_organ])
def test_without_any_put_off_there_is_no_chart(draw: object) -> None:
    assert draw([]) is None  # type: ignore[operator]
    assert draw([("提前的", -2), ("没动的", 0)]) is None  # type: ignore[operator]


def test_only_so_many_bars_are_drawn() -> None:
    figure = by_promise((f"第{n}件", n + 1) for n in range(40))
    assert figure
    assert len(figure.rows) == MOST
    assert figure.rows[0][1] == (40,)
