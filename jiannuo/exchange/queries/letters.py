"""A message as a letter: plain words, and for every line the address of the list it counts."""

import json
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse

from jiannuo.exchange.models import Mail
from jiannuo.exchange.rules.mailing import Letter
from jiannuo.exchange.rules.reminding import Group
from jiannuo.policy import pack as policy


def letter_of(row: Mail, *, to: str) -> Letter | None:
    """The letter of a message's mail; nothing where it stands in no message."""
    message = row.message
    if message is None:
        return None
    about = policy.current().about
    lines = [f"{message.on:%Y年%-m月%-d日}，{about['desk']}", ""]
    told = json.loads(message.items)
    for group in Group:
        several = [one for one in told if one["group"] == group]
        if several:
            lines += [f"【{group.label}】", *(text for one in several for text in _lines(one)), ""]
    where = f"{settings.SITE_URL}{reverse('desk:message', args=[message.pk])}"
    off = f"{settings.SITE_URL}{reverse('desk:settings')}"
    lines += [f"在工作台看这条消息：{where}", f"不想再收这类邮件，或者换个时间：{off}", ""]
    return Letter(to, f"{about['county']}践诺提醒：{message.subject}", "\n".join(lines), row.seed)


def _lines(one: Mapping[str, Any]) -> list[str]:
    days = sorted({one[name] for name in ("first", "last") if name in one})
    when = f"（{'至'.join(days)}到期）" if days else ""
    named = [f"    · {title}" for title in one.get("titles", ())]
    return [f"  {one['words']}{when}", *named, f"    {settings.SITE_URL}{one['url']}"]
