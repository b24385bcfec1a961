"""Handing over an office: who may begin it, who signs for which side. Pure: facts in, a refusal in words or nothing out."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from jiannuo.kernel.refusals import Refused

Side = Literal["outgoing", "incoming"]
SIDES: dict[Side, str] = {"outgoing": "移交人", "incoming": "接收人"}
CLAUSE = "国发〔2016〕76号 三（四）：不得以政府换届、相关责任人更替等理由毁约"
SHORTEST_REASON = 6


class Signature(Struct, frozen=True):
    """One side's signature; `on_behalf` where somebody else signed for one who left, and why."""

    side: Side
    author: str
    at: datetime
    on_behalf: bool
    reason: str


class Item(Struct, frozen=True):
    """One open duty as it was when the list was made."""

    entry_id: int
    digest: str
    kind: str
    number: str
    title: str
    due_on: str


class Signed(Struct, frozen=True):
    """One signature as the rules see it."""

    side: Side
    username: str


class Handing(Struct, frozen=True):
    """A handover as the rules of signing it see it."""

    outgoing: str
    incoming: str
    outgoing_name: str
    signed: tuple[Signed, ...]
    outgoing_account: str
    """The open account of the one who leaves; empty where there is none any more."""


class Signer(Struct, frozen=True):
    """Who wants to sign: the official whose account it is, if any, and whether it may stand in for one who left."""

    username: str
    official: str
    stands_in: bool


def _no(message: str, fix: str, code: str, field: str = "") -> Refused:
    return Refused(message, fix=fix, clause=CLAUSE, code=code, field=field)


def check_parties(outgoing: str, incoming: str) -> None:
    """Nobody hands an office over to oneself."""
    if not outgoing or not incoming:
        raise _no("没有选移交人或者接收人", "请在名单里选；名单里没有的，请组织人事先登记任免", "party", "incoming")
    if outgoing == incoming:
        raise _no("移交人和接收人是同一个人", "请选接任的人", "same", "incoming")


def check_day(day: date, *, on: date, since: date) -> None:
    """It is handed over on a day that has come, after the one who leaves began."""
    if day > on:
        raise _no(f"交接日期{day}在今天以后", "请在交接当天或者以后登记", "ahead", "day")
    if day < since:
        raise _no(f"交接日期{day}早于移交人任职的{since}", "请核对交接日期和任免记录", "before", "day")


def side_of(handing: Handing, signer: Signer) -> Side:
    """The side this account signs for. Refuses a third, a second signature, and one who would sign for both."""
    own: Side | None = None
    if signer.official and signer.official == handing.outgoing:
        own = "outgoing"
    elif signer.official and signer.official == handing.incoming:
        own = "incoming"
    elif signer.stands_in:
        own = "outgoing"
        if handing.outgoing_account:
            fix = f"{handing.outgoing_name}的账号{handing.outgoing_account}还在用，请本人签；账号注销了的才能代签"
            raise _no("移交人自己能签，不能代签", fix, "not_needed")
    if own is None:
        fix = "由移交人、接收人各自用自己的账号签；移交人已经没有账号的，由单位负责人或者组织人事说明理由代签"
        raise Refused("这份交接单不是您签的", fix=fix, clause=CLAUSE, code="forbidden")
    if any(one.side == own for one in handing.signed):
        raise _no(f"{SIDES[own]}已经签过了", "不必再签", "twice")
    if any(one.username == signer.username for one in handing.signed):
        raise _no("您已经替另一方签过了", "一个人不能替两方签，请另一方自己签", "both")
    return own


def check_reason(reason: str) -> str:
    """Whoever signs for somebody else says why."""
    words = reason.strip()
    if len(words) < SHORTEST_REASON:
        fix = f"请用{SHORTEST_REASON}个字以上写明，例如“已于2026年6月退休，账号已注销，清单与本人核对过”"
        raise _no("没有写明为什么代签", fix, "reason", "reason")
    return words[:2000]
