"""What time itself brings about: what stood still goes on by the day that was named, and a merger leaves nobody to confirm its own."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from jiannuo.duties.actions.calling import AUTHOR
from jiannuo.duties.actions.following import catch_up
from jiannuo.duties.actions.performing import write
from jiannuo.duties.models import Bookmark, Duty
from jiannuo.duties.queries.promises import acts_of
from jiannuo.duties.rules import SUSPENDED_UNTIL
from jiannuo.duties.rules.confirming import confirmer
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects


@transaction.atomic
def go_on(*, as_of: date, now: datetime) -> int:
    """What was stopped until a day that has come goes on from that day, whenever this runs. Returns how many there were."""
    catch_up(opened_at=now)
    count = 0
    for duty in Duty.objects.filter(confirmer__isnull=False, due_on=SUSPENDED_UNTIL, kept_on=None, lifted_on=None):
        stopped = [act for act in acts_of(duty) if act.kind == "suspension"][-1]
        until, record = date.fromisoformat(stopped.body["until"]), ledger.entry(duty.entry_id)
        if record and until <= as_of:
            write("resumption", duty, record, actor=AUTHOR, on=until, at=now, reason="到了最迟恢复的日期，自动恢复计算")
            count += 1
    return count


@transaction.atomic
def reassign(*, on: date) -> None:
    """Where a merger made the confirmer and the debtor one, another organ confirms from now on."""
    Bookmark.objects.select_for_update().get(pk=1)
    organs = subjects.directory(on)
    ended = [card.id for card in organs.cards.values() if not organs.in_force(card)]
    # By kind as well: promises are few beside everything else that is owed, and have an index of their own.
    promised = [name for name, one in policy.current().duties.items() if one.is_promised]
    rows = Duty.objects.filter(Q(confirmer__in=ended) | Q(debtor__in=ended), kind__in=promised, confirmer__isnull=False)
    for was, debtor in list(rows.values_list("confirmer_id", "debtor_id").order_by().distinct()):
        to = confirmer(was, debtor, organs)
        if to != organs.heir(was).id:
            rows.filter(confirmer=was, debtor=debtor).update(confirmer=to)
