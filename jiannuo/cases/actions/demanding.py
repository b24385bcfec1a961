"""What must hold before a case is opened: about whom, on what instrument, against which record."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from jiannuo.cases import queries
from jiannuo.cases.actions.handling import OFFICIAL
from jiannuo.cases.actions.writing import Given
from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.duties.queries import Standing
from jiannuo.duties.queries.claims import sum_of
from jiannuo.kernel import sealing
from jiannuo.kernel.days import parse_day
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import SETTLING, Flow, Step
from jiannuo.policy.kinds import Kind
from jiannuo.policy.reading import words
from jiannuo.subjects import queries as subjects

YES = "是"


def may_open(flow: Flow, values: Mapping[str, str], record: EntryCard | None, *, on: date) -> None:
    """Refuses a case that rests on an instrument not yet final, or about a record that is gone, taken up already, or not ripe."""
    _final(flow, values)
    _due(flow, values, on)
    if record is not None and flow.about == "item":
        _offered(flow, values, record)
    elif record is not None:
        _standing(flow, record)
        _alone(flow, record)
        _ripe(flow, record, on)


def speaks_for(flow: Flow, kind: Kind, values: Mapping[str, str], record: EntryCard | None) -> None:
    """Refuses somebody from outside who names another party than the one the record is about."""
    if record is None or flow.about == "item":
        return
    field = kind.field_for("about_code")
    code = values.get(field, "").strip().upper()
    (blind,) = sealing.blinds(entries.ring()[0], [code.encode()])
    scheme, _, theirs = record.about.partition(":")
    if not code or theirs != (blind.hex() if scheme == "person" else code):
        fix = "请填记录上的当事人自己的代码或者证件号码；受委托的，填委托人的，并附委托书"
        message = "填的代码或者证件号码与这条记录的当事人不一致"
        raise Refused(message, fix=fix, clause=flow.clause or flow.source, field=field, code="party")


def corrected(flow: Flow, record: EntryCard | None) -> None:
    """Refuses to settle an objection by a correction that nobody has sent in, or that is not public where the record is."""
    if record is None:
        return
    newer = entries.facts().filter(identity=record.identity, version__gt=record.version).order_by("version").last()
    if newer is None:
        fix = "请作出记录的单位先报送更正后的记录，再办这一步"
        raise Refused("原记录还没有更正", fix=fix, clause=flow.clause or flow.source, field="record", code="correction")
    public = entries.facts().filter(refers__identity=record.identity, kind="publication")
    if public.exists() and not public.filter(refers=newer.pk).exists():
        fix = "请审核员放行更正后的记录，再办这一步"
        raise Refused(
            "更正后的记录还没有公示", fix=fix, clause=flow.clause or flow.source, field="record", code="correction"
        )


def holds(card: CaseCard, step: Step, done: Collection[StepCard], *, on: date) -> None:
    """Refuses a step whose table asks for a record found, for none, for a correction, or for something overdue, where it is not so."""
    flow, clause = card.flow, card.flow.clause or card.flow.source
    if "correction" in step.needs:
        corrected(flow, entries.entry(card.record_id or 0))
    if "record" in step.needs and card.record_id is None:
        fix = "没有认定的，请办“没有认定”的那一步；还在认定的，请等它办结"
        raise Refused("还没有认定的记录，没有什么可修复", fix=fix, clause=clause, code="record")
    if "no_record" in step.needs and card.record_id is not None:
        fix = "请等履行以后修复；修复、撤下或者期满以后自动办结"
        raise Refused("已经认定并写入记录，不能按没有认定办结", fix=fix, clause=clause, code="record")
    if "whole" in step.needs:
        _whole(done, on=on, clause=clause)
    if "overdue" in step.needs:
        whole = queries.case(card.id, as_of=on) or card
        owed = [*whole.duties, *(one.duty for one in queries.promised(done, as_of=on))]
        if not any(one.standing is Standing.BROKEN for one in owed):
            last = min((one.due_on for one in owed if one.is_open), default=None)
            fix = f"请在{last}以后再办" if last else "请先登记每一期的履行期限"
            raise Refused("还没有哪一项到期没有办", fix=fix, clause=clause, code="overdue")


def _whole(done: Collection[StepCard], *, on: date, clause: str) -> None:
    """Refuses to call an agreement performed whose parts were not all written down: what is promised nowhere, nobody keeps."""
    agreed = _agreed(done)
    parts = [one for one in queries.promised(done, as_of=on) if one.duty.lifted_on is None]
    written = sum((sum_of(one) or Decimal(0) for one in parts), Decimal(0))
    if agreed is not None and written < agreed:
        raise Refused(
            f"协议确定{agreed:,.2f}元，登记的各期合计{written:,.2f}元，还差{agreed - written:,.2f}元",
            fix="请把没有登记的各期登记，等确认履行以后再办；金额变更的，登记新的协议",
            clause=clause,
            code="whole",
        )


def _agreed(done: Collection[StepCard]) -> Decimal | None:
    """The sum of the agreement written down last; nothing where it is about no money."""
    kinds, numbers = policy.current().kinds, list[int]()
    for one in done:
        kind = kinds.get(one.step.asks) if one.step else None
        if kind and kind.field_for("agreed") and one.entry.body.get("record"):
            numbers.append(int(str(one.entry.body["record"])))
    last = entries.entry(numbers[-1]) if numbers else None
    said = str(last.body.get(kinds[last.kind].field_for("agreed")) or "") if last else ""
    return Decimal(said) if said else None


def _offered(flow: Flow, values: Mapping[str, str], item: EntryCard) -> None:
    """The item stands on its organ's list, is not cancelled, and may be asked for on this channel."""
    pack, clause = policy.current(), flow.clause or flow.source
    listed, kind = pack.kinds[item.kind], pack.kinds[flow.kind]
    off = entries.facts().filter(refers__identity=item.identity, kind="delisting", refers__gte=item.id)
    says = {name: str(item.body.get(name) or "") for name in flow.only}
    if off.exists() or any(says[name] not in flow.only[name] for name in says):
        told = "、".join(filter(None, says.values()))
        raise Refused(
            f"这个事项现在不能申请{f'：{told}' if told else ''}",
            fix="请看事项页面写明的去向，或者打电话问实施单位",
            clause=clause,
            field="record",
            code="not_offered",
        )
    by, open_ones = (
        values.get(kind.field_for("channel"), ""),
        words(str(item.body.get(listed.field_for("channels")) or "")),
    )
    if by and open_ones and by not in open_ones:
        fix = f"可以在这里办：{'、'.join(open_ones)}"
        field = kind.field_for("channel")
        raise Refused(f"这个事项不能从“{by}”申请", fix=fix, clause=clause, field=field, code="channel")


def outer(flow: Flow, values: Mapping[str, str], under: int | None, *, on: date) -> CaseCard | None:
    """The case that this one is opened within: named by number on its form, or the one whose page it came from."""
    within = flow.within
    if within is None:
        return None
    number = values.get(within.field, "")
    found = queries.by_number(number, as_of=on) if within.field else queries.case(under or 0, as_of=on)
    return found if found and found.flow.id == within.flow else None


def stands_open(flow: Flow, over: CaseCard | None, *, on: date) -> None:
    """Refuses a case that belongs within another where there is none, or it takes none now, or none any more."""
    within = flow.within
    if within is None:
        return
    if over is not None and over.state.id in within.states:
        _not_after(flow, over, within.until, within.field, on=on)
        return
    known = policy.current().flows[within.flow]
    when = "、".join(known.states[one].title for one in known.states if one in within.states)
    message = f"没有这个编号的{known.short}" if within.field else f"没有指明是哪一件{known.short}"
    if over is not None:
        message = f"{over.number}现在是“{over.state.title}”，不收{flow.short}"
    fix = f"{known.short}在“{when}”时才收；请核对编号，或者从那一件的页面进入"
    raise Refused(message, fix=fix, clause=flow.clause or flow.source, field=within.field, code="within")


def _not_after(flow: Flow, over: CaseCard, until: str, field: str, *, on: date) -> None:
    last = parse_day(str(over.opening.body.get(until) or "")) if until else None
    if last is not None and on > last:
        message = f"{over.number}收{flow.short}到{last}为止，今天{on}"
        fix = "已经过了公布的最后一天，晚到的都不收；请等下一次"
        raise Refused(message, fix=fix, clause=flow.clause or flow.source, field=field, code="within_until")


def proven(card: CaseCard, step: Step, given: Given, *, on: date) -> None:
    """Refuses a step on whose subject the ledger was not asked, or did not say yes."""
    clause = card.flow.clause or card.flow.source
    if "criteria" in step.needs:
        unmet = [one.split("|")[2] for one in given.criteria if one.split("|")[1] == "no"]
        if unmet or not given.criteria:
            message = f"不符合评选标准：{'；'.join(unmet)}" if unmet else "没有核对评选标准"
            raise Refused(message, fix="不符合的不能往下办；请写明理由，不予授予", clause=clause, code="proof")
    if "eligible" in step.needs:
        found = next(iter(entries.cards(entries.facts().filter(number=given.certificate, kind="certificate"))), None)
        key = OFFICIAL + card.official if card.official else f"organ:{_code(card, on)}"
        holds = found is not None and found.happened_on == on and found.body["use"] == "honour"
        lines = [str(one) for one in found.body["answers"]] if found and holds else []
        if not any(one.startswith(f"{key}|yes|") for one in lines):
            fix = "请在工作台办这一步，系统会当场查询并留下证明"
            raise Refused("没有查过能不能授予，或者答的不是“可以”", fix=fix, clause=clause, code="proof")


def _code(card: CaseCard, on: date) -> str:
    return subjects.directory(on).heir(card.subject_id or card.handler_id).code


def _final(flow: Flow, values: Mapping[str, str]) -> None:
    """A penalty that may still be challenged is no dishonesty (河南省社会信用条例第二十条)."""
    final = flow.final
    if final is None or values.get(final.field) not in final.when or values.get(final.upheld) == YES:
        return
    pack = policy.current()
    served = date.fromisoformat(values[final.served])
    limits = [
        (pack.deadlines[name].what, pack.rule(name, on=served).due(served, pack.calendar)) for name in final.limits
    ]
    last = max(due.due_on for _, due in limits)
    if date.fromisoformat(values[final.final]) <= last:
        told = "，".join(f"{what}到{due.due_on}为止" for what, due in limits)
        raise Refused(
            f"{values[final.served]}送达的，{told}，现在还没有生效",
            fix=f"请在{last}以后再登记；已经复议或者诉讼维持的，写明维持的文书和生效日期",
            clause=flow.clause or flow.source,
            field=final.final,
            code="final",
        )


def _due(flow: Flow, values: Mapping[str, str], on: date) -> None:
    """What is owed in money has fallen due, by the contract or by the law."""
    kind = policy.current().kinds[flow.kind]
    if kind.claim is None or not values.get(kind.claim.owed):
        return
    clause, owed = flow.clause or flow.source, policy.current().claim(kind.id, values)
    if owed is None:
        fix = "请填合同约定的付款日期；没有约定的，填交付日期，由系统按规定计算"
        raise Refused("看不出应当哪天付款", fix=fix, clause=clause, field=kind.claim.stated, code="due")
    if owed.due_on >= on:
        fix = f"请在{owed.due_on}以后再提；单位已经明说不付的，把金额空着，写在情况里"
        raise Refused(
            f"还没有到付款的日子：{owed.why}，应付日{owed.due_on}",
            fix=fix,
            clause=clause,
            field=kind.claim.owed,
            code="due",
        )


def _standing(flow: Flow, record: EntryCard) -> None:
    acts = entries.facts().filter(
        refers__identity=record.identity, kind__in=[one for one in SETTLING if one != "settlement"]
    )
    later = entries.facts().filter(refers__identity=record.identity, kind="publication")
    last, again = acts.order_by("pk").last(), later.order_by("pk").last()
    if last is not None and (again is None or again.pk < last.pk):
        what = "修复" if last.kind == "repair" else "撤下"
        raise Refused(
            f"这条记录已经{what}", fix="不必再办", clause=flow.clause or flow.source, field="record", code="gone"
        )


def _alone(flow: Flow, record: EntryCard) -> None:
    open_ones = Case.objects.filter(flow=flow.id, closed_on=None, record__identity=record.identity)
    if known := open_ones.values_list("number", flat=True).first():
        fix = f"请在{known}里补充情况，不必另提"
        message = f"这条记录的{flow.short}已经在办：{known}"
        raise Refused(message, fix=fix, clause=flow.clause or flow.source, field="record", code="twice")


def _ripe(flow: Flow, record: EntryCard, on: date) -> None:
    """The first day on which repair may be asked for is told beforehand and holds (信用修复管理办法)."""
    if not flow.repairable:
        return
    terms = policy.current().terms(record.kind, record.body, decided_on=record.happened_on)
    if terms is None or terms.first_on is None:
        words = terms.words if terms else "这类记录没有规定修复的条件"
        raise Refused(
            f"这条记录不能修复：{words}", fix="公示期满自动停止公示", clause=flow.source, field="record", code="barred"
        )
    if on < terms.first_on:
        fix = f"请在{terms.first_on}以后再申请"
        raise Refused(
            f"还不到可以申请修复的日子：{terms.words}", fix=fix, clause=terms.cls.source, field="record", code="early"
        )
