"""What changes in a kind of fact from one pack to another, in words."""

from collections.abc import Iterator

from jiannuo.policy.kinds import Field, Kind
from jiannuo.policy.wording import NEED_WORDS, said


def kind_name(entry: Kind) -> str:
    """A kind of fact by title and size."""
    return f"事实种类“{entry.title}”，共{len(entry.fields)}列"


def kind_changes(old: Kind, new: Kind) -> Iterator[str]:
    """What changed in a kind: its columns, code lists and checks."""
    name = f"“{new.short}”"
    yield from said(
        name, (("名称", old.title, new.title), ("依据", old.source, new.source), ("产生的义务", old.opens, new.opens))
    )
    for key, entry in old.by_id.items():
        if key not in new.by_id:
            yield f"{name}删去“{entry.title}”一列"
    for key, entry in new.by_id.items():
        if key not in old.by_id:
            yield f"{name}新增“{entry.title}”一列，{NEED_WORDS[entry.need]}"
        else:
            yield from _field(name, old.by_id[key], entry)
    for codes in sorted({*old.codes, *new.codes}):
        yield from _codes(name, codes, set(old.codes.get(codes, ())), set(new.codes.get(codes, ())))
    rules = {rule.id for rule in old.rules}, {rule.id for rule in new.rules}
    if gone := sorted(rules[0] - rules[1]):
        yield f"{name}不再检查{'、'.join(gone)}"
    if come := sorted(rules[1] - rules[0]):
        yield f"{name}增加检查{'、'.join(come)}"
    for rule in new.rules:
        if any(rule.id == other.id and rule != other for other in old.rules):
            yield f"{name}的检查{rule.id}有改动"


def _field(kind: str, old: Field, new: Field) -> Iterator[str]:
    parts = (
        ("名称", old.title, new.title),
        ("要求", NEED_WORDS[old.need], NEED_WORDS[new.need]),
        ("类型", old.type, new.type),
        ("长度", old.length, new.length),
        ("代码表", old.codes, new.codes),
        ("校验", old.check, new.check),
        ("是否公示", "是" if old.public else "否", "是" if new.public else "否"),
        ("可用的表头", tuple(sorted(old.aliases)), tuple(sorted(new.aliases))),
    )
    yield from said(f"{kind}“{new.title}”一列", parts)


def _codes(kind: str, name: str, old: set[str], new: set[str]) -> Iterator[str]:
    if gone := sorted(old - new):
        yield f"{kind}代码表{name}删去：{'、'.join(gone)}"
    if come := sorted(new - old):
        yield f"{kind}代码表{name}新增：{'、'.join(come)}"
