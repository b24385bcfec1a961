"""One record filled in on the page, or one corrected: the same checks as for a file, each complaint at its field."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from msgspec import Struct

from jiannuo.access import actions as access_actions
from jiannuo.access import rules as access
from jiannuo.desk.fields import FormField, field_of, typed
from jiannuo.desk.gate import DeskRequest, address_of, desk_view
from jiannuo.desk.sending import handled, own_organ
from jiannuo.desk.working import carry_over
from jiannuo.disclosure.queries import desk as records
from jiannuo.intake import actions as intake
from jiannuo.intake import queries as batches
from jiannuo.intake.queries import ProblemCard
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import queries as subjects


class NotTakenError(Exception):
    """The checks refused the record; nothing of it was kept."""

    def __init__(self, problems: list[ProblemCard]) -> None:
        super().__init__()
        self.problems = problems


class Form(Struct, frozen=True):
    """What is being filled in, for which organ, and which record it corrects if any."""

    kind: Kind
    organ_id: int
    corrected: EntryCard | None

    @property
    def fixed(self) -> frozenset[str]:
        """The fields that say which record it is: a correction leaves them as they are."""
        return frozenset(self.kind.unique) if self.corrected else frozenset()


@desk_view("intake.send")
def entry_page(request: DeskRequest, kind: str) -> HttpResponse:
    known = handled(request.actor, batches.kind_of(kind))
    if known.whole:
        raise Refused(f"{known.short}要整份上传，不能一条一条填", fix="请在“权责清单”页上传整份清单", code="whole")
    form = _form(request, known)
    values = typed(known, request.POST) if request.method == "POST" else _first_values(form, clock.today())
    reason = request.POST.get("reason", "")
    refused: Refused | None = None
    wrong: list[ProblemCard] = []
    if request.method == "POST":
        try:
            return redirect(*_send(request, form, values, reason))
        except NotTakenError as no:
            wrong = no.problems
        except Refused as no:
            if no.code == "forbidden":
                raise
            refused = no
    context = _shown(form, values, wrong) | {"reason": reason, "refusal": refused}
    return render(request, "desk/entry.html", context, status=422 if refused or wrong else 200)


def _form(request: DeskRequest, kind: Kind) -> Form:
    asked = request.POST.get("corrects") or request.GET.get("corrects", "")
    if not asked:
        organ_id = own_organ(request.actor)
        access.demand(request.actor, "intake.send", organ_id)
        return Form(kind, organ_id, None)
    card = ledger.entry(int(asked)) if asked.isascii() and asked.isdigit() else None
    if card is None or card.kind != kind.id:
        raise Refused("没有要更正的这条记录", fix="请从记录页面点“更正”", code="not_found")
    # What others send about an organ is corrected by who sent it: the row names its sender, and intake holds it to that.
    organ_id = own_organ(request.actor) if kind.is_assigned else card.organ_id
    access.demand(request.actor, "intake.send", organ_id)
    return Form(kind, organ_id, card)


def _first_values(form: Form, today: date) -> dict[str, str]:
    """A correction begins with what is there, a new record with what is known of the organ; personal values stay sealed."""
    if form.corrected:
        body = form.corrected.body
        hidden = frozenset(form.kind.personal_fields)
        return {name: str(value or "") for name, value in body.items() if name not in hidden}
    organ = subjects.directory(today).card(form.organ_id)
    known = {"source_name": organ.name, "source_code": organ.uscc, "sender": organ.name}
    known |= {"organ_name": organ.name, "organ_code": organ.uscc} if not form.kind.is_assigned else {}
    return {name: value for role, value in known.items() if (name := form.kind.field_for(role))}


def _send(request: DeskRequest, form: Form, values: Mapping[str, str], reason: str) -> tuple[str, int]:
    """The record goes through the checks of intake; what they refuse leaves nothing behind. Returns where it is to be seen."""
    actor, now = request.actor, clock.now()
    with transaction.atomic():
        batch_id = intake.receive_rows(
            [_completed(form, values)],
            kind=form.kind.id,
            organ_id=form.organ_id,
            author=actor.username,
            at=now,
            as_of=clock.today(),
            corrects=form.corrected is not None,
            reason=reason,
        )
        card = intake.process(batch_id, clock=clock.now)
        if card.refusal:
            raise Refused(card.refusal["message"], fix=card.refusal["fix"], code=card.refusal["code"])
        if card.rejected:
            raise NotTakenError(batches.problems(batch_id, limit=200)[1])
        if not card.accepted:
            raise Refused("库里已经有内容完全相同的一条", fix="不必再报；要改内容的，改好再提交", code="unchanged")
        (entry,) = records.of_batch(batch_id, organs=subjects.directory(clock.today()))
        _same_record(form, entry.entry_id)
        access_actions.note(
            actor, action="intake.send", object=f"batch:{batch_id}", at=now, organ_id=form.organ_id, address=address_of(request),
            detail=f"{form.kind.short}{'更正' if form.corrected else '填写'}一条 {entry.number}",
        )  # fmt: skip
    carry_over(clock.now())
    # A closed record has no page of its own; whoever sent it sees that it came in.
    closed = form.kind.visibility == ledger.CLOSED
    return ("desk:batch", batch_id) if closed else ("desk:record", entry.entry_id)


def _completed(form: Form, values: Mapping[str, str]) -> dict[str, str]:
    """A correction keeps the personal values that were not typed anew; whoever corrects does not see them."""
    found = dict(values)
    if form.corrected:
        kept = ledger.personal(form.corrected.id)
        found |= {name: value for name, value in kept.items() if name in found and not found[name]}
    return found


def _same_record(form: Form, entry_id: int) -> None:
    made = ledger.entry(entry_id)
    if form.corrected and (made is None or made.identity != form.corrected.identity):
        titles = "、".join(form.kind.by_id[name].title for name in form.kind.unique)
        raise Refused(
            "这样改以后就是另一条记录了",
            fix=f"{titles}决定是哪一条记录；这几项本身报错了的，请另行报送正确的一条，再请审核员撤下原来的",
            code="identity",
        )


def _shown(form: Form, values: Mapping[str, str], wrong: list[ProblemCard]) -> dict[str, Any]:
    errors: dict[str, str] = {}
    for one in wrong:
        if one.level == "error":
            errors.setdefault(one.field, f"{one.message}。{one.fix}" if one.fix else one.message)
    today = clock.today()
    asked = [field for field in form.kind.fields if field.need != "B"]
    fields = [field_of(form.kind, field, values, errors, today, fixed=form.fixed) for field in asked]
    # A sum is asked for where the decision has one, so it stands with what must be filled.
    near = {*form.kind.fields_for("amounts")}
    needed = [one for one in fields if one.required or one.name in near]
    optional = [one for one in fields if one not in needed]
    return {
        "kind": form.kind,
        "needed": needed,
        "optional": optional,
        "optional_open": any(one.value or one.error for one in optional),
        "corrected": form.corrected,
        "errors": _summary(fields, errors),
        "trail": [("数据上报", reverse("desk:intake"))],
    }


def _summary(fields: list[FormField], errors: Mapping[str, str]) -> list[tuple[str, str]]:
    titles = {one.name: one.label for one in fields}
    return [
        (f"id_{name}", f"{titles[name]}：{text}") if name in titles else ("content", text)
        for name, text in errors.items()
    ]
