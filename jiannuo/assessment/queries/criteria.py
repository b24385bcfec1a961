"""How an organ stands by the criteria of honours on a day, each with its facts."""

from datetime import date, timedelta

from jiannuo.assessment.rules import criteria as rules
from jiannuo.assessment.rules.criteria import Met
from jiannuo.duties import queries as duties
from jiannuo.measures import queries as measures
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects

DAYS = 365
HONOUR = "honour"


def standing(organ_id: int, *, on: date) -> list[Met]:
    """Each criterion of the pack, with whether the organ meets it."""
    directory = subjects.directory(on)
    heir = directory.heir(organ_id)
    found: list[Met] = []
    for one in policy.current().criteria.values():
        if one.check == "rate":
            first = on - timedelta(days=DAYS)
            figures = duties.rates(one.duty, first=first, last=on, organ_ids=directory.line(heir.id), as_of=on)
            found.append(rules.by_rate(one, figures.total.timeliness))
        elif one.check == "no_record":
            key = f"organ:{heir.code}"
            barring = measures.barred([key], use=HONOUR, on=on).get(key, ())
            found.append(rules.by_record(one, tuple(f"{each.measure.title}（{each.number}）" for each in barring)))
        else:
            found.append(rules.by_papers(one))
    return found
