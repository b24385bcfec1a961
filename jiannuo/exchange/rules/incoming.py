"""A letter that came in: who wrote it, what it says, what is attached, and whether a person wrote it at all. Pure."""

import hashlib
import re
from email import message_from_bytes
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import default
from html.parser import HTMLParser

from msgspec import Struct

MACHINES = re.compile(r"^(mailer-daemon|postmaster|no-?reply|do-?not-?reply|bounces?)\b", re.IGNORECASE)
CODE = re.compile(r"(?<![A-Z2-7-])[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}(?![A-Z2-7-])")
"""A receipt code as a letter of ours writes it."""
QUOTING = re.compile(
    r"^\s*(-{2,}.*(原始邮件|转发|Original Message)|.{0,200}(写道|wrote)[:：]\s*$|您的来信已经收下)", re.IGNORECASE
)
"""Where the writer's own words end and the letter that is answered begins."""
BLANKS = re.compile(r"[^\S\n]+")


class Incoming(Struct, frozen=True):
    """One letter as it is read."""

    id: str
    """Its Message-ID; where it has none, the digest of its bytes."""
    sender: str
    name: str
    subject: str
    text: str
    files: tuple[tuple[str, bytes], ...]
    """Name and content of each attachment, and of each picture set into the text."""
    machine: str
    """Why it is taken for the letter of a machine, which is answered by nobody; empty for a person's."""


def read(raw: bytes) -> Incoming:
    """The letter. Whatever is written in its headers, something readable comes out."""
    letter = message_from_bytes(raw, policy=default)
    assert isinstance(letter, EmailMessage)  # noqa: S101 - the policy makes nothing else
    sender = _sender(letter)
    return Incoming(
        id=str(letter["Message-ID"] or "").strip() or hashlib.sha256(raw).hexdigest(),
        sender=sender.addr_spec if sender else "",
        name=sender.display_name if sender else "",
        subject=str(letter["Subject"] or "").strip(),
        text=_text(letter),
        files=tuple(_files(letter)),
        machine=_machine(letter, sender),
    )


def receipt_code(letter: Incoming) -> str:
    """The receipt code that the letter quotes; empty where it quotes none, or several."""
    found = set(CODE.findall(letter.text))
    return found.pop() if len(found) == 1 else ""


def own_words(text: str) -> str:
    """What the writer wrote, without what is quoted below it."""
    kept = []
    for line in text.split("\n"):
        if QUOTING.match(line):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept).strip()


def _sender(letter: EmailMessage) -> Address | None:
    try:
        found = letter["From"].addresses
    except (AttributeError, IndexError, ValueError):
        return None
    return found[0] if found and "@" in found[0].addr_spec else None


def _machine(letter: EmailMessage, sender: Address | None) -> str:
    if sender is None:
        return "没有写明发件人"
    if str(letter["Auto-Submitted"] or "no").strip().lower() != "no":
        return "是自动发出的（Auto-Submitted）"
    if str(letter["Precedence"] or "").strip().lower() in ("bulk", "junk", "list") or letter["List-Id"]:
        return "是群发的"
    if str(letter["Return-Path"] or "").strip() == "<>" or MACHINES.match(sender.username):
        return "是退信，或者不收回信的地址发来的"
    return ""


def _text(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain", "html"))
    if body is None:
        return ""
    try:
        said = str(body.get_content())
    except (LookupError, UnicodeError):
        said = (body.get_payload(decode=True) or b"").decode("gb18030", "replace")  # type: ignore[union-attr]
    return _plain(said) if body.get_content_subtype() == "html" else said.replace("\r\n", "\n").strip()


class _Words(HTMLParser):
    """The words of a page, its blocks on lines of their own."""

    BREAKS = frozenset({"p", "div", "br", "li", "tr", "h1", "h2", "h3", "blockquote"})
    SILENT = frozenset({"style", "script", "head", "title"})

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - as it is called
        self.silent += tag in self.SILENT
        if tag in self.BREAKS:
            self.said.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.silent -= tag in self.SILENT and self.silent > 0

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.said.append(data.replace("\n", " "))


def _plain(page: str) -> str:
    words = _Words()
    words.feed(page)
    lines = (BLANKS.sub(" ", line).strip() for line in "".join(words.said).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _files(letter: EmailMessage) -> "list[tuple[str, bytes]]":
    found = []
    for part in letter.walk():
        name = part.get_filename()
        if part.is_multipart() or not (name or part.get_content_maintype() == "image"):
            continue
        data = part.get_payload(decode=True)
        if isinstance(data, bytes):
            found.append((name or f"图片.{part.get_content_subtype()}", data))
    return found
