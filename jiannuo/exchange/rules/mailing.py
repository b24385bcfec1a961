"""A letter as it is sent, and what the server's answer to it means. Pure."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from msgspec import Struct

from jiannuo.exchange.rules.deliveries import RECEIPT_KEPT, Judgement, State, wait_after


class Letter(Struct, frozen=True):
    """What goes to whom; `seed` tells one letter from every other and stays the same however often it is sent."""

    to: str
    subject: str
    text: str
    seed: str
    reminds: bool = True
    """Whether it goes to an account, whose owner may turn such letters off."""


class Reply(Struct, frozen=True):
    """What the server said at one step; code 0 where nothing came back, with the trouble in words."""

    step: str
    code: int
    text: str = ""


STEPS: Mapping[str, str] = {
    "connect": "连接邮件服务器",
    "secure": "加密连接",
    "login": "登录邮件服务器",
    "from": "发件地址",
    "to": "收件地址",
    "data": "邮件内容",
}
OF_THE_SERVER = frozenset({"connect", "secure", "login", "from"})
"""Steps that fail for every letter alike: the server is left alone until its next time."""


def judge(reply: Reply, *, attempts: int) -> Judgement:
    """Accepted, to be tried again, or refused for good; a trouble of the server itself never condemns a letter."""
    text = reply.text.strip()[:RECEIPT_KEPT]
    if reply.step == "data" and 200 <= reply.code < 300:
        return Judgement(State.DELIVERED, receipt=f"{reply.code} {text}".strip())
    said = f"{STEPS[reply.step]}没有成功" + (f"，对方回答 {reply.code}" if reply.code else "") + f"：{text[:300]}"
    rests = reply.step in OF_THE_SERVER or not reply.code or reply.code == 421
    if not rests and 500 <= reply.code < 600:
        return Judgement(State.FAILED, trouble=said)
    return Judgement(State.WAITING, trouble=said, wait=wait_after(attempts), site_rests=rests)


def message_id(seed: str, sender: str) -> str:
    """The Message-ID: the same for a letter at every attempt, so that a mailbox can tell a second copy."""
    domain = parseaddr(sender)[1].rpartition("@")[2] or "localhost"
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:32]}@{domain}>"


def written(letter: Letter, *, sender: str, settings_url: str, at: datetime) -> bytes:
    """The letter's bytes: plain text, no picture and no tracking, and where to turn it off."""
    name, address = parseaddr(sender)
    made = EmailMessage(policy=SMTP.clone(max_line_length=78))
    made["From"] = Address(name, addr_spec=address)
    made["To"] = Address(addr_spec=letter.to)
    made["Subject"] = letter.subject
    made["Date"] = format_datetime(at)
    made["Message-ID"] = message_id(letter.seed, sender)
    made["Auto-Submitted"] = "auto-generated"
    if letter.reminds:
        made["List-Unsubscribe"] = f"<{settings_url}>"
    made.set_content(letter.text, charset="utf-8", cte="base64")
    return made.as_bytes()
