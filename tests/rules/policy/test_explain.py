"""A rule explains itself: value, sentence, source, file and line, worked examples."""

from datetime import date

import pytest

from jiannuo.policy.explain import explain
from jiannuo.policy.pack import ROOT, PackError, load

COUNTY = load(ROOT / "huaxian")
DAY = date(2024, 3, 1)


def test_a_deadline() -> None:
    found = explain(COUNTY, "disclose_decision", DAY)
    assert found.says.startswith("7个工作日，自作出行政决定之日的次日起算")
    assert any("7个工作日" in text for text in found.clauses)
    line = ROOT.joinpath(found.file).read_text("utf-8").splitlines()[found.line - 1]
    assert line == "[disclose_decision]"
    assert any("2017-09-27作出的决定" in text for text in found.cases)
    assert "依据：滑政〔2017〕31号" in str(found)


def test_a_deadline_before_it_was_in_force() -> None:
    assert "没有施行中的时限" in explain(COUNTY, "withdraw_publication", date(2020, 1, 1)).says


def test_a_filter_says_whether_it_stands_and_what_was_assumed() -> None:
    found = explain(COUNTY, "public_security_sealed", DAY)
    assert "2024-03-01不适用" in found.says
    assert found.assumed
    assert found.file == "national/publish.toml"
    assert ROOT.joinpath(found.file).read_text("utf-8").splitlines()[found.line - 1] == 'id = "public_security_sealed"'


def test_a_cross_rule_of_a_kind() -> None:
    found = explain(COUNTY, "penalty_legal.DP03", DAY)
    assert "不收" in found.says
    assert ROOT.joinpath(found.file).read_text("utf-8").splitlines()[found.line - 1] == 'id = "DP03"'


@pytest.mark.parametrize("name", ["penalty_natural", "disclose_information", "withdraw_publication"])
def test_kinds_and_duties_explain_themselves(name: str) -> None:
    assert explain(COUNTY, name, DAY).says


def test_every_rule_of_the_pack_can_be_asked() -> None:
    names = [*COUNTY.deadlines, *COUNTY.duties, *COUNTY.kinds, *(entry.id for entry in COUNTY.filters)]
    rules = [f"{kind.id}.{rule.id}" for kind in COUNTY.kinds.values() for rule in kind.rules]
    for name in [*names, *rules]:
        found = explain(COUNTY, name, DAY)
        assert str(found)
        assert found.line > 0


def test_an_unknown_rule_lists_those_there_are() -> None:
    with pytest.raises(PackError, match=r"没有规则“someday”。可以问：.*disclose_decision"):
        explain(COUNTY, "someday", DAY)
