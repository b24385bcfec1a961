"""A year of the made-up county as steps in time: who sends what, who decides on it when, and what goes wrong on the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random

from msgspec import Struct
from msgspec.structs import replace

from jiannuo.cli.demo import information, lists
from jiannuo.cli.demo.decisions import Decision, Office, Row, spread
from jiannuo.cli.demo.matters import LICENCES, PENALTIES, TOWN_LICENCE, Licence, Penalty
from jiannuo.cli.demo.people import firms
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.policy.pack import Pack
from jiannuo.subjects.queries import OrganCard

DAYS = 365
SEED = 20260119
RHYTHMS = ((150, 7, 6), (0, 14, 5))
"""Decisions in a year → every how many working days an organ reports them, and in how many days before that it decides."""
TOWN_RHYTHM = (28, 5)
SPOILT, SENT_BACK, ON_THE_SPOT, SLOW, WAITING = 0.07, 0.02, 0.05, 0.09, 0.6
REPORTING = frozenset({"department", "police", "town", "subdistrict", "park"})


class Send(Struct, frozen=True):
    """A clerk sends rows; `numbers` names them in order. The reviewer's answers come with it, where one comes at all."""

    at: datetime
    organ: str
    kind: str
    rows: tuple[Row, ...]
    decide_at: datetime | None
    reason: str = ""
    """Why it corrects what was sent before; empty where it does not."""
    sent_back: frozenset[str] = frozenset()
    withheld: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    """What the reviewer has not got round to."""


class Revoke(Struct, frozen=True):
    """A released decision is revoked, and taken down where there is a day for it."""

    at: datetime
    organ: str
    number: str
    withdraw_at: datetime | None


@dataclass
class Year:
    """Everything that happens up to a moment, drawn by lot from one seed."""

    pack: Pack
    organs: tuple[OrganCard, ...]
    now: datetime
    lot: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311 - a demonstration, no secret

    def __post_init__(self) -> None:
        self.decided: dict[tuple[str, int], tuple[int, datetime | None]] = {}
        self.first = self.now.date() - timedelta(days=DAYS)
        span = (self.first + timedelta(days=n) for n in range(DAYS + 1))
        self.days = [day for day in span if self.pack.calendar.is_workday(day)]
        self.places = {day: number for number, day in enumerate(self.days)}
        self.office = Office(self.lot, firms(self.lot))
        self.reporting = tuple(organ for organ in self.organs if organ.type in REPORTING)

    def steps(self) -> list[Send | Revoke]:
        """The steps in their order; none lies after now."""
        found: list[Send | Revoke] = []
        for organ in self.reporting:
            sent = list(self._decisions_of(organ))
            found += sent
            found += self._revocations(sent)
        found += self._lists()
        found += self._information()
        return sorted((step for step in found if step.at <= self.now), key=lambda step: step.at)

    # -- decisions ----------------------------------------------------------------------------------------------------

    def _decisions_of(self, organ: OrganCard) -> Iterator[Send]:
        matters: list[Penalty | Licence] = [
            one for one in (*PENALTIES, *LICENCES) if organ.code.endswith(f"-{one.organ}")
        ]
        if organ.type in ("town", "subdistrict"):
            matters = [TOWN_LICENCE]
        happened = [(day, n) for n, one in enumerate(matters) for day in spread(one.weekly, self.days, self.lot)]
        town = organ.type in ("town", "subdistrict")
        pause, within = TOWN_RHYTHM if town else next(rest for least, *rest in RHYTHMS if len(happened) >= least)
        happened = [(self._decided_on(organ, day, pause, within), n) for day, n in happened]
        made = [self._decide(matters[n], organ, day) for day, n in sorted(happened)]
        for kind in sorted({one.kind for one in made}):
            yield from self._sendings(organ, [one for one in made if one.kind == kind], pause)

    def _decided_on(self, organ: OrganCard, day: date, pause: int, within: int) -> date:
        """An organ with little to decide decides shortly before it reports: the time limit runs from the decision."""
        number = self.places[day]
        next_report = number + 1 + (int(organ.code[-2:]) - number - 1) % pause
        if next_report - number <= within or next_report - 1 >= len(self.days):
            return day
        return self.days[next_report - self.lot.randint(1, within)]

    def _decide(self, matter: Penalty | Licence, organ: OrganCard, day: date) -> Decision:
        if isinstance(matter, Licence):
            return self.office.licence(matter, organ, day)
        decision = self.office.penalty(matter, organ, day)
        if matter.organ in ("112", "124") and not matter.trade and self.lot.random() < ON_THE_SPOT:
            spot = {
                "CF_SY": f"{decision.row['CF_SY']}适用简易程序，当场处罚。",
                "CF_CFLB": "罚款",
                "CF_NR": "罚款200元",
            }
            amounts = {"CF_NR_FK": "0.02", "CF_NR_WFFF": ""}
            return replace(decision, row=decision.row | spot | amounts)
        return decision

    def _sendings(self, organ: OrganCard, decisions: Sequence[Decision], pause: int) -> Iterator[Send]:
        """On the organ's own day of its rhythm: what was decided before that day."""
        pending: list[Decision] = list(decisions)
        for number, day in enumerate(self.days):
            if (number - int(organ.code[-2:])) % pause:
                continue
            ready = [one for one in pending if one.day < day]
            pending = [one for one in pending if one.day >= day]
            if not ready:
                continue
            rows = [one.row for one in ready]
            if len(ready) > 1 and self.lot.random() < SPOILT:
                # The wrong row comes again, right, with the next file.
                wrong = self.lot.randrange(len(ready))
                rows[wrong] = self._spoilt(rows[wrong])
                pending.insert(0, ready[wrong])
            yield from self._fate(organ, ready, rows, number)

    def _fate(self, organ: OrganCard, ready: Sequence[Decision], rows: Sequence[Row], number: int) -> Iterator[Send]:
        wait, decide_at = self._decided(organ, number)
        numbers = [one.number for one in ready]
        shown = organ.code.endswith("-121") and 8 <= len(self.days) - number <= 14
        back = frozenset(self.lot.sample(numbers, 1)) if shown or self.lot.random() < SENT_BACK else frozenset()
        spot = frozenset(one.number for one in ready if "当场处罚" in one.row.get("CF_SY", "")) - back
        days_ago = len(self.days) - number
        left = frozenset(numbers[:1]) if 8 < days_ago < 22 and self.lot.random() < 0.12 else frozenset()
        send = Send(
            self._moment(number, 9, 12) or self.now, organ.code, ready[0].kind, tuple(rows), decide_at,
            sent_back=back - left, withheld=spot - left, left=left,
        )  # fmt: skip
        yield send
        if back - left and decide_at and not shown and self.lot.random() < 0.6:
            again = [one for one in ready if one.number in back]
            mended = tuple(_mended(one) for one in again)
            at = self._moment(number + wait + 2, 9, 12)
            if at:
                yield replace(
                    send, at=at, rows=mended, decide_at=self._moment(number + wait + 3, 14, 17),
                    reason="按审核意见补充内容", sent_back=frozenset(), withheld=frozenset(),
                )  # fmt: skip

    def _decided(self, organ: OrganCard, number: int) -> tuple[int, datetime | None]:
        """How many working days the reviewer takes over what came that day, of whatever kind, and the moment."""
        if (organ.code, number) not in self.decided:
            wait = self.lot.randint(3, 8) if self.lot.random() < SLOW else self.lot.choice((0, 0, 0, 1))
            days_ago = len(self.days) - number
            waits = (days_ago <= 5 and self.lot.random() < WAITING) or (days_ago <= 7 and organ.code.endswith("-121"))
            self.decided[organ.code, number] = wait, None if waits else self._moment(number + wait, 14, 17)
        return self.decided[organ.code, number]

    def _spoilt(self, row: Row) -> Row:
        name, value = self.lot.choice(
            [(one, row[one]) for one in row if one.endswith(("_SHXYM", "_ZJHM", "_JDRQ", "_WSH", "_FRDB"))]
        )
        if name.endswith("_JDRQ"):
            return row | {name: f"{value[:5]}13/{value[8:]}"}
        if name.endswith("_FRDB"):
            return row | {name: ""}
        return row | {name: value[:-2]}

    def _moment(self, number: int, from_hour: int, to_hour: int) -> datetime | None:
        """Some time in the office hours of the so-manyth working day; nothing where that is still to come."""
        if number >= len(self.days):
            return None
        minutes = self.lot.randint(from_hour * 60, to_hour * 60)
        at = datetime.combine(self.days[number], time(minutes // 60, minutes % 60), SHANGHAI)
        return at if at <= self.now else None

    def _revocations(self, sent: Sequence[Send]) -> Iterator[Revoke]:
        """One decision of three of the organs does not stand: two are taken down in time, the third waits for it."""
        after = {"121": (60, 2), "112": (25, 1), "110": (4, 0)}.get(sent[0].organ[-3:]) if sent else None
        if after is None or "-" not in sent[0].organ:
            return
        days_ago, withdrawn = after
        at = self._moment(len(self.days) - days_ago, 9, 17)
        old = [
            one for one in sent
            if one.kind == "penalty_legal" and one.decide_at and at and one.decide_at < at - timedelta(days=20) and not one.reason
        ]  # fmt: skip
        if at and old:
            withdraw_at = self._moment(len(self.days) - days_ago + withdrawn, 9, 17) if withdrawn else None
            whole = [row["CF_WSH"] for row in old[-1].rows[-1:]]
            yield Revoke(at, old[-1].organ, whole[0], withdraw_at)

    # -- lists and information ----------------------------------------------------------------------------------------

    def _lists(self) -> Iterator[Send]:
        for organ in self.reporting:
            start = self.lot.randint(1, 12)
            change = self.lot.randint(len(self.days) - 90, len(self.days) - 12)
            versions = ((1, start), (2, change)) if "-" in organ.code else ((1, start),)
            for version, number in versions:
                day = self.days[number]
                decide_at = self._moment(number, 15, 17)
                for kind, rows in (("power_item", lists.powers), ("duty_item", lists.duties)):
                    at = self._moment(number, 9, 11)
                    if at:
                        yield Send(at, organ.code, kind, tuple(rows(organ, day, version)), decide_at)

    def _information(self) -> Iterator[Send]:
        by_day: dict[tuple[str, str, date], list[Row]] = {}
        calendar, last = self.pack.calendar, self.days[-1]
        for item in self.pack.catalogue:
            if item.kind != "disclosed_information":
                continue
            for organ in information.who(item, self.organs):
                for day, row in information.rows(item, organ, self.first, last, calendar, self.lot):
                    by_day.setdefault((organ.code, item.kind, self._registered(day)), []).append(row)
                    told = information.interpreted(row, organ, day, last, calendar) if item.interpret else None
                    if told:
                        place = (organ.code, "policy_interpretation", self._registered(told[0]))
                        by_day.setdefault(place, []).append(told[1])
        for (organ_code, kind, day), rows in by_day.items():
            at = self._moment(self.places[day], 9, 11)
            if at:
                yield Send(at, organ_code, kind, tuple(rows), self._moment(self.places[day], 15, 17))

    def _registered(self, day: date) -> date:
        """What was published is entered at the end of every quarter, and yesterday for what came since."""
        ends = (one for one in self.days if one >= day and one.month % 3 == 0 and one.day >= 24)
        return next(ends, self.days[-2])


def _mended(decision: Decision) -> Row:
    text = "CF_SY" if "CF_SY" in decision.row else "XK_NR"
    return decision.row | {text: f"{decision.row[text].removesuffix('。')}，已补充调查情况。"}
