"""Commands on what was reported: send a file in, list records and duties, export what is public."""

import csv
import getpass
import tempfile
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.db import transaction

from jiannuo.access import actions as access
from jiannuo.cli import arguments
from jiannuo.cli.answers import DONE, REFUSED, Answer, progress
from jiannuo.cli.starting import demand_ready
from jiannuo.disclosure import queries as public
from jiannuo.disclosure.queries.marks import DISPUTED
from jiannuo.disclosure.rules import Filters
from jiannuo.duties import queries as duty
from jiannuo.intake import actions as receiving
from jiannuo.intake import queries as batches
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

SHOWN = 20
MOST = 100_000


def organ_named(directory: Directory, text: str) -> OrganCard:
    """The organ of that code or name. Refuses where there is none."""
    found = directory.find(text)
    if found is None:
        raise Refused(
            f"单位名录里没有“{text}”", fix="请填单位编码、统一社会信用代码或者全称", code="organ", field="organ"
        )
    return found


def _organs(args: Namespace, directory: Directory) -> frozenset[int] | None:
    return directory.line(organ_named(directory, args.organ).id) if args.organ else None


# -- intake -----------------------------------------------------------------------------------------------------------


def intake(args: Namespace) -> Answer:
    demand_ready()
    batches.kind_of(args.kind)
    as_of = arguments.day_of(args)
    organ = organ_named(subjects.directory(as_of), args.organ)
    try:
        data = args.file.read_bytes()
    except OSError as trouble:
        raise Refused(
            f"打不开文件 {args.file}：{trouble.strerror}", fix="请核对文件路径和读取权限", code="file"
        ) from trouble
    with ExitStack() as undo:
        if args.dry_run:
            undo.enter_context(nothing_kept())
        batch_id = receiving.receive(
            kind=args.kind, organ_id=organ.id, author=_author(), data=data, filename=args.file.name, at=clock.now(),
            as_of=as_of, corrects=bool(args.corrects), reason=args.corrects,
        )  # fmt: skip
        access.note(_author(), action="intake.send", object=f"batch:{batch_id}", at=clock.now(), organ_id=organ.id)
        with progress(lambda: _how_far(batch_id)):
            card = receiving.process(batch_id, clock=clock.now)
        total, problems = batches.problems(batch_id, limit=MOST)
        if args.receipt and not card.refusal:
            args.receipt.write_bytes(batches.receipt(batch_id))
    return _fared(card, total, problems, dry_run=args.dry_run)


def _author() -> str:
    return f"cli:{getpass.getuser()}"


def _how_far(batch_id: int) -> str:
    return f"已校验 {batches.batch(batch_id).seen} 行"


@contextmanager
def nothing_kept() -> Iterator[None]:
    """What happens inside leaves no row and no file."""
    kept = settings.EVIDENCE_FOLDER
    with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder, transaction.atomic():
        settings.EVIDENCE_FOLDER = Path(folder)
        try:
            yield
        finally:
            settings.EVIDENCE_FOLDER = kept
            transaction.set_rollback(True)


def _fared(card: batches.BatchCard, total: int, problems: list[batches.ProblemCard], *, dry_run: bool) -> Answer:
    data: dict[str, Any] = {
        "batch": None if dry_run else card.id,
        "dry_run": dry_run,
        "state": card.state,
        "rows": card.rows,
        "accepted": card.accepted,
        "unchanged": card.unchanged,
        "rejected": card.rejected,
        "problems": [
            {
                "row": one.row, "column": one.field or one.letters, "title": one.title, "letters": one.letters,
                "code": one.code, "level": one.level, "message": one.message, "fix": one.fix,
            }
            for one in problems
        ],
    }  # fmt: skip
    if card.refusal:
        lines = [f"哪里不对：{card.refusal['message']}", f"怎么办：{card.refusal['fix']}"]
        return Answer(data | {"refused": card.refusal}, lines, REFUSED)
    head = f"{'试运行，没有保存。' if dry_run else f'批次 {card.id}：'}共 {card.rows} 行，"
    lines = [f"{head}接收 {card.accepted}，已有 {card.unchanged}，退回 {card.rejected}"]
    lines += [_problem(one) for one in problems[:SHOWN]]
    if total > SHOWN:
        lines.append(f"还有 {total - SHOWN} 处，请用 --receipt 导出回执查看")
    nothing = card.rejected and not card.accepted + card.unchanged
    return Answer(data, lines, REFUSED if nothing else DONE)


def _problem(one: batches.ProblemCard) -> str:
    where = f"第{one.row}行" + (f" {one.letters}列" if one.letters else "") + (f"“{one.title}”" if one.title else "")
    return f"{where}：{one.message}" + (f"。{one.fix}" if one.fix else "")


# -- lists ------------------------------------------------------------------------------------------------------------


def end_of(day: date) -> datetime:
    """The last moment of a day: what had been seen by then was known that day."""
    return datetime.combine(day + timedelta(days=1), time(), clock.SHANGHAI) - timedelta(microseconds=1)


def records(args: Namespace) -> Answer:
    demand_ready()
    batches.kind_of(args.kind)
    directory = subjects.directory(clock.today())
    moment = end_of(args.as_of) if args.as_of else None
    total, found = ledger.records(args.kind, organ_ids=_organs(args, directory), as_of=moment, limit=args.limit)
    rows = [
        {
            "id": one.id, "record": one.identity.hex(), "kind": one.kind, "organ": directory.card(one.organ_id).code,
            "organ_name": directory.card(one.organ_id).name, "number": one.number, "happened_on": one.happened_on.isoformat(),
            "seen_at": one.seen_at.astimezone(clock.SHANGHAI).isoformat(), "version": one.version, "visibility": one.visibility,
            "fields": one.body, "digest": one.digest,
        }
        for one in found
    ]  # fmt: skip
    lines = [f"{row['happened_on']}　{row['organ_name']}　{row['number']}" for row in rows]
    return Answer({"total": total, "records": rows}, [*lines, f"共 {total} 条，列出 {len(rows)} 条"])


def duties(args: Namespace) -> Answer:
    demand_ready()
    directory = subjects.directory(clock.today())
    day = arguments.day_of(args)
    standings = duty.standings(args.standing) if args.standing else ()
    found: list[duty.DutyCard] = []
    cursor = ""
    while True:
        page = duty.duties(
            organ_ids=_organs(args, directory), as_of=day, kind=args.kind, standings=standings,
            limit=args.limit - len(found), cursor=cursor,
        )  # fmt: skip
        found += page.duties
        cursor = page.cursor
        if not cursor or len(found) >= args.limit:
            break
    rows = [
        {
            "id": one.id, "kind": one.kind, "debtor": directory.card(one.debtor_id).code,
            "debtor_name": directory.card(one.debtor_id).name, "entry": one.entry_id,
            "started_on": one.started_on.isoformat(), "due_on": one.due_on.isoformat(), "provisional": one.provisional,
            "kept_on": one.kept_on.isoformat() if one.kept_on else None, "standing": one.standing.value, "why": one.why,
        }
        for one in found
    ]  # fmt: skip
    lines = [f"{one.due_on}　{one.standing.label}　{directory.card(one.debtor_id).name}　{one.what}" for one in found]
    return Answer({"total": page.total, "duties": rows}, [*lines, f"共 {page.total} 项，列出 {len(rows)} 项"])


# -- open data --------------------------------------------------------------------------------------------------------


def export(args: Namespace) -> Answer:
    demand_ready()
    args.folder.mkdir(parents=True, exist_ok=True)
    counts: dict[str, int] = {}
    with ExitStack() as files:
        writers: dict[str, Callable[[list[str]], Any]] = {}
        for row in public.export(Filters(), on=clock.today()):
            kind = row.card.kind
            if kind not in writers:
                file: IO[str] = (args.folder / f"{kind}.csv").open("w", encoding="utf-8-sig", newline="")
                writers[kind] = csv.writer(files.enter_context(file)).writerow
                writers[kind](["记录编号", *(one.title for one in row.fields), "公示日期", "异议"])
            cells = [row.card.identity, *(one.shown for one in row.fields), row.card.published_on.isoformat()]
            cells.append(DISPUTED if row.card.disputed_on else "")
            writers[kind]([harmless(cell) for cell in cells])
            counts[kind] = counts.get(kind, 0) + 1
    lines = [f"{args.folder / kind}.csv　{count} 条" for kind, count in sorted(counts.items())]
    return Answer({"folder": str(args.folder), "records": counts}, lines or ["还没有公示的记录"])


def harmless(cell: str) -> str:
    """The cell as text: a spreadsheet does not take it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
