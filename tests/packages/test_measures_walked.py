"""Whatever happens to records, in whatever order: no measure without a cause, none that outlives it, none twice, and the answers agree."""

from datetime import date, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jiannuo.cases import tick as stepping
from jiannuo.cases.models import Case
from jiannuo.cases.queries import record_ended
from jiannuo.disclosure import actions as disclosure
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.measures import queries, tick
from jiannuo.measures.rules import Asked
from jiannuo.policy import pack as policy
from tests.packages import recording
from tests.packages.casework import opened, taken
from tests.packages.promising import PNG, at, person
from tests.packages.recording import LEAD, MARKET, Office, Organs, applied, objected, released

pytestmark = pytest.mark.django_db
WHAT = st.sampled_from(
    ["find light", "find general", "find serious", "repair", "take down", "object", "wait", "tick", "tick twice"]
)
LEVELS = {"find light": "轻微", "find general": "一般", "find serious": "严重"}


class Life:
    """The records of one organ through a year, and a clock that only goes on."""

    def __init__(self, organs: Organs, seed: str) -> None:
        self.office = Office(organs)
        self.lead = person(organs(LEAD), "lead", username="asking")
        self.day = date(2026, 5, 6)
        self.seed = seed
        self.records: list[EntryCard] = []
        self.turn = 0

    @property
    def on(self) -> str:
        return self.day.isoformat()

    def does(self, what: str) -> None:
        self.turn += 1
        if what in LEVELS:
            self.find(LEVELS[what])
        elif what == "wait":
            self.day += timedelta(days=100)
        elif what.startswith("tick"):
            for _ in what.split():
                self.ticks()
        elif counting := self.counting():
            self.remedy(what, counting[-1])

    def find(self, level: str) -> None:
        token = f"{self.seed}-{self.turn}"
        case = opened("determination", recording.FOUND, by=self.office.clerk, on=self.on, token=token, files=[PNG])
        taken(case.case_id, "tell", by=self.office.one, on=self.on, files=[PNG])
        taken(case.case_id, "plead", by=self.office.subject, on=self.on)
        fields = {
            **recording.DECISION,
            "document": f"青信认〔2026〕{self.turn}号",
            "level": level,
            "decided_on": self.on,
        }
        taken(case.case_id, "decide", by=self.office.two, on=self.on, files=[PNG], fields=fields)
        served = {"served_on": self.on, "served_how": "直接送达"}
        taken(case.case_id, "serve", by=self.office.one, on=self.on, files=[PNG], fields=served)
        (record,) = ledger.cards(ledger.facts().filter(kind="dishonesty_record").order_by("-pk")[:1])
        answers = {"confirmed": ("light_dishonesty",), "reason": "上级机关要求公开"} if level == "轻微" else {}
        self.records.append(released(record, self.office, on=self.on, **answers))

    def remedy(self, what: str, record: EntryCard) -> None:
        terms = policy.current().terms(record.kind, record.body, decided_on=record.happened_on)
        token = f"{self.seed}-{self.turn}"
        if what == "repair" and terms and terms.first_on and terms.first_on <= self.day:
            case = applied(record, self.office.subject, on=self.on, token=token)
            taken(case.case_id, "accept", by=self.office.one, on=self.on)
            taken(case.case_id, "repair", by=self.office.two, on=self.on)
        elif what in ("take down", "object"):
            case = objected(record, self.office.subject, on=self.on, token=token)
            taken(case.case_id, "take_down" if what == "take down" else "uphold", by=self.office.two, on=self.on)

    def ticks(self) -> None:
        tick.run(as_of=self.day, now=at(self.on))
        stepping.run(as_of=self.day, now=at(self.on))
        disclosure.cease(on=self.day, at=at(self.on))

    def counting(self) -> list[EntryCard]:
        return [one for one in self.records if record_ended(one, as_of=self.day) is None]

    def holds(self) -> None:
        ours = [one.id for one in self.records]
        rows = Case.objects.filter(flow__in=("measure", "rectification"), record__in=ours)
        names = [(row.record_id, ledger.entries([row.opening_id])[row.opening_id].body["name"]) for row in rows]
        assert len(set(names)) == len(names), "never doubled"
        counting = {one.id for one in self.counting()}
        standing = {row.record_id for row in rows if row.closed_on is None}
        assert standing <= counting, "no measure outlives its cause"
        assert {one for one, _ in names} >= counting, "each that counts has its measures"
        (answer,) = queries.eligibility([Asked(MARKET)], use="honour", actor=self.lead, on=self.day)
        heavy = [one for one in self.counting() if one.body["level"] != "轻微"]
        assert answer.word == ("no" if heavy else "yes")
        assert len(answer.facts) == len(heavy)


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(whats=st.lists(WHAT, min_size=2, max_size=9), seed=st.uuids())
def test_measures_follow_whatever_happens(organs: Organs, whats: list[str], seed: object) -> None:
    with transaction.atomic():
        life = Life(organs, str(seed))
        for what in whats:
            life.does(what)
            life.ticks()
            life.holds()
        transaction.set_rollback(True)
