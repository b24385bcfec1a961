"""What happened and somebody has to be told: acts of the ledger followed by a bookmark, and provisional dates that moved."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from jiannuo.duties import queries as duties
from jiannuo.exchange.models import Bookmark, Happening, Provisional
from jiannuo.exchange.rules.reminding import Group
from jiannuo.ledger import queries as ledger
from jiannuo.ledger.queries import EntryCard
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

FOLLOWED = ("return", "rejection", "reminder")
CHUNK = 2000


def follow(*, now: datetime) -> int:
    """Note what happened since the last time. Returns how much; killed anywhere and run again, nothing is noted twice."""
    noted = 0
    while True:
        more, some = _follow_some(now)
        noted += some
        if not more:
            return noted + _moved(now)


@transaction.atomic
def _follow_some(now: datetime) -> tuple[bool, int]:
    mark = Bookmark.objects.select_for_update().get(pk=1)
    head, _ = ledger.head()
    if head == mark.happened:
        return False, 0
    acts = ledger.since(mark.happened, kinds=FOLLOWED, limit=CHUNK)
    organs = subjects.directory(now.date())
    rows = [_row(act, organ_id) for act in acts for organ_id in _to(act, organs)]
    Happening.objects.bulk_create(rows, ignore_conflicts=True)
    mark.happened = acts[-1].id if len(acts) == CHUNK else head
    mark.save(update_fields=["happened"])
    return len(acts) == CHUNK, len(rows)


def _to(act: EntryCard, organs: Directory) -> Iterable[int]:
    """Whom it concerns: the organ it was done to, or those a reminder names."""
    if act.kind != "reminder":
        return [act.organ_id]
    said: object = act.body.get("to") or ""
    named = [str(one) for one in said] if isinstance(said, list) else str(said).replace("，", ",").split(",")
    found = (organs.find(text.strip()) for text in named if text.strip())
    return sorted({organ.id for organ in found if organ}) or [act.organ_id]


def _row(act: EntryCard, organ_id: int) -> Happening:
    about = act.number or "一条记录"
    words, group, action = {
        "return": (f"{about} 被审核员退回：{act.reason}", Group.BACK, "intake.send"),
        "rejection": (f"{about} 的办理情况被退回：{act.reason}", Group.BACK, "duties.perform"),
        "reminder": (f"{act.body.get('words') or act.reason}", Group.ASKED, ""),
    }[act.kind]
    return Happening(
        key=f"entry:{act.id}:{organ_id}",
        kind=group.value,
        organ_id=organ_id,
        action=action,
        words=words,
        entry_id=act.refers or act.id,
        at=act.seen_at,
    )


# -- provisional dates ------------------------------------------------------------------------------------------------


class Start(NamedTuple):
    """Duties that begin on one day and so are due on one day."""

    organ_id: int
    kind: str
    started_on: date


@transaction.atomic
def _moved(now: datetime) -> int:
    """Compare the provisional dates with what they were when last looked at, and look again."""
    Bookmark.objects.select_for_update().get(pk=1)
    known = {Start(*row[:3]): row[3] for row in Provisional.objects.values_list(*Start._fields, "due_on")}
    open_ones = duties.owed().filter(kept_on=None, lifted_on=None, stated_on=None, pauses="")
    still = open_ones.filter(provisional=True).values_list("debtor_id", "kind", "started_on", "due_on").distinct()
    present = {Start(*row[:3]): row[3] for row in still}
    if known == present:
        return 0
    gone = [start for start, due_on in known.items() if present.get(start) != due_on]
    rows = [row for start in gone for row in _news_of(start, known[start], now)]
    Happening.objects.bulk_create(rows, ignore_conflicts=True)
    Provisional.objects.all().delete()
    Provisional.objects.bulk_create(Provisional(**start._asdict(), due_on=due) for start, due in present.items())
    return len(rows)


def _news_of(start: Start, due_was: date, now: datetime) -> Iterator[Happening]:
    rows = duties.owed().filter(
        debtor=start.organ_id, kind=start.kind, started_on=start.started_on, kept_on=None, lifted_on=None
    )
    found = list(rows.filter(stated_on=None, pauses="").values_list("due_on", "provisional"))
    if not found:
        return
    due_on, provisional = found[0]
    if due_on == due_was:
        said = f"到期日仍为{due_on}，已由暂定转为确定"
    else:
        said = f"到期日由{due_was}改为{due_on}" + ("（仍为暂定）" if provisional else "")
    kind = policy.current().duties.get(start.kind)
    yield Happening(
        key=f"moved:{start.organ_id}:{start.kind}:{start.started_on}:{due_was}:{due_on}:{int(provisional)}",
        kind=Group.MOVED.value,
        organ_id=start.organ_id,
        words=f"{kind.what if kind else start.kind}：自{start.started_on}起算的{len(found)}项，{said}",
        at=now,
    )
