"""A record of dishonesty from the instrument it rests on to the public page, and off it when its time is over."""

from datetime import date

import pytest
from msgspec.structs import replace

from jiannuo.cases import queries, tick
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import find, public_record, waiting
from jiannuo.disclosure.queries.files import open_official
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from tests.packages.casework import opened, stands, story, taken
from tests.packages.filing import DIRECTOR, appointed
from tests.packages.promising import PNG, at, person
from tests.packages.recording import DECISION, FOUND, LEAD, MARKET, Office, Organs, decided, filed, recorded, released

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(organs: Organs) -> Office:
    return Office(organs)


def test_it_is_told_pleaded_decided_by_another_served_and_written(office: Office) -> None:
    case = filed(office.clerk)
    card = stands(case.case_id, "2026-03-02")
    assert (card.number, card.state.id) == ("认〔2026〕1号", "filed")
    assert [(one.kind, one.due_on) for one in card.duties] == [("tell_subject", date(2026, 3, 9))]
    decided(case, office)
    assert not ledger.facts().filter(kind="dishonesty_record").exists(), "nothing is recorded before it is served"
    fields = {"served_on": "2026-03-24", "served_how": "直接送达"}
    taken(case.case_id, "serve", by=office.one, on="2026-03-24", files=[PNG], fields=fields)
    (record,) = ledger.cards(ledger.facts().filter(kind="dishonesty_record"))
    assert record.organ_id == office.subject.organ_id
    assert record.happened_on == date(2026, 3, 20)
    assert record.body == {
        "title": "约定的工程款逾期一年没有支付", "organ": MARKET, "level": "一般", "source": "司法判决",
        "instrument": "（2026）青9926行终8号", "authority": "青禾县人民法院", "final_on": "2026-02-20",
        "facts": "法院判决支付工程款并赔偿利息，判决生效以后仍然没有履行", "document": "青信认〔2026〕3号",
        "basis": "国发〔2016〕76号 三（四）", "decided_on": "2026-03-20", "finder": LEAD, "served_on": "2026-03-24", "served_how": "直接送达",
    }  # fmt: skip
    assert story(case.case_id) == ["登记", "告知", "陈述申辩", "决定认定", "送达并写入记录"]


def test_who_says_nothing_in_time_is_decided_on_without_a_word(office: Office) -> None:
    case = filed(office.clerk)
    taken(case.case_id, "tell", by=office.one, on="2026-03-03", files=[PNG])
    tick.run(as_of=date(2026, 3, 10), now=at("2026-03-10"))
    assert stands(case.case_id, "2026-03-10").state.id == "told", "five working days end on the tenth"
    tick.run(as_of=date(2026, 4, 1), now=at("2026-04-01"))
    card = stands(case.case_id, "2026-04-01")
    assert (card.state.id, card.entered_on) == ("silent", date(2026, 3, 11))
    with pytest.raises(Refused, match="不能陈述申辩"):
        taken(case.case_id, "plead", by=office.subject, on="2026-04-01")


FINAL = [
    # G8: served on 10 March 2026: review until 9 May (a Saturday of work), suit until 10 September.
    ("while both limits run", "2026-06-01", {"final_on": "2026-06-01"}, "现在还没有生效"),
    ("on the last day of the suit", "2026-09-10", {"final_on": "2026-09-10"}, "到2026-09-10为止"),
    ("after both limits", "2026-09-11", {"final_on": "2026-09-11"}, ""),
    ("upheld on review", "2026-06-01", {"final_on": "2026-06-01", "upheld": "是"}, ""),
    ("of another source", "2026-06-01", {"final_on": "2026-06-01", "source": "司法判决"}, ""),
]


@pytest.mark.parametrize("on, more, words", [one[1:] for one in FINAL], ids=[one[0] for one in FINAL])
def test_a_penalty_that_may_still_be_challenged_is_no_dishonesty(
    office: Office, on: str, more: dict[str, str], words: str
) -> None:
    given = {"source": "行政处罚", "instrument_on": "2026-03-09", "instrument_served_on": "2026-03-10", **more}
    if not words:
        assert stands(filed(office.clerk, on=on, **given).case_id, on).state.id == "filed"
        return
    with pytest.raises(Refused, match=words) as refused:
        filed(office.clerk, on=on, **given)
    assert refused.value.field == "final_on"
    assert not ledger.facts().filter(kind="step").exists()


OPENED_WRONG = [
    ("a source outside the catalogue", {"source": "有人这么说"}, "来源"),
    ("no instrument", {"instrument": ""}, "依据的文书文号"),
    ("no authority", {"authority": ""}, "作出文书的机关"),
    ("not yet final", {"final_on": "2026-05-01"}, "生效日期"),
    ("final before it was made", {"final_on": "2026-01-01"}, "生效日期"),
    ("an organ nobody knows", {"organ": "青禾县魔法局"}, "没有“青禾县魔法局”这个单位"),
    ("an official nobody knows", {"official": "QH-9999"}, "公务员编号"),
]


@pytest.mark.parametrize("more, words", [one[1:] for one in OPENED_WRONG], ids=[one[0] for one in OPENED_WRONG])
def test_opening_refused(office: Office, more: dict[str, str], words: str) -> None:
    head = ledger.head()
    with pytest.raises(Refused, match=words) as refused:
        filed(office.clerk, **more)
    assert refused.value.fix
    assert ledger.head() == head


def test_no_determination_without_papers(office: Office) -> None:
    with pytest.raises(Refused, match="没有附材料"):
        opened("determination", FOUND, by=office.clerk, on="2026-03-02")


def test_one_person_does_not_tell_and_decide(office: Office) -> None:
    case = filed(office.clerk)
    taken(case.case_id, "tell", by=office.one, on="2026-03-03", files=[PNG])
    taken(case.case_id, "plead", by=office.subject, on="2026-03-09")
    with pytest.raises(Refused, match="“告知”是您办的，“决定认定”要由另一个人办"):
        taken(case.case_id, "decide", by=office.one, on="2026-03-20", files=[PNG], fields=DECISION)
    with pytest.raises(Refused, match="等级"):
        taken(
            case.case_id,
            "decide",
            by=office.two,
            on="2026-03-20",
            files=[PNG],
            fields={**DECISION, "level": "特别严重"},
        )
    with pytest.raises(Refused, match="没有附材料"):
        taken(case.case_id, "decide", by=office.two, on="2026-03-20", fields=DECISION)
    with pytest.raises(Refused, match="认定日期"):
        taken(
            case.case_id,
            "decide",
            by=office.two,
            on="2026-03-20",
            files=[PNG],
            fields={**DECISION, "decided_on": "2026-03-21"},
        )


def test_who_mended_it_before_may_be_excused_and_who_did_not_may_not(office: Office) -> None:
    case = filed(office.clerk)
    taken(case.case_id, "tell", by=office.one, on="2026-03-03", files=[PNG])
    taken(case.case_id, "plead", by=office.subject, on="2026-03-09")
    with pytest.raises(Refused, match="还没有办：主动纠正"):
        taken(case.case_id, "excuse", by=office.two, on="2026-03-10")
    taken(case.case_id, "mend", by=office.subject, on="2026-03-11", files=[PNG], words="工程款和利息已经全部付清")
    taken(case.case_id, "excuse", by=office.two, on="2026-03-12")
    card = stands(case.case_id, "2026-03-12")
    assert card.state.id == "excused"
    assert not [one for one in card.duties if one.is_open]
    assert not ledger.facts().filter(kind="dishonesty_record").exists()


def test_the_subject_sees_it_once_told_and_nobody_else(office: Office, organs: Organs) -> None:
    case = filed(office.clerk)
    on = date(2026, 3, 3)
    other = person(organs("青禾县教育体育局"), "reviewer", username="other")
    assert queries.cases(office.subject, as_of=on).total == 0
    taken(case.case_id, "tell", by=office.one, on="2026-03-03", files=[PNG])
    assert [one.number for one in queries.cases(office.subject, as_of=on).rows] == ["认〔2026〕1号"]
    assert queries.cases(other, as_of=on).total == 0


def test_the_organ_concerned_does_not_release_what_was_found_against_it(office: Office) -> None:
    record = recorded(office)
    disclosure.follow(at=at("2026-03-25"))
    on, moment = date(2026, 3, 25), at("2026-03-25")
    assert [one.entry_id for one in waiting(office.releaser, on=on).rows] == [record.id]
    assert waiting(office.subject, on=on).total == 0
    with pytest.raises(Refused):
        disclosure.release(entry_ids=[record.id], actor=office.subject, on=on, at=moment)
    with pytest.raises(Refused):
        disclosure.send_back(entry_ids=[record.id], reason="不同意", actor=office.subject, on=on, at=moment)
    with pytest.raises(Refused):
        disclosure.withhold(
            entry_ids=[record.id], rule="secrets", reason="不同意", actor=office.subject, on=on, at=moment
        )
    released(record, office)
    with pytest.raises(Refused):
        disclosure.withdraw(entry_id=record.id, reason="不同意", law="没有", actor=office.subject, on=on, at=moment)
    assert [row.entry_id for row in find("青信认〔2026〕3号", on=on).rows] == [record.id]


def test_of_the_lead_office_itself_who_oversees_it_decides_and_releases(organs: Organs) -> None:
    office = Office(organs, LEAD)
    record = recorded(office, filing={"organ": LEAD})
    lead = person(organs(LEAD), "lead", "reviewer", username="lead")
    with pytest.raises(Refused):
        disclosure.release(entry_ids=[record.id], actor=lead, on=date(2026, 3, 25), at=at("2026-03-25"))
    released(record, office)
    assert public_record(record.id, on=date(2026, 3, 25)) is not None


ENDS = [
    # Decided on 20 March 2026 (Order 58) and 8 May 2026 (Order 36).
    ("under Order 58, three years whatever the level", "2026-03-20", "一般", "2029-03-20"),
    ("general under Order 36, one year", "2026-05-08", "一般", "2027-05-08"),
    ("serious under Order 36, three years", "2026-05-08", "严重", "2029-05-08"),
    ("light under Order 36, three months", "2026-05-08", "轻微", "2026-08-08"),
]


@pytest.mark.parametrize("on, level, last", [one[1:] for one in ENDS], ids=[one[0] for one in ENDS])
def test_it_is_public_for_its_time_and_ends_by_itself(office: Office, on: str, level: str, last: str) -> None:
    record = recorded(office, on=on, level=level)
    answers = {"confirmed": ("light_dishonesty",), "reason": "上级机关要求公开"} if level == "轻微" else {}
    released(record, office, on=on, **answers)
    day = date.fromisoformat(last)
    assert Listing.objects.get(entry=record.id).until == day
    shown = public_record(record.id, on=day)
    assert shown is not None
    assert shown.state == "public"
    after = day.replace(day=day.day + 1)
    gone = public_record(record.id, on=after)
    assert gone is not None
    assert (gone.state, gone.fields) == ("withdrawn", ())
    assert disclosure.cease(on=day, at=at(last)) == 0
    assert disclosure.cease(on=after, at=at(after.isoformat())) == 1
    assert disclosure.cease(on=after, at=at(after.isoformat())) == 0
    assert not Listing.objects.filter(entry=record.id).exists()


def test_a_light_one_is_not_published_without_a_reason(office: Office) -> None:
    record = recorded(office, on="2026-05-08", level="轻微")
    with pytest.raises(Refused, match="原则上不公示"):
        released(record, office, on="2026-05-08")


def test_an_official_goes_into_the_file_and_nowhere_else(office: Office, organs: Organs) -> None:
    appointed(organs(MARKET), DIRECTOR)
    office.subject = replace(person(organs(MARKET), "clerk", username="stone"), official=DIRECTOR[0])
    record = recorded(office, filing={"official": DIRECTOR[0], "source": "纪律处分"})
    assert (record.kind, record.visibility, record.about) == ("official_dishonesty", "restricted", "official:QH-0101")
    disclosure.follow(at=at("2026-03-25"))
    on = date(2026, 3, 25)
    assert waiting(office.releaser, on=on).total == 0
    with pytest.raises(Refused):
        disclosure.release(entry_ids=[record.id], actor=office.releaser, on=on, at=at("2026-03-25"))
    assert public_record(record.id, on=on) is None
    reader = person(organs("中共青禾县委组织部"), "personnel")
    file = open_official(DIRECTOR[0], actor=reader, purpose="评优前核对", on=on, at=at("2026-03-25"))
    (part,) = [one for one in file.parts if one.section.id == "dishonesty"]
    assert [(line.title, line.ends_on, line.counts) for line in part.lines] == [
        ("约定的工程款逾期一年没有支付", date(2029, 3, 20), True)
    ]


def test_the_step_for_an_organ_is_not_there_for_an_official(office: Office) -> None:
    case = filed(office.clerk)
    decided(case, office)
    with pytest.raises(Refused, match="“送达并写入本人档案”只用于公务员的事"):
        taken(case.case_id, "serve_official", by=office.one, on="2026-03-24", files=[PNG])
