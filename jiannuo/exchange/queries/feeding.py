"""An account's calendar: the due dates of its organ and what waits for its confirmation, with nothing restricted in it."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils.http import urlencode

from jiannuo.access.rules import Actor, may
from jiannuo.disclosure.queries import totals
from jiannuo.duties import queries as duties
from jiannuo.duties.rules import SUSPENDED_UNTIL
from jiannuo.exchange.queries.reminding import readers, warn_of
from jiannuo.exchange.rules.feeding import Event, calendar
from jiannuo.exchange.rules.reminding import Reader
from jiannuo.kernel.workdays import count
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack

AHEAD, BEHIND = timedelta(days=400), timedelta(days=60)
MOST = 1000
Row = tuple[int, str, int, date, bool, "date | None", "date | None", int, "int | None", "date | None", datetime, int]
COLUMNS = (
    "pk", "kind", "entry_id", "due_on", "provisional", "kept_on", "lifted_on", "amendments", "submitted_id", "submitted_on",
    "opened_at", "confirmer_id",
)  # fmt: skip


def feed(actor: Actor, *, on: date) -> bytes:
    """The calendar of an account as of a day."""
    pack = policy.current()
    found = [reader for _, reader in readers([actor])]
    reader = found[0] if found else Reader(0)
    rows = _promised(pack, reader, on)
    titles = _public_titles(pack, [row[2] for row in rows])
    events = [_of_promise(pack, row, titles) for row in rows]
    events += _waiting(pack, reader, on, titles) if may(actor, "duties.confirm") else []
    events += _plain(pack, reader, on)
    return calendar(events, name=f"{pack.about['county']}践诺：{actor.organ_name}")


def _promised(pack: Pack, reader: Reader, on: date) -> list[Row]:
    rows = duties.owed().filter(
        debtor__in=reader.own,
        confirmer__isnull=False,
        started_on__lte=on,
        due_on__lte=on + AHEAD,
        kind__in=_promises(pack),
    )
    recent = Q(kept_on=None, lifted_on=None) | Q(kept_on__gt=on - BEHIND) | Q(lifted_on__gt=on - BEHIND)
    return list(rows.filter(recent, due_on__lt=SUSPENDED_UNTIL).order_by("due_on", "pk").values_list(*COLUMNS)[:MOST])


def _promises(pack: Pack) -> list[str]:
    return [one.id for one in pack.duties.values() if one.is_promised]


def _public_titles(pack: Pack, entry_ids: list[int]) -> dict[int, str]:
    """What was promised, where everybody may read it anyway; a calendar is kept by programs outside the house."""
    public = totals.addresses(entry_ids)
    found = {}
    for number, card in ledger.entries(public).items():
        kind = pack.kinds.get(card.kind)
        name = kind.field_for("title") if kind else ""
        if kind and name and kind.by_id[name].public:
            found[number] = str(card.body.get(name) or "")
    return found


def _of_promise(pack: Pack, row: Row, titles: Mapping[int, str]) -> Event:
    pk, kind, entry, due_on, provisional, kept_on, lifted_on, amendments, submitted, _, at, _ = row
    what = pack.duties[kind].what
    state = "已办：" if kept_on else "已免除：" if lifted_on else "待确认：" if submitted else ""
    is_open = not (kept_on or lifted_on)
    return Event(
        uid=f"duty-{pk}@{_host()}",
        day=due_on,
        title=f"{state}{titles.get(entry) or what}",
        words=f"{what}，{due_on}到期" + ("（暂定）" if provisional else ""),
        url=_promise_url(pk),
        status="CANCELLED" if lifted_on and not kept_on else "TENTATIVE" if provisional else "CONFIRMED",
        made_at=at,
        sequence=amendments,
        warn_on=_warn_on(pack, kind, due_on) if is_open else None,
    )


def _waiting(pack: Pack, reader: Reader, on: date, known: Mapping[int, str]) -> Iterator[Event]:
    rows = duties.owed().filter(
        confirmer__in=reader.confirms, submitted__isnull=False, kept_on=None, lifted_on=None, started_on__lte=on
    )
    found: list[Row] = list(rows.order_by("due_on", "pk").values_list(*COLUMNS)[:MOST])
    titles = {**_public_titles(pack, [row[2] for row in found]), **known}
    for row in found:
        day = max(row[3], row[9] or row[3])
        title = titles.get(row[2]) or pack.duties[row[1]].what
        yield Event(
            uid=f"confirm-{row[0]}@{_host()}",
            day=day if day < SUSPENDED_UNTIL else row[9] or on,
            title=f"请确认：{title}",
            words=f"{row[9]}提交了办理情况，等您单位核实确认",
            url=_promise_url(row[0]),
            status="TENTATIVE",
            made_at=row[10],
        )


def _plain(pack: Pack, reader: Reader, on: date) -> Iterator[Event]:
    """Duties that are many and alike are one entry for each day they fall due on."""
    plain = [name for name, duty in pack.duties.items() if not duty.is_promised]
    rows = duties.owed().filter(
        debtor__in=reader.own, kind__in=plain, kept_on=None, lifted_on=None, started_on__lte=on,
        due_on__range=(on - AHEAD, on + AHEAD),
    )  # fmt: skip
    grouped = rows.values_list("kind", "due_on").annotate(Count("pk"), Max("opened_at"))
    for kind, due_on, several, newest in grouped.order_by("due_on", "kind"):
        query = urlencode({"kind": kind, "first": due_on.isoformat(), "last": due_on.isoformat(), "standing": OPEN})
        yield Event(
            uid=f"{kind}-{due_on}-{min(reader.own)}@{_host()}",
            day=due_on,
            title=f"{pack.duties[kind].what} {several} 项",
            words=f"{due_on}到期，还有 {several} 项没有办",
            url=f"{settings.SITE_URL}{reverse('desk:duties')}?{query}",
            status="CONFIRMED",
            made_at=newest,
            warn_on=_warn_on(pack, kind, due_on),
        )


OPEN = "running,due_soon,broken"


def _warn_on(pack: Pack, kind: str, due_on: date) -> date:
    """The day from which a due date counts as near: as many working days before it as the rule says."""
    warn = warn_of(pack, kind, due_on)
    day = due_on - timedelta(days=warn)
    while count(pack.calendar, day, due_on) < warn:
        day -= timedelta(days=1)
    return day


def _promise_url(duty_id: int) -> str:
    return f"{settings.SITE_URL}{reverse('desk:promise', args=[duty_id])}"


def _host() -> str:
    return str(settings.SITE_URL).partition("://")[2]
