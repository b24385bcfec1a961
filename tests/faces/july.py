"""The made-up county on 11 July 2026: who has reported on the first half-year, who is late, who has not. Also a program that builds it."""

import os
from datetime import date, datetime

import django
from django.apps import apps
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
if not apps.ready:
    django.setup()

from jiannuo.access import actions as access_actions
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.assessment import actions
from jiannuo.assessment.queries.figures import Frame, figures
from jiannuo.assessment.queries.reports import report
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import Typed, fingerprint, mark
from jiannuo.cli.demo.accounts import light_hashing
from jiannuo.disclosure import actions as disclosure
from jiannuo.duties import tick
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.subjects import actions as subjects_actions
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.faces import september
from tests.packages.reporting import WORDS as WORDS  # noqa: PLC0414 - handed on

TODAY = date(2026, 7, 11)
H1 = Period(2026, 1)
PASSWORD = september.PASSWORD
CLERK, REVIEWER, HEAD, LEAD, OVERSEER = "scjg.lin", "scjg.zhou", "scjg.tang", "fgw.chen", "zfb.luo"
PEOPLE = (
    (CLERK, "林晓禾", "县市场监管局", "clerk"),
    (REVIEWER, "周明", "县市场监管局", "reviewer"),
    (HEAD, "唐正", "县市场监管局", "head"),
    (LEAD, "陈立", "县发展改革委", "lead"),
    (OVERSEER, "罗林", "县政府办", "reviewer"),
    ("swj.gu", "顾月", "县商务局", "clerk"),
    ("swj.ding", "丁海", "县商务局", "head"),
)
IN_TIME = ("县商务局", "县财政局", "县水利局", "县统计局", "县司法局", "县公安局")
WRONG = "县财政局"
"""Its words say a share that the ledger does not hold."""


def moment(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=clock.SHANGHAI)


def organ(name: str) -> OrganCard:
    found = subjects.directory(TODAY).find(name)
    assert found is not None, name
    return found


def as_person(of: OrganCard, role: str) -> Actor:
    """Somebody of an organ without an account."""
    line = subjects.directory(TODAY).line(of.id)
    return Actor(None, f"{role}.{of.code}", f"{of.short}{role}", of.id, of.short, frozenset({role}), line)


def write(of: OrganCard, on: date, **more: str) -> None:
    """The clerk's words."""
    typed = {name: Typed(words, mark("")) for name, words in {**WORDS, **more}.items()}
    actions.save(of.id, period=H1, typed=typed, actor=as_person(of, "clerk"), on=on, at=moment(on, 9))


def send(of: OrganCard, on: date, **more: str) -> None:
    """Written by the clerk, signed by the head."""
    write(of, on, **more)
    actions.offer(of.id, period=H1, actor=as_person(of, "clerk"), on=on, at=moment(on, 10))
    card = report(of.id, H1, as_of=on)
    assert card is not None
    assert card.draft is not None
    own = figures(Frame(subjects.directory(on), H1, on, (of.id,)))[of.id]
    seen = fingerprint(card.draft.words, card.draft.stated, own)
    actions.sign(of.id, period=H1, seen=seen, actor=as_person(of, "head"), on=on, at=moment(on, 11))


def open_county(*, upto: date = TODAY) -> None:
    """Organs, accounts, a spring of penalties, the calendar's call, and six reports in time."""
    begun = date(2026, 1, 20)
    subjects_actions.load_organs(policy.current(), at=moment(begun))
    for username, name, where, role in PEOPLE:
        user_id, _ = access_actions.create_account(
            by=INSTALLER, username=username, name=name, organ_id=organ(where).id, at=moment(begun), password=PASSWORD
        )
        access_actions.grant(by=INSTALLER, user_id=user_id, role=role, on=begun, at=moment(begun))
    tick.run(as_of=begun, now=moment(begun))
    decided = date(2026, 5, 18)
    rows = [september.row("县市场监管局", at, decided) for at in range(6)]
    batch = intake.receive_rows(
        rows, kind="penalty_legal", organ_id=organ("县市场监管局").id, author=CLERK, at=moment(decided), as_of=decided
    )
    intake.process(batch, clock=lambda: moment(decided))
    disclosure.follow(at=moment(decided))
    tick.run(as_of=date(2026, 7, 1), now=moment(date(2026, 7, 1)))
    for name in IN_TIME:
        more = (
            {"overview": WORDS["overview"] + "双公示公示率100%。", "note": "按本单位台账统计"} if name == WRONG else {}
        )
        send(organ(name), date(2026, 7, 9), **more)
    tick.run(as_of=upto, now=moment(upto))


if __name__ == "__main__":
    call_command("migrate", verbosity=0, interactive=False)
    with light_hashing():
        open_county()
