"""What must hold before a case is opened: about whom, on what instrument, against which record."""

from collections.abc import Mapping
from datetime import date

from jiannuo.cases.models import Case
from jiannuo.cases.queries import CaseCard
from jiannuo.kernel import sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as entries
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import SETTLING, Flow
from jiannuo.policy.kinds import Kind

YES = "是"


def may_open(flow: Flow, values: Mapping[str, str], record: EntryCard | None, *, on: date) -> None:
    """Refuses a case that rests on an instrument not yet final, or about a record that is gone, taken up already, or not ripe."""
    _final(flow, values)
    if record is not None:
        _standing(flow, record)
        _alone(flow, record)
        _ripe(flow, record, on)


def stands_open(flow: Flow, parent: CaseCard | None) -> None:
    """Refuses a case that belongs under another, where there is none or it takes none now."""
    if not flow.under:
        return
    over = policy.current().flows[flow.under]
    clause = flow.clause or flow.source
    if parent is None or parent.flow.id != over.id:
        raise Refused(f"没有指明是哪一件{over.short}", fix="请从那一件的页面进入", clause=clause, code="under")
    if parent.state.id not in flow.during:
        when = "、".join(state.title for name, state in over.states.items() if name in flow.during)
        message = f"{parent.number}现在是“{parent.state.title}”，不收{flow.short}"
        raise Refused(message, fix=f"“{when}”时才收；请看它的页面", clause=clause, code="under")


def speaks_for(flow: Flow, kind: Kind, values: Mapping[str, str], record: EntryCard | None) -> None:
    """Refuses somebody from outside who names another party than the one the record is about."""
    if record is None:
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
