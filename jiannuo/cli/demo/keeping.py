"""What becomes of the made-up promises: evidence sent, confirmed or sent back, dates moved in the open, now and then a breach."""

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Literal

from msgspec import Struct

from jiannuo.access.rules import Actor
from jiannuo.duties import actions
from jiannuo.duties.actions import Authority, Upload
from jiannuo.duties.queries.promises import numbered
from jiannuo.kernel.refusals import Refused

Verb = Literal["submit", "confirm", "send_back", "amend", "suspend", "resume", "agree", "dispute"]

DONE = "已按承诺的标准完成，验收材料附后（演示数据）"
SEEN = "已到现场核对，与提交的材料一致（演示数据）"
MISSING = "材料里看不出数量，请补充验收单（演示数据）"
STOPPED_FOR = timedelta(days=90)
UNTRUE = "演示：只完成了一部分，和公示的不一样"


class Act(Struct, frozen=True):
    """One thing that is done to a promise, by its number and the organ that owes it."""

    at: datetime
    organ: str
    number: str
    verb: Verb
    by: str
    """The code of the organ whose people do it; of no account where anybody may."""
    day: date | None = None
    """The day it was done, or it is put off to, or it stands still from."""
    reason: str = ""
    result: Mapping[str, str] = {}


@dataclass
class Keeping:
    """Carries acts out through the front doors, as the people of the organs would."""

    clerks: Mapping[str, Actor]
    reviewers: Mapping[str, Actor]
    lead: Actor
    lead_code: str
    ids: Mapping[str, int]
    """Organ's code → id."""
    refused: list[str] = field(default_factory=list)
    done: int = 0

    def act(self, one: Act) -> None:
        """One act; what is refused is kept to be told."""
        duty = numbered(one.number, organ_id=self.ids[one.organ])
        if duty is None:
            self.refused.append(f"{one.number}：没有这项承诺")
            return
        try:
            self._do(one, duty)
        except Refused as no:
            self.refused.append(f"{one.number} {one.verb} {one.at:%Y-%m-%d}：{no.message}")
        else:
            self.done += 1

    def _do(self, one: Act, duty: int) -> None:
        on, at, day = one.at.date(), one.at, one.day or one.at.date()
        authority = Authority("青禾县人民政府", f"青政会纪〔{on.year}〕{on.month}号")
        confirming = self.lead if one.by == self.lead_code else self.reviewers.get(one.by, self.lead)
        match one.verb:
            case "submit":
                files = [Upload("验收照片（演示）.png", picture(one.number))]
                clerk = self.clerks[one.organ]
                actions.submit(duty, done_on=day, words=DONE, files=files, actor=clerk, on=on, at=at, result=one.result)
            case "confirm":
                actions.confirm(duty, reason=SEEN, actor=confirming, on=on, at=at, publish=True)
            case "send_back":
                actions.send_back(duty, reason=MISSING, actor=confirming, on=on, at=at)
            case "amend":
                reviewer = self.reviewers[one.organ]
                actions.amend(duty, due_on=day, authority=authority, reason=one.reason, actor=reviewer, on=on, at=at)
            case "suspend":
                reviewer = self.reviewers[one.organ]
                until = day + STOPPED_FOR
                actions.suspend(
                    duty, since=day, until=until, authority=authority, reason=one.reason, actor=reviewer, on=on, at=at
                )
            case "resume":
                actions.resume(duty, since=day, reason=one.reason, actor=self.reviewers[one.organ], on=on, at=at)
            case "agree":
                actions.respond(duty, agreed=True, words="", author=actions.PUBLIC, on=on, at=at)
            case "dispute":
                actions.respond(duty, agreed=False, words=UNTRUE, author=actions.PUBLIC, on=on, at=at)


def picture(seed: str) -> bytes:
    """A small picture of coloured stripes, different for each promise: evidence of nothing but the demonstration."""
    width, height, shade = 96, 64, zlib.crc32(seed.encode())
    rows = b"".join(
        b"\0" + bytes((shade >> 8 * (x // 8 % 3) & 255) ^ (y * 3 & 63) for x in range(width) for _ in range(3))
        for y in range(height)
    )
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    packed = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)
