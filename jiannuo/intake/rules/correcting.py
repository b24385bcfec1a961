"""What a correction of a promise may not do: move a day that has passed, or let who owes it choose who confirms it. Pure."""

from collections.abc import Iterator, Mapping
from datetime import date

from msgspec import Struct

from jiannuo.kernel import days
from jiannuo.policy.documents import DutyKind
from jiannuo.policy.kinds import Kind
from jiannuo.policy.pack import Pack

Body = Mapping[str, str]


class Fault(Struct, frozen=True):
    """What is wrong with a correction, at which field."""

    field: str
    code: str
    message: str
    fix: str


def faults(pack: Pack, kind: Kind, before: Body, after: Body, *, today: date, by_debtor: bool) -> Iterator[Fault]:
    """What a correction that comes today does to the promises of a record that it may not do."""
    for duty in (pack.duties[name] for name in kind.opens):
        if duty.is_promised:
            falls_away = not by_debtor and duty.opened_when and not after.get(kind.field_for(duty.opened_when), "")
            # What a court or whoever assigned it takes back was owed by nobody: that is no date moved.
            if not falls_away:
                yield from _past(pack, kind, duty, before, after, today)
    named = kind.field_for("confirmer")
    if named and by_debtor and before.get(named, "") != after.get(named, ""):
        was = before.get(named) or "信用办"
        fix = "核实单位不由责任单位自己换；确需更换的，请新的核实单位报送这条更正"
        yield Fault(named, "confirmer", f"更正把核实单位由{was}换成了别的单位", fix)


def _past(pack: Pack, kind: Kind, duty: DutyKind, before: Body, after: Body, today: date) -> Iterator[Fault]:
    due_on = _due(pack, kind, duty, before)
    if due_on is None or due_on >= today:
        return
    # A day that was not named at first and is named now begins a duty and moves none.
    for name in (kind.field_for(role) for role in (duty.stated, duty.starts or "day")):
        if name and before.get(name) and before[name] != after.get(name, ""):
            fix = "逾期已经成立，照原来的期限记；别的内容有误的，这一格照原样填再更正"
            yield Fault(name, "corrected_late", f"期限{due_on}已过，不能用更正改期限", fix)
            return


def _due(pack: Pack, kind: Kind, duty: DutyKind, body: Body) -> date | None:
    """The day the record as it was made it due; None where it owed nothing."""
    start = _day(kind, duty.starts or "day", body) or _day(kind, "day", body)
    if start is None or (duty.opened_when and not body.get(kind.field_for(duty.opened_when), "")):
        return None
    stated = _day(kind, duty.stated, body)
    try:
        return pack.rule_over(duty.deadline, start, stated).due(start, pack.calendar, stated=stated).due_on
    except (LookupError, ValueError):
        return None


def _day(kind: Kind, role: str, body: Body) -> date | None:
    name = kind.field_for(role)
    return days.parse_day(body.get(name, "")) if name else None
