"""What was sent in to show that a promise is kept: its words, its files, and what became of it."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.people import called
from jiannuo.desk.record import field_shown, is_filled
from jiannuo.desk.sending import download
from jiannuo.duties import actions as duties
from jiannuo.duties.queries.promises import Promise, PromiseCard
from jiannuo.kernel import clock
from jiannuo.kernel.attachments import BEGINNINGS
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.kinds import Kind

PICTURES = frozenset({"png", "jpg", "jpeg"})
TYPES: Mapping[str, str] = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "pdf": "application/pdf"}
"""Types a browser is told of; every other file is only saved."""


def result_kind(card: PromiseCard) -> Kind | None:
    """The fields that are asked for when this is said to be done, as a kind of their own; none where words and files are enough."""
    return card.kind.asked(card.duty.kind) if card.kind else None


def sent(found: Promise) -> list[dict[str, Any]]:
    """What the debtor sent in, the latest first: when, what it said, its files, and what became of it."""
    accepted = {act.id for act in found.accepted}
    published = {
        act.body.get("performance") for act in found.acts if act.kind == "confirmation" and act.body.get("publish")
    }
    names = called(act.author for act in found.acts if act.kind == "performance")
    return [
        {
            "act": act,
            "who": names.get(act.author, ""),
            "done_on": act.body.get("done_on", ""),
            "words": act.body.get("words", ""),
            "result": _result(found.card, act),
            "files": files_of(found.card.duty.id, act),
            "state": _state(act, accepted, found.card.submitted),
            "public": act.digest in published,
        }
        for act in reversed(found.acts)
        if act.kind == "performance"
    ]


def _state(act: EntryCard, accepted: set[int], waiting: int | None) -> dict[str, str]:
    if act.id == waiting:
        return {"standing": "to_review", "label": "等确认"}
    return (
        {"standing": "accepted", "label": "已确认"}
        if act.id in accepted
        else {"standing": "returned", "label": "未采信"}
    )


def _result(card: PromiseCard, act: EntryCard) -> list[dict[str, Any]]:
    kind = result_kind(card)
    if kind is None:
        return []
    return [field_shown(kind, field, act, {}) for field in kind.fields if is_filled(field, act, {})]


def files_of(duty_id: int, act: EntryCard) -> list[dict[str, Any]]:
    """The files of one sending, each with its address; pictures can be seen on the page."""
    return [
        {
            "name": name,
            "url": reverse("desk:evidence", args=[duty_id, act.id, place]),
            "picture": name.rpartition(".")[2].lower() in PICTURES,
        }
        for place, name in files_named(act)
    ]


def files_named(act: EntryCard) -> list[tuple[int, str]]:
    """The place and name of each file that somebody sent; what the platform keeps of a report beside it is no evidence to open."""
    names: Sequence[str] = list(act.body.get("files") or [])
    return [(place, name) for place, name in enumerate(names) if name.rpartition(".")[2].lower() in BEGINNINGS]


@desk_view("records.read")
def evidence_file(request: DeskRequest, duty_id: int, act_id: int, place: int) -> HttpResponse:
    """A file of the evidence; whoever opens it is written down."""
    try:
        file = duties.read_evidence(
            duty_id, act_id=act_id, place=place, actor=request.actor, at=clock.now(), address=address_of(request)
        )
    except FileNotFoundError:
        raise Http404 from None
    response = download(file.data, file.name, TYPES.get(file.type, "application/octet-stream"))
    if file.type in PICTURES:
        response.headers["Content-Disposition"] = "inline"
    return response
