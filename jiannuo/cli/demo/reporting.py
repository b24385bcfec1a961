"""The made-up organs' half-yearly reports: written, signed by their heads, most in time, a few late, one never."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from random import Random

from msgspec import Struct

from jiannuo.assessment import actions
from jiannuo.assessment.actions.held import own_figures
from jiannuo.assessment.queries.reports import report
from jiannuo.assessment.rules.periods import Period
from jiannuo.assessment.rules.reporting import Typed, fingerprint, mark
from jiannuo.cli.answers import say
from jiannuo.cli.demo.accounts import People
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.workdays import Calendar
from jiannuo.subjects.queries import OrganCard

WORDS = {
    "overview": "上半年，本单位按照方案要求推进政务诚信建设，许可、处罚决定依法公示，承诺事项按计划办理（演示数据）。",
    "done": "一是把承诺写成可核对的事，逐项落到岗位；二是每月核对到期事项；三是对退回的材料当周补齐（演示数据）。",
    "problems": "个别决定公示不够及时，原因是经办人休假没有交接，已补办并完善交接（演示数据）。",
    "next": "法制科每周五核对到期事项，9月底前完成承诺事项自查（演示数据）。",
}
STATED = "上半年双公示及时率100%，承诺事项按计划办理（演示：这个数与记录不一致）。"
NEVER, LATE, WAITING, DIFFERS = {"202"}, {"113", "116", "104"}, {"119"}, {"121"}
"""The last three figures of the codes of those that never reported, were late, wait for acceptance, and wrote another number."""


class Turn(Struct, frozen=True):
    """One organ's report: when it is written and signed, and when the lead office accepts it."""

    organ: OrganCard
    written_at: datetime
    signed_at: datetime
    accepted_at: datetime | None


def turns(
    organs: Mapping[int, OrganCard], period: Period, calendar: Calendar, now: datetime, lot: Random
) -> list[Turn]:
    """Who reports when; what lies after now has not happened."""
    found = []
    for organ in organs.values():
        code = organ.code[-3:] if "-" in organ.code else ""
        if code in NEVER:
            continue
        first = period.last + timedelta(days=lot.randint(11, 16) if code in LATE else lot.randint(1, 8))
        written = _moment(first, 10, calendar)
        signed = _moment(first + timedelta(days=lot.randint(0, 1)), 16, calendar)
        accepted = None if code in WAITING else _moment(signed.date() + timedelta(days=lot.randint(1, 6)), 15, calendar)
        if signed <= now:
            found.append(Turn(organ, written, signed, accepted if accepted and accepted <= now else None))
    return found


def _moment(day: date, hour: int, calendar: Calendar) -> datetime:
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(hour, 10), SHANGHAI)


class Reporting(Struct, frozen=True):
    """Carries the turns of a period out through the front doors."""

    period: Period
    people: People

    def write(self, turn: Turn) -> None:
        """The clerk writes the words; one organ writes a number that the ledger does not hold."""
        clerk = self.people.staff[turn.organ.code].clerk
        words = WORDS | ({"overview": STATED + WORDS["overview"]} if turn.organ.code[-3:] in DIFFERS else {})
        words |= (
            {"note": "数字按上报口径统计，与平台记录的差异已核对（演示数据）。"}
            if turn.organ.code[-3:] in DIFFERS
            else {}
        )
        typed = {name: Typed(text, mark("")) for name, text in words.items()}
        on, at = turn.written_at.date(), turn.written_at
        self._try(turn, lambda: actions.save(turn.organ.id, period=self.period, typed=typed, actor=clerk, on=on, at=at))
        self._try(turn, lambda: actions.offer(turn.organ.id, period=self.period, actor=clerk, on=on, at=at))

    def sign(self, turn: Turn) -> None:
        """The head signs what was offered."""
        head, on, at = self.people.staff[turn.organ.code].head, turn.signed_at.date(), turn.signed_at
        card = report(turn.organ.id, self.period, as_of=on)
        if card is None or card.draft is None:
            return
        seen = fingerprint(card.draft.words, card.draft.stated, own_figures(card, on=on, lacking=None))
        self._try(turn, lambda: actions.sign(turn.organ.id, period=self.period, seen=seen, actor=head, on=on, at=at))

    def accept(self, turn: Turn, at: datetime) -> None:
        """The lead office accepts; its own report is accepted by who oversees it."""
        lead = self.people.lead
        by = self.people.staff["419926-002"].reviewer if turn.organ.id == lead.organ_id else lead
        words = "已核对文字和数字，予以接收（演示）"
        self._try(
            turn,
            lambda: actions.accept(turn.organ.id, period=self.period, reason=words, actor=by, on=at.date(), at=at),
        )

    def _try(self, turn: Turn, act: Callable[[], object]) -> None:
        try:
            act()
        except Refused as no:
            say(f"没有办成：{turn.organ.short}半年报告：{no.message}")
