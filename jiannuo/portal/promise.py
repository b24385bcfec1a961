"""The page of one promise: what, by whom, to whom, how much, by when; how the date moved and who allowed it; what was accepted."""

import re
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import content_disposition_header

from jiannuo.cases.rules import RECEIPT
from jiannuo.disclosure.queries import promised
from jiannuo.disclosure.queries.promised import Milestone, PromiseCard
from jiannuo.duties.queries import confirms_words
from jiannuo.duties.queries.claims import of_record
from jiannuo.duties.rules import SUSPENDED_UNTIL, Standing
from jiannuo.kernel import clock
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.portal import forms, happenings, parts, promises
from jiannuo.portal.answering import nothing_here, public
from jiannuo.portal.records import as_of as asked_day
from jiannuo.portal.records import notice_words
from jiannuo.subjects import queries as subjects

Shown = dict[str, object]

ADDRESS = re.compile(r"[0-9a-f]{32}")
BY_ROLE = ("title", "office", "beneficiary", "measure", "content", "due_on", "shown_by", "organ_name", "confirmer")
MILESTONE_COLUMNS = (
    {"label": "节点"},
    {"label": "期限", "nowrap": True},
    {"label": "状态"},
    {"label": "拿什么证明"},
)
KIB = 1024


@public
def promise(request: HttpRequest, identity: str) -> HttpResponseBase:
    today = clock.today()
    day = asked_day(request, today)
    card = found(identity, on=today, as_of=day)
    return render(request, "portal/promise.html", page(card, on=day or today, day=day))


def found(identity: str, *, on: date, as_of: date | None = None) -> PromiseCard:
    """The public promise of that address. Refuses what is none."""
    card = promised.public_promise(identity, on=on, as_of=as_of) if ADDRESS.fullmatch(identity) else None
    if card is None:
        raise nothing_here(
            f"{as_of:%Y年%-m月%-d日}，这项承诺没有公示" if as_of else "没有公示过这项承诺",
            fix="请核对地址，或者从“承诺”页再找一次；没有经过审核公示的，任何人都不能在这里看到",
        )
    return card


def may_say(card: PromiseCard) -> bool:
    """Whether anybody may say if it was done; of a suggestion its proposer says so alone, by a link, and of a judgment the court."""
    return card.told is not None and policy.current().duties[card.duty_kind].family in ("promise", "task")


def page(card: PromiseCard, *, on: date, day: date | None) -> dict[str, object]:
    """Everything the page shows, as of a day."""
    directory = subjects.directory(on)
    debtor = directory.heir(card.debtor_id)
    told = card.told
    name = card.title if card.state == "public" else "已撤下的承诺"
    due = _due_words(told.due_on) if told else ""
    about = f"{debtor.name}承诺：{card.title}。{due}。" if told else f"{debtor.name}的一项承诺已经撤下。"
    confirmer = directory.heir(card.confirmer_id) if card.confirmer_id else None
    return parts.context(
        name,
        f"{about}期限改过没有、交了什么证明、核实兑现没有，都在这里。" if told else about,
        trail=[*parts.trail(("承诺", "portal:promises")), (debtor.short, parts.address("promises", organ=debtor.code))],
        card=card,
        debtor=debtor,
        debtor_url=parts.address("organ", debtor.code),
        **_standing(card),
        due=due,
        first_due=told.first_due_on if told else None,
        lead=_lead(card, debtor.name),
        promised=_promised(card, debtor.name),
        more=_more(card),
        why=_why(card),
        moves=happenings.moves(card),
        milestones=[_milestone(one) for one in card.milestones],
        milestone_columns=MILESTONE_COLUMNS,
        progress=card.progress,
        accepted=_accepted(card),
        confirmer=_confirmer(card, confirmer.name) if confirmer else "",
        late=_late(card, on),
        breach=told.breach if told and told.standing(on) is Standing.BROKEN else None,
        answers=_answers(card),
        events=happenings.events(card, directory),
        source=_source(card),
        here=parts.address("promise", card.identity),
        record_url=parts.address("record", card.identity),
        token=forms.token(card.identity, at=clock.now()) if day is None and may_say(card) else "",
        past_text=f"{day:%Y年%-m月%-d日}结束时，这里显示的是下面的内容；此后的变化不在内。" if day else "",
        as_of_value=day.isoformat() if day else "",
        withdrawn_text=notice_words("撤下", card.withdrawn),
    )


def _due_words(due_on: date) -> str:
    return (
        "已中止，恢复以后另计期限"
        if due_on >= SUSPENDED_UNTIL
        else f"{due_on.year}年{due_on.month}月{due_on.day}日以前办成"
    )


def _lead(card: PromiseCard, debtor: str) -> str:
    if card.told is None:
        return ""
    if policy.current().duties[card.duty_kind].family != "promise":
        return f"由{debtor}办理"
    return f"{debtor}公务员{_person(card)}承诺" if card.in_person else f"{debtor}承诺"


def _standing(card: PromiseCard) -> Shown:
    told, standing = card.told, card.standing
    if told is None or standing is None:
        return {"standing": "withdrawn", "standing_note": ""}
    cell = promises.standing_cell(
        standing, waits=card.waits, still=told.suspended_since is not None, kept_on=told.kept_on
    )
    return {"standing": cell.standing, "standing_note": cell.sub}


def _person(card: PromiseCard) -> str:
    names = {field.id for field in card.kind.fields if field.personal == "mask"}
    return next((one.shown for one in card.fields if one.field in names), "")


def _promised(card: PromiseCard, debtor: str) -> list[Shown]:
    """The promise in the words everybody asks for: who, to whom, how much, how well, by when, shown by what."""
    if card.told is None:
        return []
    said = card.said
    who = _person(card) if card.in_person else said.get("office", "")
    found: list[Shown] = [
        {
            "label": "谁承诺的",
            "value": debtor,
            "hint": f"公务员本人：{who}" if card.in_person else f"责任岗位：{who}" if who else "",
        },
        {"label": "对谁承诺的", "value": said.get("beneficiary", "")},
        {"label": "办多少", "value": said.get("measure", "")},
        {"label": "办到什么程度", "value": said.get("content", ""), "wide": True},
        {
            "label": "哪天以前",
            "value": _due_words(card.told.due_on),
            "hint": f"原定{card.told.first_due_on}" if card.told.first_due_on else "",
        },
        {"label": "拿什么证明", "value": said.get("shown_by", "")},
    ]
    return [one for one in found if one["value"]]


def _more(card: PromiseCard) -> list[Shown]:
    """What else was written in the promise."""
    told = {card.kind.field_for(role) for role in BY_ROLE}
    persons = {field.id for field in card.kind.fields if field.personal == "mask"}
    return [
        {"label": one.title, "value": one.shown, "wide": len(one.shown) > 60}
        for one in card.fields
        if one.field not in told | persons
    ]


def _why(card: PromiseCard) -> Shown | None:
    told = card.told
    if told is None or told.due_on >= SUSPENDED_UNTIL or not card.why:
        return None
    duty = policy.current().duties[card.duty_kind]
    return {
        "due_on": told.due_on,
        "explanation": card.why,
        "start": told.started_on,
        "rule": duty.source,
        "clause": duty.clause,
        "clause_url": f"{parts.address('plan')}#{duty.clause}" if duty.clause else "",
        "provisional": told.provisional,
    }


def _milestone(one: Milestone) -> parts.Row:
    standing = promises.standing_cell(one.standing, waits=one.waits, still=False, kept_on=one.kept_on)
    return parts.Row(
        (one.title, promises.due_cell(one.due_on, one.first_due_on), standing, one.shown_by or "—"),
        "overdue" if one.standing is Standing.BROKEN else "",
    )


def _accepted(card: PromiseCard) -> Shown | None:
    accepted = card.accepted
    if accepted is None:
        return None
    return {
        "done_on": accepted.done_on,
        "confirmed_on": accepted.confirmed_on,
        "reason": accepted.reason,
        "open": accepted.open,
        "files": [
            {
                "name": promised.plain(file.name),
                "size": f"{max(1, file.size // KIB):,} KB",
                "digest": file.digest,
                "url": parts.address("evidence", card.identity, file.digest) if accepted.open else "",
            }
            for file in accepted.files
        ],
    }


def _confirmer(card: PromiseCard, organ: str) -> str:
    """Who confirmed it, or is to: whoever it is owed to, or an organ."""
    said = next((act for act in reversed(card.acts) if act.kind == "confirmation"), None)
    if said is not None and card.accepted is not None:
        return happenings.CREDITOR if said.author == RECEIPT else organ
    return confirms_words(card.duty_kind, organ)


def _late(card: PromiseCard, on: date) -> str:
    """What a payment that is late owes in interest."""
    told = card.told
    if told is None or told.lifted_on is not None:
        return ""
    found = of_record(card.kind.id, card.shown.body, kept_on=told.kept_on, on=on)
    return f"{found.words}。" if found and found.days else ""


def _answers(card: PromiseCard) -> Shown | None:
    told = card.told
    if told is None:
        return None
    return {
        "agreed": told.agreed - card.beneficiaries_agreed,
        "disputed": told.disputed - card.beneficiaries_disputed,
        "beneficiaries_agreed": card.beneficiaries_agreed,
        "beneficiaries_disputed": card.beneficiaries_disputed,
        "any": told.agreed + told.disputed,
    }


def _source(card: PromiseCard) -> list[Shown]:
    shown = card.shown
    if card.told is None:
        return []
    last = card.acts[-1] if card.acts else None
    found: list[Shown] = [
        {"label": "类别", "value": card.kind.title},
        {"label": "编号", "value": shown.number, "code": True},
        {"label": "公示日期", "value": card.published_on.isoformat()},
        {"label": "第几版", "value": f"第{shown.version}版"},
        {"label": "记录摘要", "value": shown.digest, "code": True, "wide": True},
    ]
    if last is not None and last.kind != "response":
        found.append({"label": "最近一次办理的摘要", "value": last.digest, "code": True, "wide": True})
    return found


@public
def evidence(_request: HttpRequest, identity: str, digest: str) -> HttpResponseBase:
    """A file that was accepted as evidence and opened to everybody by the one who confirmed it."""
    file = promised.open_evidence(identity, digest, on=clock.today()) if ADDRESS.fullmatch(identity) else None
    if file is None:
        raise nothing_here("没有公开这份材料", fix="只有核实兑现时同意公开的材料才能下载；页面上的摘要可以用来核对")
    response = HttpResponse(ledger.evidence_bytes(file.digest), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=promised.plain(file.name))
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "no-store"
    return response
