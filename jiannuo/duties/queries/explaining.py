"""Why a day is the day, asked by the name of the rule."""

from datetime import date
from functools import lru_cache

from jiannuo.duties import rules
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Pause
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack


def explain(
    name: str, *, started_on: date, stated: date | None = None, pauses: tuple[Pause, ...] = ()
) -> rules.Explanation:
    """When what started on a day is due, and why. Refuses a rule that is not in the pack or was not in force that day."""
    pack = policy.current()
    if name not in pack.deadlines:
        known = "、".join(sorted(pack.deadlines))
        raise Refused(f"没有“{name}”这个时限", fix=f"可用的是：{known}", field="rule", code="rule")
    found = explanation(pack, name, started_on, stated, pauses)
    if found is None:
        first = pack.deadlines[name].values[0].since
        raise Refused(
            f"“{pack.deadlines[name].what}”在{started_on}没有施行中的时限",
            fix=f"这一时限自{first}起施行，请核对起算日",
            clause=pack.deadlines[name].source,
            field="from",
            code="not_in_force",
        )
    return found


@lru_cache(maxsize=4096)
def explanation(
    pack: Pack, deadline: str, started_on: date, stated: date | None = None, pauses: tuple[Pause, ...] = ()
) -> rules.Explanation | None:
    """The explanation under a pack, computed once for each day; None where nothing was in force.

    Refuses a rule whose day the fact itself names, where it is asked without that day.
    """
    try:
        rule = pack.rule_over(deadline, started_on, stated)
    except LookupError:
        return None
    if stated is None and rule.value.unit == "stated":
        raise Refused(
            f"“{rule.what}”没有统一的天数，按每一项写明的日期计算",
            fix="请在那一项的页面上看它的期限",
            field="rule",
            code="stated",
        )
    texts = {clause.id: clause.text for clause in pack.clauses}
    text = texts.get(rule.clause, "")
    return rules.explain(rule, started_on, pack.calendar, stated=stated, pauses=pauses, clause_text=text)


def warning_days(pack: Pack, kind: str, *, as_of: date) -> int:
    """How many working days ahead a duty of this kind counts as due soon, by the rule in force on a day."""
    deadline = pack.deadlines[pack.duties[kind].deadline]
    begun = [value for value in deadline.values if value.since <= as_of]
    return (begun or deadline.values)[-1].warn


def horizon(pack: Pack, kind: str, *, as_of: date) -> date:
    """What is due by this day is due soon."""
    return rules.horizon(pack.calendar, as_of=as_of, warn=warning_days(pack, kind, as_of=as_of))
