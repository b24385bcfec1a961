"""One rule of a pack on one day, with all it stands on (`jiannuo pack explain`)."""

import re
from datetime import date
from pathlib import Path

from msgspec import Struct

from jiannuo.policy.cases import cases
from jiannuo.policy.pack import Pack, PackError
from jiannuo.policy.wording import OUTCOME_WORDS, say_value


class Explanation(Struct, frozen=True):
    """What a rule says on a day, in words; the sentences it carries out; its source; where it is written; its worked examples."""

    ref: str
    title: str
    says: str
    history: tuple[str, ...]
    clauses: tuple[str, ...]
    source: str
    assumed: str
    file: str
    line: int
    cases: tuple[str, ...]

    def __str__(self) -> str:
        parts = [
            f"{self.title}（{self.ref}）",
            f"规定：{self.says}",
            *(f"历次：{text}" for text in self.history),
            *(f"方案原文：{text}" for text in self.clauses),
            f"依据：{self.source}" if self.source else "",
            f"推定：{self.assumed}" if self.assumed else "",
            f"写在：{self.file} 第{self.line}行",
            *(f"算例：{text}" for text in self.cases),
        ]
        return "\n".join(part for part in parts if part)


def explain(pack: Pack, rule_id: str, on: date) -> Explanation:
    """A deadline, duty, publication filter, kind, or a kind's rule (`penalty_legal.DP03`) as it stood on a day.

    Raises PackError where the pack has none of that name.
    """
    kind, _, rule = rule_id.partition(".")
    if rule_id in pack.deadlines:
        return _deadline(pack, rule_id, on)
    if rule_id in pack.duties:
        return _duty(pack, rule_id, on)
    if any(entry.id == rule_id for entry in pack.filters):
        return _filter(pack, rule_id, on)
    if kind in pack.kinds and (not rule or any(entry.id == rule for entry in pack.kinds[kind].rules)):
        return _kind(pack, kind, rule)
    names = [*pack.deadlines, *pack.duties, *(entry.id for entry in pack.filters), *pack.kinds]
    raise PackError(f"{pack.name}: 没有规则“{rule_id}”。可以问：{'、'.join(dict.fromkeys(names))}")


def _deadline(pack: Pack, name: str, on: date) -> Explanation:
    entry = pack.deadlines[name]
    try:
        value = pack.rule(name, on=on).value
    except LookupError as nothing:
        says = str(nothing)
    else:
        roll = "，末日逢假日顺延" if value.roll and value.unit != "workday" else ""
        begins = "" if value.unit in ("fixed", "stated") else f"，自{entry.start}的次日起算"
        warn = f"，提前{value.warn}天提醒" if value.warn else ""
        says = f"{value.words}{begins}{roll}{warn}（自{value.since}起施行，{value.checked}确认）"
    history = tuple(say_value(each) + (f"（{each.note}）" if each.note else "") for each in entry.values)
    return _made(pack, (name, entry.what, says), history, "deadlines.toml", (entry.clause, entry.source, entry.assumed))


def _duty(pack: Pack, name: str, on: date) -> Explanation:
    entry = pack.duties[name]
    openers = "、".join(kind.short for kind in pack.kinds.values() if name in kind.opens) or "（没有）"
    within = "没有规定时限"
    if entry.deadline in pack.deadlines:
        within = _deadline(pack, entry.deadline, on).says
    says = f"由{openers}产生；时限：{within}"
    return _made(pack, (name, entry.what, says), (), "duties.toml", (entry.clause, entry.source, ""))


def _filter(pack: Pack, name: str, on: date) -> Explanation:
    entry = next(entry for entry in pack.filters if entry.id == name)
    by = "决定日期" if entry.select_by == "decision_date" else "公示当天"
    stands = "适用" if entry.on(on) else "不适用"
    until = f"至{entry.until}" if entry.until else ""
    says = f"{entry.reason}。{OUTCOME_WORDS[entry.outcome]}。按{by}选用，自{entry.since}起{until}，{on}{stands}"
    return _made(pack, (name, entry.title, says), (), "publish.toml", ("", entry.source, entry.assumed))


def _kind(pack: Pack, name: str, rule_id: str) -> Explanation:
    kind = pack.kinds[name]
    file = f"kinds/{name}.toml"
    if not rule_id:
        needed = sum(1 for field in kind.fields if field.need == "M")
        says = f"{len(kind.fields)}列，其中必填{needed}列；检查{len(kind.rules)}项"
        return _made(pack, (name, kind.title, says), (), file, (kind.clause, kind.source, ""))
    rule = next(rule for rule in kind.rules if rule.id == rule_id)
    params = "，".join(f"{key}={value}" for key, value in rule.params.items())
    says = f"检查{rule.check}（{params}），不符合的{'不收' if rule.level == 'error' else '提醒'}"
    named = (f"{name}.{rule_id}", f"{kind.short} {rule_id}", says)
    return _made(pack, named, (), file, (kind.clause, rule.source, ""))


def _made(
    pack: Pack, named: tuple[str, str, str], history: tuple[str, ...], file: str, backing: tuple[str, str, str]
) -> Explanation:
    name, title, says = named
    clause, source, assumed = backing
    path, line = _place(pack, file, name.rpartition(".")[2] if "." in name else name)
    refs = [each.id for sort in ("deadline", "duty", "filter", "kind") for each in pack.carried(sort, name)]
    ids = {clause, *refs} - {""}
    return Explanation(
        ref=f"{pack.id}#{name}",
        title=title,
        says=says,
        history=history,
        clauses=tuple(
            f"{entry.id} {entry.text}"
            for entry in pack.clauses
            if entry.id in ids or (clause and entry.under == clause)
        ),
        source=source,
        assumed=assumed,
        file=path,
        line=line,
        cases=tuple(case.what for case in cases(pack) if case.about == name),
    )


def _place(pack: Pack, file: str, name: str) -> tuple[str, int]:
    """The file, nearest the county first, and the line on which an entry of that name begins."""
    begins = re.compile(rf'^(\[{re.escape(name)}\]|id = "{re.escape(name)}")')
    at = [folder / file for folder in pack.folders if (folder / file).exists()]
    for path in at:
        for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
            if begins.match(text):
                return _label(path, file), number
    return _label(at[0], file), 1


def _label(path: Path, file: str) -> str:
    return f"{path.parents[file.count('/')].name}/{file}"
