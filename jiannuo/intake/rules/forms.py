"""One row typed into a form: its columns and rules checked as those of a sheet are, the first fault refused at its field."""

from collections.abc import Mapping

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import cross
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind


def filled(kind: Kind, given: Mapping[str, str], around: Surroundings, *, clause: str = "") -> dict[str, str]:
    """The values as they are kept, by field, blanks left out."""
    complaints: list[Complaint] = []
    columns, values = Columns(kind), {}
    for field in kind.fields:
        (values[field.id],) = columns.check(field, [given.get(field.id, "")], complaints)
    if not any(one.level == "error" for one in complaints):
        complaints += cross(kind, {name: [value] for name, value in values.items()}, around)
    for one in complaints:
        if one.level == "error":
            title = kind.by_id[one.field].title
            raise Refused(f"{title}：{one.message}", fix=one.fix, clause=clause, code=one.code, field=one.field)
    return {name: value for name, value in values.items() if value}
