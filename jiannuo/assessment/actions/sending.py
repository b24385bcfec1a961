"""The consolidated report goes to the county government: a fact of the ledger, with the files as they were sent."""

from collections.abc import Mapping
from datetime import date, datetime

from django.db import transaction

from jiannuo.access import actions as access
from jiannuo.access.rules import Actor, demand
from jiannuo.assessment.queries import consolidated
from jiannuo.assessment.queries.consolidated import KIND
from jiannuo.assessment.rules.periods import Period
from jiannuo.kernel.document_numbers import check_document_number
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy
from jiannuo.policy.reporting import DUTY
from jiannuo.subjects import queries as subjects

TYPES = frozenset({"pdf", "docx"})
LARGEST = 50 * 2**20


def send_up(
    period: Period,
    *,
    number: str,
    reason: str = "",
    actor: Actor,
    on: date,
    at: datetime,
    lacking: Mapping[int, int] | None = None,
) -> int:
    """The report as it stands today is rendered, kept and recorded as sent; sent again, it needs a reason. Returns the entry."""
    demand(actor, "reports.collect")
    verdict = check_document_number(number)
    if verdict.level == "error":
        raise Refused(
            f"发文字号不对：{verdict.reason}", fix="写成“青发改〔2026〕18号”的样子", field="number", code="number"
        )
    of = consolidated.county(period, as_of=on, lacking=lacking)
    made = consolidated.document(of, number=verdict.value, dated=on)
    files = {form: consolidated.rendered(made, form) for form in ("pdf", "docx")}
    with transaction.atomic():
        kept = {
            form: ledger.keep_evidence(
                data, name=f"{period.title}{of.title}报告.{form}", types=TYPES, limit=LARGEST, at=at, by=actor.username
            ).digest
            for form, data in files.items()
        }
        body: ledger_rules.Body = {
            **kept, "period": period.name, "title": made.title.replace("\n", ""), "number": verdict.value, "to": made.to,
            "evidence": list(kept.values()),
        }  # fmt: skip
        (entry,) = ledger.append([_draft(period, body, reason, actor=actor, on=on)], at=at)
        access.note(
            actor, action="reports.collect", object=f"report:{period.name}", at=at, detail=f"报送县政府 {verdict.value}"
        )
    return entry


def _draft(period: Period, body: ledger_rules.Body, reason: str, *, actor: Actor, on: date) -> ledger_rules.Draft:
    lead = subjects.directory(on).lead
    identity = ledger_rules.identity(KIND, period.name)
    before = entries.present([identity]).get(identity)
    if before and len(reason.strip()) < 4:
        raise Refused(
            f"{period.title}的汇总报告已经报送过",
            fix="再次报送请写明原因；以前报送的那一份仍然留着",
            field="reason",
            code="again",
        )
    return ledger_rules.Draft(
        kind=KIND,
        organ_id=lead.id,
        organ_code=lead.code,
        happened_on=on,
        rule=f"{policy.current().id}#{DUTY}",
        source=ledger_rules.Source(actor.username),
        identity=identity,
        number=f"{period.name} {body['number']}",
        body=body,
        visibility="public",
        reason=reason.strip(),
        version=before.version + 1 if before else 1,
        corrects=before.link if before else None,
    )
