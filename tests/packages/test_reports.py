"""The half-yearly report from the calendar's call to the county government: figures, words, signature, chasing, consolidation."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jiannuo.access.rules import Actor
from jiannuo.assessment import actions
from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.behind import behind
from jiannuo.assessment.queries.figures import Frame, figures
from jiannuo.assessment.queries.reports import periods, reports, reports_of, signed_content
from jiannuo.assessment.rules.figures import MEASURES
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import State, Typed, mark
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.queries import Standing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages import kinds
from tests.packages.conftest import Send
from tests.packages.promising import at, carried, person, promised
from tests.packages.reporting import H1, WORDS, asked, card, day, offer, own, sent, sign, write
from tests.wrong import make_sheets

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(market: OrganCard) -> Actor:
    return person(market, "clerk")


@pytest.fixture
def head(market: OrganCard) -> Actor:
    return person(market, "head")


@pytest.fixture
def lead(organs: Callable[[str], OrganCard]) -> Actor:
    return person(organs("青禾县发展和改革委员会"), "lead")


@pytest.fixture
def called(market: OrganCard) -> None:
    asked()


# -- owed -------------------------------------------------------------------------------------------------------------


def test_each_organ_owes_its_report_by_the_tenth_of_july_with_no_day_more(called: None, market: OrganCard) -> None:
    now = card(market, "2026-07-01")
    assert (now.due_on, now.state, now.duty.standing) == (date(2026, 7, 10), State.NONE, Standing.DUE_SOON)
    assert {one.period for one in reports(H1, as_of=day("2026-07-01"))} == {H1}
    assert len(reports(H1, as_of=day("2026-07-01"))) == 40
    tick.run(as_of=day("2027-01-01"), now=at("2027-01-01"))
    # 2027-01-10 is a Sunday.
    assert card(market, "2027-01-01", Period(2026, 2)).due_on == date(2027, 1, 10)
    assert periods() == [Period(2026, 2), H1]


def test_late_is_from_the_eleventh_on_and_a_breach_once(called: None, market: OrganCard) -> None:
    assert card(market, "2026-07-10").days_late == 0
    assert card(market, "2026-07-13").days_late == 3
    for _ in range(2):
        tick.run(as_of=day("2026-07-11"), now=at("2026-07-11"))
    told = ledger.cards(ledger.facts().filter(kind="breach", organ=market.id))
    assert [one.happened_on for one in told] == [date(2026, 7, 11)]


# -- figures ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def half_a_year(send: Send, market: OrganCard, called: None) -> None:
    """Eleven penalties of spring, some published late, one never; a promise broken and one whose date moved."""
    rows = [
        {**row, "CF_JDRQ": "2026-03-02", "CF_WSH": f"青市监处罚〔2026〕{at}号"}
        for at, row in enumerate(make_sheets.numbered(9))
    ]
    send(rows, at=at("2026-03-03"), as_of=day("2026-03-03"))
    disclosure.follow(at=at("2026-03-03"))
    _, cards = ledger.records("penalty_legal", organ_ids=[market.id], as_of=None, limit=50)
    duties.keep([one.id for one in cards[:5]], by=cards[0].id, on=date(2026, 3, 9))
    duties.keep([one.id for one in cards[5:7]], by=cards[5].id, on=date(2026, 4, 9))
    broken = promised(send, on="2026-03-02", number="2026-承-07", due_on="2026-05-30")
    moved = promised(send, on="2026-03-02", number="2026-承-08", due_on="2026-06-20")
    duties.amend(
        moved.duty.id, due_on=date(2026, 6, 28), authority=duties.Authority("青禾县人民政府", "会议纪要第9号"),
        reason="汛期连续降雨，无法施工", actor=person(market, "head"), on=date(2026, 6, 1), at=at("2026-06-01"),
    )  # fmt: skip
    carried(at("2026-06-01"))
    assert broken.duty.due_on == date(2026, 5, 30)
    tick.run(as_of=day("2026-07-01"), now=at("2026-07-01"))


def test_figures_follow_from_the_records(half_a_year: None, market: OrganCard) -> None:
    found = own(market, "2026-07-02")
    assert {name: found[name].shown for name in (
        "decisions_due", "decisions_on_time", "decisions_late", "decisions_missing", "decisions_timeliness",
        "promises_due", "promises_broken", "promises_moved", "promises_kept_rate",
    )} == {
        "decisions_due": "9", "decisions_on_time": "5", "decisions_late": "2", "decisions_missing": "2",
        "decisions_timeliness": "55.56%", "promises_due": "2", "promises_broken": "2", "promises_moved": "1",
        "promises_kept_rate": "0.00%",
    }  # fmt: skip
    # Two promises, two decisions never published and two published late.
    assert found["breaches"].value == 6


def test_where_nothing_is_due_there_is_no_share(called: None, market: OrganCard) -> None:
    found = own(market, "2026-07-02")
    assert (found["decisions_timeliness"].value, found["decisions_timeliness"].shown) == (None, "—")
    assert found["decisions_timeliness"].why == "这一期没有到期的"


def test_each_number_leads_to_as_many_records(half_a_year: None, market: OrganCard) -> None:
    found = own(market, "2026-07-02")
    counted = {one.id: behind(one, H1, as_of=day("2026-07-02"), organ_ids=[market.id]).count() for one in MEASURES}
    assert {name: one.counted for name, one in found.items() if name in counted} == counted


def test_lost_lawsuits_are_a_share_of_those_that_ended(
    called: None, send: Send, organs: Callable[[str], OrganCard]
) -> None:
    sender, row = kinds.ROWS["court_case"]
    defendant = organs(row["organ"])
    assert own(defendant, "2026-07-02")["loss_rate"].why == "这一期没有审结的"
    lost = {**row, "concluded_on": "2026-06-12", "effective_on": "2026-06-29", "perform_by": "2026-08-28"}
    send([lost], kind="court_case", organ_id=organs(sender).id, at=at("2026-07-01"), as_of=day("2026-07-01"))
    found = own(defendant, "2026-07-02")
    assert (found["lawsuits_concluded"].value, found["loss_rate"].shown, found["loss_rate"].whole) == (1, "100.00%", 1)
    assert own(organs("青禾县商务局"), "2026-07-02")["loss_rate"].value is None


def test_all_organs_at_once_in_a_few_questions(half_a_year: None, market: OrganCard) -> None:
    asked_for = tuple(one.organ_id for one in reports(H1, as_of=day("2026-07-02")))
    organs = subjects.directory(day("2026-07-02"))
    with CaptureQueriesContext(connection) as queries:
        found = figures(Frame(organs, H1, day("2026-07-02"), asked_for))
    assert len(found) == len(asked_for)
    assert len(queries) < 20
    assert {one.id: one.value for one in found[market.id]}["decisions_due"] == 9


def test_an_organ_tells_of_those_it_took_over(
    half_a_year: None, market: OrganCard, organs: Callable[[str], OrganCard]
) -> None:
    heir = organs("青禾县商务局")
    subjects_actions.merge(
        [market.id], into=heir.id, on=date(2026, 7, 5), reason="机构改革", at=at("2026-07-05"), by="tester"
    )
    assert own(heir, "2026-07-06")["decisions_due"].value == 9
    with pytest.raises(Refused, match="由县商务局办理"):
        write(market, person(market, "clerk", username="old"), "2026-07-06", **WORDS)
    write(market, person(heir, "clerk"), "2026-07-06", **WORDS)
    assert card(market, "2026-07-06").state is State.DRAFT


# -- writing ----------------------------------------------------------------------------------------------------------


def test_two_who_write_at_once_lose_nothing(called: None, market: OrganCard, clerk: Actor) -> None:
    other = person(market, "reviewer")
    write(market, clerk, "2026-07-02", overview="第一个人写的开头")
    shown = mark("第一个人写的开头")
    write(market, other, "2026-07-02", overview="第二个人改过的开头", done="第二个人写的做法")
    saved = actions.save(
        market.id, period=H1, actor=clerk, on=day("2026-07-02"), at=at("2026-07-02"),
        typed={
            "overview": Typed("第一个人又改了", shown), "done": Typed("", mark("")), "next": Typed("新写的打算", mark("")),
        },
    )  # fmt: skip
    assert saved.clashing == ("overview",)
    draft = card(market, "2026-07-02").draft
    assert draft is not None
    assert draft.words == {"overview": "第二个人改过的开头", "done": "第二个人写的做法", "next": "新写的打算"}
    assert draft.changes["overview"][0] == other.username
    assert draft.writers == {clerk.username, other.username}


def test_a_report_that_says_too_little_is_not_offered(called: None, market: OrganCard, clerk: Actor) -> None:
    write(market, clerk, "2026-07-02", **{**WORDS, "problems": "没有"})
    with pytest.raises(Refused, match="“存在问题”写了2字，至少20字") as no:
        offer(market, clerk, "2026-07-02")
    assert (no.value.field, card(market, "2026-07-02").state) == ("problems", State.DRAFT)


def test_numbers_that_differ_are_shown_and_must_be_explained(
    half_a_year: None, market: OrganCard, clerk: Actor, head: Actor
) -> None:
    write(market, clerk, "2026-07-02", **{**WORDS, "overview": WORDS["overview"] + "双公示公示率100%，迟报2件。"})
    write(market, clerk, "2026-07-02", **{"stated.promises_due": "3"})
    found = card(market, "2026-07-02").differences(own(market, "2026-07-02").values())
    assert [(one.where, one.label, one.written, one.ledger) for one in found] == [
        ("本单位统计", "到期的承诺和节点", "3项", "2项"),
        ("基本情况", "双公示及时率", "双公示公示率100%", "55.56%（5/9）"),
    ]
    with pytest.raises(Refused, match="有2处数字与记录不一致"):
        offer(market, clerk, "2026-07-02")
    write(market, clerk, "2026-07-02", note="有一项承诺由乡镇登记，没有记到本单位名下")
    offer(market, clerk, "2026-07-02")
    sign(market, head, "2026-07-03")
    assert len(card(market, "2026-07-03").differences()) == 2


def test_a_stated_number_is_a_number(called: None, market: OrganCard, clerk: Actor) -> None:
    with pytest.raises(Refused, match="不是数"):
        write(market, clerk, "2026-07-02", **{"stated.promises_due": "三项"})
    assert card(market, "2026-07-02").draft is None


# -- signing ----------------------------------------------------------------------------------------------------------


def test_the_head_signs_and_words_and_figures_are_frozen(
    half_a_year: None, market: OrganCard, clerk: Actor, head: Actor
) -> None:
    now = sent(market, person, "2026-07-08")
    assert (now.state, now.sent_on, now.days_late) == (State.SENT, date(2026, 7, 8), 0)
    content = signed_content(now)
    assert content is not None
    assert content["sections"][0]["words"] == WORDS["overview"]
    assert {one["id"]: one["value"] for one in content["figures"]}["decisions_due"] == "9"
    assert now.draft is not None
    data = ledger.evidence_bytes(now.draft.digest)
    assert json.loads(data)["signed_by"] == head.name
    act = ledger.entry(now.draft.signed or 0)
    assert act is not None
    assert (act.kind, act.happened_on) == ("performance", date(2026, 7, 8))
    assert list(act.body["evidence"]) == [now.draft.digest]
    with pytest.raises(Refused, match="不能再改"):
        write(market, clerk, "2026-07-09", overview="还想再改一改")


def test_who_wrote_it_does_not_sign_it(called: None, market: OrganCard) -> None:
    both = person(market, "head", "clerk")
    write(market, both, "2026-07-02", **WORDS)
    offer(market, both, "2026-07-02")
    with pytest.raises(Refused, match="不能由您签发"):
        sign(market, both, "2026-07-02")


def test_nothing_unseen_is_signed(called: None, market: OrganCard, clerk: Actor, head: Actor) -> None:
    write(market, clerk, "2026-07-02", **WORDS)
    with pytest.raises(Refused, match="还没有送签"):
        sign(market, head, "2026-07-02")
    offer(market, clerk, "2026-07-02")
    with pytest.raises(Refused, match="文字或者数字有变化"):
        actions.sign(market.id, period=H1, seen="0" * 16, actor=head, on=day("2026-07-02"), at=at("2026-07-02"))
    write(market, clerk, "2026-07-02", next=WORDS["next"] + "九月底前全部完成。")
    assert card(market, "2026-07-02").state is State.DRAFT


def test_a_report_is_handed_in_in_no_other_way(called: None, market: OrganCard, clerk: Actor, head: Actor) -> None:
    from tests.packages.promising import PNG

    number = card(market, "2026-07-02").duty.id
    for who in (clerk, head):
        with pytest.raises(Refused):
            duties.submit(
                number, done_on=day("2026-07-02"), words="报告见附件，请查收", files=[PNG], actor=who,
                on=day("2026-07-02"), at=at("2026-07-02"),
            )  # fmt: skip


# -- the lead office --------------------------------------------------------------------------------------------------


def test_the_lead_offices_own_report_is_confirmed_by_who_oversees_it(
    called: None, lead: Actor, organs: Callable[[str], OrganCard]
) -> None:
    office = organs("青禾县发展和改革委员会")
    sent(office, person, "2026-07-08")
    with pytest.raises(Refused, match="不能确认自己的"):
        actions.accept(
            office.id, period=H1, reason="收到，内容齐全", actor=lead, on=day("2026-07-09"), at=at("2026-07-09")
        )
    overseer = person(organs("青禾县人民政府办公室"), "reviewer")
    actions.accept(
        office.id, period=H1, reason="收到，内容齐全", actor=overseer, on=day("2026-07-09"), at=at("2026-07-09")
    )
    assert card(office, "2026-07-09").state is State.ACCEPTED


def test_several_are_chased_in_one_act_each_once_a_day(
    called: None, market: OrganCard, lead: Actor, organs: Callable[[str], OrganCard]
) -> None:
    sent(market, person, "2026-07-08")
    four = [organs(name).id for name in ("青禾县商务局", "青禾县财政局", "青禾县水利局", "青禾县统计局")]
    on, moment = day("2026-07-11"), at("2026-07-11")
    chased = actions.remind([*four, market.id], period=H1, words="请今天报送", actor=lead, on=on, at=moment)
    assert sorted(chased) == sorted(four)
    told = ledger.cards(ledger.facts().filter(kind="reminder"))
    assert {(one.organ_id, one.body["words"]) for one in told} == {(organ, "请今天报送") for organ in four}
    with pytest.raises(Refused, match="没有要催的"):
        actions.remind(four, period=H1, words="请今天报送", actor=lead, on=on, at=moment)
    actions.remind(four[:1], period=H1, words="请明天报送", actor=lead, on=day("2026-07-12"), at=at("2026-07-12"))
    assert len(card(organs("青禾县商务局"), "2026-07-12").reminders) == 2
    with pytest.raises(Refused):
        actions.remind(four, period=H1, words="请今天报送", actor=person(market, "clerk"), on=on, at=moment)


def test_an_organ_sees_its_own_reports(called: None, market: OrganCard) -> None:
    assert [(one.organ_id, one.period) for one in reports_of([market.id], as_of=day("2026-07-02"))] == [(market.id, H1)]


# -- consolidated -----------------------------------------------------------------------------------------------------


@pytest.fixture
def collected(half_a_year: None, market: OrganCard, organs: Callable[[str], OrganCard]) -> None:
    more = WORDS["overview"] + "双公示公示率100%。"
    sent(market, person, "2026-07-09", overview=more, note="按本单位台账统计，口径不同")
    sent(organs("青禾县商务局"), person, "2026-07-13")


def test_the_consolidated_report_says_who_was_late_what_differs_and_what_organs_said(collected: None) -> None:
    from jiannuo.documents.content import Chart, Heading, Paragraph, Table

    with CaptureQueriesContext(connection) as queries:
        of = consolidated.county(H1, as_of=day("2026-07-14"))
        made = consolidated.document(of, number="青发改〔2026〕18号", dated=day("2026-07-14"))
    assert len(queries) < 30
    assert (made.to, made.signer, made.notice) == ("青禾县人民政府", "青禾县发展和改革委员会", "演示数据　内容虚构")
    text = "".join(block.text for block in made.body if isinstance(block, Paragraph))
    assert "迟报的单位：县商务局（迟3天）" in text
    assert "按期报送1个，迟报1个，未报" in text
    assert "县市场监管局：个别许可公示不够及时" in text
    tables = {block.title: block for block in made.body if isinstance(block, Table)}
    assert len(tables["各单位报送情况"].rows) == len(of.lines)
    assert tables["单位所写与台账不一致的"].rows == (
        ("县市场监管局", "基本情况", "双公示及时率", "双公示公示率100%", "55.56%（5/9）"),
    )
    assert [block.text for block in made.body if isinstance(block, Heading)] == [
        "报送情况", "总体情况", "各单位情况", "单位所写与台账不一致的", "各单位反映的存在问题", "下一步",
    ]  # fmt: skip
    assert any(isinstance(block, Chart) for block in made.body)


def test_it_is_sent_to_the_county_government_as_a_fact_with_its_files(collected: None, lead: Actor) -> None:
    on, moment = day("2026-07-14"), at("2026-07-14")
    with pytest.raises(Refused, match="发文字号不对"):
        actions.send_up(H1, number="十八号", actor=lead, on=on, at=moment)
    actions.send_up(H1, number="青发改〔2026〕18号", actor=lead, on=on, at=moment)
    (one,) = consolidated.sent(H1)
    assert (one.number, one.to, one.sent_on, one.version) == ("青发改〔2026〕18号", "青禾县人民政府", on, 1)
    assert consolidated.file_of(one, "pdf").startswith(b"%PDF")
    assert consolidated.file_of(one, "docx").startswith(b"PK")
    with pytest.raises(Refused, match="已经报送过"):
        actions.send_up(H1, number="青发改〔2026〕18号", actor=lead, on=on, at=moment)
    actions.send_up(H1, number="青发改〔2026〕19号", reason="补报两个单位以后重报", actor=lead, on=on, at=moment)
    (again,) = consolidated.sent()
    assert (again.number, again.version) == ("青发改〔2026〕19号", 2)


def test_nothing_is_consolidated_before_anything_was_asked(market: OrganCard) -> None:
    with pytest.raises(Refused, match="还没有要求各单位报2026年上半年的情况"):
        consolidated.county(H1, as_of=day("2026-06-01"))
