"""一屏总览: where the county or one's own organ stands, what is about to break, what to praise. Every number opens; it prints on one page."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.sections import left, standing_of
from jiannuo.documents.figures import Figure
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Standing, county
from jiannuo.duties.queries.promises import promises, slips
from jiannuo.duties.queries.standing import Held, held_by
from jiannuo.duties.rules.slipping import Slip
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

DECISION = "disclose_decision"
FAMILIES: Mapping[str, str] = {
    "promise": "承诺和实事", "suggestion": "建议提案", "case": "判决履行", "task": "方案任务", "report": "半年报告", "standing": "制度和协调",
}  # fmt: skip
"""Each register of what others confirm, as a leader calls it."""
NEAREST, PUT_OFF, PRAISED = 8, 5, 6
PRAISED_FROM = 2
"""Doing one thing is no record yet."""


class Stands(Struct, frozen=True):
    """What is owed by family and by the organ that answers for it today."""

    families: Mapping[str, Held]
    organs: Mapping[int, Held]

    @classmethod
    def of(cls, reach: Collection[int] | None, today: date, organs: Directory) -> "Stands":
        kinds = {one.id: one.family for one in policy.current().duties.values() if one.is_promised}
        families: dict[str, Held] = {}
        debtors: dict[int, Held] = {}
        for (kind, debtor), held in held_by(kinds, on=today, organ_ids=reach).items():
            family, heir = kinds[kind], organs.heir(debtor).id
            families[family] = families.get(family, Held()) + held
            debtors[heir] = debtors.get(heir, Held()) + held
        return cls(families, debtors)


@desk_view("figures.read")
def overview_page(request: DeskRequest) -> HttpResponse:
    today = clock.today()
    organs = subjects.directory(today)
    reach = access.scope(request.actor, "figures.read")
    stands = Stands.of(reach, today, organs)
    context = {
        "whose": policy.current().about["county"] if reach is None else request.actor.organ_name,
        "today": today,
        "tiles": [_decisions(reach, today), *_families(stands.families, reach)],
        "near": _near(reach, today, organs),
        "near_url": asked.link("desk:promises", tab="all" if reach is None else "mine", standing="broken"),
        "slips": [_slip(one, organs) for one in slips(reach, as_of=today)[:PUT_OFF] if one.days > 0],
        "slips_url": reverse("desk:slips"),
        "praised": _praised(stands.organs, organs) if reach is None else [],
        "chart": _chart(stands.families),
    }
    return render(request, "desk/overview.html", context)


def _decisions(reach: Collection[int] | None, today: date) -> dict[str, Any]:
    """双公示 since the half-year began."""
    first = date(today.year, 1 if today.month < 7 else 7, 1)
    stands = county.county(DECISION, first=first, on=today)
    own = {organ: tally for organ, tally in stands.by_organ.items() if reach is None or organ in reach}
    on_time, due = sum(one.on_time for one in own.values()), sum(one.due for one in own.values())
    late, missing = sum(one.late for one in own.values()), sum(one.missing for one in own.values())
    asked_for = {"kind": DECISION, "first": first, "last": today, "standing": "kept,kept_late,broken"}
    note = f"按期 {on_time}，迟报 {late}，超期 {missing}"
    return _tile("许可处罚公示及时率", on_time, due, note, asked.link("desk:duties", **asked_for))


def _families(families: Mapping[str, Held], reach: Collection[int] | None) -> Iterable[dict[str, Any]]:
    for family, title in FAMILIES.items():
        held = families.get(family, Held())
        if held.whole:
            note = f"按期 {held.kept}，逾期办成 {held.late}，逾期未办 {held.broken}，进行中 {held.running}"
            url = asked.link("desk:promises", tab="all" if reach is None else "mine", family=family)
            yield _tile(f"{title}按期率", held.kept, held.due, note, url)


def _tile(label: str, part: int, whole: int, note: str, url: str) -> dict[str, Any]:
    share = duties.Share(part, whole, "")
    tone = "" if not whole else "good" if part == whole else "bad" if part * 10 < whole * 9 else "warn"
    return {"label": label, "value": share.percent or "—", "share": share.value, "note": note, "url": url, "tone": tone}


def _near(reach: Collection[int] | None, today: date, organs: Directory) -> list[dict[str, Any]]:
    """What is broken or about to be, the nearest days first."""
    kinds = tuple(one.id for one in policy.current().duties.values() if one.is_promised and one.family in FAMILIES)
    near = {Standing.BROKEN, Standing.DUE_SOON}
    found = promises(
        as_of=today, kinds=kinds, organ_ids=reach, standings=near, first=date(today.year, 1, 1), size=NEAREST
    )
    return [
        {
            "title": f"{organs.card(card.duty.debtor_id).short}：{card.title}",
            "url": reverse("desk:promise", args=[card.duty.id]),
            "due_on": card.duty.due_on,
            "left": left(card.duty.due_on, today),
            "standing": standing_of(card.duty.due_on, today),
            "action": "看一看",
            "meta": "材料已提交，等确认" if card.submitted_on else card.progress.words if card.progress.whole else "",
        }
        for card in found.rows
    ]


def _slip(one: Slip, organs: Directory) -> dict[str, Any]:
    return {
        "text": f"{organs.card(one.debtor_id).short}：{one.title}",
        "url": reverse("desk:promise", args=[one.duty_id]),
        "note": f"推迟 {one.days} 天（{one.first_due_on} → {one.due_on}）",
    }


def _praised(by_organ: Mapping[int, Held], organs: Directory) -> list[dict[str, Any]]:
    """The organs that kept all they owed in time, those with most first."""
    spotless = [(organ, held) for organ, held in by_organ.items() if held.kept == held.due >= PRAISED_FROM]
    return [
        {
            "text": organs.card(organ).short,
            "url": asked.link("desk:promises", tab="all", organ=organ, standing="kept"),
            "note": f"到期 {held.due} 项，全部按期",
        }
        for organ, held in sorted(spotless, key=lambda item: (-item[1].kept, item[0]))[:PRAISED]
    ]


def _chart(families: Mapping[str, Held]) -> Figure | None:
    rows = tuple(
        (title, (held.kept, held.late, held.broken, held.running))
        for family, title in FAMILIES.items()
        if (held := families.get(family)) and held.whole
    )
    if not rows:
        return None
    series = ("按期", "逾期办成", "逾期未办", "进行中")
    return Figure(kind="stacked", title="办到哪一步", unit="项", series=series, rows=rows)
