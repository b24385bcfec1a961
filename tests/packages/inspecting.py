"""Inspections as tests plan and answer them: through the front doors, as the lead office and its inspectors would."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from jiannuo.access.rules import Actor
from jiannuo.cases import queries
from jiannuo.cases.actions import Answer
from jiannuo.cases.queries import CaseCard
from jiannuo.policy import pack as policy
from tests.packages.casework import opened, stands, taken
from tests.packages.promising import PNG
from tests.packages.recording import LEAD, Office

PLAN = {"year": "2026", "title": "2026年度政务诚信督导检查计划"}
BATCH = {"title": "2026年度政务诚信督导检查", "inspector": LEAD, "planned_by": "2026-06-30"}
ITEMS = tuple(policy.load(policy.ROOT / "sample").checklists["integrity"])


def planned(office: Office, *organs: str, on: str = "2026-03-02", **batch: str) -> list[CaseCard]:
    """A plan with one batch, announced; the inspections it opened."""
    plan = opened("inspection_plan", PLAN, by=office.clerk, on=on)
    taken(plan.case_id, "list", by=office.clerk, on=on, organs=organs, fields={**BATCH, **batch})
    taken(plan.case_id, "announce", by=office.one, on=on)
    return queries.parts(stands(plan.case_id, on), as_of=date.fromisoformat(on))


def answered(case_id: int, by: Actor, on: str, wrong: Mapping[str, str] | None = None, **more: Any) -> CaseCard:
    """Every item answered in one sending: those named are found wrong."""
    found = wrong or {}
    answers = [Answer(item, "不合格", found[item], [PNG]) if item in found else Answer(item, "合格") for item in ITEMS]
    return taken(case_id, "check", by=by, on=on, words="", answers=answers, **more)
