"""Mail over a conversation that is secured and signed in, with a real server on loopback."""

import datetime as dt
import ipaddress
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from django.conf import LazySettings

from jiannuo.access.rules import Actor
from jiannuo.exchange import actions
from jiannuo.exchange.models import Mail
from jiannuo.exchange.rules import State
from jiannuo.site.mail import mail_server
from jiannuo.subjects.rules import OrganCard
from tests.browser_support import free_port
from tests.packages import mailbox as post
from tests.packages.mailbox import ADDRESS, NOW, Mailbox, account, listening, port_of, told, with_address

pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(market: OrganCard) -> Actor:
    actor = account(market, "clerk", username="owner")
    with_address(actor, ADDRESS, at=NOW - timedelta(days=1))
    return actor


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate for 127.0.0.1 that this machine trusts for as long as the test runs."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    begin = datetime.now(dt.UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begin)
        .not_valid_after(begin + timedelta(days=3))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.write_bytes(private + made.public_bytes(Encoding.PEM))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # of a server that does not see it is wrapped in TLS as a whole
@pytest.mark.parametrize("scheme", ["smtp+starttls", "smtps"])
def test_the_conversation_is_secured_and_signed_in(
    send: Callable[..., object], owner: Actor, settings: LazySettings, certificate: Path, scheme: str
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    mailbox = Mailbox()
    controller = listening(mailbox, tls=context, wrapped=scheme == "smtps", port=free_port())
    login = "xinyong:p%40ss%20word"
    settings.MAIL_FROM = post.SENDER
    settings.MAIL = mail_server(f"{scheme}://{login}@127.0.0.1:{port_of(controller)}")
    told(send)
    try:
        settings.MAIL = {**settings.MAIL, "password": "wrong"}
        report = actions.post(now=NOW)
        assert report.postponed == 1
        assert "登录邮件服务器没有成功，对方回答 535" in report.troubles[0]
        settings.MAIL = {**settings.MAIL, "password": post.PASSWORD}
        assert actions.post(now=NOW + timedelta(minutes=1)).sent == 1
    finally:
        controller.stop()
    assert len(mailbox.came) == 1


def test_a_certificate_nobody_vouches_for_gets_no_password(
    owner: Actor, settings: LazySettings, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    controller = listening(Mailbox(), tls=context, port=free_port())
    settings.MAIL = mail_server(f"smtp+starttls://xinyong:x@127.0.0.1:{port_of(controller)}")
    settings.MAIL_FROM = post.SENDER
    actions.post_code(account_id=owner.user_id or 0, to=ADDRESS, code="123456", now=NOW)
    try:
        report = actions.post(now=NOW)
    finally:
        controller.stop()
    assert "加密连接没有成功" in report.troubles[0]
    assert Mail.objects.get().state == State.WAITING
