"""The front page: search, where the county stands today, what is new, and what is missing."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import remembering, totals
from jiannuo.disclosure.queries.owing import PromiseTally
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import county
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import catalogue, organs, parts, promises
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects

NEWEST = 8
LOOKED_AT = 60
MOST_ORGANS = 6
DECISION = "disclose_decision"
PAGES = (
    ("tasks", "任务"),
    ("suggestions", "建议提案"),
    ("litigation", "行政诉讼"),
    ("services", "政务服务"),
    ("inspections", "督导检查"),
    ("honours", "荣誉和示范"),
    ("opinion", "政务舆情回应"),
)


@public
def home(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    stands = county.county(DECISION, first=parts.half_year(today)[0], on=today)
    newest = totals.newest(LOOKED_AT, first=date(today.year, 1, 1), last=today)
    cards = disclosure.cards(newest.numbers, on=today)
    gaps = catalogue.missing_by_area()
    about = (
        f"{pack.about['county']}行政许可、行政处罚、权责清单等信息的公示、查询和时效，依据{pack.about['document']}。"
    )
    return render(
        request,
        "portal/home.html",
        parts.context(
            pack.about["portal"],
            about,
            stats=_stats(stands, newest.decided, cards),
            promises=promises.stats(sum(remembering.promises().values(), PromiseTally()), {}),
            pages=[(label, parts.address(name)) for name, label in PAGES],
            organs=_organs(stands),
            half=parts.half_name(today),
            columns=parts.HOME_COLUMNS,
            rows=parts.record_rows(cards[:NEWEST], parts.HOME_COLUMNS),
            examples=_examples(cards),
            areas=gaps,
        ),
    )


def _stats(stands: county.County, year: int, cards: list[disclosure.RowCard]) -> list[dict[str, object]]:
    today, half = stands.on, parts.half_name(stands.on)
    tally = stands.total
    rate = duties.Share(tally.on_time, tally.due, "")
    asked = {"first": stands.first, "last": today}
    return [
        {
            "label": f"{today.year}年作出并已公示",
            "value": year,
            "unit": "条",
            "note": f"最近公示 {cards[0].published_on}" if cards else "",
            "url": parts.address("disclosures", year=today.year),
        },
        {
            "label": f"{half}及时率",
            "value": rate.percent or "—",
            "share": rate.value,
            "tone": parts.tone(rate.part, rate.whole),
            "note": f"按期 {rate.part:,}，应公示 {rate.whole:,}",
            "url": parts.address("timeliness", **asked, standing="kept,kept_late,broken"),
        },
        {
            "label": "期限内待公示",
            "value": stands.open.running,
            "unit": "条",
            "note": f"其中 {stands.open.due_soon:,} 条将到期",
            "url": parts.address("timeliness", standing="running,due_soon"),
        },
        {
            "label": "超期未公示",
            "value": stands.open.missing,
            "unit": "条",
            "tone": "bad" if stands.open.missing else "good",
            "note": f"{half}迟报 {tally.late:,} 条",
            "url": parts.address("timeliness", standing="broken"),
        },
    ]


def _organs(stands: county.County) -> list[dict[str, object]]:
    """The organs with most to publish, each with its rate; those it took over count with it."""
    directory = subjects.directory(stands.on)
    sums = organs.rolled_up(stands, directory)
    busiest = sorted(sums.items(), key=lambda item: (-item[1].due, item[0]))[:MOST_ORGANS]
    return [
        {
            "label": directory.card(organ).short,
            "share": duties.Share(tally.on_time, tally.due, "").value,
            "part": tally.on_time,
            "whole": tally.due,
            "tone": parts.tone(tally.on_time, tally.due),
            "url": parts.address("organ", directory.card(organ).code),
        }
        for organ, tally in busiest
        if tally.due
    ]


def _examples(rows: list[disclosure.RowCard]) -> list[tuple[str, str]]:
    """Three ways to ask, taken from what is there to find."""
    found = [row for row in rows if row.party and row.party_key and row.number][:1]
    if not found:
        return []
    row = found[0]
    name = row.party.removeprefix(policy.current().about["county"])[:2]
    code = row.party_key.partition(":")[2]
    return [(text, parts.address("search", q=text)) for text in (name, code, row.number)]
