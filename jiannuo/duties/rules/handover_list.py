"""The list of a handover as an official document: what the office still owes, both signatures, and the digest it was fixed by."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime

from msgspec import Struct

from jiannuo.documents.content import DEMO_NOTICE, Block, Column, Document, Heading, Paragraph, Table
from jiannuo.documents.text import long_day
from jiannuo.duties.rules.handing_over import CLAUSE, SIDES, Item, Side, Signature
from jiannuo.kernel.clock import SHANGHAI

OWED = (
    Column("序号", "right"), Column("事项"), Column("类别"), Column("编号"), Column("到期日"),
)  # fmt: skip
SIGNED = (Column("签收方"), Column("姓名"), Column("人员编号"), Column("签收时间"), Column("怎样签的"))
UNSIGNED = "未完成交接"
GROUP = 8
"""Signs of the digest that stand together, so that a line can be broken and two people can read it to one another."""


class Party(Struct, frozen=True):
    """One side of a handover."""

    name: str
    code: str


class Handover(Struct, frozen=True):
    """A handover as it was fixed, with the signatures it has by now."""

    organ: str
    issuer: str
    office: str
    parties: dict[Side, Party]
    on: date
    fixed_at: datetime
    digest: str
    items: Sequence[Item]
    signatures: Collection[Signature]


def document(of: Handover, *, is_demo: bool) -> Document:
    """The list as it was frozen; one that lacks a signature says so on every page."""
    marks = [DEMO_NOTICE] * is_demo + [UNSIGNED] * (len(of.signatures) < len(SIDES))
    return Document(
        issuer=of.issuer,
        title=f"{of.organ}\n岗位交接清单",
        body=(*_owed(of), *_signed(of)),
        signer=of.organ,
        dated=of.on,
        notice="　".join(marks),
    )


def _owed(of: Handover) -> Iterator[Block]:
    outgoing, incoming = of.parties["outgoing"], of.parties["incoming"]
    yield Heading(1, "交接的岗位")
    yield Paragraph(f"“{of.office}”由{outgoing.name}移交{incoming.name}，交接日期{long_day(of.on)}。")
    yield Paragraph(f"以下事项不因换人而变，内容和期限照旧，由接收人接着办（{CLAUSE}）。")
    yield Heading(1, "未办结事项")
    yield Paragraph(f"清单定下时，这个岗位没有办结的事项{len(of.items)}项。")
    rows = tuple((at, one.title, one.kind, one.number, one.due_on) for at, one in enumerate(of.items, 1))
    yield Table("未办结事项", OWED, rows)


def _signed(of: Handover) -> Iterator[Block]:
    yield Heading(1, "签收")
    by_side = {one.side: one for one in of.signatures}
    rows = tuple((SIDES[side], one.name, one.code, *_how(by_side.get(side))) for side, one in of.parties.items())
    yield Table("双方签收", SIGNED, rows)
    groups = " ".join(of.digest[at : at + GROUP] for at in range(0, len(of.digest), GROUP))
    yield Paragraph(f"清单于{of.fixed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}定下，之后没有改动。")
    yield Paragraph(f"清单指纹（SHA-256）：{groups}")


def _how(signature: Signature | None) -> tuple[str, str]:
    if signature is None:
        return "", "还没有签"
    how = f"由{signature.author}代签：{signature.reason}" if signature.on_behalf else f"本人签收（{signature.author}）"
    return f"{signature.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}", how
