"""Facts that name their own day, by the hundred thousand: opened in one statement, kept where the fact says when it was done."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import connection

from jiannuo.duties.actions.opening import OPENING, TABLE, Terms, staged
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.policy.pack import Pack

COLUMNS = (*OPENING, "stated_on", "kept_on", "kept_by_id")
SAID = {
    "postgresql": "CAST(NULLIF({body} ->> %s, '') AS date)",
    "sqlite": "NULLIF(json_extract({body}, '$.' || %s), '')",
}
BODY = {"postgresql": "CAST(e.body AS jsonb)", "sqlite": "e.body"}
EARLIER = {"postgresql": "LEAST", "sqlite": "min"}
FALSE = {"postgresql": "FALSE", "sqlite": "0"}

# What each fact says is read out of its body once, in the order of entries. Why a later version is looked for only past the
# first entry is told in `opening`.
FIRST_MET = """
INSERT INTO {table} ({columns})
SELECT %s, f.organ_id, f.id, {earlier}(f.happened_on, f.stated), f.stated, {false}, s.rule, %s, f.stated, f.kept,
    CASE WHEN f.kept IS NULL THEN NULL ELSE f.id END
FROM (
    SELECT e.id, e.organ_id, e.happened_on, e.identity, {said} AS stated, {kept} AS kept
    FROM ledger_entry e WHERE e.id BETWEEN %s AND %s AND e.kind = %s AND e.version = 1
) f JOIN {stage} s ON s.started_on = f.happened_on
WHERE f.stated IS NOT NULL AND f.identity NOT IN (
    SELECT v.identity FROM {table} d CROSS JOIN ledger_entry v
    WHERE v.id = d.entry_id AND d.kind = %s AND d.entry_id > %s AND v.version > 1
)
ORDER BY f.id ON CONFLICT DO NOTHING
"""


def names_its_day(kind: Kind, pack: Pack) -> bool:
    """Whether every fact of a kind names the day its duties are due and that they were kept, and nothing else matters to them."""
    duties = [pack.duties[name] for name in kind.opens]
    return bool(duties and kind.field_for("kept_on")) and all(
        kind.field_for(duty.stated)
        and not (duty.is_promised or duty.opened_when or duty.starts)
        and all(value.unit == "stated" for value in pack.deadlines[duty.deadline].values)
        for duty in duties
    )


def open_stated_between(
    first: int, last: int, *, days: Iterable[date], of: Kind, kind: str, opened_at: datetime
) -> None:
    """Each record of a kind that is met for the first time between two entries opens its duty for the day it names.

    `days` are those on which these records happened. A record that says when it was done is kept as of that day. One that
    names no day owes nothing.
    """
    pack, vendor = policy.current(), connection.vendor
    terms = Terms(kind, pack)
    found = [(day.isoformat(), term.rule) for day in days if (term := terms.of(day, day)) is not None]
    if not found:
        return
    said = SAID[vendor].format(body=BODY[vendor])
    with connection.cursor() as cursor, staged(cursor, columns=("started_on", "rule"), rows=found) as stage:
        query = FIRST_MET.format(
            table=TABLE, columns=", ".join(COLUMNS), stage=stage, said=said, kept=said,
            earlier=EARLIER[vendor], false=FALSE[vendor],
        )  # fmt: skip
        at = connection.ops.adapt_datetimefield_value(opened_at)
        fields = [of.field_for(pack.duties[kind].stated), of.field_for("kept_on")]
        cursor.execute(query, [kind, at, *fields, first, last, of.id, kind, first])
