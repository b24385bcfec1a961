"""What a kind asks for when a duty is said to be done: checked like a sheet's columns, kept with the act, refused in words."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.duties import actions as duties
from jiannuo.duties.actions import follow
from jiannuo.duties.models import Duty
from jiannuo.duties.queries.promises import promise
from jiannuo.intake import actions as intake
from jiannuo.kernel.refusals import Refused
from jiannuo.subjects.rules import OrganCard
from tests.packages.kinds import CONGRESS, ROADS, ROWS
from tests.packages.promising import PNG, at, person

Organs = Callable[[str], OrganCard]
ANSWER = {"met_on": "2026-05-20", "replied_on": "2026-05-28", "reply_number": "青交函〔2026〕18号", "result": "A已解决"}


@pytest.fixture
def suggestion(organs: Organs) -> int:
    moment = at("2026-03-12")
    sender, row = ROWS["suggestion"]
    batch_id = intake.receive_rows(
        [{**row, "complex": "是"}],
        kind="suggestion",
        organ_id=organs(sender).id,
        author="clerk",
        at=moment,
        as_of=moment.date(),
    )
    assert intake.process(batch_id, clock=lambda: moment).accepted == 1
    follow(opened_at=moment)
    return int(Duty.objects.get(kind="answer_suggestion").pk)


def answered(organs: Organs, duty_id: int, **changes: str) -> int:
    return duties.submit(
        duty_id, done_on=date(2026, 5, 28), words="已在柳溪镇卫生院门口设站，五月底开通", files=[PNG], actor=person(organs(ROADS), "clerk"),
        on=date(2026, 5, 29), at=at("2026-05-29"), result={**ANSWER, **changes},
    )  # fmt: skip


@pytest.mark.row("D2")
def test_the_answer_is_kept_with_the_act_and_confirmed_by_who_assigned_it(organs: Organs, suggestion: int) -> None:
    answered(organs, suggestion, result="A")
    reply = at("2026-06-02")
    duties.confirm(
        suggestion, reason="已到现场看过站牌", actor=person(organs(CONGRESS), "head"), on=reply.date(), at=reply
    )
    found = promise(suggestion, as_of=reply.date())
    assert found is not None
    (sent,) = (act for act in found.acts if act.kind == "performance")
    assert {name: sent.body[name] for name in ANSWER} == ANSWER
    assert found.card.duty.kept_on == date(2026, 5, 28)


@pytest.mark.row("D2")
@pytest.mark.parametrize(
    "changes, field, words",
    [
        ({"result": ""}, "result", "办理结果：必填，但这一格是空的"),
        ({"result": "D其他"}, "result", "办理结果：“D其他”不在可填的范围内"),
        ({"result": "B列入计划"}, "planned_by", "计划办成日期：按“办理结果”，这一格必填"),
        ({"replied_on": "2026-05-01"}, "replied_on", "答复日期：早于“面商日期”（2026-05-20）"),
        ({"replied_on": "2026-06-20"}, "replied_on", "答复日期：日期2026-06-20在上报日2026-05-29之后"),
        ({"replied_on": "月底"}, "replied_on", "答复日期：“月底”不是能认的日期"),
        ({"satisfaction": "满意"}, "satisfaction", "没有这些项：satisfaction"),
    ],
)
def test_an_answer_that_is_not_whole_is_refused_at_its_field(
    organs: Organs, suggestion: int, changes: dict[str, str], field: str, words: str
) -> None:
    with pytest.raises(Refused) as no:
        answered(organs, suggestion, **changes)
    assert (no.value.field, no.value.message) == (field, words)
    assert no.value.fix
    assert no.value.clause
    assert Duty.objects.get(pk=suggestion).submitted_on is None


@pytest.mark.row("D2")
def test_three_months_may_become_six_and_no_more(organs: Organs, suggestion: int) -> None:
    authority = duties.Authority("青禾县人大常委会办公室", "青人办函〔2026〕9号")
    moment = at("2026-06-01")

    def until(day: date) -> None:
        duties.amend(
            suggestion, due_on=day, authority=authority, reason="涉及三个部门，要先改线路规划", actor=person(organs(ROADS), "head"),
            on=moment.date(), at=moment,
        )  # fmt: skip

    with pytest.raises(Refused, match="最长只能到2026-09-10"):
        until(date(2026, 9, 11))
    until(date(2026, 9, 10))
    assert Duty.objects.get(pk=suggestion).due_on == date(2026, 9, 10)
