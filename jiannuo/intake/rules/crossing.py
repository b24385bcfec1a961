"""Conditions between fields (DP01–DP14 of the data standard), each a named check over columns; the pack says which apply, with what."""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import partial

from jiannuo.intake.rules import promising
from jiannuo.intake.rules.columns import Complaint
from jiannuo.intake.rules.tasks import Columns, Surroundings, Task, wrong
from jiannuo.kernel import identifiers, names
from jiannuo.policy.kinds import Code, Kind

YUAN = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)\s*(万)?元")


def cross(kind: Kind, columns: Columns, around: Surroundings) -> Iterator[Complaint]:
    """What the kind's rules complain of in a chunk, rule by rule."""
    for rule in kind.rules:
        yield from CHECKS[rule.check](Task(rule, kind, columns, around))


def _listed(task: Task) -> Callable[[str], bool]:
    values = task.rule.params.get("values")
    if values is None:
        return bool
    wanted = frozenset(values)
    return lambda text: text in wanted or not wanted.isdisjoint(text.split(";"))


def _rows_where(task: Task) -> list[int]:
    column = task.column("when")
    applying = set(filter(_listed(task), set(column)))
    return [row for row, value in enumerate(column) if value in applying]


def value_in(task: Task) -> Iterator[Complaint]:
    """A value of another table is sent there (DP01, DP02)."""
    params = task.rule.params
    allowed, elsewhere = frozenset(params["values"]) | {""}, params.get("elsewhere", {})
    for row, value in wrong([task.column("field")], lambda value: "" if value in allowed else value):
        where = "请把这一行移到自然人的表中上报" if value in elsewhere else f"只能填：{'、'.join(params['values'])}"
        yield task.say(row, "field", f"“{value}”不能报在本表", where)


def blank_when(task: Task) -> Iterator[Complaint]:
    """Where the condition holds, these fields are blank (DP01, DP02)."""
    rows, title = _rows_where(task), task.title(str(task.rule.params["when"]))
    for field_id in task.rule.params["fields"]:
        column = task.columns[field_id]
        for row in rows:
            if column[row]:
                yield task.say(row, field_id, f"按“{title}”，这一格应为空", "请清空；若内容属实，请核对是否报错了表")


def filled_when(task: Task) -> Iterator[Complaint]:
    """Where the condition holds, these fields are filled."""
    rows, title = _rows_where(task), task.title(str(task.rule.params["when"]))
    for field_id in task.rule.params["fields"]:
        column = task.columns[field_id]
        for row in rows:
            if not column[row]:
                yield task.say(row, field_id, f"按“{title}”，这一格必填", "请对照决定书补填")


def one_of_filled(task: Task) -> Iterator[Complaint]:
    """At least one of the fields is filled."""
    fields = task.rule.params["fields"]
    titles = "、".join(task.title(field_id) for field_id in fields)
    for row, values in enumerate(zip(*(task.columns[field_id] for field_id in fields), strict=True)):
        if not any(values):
            yield task.say(row, fields[0], f"这几项至少填一项：{titles}", "请补填")


def type_matches_code(task: Task) -> Iterator[Complaint]:
    """The type is what the code's first two characters say (DP03, DP04)."""
    params = task.rule.params
    prefixes, otherwise, skip = params.get("prefixes", {}), params.get("otherwise", ""), tuple(params.get("skip", ()))

    def wanted(type_: str, code: str) -> str:
        if not code or not type_:
            return ""
        right = prefixes.get(code[:2]) or (otherwise if not code.startswith(skip or ("\0",)) else "")
        return right if right != type_ else ""

    types, codes = task.column("type"), task.column("code")
    for row, right in wrong([types, codes], wanted):
        message = f"代码以{codes[row][:2]}开头，类别应为“{right}”，这里是“{types[row]}”"
        yield task.say(row, "type", message, f"请改为“{right}”，并核对代码有没有抄错")


def placeholder_code_only_for(task: Task) -> Iterator[Complaint]:
    """The code of seventeen zeros and X stands only for a household without a code."""
    placeholder, allowed = task.rule.params["placeholder"], task.rule.params["values"]
    for row, (code, type_) in enumerate(zip(task.column("code"), task.column("type"), strict=True)):
        if code == placeholder and type_ not in allowed:
            yield task.say(row, "code", f"只有{'、'.join(allowed)}才能用占位代码", "请填写真实的统一社会信用代码")


def number_matches_type(task: Task) -> Iterator[Complaint]:
    """A document's number has the form its type asks for."""
    checks, default = task.rule.params["checks"], task.rule.params.get("default", "")

    def fault(type_: str, number: str) -> str:
        check = checks.get(type_ or default)
        verdict = identifiers.CHECKS[check](number) if number and check else None
        return verdict.reason if verdict and verdict.level == "error" else ""

    for row, reason in wrong([task.column("type"), task.column("number")], fault):
        yield task.say(row, "number", reason, "请对照证件重填")


def name_matches_register(task: Task) -> Iterator[Complaint]:
    """The register knows the code under this name (DP05)."""
    codes = task.column("code")
    known = task.around.register(frozenset(filter(None, codes)))
    message = "这个代码此前登记的名称与这里不同"

    def fault(name: str, code: str) -> str:
        # Folding changes no folded name: one that is known as it stands need not be folded.
        known_as = known.get(code)
        return "" if known_as is None or name in known_as or names.fold_name(name) in known_as else message

    for row, _ in wrong([task.column("name"), codes], fault):
        yield task.say(row, "name", message, "若主体已更名，不必修改；否则请核对名称和代码")


def not_after_today(task: Task) -> Iterator[Complaint]:
    """No date lies after the day of upload (DP06, DP07)."""
    today = task.around.today.isoformat()
    for field_id in task.rule.params["fields"]:
        column = task.columns[field_id]
        if max(column, default="") > today:
            for row, day in enumerate(column):
                if day > today:
                    yield task.say(row, field_id, f"日期{day}在上报日{today}之后", "请核对日期；尚未作出的决定不能上报")


def ordered_dates(task: Task) -> Iterator[Complaint]:
    """The first date is not after the last (DP06)."""
    title = task.title(str(task.rule.params["first"]))
    for row, (first, last) in enumerate(zip(task.column("first"), task.column("last"), strict=True)):
        if last and first > last:
            yield task.say(row, "last", f"早于“{title}”（{first}）", "请核对两个日期")


def amount_with_category(task: Task) -> Iterator[Complaint]:
    """A category of money has its amount (DP12)."""
    applies, zero = _listed(task), task.rule.params.get("zero", False)

    def lacking(category: str, amount: str) -> str:
        lacks = applies(category) and (not amount or (not zero and not Decimal(amount)))
        return category if lacks else ""

    for row, category in wrong([task.column("category"), task.column("amount")], lacking):
        yield task.say(row, "amount", f"类别是“{category}”，金额必填", "请按万元填写决定书上的金额（2000元填0.2）")


def amount_without_category(task: Task) -> Iterator[Complaint]:
    """An amount has its category (DP12)."""
    applies, words = _listed(task), "、".join(task.rule.params["values"])

    def fault(category: str, amount: str) -> str:
        return f"填了金额，类别里却没有“{words}”" if amount and Decimal(amount) and not applies(category) else ""

    for row, message in wrong([task.column("category"), task.column("amount")], fault):
        yield task.say(row, "category", message, "请核对类别和金额")


def amount_matches_text(task: Task) -> Iterator[Complaint]:
    """The sum in the decision's words is the sum in the cell, in the cell's unit (DP08)."""
    words = tuple(task.rule.params["words"])
    for row, (text, amount) in enumerate(zip(task.column("text"), task.column("amount"), strict=True)):
        if not amount or amount.startswith("0.") or not any(word in text for word in words):
            continue
        whole, run_together = amount.partition(".")[0], "".join(text.replace(",", "").split())
        if f"{whole}元" not in run_together and f"{whole}." not in run_together:
            continue
        for digits, wan in YUAN.findall(text):
            plain = digits.replace(",", "")
            # The whole part settles nearly every row, without making exact numbers of both.
            if wan or plain.partition(".")[0].lstrip("0") != whole or not Decimal(plain) == Decimal(amount) > 1:
                continue
            right = format((Decimal(amount) / 10000).normalize(), "f")
            message = f"决定内容写的是{digits}元，这里填了{Decimal(amount).normalize():f}万元"
            yield task.say(row, "amount", message, f"单位是万元：{digits}元请填{right}")
            break


def codes_since(task: Task) -> Iterator[Complaint]:
    """Each value was in force in its code list on the day of the decision."""
    days = task.column("day")
    for field_id in task.rule.params["fields"]:
        codes = {code.value: code for code in task.kind.dated_codes[task.kind.by_id[field_id].codes]}
        for row, values in wrong([task.columns[field_id], days], partial(_not_in_force, codes)):
            fix = "请按决定当日施行的法律改填类别"
            yield task.say(row, field_id, f"“{values}”在决定当日（{days[row]}）不是现行类别", fix)


def _not_in_force(codes: Mapping[str, Code], value: str, day: str) -> str:
    if not day:
        return ""
    heads = (part.partition("-")[0] for part in value.split(";") if part)
    return "、".join(head for head in heads if head in codes and not codes[head].on(date.fromisoformat(day)))


def same_in_file(task: Task) -> Iterator[Complaint]:
    """The file speaks of one organ and one day."""
    for field_id in task.rule.params["fields"]:
        for row, value in enumerate(task.columns[field_id]):
            first = task.around.seen.setdefault(field_id, value)
            if value != first:
                message = f"同一个文件里只能有一个值：前面是“{first}”，这里是“{value}”"
                yield task.say(row, field_id, message, "请按单位分成几个文件上传")


def catalogue_has(task: Task) -> Iterator[Complaint]:
    """The item is in the disclosure catalogue, and its period is written as the item asks."""
    periods = {"year": r"\d{4}", "half": r"\d{4}-H[12]", "quarter": r"\d{4}-Q[1-4]", "month": r"\d{4}-(0[1-9]|1[0-2])"}
    for row, (item, period) in enumerate(zip(task.column("field"), task.column("period"), strict=True)):
        asked = task.around.catalogue.get(item)
        if asked is None:
            yield task.say(row, "field", f"公开目录里没有“{item}”", "请填公开目录的事项编号，可在“公开目录”页查到")
        elif asked in periods and not re.fullmatch(periods[asked], period):
            example = {"year": "2026", "half": "2026-H1", "quarter": "2026-Q3", "month": "2026-09"}[asked]
            yield task.say(row, "period", "这个事项按期公开，要写明所属期", f"请按“{example}”这样填写")


def web_address(task: Task) -> Iterator[Complaint]:
    """The address can be opened."""
    for field_id in task.rule.params["fields"]:
        for row, value in enumerate(task.columns[field_id]):
            if value and not re.fullmatch(r"https?://[^\s/]+\.[^\s]+|https?://(localhost|127\.0\.0\.1)\S*", value):
                yield task.say(row, field_id, "不是完整的网址", "请填以 http:// 或 https:// 开头、能直接打开的网址")


CHECKS: Mapping[str, Callable[[Task], Iterator[Complaint]]] = {
    check.__name__: check
    for check in (
        value_in, blank_when, filled_when, one_of_filled, type_matches_code, placeholder_code_only_for, number_matches_type,
        name_matches_register, not_after_today, ordered_dates, amount_with_category, amount_without_category,
        amount_matches_text, codes_since, same_in_file, catalogue_has, web_address, *promising.CHECKS,
    )
}  # fmt: skip
"""Every check a pack may name."""
