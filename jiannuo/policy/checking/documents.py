"""What can be wrong with a county's tables: its sentences, organs, tasks, areas and catalogue."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date
from itertools import pairwise

from jiannuo.kernel.identifiers import CHECKS
from jiannuo.policy.checking.sources import Line, Sources, fold
from jiannuo.policy.documents import CARRIED_SORTS, NATURES, ORGAN_TYPES, PERIODS, REQUIREMENTS, STYLES
from jiannuo.policy.reading import words

CLAUSE_COLUMNS = ("id", "under", "style", "text", "nature", "rows", "carried_by", "who", "starts")
ORGAN_COLUMNS = (
    "code", "name", "short", "type", "parent", "uscc", "since", "until", "successors", "aliases", "assumed",
)  # fmt: skip
TASK_COLUMNS = ("number", "title", "lead", "wording", "schedule", "due", "clause")
CATALOGUE_COLUMNS = (
    "id", "area", "title", "who", "kind", "period", "deadline", "basis", "clause", "since", "assumed",
)  # fmt: skip
FOREVER = date.max


def check(sources: Sources, names: dict[str, set[str]]) -> None:
    """Report all that is wrong. `names` holds the ids of kinds, deadlines, duties and filters by sort."""
    organs = sources.own("organs", ORGAN_COLUMNS)
    known = Known(organs)
    clauses = sources.own("clauses", CLAUSE_COLUMNS)
    areas = sources.tables("areas", ("id", "title"), ("clause", "text"))
    names = names | {"area": {line["id"] for line in areas}}
    catalogue = sources.tables("catalogue", CATALOGUE_COLUMNS, ("interpret",))
    names |= {"catalogue": {line["id"] for line in catalogue}}
    tasks = sources.own("tasks", TASK_COLUMNS, ("each",))
    names |= {"task": {line["number"] for line in tasks}}
    _organs(sources, organs, known)
    _clauses(sources, clauses, known, names)
    ids = places(clauses)
    _tasks(sources, tasks, known, ids)
    sources.unique(areas, "id")
    _catalogue(sources, catalogue, known, names, ids)


class Known:
    """The organs a table may name: by code, or all of a type (`type:department`)."""

    def __init__(self, organs: Iterable[Line]) -> None:
        organs = list(organs)
        self.codes = {line["code"] for line in organs}
        self.types = {line["type"] for line in organs}
        self.names = {
            fold(name) for line in organs for name in (line["name"], line["short"], *words(line["aliases"])) if name
        }

    def missing(self, named: Collection[str]) -> list[str]:
        allowed = self.codes | {f"type:{sort}" for sort in self.types}
        return [who for who in named if who not in allowed]


def places(clauses: Iterable[Line]) -> set[str]:
    """What another table may name as its clause: a sentence by its id, or the heading it stands under."""
    return {line[column] for line in clauses for column in ("id", "under")} - {""}


def _clauses(sources: Sources, clauses: list[Line], known: Known, names: dict[str, set[str]]) -> None:
    sources.unique(clauses, "id")
    written = fold("".join(line["text"] for line in clauses))
    reached: set[str] = set()
    for line in clauses:
        sources.choose(line, "style", STYLES)
        sources.choose(line, "starts", ("yes", "no", ""))
        if sources.choose(line, "nature", NATURES) and line["nature"] == "works" and not words(line["rows"]):
            sources.at(
                line,
                "这句由系统办理，却没有写对应哪项要求",
                "请在“rows”里写要求的编号，如B2；只能由人办的，“nature”写people",
            )
        if not line["text"]:
            sources.at(line, "没有原文", "请在“text”里照录文件原文，一字不改")
        strange = [row for row in words(line["rows"]) if row not in REQUIREMENTS]
        if strange:
            sources.at(line, f"没有要求“{'、'.join(strange)}”", "要求的编号从A1到G7，见需求表")
        reached |= set(words(line["rows"]))
        for ref in words(line["carried_by"]):
            _ref(sources, line, ref, names)
        for who in known.missing(words(line["who"])):
            if fold(who) not in known.names and fold(who) not in written:
                fix = "填机关编号、名称，“type:类型”，或者照录原文里的说法"
                sources.at(line, f"“who”写的“{who}”不在机关名录里，方案原文里也没有", fix, "warning")
    if clauses and (left := [row for row in REQUIREMENTS if row not in reached]):
        message = f"没有哪一句对应要求{'、'.join(left)}"
        sources.report(
            clauses[0].file, "整个文件", message, "请在相应句子的“rows”里补上；本方案确实没有要求的可以不管", "warning"
        )


def _ref(sources: Sources, line: Line, ref: str, names: dict[str, set[str]]) -> None:
    sort, _, name = ref.partition(":")
    if sort not in CARRIED_SORTS or not name:
        sources.at(line, f"“carried_by”里的“{ref}”不认识", f"写成“类别:编号”，类别只能是：{'、'.join(CARRIED_SORTS)}")
    elif sort in names and name not in names[sort]:
        sources.at(line, f"“carried_by”指向的“{ref}”不存在", f"{CARRIED_SORTS[sort]}里没有“{name}”，请改正或者补上")


def _who(sources: Sources, line: Line, column: str, known: Known) -> None:
    for who in known.missing(words(line[column])):
        sources.at(
            line,
            f"“{column}”写的“{who}”不在机关名录里",
            "填organs.csv里的机关编号，或者写“type:类型”表示这一类的全部机关",
        )


def _organs(sources: Sources, organs: list[Line], known: Known) -> None:
    spells: dict[str, list[tuple[date, date, Line]]] = defaultdict(list)
    for line in organs:
        for column in ("code", "name"):
            if not line[column]:
                sources.at(line, f"“{column}”没有填", "机关的编号和名称都要填")
        sources.choose(line, "type", ORGAN_TYPES)
        _organ_links(sources, line, known)
        since, until = sources.day(line, "since", must=True), sources.day(line, "until", must=False) or FOREVER
        if since and since >= until:
            sources.at(line, f"到{until}为止，却从{since}开始", "“until”是不再使用这个名称的第一天，应晚于“since”")
        elif since:
            spells[line["code"]].append((since, until, line))
    for each in spells.values():
        _overlaps(sources, each)
    _shared_names(sources, spells)


def _organ_links(sources: Sources, line: Line, known: Known) -> None:
    if line["uscc"] and (verdict := CHECKS["uscc"](line["uscc"])).level == "error":
        sources.at(
            line,
            f"统一社会信用代码“{line['uscc']}”不对：{verdict.reason}",
            "请照登记证书更正；不确定的留空，在“assumed”里说明",
        )
    if line["parent"] and line["parent"] not in known.codes:
        sources.at(line, f"上级机关“{line['parent']}”不在机关名录里", "“parent”填本表中上级机关的编号")
    for code in words(line["successors"]):
        if code not in known.codes:
            sources.at(line, f"承继机关“{code}”不在机关名录里", "“successors”填本表中承继机关的编号，多个用分号隔开")


def _overlaps(sources: Sources, spells: list[tuple[date, date, Line]]) -> None:
    ordered = sorted(spells, key=lambda spell: spell[:2])
    for (_, until, before), (since, _, after) in pairwise(ordered):
        if since < until:
            message = f"与第{before.number}行是同一机关，两个名称的起止时间重叠"
            sources.at(after, message, "前一行的“until”应等于后一行的“since”")


def _shared_names(sources: Sources, spells: dict[str, list[tuple[date, date, Line]]]) -> None:
    """A name or code that means two organs on the same day would send a record to the wrong one."""
    seen: dict[str, list[tuple[date, date, Line]]] = defaultdict(list)
    for since, until, line in (spell for each in spells.values() for spell in each):
        for name in {line["name"], line["uscc"], *words(line["aliases"])} - {""}:
            for first, last, other in seen[name]:
                if other["code"] != line["code"] and since < last and first < until:
                    sources.at(
                        line,
                        f"“{name}”同时也是第{other.number}行“{other['name']}”",
                        "同一天一个名称、一个代码只能指一个机关",
                    )
            seen[name].append((since, until, line))


def _tasks(sources: Sources, tasks: list[Line], known: Known, clauses: set[str]) -> None:
    sources.unique(tasks, "number")
    for line in tasks:
        if not line["number"].isdigit():
            sources.at(line, f"任务序号“{line['number']}”不是数", "填1、2、3……")
        if not words(line["lead"]):
            sources.at(line, "没有牵头单位", "“lead”填机关编号，多个用分号隔开")
        _who(sources, line, "lead", known)
        sources.choose(line, "each", ("yes", "no", ""))
        sources.day(line, "due", must=False)
        _clause(sources, line, clauses)


def _clause(sources: Sources, line: Line, clauses: set[str]) -> None:
    if line["clause"] and line["clause"] not in clauses:
        sources.at(line, f"没有条款“{line['clause']}”", "“clause”填clauses.csv里句子的编号或者所属标题")


def _catalogue(
    sources: Sources, catalogue: list[Line], known: Known, names: dict[str, set[str]], clauses: set[str]
) -> None:
    sources.unique(catalogue, "id")
    for line in catalogue:
        if line["area"] not in names["area"]:
            sources.at(line, f"没有领域“{line['area']}”", "“area”填areas.csv里的编号")
        if line["kind"] and line["kind"] not in names["kind"]:
            sources.at(line, f"没有事实种类“{line['kind']}”", "“kind”填kinds/下的文件名，不带.toml")
        if line["deadline"] and line["deadline"] not in names["deadline"]:
            sources.at(line, f"没有时限“{line['deadline']}”", "“deadline”填deadlines.toml里的编号")
        if line["interpret"] and line["interpret"] not in names["deadline"]:
            sources.at(line, f"没有时限“{line['interpret']}”", "“interpret”填deadlines.toml里的编号，不要求解读的空着")
        sources.choose(line, "period", PERIODS)
        sources.day(line, "since", must=True)
        if not words(line["who"]):
            sources.at(line, "没有写由谁公开", "“who”填机关编号，或者“type:类型”")
        if sources.county:
            _who(sources, line, "who", known)
            _clause(sources, line, clauses)
