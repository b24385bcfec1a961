"""Anybody says whether a promise was kept: no name, words sealed, and nobody so often that others are drowned out."""

from datetime import date, datetime, timedelta

from django.db import transaction

from jiannuo.access import actions as access
from jiannuo.access.rules import Limit
from jiannuo.duties.actions.performing import PUBLIC, respond
from jiannuo.duties.models import Bookmark
from jiannuo.duties.rules.undertaking import LONGEST_WORDS
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger

ON_ONE, ONE_LASTS = 3, timedelta(days=1)
"""So many answers to one promise from one network address, in so long."""
ON_ALL, ALL_LAST = 20, timedelta(hours=1)
"""So many to all promises; an address may be shared by a village or an office."""


def speak(*, duty_id: int, agreed: bool, words: str, address: str, on: date, at: datetime) -> bool:
    """The answer enters the ledger, its words sealed; false where the very same was said from there already, a second click.

    Refuses who has spoken too often, and says when to come again.
    """
    if len(words.strip()) > LONGEST_WORDS:
        fix = f"请缩短到{LONGEST_WORDS}个字以内，写最要紧的"
        raise Refused(f"写得太长，有{len(words.strip())}个字", fix=fix, field="words", code="words")
    topic = f"promise:{duty_id}:"
    limits = (
        Limit(topic, ON_ONE, ONE_LASTS, "对这一项承诺已经说了{times}次"),
        Limit("promise:", ON_ALL, ALL_LAST, "对各项承诺已经说了{times}次"),
    )
    with transaction.atomic():
        # One after another, so that two clicks at once are told apart from two people.
        Bookmark.objects.select_for_update().get(pk=1)
        said = f"{agreed}:{words.strip()}"
        new = access.speak(key=ledger.ring()[0], address=address, topic=topic, content=said, limits=limits, at=at)
        if new:
            respond(duty_id, agreed=agreed, words=words, author=PUBLIC, on=on, at=at)
    return new
