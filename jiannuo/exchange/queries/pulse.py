"""Whether the worker lives, and how the whole installation does, for those who watch over it."""

import shutil
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q
from msgspec import Struct

from jiannuo.duties import queries as duties
from jiannuo.exchange.models import Delivery, Mail, Pulse
from jiannuo.exchange.rules import State

STALE_AFTER = timedelta(minutes=10)
WAITS_LONG = timedelta(hours=6)
LITTLE_MB = 500


class PulseCard(Struct, frozen=True):
    """When the worker last finished a round; stale when that is more than ten minutes ago, or never."""

    at: datetime | None
    stale: bool

    @property
    def words(self) -> str:
        """The same for people."""
        if self.at is None:
            return "后台处理从未运行，请管理员启动 jiannuo serve 或者 jiannuo work"
        if self.stale:
            return f"后台处理自{self.at.astimezone().strftime('%Y-%m-%d %H:%M')}起没有再动，上报的文件、提醒和邮件都在等，请管理员检查"
        return "后台处理运行正常"


def pulse(*, now: datetime) -> PulseCard:
    """The worker's last round, as seen at a moment."""
    at = Pulse.objects.filter(name="worker").values_list("at", flat=True).first()
    return PulseCard(at, at is None or now - at > STALE_AFTER)


class Health(Struct, frozen=True):
    """How the installation does: what watching programs ask for, without a word of what is in it."""

    tick_at: datetime | None
    tick_stale: bool
    worker_at: datetime | None
    worker_stale: bool
    disk_free_mb: int
    mail_waiting: int
    mail_failed: int
    mail_late: bool
    deliveries_waiting: int
    deliveries_failed: int

    @property
    def troubles(self) -> tuple[str, ...]:
        """What somebody has to look at."""
        told = {
            "tick": self.tick_stale,
            "worker": self.worker_stale,
            "disk": self.disk_free_mb < LITTLE_MB,
            "mail": self.mail_late,
        }
        return tuple(name for name, wrong in told.items() if wrong)


def health(*, now: datetime) -> Health:
    """The installation's state at a moment; mail is late when a letter has waited six hours."""
    beat, worker = duties.heartbeat(now=now), pulse(now=now)
    waiting, failed = Count("pk", filter=Q(state=State.WAITING)), Count("pk", filter=Q(state=State.FAILED))
    mail = Mail.objects.aggregate(
        waiting=waiting, failed=failed, since=Min("created_at", filter=Q(state=State.WAITING, attempts__gt=0))
    )
    sent = Delivery.objects.aggregate(waiting=waiting, failed=failed)
    return Health(
        tick_at=beat.ran_at,
        tick_stale=beat.stale,
        worker_at=worker.at,
        worker_stale=worker.stale,
        disk_free_mb=shutil.disk_usage(settings.HOME).free // 2**20,
        mail_waiting=mail["waiting"],
        mail_failed=mail["failed"],
        mail_late=mail["since"] is not None and now - mail["since"] > WAITS_LONG,
        deliveries_waiting=sent["waiting"],
        deliveries_failed=sent["failed"],
    )
