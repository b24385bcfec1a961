"""How to reach the mail server and the mailbox of complaints, each read strictly from one address."""

from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MAIL_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
BOX_PORTS = {"imap": 143, "imap+starttls": 143, "imaps": 993}
HERE = ("localhost", "127.0.0.1")


def mail_server(url: str) -> dict[str, Any]:
    """How to reach the mail server named by `smtp://`, `smtp+starttls://` or `smtps://user:password@host:port`; empty for no mail."""
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in MAIL_PORTS or not parts.hostname:
        words = "要写 smtp://主机:端口、smtp+starttls://用户:口令@主机:端口 或 smtps://用户:口令@主机:端口"
        raise ImproperlyConfigured(f"JIANNUO_SMTP_URL 不对：{words}")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if user and parts.scheme == "smtp" and parts.hostname not in HERE:
        raise ImproperlyConfigured("JIANNUO_SMTP_URL：口令不能明文过网，请用 smtp+starttls:// 或者 smtps://")
    if not (user + password).isascii():
        raise ImproperlyConfigured("JIANNUO_SMTP_URL：用户名和口令只能用字母、数字和符号")
    port = parts.port or MAIL_PORTS[parts.scheme]
    return {"scheme": parts.scheme, "host": parts.hostname, "port": port, "user": user, "password": password}


def mailbox(url: str) -> dict[str, Any]:
    """How to reach the mailbox named by `imap+starttls://` or `imaps://user:password@host:port/folder`; empty for none."""
    parts = urlsplit(url)
    if not url:
        return {}
    if parts.scheme not in BOX_PORTS or not parts.hostname or not parts.username:
        words = "要写 imaps://用户:口令@主机:端口/文件夹 或 imap+starttls://用户:口令@主机:端口/文件夹，文件夹不写就是 INBOX"
        raise ImproperlyConfigured(f"JIANNUO_IMAP_URL 不对：{words}")
    if parts.scheme == "imap" and parts.hostname not in HERE:
        raise ImproperlyConfigured("JIANNUO_IMAP_URL：口令不能明文过网，请用 imaps:// 或者 imap+starttls://")
    user, password, folder = unquote(parts.username), unquote(parts.password or ""), unquote(parts.path.strip("/"))
    if not (user + password + folder).isascii():
        raise ImproperlyConfigured("JIANNUO_IMAP_URL：用户名、口令和文件夹只能用字母、数字和符号")
    port = parts.port or BOX_PORTS[parts.scheme]
    return {
        "scheme": parts.scheme,
        "host": parts.hostname,
        "port": port,
        "user": user,
        "password": password,
        "folder": folder or "INBOX",
    }
