"""What all messages of a day are made from: open duties by organ, kind and day; what waits; what happened; and who is told."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date

from django.db.models import Count, Max
from django.urls import reverse
from django.utils.http import urlencode

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.access.rules import Actor
from jiannuo.duties import queries as duties
from jiannuo.duties import rules as duty_rules
from jiannuo.exchange.models import Happening, Message
from jiannuo.exchange.rules.reminding import NAMED, Day, Due, Group, Happened, Item, Reader, Told, Waiting
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack

OWNERS = frozenset({"clerk", "reviewer", "head"})
"""Who answers for the duties of their organ."""
DOING = ("intake.send", "duties.perform")
MOST_NAMED = 2000
STANDING: Mapping[Group, str] = {Group.LATE: "broken", Group.TODAY: "due_soon", Group.SOON: "due_soon"}


def day_of(on: date, *, after: int) -> Day:
    """Everything a day's messages are made from; what happened after a number."""
    pack = policy.current()
    warn = {kind: warn_of(pack, kind, on) for kind in pack.duties}
    far = duty_rules.horizon(pack.calendar, as_of=on, warn=max(warn.values(), default=0))
    happened = list(Happening.objects.filter(pk__gt=after).order_by("pk"))
    return Day(
        on=on,
        calendar=pack.calendar,
        what={kind: duty.what for kind, duty in pack.duties.items()},
        warn=warn,
        dues=_dues(pack, on, far),
        waiting=_waiting(pack, on),
        happened=[_happened(row) for row in happened],
        newest=happened[-1].pk if happened else after,
    )


def warn_of(pack: Pack, kind: str, on: date) -> int:
    """How many working days ahead a duty of this kind counts as due soon, by the rule in force on a day."""
    values = pack.deadlines[pack.duties[kind].deadline].values
    return ([value for value in values if value.since <= on] or values)[-1].warn


def _dues(pack: Pack, on: date, far: date) -> list[Due]:
    still = (
        duties.owed()
        .filter(kept_on=None, lifted_on=None, started_on__lte=on, due_on__lte=far, kind__in=pack.duties)
        .exclude(duties.SHOWN_IN_TIME)
    )
    entries: dict[tuple[int, str, date], list[int]] = defaultdict(list)
    promised = still.filter(
        confirmer__isnull=False, kind__in=[one.id for one in pack.duties.values() if one.is_promised]
    )
    for organ, kind, due_on, entry in promised.order_by("due_on", "pk").values_list(
        "debtor", "kind", "due_on", "entry"
    )[:MOST_NAMED]:
        if len(entries[organ, kind, due_on]) < NAMED:
            entries[organ, kind, due_on].append(entry)
    named = _titles(pack, [entry for several in entries.values() for entry in several])
    rows = still.values_list("debtor", "kind", "due_on").annotate(several=Count("pk"), newest=Max("opened_at"))
    return [
        Due(organ, kind, due_on, count, newest, tuple(named[one] for one in entries.get((organ, kind, due_on), ())))
        for organ, kind, due_on, count, newest in rows
    ]


def _titles(pack: Pack, entry_ids: Iterable[int]) -> dict[int, str]:
    found = {}
    for number, card in ledger.entries(entry_ids).items():
        kind = pack.kinds.get(card.kind)
        name = kind.field_for("title") if kind else ""
        found[number] = str(card.body.get(name) or "") or card.number if name else card.number
    return found


def _waiting(pack: Pack, on: date) -> list[Waiting]:
    rows = list(
        duties.owed()
        .filter(submitted__isnull=False, kept_on=None, lifted_on=None, confirmer__isnull=False, started_on__lte=on)
        .order_by("submitted_on", "pk")
        .values_list("confirmer", "kind", "entry", "submitted__seen_at")[:MOST_NAMED]
    )
    titles = _titles(pack, [row[2] for row in rows])
    return [Waiting(organ, kind, titles.get(entry, ""), at) for organ, kind, entry, at in rows]


def _happened(row: Happening) -> Happened:
    url = reverse("desk:record", args=[row.entry_id]) if row.entry_id and row.kind == Group.BACK else ""
    return Happened(row.pk, Group(row.kind), row.organ_id, row.action, row.words, row.at, url)


def readers(actors: Iterable[Actor]) -> list[tuple[Actor, Reader]]:
    """Who is told of what: their own organ's duties, what waits for its confirmation, the county for the lead office."""
    found = []
    for actor in actors:
        own = actor.scope if OWNERS & actor.roles else frozenset()
        confirms = actor.scope if access.may(actor, "duties.confirm") else frozenset()
        county = "lead" in actor.roles
        if actor.user_id is None or not (own or confirms or county):
            continue
        may = frozenset(action for action in DOING if access.may(actor, action))
        found.append((actor, Reader(actor.user_id, own, confirms, county, may)))
    return found


def everybody(on: date) -> list[tuple[Actor, Reader]]:
    """All accounts that are told anything this day."""
    return readers(accounts.actors(on))


def told() -> dict[int, Told]:
    """The last message of each account."""
    last = Message.objects.values("account").annotate(newest=Max("on")).values_list("account", "newest")
    wanted = dict(last)
    rows = Message.objects.filter(on__in=set(wanted.values())).values_list("account", "on", "made_at", "happened")
    return {account: Told(on, at, happened) for account, on, at, happened in rows if wanted[account] == on}


def address(item: Item, day: Day, actor: Actor) -> str:
    """The very list a line counts."""
    if item.url:
        return item.url
    if item.group is Group.CONFIRM:
        return f"{reverse('desk:promises')}?tab=waiting"
    if item.group not in STANDING:
        return reverse("desk:today")
    asked = {"kind": item.kind, "standing": STANDING[item.group], "as_of": str(day.on)}
    if item.group is not Group.LATE:
        asked |= {"first": str(item.first), "last": str(item.last)}
    if not item.county and access.scope(actor, "figures.read") is None and actor.organ_id:
        asked["organ"] = str(actor.organ_id)
    return f"{reverse('desk:duties')}?{urlencode(asked)}"
