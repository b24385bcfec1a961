"""What changes from one pack to another, said as an official would say it (`jiannuo pack diff`)."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeVar

from msgspec import Struct

from jiannuo.policy.deadlines import Deadline, Value
from jiannuo.policy.documents import CatalogueItem, Clause, DutyKind, Organ, Task
from jiannuo.policy.flow_changes import flow_changes, flow_name
from jiannuo.policy.kind_changes import kind_changes, kind_name
from jiannuo.policy.pack import Pack
from jiannuo.policy.publishing import PublishFilter
from jiannuo.policy.rate_changes import rate_changes, rate_name
from jiannuo.policy.wording import OUTCOME_WORDS, plain, said, say_value

T = TypeVar("T")
Entry = TypeVar("Entry", Clause, CatalogueItem, PublishFilter)


class Change(Struct, frozen=True):
    """One difference: what it touches (时限、字段、机关…), the entry's id, and the sentence that says it."""

    subject: str
    entry: str
    text: str

    def __str__(self) -> str:
        return f"【{self.subject}】{self.text}"


def diff(before: Pack, after: Pack) -> list[Change]:
    """The changes that follow when `after` takes the place of `before`, in the order officials ask for them."""
    return list(
        chain(
            _entries("时限", before.deadlines, after.deadlines, _deadline_name, _deadline),
            _entries("义务", before.duties, after.duties, _duty_name, _duty),
            _entries("利率", before.rates, after.rates, rate_name, rate_changes),
            _entries("公示范围", _by_id(before.filters), _by_id(after.filters), _filter_name, _filter),
            _entries("事实种类", before.kinds, after.kinds, kind_name, kind_changes),
            _entries("流程", before.flows, after.flows, flow_name, flow_changes),
            _entries("机关", _organs(before), _organs(after), _organ_name, _organ),
            _entries("任务", _tasks(before), _tasks(after), _task_name, _task),
            _entries("公开目录", _by_id(before.catalogue), _by_id(after.catalogue), _item_name, _item),
            _entries("方案原文", _by_id(before.clauses), _by_id(after.clauses), _clause_name, _clause),
            _calendar(before, after),
        )
    )


def _entries(
    subject: str,
    before: Mapping[str, T],
    after: Mapping[str, T],
    name: Callable[[T], str],
    compare: Callable[[T, T], Iterable[str]],
) -> Iterator[Change]:
    for key, entry in before.items():
        if key not in after:
            yield Change(subject, key, f"删去{name(entry)}")
    for key, entry in after.items():
        if key not in before:
            yield Change(subject, key, f"新增{name(entry)}")
        elif entry != before[key]:
            yield from (Change(subject, key, text) for text in compare(before[key], entry))


def _by_id(entries: Iterable[Entry]) -> dict[str, Entry]:
    return {entry.id: entry for entry in entries}


# -- rules ---------------------------------------------------------------------------------------------------


def _deadline_name(entry: Deadline) -> str:
    return f"时限“{entry.what}”：{'，'.join(say_value(value) for value in entry.values)}"


def _deadline(old: Deadline, new: Deadline) -> Iterator[str]:
    was = {value.since: value for value in old.values}
    now = {value.since: value for value in new.values}
    for since, value in now.items():
        if since not in was:
            yield f"“{new.what}”{say_value(value)}（此前：{_standing(old, value)}）"
        elif say_value(was[since]) != say_value(value):
            yield f"“{new.what}”已经施行的取值被改动：原为{say_value(was[since])}，现为{say_value(value)}"
        elif was[since].warn != value.warn:
            yield f"“{new.what}”改为提前{value.warn}天提醒（原为{was[since].warn}天）"
    for since in was.keys() - now.keys():
        yield f"“{new.what}”删去了取值：{say_value(was[since])}"
    yield from said(f"“{new.what}”", (("依据", old.source, new.source), ("起算", old.start, new.start)))


def _standing(deadline: Deadline, value: Value) -> str:
    earlier = [other for other in deadline.values if other.since < value.since]
    return say_value(earlier[-1]) if earlier else "没有规定"


def _duty_name(entry: DutyKind) -> str:
    return f"义务“{entry.what}”"


def _duty(old: DutyKind, new: DutyKind) -> Iterator[str]:
    parts = (
        ("说法", old.what, new.what),
        ("时限", old.deadline, new.deadline),
        ("履行方式", old.kept_by, new.kept_by),
        ("确认人", old.confirmed_by, new.confirmed_by),
        ("产生条件", old.opened_when, new.opened_when),
        ("最长期限", old.longest, new.longest),
        ("周期", old.every, new.every),
        ("承担单位", old.who, new.who),
        ("依据", old.source or old.clause, new.source or new.clause),
    )
    yield from said(_duty_name(new), parts)


def _filter_name(entry: PublishFilter) -> str:
    until = f"至{entry.until}" if entry.until else ""
    return f"公示范围“{entry.title}”：自{entry.since}起{until}{OUTCOME_WORDS[entry.outcome]}"


def _filter(old: PublishFilter, new: PublishFilter) -> Iterator[str]:
    parts = (
        ("名称", old.title, new.title),
        ("起始日", old.since, new.since),
        ("截止日", old.until, new.until),
        ("后果", OUTCOME_WORDS[old.outcome], OUTCOME_WORDS[new.outcome]),
        ("适用种类", old.kinds, new.kinds),
        ("依据", old.source, new.source),
        ("检查", old.check, new.check),
    )
    yield from said(f"公示范围“{new.title}”", parts)
    for key in sorted({*old.params, *new.params}):
        yield from said(f"公示范围“{new.title}”", [(f"参数{key}", _param(old, key), _param(new, key))])


def _param(entry: PublishFilter, key: str) -> object:
    value = entry.params.get(key, "")
    return tuple(value) if isinstance(value, list) else value


# -- the document and its tables -----------------------------------------------------------------------------


def _organs(pack: Pack) -> dict[str, tuple[Organ, ...]]:
    found: dict[str, tuple[Organ, ...]] = {}
    for organ in pack.organs:
        found[organ.code] = (*found.get(organ.code, ()), organ)
    return found


def _organ_name(spells: tuple[Organ, ...]) -> str:
    return f"机关“{spells[-1].name}”"


def _organ(old: tuple[Organ, ...], new: tuple[Organ, ...]) -> Iterator[str]:
    before, after = old[-1], new[-1]
    if before.name != after.name:
        yield f"自{after.since}起，“{before.name}”改为“{after.name}”"
    if after.until and before.until != after.until:
        yield f"“{after.name}”到{after.until}为止，由{plain(after.successors)}承继"
    parts = (
        ("简称", before.short, after.short),
        ("类型", before.type, after.type),
        ("上级", before.parent, after.parent),
        ("统一社会信用代码", before.uscc, after.uscc),
        ("别名", before.aliases, after.aliases),
    )
    yield from said(_organ_name(new), parts)


def _tasks(pack: Pack) -> dict[str, Task]:
    return {str(task.number): task for task in pack.tasks}


def _task_name(entry: Task) -> str:
    return f"第{entry.number}项任务“{entry.title}”"


def _task(old: Task, new: Task) -> Iterator[str]:
    parts = (("名称", old.title, new.title), ("牵头单位", old.lead, new.lead), ("时限", old.schedule, new.schedule))
    yield from said(_task_name(new), parts)


def _item_name(entry: CatalogueItem) -> str:
    return f"目录项“{entry.title}”"


def _item(old: CatalogueItem, new: CatalogueItem) -> Iterator[str]:
    parts = (
        ("名称", old.title, new.title),
        ("公开单位", old.who, new.who),
        ("周期", old.period, new.period),
        ("时限", old.deadline, new.deadline),
        ("依据", old.basis, new.basis),
    )
    yield from said(_item_name(new), parts)


def _clause_name(entry: Clause) -> str:
    return f"{entry.id}：“{entry.text}”"


def _clause(old: Clause, new: Clause) -> Iterator[str]:
    parts = (
        ("原文", old.text, new.text),
        ("由谁负责", old.who, new.who),
        ("由什么办理", old.carried_by, new.carried_by),
    )
    yield from said(new.id, parts)


def _calendar(before: Pack, after: Pack) -> Iterator[Change]:
    old, new = before.calendar, after.calendar
    for year in sorted(new.years - old.years):
        yield Change("工作日历", str(year), f"新增{year}年放假安排（{new.notices[year]}）")
    for year in sorted(old.years - new.years):
        yield Change("工作日历", str(year), f"删去{year}年放假安排")
    for day in sorted({*old.off, *old.makeup, *new.off, *new.makeup}):
        if day.year in old.years & new.years and old.is_workday(day) != new.is_workday(day):
            yield Change("工作日历", str(day), f"{day}由{_work(old.is_workday(day))}改为{_work(new.is_workday(day))}")


def _work(works: object) -> str:
    return "上班" if works else "放假"
