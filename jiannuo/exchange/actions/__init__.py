"""Writing what leaves the house: deliveries sent again, messages made and read, mail posted and collected, the worker's pulse."""

from jiannuo.exchange.actions.collecting import Collected, collect
from jiannuo.exchange.actions.deliveries import send_again
from jiannuo.exchange.actions.inbox import beat, mark_read
from jiannuo.exchange.actions.news import follow
from jiannuo.exchange.actions.posting import MailReport, post, post_code
from jiannuo.exchange.actions.reminding import remind

__all__ = [
    "Collected",
    "MailReport",
    "beat",
    "collect",
    "follow",
    "mark_read",
    "post",
    "post_code",
    "remind",
    "send_again",
]
