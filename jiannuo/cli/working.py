"""The worker: checks what was sent in, carries duties over, brings the day up to date, tells people, delivers, posts."""

import logging
import os
import signal
from argparse import Namespace
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from queue import Empty, SimpleQueue
from time import monotonic

from django.conf import settings
from django.db import DatabaseError, connection

from jiannuo.assessment import tick as assessing
from jiannuo.cases import tick as stepping
from jiannuo.cli import arguments
from jiannuo.cli.answers import Answer
from jiannuo.cli.starting import demand_ready
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import tick as disclosing
from jiannuo.duties import actions as duties
from jiannuo.duties import tick as ticking
from jiannuo.exchange import actions as exchange
from jiannuo.exchange import tick as delivering
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.measures import tick as laying

IDLE = 1.0
DELIVER_EVERY = 30.0
AT_ONCE, ALL = 200, 1_000_000
TROUBLED = 10.0

log = logging.getLogger("jiannuo.work")


@dataclass
class Done:
    """What one round of the worker did."""

    batches: int = 0
    followed: int = 0
    enqueued: int = 0
    delivered: int = 0
    mailed: int = 0
    complaints: int = 0

    @property
    def any(self) -> bool:
        return bool(self.batches or self.followed or self.delivered or self.mailed or self.complaints)


def round_of_work(*, deliver: bool, limit: int) -> Done:
    """What waits now, once, with so many deliveries; killed anywhere and run again, nothing is lost or doubled."""
    done = Done(batches=intake.process_waiting(clock=clock.now))
    done.followed = duties.catch_up(opened_at=clock.now())
    laying.run(as_of=clock.today(), now=clock.now())
    disclosure.follow(at=clock.now())
    assessing.run()
    done.enqueued = delivering.enqueue(now=clock.now())
    # Without an address there is nobody to deliver to, and the client is not even loaded.
    if settings.ENDPOINTS and limit and (deliver or done.enqueued):
        done.delivered = delivering.deliver(now=clock.now(), limit=limit).delivered
    if settings.MAILBOX and deliver:
        collected = exchange.collect(on=clock.today(), now=clock.now())
        done.complaints = collected.taken
        for trouble in collected.troubles:
            log.warning("%s", trouble)
    if limit:
        done.mailed = exchange.post(now=clock.now(), limit=limit).sent
    exchange.beat(now=clock.now())
    return done


def daily(as_of: date, now: datetime, *, hour: int | None = None) -> dict[str, object]:
    """What the day itself changes: due dates and breaches, then what is public, what is counted, and who is told of it.

    With an hour, only those who want to be told by then are.
    """
    laid = laying.run(as_of=as_of, now=now)
    stepped = stepping.run(as_of=as_of, now=now)
    report = ticking.run(as_of=as_of, now=now).as_dict()
    shown = disclosing.run(as_of=as_of, now=now).as_dict()
    told = exchange.remind(on=as_of, now=now, hour=hour)
    return report | {
        "measures": laid,
        "steps": stepped,
        "disclosure": shown,
        "services": assessing.run(),
        "messages": told,
    }


def work(args: Namespace) -> Answer:
    demand_ready()
    if args.once:
        done = round_of_work(deliver=False, limit=0)
        report = daily(clock.today(), clock.now())
        # The day itself may have taken something from view, and that has to be delivered too.
        last = round_of_work(deliver=True, limit=ALL)
        done = Done(
            done.batches, done.followed, done.enqueued + last.enqueued, last.delivered, last.mailed, last.complaints
        )
        line = f"处理批次 {done.batches} 个，跟进记录 {done.followed} 条，更新 {report['changed']} 项，送达 {done.delivered} 条"
        line += f"，消息 {report['messages']} 条，邮件 {done.mailed} 封"
        return Answer(asdict(done) | {"tick": report}, [line])
    # An Event would be set by a handler that may run while the same thread holds the Event's lock, and then nobody stops.
    told: SimpleQueue[int] = SimpleQueue()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda number, _: told.put(number))
    rounds = _keep_working(told, args.parent)
    return Answer({"rounds": rounds}, [f"后台处理已停止，共运行 {rounds} 轮"])


def _keep_working(told_to_stop: SimpleQueue[int], parent: int) -> int:
    rounds = 0
    ticked = ""
    delivered = float("-inf")
    while told_to_stop.empty() and (not parent or os.getppid() == parent):
        rounds += 1
        pause = IDLE
        try:
            if (hour := f"{clock.now():%F %H}") != ticked:
                daily(clock.today(), clock.now(), hour=clock.now().hour)
                ticked = hour
            due = monotonic() - delivered > DELIVER_EVERY
            done = round_of_work(deliver=due, limit=AT_ONCE)
            delivered = monotonic() if due and not done.delivered else delivered
            pause = 0 if done.any else IDLE
        except (DatabaseError, OSError) as trouble:
            log.warning("这一轮没有做完，%s 秒后再试：%s", TROUBLED, trouble)
            connection.close()
            pause = TROUBLED
        with suppress(Empty):
            told_to_stop.get(timeout=pause)
            break
    return rounds


def tick(args: Namespace) -> Answer:
    demand_ready()
    as_of = arguments.day_of(args)
    if args.dry_run:
        report = ticking.run(as_of=as_of, now=clock.now(), dry_run=True).as_dict()
    else:
        report = daily(as_of, clock.now())
    moved: list[dict[str, str]] = report["moved"]  # type: ignore[assignment]
    lines = [one["words"] for one in moved]
    verb = "将变更" if args.dry_run else "变更"
    told = "" if args.dry_run else f"，新消息 {report['messages']} 条"
    lines.append(f"查看 {report['looked_at']} 项，{verb} {report['changed']} 项{told}，用时 {report['took_s']} 秒")
    return Answer(report, lines)
