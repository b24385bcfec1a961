"""The six gates told from the steps of a case: passed, skipped, passed again after the draft went back."""

from datetime import date

import pytest

from jiannuo.disclosure.rules.decisions import Passed, Taken, gates

DAY = date(2026, 3, 2)
TO = {
    "announce": "consulting", "announce_urgent": "hurried", "over_urgent": "consulted", "over": "consulted", "participate": "arguing", "argue": "assessing", "no_argument": "assessing",
    "assess": "reviewing", "no_risk": "reviewing", "review": "integrity", "clear": "deciding", "decide": "decided",
    "risky": "drafting", "infeasible": "drafting", "unlawful": "revising", "postpone": "revising", "submit_again": "reviewing",
    "redraft": "drafting", "call_hearing": "hearing", "hearing_record": "consulted", "stop": "stopped",
}  # fmt: skip
DONE, SKIPPED, NOW, AHEAD = Passed.DONE, Passed.SKIPPED, Passed.NOW, Passed.AHEAD
HEARD = "announce over participate"
CASES = [
    ("drafted", "", [AHEAD] * 6),
    ("open to opinions", "announce", [NOW] + [AHEAD] * 5),
    ("the hearing is part of the participation", "announce over call_hearing", [NOW] + [AHEAD] * 5),
    ("open for fewer days", "announce_urgent", [NOW] + [AHEAD] * 5),
    ("heard in fewer days", "announce_urgent over_urgent participate", [DONE, NOW] + [AHEAD] * 4),
    ("heard", HEARD, [DONE, NOW] + [AHEAD] * 4),
    ("no experts needed", f"{HEARD} no_argument", [DONE, SKIPPED, NOW] + [AHEAD] * 3),
    ("a high risk begins anew", f"{HEARD} argue risky", [AHEAD] * 6),
    ("announced anew", f"{HEARD} argue risky announce", [NOW] + [AHEAD] * 5),
    ("unlawful", f"{HEARD} argue assess unlawful", [DONE] * 3 + [AHEAD] * 3),
    ("reviewed again", f"{HEARD} argue assess review clear postpone submit_again", [DONE] * 3 + [NOW, AHEAD, AHEAD]),
    ("drafted anew after the meeting", f"{HEARD} argue assess review clear postpone redraft", [AHEAD] * 6),
    ("decided", f"{HEARD} argue no_risk review clear decide", [DONE, DONE, SKIPPED, DONE, DONE, DONE]),
    ("stopped", f"{HEARD} stop", [DONE] + [AHEAD] * 5),
]  # fmt: skip


@pytest.mark.parametrize("steps, expected", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_gates(steps: str, expected: list[Passed]) -> None:
    found = gates(Taken(name, TO[name], DAY) for name in steps.split())
    assert [one.stands for one in found] == expected


def test_a_gate_knows_by_which_step_it_was_passed() -> None:
    taken = [Taken(name, TO[name], DAY) for name in f"{HEARD} argue assess unlawful submit_again review".split()]
    by_id = {one.id: one for one in gates(taken)}
    assert taken[by_id["review"].step].step == "review"
    assert by_id["integrity"].step == -1
