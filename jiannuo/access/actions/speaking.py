"""People without an account speak: nobody so often that others are drowned out, and nobody is dropped in silence."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from jiannuo.access.models import Voice
from jiannuo.access.rules import TOO_MANY, VOICE_LASTS, Limit
from jiannuo.kernel import sealing
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused


@transaction.atomic
def speak(*, key: bytes, address: str, topic: str, content: str, limits: Sequence[Limit], at: datetime) -> bool:
    """It is noted, blinded and for a day, that the address spoke; false where it said the very same already, a second click.

    Refuses who has spoken too often, and says when to come again.
    """
    Voice.objects.filter(at__lt=at - VOICE_LASTS).delete()
    who, what = sealing.blind(key, f"address:{address}"), sealing.blind(key, f"voice:{topic}:{content}")
    said = list(Voice.objects.filter(address=who).order_by("at").values_list("topic", "content", "at"))
    if any(bytes(one) == what for _, one, _ in said):
        return False
    _hold(limits, [(one, moment) for one, _, moment in said], at)
    Voice.objects.create(address=who, topic=topic, content=what, at=at)
    return True


def not_too_often(*, key: bytes, address: str, limits: Sequence[Limit], at: datetime) -> None:
    """Refuses who has spoken too often; nothing is noted."""
    who = sealing.blind(key, f"address:{address}")
    _hold(limits, list(Voice.objects.filter(address=who).order_by("at").values_list("topic", "at")), at)


def _hold(limits: Sequence[Limit], said: Sequence[tuple[str, datetime]], at: datetime) -> None:
    for limit in limits:
        counted = [moment for topic, moment in said if topic.startswith(limit.topic) and moment > at - limit.lasts]
        if len(counted) >= limit.most:
            again = (counted[-limit.most] + limit.lasts).astimezone(SHANGHAI)
            raise Refused(
                f"从这个网络地址{limit.words.format(times=len(counted))}",
                fix=f"请在{again:%-m月%-d日%H:%M}以后再来；{limit.kept}",
                code=TOO_MANY,
            )
