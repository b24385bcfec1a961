"""Working through what was received: checked outside the ledger's lock, then stored whole or not at all."""

import contextlib
import gc
import json
import marshal
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import IO

from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from jiannuo.intake import queries
from jiannuo.intake.actions import around, reading
from jiannuo.intake.models import Batch, Problem
from jiannuo.intake.rules import checking, correcting, envelopes
from jiannuo.intake.rules.checking import Part
from jiannuo.intake.rules.columns import Complaint
from jiannuo.intake.rules.headings import Layout
from jiannuo.intake.rules.reading import Opened
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.kernel import bulk, canonical, sealing
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import actions as ledger
from jiannuo.ledger import queries as entries
from jiannuo.ledger import rules as ledger_rules
from jiannuo.policy import pack as policy
from jiannuo.policy.kinds import Kind
from jiannuo.subjects import actions as parties
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OFFICIAL, Directory, PartyRow

LEASE = timedelta(minutes=2)
"""A batch whose worker has been silent this long is taken up again from the beginning."""
TRIES = 3
PROBLEM_COLUMNS = ("batch_id", "row", "column", "field", "code", "level", "message", "fix")

KEPT_UP = (
    "这个编号的办件由平台上的申请办出来，不能用报表更正",
    "请在工作台“案件”里按这个编号找到那件申请，照实办理，办件会跟着变",
)
"""Why a row does not correct what a case keeps up, and what to do."""

Clock = Callable[[], datetime]
Trouble = tuple[int, int, str, str, str, str, str]
"""A row of PROBLEM_COLUMNS, without the batch."""


def process_waiting(*, clock: Clock) -> int:
    """Work through every batch in line; returns how many were finished."""
    return sum(process(batch_id, clock=clock).is_done for batch_id in queries.waiting())


def process(batch_id: int, *, clock: Clock) -> queries.BatchCard:
    """Check a batch and store what passes. Killed at any moment and run again, nothing is lost or doubled."""
    if not _claim(batch_id, clock()):
        return queries.batch(batch_id)
    batch = Batch.objects.get(pk=batch_id)
    try:
        with _without_collector():
            _work(batch, clock)
    except Refused as no:
        _refuse(batch, no, clock())
    except OSError as trouble:
        disk = Refused(
            f"磁盘出错：{trouble.strerror}", fix="请管理员检查磁盘空间后重新上传；已收的数据没有丢失或重复", code="disk"
        )
        _refuse(batch, disk, clock())
    return queries.batch(batch_id)


def _work(batch: Batch, clock: Clock) -> None:
    for attempt in range(TRIES):
        # A row may come in by another batch between looking and storing; the constraint says so and we look again.
        with contextlib.suppress(IntegrityError) if attempt < TRIES - 1 else contextlib.nullcontext():
            _Run(batch, clock).work()
            return


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    # Millions of short-lived values without cycles: the collector finds nothing and costs an eighth of the time.
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _claim(batch_id: int, now: datetime) -> bool:
    free = Q(state="waiting") | Q(state="running", lease_until__lt=now)
    return bool(Batch.objects.filter(free, pk=batch_id).update(state="running", lease_until=now + LEASE, seen=0))


@transaction.atomic
def _refuse(batch: Batch, no: Refused, now: datetime) -> None:
    Problem.objects.filter(batch=batch).delete()
    refusal = json.dumps(no.as_dict(), ensure_ascii=False)
    Batch.objects.filter(pk=batch.pk).update(
        state="refused", refusal=refusal, finished_at=now, rows=0, accepted=0, unchanged=0, rejected=0
    )


@dataclass
class _Counts:
    rows: int = 0
    accepted: int = 0
    unchanged: int = 0
    rejected: int = 0


@dataclass
class _Spill:
    """What has passed so far, out of memory until it is stored."""

    file: IO[bytes]
    sizes: list[int] = field(default_factory=list)

    def put(self, chunk: ledger_rules.Columns) -> None:
        # In one piece each way: marshal asks a file for every value by itself. Its second form looks for no value written before.
        self.sizes.append(self.file.write(marshal.dumps(chunk, 2)))

    def again(self) -> Iterator[ledger_rules.Columns]:
        self.file.seek(0)
        for size in self.sizes:
            yield marshal.loads(self.file.read(size))  # noqa: S302 - written by this very process a moment ago


@dataclass
class _Run:
    """One pass over one batch: read, check, spill; then store everything in one transaction."""

    batch: Batch
    clock: Clock
    counts: _Counts = field(default_factory=_Counts)
    parties: dict[str, PartyRow] = field(default_factory=dict)
    seen: set[bytes] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.pack = policy.current()
        self.kind: Kind = queries.kind_of(self.batch.kind)
        self.directory: Directory = subjects.directory(self.batch.as_of)
        self.own = self.directory.subtree(self.batch.organ_id)
        self.at = self.clock()
        self.rule = f"{self.pack.id}#{self.kind.id}"
        self.places: dict[str, int] = {}
        self.listed = self._listed() if self.kind.whole else {}

    def work(self) -> None:
        read = reading.parts(self.batch.evidence, self.batch.filename, self.kind)
        with read as (opened, parts), tempfile.TemporaryFile() as file:
            Problem.objects.filter(batch=self.batch).delete()
            self._keep(
                [
                    (opened.heading_row, at, "", "unread", "warning", f"“{head}”：{why}", "")
                    for at, head, why in opened.layout.unread
                ]
            )
            spill = _Spill(file)
            self._check(opened, parts, spill)
            if not self.counts.rows:
                raise Refused("表头下面没有数据", fix="请在表头下面填写后重新上传", code="no_rows")
            self._store(spill, opened)

    # -- checking ------------------------------------------------------------------------------------------------

    def _check(self, opened: Opened, parts: Iterable[Part], spill: _Spill) -> None:
        surroundings = Surroundings(
            today=self.batch.as_of,
            organ=self._organ_fault,
            register=around.Register(),
            catalogue={item.id: item.period for item in self.pack.catalogue},
            official=around.Officials(),
            which=around.Which(self.directory),
            parents=around.Parents(self.pack, self.directory),
            items=around.Items(self.directory),
        )
        making = envelopes.Envelopes(self.kind, partial(sealing.blinds, entries.ring()[0]))
        for part in parts:
            complaints = checking.crossed(self.kind, part, surroundings)
            problems = [self._located(one, opened.layout) for one in complaints]
            if opened.unreadable:
                problems += _unread(opened.unreadable, problems, part.first, part.end)
            refused = {problem[0] for problem in problems if problem[4] == "error"}
            fresh = self._fresh(making.of(part.without(refused)), problems)
            spill.put(ledger.sealed(fresh, at=self.at))
            self.counts.rows += len(part.numbers)
            self.counts.rejected += len({problem[0] for problem in problems if problem[4] == "error"})
            self._keep(problems)

    def _located(self, one: Complaint, layout: Layout) -> Trouble:
        column = layout.columns.get(one.field, (-1,))[0]
        return one.row, column, one.field, one.code, one.level, one.message, one.fix

    def _fresh(self, ready: envelopes.Ready, problems: list[Trouble]) -> ledger_rules.Facts:
        present = entries.present(ready.identities)
        wrong = self._corrections(ready, present)
        kept = []
        for row, identity, number, content in zip(
            ready.rows, ready.identities, ready.numbers, ready.contents, strict=True
        ):
            before = present.get(identity)
            said, field_id = None, ""
            if identity in self.seen:
                fix = "同一文件里同一份决定只留一行"
                said = "twice", "error", f"与本文件前面的一行是同一条记录（{number}）", fix
            elif before and before.content == content and (not self.kind.whole or identity in self.listed):
                self.counts.unchanged += 1
                said = "unchanged", "note", "与库中记录相同", ""
            elif before and not (self.batch.corrects or self.kind.whole):
                fix = "若要更正，请重新上传并勾选“作为更正”、写明原因；否则请核对文号"
                said = "differs", "error", f"库中已有这条记录（{number}），但内容不同", fix
            elif fault := wrong.get(identity):
                said, field_id = (fault.code, "error", fault.message, fault.fix), fault.field
            if said:
                problems.append((row, -1, field_id, *said))
            kept.append(said is None)
            self.seen.add(identity)
        for organ in set(ready.organs).difference(self.places):
            self.places[organ] = found.id if (found := self.directory.find(organ)) else self.batch.organ_id
        fresh = ready if all(kept) else ready.only(kept)
        self.counts.accepted += len(fresh.rows)
        return self._facts(fresh, present)

    def _corrections(
        self, ready: envelopes.Ready, present: Mapping[bytes, entries.Present]
    ) -> dict[bytes, correcting.Fault]:
        """What corrections of promises would do that they may not: judged by the day it is, not by the one the sender names."""
        if not (present and self.batch.corrects):
            return {}
        if any(flow.kept == self.kind.id for flow in self.pack.flows.values()):
            return self._kept_up(present)
        if not any(self.pack.duties[name].is_promised for name in self.kind.opens):
            return {}
        known = entries.entries(one.link.id for one in present.values())
        sender = self.directory.heir(self.batch.organ_id)
        found: dict[bytes, correcting.Fault] = {}
        for identity, organ, body in zip(ready.identities, ready.organs, ready.bodies, strict=True):
            if identity in present:
                debtor = self.directory.find(organ)
                own = debtor is not None and self.directory.heir(debtor.id).id == sender.id
                before = known[present[identity].link.id].body
                faults = correcting.faults(
                    self.pack, self.kind, before, json.loads(body), today=self.at.astimezone(SHANGHAI).date(), by_debtor=own
                )  # fmt: skip
                found.update((identity, fault) for fault in islice(faults, 1))
        return found

    def _kept_up(self, present: Mapping[bytes, entries.Present]) -> dict[bytes, correcting.Fault]:
        """Records that cases keep up are the cases' own business; no file brought them in."""
        known = entries.entries(one.link.id for one in present.values())
        return {
            identity: correcting.Fault(self.kind.field_for("number"), "kept_up", *KEPT_UP)
            for identity, one in present.items()
            if known[one.link.id].batch is None
        }

    def _facts(self, ready: envelopes.Ready, present: Mapping[bytes, entries.Present]) -> ledger_rules.Facts:
        self._meet(ready)
        organ_ids = [self.places[organ] for organ in ready.organs]
        codes = {organ_id: self.directory.card(organ_id).code for organ_id in set(organ_ids)}
        before = [present.get(identity) for identity in ready.identities]
        reason = self.batch.reason or "清单更新"
        return ledger_rules.Facts(
            kind=self.kind.id,
            rule=self.rule,
            author=self.batch.author,
            batch=self.batch.pk,
            visibility="restricted" if self.kind.visibility == "restricted" else "organ",
            organ_id=organ_ids,
            organ_code=[codes[organ_id] for organ_id in organ_ids],
            about=ready.about,
            happened_on=ready.days,
            number=ready.numbers,
            body=ready.bodies,
            private=[canonical.encode_plain(ledger_rules.salted(one)) if one else None for one in ready.private],
            amount=ready.amounts,
            row=ready.rows,
            identity=ready.identities,
            content=ready.contents,
            version=[one.version + 1 if one else 1 for one in before],
            corrects=[one.link if one else None for one in before],
            reason=[reason if one else "" for one in before],
        )

    def _meet(self, ready: envelopes.Ready) -> None:
        for key, type_, name, day in zip(ready.about, ready.party_types, ready.party_names, ready.days, strict=True):
            if key and key not in self.parties and not key.startswith(OFFICIAL):
                self.parties[key] = PartyRow(key, type_, name, date.fromisoformat(day))

    def _organ_fault(self, code: str, name: str, own: bool) -> str:  # noqa: FBT001 - the shape of a check
        # The directory knows every name an organ ever bore, so the day of the row does not matter here.
        by_code = self.directory.find(code) if code else None
        by_name = self.directory.find(name) if name else None
        found = by_code or by_name
        if found is None:
            return f"“{name or code}”不在本县机关名录里"
        if by_code and name and (by_name is None or by_name.id not in self.directory.line(by_code.id)):
            return f"这个代码是“{by_code.name}”的，名称却写的是“{name}”"
        if code and not by_code and found.uscc:
            return f"“{found.name}”的统一社会信用代码与名录不一致"
        if own and found.id not in self.own:
            return f"“{found.name}”不是本次上报的单位"
        return ""

    @transaction.atomic
    def _keep(self, problems: Iterable[Trouble]) -> None:
        """What is wrong so far can be read while the rest is checked, and the lease is renewed."""
        with connection.cursor() as cursor:
            rows = ((self.batch.pk, *problem) for problem in problems)
            bulk.insert(cursor, "intake_problem", PROBLEM_COLUMNS, rows)
        Batch.objects.filter(pk=self.batch.pk).update(seen=self.counts.rows, lease_until=self.clock() + LEASE)

    # -- storing -------------------------------------------------------------------------------------------------

    @transaction.atomic
    def _store(self, spill: _Spill, opened: Opened) -> None:
        mine = Batch.objects.select_for_update().filter(pk=self.batch.pk, state="running")
        if not mine.exists():
            return
        parties.add_parties(self.parties.values())
        if self.kind.whole:
            self._take_off_the_list()
        ledger.store(spill.again(), at=self.at)
        mine.update(
            state="done", finished_at=self.clock(), heading_row=opened.heading_row, sheet=opened.sheet, seen=self.counts.rows,
            **asdict(self.counts),
        )  # fmt: skip

    def _listed(self) -> dict[bytes, entries.EntryCard]:
        own = (card for organ_id in sorted(self.own) for card in entries.listed(self.kind.id, organ_id))
        return {card.identity: card for card in own}

    def _take_off_the_list(self) -> None:
        """A list is sent whole: what the new one of an organ no longer names is taken off, as an act of its own."""
        organs = set(self.places.values())
        gone = [card for identity, card in self.listed.items() if identity not in self.seen and card.organ_id in organs]
        acts = [
            ledger.act(
                "delisting", on=card, organ_code=self.directory.card(card.organ_id).code, happened_on=self.batch.as_of,
                rule=self.rule, author=self.batch.author, reason=self.batch.reason or "新版清单没有这一项",
            )
            for card in gone
        ]  # fmt: skip
        ledger.append(acts, at=self.at)


def _unread(
    unreadable: Mapping[tuple[int, int], str],
    problems: list[Trouble],
    first: int,
    end: int,
) -> list[Trouble]:
    """Cells that look empty but hold an error value or a formula without a result; they take the place of “empty”."""
    here = {place: what for place, what in unreadable.items() if first <= place[0] < end}
    problems[:] = [problem for problem in problems if (problem[0], problem[1]) not in here]
    fix = "请选中这一格，复制后“选择性粘贴—数值”，或直接填写结果"
    return [
        (row, column, "", "formula", "error", f"这一格是{what}，读不出值", fix) for (row, column), what in here.items()
    ]
