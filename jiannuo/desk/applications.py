"""What an application has besides other cases: its item, its papers, its promised days."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from jiannuo.cases import queries
from jiannuo.cases.actions import Reading, gathering, keeping
from jiannuo.desk.gate import DeskRequest
from jiannuo.kernel import clock
from jiannuo.kernel.searching import fold_text
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Flow, Step
from jiannuo.subjects import queries as subjects

MOST_ITEMS = 40
"""Items a page of choosing shows; more are found by name."""


def beside(found: Reading) -> dict[str, Any]:
    """What the page of a case shows of its item: promised days, papers, the record kept up, and what may be printed."""
    card, done = found.card, [step for step, _ in found.done]
    if card.flow.about != "item" or not found.whole:
        return {}
    kept = keeping.kept_id(done)
    return {
        "days": keeping.promised(card, done=done),
        "papers": [paper_shown(one) for one in gathering.papers_of(card, done=done, on=clock.today())],
        "kept": reverse("desk:record", args=[kept]) if kept else "",
        "kept_title": policy.current().kinds[card.flow.kept].short if card.flow.kept else "",
        "item": reverse("desk:record", args=[card.record_id]) if card.record_id else "",
        "notices": [
            (step.step.filling.notice, reverse("desk:case_notice", args=[card.id, step.entry.id]))
            for step in done
            if step.step and step.step.filling.notice
        ],
    }


def first_words(step: Step, found: Reading) -> str:
    """What a step that names all missing papers begins with: their list."""
    if not step.filling.lists:
        return ""
    lines = "\n".join(f"{place}. {title}" for place, title in enumerate(_missing(found), 1))
    return f"还缺下列材料，请一次补齐：\n{lines}" if lines else ""


def collected(step: Step, found: Reading) -> list[str]:
    """The papers still missing, by name, where a step brings them."""
    return _missing(found) if step.filling.collects else []


def _missing(found: Reading) -> list[str]:
    papers = gathering.papers_of(found.card, done=[one for one, _ in found.done], on=clock.today())
    return [one.title for one in papers if one.missing]


def received(case_id: int) -> list[dict[str, str]]:
    """The papers of a case that was just entered, for the sheet its applicant takes away."""
    card = queries.case(case_id, as_of=clock.today())
    return (
        [paper_shown(one) for one in gathering.papers_of(card, done=queries.steps(card), on=clock.today())]
        if card
        else []
    )


def boxes(titles: Sequence[str]) -> list[dict[str, str]]:
    """A box for the file of each paper of a list."""
    return [{"name": f"paper.{place}", "title": title} for place, title in enumerate(titles)]


def item_of(text: str) -> EntryCard | None:
    """The item whose number an address names."""
    return ledger.entry(int(text)) if text.isascii() and text.isdigit() else None


def item_name(item: EntryCard) -> str:
    """What the item is called."""
    return str(item.body.get(policy.current().kinds[item.kind].field_for("title")) or item.number)


def choosing(request: DeskRequest, flow: Flow) -> HttpResponse:
    """The items of all lists that may be asked for, found by name: a case begins with one of them."""
    organs, text = subjects.directory(clock.today()), request.GET.get("q", "").strip()
    rows = ledger.newest(flow.records).exclude(acts__kind="delisting").order_by("organ", "number")
    words = fold_text(text)
    items = [
        one
        for one in ledger.cards(rows)
        if _may_be_asked(flow, one) and words in fold_text(f"{item_name(one)}{one.number}")
    ]
    shown = [
        {
            "name": item_name(one),
            "number": one.number,
            "organ": organs.heir(one.organ_id).short,
            "url": f"{reverse('desk:case_open', args=[flow.id])}?record={one.id}",
        }
        for one in items[:MOST_ITEMS]
    ]
    context = {"flow": flow, "rows": shown, "total": len(items), "q": text, "trail": [("案件", reverse("desk:cases"))]}
    return render(request, "desk/choose_item.html", context)


def _may_be_asked(flow: Flow, item: EntryCard) -> bool:
    return all(str(item.body.get(name) or "") in values for name, values in flow.only.items())


def paper_shown(one: gathering.Paper) -> dict[str, str]:
    """A paper of the list, and whether it came, is held or is missing."""
    held = one.held
    return {
        "title": one.title,
        "words": "已交" if one.came else f"已有，不用再交：{held.what}" if held else "还没有交",
        "number": held.number if held and not one.came else "",
        "url": reverse("desk:record", args=[held.record]) if held and held.record else "",
        "missing": "1" if one.missing else "",
    }
