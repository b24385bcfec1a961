"""Conditions on who is named in a row, and those that make a promise one that can be held to."""

import re
from collections.abc import Iterator
from decimal import Decimal

from jiannuo.intake.rules.columns import Complaint
from jiannuo.intake.rules.tasks import Task, wrong

VAGUE = "vague_word"
"""The code list of words that no one can check; each value's label says what to write instead."""
VAGUE_WHO = "vague_who"
"""Likewise for who answers."""
NUMBER = re.compile(
    r"[0-9０-９]|[一二两三四五六七八九十百千万]+[个项件户人所处条座公亩米间名台辆次家村里天日月年%％]|全部|全覆盖|百分之|零"
)
NOTHING = re.compile(r"(无|没有|暂无|待定|待补|略|不详|[-—/、.。]*)")


def verifiable(task: Task) -> Iterator[Complaint]:
    """Others can check it: who answers, what is done without vague words, how much, and by what it is shown."""
    params = task.rule.params
    vague, vague_who = _advice(task, VAGUE), _advice(task, VAGUE_WHO)
    for field_id in [*params["what"], *params["number"]]:
        title = task.title(field_id)
        for row, message in wrong([task.columns[field_id]], lambda text, title=title: _vague(text, title, vague)):
            yield task.say(row, field_id, *message.split("\0"))
    for field_id in params["who"]:
        for row, message in wrong([task.columns[field_id]], lambda text: _vague(text, "谁来办", vague_who)):
            yield task.say(row, field_id, *message.split("\0"))
    for field_id in params["number"]:
        for row, _ in wrong([task.columns[field_id]], lambda text: "" if not text or NUMBER.search(text) else "没有"):
            yield task.say(row, field_id, "没有写出数，办了多少别人核对不了", "请写几个、几公里、几户、百分之几")
    for field_id in params["shown"]:
        for row, _ in wrong([task.columns[field_id]], lambda text: text if NOTHING.fullmatch(text) and text else ""):
            yield task.say(row, field_id, "没有写拿什么证明办成了", "请写验收单、照片、系统数据、名册这类材料")


def _advice(task: Task, name: str) -> dict[str, str]:
    return {code.value: code.label for code in task.kind.dated_codes.get(name, ())}


def _vague(text: str, title: str, advice: dict[str, str]) -> str:
    """The message and the fix where a text leans on a word that cannot be checked."""
    word = next((word for word in advice if word in text), "")
    return f"{title}写了“{word}”，办没办成没法核对\0请不写“{word}”，{advice[word]}" if word else ""


def organ_on_list(task: Task) -> Iterator[Complaint]:
    """The organ is on the county's list under this code and name, and is the sender's own unless others report on it (DP11)."""
    own = task.rule.params.get("own", True)

    def fault(code: str, name: str) -> str:
        return task.around.organ(code, name, own) if code or name else ""

    where = "name" if task.rule.params["name"] else "code"
    for row, message in wrong([task.column("code"), task.column("name")], fault):
        fix = "请填机关全称和它的统一社会信用代码；机关名录有误的，请联系信用办"
        yield task.say(row, where, message, fix)


def sender_named(task: Task) -> Iterator[Complaint]:
    """Who sends is one of the organs that the row names for it."""
    fields = task.rule.params["fields"]
    titles = "、".join(f"“{task.title(field_id)}”" for field_id in fields)

    def fault(*names: str) -> str:
        own = any(name and not task.around.organ("", name, True) for name in names)  # noqa: FBT003 - a plain function of three
        return "" if own or not any(names) else f"上报单位不是{titles}写的机关"

    for row, message in wrong([task.columns[field_id] for field_id in fields], fault):
        fix = f"这类数据由{titles}写的机关上报；请核对这一格，或者请它上报"
        yield task.say(row, fields[-1], message, fix)


def organs_differ(task: Task) -> Iterator[Complaint]:
    """Two organs of a row are not one and the same."""
    first = task.title(str(task.rule.params["first"]))
    last = task.title(str(task.rule.params["last"]))

    def fault(one: str, other: str) -> str:
        return "same" if one and other and task.around.which(one) == task.around.which(other) else ""

    for row, _ in wrong([task.column("first"), task.column("last")], fault):
        yield task.say(
            row, "last", f"{last}和{first}是同一个", f"自己办的不能由自己核实，请填别的机关；没有的，{last}留空"
        )


def official_known(task: Task) -> Iterator[Complaint]:
    """The register of officials knows the code, under this name."""

    def fault(code: str, name: str) -> str:
        return task.around.official(code, name) if code else ""

    for row, message in wrong([task.column("code"), task.column("name")], fault):
        yield task.say(row, "code", message, "请照人员名录填编号和姓名；名录里没有的，请先由组织人事部门登记")


def known_parent(task: Task) -> Iterator[Complaint]:
    """The promise that a milestone belongs to is in the ledger, and is that organ's own."""
    numbers = task.column("parent")
    known = task.around.parents(frozenset(filter(None, numbers)))

    def fault(number: str, organ: str) -> str:
        if not number or not organ or task.around.which(organ) in known.get(number, ()):
            return ""
        return "other" if number in known else "none"

    for row, what in wrong([numbers, task.column("name")], fault):
        if what == "other":
            yield task.say(
                row,
                "parent",
                f"“{numbers[row]}”是别的单位的",
                "节点只能排在本单位自己的承诺、项目下面，请核对编号和单位",
            )
        else:
            fix = "请先报送承诺或者项目，收下以后再报它的节点；已经报过的请核对编号"
            yield task.say(row, "parent", f"还没有编号是“{numbers[row]}”的承诺或者项目", fix)


def item_on_list(task: Task) -> Iterator[Complaint]:
    """The item is one that the organ has published; without a list nothing can be compared, which is said once in a file."""
    organs, items = task.column("name"), task.column("item")
    listed = {name: task.around.items(str(task.rule.params["kind"]), task.around.which(name)) for name in set(organs)}

    def fault(item: str, name: str) -> str:
        return item if item and listed[name] and item not in listed[name] else ""

    for row, item in wrong([items, organs], fault):
        fix = "请照事项清单填事项编码；清单上缺这一项的，请先报送补全的整份清单，再报办件"
        yield task.say(row, "item", f"“{item}”不在{organs[row]}的政务服务事项清单里", fix)
    for name in sorted(name for name in listed if name and not listed[name]):
        if f"{task.rule.id}.{name}" not in task.around.seen:
            task.around.seen[f"{task.rule.id}.{name}"] = name
            message = f"{name}还没有报送政务服务事项清单，事项编码没有核对"
            fix = "收下的照收；请尽快报送事项清单，清单报来以后，编码对不上的办件就不再收"
            yield task.say(organs.index(name), "item", message, fix)._replace(level="warning")


def not_more(task: Task) -> Iterator[Complaint]:
    """One number is not above another, where both are filled."""
    more = task.title(str(task.rule.params["more"]))

    def fault(less: str, limit: str) -> str:
        return limit if less and limit and Decimal(less) > Decimal(limit) else ""

    for row, limit in wrong([task.column("less"), task.column("more")], fault):
        yield task.say(row, "less", f"大于“{more}”（{limit}）", "请核对两个数")


CHECKS = (verifiable, organ_on_list, sender_named, organs_differ, official_known, known_parent, item_on_list, not_more)
"""Those of the checks a pack may name."""
