"""Letters leave by any SMTP server. Each is leased before it is sent and keeps the server's answer after.

Killed between sending and recording, a letter is sent again when its lease is over: at most one copy more for each time
it was killed, under the same Message-ID, which is how mailboxes tell a copy.
"""

import json
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.urls import reverse

from jiannuo.access import queries as accounts
from jiannuo.access import rules as access
from jiannuo.exchange import rules
from jiannuo.exchange.models import Mail
from jiannuo.exchange.queries.letters import letter_of
from jiannuo.exchange.rules import Judgement, State
from jiannuo.exchange.rules.mailing import Letter, Reply, judge, written
from jiannuo.kernel import sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger

PATIENCE_S = 20
LEASED_AT_ONCE = 10


@dataclass
class MailReport:
    """What one run did."""

    sent: int = 0
    postponed: int = 0
    failed: int = 0
    dropped: int = 0
    troubles: list[str] = field(default_factory=list)


class Stopped(Exception):
    """What the server said when a step failed."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.text)
        self.reply = reply


def post_code(*, account_id: int, to: str, code: str, now: datetime) -> None:
    """A letter with the code that proves an address; sealed until it is sent, and gone from here afterwards."""
    letter = {
        "to": to,
        "subject": f"验证码 {code}",
        "text": f"您正在践诺工作台设置提醒邮箱。验证码：{code}\n30分钟内有效。不是您本人操作的，不用理会这封邮件。\n",
    }
    with transaction.atomic():
        row = Mail(account_id=account_id, seed=f"code:{account_id}:{now.isoformat()}", created_at=now, next_at=now)
        row.sealed = sealing.seal(ledger.ring()[0], json.dumps(letter).encode(), context=f"mail:{row.seed}")
        row.save()


def post(*, now: datetime, limit: int = 1000) -> MailReport:
    """Send what waits, in one conversation with the server; a server in trouble is left alone until the next time."""
    report = MailReport()
    if not settings.MAIL:
        return report
    server: smtplib.SMTP | None = None
    try:
        while limit > 0 and (leased := _lease(now, min(limit, LEASED_AT_ONCE))):
            limit -= len(leased)
            for at, row in enumerate(leased):
                try:
                    letter = _letter(row, now)
                except Refused as unreadable:
                    _settle(row, Judgement(State.FAILED, trouble=str(unreadable)), now, report)
                    continue
                if letter is None:
                    gone = Judgement(State.OVERTAKEN, trouble="邮箱已删除、提醒已关闭，或者验证码已过期，不再寄出")
                    _settle(row, gone, now, report)
                    continue
                judgement, server = _send(server, letter, attempts=row.attempts + 1, now=now)
                _settle(row, judgement, now, report)
                if judgement.site_rests:
                    report.troubles.append(judgement.trouble)
                    _put_back(leased[at + 1 :], judgement, now)
                    return report
    finally:
        _leave(server)
    return report


def _lease(now: datetime, limit: int) -> list[Mail]:
    free = Q(lease_until=None) | Q(lease_until__lte=now)
    waiting = Mail.objects.filter(free, state=State.WAITING, next_at__lte=now)
    # Mostly there is nothing, and looking takes no lock.
    if not waiting.exists():
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            waiting = waiting.select_for_update(skip_locked=True)
        rows = list(waiting.order_by("next_at", "pk")[:limit])
        Mail.objects.filter(pk__in=[row.pk for row in rows]).update(lease_until=now + rules.LEASE)
    return rows


def _letter(row: Mail, now: datetime) -> Letter | None:
    keys = ledger.ring()
    if row.sealed is not None:
        # A code is good for half an hour; what answers a citizen, who has no account, waits until it is sent.
        if row.account_id is not None and now - row.created_at > access.CODE_LASTS:
            return None
        plain = json.loads(sealing.unseal(keys, bytes(row.sealed), context=f"mail:{row.seed}"))
        return Letter(plain["to"], plain["subject"], plain["text"], row.seed, reminds=row.account_id is not None)
    to = accounts.address_of(row.account_id or 0, keys=keys)
    return letter_of(row, to=to) if to else None


def _send(
    server: smtplib.SMTP | None, letter: Letter, *, attempts: int, now: datetime
) -> tuple[Judgement, smtplib.SMTP | None]:
    content = written(
        letter, sender=settings.MAIL_FROM, settings_url=f"{settings.SITE_URL}{reverse('desk:settings')}", at=now
    )
    try:
        server = server or _connect()
        reply = _hand_over(server, letter.to, content)
    except Stopped as stopped:
        reply = stopped.reply
    except (OSError, smtplib.SMTPException) as trouble:
        _leave(server)
        server = None
        reply = Reply("data", 0, f"{type(trouble).__name__} {trouble}")
    return judge(reply, attempts=attempts), server


def _connect() -> smtplib.SMTP:
    """A conversation begun, secured and signed in as the settings say."""
    told = settings.MAIL
    with _at("connect"):
        if told["scheme"] == "smtps":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(told["host"], told["port"], timeout=PATIENCE_S, context=context)
        else:
            server = smtplib.SMTP(told["host"], told["port"], timeout=PATIENCE_S)
    try:
        if told["scheme"] == "smtp+starttls":
            with _at("secure"):
                server.starttls(context=ssl.create_default_context())
        if told["user"]:
            with _at("login"):
                server.login(told["user"], told["password"])
    except Stopped:
        server.close()
        raise
    return server


@contextmanager
def _at(step: str) -> Iterator[None]:
    """What goes wrong here went wrong at this step."""
    try:
        yield
    except smtplib.SMTPResponseException as refused:
        raise Stopped(Reply(step, refused.smtp_code, _text(refused.smtp_error))) from refused
    except (OSError, smtplib.SMTPException) as trouble:
        raise Stopped(Reply(step, 0, f"{type(trouble).__name__} {trouble}")) from trouble


def _hand_over(server: smtplib.SMTP, to: str, content: bytes) -> Reply:
    """The letter, step by step, so that it is known which step the server refused."""
    server.ehlo_or_helo_if_needed()
    for step, (code, text) in (
        ("from", server.mail(settings.MAIL_FROM)),
        ("to", server.rcpt(to)),
    ):
        if not 200 <= code < 300:
            server.rset()
            return Reply(step, code, _text(text))
    try:
        code, text = server.data(content)
    except smtplib.SMTPDataError as refused:
        code, text = refused.smtp_code, refused.smtp_error  # type: ignore[assignment]
    return Reply("data", code, _text(text))


def _text(said: bytes | str) -> str:
    return said.decode("utf-8", "replace") if isinstance(said, bytes) else said


def _settle(row: Mail, judgement: Judgement, now: datetime, report: MailReport) -> None:
    sent = judgement.state is State.DELIVERED
    over = judgement.state is not State.WAITING
    Mail.objects.filter(pk=row.pk, state=State.WAITING).update(
        state=judgement.state.value,
        attempts=row.attempts + (judgement.state is not State.OVERTAKEN),
        receipt=judgement.receipt,
        trouble=judgement.trouble,
        next_at=now + judgement.wait,
        sent_at=now if sent else None,
        lease_until=None,
        # A code that was sent, or will never be, need not lie here.
        **({"sealed": None} if over else {}),
    )
    report.sent += sent
    report.failed += judgement.state is State.FAILED
    report.dropped += judgement.state is State.OVERTAKEN
    report.postponed += judgement.state is State.WAITING


def _put_back(rows: list[Mail], judgement: Judgement, now: datetime) -> None:
    """The rest waits as long as the one the server would not take."""
    ids = [row.pk for row in rows]
    Mail.objects.filter(pk__in=ids, state=State.WAITING).update(lease_until=None, next_at=now + judgement.wait)


def _leave(server: smtplib.SMTP | None) -> None:
    if server is not None:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()
