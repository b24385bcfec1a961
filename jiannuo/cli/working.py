"""The worker: checks what was sent in, carries duties over, brings the day up to date, delivers."""

import logging
import os
import signal
from argparse import Namespace
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from django.db import DatabaseError, connection

from jiannuo.cli import arguments
from jiannuo.cli.answers import Answer
from jiannuo.cli.starting import demand_ready
from jiannuo.duties import actions as duties
from jiannuo.duties import tick as ticking
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock

IDLE = 1.0
TROUBLED = 10.0

log = logging.getLogger("jiannuo.work")


@dataclass
class Done:
    """What one round of the worker did."""

    batches: int = 0
    followed: int = 0

    @property
    def any(self) -> bool:
        return bool(self.batches or self.followed)


def round_of_work() -> Done:
    """Everything that waits now, once; killed anywhere and run again, nothing is lost or doubled."""
    done = Done(batches=intake.process_waiting(clock=clock.now))
    while some := duties.follow(opened_at=clock.now()):
        done.followed += some
    return done


def daily(now: datetime) -> ticking.Report:
    """What the day itself changes."""
    return ticking.run(as_of=now.date(), now=now)


def work(args: Namespace) -> Answer:
    demand_ready()
    if args.once:
        done = round_of_work()
        report = daily(clock.now())
        data = {"batches": done.batches, "followed": done.followed, "tick": report.as_dict()}
        return Answer(data, [f"处理批次 {done.batches} 个，跟进记录 {done.followed} 条，更新义务 {report.changed} 项"])
    stop = Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    rounds = _keep_working(stop, args.parent)
    return Answer({"rounds": rounds}, [f"后台处理已停止，共运行 {rounds} 轮"])


def _keep_working(stop: Event, parent: int) -> int:
    rounds = 0
    ticked = ""
    while not stop.is_set() and (not parent or os.getppid() == parent):
        rounds += 1
        pause = IDLE
        try:
            if (hour := f"{clock.now():%F %H}") != ticked:
                daily(clock.now())
                ticked = hour
            if round_of_work().any:
                pause = 0
        except (DatabaseError, OSError) as trouble:
            log.warning("这一轮没有做完，%s 秒后再试：%s", TROUBLED, trouble)
            connection.close()
            pause = TROUBLED
        stop.wait(pause)
    return rounds


def tick(args: Namespace) -> Answer:
    demand_ready()
    report = ticking.run(as_of=arguments.day_of(args), now=clock.now(), dry_run=args.dry_run)
    lines = [one.words for one in report.moved]
    verb = "将变更" if args.dry_run else "变更"
    lines.append(f"查看 {report.looked_at} 项，{verb} {report.changed} 项，用时 {report.took_s} 秒")
    return Answer(report.as_dict(), lines)
