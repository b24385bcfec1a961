"""Whether the tick is alive."""

from datetime import date, datetime
from decimal import Decimal

from msgspec import Struct

from jiannuo.duties import rules
from jiannuo.duties.models import Heartbeat


class HeartbeatCard(Struct, frozen=True):
    """When the tick last ran and what it did; stale when that was more than a day ago, or never."""

    ran_at: datetime | None
    stale: bool
    as_of: date | None = None
    looked_at: int = 0
    changed: int = 0
    took_s: Decimal = Decimal(0)

    @property
    def words(self) -> str:
        """The same for people."""
        if self.ran_at is None:
            return "每日核对从未运行，请管理员安排定时运行 jiannuo tick"
        if self.stale:
            return "每日核对已超过一天没有运行，逾期情况可能没有及时记入，请管理员检查定时任务"
        return "每日核对运行正常"


def heartbeat(*, now: datetime) -> HeartbeatCard:
    """The last run of the tick, as seen at a moment."""
    last = Heartbeat.objects.order_by("-ran_at").first()
    if last is None:
        return HeartbeatCard(None, stale=True)
    stale = now - last.ran_at > rules.STALE_AFTER
    return HeartbeatCard(last.ran_at, stale, last.as_of, last.looked_at, last.changed, last.took_s)
