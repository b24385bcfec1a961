"""Files of officials and organs: who sees which section, that reading is written down, that what ended no longer counts."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from jiannuo.access import actions as accounts_actions
from jiannuo.access import queries as accounts
from jiannuo.access.rules import INSTALLER, ROLES, Actor
from jiannuo.disclosure.queries import desk as records
from jiannuo.disclosure.queries import files
from jiannuo.disclosure.queries.files import FilePart
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.files import READERS
from jiannuo.subjects import actions as register
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.packages.conftest import Send
from tests.packages.filing import DIRECTOR, DISCIPLINE, FOLLOWER, PERSONNEL, appointed, filed
from tests.packages.promising import at, person, promised

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 23)
NOW = at("2026-11-23")
WHY = "任前考察核对诚信情况"
KINDS = ("personal_matter", "integrity_record", "appraisal", "violation", "training")
PASSWORD = "qinghe-2026-Credit"

Organs = Callable[[str], OrganCard]


@pytest.fixture
def market_official(organs: Organs, market: OrganCard) -> None:
    """石青山 of the market office, about whom there is something of every kind."""
    appointed(market)
    for kind in KINDS:
        filed(kind, organs, of=market)


def account(
    organ: OrganCard, username: str, *roles: str, official: str = "", name: str = "某人", password: str = ""
) -> Actor:
    """An account as administrators open it."""
    number, _ = accounts_actions.create_account(
        by=INSTALLER, username=username, name=name, organ_id=organ.id, at=NOW, password=password
    )
    for role in roles:
        accounts_actions.grant(by=INSTALLER, user_id=number, role=role, on=ON, at=NOW)
    if official:
        accounts_actions.link_official(by=INSTALLER, user_id=number, code=official, at=NOW)
    from django.contrib.auth import get_user_model

    actor = accounts.actor_of(get_user_model().objects.get(pk=number), on=ON)
    assert actor is not None
    return actor


def seen(parts: tuple[FilePart, ...]) -> set[str]:
    return {part.section.title for part in parts}


def part(parts: tuple[FilePart, ...], title: str) -> FilePart:
    return next(one for one in parts if one.section.title == title)


# -- who sees what ---------------------------------------------------------------------------------------------------

ALL = {
    "个人有关事项报告",
    "廉政记录",
    "年度考核",
    "违法违纪违约",
    "失信认定",
    "诚信教育培训",
    "承诺兑现",
    "任职",
    "参与的重大决策",
    "荣誉",
}
WHO_SEES = [
    ("组织人事，别的单位的人", PERSONNEL, "personnel", ALL),
    ("纪检监察", DISCIPLINE, "discipline", ALL - {"个人有关事项报告"}),
    (
        "本单位负责人",
        "青禾县市场监督管理局",
        "head",
        {"年度考核", "诚信教育培训", "承诺兑现", "任职", "参与的重大决策", "荣誉"},
    ),
    ("信用办", "青禾县发展和改革委员会", "lead", {"承诺兑现", "任职"}),
    ("别的单位的负责人", "青禾县审计局", "head", set()),
    ("本单位填报员", "青禾县市场监督管理局", "clerk", set()),
    ("别的单位填报员", "青禾县审计局", "clerk", set()),
    ("本单位审核员", "青禾县市场监督管理局", "reviewer", set()),
    ("审计员", "青禾县审计局", "auditor", set()),
    ("系统管理员", "青禾县审计局", "sysadmin", set()),
    ("安全管理员", "青禾县审计局", "secadmin", set()),
    ("安全审计员", "青禾县审计局", "auditadmin", set()),
]


@pytest.mark.parametrize("who, of, role, sections", WHO_SEES, ids=[row[0] for row in WHO_SEES])
def test_who_sees_which_section(
    market_official: None, organs: Organs, who: str, of: str, role: str, sections: set[str]
) -> None:
    reader = person(organs(of), role)
    if not sections:
        with pytest.raises(Refused) as no:
            files.open_official(DIRECTOR[0], actor=reader, purpose=WHY, on=ON, at=NOW)
        assert no.value.code == "forbidden"
        return
    found = files.open_official(DIRECTOR[0], actor=reader, purpose=WHY, on=ON, at=NOW)
    assert seen(found.parts) == sections
    assert {one.title for one in found.hidden} == ALL - sections


def test_every_role_is_in_the_table() -> None:
    assert {role for _, _, role, _ in WHO_SEES} == set(ROLES)
    assert set(READERS) <= set(ROLES)
    assert {role: ROLES[role].title for role in READERS} == dict(READERS)


def test_personal_matters_are_for_personnel_and_the_official_alone() -> None:
    for county in ("sample", "huaxian"):
        pack = policy.load(policy.ROOT / county)
        gathering = [one for one in pack.sections.values() if "personal_matter" in one.what]
        assert [one.readers for one in gathering] == [frozenset({"personnel"})]
        assert pack.closed["personal_matter"] == {"personnel"}


def test_nobody_reads_without_saying_why_and_the_official_sees_who_did(
    market_official: None, organs: Organs, market: OrganCard
) -> None:
    reader = person(organs(PERSONNEL), "personnel")
    with pytest.raises(Refused, match="没有写查阅的目的"):
        files.open_official(DIRECTOR[0], actor=reader, purpose=" ", on=ON, at=NOW)
    assert files.readings(DIRECTOR[0]) == ()
    files.open_official(DIRECTOR[0], actor=reader, purpose=WHY, on=ON, at=NOW)
    files.open_official(DIRECTOR[0], actor=person(market, "head"), purpose="年度考核谈话前了解情况", on=ON, at=NOW)
    assert [one.purpose for one in files.readings(DIRECTOR[0])] == ["年度考核谈话前了解情况", WHY]
    assert "个人有关事项报告" in files.readings(DIRECTOR[0])[1].detail
    assert "个人有关事项报告" not in files.readings(DIRECTOR[0])[0].detail


def test_the_official_sees_the_whole_own_file_and_nobody_elses(
    market_official: None, organs: Organs, market: OrganCard
) -> None:
    own = account(market, "scjg.shi", official=DIRECTOR[0], name=DIRECTOR[1])
    found = files.open_own(actor=own, on=ON, at=NOW)
    assert seen(found.parts) == ALL
    house = part(found.parts, "个人有关事项报告").lines[0]
    assert ("事项内容", "新购住房一套") in house.said
    assert files.readings(DIRECTOR[0]) == ()
    with pytest.raises(Refused):
        files.open_official(FOLLOWER[0], actor=own, purpose=WHY, on=ON, at=NOW)
    with pytest.raises(Refused, match="没有登记公务员编号"):
        files.open_own(actor=person(market, "clerk"), on=ON, at=NOW)


def test_one_who_moved_is_read_by_the_new_head_and_no_longer_by_the_old(organs: Organs, market: OrganCard) -> None:
    office = appointed(market)
    audit = organs("青禾县审计局")
    register.relieve(office, on=date(2026, 9, 1), at=at("2026-09-01"), by="personnel")
    appointed(audit, title="副局长", on="2026-09-01")
    assert files.open_official(DIRECTOR[0], actor=person(audit, "head"), purpose=WHY, on=ON, at=NOW).parts
    with pytest.raises(Refused):
        files.open_official(DIRECTOR[0], actor=person(market, "head"), purpose=WHY, on=ON, at=NOW)


# -- what ends -------------------------------------------------------------------------------------------------------

ENDS = [
    ("警告", "2026-05-08", date(2026, 11, 8)),
    ("记过", "2026-05-08", date(2027, 5, 8)),
    ("记大过", "2026-05-08", date(2027, 11, 8)),
    ("降级", "2026-05-08", date(2028, 5, 8)),
    ("撤职", "2026-05-08", date(2028, 5, 8)),
    ("开除", "2026-05-08", None),
]


@pytest.mark.parametrize("sanction, day, last", ENDS)
def test_a_sanction_counts_until_the_law_ends_it(
    organs: Organs, market: OrganCard, sanction: str, day: str, last: date | None
) -> None:
    appointed(market)
    filed("violation", organs, of=market, sanction=sanction, decided_on=day)
    reader = person(organs(DISCIPLINE), "discipline")

    def line(on: date) -> files.FileLine:
        found = files.open_official(DIRECTOR[0], actor=reader, purpose=WHY, on=on, at=NOW)
        return part(found.parts, "违法违纪违约").lines[0]

    assert line(ON).ends_on == last
    assert line(last or date(2099, 1, 1)).counts
    if last:
        after = line(date.fromordinal(last.toordinal() + 1))
        assert not after.counts
        assert after.title == sanction


@pytest.mark.parametrize(
    "first, second, last",
    [
        pytest.param(
            ("记大过", "2025-03-01"), ("记过", "2026-05-08"), date(2027, 5, 8), id="another within its period"
        ),
        pytest.param(("记大过", "2025-03-01"), ("警告", "2025-04-01"), date(2026, 9, 1), id="a short one within it"),
        pytest.param(("警告", "2025-03-01"), ("记过", "2026-05-08"), date(2025, 9, 1), id="another after its period"),
        pytest.param(("记过", "2026-03-01"), ("免予处分", "2026-05-08"), date(2027, 3, 1), id="a matter let off"),
        pytest.param(("警告", "2005-11-01"), ("警告", "2026-05-08"), date(2006, 5, 1), id="from before the law"),
    ],
)
def test_a_sanction_does_not_end_by_itself_where_another_came_within_it(
    organs: Organs, market: OrganCard, first: tuple[str, str], second: tuple[str, str], last: date
) -> None:
    appointed(market)
    for number, (sanction, day) in enumerate((first, second)):
        ground, instead = ("第十一条第一项", "批评教育") if sanction == "免予处分" else ("", "")
        filed(
            "violation",
            organs,
            of=market,
            number=f"处-{number}",
            sanction=sanction,
            decided_on=day,
            ground=ground,
            instead=instead,
        )
    reader = person(organs(DISCIPLINE), "discipline")
    found = files.open_official(DIRECTOR[0], actor=reader, purpose=WHY, on=ON, at=NOW)
    lines = {line.on.isoformat(): line.ends_on for line in part(found.parts, "违法违纪违约").lines}
    assert lines[first[1]] == last


# -- promises and organs ---------------------------------------------------------------------------------------------


def test_a_promise_in_person_is_in_the_file_and_makes_the_official_no_outside_party(
    organs: Organs, market: OrganCard, send: Send
) -> None:
    appointed(market)
    card = promised(send, promisor="个人", official=DIRECTOR[0], official_name=DIRECTOR[1])
    assert card.record.about == "official:QH-0101"
    assert subjects.parties([card.record.about]) == {}
    found = files.open_official(DIRECTOR[0], actor=person(market, "head"), purpose=WHY, on=ON, at=NOW)
    (line,) = part(found.parts, "承诺兑现").lines
    assert (line.title, line.standing_words) == (card.title, "逾期未兑现")


def test_an_organs_file_counts_its_promises_and_breaches_with_those_it_took_over(
    organs: Organs, market: OrganCard, send: Send
) -> None:
    promised(send)
    found = files.open_organ(market.id, actor=person(market, "head"), purpose=WHY, on=ON, at=NOW)
    assert part(found.parts, "承诺兑现").by_standing == {"逾期未兑现": 1}
    trace = accounts.traces(action="files.organ")[0]
    assert (trace.object, trace.purpose) == (f"organ:{market.id}", WHY)
    with pytest.raises(Refused):
        files.open_organ(market.id, actor=person(organs("青禾县审计局"), "head"), purpose=WHY, on=ON, at=NOW)
    with pytest.raises(Refused):
        files.open_organ(market.id, actor=person(market, "clerk"), purpose=WHY, on=ON, at=NOW)


# -- nowhere else ----------------------------------------------------------------------------------------------------

SECRETS = ("新购住房一套", "未按规定时限答复信访事项", "公务员诚信教育专题班", "青监〔2026〕3号", "personal_matter-1")


def test_closed_entries_are_in_no_list(market_official: None, organs: Organs, market: OrganCard) -> None:
    directory = subjects.directory(ON)
    closed = {one.id for one in ledger.facts().filter(kind__in=KINDS)}
    assert len(closed) == len(KINDS)
    assert set(ledger.facts().filter(kind__in=KINDS).values_list("visibility", flat=True)) == {"restricted"}
    for role, of in (
        ("lead", market),
        ("auditor", market),
        ("discipline", market),
        ("head", market),
        ("clerk", market),
    ):
        reader = person(of, role)
        for kind in ("", *KINDS):
            assert not {one.entry_id for one in records.records(reader, organs=directory, kind=kind).rows} & closed
    for kind in KINDS:
        assert ledger.records(kind, organ_ids=None, as_of=None, limit=50) == (0, [])


@pytest.fixture
def doors(market_official: None, organs: Organs, market: OrganCard) -> dict[str, Client]:
    """Signed-in browsers of those who must not see it, and of one who sends such records."""
    found = {}
    for role, of in (
        ("clerk", market), ("reviewer", market), ("lead", organs("青禾县发展和改革委员会")), ("auditor", market),
        ("clerk", organs(PERSONNEL)),
    ):  # fmt: skip
        username = f"{role}.{of.code[-3:]}"
        account(of, username, role, password=PASSWORD)
        client = Client()
        client.post("/desk/login/", {"username": username, "password": PASSWORD})
        found[username] = client
    return found


def test_no_address_of_the_desk_gives_them_away(doors: dict[str, Client]) -> None:
    entries = ledger.facts().filter(kind__in=KINDS).values_list("pk", "batch")
    addresses = [
        "/desk/", "/desk/records/", "/desk/records/?q=新购住房", "/desk/records/?q=专题班", "/desk/intake/",
        "/desk/files/officials/QH-0101/file/", "/desk/files/officials/QH-0101/", "/desk/my-file/", "/desk/review/",
        *(f"/desk/records/?kind={kind}" for kind in KINDS),
        *(f"/desk/intake/?kind={kind}" for kind in KINDS),
        *(f"/desk/intake/{kind}/entry/?corrects={entry}" for (entry, _), kind in zip(entries, KINDS, strict=True)),
        *(address for entry, batch in entries for address in (
            f"/desk/records/{entry}/", f"/desk/records/{entry}/revoke/", f"/desk/records/{entry}/withdraw/",
            f"/desk/batches/{batch}/", f"/desk/batches/{batch}/progress/", f"/desk/batches/{batch}/receipt.xlsx",
        )),
    ]  # fmt: skip
    for username, client in doors.items():
        for address in addresses:
            answer = client.get(address)
            assert answer.status_code < 500, (username, address)
            text = b"".join(answer) if answer.streaming else answer.content
            shown = [secret for secret in SECRETS if secret in text.decode("utf-8", "ignore")]
            assert not [secret for secret in shown if secret not in address], (username, address, shown)
            if "/batches/" in address or "/revoke/" in address:
                assert answer.status_code in (403, 404), (username, address, answer.status_code)


def test_a_machine_neither_reads_nor_sends_them(market_official: None, organs: Organs) -> None:
    system = account(organs("青禾县审计局"), "system.sun", "sysadmin")
    _, key = accounts_actions.create_key(
        by=system, name="人事系统", organ_id=organs(PERSONNEL).id, roles=frozenset({"clerk", "auditor"}), on=ON, at=NOW
    )
    client = Client(HTTP_AUTHORIZATION=f"Bearer {key}")
    for kind in KINDS:
        answer = client.get(f"/api/v1/records?kind={kind}")
        assert answer.json().get("total", 0) == 0
        sent = client.post("/api/v1/batches", {"kind": kind, "rows": [{}]}, content_type="application/json")
        assert sent.status_code == 403, sent.content
    for (batch,) in ledger.facts().filter(kind__in=KINDS).values_list("batch").distinct():
        for below in ("", "/problems", "/receipt.xlsx"):
            assert client.get(f"/api/v1/batches/{batch}{below}").status_code == 404


def test_the_public_sees_nothing_of_them(market_official: None) -> None:
    client = Client()
    for address in ("/", "/disclosures/", "/disclosures/?q=石青山", "/disclosures/?q=专题班", "/organs/"):
        text = client.get(address).content.decode()
        assert not [
            secret
            for secret in (*SECRETS, "石青山")
            if secret in text.replace("?q=石青山", "") and secret not in address
        ]


# -- accounts of officials -------------------------------------------------------------------------------------------


def test_one_official_has_one_open_account(market: OrganCard, organs: Organs) -> None:
    appointed(market)
    with pytest.raises(Refused, match="人员名录里没有编号"):
        account(market, "no.one", official="QH-9999")
    with pytest.raises(Refused, match="登记的是石青山"):
        account(market, "other.name", official=DIRECTOR[0], name="别人")
    first = account(market, "scjg.shi", official=DIRECTOR[0], name=DIRECTOR[1])
    assert first.official == DIRECTOR[0]
    with pytest.raises(Refused, match="已经登记在账号scjg"):
        account(market, "scjg.shi2", official=DIRECTOR[0], name=DIRECTOR[1])
    accounts_actions.close_account(by=INSTALLER, user_id=first.user_id or 0, at=NOW)
    again = account(market, "scjg.shi3", official=DIRECTOR[0], name=DIRECTOR[1])
    assert again.official == DIRECTOR[0]
    assert accounts.usernames_of_officials([DIRECTOR[0]]) == {DIRECTOR[0]: "scjg.shi3"}
    trace = accounts.traces(action="account.official")[0]
    assert trace.detail == "scjg.shi3 无 → QH-0101"
