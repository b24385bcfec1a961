"""A real SMTP server on loopback that answers as it is told, and people who want to be told things."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from jiannuo.access import actions as access
from jiannuo.access.rules import INSTALLER, Actor
from jiannuo.exchange import actions
from jiannuo.exchange.models import Mail
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import OrganCard
from tests.browser_support import free_port
from tests.packages.promising import promised

USER, PASSWORD = "xinyong", "p@ss word"
SENDER = "践诺工作台 <xinyong@qinghe.example.gov.cn>"
ADDRESS = "lin.xiaohe@qinghe.example.gov.cn"
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=SHANGHAI)


@dataclass
class Mailbox:
    """What came, and what the server says to whom; a step not named is accepted."""

    says: dict[str, list[str]] = field(default_factory=dict)
    came: list[tuple[str, bytes]] = field(default_factory=list)
    got: threading.Event = field(default_factory=threading.Event)
    hold: Callable[[], None] = lambda: None

    @property
    def letters(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=default) for _, raw in self.came]

    def _said(self, step: str) -> str:
        return self.says[step].pop(0) if self.says.get(step) else ""

    async def handle_MAIL(  # noqa: N802 - the name the server calls
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        envelope.mail_from = address
        return self._said("from") or "250 OK"

    async def handle_RCPT(  # noqa: N802 - the name the server calls
        self, _s: SMTP, _session: Session, envelope: Envelope, address: str, _o: list[str]
    ) -> str:
        if said := self._said("to"):
            return said
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name the server calls
        self, _s: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        if said := self._said("data"):
            return said
        assert isinstance(envelope.content, bytes)
        self.came.append((envelope.rcpt_tos[0], envelope.content))
        self.got.set()
        self.hold()
        return f"250 queued as {len(self.came)}"


def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def listening(
    mailbox: Mailbox, *, tls: ssl.SSLContext | None = None, wrapped: bool = False, port: int = 0
) -> Controller:
    """The server, started; with `tls` it demands a login behind STARTTLS, or wraps the whole conversation."""
    more: dict[str, Any] = {}
    if tls:
        more = {"authenticator": authenticate, "auth_required": True}
        more |= {"ssl_context": tls} if wrapped else {"tls_context": tls, "require_starttls": True}
        more |= {"auth_require_tls": not wrapped}
    controller = Controller(mailbox, hostname="127.0.0.1", port=port or free_port(), **more)
    controller.start()
    return controller


def port_of(controller: Controller) -> int:
    return int(controller.port)


def account(organ: OrganCard, *roles: str, username: str = "", at: datetime | None = None) -> Actor:
    """An account of an organ with these roles since the beginning of the year."""
    moment = at or datetime(2026, 1, 5, 9, tzinfo=SHANGHAI)
    name = username or f"{roles[0]}.{organ.code[-3:]}"
    user_id, _ = access.create_account(
        by=INSTALLER, username=name, name="林晓禾", organ_id=organ.id, at=moment, password="qinghe-2026-Credit"
    )
    for role in roles:
        access.grant(by=INSTALLER, user_id=user_id, role=role, on=moment.date(), at=moment)
    line = subjects.directory(date(2026, 11, 23)).line(organ.id)
    return Actor(user_id, name, "林晓禾", organ.id, organ.short, frozenset(roles), line)


def with_address(actor: Actor, address: str, *, at: datetime, hour: int = 8) -> None:
    """The account has proved an address and wants mail."""
    key = ledger.ring()[0]
    _, code = access.propose_address(by=actor, address=address, key=key, at=at)
    access.prove_address(by=actor, code=code, key=key, at=at)
    access.choose_mail(by=actor, mail_on=True, hour=hour, at=at)


def told(send: Callable[..., object], now: datetime = NOW) -> Mail:
    """A message that is to go by mail."""
    promised(send, due_on=MONDAY.isoformat())
    assert actions.remind(on=MONDAY, now=now) == 1
    return Mail.objects.get()
