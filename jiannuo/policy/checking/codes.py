"""What can be wrong with the code lists of a pack."""

from collections import defaultdict
from datetime import date

from jiannuo.policy.checking.sources import Line, Sources, fold
from jiannuo.policy.reading import words

CODE_COLUMNS = ("list", "value", "label", "since", "until", "detail", "aliases")


def check(sources: Sources) -> dict[str, set[str]]:
    """Report all that is wrong; the values of each list."""
    lists: dict[str, set[str]] = {}
    for folder in sources.farthest_first:
        if (path := folder / "kinds" / "codes.csv").exists():
            lists |= _code_table(sources, list(sources.table(path, CODE_COLUMNS)))
    return lists


def _code_table(sources: Sources, lines: list[Line]) -> dict[str, set[str]]:
    lists: dict[str, set[str]] = defaultdict(set)
    readings: dict[tuple[str, str], str] = {}
    spells: dict[tuple[str, str], list[tuple[date, date]]] = defaultdict(list)
    for line in lines:
        name, value = line["list"], line["value"]
        if not name or not value:
            sources.at(line, "代码表的名称或者值没有填", "“list”和“value”都要填")
            continue
        lists[name].add(value)
        _code_spell(sources, line, spells[name, value])
        sources.choose(line, "detail", ("yes", "no"))
        for text in (value, *words(line["aliases"])):
            if readings.setdefault((name, fold(text)), value) != value:
                sources.at(line, f"“{text}”在代码表“{name}”里指两个值", "请从其中一行的“aliases”里删去")
    return dict(lists)


def _code_spell(sources: Sources, line: Line, spells: list[tuple[date, date]]) -> None:
    since = sources.day(line, "since", must=False) or date.min
    until = sources.day(line, "until", must=False) or date.max
    if since > until:
        sources.at(line, f"到{until}为止，却从{since}开始", "“until”是最后一天，不能早于“since”")
    elif any(since <= last and first <= until for first, last in spells):
        sources.at(line, f"代码表“{line['list']}”里“{line['value']}”重复", "同一个值的起止日期不能重叠，请删去一行")
    spells.append((since, until))
