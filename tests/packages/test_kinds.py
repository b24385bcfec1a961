"""Each kind the plan promises comes in by its sheet, opens the right duty with the right day, and is refused in words."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pytest

from jiannuo.duties.actions import follow
from jiannuo.duties.models import Duty
from jiannuo.intake import actions, queries
from jiannuo.intake.rules.workbooks import template
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects.rules import OrganCard
from tests.packages.kinds import CONGRESS, DISCIPLINE, LEAD, MARKET, OFFICE, PERSONNEL, ROADS, ROWS, TOWN
from tests.packages.promising import at

Organs = Callable[[str], OrganCard]
Take = Callable[..., queries.BatchCard]
NOW = at("2026-11-23")


@pytest.fixture
def take(organs: Organs) -> Take:
    """Takes in rows of a kind from an organ, by default the row that passes from the organ it comes from."""
    roads = organs(ROADS)
    subjects_actions.appoint(
        code="QH-0001", name="钱某", organ=roads, title="局长", on=date(2024, 1, 1), at=NOW, by="lead"
    )

    def taking(kind: str, *rows: Mapping[str, str], by: str = "", moment: datetime = NOW, **more: Any) -> Any:
        sender, row = ROWS[kind]
        batch_id = actions.receive_rows(
            rows or [row], kind=kind, organ_id=organs(by or sender).id, author="clerk", at=moment, as_of=moment.date(), **more
        )  # fmt: skip
        card = actions.process(batch_id, clock=lambda: moment)
        while follow(opened_at=moment):
            pass
        return card

    return taking


def problems(card: queries.BatchCard) -> list[tuple[str, str, str]]:
    return [(one.field, one.message, one.fix) for one in queries.problems(card.id, limit=50)[1] if one.level == "error"]


def duty(kind: str) -> Duty:
    return Duty.objects.get(kind=kind)


@pytest.mark.parametrize("kind", ROWS)
def test_a_good_row_of_every_kind_comes_in_and_is_kept_as_its_kind_says(take: Take, kind: str) -> None:
    card = take(kind)
    assert (card.accepted, problems(card)) == (1, [])
    assert ledger.facts().filter(kind=kind).count() == 1
    opened = {one.kind for one in Duty.objects.all()}
    assert opened == set(policy.current().kinds[kind].opens)


@pytest.mark.parametrize("kind", ROWS)
def test_the_template_of_every_kind_filled_in_comes_in(take: Take, organs: Organs, kind: str) -> None:
    found = policy.current().kinds[kind]
    assert template(found, on=date(2026, 11, 23)).startswith(b"PK")
    sender, row = ROWS[kind]
    file = io.StringIO(newline="")
    sheet = csv.writer(file)
    # As people head their own sheets: by the last alias where there is one.
    sheet.writerow(field.aliases[-1] if field.aliases else field.title for field in found.fields)
    sheet.writerow(row.get(field.id, "") for field in found.fields)
    data = file.getvalue().encode("gb18030")
    batch_id = actions.receive(
        kind=kind, organ_id=organs(sender).id, author="clerk", data=data, filename="表.csv", at=NOW, as_of=NOW.date()
    )
    card = actions.process(batch_id, clock=lambda: NOW)
    assert (card.accepted, problems(card)) == (1, [])


@pytest.mark.row("C2")
def test_a_target_is_owed_by_its_day_and_confirmed_by_the_organ_it_names(take: Take, organs: Organs) -> None:
    take("work_target")
    one = duty("reach_target")
    assert (one.due_on, one.confirmer_id, one.office) == (date(2026, 10, 31), organs(OFFICE).id, "公路科科长")
    take("livelihood_project")
    assert duty("deliver_project").debtor_id == organs(ROADS).id


@pytest.mark.row("D2")
def test_a_suggestion_is_owed_three_months_after_it_was_assigned(take: Take, organs: Organs) -> None:
    take("suggestion")
    one = duty("answer_suggestion")
    assert (one.started_on, one.due_on, one.debtor_id) == (date(2026, 3, 10), date(2026, 6, 10), organs(ROADS).id)
    assert one.confirmer_id == organs(CONGRESS).id


@pytest.mark.row("C3")
def test_a_lost_case_opens_the_judgment_to_perform_and_the_account_to_give(take: Take, organs: Organs) -> None:
    take("court_case")
    judgment, account = duty("perform_judgment"), duty("account_for_lost_case")
    assert (judgment.started_on, judgment.due_on) == (date(2026, 9, 5), date(2026, 11, 4))
    assert (account.started_on, account.due_on) == (date(2026, 8, 20), date(2026, 10, 19))
    assert account.confirmer_id == organs(LEAD).id


@pytest.mark.row("C3")
def test_a_case_that_was_won_opens_nothing(take: Take) -> None:
    won = {"outcome": "驳回诉讼请求", "to_perform": "", "perform_by": "", "revealed": "", "effective_on": ""}
    assert take("court_case", {**ROWS["court_case"][1], **won}).accepted == 1
    assert not Duty.objects.exists()


@pytest.mark.row("C3")
def test_how_outcomes_count_is_said_by_the_pack() -> None:
    outcomes = policy.load(policy.ROOT / "sample").kinds["court_case"].outcomes
    assert outcomes is not None
    assert outcomes.is_lost("确认违法;驳回诉讼请求")
    assert not outcomes.is_lost("调解")
    assert outcomes.denominator == "concluded"
    assert outcomes.counts("撤诉")
    assert not outcomes.counts("")


@pytest.mark.row("C5")
def test_a_service_case_is_kept_on_the_day_it_was_done(take: Take) -> None:
    row = ROWS["service_case"][1]
    late = {**row, "number": "办2", "done_on": "2026-09-10"}
    still = {**row, "number": "办3", "done_on": "", "result": ""}
    take("service_case", row, late, still)
    found = {one.entry.number: (one.due_on, one.kept_on) for one in Duty.objects.select_related("entry")}
    assert found == {
        row["number"]: (date(2026, 9, 8), date(2026, 9, 7)),
        "办2": (date(2026, 9, 8), date(2026, 9, 10)),
        "办3": (date(2026, 9, 8), None),
    }


@pytest.mark.row("C5")
def test_a_case_done_later_and_one_corrected_before_it_was_followed_are_one_duty_each(
    take: Take, organs: Organs
) -> None:
    row = {**ROWS["service_case"][1], "done_on": "", "result": ""}
    take("service_case", row)
    done = {**row, "done_on": "2026-09-08", "result": "准予"}
    take("service_case", done, corrects=True, reason="办结")
    one = duty("handle_service")
    assert (one.due_on, one.kept_on, one.entry.version) == (date(2026, 9, 8), date(2026, 9, 8), 2)
    for version in ({**row, "number": "办9"}, {**done, "number": "办9"}):
        batch_id = actions.receive_rows(
            [version], kind="service_case", organ_id=organs(MARKET).id, author="clerk", at=NOW, as_of=NOW.date(), corrects=True, reason="办结"
        )  # fmt: skip
        actions.process(batch_id, clock=lambda: NOW)
    while follow(opened_at=NOW):
        pass
    (again,) = Duty.objects.filter(entry__number="办9")
    assert (again.kept_on, again.entry.version) == (date(2026, 9, 8), 2)


@pytest.mark.row("G7")
def test_only_towns_make_the_commitments_of_towns(take: Take) -> None:
    with pytest.raises(Refused) as no:
        take("town_commitment", by=MARKET)
    assert no.value.message == "“乡镇和街道公开承诺”不由县市场监管局上报"
    assert "柳溪镇" in no.value.fix or "等" in no.value.fix


@pytest.mark.row("A4")
@pytest.mark.parametrize("kind", ["personal_matter", "integrity_record", "appraisal", "violation", "training"])
def test_what_goes_into_an_officials_file_comes_from_personnel_or_discipline(take: Take, kind: str) -> None:
    for other in (ROADS, LEAD, TOWN):
        with pytest.raises(Refused, match="不由"):
            take(kind, by=other)


@pytest.mark.row("A4")
def test_who_may_not_see_personal_matters_sends_none(take: Take) -> None:
    with pytest.raises(Refused) as no:
        take("personal_matter", by=DISCIPLINE)
    assert no.value.fix == "由县委组织部、县人社局上报"
    assert PERSONNEL in ROWS["personal_matter"][0]


@pytest.mark.row("A4")
def test_what_is_sealed_is_not_in_the_open_body(take: Take) -> None:
    take("violation")
    (entry,) = ledger.cards(ledger.facts().filter(kind="violation"))
    assert ledger.records("violation", organ_ids=None, as_of=None, limit=1) == (0, [])
    assert "处罚决定" not in str(entry.body)
    assert ledger.personal(entry.id)["content"] == ROWS["violation"][1]["content"]


@pytest.mark.row("A4")
@pytest.mark.parametrize(
    "sanction, last",
    [
        ("警告", date(2026, 9, 10)),
        ("记过", date(2027, 3, 10)),
        ("记大过", date(2027, 9, 10)),
        ("降级", date(2028, 3, 10)),
        ("撤职", date(2028, 3, 10)),
        ("开除", None),
        ("免予处分", date(2026, 3, 10)),
    ],
)
def test_a_sanction_ends_when_the_law_ends_it(sanction: str, last: date | None) -> None:
    assert policy.load(policy.ROOT / "sample").ends_on("violation", sanction, on=date(2026, 3, 10)) == last


def test_a_milestone_belongs_to_a_promise_of_its_own_organ(take: Take, organs: Organs) -> None:
    take("work_target")
    row = {
        "parent": "2026-重-08", "number": "m1", "title": "完成招标", "shown_by": "中标通知书", "made_on": "2026-02-10",
        "due_on": "2026-04-30", "organ": ROADS,
    }  # fmt: skip

    def sent(by: str, **changes: str) -> queries.BatchCard:
        batch_id = actions.receive_rows(
            [{**row, **changes}], kind="milestone", organ_id=organs(by).id, author="clerk", at=NOW, as_of=NOW.date()
        )
        return actions.process(batch_id, clock=lambda: NOW)

    (wrong,) = problems(sent(MARKET, organ=MARKET))
    assert wrong[:2] == ("parent", "“2026-重-08”是别的单位的")
    assert sent(ROADS, organ="县交通局").accepted == 1
