"""The page of one record: what is public of it, where it comes from, why its date is what it is, what became of it."""

import re
from datetime import date, datetime, time

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import interpreting, records
from jiannuo.duties import queries as duties
from jiannuo.duties.queries.promises import kinds_of as promise_kinds_of
from jiannuo.exchange import queries as exchange
from jiannuo.kernel import clock
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow
from jiannuo.policy.kinds import Kind
from jiannuo.portal import applying, parts, remedies
from jiannuo.portal.answering import nothing_here, public
from jiannuo.subjects import queries as subjects

Shown = dict[str, object]

DELIVERED = {"delivered": "已送达", "waiting": "等待送达", "failed": "未送达，等待处理"}
SHORT_RECEIPT = 80
ADDRESS = re.compile(r"[0-9a-f]{32}")
DECISIONS = ("licence", "penalty")


@public
def record(request: HttpRequest, identity: str) -> HttpResponseBase:
    today = clock.today()
    day = as_of(request, today)
    known = datetime.combine(day, time.max, clock.SHANGHAI) if day else None
    card = records.public_record(identity, on=today, as_of=known) if _was_public(identity, known) else None
    if card is None:
        raise nothing_here(
            f"{day:%Y年%-m月%-d日}，这条记录没有公示" if day else "没有公示过这条记录",
            fix="请核对地址，或者用名称、代码、文号再查一次；没有经过审核公示的记录，任何人都不能在这里看到",
        )
    kind = policy.current().kinds[card.kind]
    title = card.title or card.number or card.kind_title
    name = title if card.state == "public" else "已撤下的公示"
    return render(
        request,
        "portal/record.html",
        parts.context(
            name,
            f"{card.organ}{'的' if _found(card) else '公示的'}{card.kind_title}：{card.party} {card.number}".strip(),
            trail=[
                *parts.trail(("信息公示", "portal:disclosures")),
                (kind.short, parts.address("disclosures", kind=kind.id)),
            ],
            card=card,
            fields=_fields(card, kind),
            source=_source(card),
            why=_why(card.duty),
            to_withdraw=_why(card.to_withdraw),
            events=_events(card),
            receipts=_receipts(card) if day is None else [],
            state="withdrawn" if card.state == "withdrawn" else "" if card.revoked else "disclosed",
            past_text=f"{day:%Y年%-m月%-d日}结束时，这里显示的是下面的内容；此后的更正不在内。" if day else "",
            terms_text=_terms(card),
            applications=[(flow.title, parts.address("apply", card.identity, flow.id)) for flow in _applications(card)],
            remedies=[
                (flow.title, parts.address("remedy", card.identity, flow.id)) for flow in remedies.offered(card, today)
            ],
            disputed_text=f"{card.disputed_on:%Y年%-m月%-d日}，当事人对这条记录提出异议，正在核查。"
            if card.disputed_on
            else "",
            withdrawn_text=notice_words("撤下", card.withdrawn),
            revoked_text=notice_words("登记", card.revoked),
            here=parts.address("record", card.identity),
            beside=[(one.title, parts.address("record", one.identity)) for one in _beside(card, kind)],
            beside_title="解读的文件" if card.kind == interpreting.INTERPRETATION else "政策解读",
            promise_url=parts.address("promise", card.identity) if promise_kinds_of(card.kind) else "",
            as_of_value=day.isoformat() if day else "",
        ),
    )


def _beside(card: records.RecordCard, kind: Kind) -> list[interpreting.Linked]:
    """The interpretations of a document, the documents of an interpretation."""
    return interpreting.beside(card.kind, card.number) if kind.family == "information" else []


def _found(card: records.RecordCard) -> bool:
    """Whether a case found it against the organ, rather than the organ itself saying it."""
    return policy.current().kinds[card.kind].from_case


def _whose(card: records.RecordCard) -> str:
    return "失信的单位" if _found(card) else "公开单位"


def _applications(card: records.RecordCard) -> list[Flow]:
    """What may be applied for here, where the record is an item of a list."""
    asked = any(flow.about == "item" and card.kind in flow.records for flow in policy.current().flows.values())
    return applying.offered(card, ledger.entry(card.entry_id)) if asked else []


def _terms(card: records.RecordCard) -> str:
    """From which day on repair may be asked for, told to everybody beforehand."""
    return f"{card.terms.words}。依据：{card.terms.cls.source}。" if card.terms else ""


def _was_public(identity: str, known: datetime | None) -> bool:
    """Whether a record had been published by a moment: before that its page is not there, whatever became of it since."""
    if known is None or not ADDRESS.fullmatch(identity):
        return known is None
    then = ledger.history(bytes.fromhex(identity), as_of=known)
    return any(act.kind == "publication" for act in then.acts)


def as_of(request: HttpRequest, today: date) -> date | None:
    """The past day the address asks about; nothing for today. Refuses what is no day and what is to come."""
    text = request.GET.get("as_of", "").strip()
    if not text:
        return None
    day = parse_day(text)
    if day is None:
        raise Refused(f"“{text}”不是日期", fix="请写成 2026-09-03 这样", field="as_of")
    if day > today:
        raise Refused(f"{day}还没有到", fix="请选今天或者以前的日子", field="as_of")
    return None if day == today else day


def _fields(card: records.RecordCard, kind: Kind) -> list[Shown]:
    """The public fields as the component takes them: codes in one width, masks told, long text wide."""
    found: list[Shown] = []
    parties = kind.fields_for("about_name")
    for field, title, shown in card.fields:
        known = kind.by_id[field]
        entry: Shown = {"label": title, "value": shown, "wide": len(shown) > 60}
        if known.type == "amount" and "." in shown:
            entry["value"] = shown.rstrip("0").rstrip(".")
        if known.check in ("uscc", "org_code", "registration_number"):
            entry["code"] = True
        if known.personal and "*" in shown:
            entry["masked"] = "自然人姓名依法不全部公开"
        if known.codes and (label := kind.label(known.codes, shown, card.decided_on)) != shown:
            entry["value"] = f"{shown}（{label}）"
        if field in parties and card.party_key:
            entry["url"] = parts.address("party", card.party_key)
        if field == kind.field_for("address") and shown.startswith(("http://", "https://")):
            entry["url"] = shown
        found.append(entry)
    return found


def _source(card: records.RecordCard) -> list[Shown]:
    directory = subjects.directory(clock.today())
    organ = directory.card(card.organ_id)
    heir = directory.heir(card.organ_id)
    hint = f"决定时名称：{card.organ_then}" if card.organ_then else ""
    if heir.id != organ.id:
        hint = f"{hint}；现由{heir.name}承接".lstrip("；")
    return [
        {"label": _whose(card), "value": card.organ, "url": parts.address("organ", heir.code), "hint": hint},
        {"label": "平台收到", "value": f"{card.seen_at.astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"},
        {"label": "第几版", "value": f"第{card.version}版"},
        {"label": "数据标准", "value": card.standard},
        {"label": "适用规则", "value": card.rule, "code": True, "url": parts.address("rules")},
        {"label": "记录摘要", "value": card.digest, "code": True, "wide": True},
    ]


def _why(duty: duties.DutyCard | None) -> Shown | None:
    """What the component that explains a date takes."""
    if duty is None:
        return None
    name = duty.rule.rpartition("#")[2]
    told = duties.explain(name, started_on=duty.started_on)
    return {
        "duty": duty,
        "what": duty.what,
        "due_on": duty.due_on,
        "start": duty.started_on,
        "start_label": told.event,
        "limit": told.within,
        "explanation": duty.why,
        "rule": told.source,
        "clause": told.clause,
        "clause_text": told.clause_text,
        "clause_url": f"{parts.address('plan')}#{told.clause}" if told.clause else f"{parts.address('rules')}#{name}",
        "skipped": told.skipped,
        "makeup": told.makeup,
        "provisional": duty.provisional,
        "assumed": told.assumed,
    }


def _events(card: records.RecordCard) -> list[Shown]:
    """What happened, newest first, down to the decision itself."""
    shown = card.state == "public"
    events: list[Shown] = [
        {
            "on": step.on,
            "title": f"{step.what}（第{step.version}版）" if step.version > 1 else step.what,
            "text": "；".join(filter(None, [f"理由：{step.reason}" if step.reason else "", step.law, *_changes(step)])),
            "current": shown and step.entry_id == card.history[-1].entry_id,
            "standing": card.standing if step is card.history[0] and shown else "",
            "seen": step.seen_at if step.seen_at.astimezone(clock.SHANGHAI).date() != step.on else None,
        }
        for step in reversed(card.history)
    ]
    if shown and card.family in DECISIONS:
        events.append({"on": card.decided_on, "title": "作出决定", "who": card.organ_then or card.organ})
    return events


def _receipts(card: records.RecordCard) -> list[Shown]:
    """How the newest publication or withdrawal reached each site the document names."""
    acts = [step.entry_id for step in card.history]
    found = exchange.receipts(acts[-1:]).get(acts[-1], ()) if acts else ()
    return [
        {
            "on": one.delivered_at or DELIVERED[one.state.value],
            "title": one.site_name,
            "who": DELIVERED[one.state.value] if one.delivered_at else "",
            "text": f"回执 {one.receipt}" if one.receipt and len(one.receipt) <= SHORT_RECEIPT else "",
            "current": one.delivered_at is not None,
        }
        for one in found
        if one.state.value in DELIVERED
    ]


def notice_words(what: str, notice: records.Notice | None) -> str:
    """When, by whom, why and under which law, as one line."""
    if notice is None:
        return ""
    by = f"{notice.by}{notice.what}" if notice.by or notice.what else what
    number = f"（{notice.number}）" if notice.number else ""
    law = f"依据：{notice.law}。" if notice.law else ""
    return f"{notice.on:%Y年%-m月%-d日}{by}{number}。理由：{notice.reason}。{law}"


def _changes(step: records.Step) -> list[str]:
    return [f"{one.title}由“{one.before or '空'}”改为“{one.after or '空'}”" for one in step.changes]
