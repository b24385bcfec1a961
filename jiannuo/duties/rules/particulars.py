"""What a kind asks for when a duty is said to be done: its own columns and rules, checked as those of a sheet are."""

from collections.abc import Mapping
from datetime import date

from jiannuo.intake.rules.forms import filled
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
    around = Surroundings(today=today, organ=lambda _code, _name, _own: "", register=lambda _codes: {})
    return filled(asked, given, around, clause=clause)
