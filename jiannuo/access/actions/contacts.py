"""How a person is reached: each changes their own, and every change is noted."""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from jiannuo.access import queries, rules
from jiannuo.access.actions.accounts import note
from jiannuo.access.models import Contact
from jiannuo.access.rules import Actor
from jiannuo.kernel import sealing
from jiannuo.kernel.email_addresses import check_email, mask_email
from jiannuo.kernel.refusals import Refused


def _own(by: Actor) -> Contact:
    """The contact of the one who asks, held until this transaction ends."""
    if by.user_id is None:
        raise Refused("只有个人账号有这项设置", fix="请用自己的账号登录", code="forbidden")
    Contact.objects.get_or_create(user_id=by.user_id)
    return Contact.objects.select_for_update().get(user_id=by.user_id)


@transaction.atomic
def propose_address(*, by: Actor, address: str, key: bytes, at: datetime) -> tuple[str, str]:
    """An address that counts only once the code sent to it comes back; returns the address and the code, which go nowhere else."""
    own, plain = _own(by), check_email(address)
    if own.code_sent_at and timedelta(0) <= at - own.code_sent_at < rules.CODE_AGAIN:
        raise Refused("刚刚发过一次验证码", fix="请等一分钟再试", field="email", code="too_soon")
    code = f"{secrets.randbelow(10**6):06d}"
    own.pending = sealing.seal(key, plain.encode(), context=queries.contact_context(own.user_id))
    own.pending_shown, own.code_sent_at, own.code_tries = mask_email(plain), at, 0
    own.code = sealing.blind(key, f"{own.user_id}:{code}").hex()
    own.save()
    note(by, action="contact.change", object=f"account:{own.user_id}", at=at, detail=f"待验证 {own.pending_shown}")
    return plain, code


def prove_address(*, by: Actor, code: str, key: bytes, at: datetime) -> None:
    """The code came back, so the address is this person's: mail may go there from now on. Five wrong codes spend it."""
    with transaction.atomic():
        own = _own(by)
        stale = own.code_sent_at is None or not timedelta(0) <= at - own.code_sent_at < rules.CODE_LASTS
        if not own.code or stale or own.code_tries >= rules.MOST_TRIES:
            raise Refused("验证码已经失效", fix="请重新填写邮箱，再发一次验证码", field="code", code="code_stale")
        given = sealing.blind(key, f"{own.user_id}:{code.strip()}").hex()
        if right := hmac.compare_digest(given, own.code):
            own.sealed, own.shown, own.proved_at, own.mail_on = own.pending, own.pending_shown, at, True
            own.pending, own.pending_shown, own.code = None, "", ""
            detail = f"已验证 {own.shown}"
            note(by, action="contact.change", object=f"account:{own.user_id}", at=at, detail=detail)
        own.code_tries += 1
        own.save()
    if not right:
        raise Refused("验证码不对", fix="请核对邮件里的六位数字", field="code", code="code_wrong")


@transaction.atomic
def forget_address(*, by: Actor, at: datetime) -> None:
    """The address is gone from the platform, and no more mail comes."""
    own = _own(by)
    own.sealed = own.pending = own.proved_at = own.code_sent_at = None
    own.shown = own.pending_shown = own.code = ""
    own.mail_on = False
    own.save()
    note(by, action="contact.change", object=f"account:{own.user_id}", at=at, detail="已删除邮箱")


@transaction.atomic
def choose_mail(*, by: Actor, mail_on: bool, hour: int, at: datetime) -> None:
    """Whether mail comes, and from which hour. Refuses mail without a proved address."""
    own = _own(by)
    if hour not in rules.MAIL_HOURS:
        raise Refused("没有选几点以后发", fix="请在列出的钟点里选", field="hour", code="hour")
    if mail_on and own.sealed is None:
        raise Refused("还没有验证过的邮箱", fix="请先填写邮箱，用收到的验证码验证", field="mail_on", code="no_address")
    own.mail_on, own.hour = mail_on, hour
    own.save()
    words = f"邮件提醒{'开' if mail_on else '关'}，{hour}点以后"
    note(by, action="contact.change", object=f"account:{own.user_id}", at=at, detail=words)


@transaction.atomic
def make_feed(*, by: Actor, at: datetime) -> str:
    """A new calendar token, shown once; the one before opens nothing from now on. Only its digest is kept."""
    own, token = _own(by), secrets.token_urlsafe(32)
    own.feed, own.feed_since = hashlib.sha256(token.encode()).hexdigest(), at
    own.save()
    note(by, action="feed.make", object=f"account:{own.user_id}", at=at)
    return token


@transaction.atomic
def end_feed(*, by: Actor, at: datetime) -> None:
    """The calendar token opens nothing from now on."""
    own = _own(by)
    own.feed, own.feed_since = "", None
    own.save()
    note(by, action="feed.end", object=f"account:{own.user_id}", at=at)
