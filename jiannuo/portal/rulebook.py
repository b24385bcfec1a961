"""The rules in force: time limits and what may be public, with their history, and a calculator that explains itself."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.duties import queries as duties
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.claims import Rate
from jiannuo.policy.deadlines import Deadline, Value
from jiannuo.policy.pack import Pack
from jiannuo.policy.publishing import PublishFilter
from jiannuo.portal import parts
from jiannuo.portal.answering import public

OUTCOMES = {"withhold": "不公示", "ask": "由审核员逐件确认"}
SELECTED = {"decision_date": "按作出决定之日适用", "publication_date": "按公示当天适用"}
RATE_COLUMNS = (
    {"label": "日利率"},
    {"label": "自哪天施行", "nowrap": True},
    {"label": "说明"},
    {"label": "最近核对", "nowrap": True},
)
VALUE_COLUMNS = (
    {"label": "时限"},
    {"label": "自哪天施行", "nowrap": True},
    {"label": "说明"},
    {"label": "最近核对", "nowrap": True},
)


@public
def rules(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    filters = sorted(pack.filters, key=lambda one: (not one.on(today), one.since))
    return render(
        request,
        "portal/rules.html",
        parts.context(
            "规则",
            f"{pack.about['county']}政务诚信平台正在适用的时限和公示范围，每条都有依据和施行日期。",
            trail=parts.trail(),
            value_columns=VALUE_COLUMNS,
            deadlines=[_deadline(pack, entry, today) for entry in pack.deadlines.values()],
            rates=[_rate(entry) for entry in pack.rates.values()],
            rate_columns=RATE_COLUMNS,
            filters=[_filter(pack, entry, today) for entry in filters],
            calendar=[
                (year, notice)
                for year, notice in sorted(pack.calendar.notices.items(), reverse=True)
                if year >= today.year - 1
            ],
            actions=[{"label": "算一算哪天到期", "url": parts.address("due"), "icon": "calendar"}],
        ),
    )


def _deadline(pack: Pack, entry: Deadline, today: date) -> dict[str, object]:
    begun = [value for value in entry.values if value.since <= today]
    clause = next((one for one in pack.clauses if one.id == entry.clause), None)
    return {
        "id": entry.id,
        "what": entry.what,
        "says": _says(begun[-1]) if begun else "尚未施行",
        "start": entry.start,
        "source": entry.source,
        "clause": clause,
        "clause_url": f"{parts.address('plan')}#{entry.clause}" if clause else "",
        "assumed": entry.assumed,
        "rows": [
            parts.Row((_says(value), value.since, value.note or "—", value.checked)) for value in reversed(entry.values)
        ],
        "due_url": parts.address("due", rule=entry.id),
    }


def _rate(entry: Rate) -> dict[str, object]:
    return {
        "id": entry.id,
        "what": entry.what,
        "source": entry.source,
        "assumed": entry.assumed,
        "rows": [
            parts.Row((f"每天{value.percent}", value.since, value.note or "—", value.checked))
            for value in reversed(entry.values)
        ],
    }


def _says(value: Value) -> str:
    if value.repealed:
        return "废止"
    return value.words


def _filter(pack: Pack, entry: PublishFilter, today: date) -> dict[str, object]:
    until = f"{entry.until}止" if entry.until else "至今有效"
    return {
        "id": entry.id,
        "title": entry.title,
        "outcome": OUTCOMES[entry.outcome],
        "in_force": entry.on(today),
        "source": entry.source,
        "jurisdiction": entry.jurisdiction,
        "reason": entry.reason,
        "since": entry.since,
        "period": f"{entry.since}起，{until}，{SELECTED[entry.select_by]}",
        "kinds": "、".join(pack.kinds[kind].short for kind in entry.kinds if kind in pack.kinds),
        "assumed": entry.assumed,
    }


@public
def due(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    rule = request.GET.get("rule", "").strip() or next(iter(pack.deadlines), "")
    text = request.GET.get("from", "").strip()
    refusal, told = None, None
    if text:
        try:
            told = duties.explain(rule, started_on=_start(text))
        except Refused as no:
            refusal = no
    left = (told.due_on - today).days if told else 0
    return render(
        request,
        "portal/due.html",
        parts.context(
            "算一算：哪天到期",
            "选一条时限，填起算的日子，看哪天到期、哪些天不算、依据是什么。",
            trail=parts.trail(("规则", "portal:rules")),
            options=[(entry.id, entry.what) for entry in pack.deadlines.values()],
            rule=rule,
            start=text,
            refusal=refusal,
            told=told,
            limit=told.within if told else "",
            left=f"还有 {left} 天" if left > 0 else "今天" if left == 0 else f"已过 {-left} 天",
            rule_url=f"{parts.address('rules')}#{rule}",
            clause_url=f"{parts.address('plan')}#{told.clause}" if told and told.clause else "",
        ),
        status=400 if refusal else 200,
    )


def _start(text: str) -> date:
    day = parse_day(text)
    if day is None:
        raise Refused(f"“{text}”不是日期", fix="请写成 2026-09-03 这样", field="from")
    return day
