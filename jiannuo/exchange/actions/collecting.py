"""Complaints by mail: a mailbox is read over IMAP, each letter once, and who wrote it is answered with a number and a receipt code.

A letter is marked as seen only after it is stored. Killed in between, it is read again and found stored: by its sender and
Message-ID it is the same complaint, and the answer is one row of the outbox.
"""

import imaplib
import json
import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from jiannuo.access import actions as access
from jiannuo.access.rules import TOO_MANY, Limit
from jiannuo.cases import actions as cases
from jiannuo.cases import queries
from jiannuo.cases.actions import Given, Opened
from jiannuo.cases.queries import CaseCard
from jiannuo.cases.rules import LONGEST_WORDS, MOST_FILES, Taker
from jiannuo.duties.actions import Upload
from jiannuo.exchange.models import Mail
from jiannuo.exchange.rules import incoming
from jiannuo.exchange.rules.incoming import Incoming
from jiannuo.kernel import sealing
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy

COMPLAINT, ADDING = "complaint", "add"
CONFIDENTIAL = "保密"
PATIENCE_S = 20
LARGEST = 40 * 2**20
FROM_ONE = Limit(COMPLAINT, 10, timedelta(hours=1), "已经提出了{times}件")
"""Letters of one sender in so long; more stay unread in the mailbox until then."""
TAKEN, ASIDE = r"(\Seen)", r"(\Seen \Flagged)"
NEW = "UNSEEN UNFLAGGED"


@dataclass
class Collected:
    """What one reading of the mailbox did."""

    taken: int = 0
    refused: int = 0
    """Answered with why it was not taken, and flagged in the mailbox."""
    aside: int = 0
    """Letters of machines, flagged in the mailbox for a person to look at."""
    left: int = 0
    """Left unread until their sender may speak again."""
    troubles: list[str] = field(default_factory=list)


def collect(*, on: date, now: datetime, limit: int = 50) -> Collected:
    """Read what is new in the mailbox; without one nothing happens. A server in trouble is told in words and left until the next time."""
    report = Collected()
    if not settings.MAILBOX:
        return report
    try:
        with _mailbox() as box:
            for uid in _said(box.uid("SEARCH", NEW))[0].split()[:limit]:
                _one(box, uid.decode(), on, now, report)
    except (OSError, imaplib.IMAP4.error) as trouble:
        report.troubles.append(f"收信没有成功：{type(trouble).__name__} {trouble}"[:300])
    return report


@contextmanager
def _mailbox() -> Iterator[imaplib.IMAP4]:
    """A conversation begun, secured and signed in as the settings say, its folder open."""
    told = settings.MAILBOX
    secure = ssl.create_default_context()
    if told["scheme"] == "imaps":
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(told["host"], told["port"], ssl_context=secure, timeout=PATIENCE_S)
    else:
        box = imaplib.IMAP4(told["host"], told["port"], timeout=PATIENCE_S)
    try:
        if told["scheme"] == "imap+starttls":
            box.starttls(secure)
        box.login(told["user"], told["password"])
        _said(box.select(told["folder"]))
        yield box
    finally:
        with suppress(OSError, imaplib.IMAP4.error):
            box.logout()


def _said(answer: tuple[str, Sequence[bytes | tuple[bytes, bytes] | None]]) -> list[bytes]:
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(f"{status} {data!r}")
    return [one[1] if isinstance(one, tuple) else one for one in data if one is not None]


def _one(box: imaplib.IMAP4, uid: str, on: date, now: datetime, report: Collected) -> None:
    sizes = b" ".join(_said(box.uid("FETCH", uid, "(RFC822.SIZE)")))
    size = re.search(rb"RFC822\.SIZE (\d+)", sizes)
    whole = size is not None and int(size[1]) <= LARGEST
    (raw,) = _parts(box.uid("FETCH", uid, "(BODY.PEEK[])" if whole else "(BODY.PEEK[HEADER])"))
    letter = incoming.read(raw)
    if letter.machine:
        report.aside += 1
        _said(box.uid("STORE", uid, "+FLAGS", ASIDE))
        return
    try:
        _not_too_large(whole=whole)
        _take(letter, on, now)
    except Refused as refusal:
        if refusal.code == TOO_MANY:
            report.left += 1
            return
        _answer(letter, f"refused:{_key(letter)}", "没有收下", _not_taken(refusal), now)
        report.refused += 1
        _said(box.uid("STORE", uid, "+FLAGS", ASIDE))
        return
    report.taken += 1
    _said(box.uid("STORE", uid, "+FLAGS", TAKEN))


def _not_too_large(*, whole: bool) -> None:
    if not whole:
        raise Refused(f"来信超过{LARGEST // 2**20}兆", fix="请把照片压小，或者分几次发", code="size")


def _parts(answer: tuple[str, Sequence[bytes | tuple[bytes, bytes] | None]]) -> list[bytes]:
    """The literals of an answer: its other lines may be flags that changed meanwhile."""
    _said(answer)
    return [one[1] for one in answer[1] if isinstance(one, tuple)]


def _key(letter: Incoming) -> str:
    """What tells the letter from every other: by itself a Message-ID could be somebody else's."""
    return sealing.blind(ledger.ring()[0], f"mail:{letter.sender.lower()}:{letter.id}").hex()


def _take(letter: Incoming, on: date, now: datetime) -> None:
    """The complaint and its answer, or neither; a letter that quotes a receipt code adds to the case the code follows."""
    files, refused = _clean(letter)
    code = incoming.receipt_code(letter)
    known = queries.by_receipt(code, as_of=on) if code else None
    if known is not None:
        _add(letter, known, files, refused, on, now)
        return
    flow = policy.current().flows[COMPLAINT]
    kind = policy.current().kinds[flow.kind]
    categories = kind.codes_on(kind.by_id[kind.field_for("category")].codes, on)
    fields = {
        kind.field_for("category"): categories[-1],
        kind.field_for("title"): f"{letter.subject}\n{letter.text}".strip(),
        "disclosure": CONFIDENTIAL,
        "name": letter.name[:100],
        "contact": letter.sender[:100],
    }
    token = _key(letter)
    with transaction.atomic():
        _speaks(letter, token, now)
        taker = Taker(holds_receipt=True)
        opened = cases.open_case(COMPLAINT, fields=fields, taker=taker, on=on, at=now, token=token, files=files)
        _answer(letter, f"receipt:{token}", opened.number, _receipt(opened, refused, on), now)


def _speaks(letter: Incoming, token: str, now: datetime) -> None:
    access.speak(
        key=ledger.ring()[0], address=f"mail:{letter.sender.lower()}", topic=COMPLAINT, content=token,
        limits=[FROM_ONE], at=now,
    )  # fmt: skip


def _add(letter: Incoming, known: CaseCard, files: list[Upload], refused: list[str], on: date, now: datetime) -> None:
    """What the holder of a receipt code adds by answering the letter it came in."""
    token = _key(letter)
    given = Given(incoming.own_words(letter.text)[:LONGEST_WORDS], files=files, token=token)
    with transaction.atomic():
        _speaks(letter, token, now)
        cases.take(known.id, step=ADDING, given=given, taker=Taker(holds_receipt=True), on=on, at=now)
        lines = [f"您补充的情况已经记在{known.number}里，承办单位看得到。", _track()]
        _answer(letter, f"added:{token}", f"{known.number}已补充", "\n".join([*lines, *refused, ""]), now)


def _track() -> str:
    return f"凭回执码查进度、看答复、补充情况、说解决了没有：{settings.SITE_URL}{reverse('portal:track')}"


def _clean(letter: Incoming) -> tuple[list[Upload], list[str]]:
    """The attachments that can be kept, and in words those that cannot."""
    kept, refused = list[Upload](), list[str]()
    for name, data in letter.files:
        file = Upload(name, data)
        try:
            cases.cleaned([file])
        except Refused as no:
            refused.append(f"{no.message}。{no.fix}。")
            continue
        if len(kept) < MOST_FILES:
            kept.append(file)
        else:
            refused.append(f"“{name[-60:]}”没有收：一次最多{MOST_FILES}份。请凭回执码再补。")
    return kept, refused


def _receipt(opened: Opened, refused: list[str], on: date) -> str:
    card = queries.case(opened.case_id, as_of=on)
    due = card.next_due if card else None
    lines = [
        "您的来信已经收下，登记为投诉举报。",
        "",
        f"编号：{opened.number}",
        f"回执码：{opened.code}",
        _track(),
        "回执码只在这封信里，丢了补不了，请不要告诉别人。",
        "",
        f"{due.due_on:%Y年%-m月%-d日}以前要{due.what}。{due.why}" if due else "",
        "您的姓名和邮箱按“保密”另外加密存放，被反映的单位看不到。",
        "要补充的，凭回执码在网上补充，或者直接回复这封信（信里要带着回执码）；没有回执码的信会另立一件。",
    ]
    return "\n".join([*lines, *(["", "下面的附件没有收下：", *refused] if refused else []), ""])


def _not_taken(refusal: Refused) -> str:
    where = f"{settings.SITE_URL}{reverse('portal:complain')}"
    return f"您的来信没有收下：{refusal.message}。\n怎么办：{refusal.fix}。也可以在网上提出：{where}\n来信还在邮箱里，工作人员会看到。\n"


def _answer(letter: Incoming, seed: str, subject: str, text: str, now: datetime) -> None:
    """One letter back, however often it is asked for; sealed until it is sent, and gone from here afterwards."""
    plain = {"to": letter.sender, "subject": f"{policy.current().about['county']}投诉举报：{subject}", "text": text}
    sealed = sealing.seal(ledger.ring()[0], json.dumps(plain).encode(), context=f"mail:{seed[:64]}")
    Mail.objects.get_or_create(seed=seed[:64], defaults={"sealed": sealed, "created_at": now, "next_at": now})
