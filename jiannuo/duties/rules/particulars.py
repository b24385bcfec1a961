"""What a kind asks for when a duty is said to be done: its own columns and rules, checked as those of a sheet are."""

from collections.abc import Mapping
from datetime import date

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import cross
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind


def particulars(kind: Kind, duty: str, given: Mapping[str, str], *, today: date, clause: str = "") -> dict[str, str]:
    """The values as they are kept, blanks left out. Refuses the first that is wrong, in words, at its field."""
    asked = kind.asked(duty)
    known = asked.by_id if asked else {}
    if strange := sorted(name for name, value in given.items() if value and name not in known):
        fix = f"可以填的是：{'、'.join(known)}" if known else "这一项只要文字说明和佐证材料"
        raise Refused(f"没有这些项：{'、'.join(strange)}", fix=fix, clause=clause, code="fields", field=strange[0])
    if asked is None:
        return {}
    complaints: list[Complaint] = []
    columns, values = Columns(asked), {}
    for field in asked.fields:
        (values[field.id],) = columns.check(field, [given.get(field.id, "")], complaints)
    if not complaints:
        around = Surroundings(today=today, organ=lambda _code, _name, _own: "", register=lambda _codes: {})
        complaints += cross(asked, {name: [value] for name, value in values.items()}, around)
    for one in complaints:
        if one.level == "error":
            title = asked.by_id[one.field].title
            raise Refused(f"{title}：{one.message}", fix=one.fix, clause=clause, code=one.code, field=one.field)
    return {name: value for name, value in values.items() if value}
