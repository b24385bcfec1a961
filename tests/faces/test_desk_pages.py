"""Every page of the desk: who is let in, how much it asks of the database, and that it says where one is."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jiannuo.access import queries as accounts
from jiannuo.desk import urls, watching
from jiannuo.duties import tick
from jiannuo.duties.queries.promises import promises
from jiannuo.exchange import actions as exchange_actions
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock
from jiannuo.subjects import queries as subjects
from tests.faces import desk_files, september
from tests.packages.promising import COMMITMENT

MOST_QUERIES = 12

BUSINESS = {september.CLERK, september.REVIEWER, september.LEAD, "sjj.wu"}
ADMINISTRATORS = {"system.sun", "security.qian"}
PAGES: dict[str, set[str]] = {
    "/desk/": {*BUSINESS, *ADMINISTRATORS, "audit.li", "new.one"},
    "/desk/inbox/": {*BUSINESS, *ADMINISTRATORS, "audit.li", "new.one"},
    "/desk/inbox/1/": {september.REVIEWER},
    "/desk/settings/": {*BUSINESS, *ADMINISTRATORS, "audit.li", "new.one"},
    "/desk/intake/": {september.CLERK},
    "/desk/intake/penalty_legal/entry/": {september.CLERK},
    "/desk/intake/licence_natural/entry/": {september.CLERK},
    "/desk/batches/1/": BUSINESS,
    "/desk/review/": {september.REVIEWER},
    "/desk/review/decide/?entry=1&entry=2": {september.REVIEWER},
    "/desk/records/": BUSINESS,
    "/desk/records/?q=青市监&state=waiting": BUSINESS,
    "/desk/records/1/": BUSINESS,
    "/desk/records/1/revoke/": {september.CLERK},
    "/desk/records/1/withdraw/": {september.REVIEWER, september.LEAD},
    "/desk/overview/": BUSINESS,
    "/desk/promises/": BUSINESS,
    "/desk/promises/?tab=all&standing=broken&q=路面": BUSINESS,
    "/desk/promises/list.xlsx": BUSINESS,
    "/desk/promises/slips/": BUSINESS,
    "/desk/promises/1/": BUSINESS,
    "/desk/promises/1/submit/": {september.CLERK, september.REVIEWER},
    "/desk/promises/1/confirm/": {september.LEAD},
    "/desk/promises/1/reopen/": {september.LEAD},
    "/desk/promises/1/amend/": {september.REVIEWER},
    "/desk/promises/1/suspend/": {september.REVIEWER},
    "/desk/promises/1/resume/": {september.REVIEWER},
    "/desk/promises/1/exempt/": {september.LEAD},
    "/desk/calendar/": BUSINESS,
    "/desk/calendar/?month=2026-10": BUSINESS,
    "/desk/duties/": BUSINESS,
    "/desk/figures/": BUSINESS,
    "/desk/figures/organs.xlsx": BUSINESS,
    "/desk/lists/": BUSINESS,
    "/desk/deliveries/": {september.LEAD},
    "/desk/trace/": {"sjj.wu", "audit.li"},
    "/desk/admin/organs/": {"system.sun"},
    "/desk/admin/organs/2/": {"system.sun"},
    "/desk/admin/organs/2/rename/": {"system.sun"},
    "/desk/admin/organs/2/merge/": {"system.sun"},
    "/desk/admin/organs/2/end/": {"system.sun"},
    "/desk/admin/organs/new/": {"system.sun"},
    "/desk/admin/accounts/": ADMINISTRATORS,
    "/desk/admin/accounts/1/": ADMINISTRATORS,
    "/desk/admin/accounts/new/": {"system.sun"},
    "/desk/admin/keys/": {"system.sun"},
    "/desk/admin/keys/new/": {"system.sun"},
}
EVERYONE = [person[0] for person in september.PEOPLE]


@pytest.fixture
def office(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_TODAY", september.TODAY.isoformat())
    september.open_office()
    row = {**COMMITMENT, "made_on": "2026-09-01"}
    assert september.send(september.CLERK, "县市场监管局", [row], kind="commitment").accepted == 1


def signed_in(username: str) -> Client:
    client = Client()
    client.post("/desk/login/", {"username": username, "password": september.PASSWORD})
    return client


def at_this_office(address: str) -> str:
    """The numbers of this office's first entry, batch, organ and account in place of those written above."""
    from jiannuo.intake import queries as batches
    from jiannuo.ledger import queries as ledger

    _, cards = ledger.records("penalty_legal", organ_ids=None, as_of=None, limit=50)
    first, second = sorted(card.id for card in cards)[:2]
    batch = batches.batches(None, limit=1)[0].id
    account = min(one.id for one in accounts.accounts(on=clock.today()))
    organ = september.organ_id("县水利局")
    promise = promises(as_of=clock.today(), kinds=("keep_commitment",)).rows[0].duty.id
    changes = {
        "promises/1/": f"promises/{promise}/",
        "entry=1&entry=2": f"entry={first}&entry={second}",
        "records/1/": f"records/{first}/",
        "batches/1/": f"batches/{batch}/",
        "inbox/1/": f"inbox/{message_of(september.REVIEWER)}/",
        "accounts/1/": f"accounts/{account}/",
        "organs/2/": f"organs/{organ}/",
    }
    for written, real in changes.items():
        address = address.replace(written, real)
    return address


def message_of(username: str) -> int:
    """The number of the message that person was sent today."""
    exchange_actions.remind(on=clock.today(), now=clock.now())
    account = next(one.id for one in accounts.accounts(on=clock.today()) if one.username == username)
    return exchange.inbox(account).messages[0].id


@pytest.mark.parametrize("address", PAGES)
def test_each_page_lets_in_whom_the_table_lets_in(office: None, address: str) -> None:
    real = at_this_office(address)
    let_in = {username for username in EVERYONE if signed_in(username).get(real).status_code == 200}
    others = {
        "zjj.he",
        "zjj.gao",
    }  # another organ's people: their own lists are open to them, this organ's records are not
    assert let_in - others == PAGES[address]


@pytest.mark.parametrize("address", PAGES)
def test_no_page_asks_the_database_much(office: None, address: str) -> None:
    real = at_this_office(address)
    client = signed_in(min(PAGES[address] & {september.REVIEWER, september.LEAD, "system.sun"} or PAGES[address]))
    client.get(real)
    with CaptureQueriesContext(connection) as queries:
        client.get(real)
    asked = [query["sql"][:120] for query in queries]
    # For the foot of the page the heartbeat is remembered for a minute, but not inside a test's transaction.
    beats = [sql for sql in asked if "duties_heartbeat" in sql]
    assert len(asked) - len(beats[:1]) <= MOST_QUERIES, "\n".join(asked)


@pytest.mark.parametrize("address", [one for one in PAGES if not one.endswith(".xlsx")])
def test_each_page_has_one_heading_a_title_and_leaves_nothing_in_caches(office: None, address: str) -> None:
    client = signed_in(min(PAGES[address]))
    response = client.get(at_this_office(address))
    page = response.content.decode()
    assert len(re.findall(r"<h1[ >]", page)) == 1
    title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)
    assert title
    assert title.group(1).split("·")[0].strip()
    assert "no-store" in response["Cache-Control"]
    assert "{{" not in page
    assert not re.search(r"\bNone\b", re.sub(r"<[^>]*>", "", page))


def test_every_address_of_the_desk_is_in_the_table_or_tested_by_name() -> None:
    named = {"template", "receipt", "batch_progress", "admin", "account_act", "key_end", "evidence", "invite"}
    named |= {"message_read", "inbox_read", "settings_act"} | desk_files.NAMES
    # Of cases: test_desk_cases.py.
    named |= {"cases", "case", "case_open", "case_step", "case_paper", "case_reporter", "procedures", "procedure"}
    named |= {"case_notice"}  # test_applications.py
    named |= {"case_opinions", "case_people"}  # test_desk_decisions.py
    named |= {"eligibility", "inspections"}  # test_eligibility.py, test_inspections_seen.py
    # Of reports: test_desk_reports.py.
    named |= {
        "reports",
        "report",
        "report_file",
        "report_records",
        "remind",
        "consolidated",
        "consolidated_file",
        "sent_file",
    }
    written = {re.sub(r"<[^>]+>", "#", str(one.pattern)) for one in urls.urlpatterns if one.name not in named}
    seen = {
        re.sub(r"intake/\w+/entry", "intake/#/entry", re.sub(r"/\d+/", "/#/", address.split("?")[0])).removeprefix(
            "/desk/"
        )
        for address in PAGES
    }
    assert written - seen == set()


def test_a_stopped_clock_is_said_in_red(office: None) -> None:
    clerk = signed_in(september.CLERK)
    assert "期限核对停了" in clerk.get("/desk/").content.decode()
    tick.run(as_of=clock.today(), now=clock.now())
    assert "期限核对停了" not in clerk.get("/desk/").content.decode()


def test_an_account_without_a_role_is_told_whom_to_ask(office: None) -> None:
    page = signed_in("new.one").get("/desk/").content.decode()
    assert "角色由安全管理员授予" in page


def test_the_lead_office_sees_who_is_behind_what_is_missing_and_what_did_not_arrive(office: None) -> None:
    rows = [september.row("县住建局", at, clock.today().replace(month=8, day=3)) for at in (50, 51)]
    assert september.send("zjj.he", "县住建局", rows).accepted == 2
    page = signed_in(september.LEAD).get("/desk/").content.decode()
    for words in ("超期没有公示的", "县住建局", "公开目录里缺的", "没有送到其他网站的"):
        assert words in page
    figures = signed_in(september.LEAD).get("/desk/figures/?sort=-missing").content.decode()
    link = re.search(r'href="(/desk/duties/\?[^"]*standing=broken[^"]*)"', figures)
    assert link
    behind = signed_in(september.LEAD).get(link.group(1).replace("&amp;", "&")).content.decode()
    assert "超期未办：2 条" in behind


# -- administrators ------------------------------------------------------------------------------------------------


def test_where_more_organs_are_behind_than_listed_all_their_records_are_led_to(
    office: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [september.row("县住建局", at, clock.today().replace(month=8, day=3)) for at in (50, 51)]
    assert september.send("zjj.he", "县住建局", rows).accepted == 2
    monkeypatch.setattr(watching, "TILES", 0)
    lead = signed_in(september.LEAD)
    page = lead.get("/desk/").content.decode()
    link = re.search(r'href="(/desk/duties/[^"]*)">看全部 2 条', page)
    assert link, page
    assert "超期未办：2 条" in lead.get(link.group(1).replace("&amp;", "&")).content.decode()


def test_an_account_is_opened_by_one_administrator_and_given_its_role_by_another(office: None) -> None:
    system, security = signed_in("system.sun"), signed_in("security.qian")
    organ = september.organ_id("县水利局")
    refused = system.post("/desk/admin/accounts/new/", {"name": "许清", "username": "水利", "organ": organ})
    assert refused.status_code == 422
    assert 'value="许清"' in refused.content.decode()
    made = system.post("/desk/admin/accounts/new/", {"name": "许清", "username": "slj.xu", "organ": organ})
    assert "只显示这一次" in made.content.decode()
    (card,) = accounts.accounts(on=clock.today(), text="slj.xu")
    address = f"/desk/admin/accounts/{card.id}/change/"
    assert system.post(address, {"act": "grant", "role": "clerk"}).status_code == 403
    assert security.post(address, {"act": "grant", "role": "clerk"}).status_code == 302
    joined = security.post(address, {"act": "grant", "role": "sysadmin"})
    assert joined.status_code == 422
    assert "不能兼任" in joined.content.decode()
    assert "许清" in security.get("/desk/admin/accounts/?role=clerk").content.decode()
    assert "只显示这一次" in system.post(address, {"act": "reset"}).content.decode()
    assert system.post(address, {"act": "close"}).status_code == 302
    assert "已注销" in system.get(f"/desk/admin/accounts/{card.id}/").content.decode()


def test_an_organ_is_renamed_merged_and_ended_with_a_reason(office: None) -> None:
    system = signed_in("system.sun")
    organ = september.organ_id("县商务局")
    address = f"/desk/admin/organs/{organ}/rename/"
    refused = system.post(address, {"name": "青禾县商务和投资促进局", "short": "县商务投促局", "on": "2026-09-28"})
    assert refused.status_code == 422
    assert "没有写依据" in refused.content.decode()
    form = {
        "name": "青禾县商务和投资促进局",
        "short": "县商务投促局",
        "on": "2026-09-28",
        "reason": "青编〔2026〕9号（演示）",
    }
    page = system.post(address, form, follow=True).content.decode()
    assert "青禾县商务和投资促进局" in page
    assert "青禾县商务局" in page
    other = september.organ_id("县科工信局")
    merge = {"into": organ, "on": "2026-09-29", "reason": "青编〔2026〕10号（演示）"}
    assert system.post(f"/desk/admin/organs/{other}/merge/", merge).status_code == 302
    assert subjects.directory(clock.today()).heir(other).id == organ


def test_a_key_is_shown_once_and_ended(office: None) -> None:
    system = signed_in("system.sun")
    form = {"name": "处罚系统", "organ": september.organ_id("县市场监管局"), "roles": "clerk"}
    made = system.post("/desk/admin/keys/new/", form).content.decode()
    assert "jn_" in made
    assert "jn_" not in system.get("/desk/admin/keys/").content.decode()
    (key,) = accounts.api_keys()
    assert system.post(f"/desk/admin/keys/{key.id}/end/").status_code == 302
    assert "已终止" in system.get("/desk/admin/keys/").content.decode()


def test_the_trace_is_narrowed_by_person_and_deed(office: None) -> None:
    signed_in(september.CLERK)
    auditor = signed_in("audit.li")
    page = auditor.get(f"/desk/trace/?username={september.CLERK}&action=login").content.decode()
    assert september.CLERK in page
    assert "没有符合条件的记录" in auditor.get("/desk/trace/?username=nobody").content.decode()
