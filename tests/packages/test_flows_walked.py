"""Random cases walk through every procedure of the pack, by everybody who might: what must hold at every step, whatever is tried."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from jiannuo.access.rules import Actor
from jiannuo.assessment.actions import proving
from jiannuo.cases import actions, queries, rules, tick
from jiannuo.cases.actions import Answer, Given
from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import Taker
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import queries as public
from jiannuo.intake import actions as intake
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.applying import FIRM as APPLICANT
from tests.packages.applying import ITEM, LICENCE
from tests.packages.breaching import AGREEMENT, CLAIM, INSTALMENT, INSTRUMENT, REVIEW
from tests.packages.casework import CITIZEN, COMPLAINT, stands
from tests.packages.deciding import ANSWER, FACTS, PEOPLE, County, county, drafted
from tests.packages.deciding import DECISION as DRAFTED
from tests.packages.deciding import OPINION as SAID
from tests.packages.deciding import done as gone_on
from tests.packages.honouring import APPLICATION as APPLIED
from tests.packages.honouring import AWARD, OPINION, OUTSIDE, SELECTION
from tests.packages.inspecting import BATCH, PLAN
from tests.packages.overhearing import EVALUATED, EVENT, JUDGED, URGENT
from tests.packages.promising import PNG, at, person
from tests.packages.recording import APPLICATION, DECISION, FIRM, FOUND, LEAD, OBJECTION, OVERSIGHT, SERVED
from tests.packages.releasing import YES
from tests.wrong.make_sheets import good

pytestmark = pytest.mark.django_db

FIRST = date(2026, 3, 2)
ORGANS = ("青禾县市场监督管理局", "青禾县人民政府办公室", "青禾县发展和改革委员会", "柳溪镇人民政府")
BODIES = ("青禾县司法局", "青禾县监察委员会")
FORMS: Mapping[str, Mapping[str, str]] = {
    "application": APPLICANT,
    "breach": {**CLAIM, "signed_on": "2026-01-05", "delivered_on": "2026-01-05"},
    "complaint": COMPLAINT,
    "determination": FOUND,
    "objection": {**OBJECTION, **FIRM},
    "repair": {**APPLICATION, **FIRM},
    "major_decision": DRAFTED,
    "decision_opinion": SAID,
    "inspection_plan": PLAN,
    "selection": SELECTION,
    "demonstration": APPLIED,
    "nomination_objection": OPINION,
    "honour": OUTSIDE,
    "opinion": EVENT,
}
"""What a case of each procedure is opened with."""
FIELDS: Mapping[str, Mapping[str, str]] = {
    "agreement": {**AGREEMENT, "signed_on": "2026-03-02"},
    "breach_claim": {**CLAIM, "signed_on": "2026-01-05", "delivered_on": "2026-01-05"},
    "determination": {**INSTRUMENT, "source": FOUND["source"]},
    "instalment": INSTALMENT,
    "legality_review": {**REVIEW, "concluded_on": "2026-03-02"},
    "special_procedure": {"procedure": "听证", "until": "2028-03-01"},
    "licence_legal": LICENCE,
    "dishonesty_decision": {**DECISION, "decided_on": "2026-03-02"},
    "dishonesty_record": {**SERVED, "served_on": "2026-03-02"},
    "decision_consultation": FACTS["announce"],
    "decision_hearing": FACTS["call_hearing"],
    "decision_argument": FACTS["argue"],
    "decision_risk": FACTS["assess"],
    "decision_review": FACTS["review"],
    "decision_integrity": FACTS["clear"],
    "decision_resolution": {**FACTS["decide"], "decided_on": "2026-03-02"},
    "opinion_answer": ANSWER,
    "inspection": {**BATCH, "inspector": OVERSIGHT},
    "urgent_judgement": URGENT,
    "opinion_judgement": JUDGED,
    "opinion_evaluation": EVALUATED,
    "honour_claim": {**AWARD, "awarded_on": "2026-03-02"},
}
"""What the facts that steps write, and the cases they open, are filled in with, by kind."""
PLANNED = ("inspection",)
"""What a plan opens, walked too."""
TOLD_AS_FOUND = (Phase.explicit, Phase.reuse, Phase.generate)
"""A walk that fails is told as it was found: to make it shorter takes a database minutes, and the time limit then hides why."""


def people(organs: Callable[[str], OrganCard]) -> list[Taker]:
    """Two of each organ, a citizen, and the clock."""
    found = [
        Taker(person(organs(name), role, username=f"{role}.{name}"))
        for name in (*ORGANS, *BODIES)
        for role in ("reviewer", "head")
    ]
    found += [Taker(person(organs("青禾县发展和改革委员会"), "lead", username=f"lead.{number}")) for number in (1, 2)]
    return [*found, CITIZEN, Taker()]


@pytest.fixture
def deciders(organs: Callable[[str], OrganCard]) -> County:
    """Who prepares a decision, with the officials its lines name."""
    return county(organs)


def test_every_procedure_has_its_form() -> None:
    opened_by_people = {flow.id for flow in policy.current().flows.values() if set(flow.opened_by) != {"case"}}
    assert set(FORMS) == opened_by_people


@pytest.mark.parametrize("flow", [*FORMS, *PLANNED])
@settings(max_examples=8, phases=TOLD_AS_FOUND, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_tried_the_case_stays_whole(
    organs: Callable[[str], OrganCard], deciders: County, flow: str, data: st.DataObject
) -> None:
    takers, day = people(organs), FIRST
    case_id = opened(flow, takers, data, day, deciders)
    for turn in range(data.draw(st.integers(2, 9), label="steps")):
        day += timedelta(days=data.draw(st.integers(0, 40), label="days"))
        before = card(case_id, day)
        if not allowed(before, takers, day):
            break
        step, taker = data.draw(st.sampled_from(allowed(before, takers, day)), label="step")
        complete(before, {one for one, _ in allowed(before, takers, day)})
        tried(before, takers, day)
        organs_given = (
            [data.draw(st.sampled_from(ORGANS))] if {"organ", "organs"} & set(before.flow.by_id[step].needs) else []
        )
        try:
            proving.take(
                case_id,
                step=step,
                given=filling(before, step, organs_given, turn),
                taker=taker,
                on=day,
                at=at(day.isoformat()),
            )
        except Refused as refused:
            # Handing it to the accused, saying of a record or a day what is not so, telling of half of what is missing:
            # that is all that may be refused. So may what the answers to a checklist, or the ledger, do not bear; and asking, by
            # whom it is not given to.
            allowing = {"own", "correction", "record", "overdue", "left_out", "checklist"}
            allowing |= {"forbidden", "proof"} if proves(before, step) else set()
            assert refused.code in allowing, refused.message  # noqa: PT017
        holds(case_id, day)
    same_when_told_again(case_id, day)


def opened(flow: str, takers: list[Taker], data: st.DataObject, day: date, deciders: County) -> int:
    about = data.draw(st.sampled_from(ORGANS), label="about")
    # Not drawn: an example that is tried again is another case, not the one it left behind.
    token = uuid4().hex
    if flow in PLANNED:
        return planned(takers, about, day, token)
    kind = policy.current().kinds[policy.current().flows[flow].kind]
    fields = {**FORMS[flow], **({kind.field_for("organ_name"): about} if kind.field_for("organ_name") else {})}
    openers = [CITIZEN] if "public" in policy.current().flows[flow].opened_by else [one for one in takers if one.actor]
    within = policy.current().flows[flow].within
    if within and within.field:
        fields |= prepared(takers, flow, day, token)
    about_what = policy.current().flows[flow].about
    record = fined(day, token) if about_what == "record" else offered(day) if about_what == "item" else None
    under = consulting(deciders, day, token) if within and not within.field else None
    for taker in openers:
        try:
            return actions.open_case(
                flow,
                fields=fields,
                taker=taker,
                on=day,
                at=at(day.isoformat()),
                token=token,
                files=[PNG],
                record_id=record,
                under=under,
            ).case_id
        except Refused:
            continue
    raise AssertionError(flow)


def consulting(deciders: County, day: date, token: str) -> int:
    """A decision whose draft is open to opinions."""
    case_id = drafted(deciders, day.isoformat(), token=token).case_id
    gone_on(deciders, case_id, "announce", day.isoformat())
    return case_id


def proves(before: CaseCard, step: str) -> bool:
    return bool({"criteria", "eligible"} & set(before.flow.by_id[step].needs))


def prepared(takers: list[Taker], flow: str, day: date, token: str) -> dict[str, str]:
    """What a case is opened within: a selection announced, and for an opinion on it somebody nominated; the number to name."""
    moment = at(day.isoformat())
    one, two = (taker for taker in takers if taker.actor and "lead" in taker.actor.roles)
    market = next(taker for taker in takers if taker.actor and taker.actor.username == f"reviewer.{ORGANS[0]}")
    given = Given("核对过材料，情况属实，按规定办理")
    outer = actions.open_case("selection", fields=SELECTION, taker=one, token=token, on=day, at=moment)
    actions.take(outer.case_id, step="announce", given=given, taker=one, on=day, at=moment)
    if flow == "demonstration":
        return {"selection": outer.number}
    fields = {**APPLIED, "selection": outer.number}
    case = actions.open_case("demonstration", fields=fields, taker=market, token=token, on=day, at=moment)
    actions.take(case.case_id, step="evaluate", given=given, taker=one, on=day, at=moment)
    proving.take(case.case_id, step="nominate", given=given, taker=two, on=day, at=moment)
    return {"nominee": case.number}


def planned(takers: list[Taker], about: str, day: date, token: str) -> int:
    """An inspection of an organ, by one that it is not."""
    moment = at(day.isoformat())
    lead = next(one for one in takers if one.actor and "lead" in one.actor.roles)
    plan = actions.open_case("inspection_plan", fields=PLAN, taker=lead, on=day, at=moment, token=token)
    batch = {**BATCH, "inspector": OVERSIGHT if about != OVERSIGHT else LEAD}
    given = Given("列入今年的计划，六月底前查完", fields=batch, organs=[about], token=token)
    actions.take(plan.case_id, step="list", given=given, taker=lead, on=day, at=moment)
    (case,) = queries.parts(stands(plan.case_id, day.isoformat()), as_of=day)
    return case.id


def fined(day: date, token: str) -> int:
    """A public record of a firm that was fined a year and a half ago."""
    moment = at(day.isoformat())
    organ = subjects.directory(day).find(ORGANS[0])
    assert organ is not None
    row = good(CF_JDRQ="2024/09/03", CF_WSH=f"青市监罚决字〔2024〕{int(token[:7], 16)}号")
    given = {"kind": "penalty_legal", "organ_id": organ.id, "author": "clerk", "at": moment, "as_of": day}
    before, _ = ledger.head()
    intake.process(intake.receive_rows([row], **given), clock=lambda: moment)  # type: ignore[arg-type]
    (record,) = ledger.since(before, kinds=["penalty_legal"], limit=5)
    disclosure.release(
        entry_ids=[record.id], actor=person(organ, "reviewer", username="releaser"), on=day, at=moment, **YES
    )
    return record.id


def offered(day: date) -> int:
    """An item of the list of an organ, sent in whole."""
    moment, organ = at(day.isoformat()), subjects.directory(day).find(ORGANS[0])
    assert organ is not None
    given = {"kind": "service_item", "organ_id": organ.id, "author": "clerk", "at": moment, "as_of": day}
    intake.process(intake.receive_rows([ITEM], **given), clock=lambda: moment)  # type: ignore[arg-type]
    (record,) = ledger.listed("service_item", organ.id)
    return record.id


def card(case_id: int, day: date) -> CaseCard:
    found = queries.case(case_id, as_of=day)
    assert found is not None
    return found


def allowed(before: CaseCard, takers: list[Taker], day: date) -> list[tuple[str, Taker]]:
    matter = queries.matter(before, queries.steps(before), as_of=day)
    return [(step.id, taker) for taker in takers for step in rules.open_steps(matter, taker)]


def complete(before: CaseCard, steps: set[str]) -> None:
    """This walk fills in what the form of every step asks for that might be taken, whether it comes to be taken or not."""
    for step in steps:
        row = before.flow.by_id[step]
        kind = queries.asked(before, row)
        needed = {one.id for one in kind.fields if one.need == "M"} if kind else set()
        assert needed <= filling(before, step, [], 0).fields.keys(), (before.flow.id, step)


def tried(before: CaseCard, takers: list[Taker], day: date) -> None:
    """What the table does not allow is refused in words and leaves no trace in the ledger."""
    matter = queries.matter(before, queries.steps(before), as_of=day)
    head = ledger.head()
    for taker in takers:
        step = next((one for one in before.flow.steps if one not in rules.open_steps(matter, taker)), None)
        if step:
            with pytest.raises(Refused) as refused:
                actions.take(
                    before.id,
                    step=step.id,
                    given=Given(words="这一步不该成"),
                    taker=taker,
                    on=day,
                    at=at(day.isoformat()),
                )
            assert refused.value.fix
    assert ledger.head() == head


def filling(before: CaseCard, step: str, chosen: list[str], turn: int) -> Given:
    row, pack = before.flow.by_id[step], policy.current()
    asks = row.asks
    questions = pack.checklists[before.flow.checklist.items] if before.flow.checklist else {}
    wrong = Answer("J01", "不合格", "抽查的三份决定过了期限才公开", [PNG])
    answers = [wrong if turn % 2 and item == "J01" else Answer(item, "合格") for item in questions]
    fields = dict(FIELDS.get(asks, {}))
    if "XK_WSH" in fields:
        fields["XK_WSH"] = f"青市监许〔2026〕{before.id}号"
    return Given(
        "核对过材料，情况属实，按规定办理",
        [PNG],
        fields,
        chosen,
        f"turn-{turn}",
        lines=PEOPLE.get(step, ""),
        answers=answers,
    )


def holds(case_id: int, day: date) -> None:
    now = card(case_id, day)
    shown_right(now, day)
    open_duties = [one.kind for one in now.duties if one.is_open]
    own = subjects.directory(day).line(now.subject_id) if now.subject_id else frozenset()
    if now.state.final:
        assert not open_duties, "nothing is owed in a closed case"
        assert now.closed_on is not None
        last = [words for step, words in queries.said(queries.steps(now)) if words]
        assert last, "nothing closes in silence"
    else:
        assert now.closed_on is None
        assert len(set(open_duties)) == len(open_duties), "no clock runs twice"
        to_subject = any(step.hands_to == "subject" for step in now.flow.steps)
        assert now.handler_id not in own or to_subject, "nobody decides on their own"
        anyone = now.flow.out_of(now.state.id)
        assert anyone, "every open case can go on"


def shown_right(now: CaseCard, day: date) -> None:
    """A disputed record is disputed everywhere, a repaired one gone everywhere, at once."""
    record = ledger.entry(now.record_id or 0) if now.flow.about == "record" else None
    if record is None:
        return
    page = public.public_record(record.identity.hex(), on=day)
    rows = [row for row in public.find(record.number, on=day).rows if row.entry_id == record.id]
    if now.state.id == "repaired":
        assert page is None
        assert not rows
    elif now.state.id == "taken_down":
        assert page is not None
        assert page.state == "withdrawn"
        assert not rows
    else:
        disputed = now.flow.act == "dispute" and not now.state.final
        assert page is not None
        assert (page.state, bool(page.disputed_on)) == ("public", disputed)
        assert [bool(row.disputed_on) for row in rows] == [disputed]


def same_when_told_again(case_id: int, day: date) -> None:
    """The table is an index: made again from the ledger, it is the same."""

    def told() -> list[dict[str, object]]:
        rows = Case.objects.order_by("number").values()
        return [{key: value for key, value in row.items() if key not in ("id", "parent_id")} for row in rows]

    before, number = told(), card(case_id, day).number
    actions.rebuild()
    assert told() == before
    assert queries.by_number(number, as_of=day) is not None


def test_a_clock_taken_twice_or_late_is_one_step(organs: Callable[[str], OrganCard]) -> None:
    lead = person(organs("青禾县发展和改革委员会"), "lead")
    office: Actor = person(organs("青禾县人民政府办公室"), "reviewer")
    one = actions.open_case("complaint", fields=COMPLAINT, taker=CITIZEN, on=FIRST, at=at("2026-03-02"), token="t")
    words = "核对过材料，情况属实"
    for step, taker, more in (("route", Taker(lead), ["青禾县人民政府办公室"]), ("answer", Taker(office), [])):
        actions.take(
            one.case_id, step=step, given=Given(words, organs=more), taker=taker, on=FIRST, at=at("2026-03-02")
        )
    for _ in range(2):
        for _ in range(3):
            tick.run(as_of=date(2026, 11, 20), now=at("2026-11-20"))
    titles = [one.title for one in queries.steps(card(one.case_id, date(2026, 11, 20)))]
    assert titles == ["登记", "受理并转办", "答复", "四周后再次请提出人评价", "没有评价，办结"]
