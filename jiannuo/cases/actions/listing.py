"""Facts that a step writes one to a line: everybody who took part, each checked like a row of a sheet."""

import re
from collections.abc import Sequence

from jiannuo.cases import queries
from jiannuo.cases.actions.writing import Moment, checked, write
from jiannuo.cases.queries import CaseCard, StepCard
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.policy.flows import Step

BETWEEN = re.compile(r"[,，\t]")
"""What stands between the parts of a line: a comma of either width, or the tab that a sheet puts there."""
MOST = 60
FIELD = "lines"


def write_each(card: CaseCard, step: Step, text: str, done: Sequence[StepCard], when: Moment) -> list[str]:
    """The facts as the lines say them, their numbers in the ledger. Refuses none, too many, and the first line that is wrong."""
    kind, asked = policy.current().kinds[step.lines], queries.asked(card, step, lines=True)
    names = [field.id for field in asked.fields] if asked else []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    clause = card.flow.clause or card.flow.source
    if not 1 <= len(lines) <= MOST:
        what = "没有写" if not lines else "写得太多："
        fix = f"请一行写一个，最多{MOST}行，依次写：{'，'.join(kind.by_id[name].title for name in names)}"
        raise Refused(f"{what}{kind.title}", fix=fix, clause=clause, field=FIELD, code=FIELD)
    own = queries.carried(card, step, done, kind, on=when.on)
    found: list[dict[str, str]] = []
    for place, line in enumerate(lines, 1):
        # The last part may have commas in it.
        parts = [part.strip() for part in BETWEEN.split(line, maxsplit=len(names) - 1)]
        try:
            values = checked(kind, {**dict(zip(names, parts, strict=False)), **own}, card.flow, when.on)
        except Refused as no:
            fix = f"{no.fix}；一行依次写：{'，'.join(kind.by_id[name].title for name in names)}"
            raise Refused(
                f"第{place}行“{line[:40]}”：{no.message}", fix=fix, clause=clause, field=FIELD, code=no.code
            ) from None
        if values in found:
            raise Refused(f"第{place}行和前面的一行相同", fix="请删去一行", clause=clause, field=FIELD, code="twice")
        found.append(values)
    return [
        str(write(
            kind, values, when, organ=card.handler_id, number=card.number, token=f"{card.number}/{card.steps}/{place}", about="",
        ).id)
        for place, values in enumerate(found)
    ]  # fmt: skip
