"""What proposers and people say of what was done, as the half-yearly report counts it: the share, its denominator, its records."""

from collections.abc import Callable
from datetime import date

import pytest

from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.behind import behind
from jiannuo.assessment.rules.figures import measure
from jiannuo.assessment.rules.printing import printed
from jiannuo.documents.content import Chart, Table
from jiannuo.duties import actions as duties
from jiannuo.policy import pack as policy
from jiannuo.subjects.rules import OrganCard
from tests.packages.promising import PNG, at, carried, person, promised
from tests.packages.reporting import H1, asked, day, own
from tests.packages.test_supervised_figures import ASKED, send_from

pytestmark = pytest.mark.django_db
ON = "2026-07-02"
NAMES = ("suggestions_satisfaction", "people_agreed_rate")


def say(number: int, *, agreed: bool) -> None:
    duties.respond(
        number, agreed=agreed, words="已经去看过了", author="public", on=day("2026-06-20"), at=at("2026-06-20")
    )


@pytest.fixture
def judged(send: Callable[..., object], market: OrganCard, organs: Callable[[str], OrganCard]) -> None:
    """Three promises, of which one is agreed on, one disputed by one of two, one not spoken of; two suggestions answered, one judged."""
    asked("2026-06-01")
    agreed, disputed, _ = (promised(send, number=f"2026-承-{n}", due_on="2026-06-10") for n in (11, 12, 13))
    say(agreed.duty.id, agreed=True)
    say(disputed.duty.id, agreed=True)
    say(disputed.duty.id, agreed=False)
    congress = organs(ASKED["confirmer"])
    for at_, number in enumerate(("第1号", "第2号")):
        row = {**ASKED, "number": number, "title": f"关于增加停车位的建议之{number}"}
        card = promised(send_from(send, congress), kind="suggestion", on="2026-03-10", **row)
        duties.submit(
            card.duty.id, done_on=date(2026, 5, 6), words="已新增停车位120个，书面答复并当面沟通", files=[PNG],
            actor=person(market, "clerk"), on=date(2026, 5, 7), at=at("2026-05-07"),
            result={"met_on": "2026-04-20", "replied_on": "2026-05-06", "result": "A已解决"},
        )  # fmt: skip
        duties.confirm(
            card.duty.id, reason="到现场看过，车位已经开放", actor=person(congress, "reviewer"), on=date(2026, 5, 12),
            at=at("2026-05-12"),
        )  # fmt: skip
        if at_ == 0:
            say(card.duty.id, agreed=True)
    carried(at("2026-06-20"))


def test_each_share_names_its_denominator_and_leads_to_it(judged: None, market: OrganCard) -> None:
    found = own(market, ON)
    assert {name: (found[name].shown, found[name].part, found[name].whole) for name in NAMES} == {
        "suggestions_satisfaction": ("100.00%", 1, 1), "people_agreed_rate": ("50.00%", 1, 2),
    }  # fmt: skip
    assert "有人评价" in found["suggestions_satisfaction"].of
    assert "有群众反馈" in found["people_agreed_rate"].of
    for name in NAMES:
        one = measure(name)
        assert one
        rows = behind(one, H1, as_of=day(ON), organ_ids=[market.id])
        assert rows.count() == found[name].whole


def test_where_nobody_spoke_there_is_no_share(market: OrganCard) -> None:
    asked()
    assert [(own(market, ON)[name].shown, own(market, ON)[name].why) for name in NAMES] == [("—", "还没有人评价")] * 2


def test_they_stand_in_the_reports_on_paper(judged: None, market: OrganCard) -> None:
    asked(ON)
    made = printed(
        policy.current().report, organ=market.name, to="", period=H1, words={}, figures=list(own(market, ON).values()),
        signed_on=None, on=day(ON), is_demo=True,
    )  # fmt: skip
    rows = [row for block in made.body if isinstance(block, Table) for row in block.rows]
    assert any(row[0] == "群众认可率" and str(row[3]).startswith("1/2，分母为") for row in rows)
    county = consolidated.document(consolidated.county(H1, as_of=day(ON)), number="", dated=day(ON))
    tables = {block.title: block for block in county.body if isinstance(block, Table)}
    assert [column.label for column in tables["各单位的建议人、群众评价"].columns][2:] == [
        "建议提案满意率（%）", "群众认可率（%）", "被反映不实的承诺（项）",
    ]  # fmt: skip


def test_dates_put_off_are_drawn_by_organ_with_their_numbers(send: Callable[..., object], market: OrganCard) -> None:
    asked("2026-06-01")
    moved = promised(send, number="2026-承-21", due_on="2026-06-10")
    duties.amend(
        moved.duty.id, due_on=date(2026, 6, 25), authority=duties.Authority("青禾县人民政府", "会议纪要第9号"),
        reason="汛期连续降雨，无法施工", actor=person(market, "head"), on=day("2026-06-01"), at=at("2026-06-01"),
    )  # fmt: skip
    asked(ON)
    made = consolidated.document(consolidated.county(H1, as_of=day(ON)), number="", dated=day(ON))
    (chart,) = (block for block in made.body if isinstance(block, Chart) and "推迟" in block.caption)
    assert chart.figure.rows == ((f"{market.short}（1件）", (15, 15)),)
    (table,) = (block for block in made.body if isinstance(block, Table) and "推迟" in block.title)
    assert [str(cell) for cell in table.rows[0]] == [f"{market.short}（1件）", "15", "15"]
