"""Promises as everybody reads them: nothing unreleased, nothing kept that nobody confirmed, and anybody may say it is not so."""

import csv
import io
import re
from datetime import date
from urllib.parse import quote

import pytest

from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure.queries.promised import public_promise
from jiannuo.duties import actions as duties
from jiannuo.duties.models import Duty
from tests.faces.promised_county import HERE, MEETING, WHY, Promises, run_tick
from tests.faces.test_portal_pages import NOW, TODAY, text_of
from tests.packages.promising import COMMITMENT, PNG, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(db: None) -> Promises:
    return Promises()


def test_an_unreleased_promise_is_nowhere(county: Promises) -> None:
    duty = county.promise(released=False)
    county.submit(duty, "2026-10-20")
    run_tick("2026-11-23")
    for path in (
        "/", "/promises/", "/promises/?standing=broken", "/organs/", "/organs/419926-121/", "/tasks/",
        f"/promises/?q={quote('柳溪')}", "/suggestions/", "/litigation/", "/services/",
    ):  # fmt: skip
        seen = text_of(county.get(path))
        assert "路面" not in seen.replace("“柳溪”", ""), path
        assert "2026-承-01" not in seen, path
    assert "柳溪" not in county.get(county.url(duty), status=404)
    exported = county.client.get("/promises/export.csv")
    assert "柳溪" not in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert county.client.post(f"{county.url(duty)}say/", {"said": "agreed"}, **HERE).status_code == 404  # type: ignore[arg-type]


def test_the_list_counts_what_it_leads_to(county: Promises) -> None:
    kept = county.promise()
    county.submit(kept, "2026-10-20")
    county.confirm(kept, "2026-10-22")
    late = county.promise(number="2026-承-02", title="建好东关小学的两栋教学楼", due_on="2026-09-30")
    county.submit(late, "2026-10-20")
    county.confirm(late, "2026-10-22")
    county.promise(number="2026-承-03", title="换掉城关镇5公里老旧供水管", due_on="2026-10-15", field="民生保障")
    county.promise(number="2026-承-04", title="全县低保金每月10日前发放", due_on="2026-12-31")
    waits = county.promise(number="2026-承-05", title="补栽行道树3000棵", due_on="2026-12-31")
    county.submit(waits, "2026-11-20")
    moved = county.promise(number="2026-承-06", title="新建公厕12座", due_on="2026-11-30")
    county.amend(moved, "2026-11-02", "2026-12-20")
    run_tick("2026-11-23")
    page = county.get("/promises/")
    counts = {
        label: (url.replace("&amp;", "&"), int(count))
        for url, label, count in re.findall(
            r'class="stat[^"]*" href="([^"]+)">\s*<span class="stat__label">([^<]+)</span>\s*<span class="stat__value">(\d+)',
            page,
        )
    }
    assert {label: count for label, (_, count) in counts.items()} == {
        "按期兑现": 1, "逾期兑现": 1, "逾期未兑现": 1, "进行中": 3
    }  # fmt: skip
    for url, count in counts.values():
        assert f"共 {count} 项" in text_of(county.get(url))
    seen = text_of(page)
    assert "待核实" in seen
    assert "原定 2026-11-30" in seen
    assert "供水管" in text_of(county.get("/promises/?standing=broken"))
    assert "补栽行道树" in text_of(county.get("/promises/?standing=to_verify"))
    assert "共 1 项" in text_of(county.get("/promises/?standing=moved"))
    assert "共 1 项" in text_of(county.get(f"/promises/?q={quote('供水管')}"))
    assert "共 1 项" in text_of(county.get(f"/promises/?field={quote('民生保障')}"))
    assert "共 6 项" in text_of(county.get("/promises/?organ=419926-121&year=2026&kind=commitment"))
    for wrong in ("?standing=asleep", "?kind=nothing", "?field=moon", "?organ=999", "?year=1"):
        assert "怎么办" in county.get(f"/promises/{wrong}", status=400)
    exported = county.client.get("/promises/export.csv?standing=to_verify")
    (row,) = csv.DictReader(io.StringIO(b"".join(exported.streaming_content).decode("utf-8-sig")))  # type: ignore[attr-defined]
    assert (row["承诺事项"], row["状态"], row["待核实"]) == ("补栽行道树3000棵", "进行中", "是")
    assert county.client.get("/promises/export.xlsx").status_code == 200


def test_a_promise_tells_what_how_it_moved_and_who_allowed_it(county: Promises) -> None:
    duty = county.promise()
    step = county.promise(kind="milestone", number="2026-承-01-1")
    county.promise(kind="milestone", number="2026-承-01-2", title="没有公示的节点", released=False)
    county.submit(step, "2026-06-20")
    county.confirm(step, "2026-06-22")
    county.amend(duty, "2026-09-01", "2026-12-20")
    page = county.page(duty)
    for words in (
        "修好柳溪村到县道的3.2公里路面", "公路科科长", "柳溪村村民", "3.2公里", "2026年12月20日以前办成", "原定 2026年10月31日",
        "县政府第21次常务会议纪要", WHY, "路基验收", "1个节点确认了1个", "竣工验收单和照片", "还没有经过核实的证明",
    ):  # fmt: skip
        assert words in page, words
    assert "没有公示的节点" not in page
    assert '<meta name="description" content="青禾县市场监督管理局承诺：修好柳溪村' in county.get(county.url(duty))


def test_a_past_day_shows_what_was_known_then(county: Promises) -> None:
    duty = county.promise()
    county.amend(duty, "2026-09-01", "2026-12-20")
    county.submit(duty, "2026-11-20")
    then = county.page(duty, as_of="2026-05-03")
    assert "2026年10月31日以前办成" in then
    assert "12月20日" not in then
    assert "过去某一天" in then
    assert "已报办结" not in then
    assert "12月20日以前办成" in county.page(duty, as_of="2026-10-01")
    assert "没有公示" in text_of(county.get(f"{county.url(duty)}?as_of=2026-02-01", status=404))
    now = county.page(duty)
    assert "待核实" in now
    assert "按期兑现" not in now


def test_a_breach_taken_back_is_told(county: Promises) -> None:
    duty = county.promise(due_on="2026-11-10")
    run_tick("2026-11-14")
    county.submit(duty, "2026-11-10")
    county.confirm(duty, "2026-11-16")
    run_tick("2026-11-17")
    assert "撤回逾期的记录" in county.page(duty)


def test_a_date_corrected_counts_as_moved_and_evidence_that_came_in_time_is_never_told_as_a_breach(
    county: Promises,
) -> None:
    duty = county.promise(due_on="2026-11-10")
    county.submit(duty, "2026-11-10")
    run_tick("2026-11-14")
    assert "逾期的记录" not in county.page(duty)
    county.confirm(duty, "2026-11-16")
    run_tick("2026-11-17")
    page = county.page(duty)
    assert "按期兑现" in page
    assert "撤回逾期的记录" not in page
    other = county.promise(number="2026-承-02", title="建好东关小学的两栋教学楼")
    row = {**COMMITMENT, "number": "2026-承-02", "title": "建好东关小学的两栋教学楼", "due_on": "2026-12-10"}
    entries = county.send([row], kind="commitment", at=at("2026-05-05"), corrects=True, reason="期限录错了月份")
    page = county.page(other) + text_of(county.get("/promises/"))
    assert "录错了月份" not in page
    assert "12月10日" not in page
    assert "2026-12-10" not in page
    county.release(entries, at=at("2026-05-06"))
    page = county.page(other)
    for words in ("2026年10月31日 改到 2026年12月10日", "期限录错了月份", "更正登记", "改过 1 次"):
        assert words in page, words


def test_a_promise_told_again_is_what_the_table_says(county: Promises) -> None:
    duty = county.promise()
    county.amend(duty, "2026-09-01", "2026-12-20")
    where = {"authority": MEETING, "reason": WHY, "actor": county.theirs}
    duties.suspend(
        duty.pk, since=date(2026, 9, 10), until=date(2026, 12, 10), on=date(2026, 9, 10), at=at("2026-09-10"), **where
    )
    duties.resume(
        duty.pk, since=date(2026, 9, 20), reason=WHY, actor=county.theirs, on=date(2026, 9, 20), at=at("2026-09-20")
    )
    county.submit(duty, "2026-11-20")
    county.say(duty, said="disputed", words="路面还没有铺到村口")
    row = Duty.objects.get(pk=duty.pk)
    card = public_promise(bytes(row.entry.identity).hex(), on=TODAY)
    assert card is not None
    assert card.told is not None
    for name in (
        "started_on",
        "due_on",
        "stated_on",
        "first_due_on",
        "amendments",
        "pauses",
        "kept_on",
        "submitted_on",
        "agreed",
        "disputed",
    ):
        assert getattr(card.told, name) == getattr(row, name), name


def test_evidence_is_open_only_when_the_confirmer_opened_it(county: Promises) -> None:
    shut, open_one = county.promise(), county.promise(number="2026-承-02", title="建好东关小学的两栋教学楼")
    for duty, publish in ((shut, False), (open_one, True)):
        county.submit(duty, "2026-10-20")
        county.confirm(duty, "2026-10-22", publish=publish)
        page = county.get(county.url(duty))
        (digest,) = re.findall(r"SHA-256 ([0-9a-f]{64})", page)
        assert "验收照片.png" in page
        assert "3组12号" not in page
        got = county.client.get(f"{county.url(duty)}evidence/{digest}/")
        assert got.status_code == (200 if publish else 404)
    assert got.content == PNG.data
    assert "attachment" in got["Content-Disposition"]
    assert "sandbox" in got["Content-Security-Policy"]
    duties.reopen(
        open_one.pk, reason="现场复查，验收单是假的", actor=county.lead, on=date(2026, 11, 2), at=at("2026-11-02")
    )
    assert county.client.get(f"{county.url(open_one)}evidence/{digest}/").status_code == 404
    page = county.page(open_one)
    assert "撤销核实" in page
    assert "逾期未兑现" in page


def test_a_withdrawn_promise_says_why_and_nothing_else(county: Promises) -> None:
    duty = county.promise()
    disclosure.withdraw(
        entry_id=duty.entry_id, reason="登记有误", law="政府信息公开条例第十四条", actor=county.person("reviewer"), on=TODAY, at=NOW
    )  # fmt: skip
    page = county.page(duty)
    assert "这项承诺已经撤下" in page
    assert "柳溪" not in page
