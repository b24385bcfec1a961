"""The front page: search, where the county stands today, what is new, and what is missing."""

from datetime import date, timedelta
from decimal import Decimal

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import totals
from jiannuo.duties import queries as duties
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import catalogue, parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects

NEWEST = 8
MOST_ORGANS = 6
DECISION = "disclose_decision"


@public
def home(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    first, last = parts.half_year(today)
    figures = duties.rates(DECISION, first=first, last=last, organ_ids=None, as_of=today)
    newest = disclosure.listing(disclosure.narrowed(on=today), on=today, size=NEWEST)
    gaps = catalogue.missing_by_area(on=today)
    about = (
        f"{pack.about['county']}行政许可、行政处罚、权责清单等信息的公示、查询和时效，依据{pack.about['document']}。"
    )
    return render(
        request,
        "portal/home.html",
        parts.context(
            pack.about["portal"],
            about,
            stats=_stats(figures.total, _overdue(today), today),
            organs=_organs(figures.by_organ, today),
            half=parts.half_name(today),
            columns=parts.SHORT_COLUMNS,
            rows=parts.record_rows(newest.rows, parts.SHORT_COLUMNS),
            examples=_examples(newest.rows),
            areas=gaps,
        ),
    )


def _overdue(today: date) -> duties.Tally:
    """All that should have been public by now and is not, however long ago it fell due."""
    long_ago = (date(2000, 1, 1), today + timedelta(days=400))
    found = duties.tallies(DECISION, periods=[long_ago], organ_ids=None, as_of=today)
    return sum(found.values(), duties.Tally())


def _stats(half: duties.Rates, ever: duties.Tally, today: date) -> list[dict[str, object]]:
    year = totals.decided(date(today.year, 1, 1), today)
    rate = half.timeliness
    tally = half.tally
    waits = parts.address("timeliness", standing="running,due_soon")
    return [
        {
            "label": f"{today.year}年作出并已公示",
            "value": year,
            "unit": "条",
            "url": parts.address("disclosures", year=today.year),
        },
        {
            "label": f"{parts.half_name(today)}及时率",
            "value": f"{rate.value * 100:.1f}%" if rate.value is not None else "—",
            "share": rate.value,
            "tone": parts.tone(rate.part, rate.whole),
            "note": f"按期 {rate.part:,}，应公示 {rate.whole:,}",
            "url": parts.address("timeliness", **half.leads_to("due")),
        },
        {
            "label": "期限内待公示",
            "value": ever.running,
            "unit": "条",
            "note": f"其中 {ever.due_soon:,} 条将到期",
            "url": waits,
        },
        {
            "label": "超期未公示",
            "value": ever.missing,
            "unit": "条",
            "tone": "bad" if ever.missing else "good",
            "note": f"本半年迟报 {tally.late:,} 条",
            "url": parts.address("timeliness", standing="broken"),
        },
    ]


def _organs(lines: tuple[duties.Rates, ...], today: date) -> list[dict[str, object]]:
    """The organs with most to publish, each with its rate; those it took over count with it."""
    directory = subjects.directory(today)
    sums: dict[int, duties.Tally] = {}
    for line in lines:
        if line.organ_id is not None:
            heir = directory.heir(line.organ_id).id
            sums[heir] = sums.get(heir, duties.Tally()) + line.tally
    busiest = sorted(sums.items(), key=lambda item: (-item[1].due, item[0]))[:MOST_ORGANS]
    return [
        {
            "label": directory.card(organ).short,
            "share": Decimal(tally.on_time) / tally.due if tally.due else None,
            "part": tally.on_time,
            "whole": tally.due,
            "tone": parts.tone(tally.on_time, tally.due),
            "url": parts.address("organ", directory.card(organ).code),
        }
        for organ, tally in busiest
    ]


def _examples(rows: tuple[disclosure.RowCard, ...]) -> list[tuple[str, str]]:
    """Three ways to ask, taken from what is there to find."""
    found = [row for row in rows if row.party and row.party_key and row.number][:1]
    if not found:
        return []
    row = found[0]
    name = row.party.removeprefix(policy.current().about["county"])[:2]
    code = row.party_key.partition(":")[2]
    return [(text, parts.address("search", q=text)) for text in (name, code, row.number)]
