"""Lives the made-up year through the same front doors as everybody: what it leaves behind is what a year of use would."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import chain, count
from random import Random
from typing import Protocol

from django.db import connection

from jiannuo.assessment import tick as assessing
from jiannuo.assessment.rules import periods
from jiannuo.cases import tick as stepping
from jiannuo.cli.answers import say
from jiannuo.cli.demo import accounts, services
from jiannuo.cli.demo.accounts import People
from jiannuo.cli.demo.applications import Applications
from jiannuo.cli.demo.breaches import Breaches
from jiannuo.cli.demo.complaints import OFFICE, Complaints
from jiannuo.cli.demo.dishonesty import Dishonesty
from jiannuo.cli.demo.honours import Honours
from jiannuo.cli.demo.inspections import Inspections
from jiannuo.cli.demo.keeping import Act, Keeping
from jiannuo.cli.demo.officials import Officials
from jiannuo.cli.demo.preparing import Preparing
from jiannuo.cli.demo.promises import LEAD, Promises
from jiannuo.cli.demo.reporting import Reporting, turns
from jiannuo.cli.demo.supervision import Supervision
from jiannuo.cli.demo.year import DAYS, SEED, Revoke, Send, Year
from jiannuo.cli.starting import first_administrators
from jiannuo.disclosure import actions as disclosure
from jiannuo.disclosure import tick as disclosing
from jiannuo.duties import actions as duties
from jiannuo.duties import tick
from jiannuo.duties.rules import calling
from jiannuo.exchange import actions as exchange
from jiannuo.exchange import tick as delivering
from jiannuo.intake import actions as intake
from jiannuo.kernel import clock
from jiannuo.kernel.clock import SHANGHAI
from jiannuo.ledger import queries as ledger
from jiannuo.measures import tick as laying
from jiannuo.policy import pack as policy
from jiannuo.policy.pack import Pack
from jiannuo.subjects import actions as subjects
from jiannuo.subjects import queries as organs
from jiannuo.subjects.queries import Directory

BASIS = "属于本机关公布的应当公开的处罚种类"
CHECKED = "已核对案卷，适用普通程序，可以公示"
MOST = 100_000
NOBODY = frozenset({"government", "committee"})
"""Types of organ that have no staff of their own."""


class Handled(Protocol):
    """Cases of one kind as things to be done at moments of the year."""

    def steps(self) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
        """Each with its moment, in no order."""


@dataclass
class Building:
    """The county as it grows, step by step in the order of time."""

    pack: Pack
    people: People
    ids: dict[str, int]
    """Organ's code → id."""
    entries: dict[str, int] = field(default_factory=dict)
    """Document number → the newest entry."""
    waiting: dict[tuple[str, datetime], list[tuple[Send, Mapping[int, str]]]] = field(default_factory=dict)
    """Organ and the moment of its reviewer → what will have come by then."""
    keeping: Keeping = field(init=False)
    counted: dict[str, int] = field(default_factory=dict)
    todo: list[tuple[datetime, int, Callable[[datetime], None]]] = field(default_factory=list)
    order: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.asked = frozenset(one.id for one in self.pack.filters if one.outcome == "ask")
        self.staff = self.people.staff
        self.codes = {number: code for code, number in self.ids.items()}
        self.keeping = Keeping(
            {code: one.clerk for code, one in self.staff.items()},
            {code: one.reviewer for code, one in self.staff.items()},
            self.people.lead,
            LEAD,
            self.ids,
        )

    def plan(self, at: datetime, what: Callable[[datetime], None]) -> None:
        heapq.heappush(self.todo, (at, next(self.order), what))

    def live(self) -> None:
        """Everything planned, and what it leads to, in the order of time."""
        while self.todo:
            at, _, what = heapq.heappop(self.todo)
            what(at)

    def send(self, step: Send) -> None:
        """A clerk's rows; the reviewer's turn comes later."""
        staff = self.staff[step.organ]
        before, _ = ledger.head()
        batch = intake.receive_rows(
            step.rows, kind=step.kind, organ_id=self.ids[step.organ], author=staff.clerk.username, at=step.at,
            as_of=step.at.date(), corrects=bool(step.reason), reason=step.reason,
        )  # fmt: skip
        card = intake.process(batch, clock=lambda: step.at)
        self._count("batches", 1)
        self._count("rejected", card.rejected)
        came = ledger.since(before, kinds=(step.kind,), limit=MOST)
        self._count(step.kind, len(came))
        self.entries |= {one.number: one.id for one in came if one.number}
        if step.decide_at:
            # What an organ sent about others is released by those it is about.
            for organ in sorted({self.codes[one.organ_id] for one in came}):
                own = {one.id: one.number for one in came if self.codes[one.organ_id] == organ}
                self._wait(organ, step.decide_at, step, own)

    def _wait(self, organ: str, until: datetime, step: Send, came: Mapping[int, str]) -> None:
        place = (organ, until)
        if place not in self.waiting:
            self.waiting[place] = []
            self.plan(until, lambda at: self.decide(organ, at))
        self.waiting[place].append((step, came))

    def decide(self, organ: str, at: datetime) -> None:
        """The reviewer's answers to what has come, of whatever kind."""
        reviewer, on = self.staff[organ].reviewer, at.date()
        back: list[int] = []
        kept: list[int] = []
        clear: list[int] = []
        for step, came in self.waiting.pop((organ, at)):
            for entry, number in came.items():
                if number in step.sent_back:
                    back.append(entry)
                elif number in step.withheld:
                    kept.append(entry)
                elif number not in step.left:
                    clear.append(entry)
        duties.follow(opened_at=at, limit=MOST)
        if back:
            disclosure.send_back(entry_ids=back, reason="内容不完整，请补充后重新报送", actor=reviewer, on=on, at=at)
        if kept:
            disclosure.withhold(
                entry_ids=kept, rule="summary_stated_2021", reason="适用简易程序当场作出，不在公示范围", actor=reviewer, on=on, at=at
            )  # fmt: skip
        if clear:
            done = disclosure.release(
                entry_ids=clear, actor=reviewer, on=on, at=at, confirmed=self.asked, basis=BASIS, reason=CHECKED
            )
            self._count("released", len(done.acts))
            for no in done.refused:
                say(f"没有放行：{no.message}")
            self._count("not_released", len(done.refused))

    def revoke(self, step: Revoke) -> None:
        """A decision that does not stand."""
        entry, staff = self.entries[step.number], self.staff[step.organ]
        duties.follow(opened_at=step.at, limit=MOST)
        disclosure.revoke(
            entry_id=entry, outcome="撤销", decided_on=step.at.date(), decided_by="青禾县人民政府",
            reason="行政复议决定认为主要事实不清，撤销原处罚决定", actor=staff.clerk, on=step.at.date(), at=step.at,
            number=f"青政复决〔{step.at.year}〕{entry % 90 + 3}号",
        )  # fmt: skip
        if step.withdraw_at:
            self.plan(step.withdraw_at, lambda at: self.withdraw(step, entry, at))

    def withdraw(self, step: Revoke, entry: int, at: datetime) -> None:
        disclosure.withdraw(
            entry_id=entry, reason="原处罚决定已被撤销", law="中华人民共和国行政处罚法（2021年修订）第四十八条第二款",
            actor=self.staff[step.organ].reviewer, on=at.date(), at=at,
        )  # fmt: skip

    def tick(self, at: datetime) -> None:
        """The night between two days, as the worker lives it."""
        laying.run(as_of=at.date(), now=at)
        stepping.run(as_of=at.date(), now=at)
        tick.run(as_of=at.date(), now=at)
        disclosing.run(as_of=at.date(), now=at)
        assessing.run()
        delivering.enqueue(now=at)
        exchange.remind(on=at.date(), now=at)

    def _count(self, what: str, more: int) -> None:
        self.counted[what] = self.counted.get(what, 0) + more


def build() -> dict[str, int]:
    """The whole county: organs, accounts, and a year of work up to now. Returns how much of what."""
    now, pack = clock.now(), policy.current()
    begun = datetime.combine(now.date() - timedelta(days=DAYS), time(8), SHANGHAI)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            # Killed half-way it is built again from nothing, so nothing has to wait for the disk.
            cursor.execute("PRAGMA synchronous=OFF")
    subjects.load_organs(pack, at=begun)
    directory = organs.directory(now.date())
    steps = Year(pack, directory.organs, now).steps()
    say("开设演示账号")
    with accounts.light_hashing():
        first_administrators(begun, accounts.PASSWORD)
    lot = Random(SEED)  # noqa: S311 - made-up names
    people = accounts.create(
        directory, begun, lot, {organ.code for organ in directory.organs if organ.type not in NOBODY}
    )
    building = Building(pack, people, {organ.code: organ.id for organ in directory.organs})
    officials = Officials(directory.organs, pack.calendar, begun.date(), now, people=people)
    steps += officials.filed()
    for at, what in officials.steps():
        building.plan(at, what)
    acts = _promised(building, steps, directory, begun.date(), now, officials)
    say(f"按时间顺序走完一年：{len(steps)} 步")
    for step in steps:
        if isinstance(step, Send):
            building.plan(step.at, lambda _, step=step: building.send(step))  # type: ignore[misc]
        else:
            building.plan(step.at, lambda _, step=step: building.revoke(step))  # type: ignore[misc]
    for act in acts:
        building.plan(act.at, lambda _, act=act: building.keeping.act(act))  # type: ignore[misc]
    _report(building, directory, now)
    for at, what in chain.from_iterable(one.steps() for one in _handled(building, directory, officials, now)):
        if at < now:
            building.plan(at, what)
    for night in range(0, DAYS, 10):
        building.plan(begun + timedelta(days=night, hours=-2), building.tick)
    building.plan(now, building.tick)
    # Nobody is renamed or merged in the made-up year, so who exists is asked once.
    with organs.one_reading():
        building.live()
    for no in building.keeping.refused:
        say(f"没有办成：{no}")
    return building.counted | {"acts": building.keeping.done, "acts_refused": len(building.keeping.refused)}


def _handled(building: Building, directory: Directory, officials: Officials, now: datetime) -> Sequence[Handled]:
    """What is handled step by step: each flow's cases of the year."""
    people = building.people
    office = directory.find(OFFICE) or directory.lead
    return (
        Complaints(now, people.lead, building.staff[office.code].reviewer),
        Dishonesty(now, people, directory, officials.heads),
        Breaches(now, people, directory),
        Applications(now, building.staff),
        Preparing(now, building.staff, officials.heads, directory.by_code),
        Inspections(now, people.lead, building.staff),
        Honours(now, people.lead, building.staff),
    )


def _report(building: Building, directory: Directory, now: datetime) -> None:
    """The reports of the last half-year that every organ has been asked for."""
    period = periods.latest(now.date())
    duty = building.pack.duties["half_year_report"]
    asked = {card.id: card for card in calling.bound(duty.who, directory)}
    reporting = Reporting(period, building.people)
    # The calendar asks on the night after the period's last day.
    building.plan(datetime.combine(period.last + timedelta(days=1), time(1), SHANGHAI), building.tick)
    for turn in turns(asked, period, building.pack.calendar, now, Random(SEED + 2)):  # noqa: S311 - a demonstration
        building.plan(turn.written_at, lambda _, turn=turn: reporting.write(turn))  # type: ignore[misc]
        building.plan(turn.signed_at, lambda _, turn=turn: reporting.sign(turn))  # type: ignore[misc]
        if turn.accepted_at:
            building.plan(turn.accepted_at, lambda at, turn=turn: reporting.accept(turn, at))  # type: ignore[misc]


def _promised(
    building: Building,
    steps: list[Send | Revoke],
    directory: Directory,
    first: date,
    now: datetime,
    officials: Officials,
) -> list[Act]:
    """What is promised, asked and handled joins the steps; what becomes of it comes back."""
    calendar = building.pack.calendar
    promised = (
        Promises(directory.organs, calendar, first, now),
        Supervision(directory.organs, calendar, first, now),
        officials,
    )
    for one in promised:
        steps += [Send(given.at, given.organ, given.kind, given.rows, given.release_at) for given in one.given()]
    lot = Random(SEED + 1)  # noqa: S311 - a demonstration
    for organ in directory.organs:
        if rows := services.items(organ, first):
            at = promised[0].moment(first + timedelta(days=4))
            steps.append(Send(at, organ.code, "service_item", tuple(rows), at + timedelta(hours=5)))
        for last, handled in services.sendings(organ, first, now.date() - timedelta(days=1), calendar, lot):
            sent = min(promised[0].moment(last + timedelta(days=1), 9), now)
            steps.append(Send(sent, organ.code, "service_case", tuple(handled), None))
    steps.sort(key=lambda step: step.at)
    return [act for one in promised for act in one.acts]
