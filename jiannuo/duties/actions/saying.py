"""Anybody says whether a promise was kept: no name, words sealed, and nobody so often that others are drowned out."""

from datetime import date, datetime, timedelta

from django.db import transaction

from jiannuo.duties.actions.performing import PUBLIC, respond
from jiannuo.duties.models import Bookmark, Voice
from jiannuo.duties.rules.undertaking import LONGEST_WORDS
from jiannuo.kernel import sealing
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger

ON_ONE, ONE_LASTS = 3, timedelta(days=1)
"""So many answers to one promise from one network address, in so long."""
ON_ALL, ALL_LAST = 20, timedelta(hours=1)
"""So many to all promises; an address may be shared by a village or an office."""
TOO_MANY = "too_many"


def speak(*, duty_id: int, agreed: bool, words: str, address: str, on: date, at: datetime) -> bool:
    """The answer enters the ledger, its words sealed; false where the very same was said from there already, a second click.

    Refuses who has spoken too often, and says when to come again.
    """
    if len(words.strip()) > LONGEST_WORDS:
        fix = f"请缩短到{LONGEST_WORDS}个字以内，写最要紧的"
        raise Refused(f"写得太长，有{len(words.strip())}个字", fix=fix, field="words", code="words")
    key = ledger.ring()[0]
    who = sealing.blind(key, f"address:{address}")
    content = sealing.blind(key, f"voice:{duty_id}:{agreed}:{words.strip()}")
    with transaction.atomic():
        # One after another, so that two clicks at once are told apart from two people.
        Bookmark.objects.select_for_update().get(pk=1)
        Voice.objects.filter(at__lt=at - ONE_LASTS).delete()
        said = list(Voice.objects.filter(address=who).order_by("at"))
        if any(bytes(one.content) == content for one in said):
            return False
        here = [one.at for one in said if one.duty_id == duty_id]
        _not_too_often(here, ON_ONE, ONE_LASTS, "这一项承诺")
        _not_too_often([one.at for one in said if one.at > at - ALL_LAST], ON_ALL, ALL_LAST, "各项承诺")
        respond(duty_id, agreed=agreed, words=words, author=PUBLIC, on=on, at=at)
        Voice.objects.create(address=who, duty_id=duty_id, content=content, at=at)
    return True


def _not_too_often(moments: list[datetime], most: int, lasts: timedelta, what: str) -> None:
    if len(moments) < most:
        return
    again = (moments[-most] + lasts).astimezone(SHANGHAI)
    raise Refused(
        f"从这个网络地址对{what}已经说了{len(moments)}次",
        fix=f"请在{again:%-m月%-d日%H:%M}以后再来；这一次说的没有收下，您写的还在下面，可以先存下来",
        code=TOO_MANY,
    )
