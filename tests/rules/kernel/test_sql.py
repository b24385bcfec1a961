"""Lists within questions: nothing is a list of nothing, and nothing typed gets into a question."""

import pytest

from jiannuo.kernel import sql


def test_lists() -> None:
    assert sql.places(["a", "b"]) == "%s, %s"
    assert sql.numbers({30, 4}) == "4, 30"
    assert sql.names(["step", "breach", "step"]) == "'breach', 'step'"


def test_a_list_of_nothing_holds_nothing() -> None:
    assert (sql.places([]), sql.numbers([]), sql.names([])) == ("NULL", "-1", "''")


@pytest.mark.parametrize("name", ["it's", "a b", "", "A", "承诺", "x); DROP TABLE ledger_entry; --"])
def test_what_is_no_plain_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no plain names"):
        sql.names(["step", name])
