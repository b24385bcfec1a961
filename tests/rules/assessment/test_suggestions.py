"""Answered, on time, met, satisfied, solved: what each counts, and of what."""

from datetime import date

import pytest
from msgspec.structs import replace

from jiannuo.assessment.rules.suggestions import COUNTS, Suggestion, SuggestionFigures
from jiannuo.duties.rules import Standing

FIRST, LAST, TODAY = date(2026, 1, 1), date(2026, 12, 31), date(2026, 11, 23)
ASKED = Suggestion(1, "suggestion", 7, "城建交通", date(2026, 3, 2), date(2026, 6, 2), None, None, Standing.RUNNING)
ANSWERED = replace(
    ASKED, kept_on=date(2026, 5, 6), standing=Standing.KEPT, result="A已解决", met_on=date(2026, 4, 20), replied_on=date(2026, 5, 6)
)  # fmt: skip


def figures(*items: Suggestion) -> SuggestionFigures:
    return SuggestionFigures(None, FIRST, LAST, TODAY, items)


def test_nothing_assigned_gives_no_rates() -> None:
    found = figures()
    assert [share.value for share in (found.answered, found.on_time, found.met, found.satisfied, found.solved)] == [
        None
    ] * 5


@pytest.mark.parametrize(
    "what, one, counted",
    [
        ("still open in time", ASKED, "assigned running"),
        ("answered, not yet confirmed", replace(ASKED, waits=True), "assigned running waits"),
        ("past its day", replace(ASKED, standing=Standing.BROKEN), "assigned due missing"),
        ("past its day, an answer waits", replace(ASKED, standing=Standing.BROKEN, waits=True), "assigned due missing waits"),
        ("answered in time, met, solved", ANSWERED, "assigned answered due on_time met a"),
        ("answered late without meeting, planned",
         replace(ANSWERED, standing=Standing.KEPT_LATE, met_on=None, result="B列入计划"), "assigned answered due late b"),
        ("put off", replace(ASKED, first_due_on=date(2026, 6, 2), due_on=date(2026, 9, 2)), "assigned running moved"),
        ("no longer asked for", replace(ASKED, standing=Standing.LIFTED), "assigned"),
        ("everybody content", replace(ANSWERED, agreed=2), "assigned answered due on_time met rated satisfied a"),
        ("one is not", replace(ANSWERED, agreed=2, disputed=1), "assigned answered due on_time met rated a"),
        ("somebody spoke before the answer was confirmed", replace(ASKED, disputed=1), "assigned running"),
    ],
)  # fmt: skip
def test_what_one_suggestion_is_counted_as(what: str, one: Suggestion, counted: str) -> None:
    found = figures(one).counts
    assert {name for name, count in found.items() if count} == set(counted.split()), what


def test_shares_name_what_they_are_of() -> None:
    found = figures(ANSWERED, replace(ANSWERED, agreed=1), ASKED, replace(ASKED, standing=Standing.BROKEN))
    assert (found.answered.percent, found.answered.of) == ("50.00%", "本期交办的全部建议、提案")
    assert (found.on_time.percent, found.on_time.of) == ("66.67%", "已办复和已到期的建议、提案")
    assert found.met.percent == found.satisfied.percent == found.solved.percent == "100.00%"


def test_every_number_equals_the_list_it_leads_to() -> None:
    found = figures(ANSWERED, replace(ASKED, organ_id=8, entry_id=2))
    for name, condition in COUNTS.items():
        assert found.counts[name] == len([one for one in found.items if condition(one)])
        assert found.leads_to(name) == {"count": name, "year": "2026"}
    own = {one.organ_id: one for one in found.by_organ()}
    assert own[8].leads_to("running") == {"count": "running", "organ": "8", "year": "2026"}
    with pytest.raises(KeyError):
        found.leads_to("nothing")
