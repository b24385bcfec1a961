"""What can be wrong with the kinds of fact: their fields, headings, roles and cross rules."""

from collections import defaultdict
from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any, get_args

from jiannuo.kernel.identifiers import CHECKS
from jiannuo.policy.checking import codes, endings
from jiannuo.policy.checking.sources import Line, Sources, fold
from jiannuo.policy.kinds import CROSS_CHECKS, PARAMS_NAMING_FIELDS, FieldType, Need
from jiannuo.policy.reading import words

FIELD_COLUMNS = ("id", "title", "type", "length", "places", "codes", "check", "aliases", "search", "public", "hint")
BY_NEED = tuple(f"{what}_{whose}" for what in ("need", "personal") for whose in ("legal", "natural", "any"))
KEYS = frozenset(
    [
        *("title", "short", "family", "clause", "fields", "need", "source", "visibility", "opens", "whole", "unique"),
        *("ignored", "role", "rule", "senders", "performance", "outcomes", "ends", "from_case", "claim"),
    ]
)
MUST_KEYS = ("title", "short", "family", "fields", "need", "source", "visibility", "unique", "role")
MUST_ROLES = ("number", "day", "organ_code", "organ_name", "summary")
OF_CASES = ("summary",)
"""What a step writes has its number, day and organ from the case."""
NOT_FIELDS = frozenset({"unit"})
TAKEN = frozenset({"done_on", "submitted_on", "words", "evidence", "files", "duty"})
"""What an act of performance says in any case."""
FAMILIES = (
    "licence", "penalty", "list", "information", "revocation", "promise", "task", "suggestion", "case", "service", "person", "dishonesty",
)  # fmt: skip
VISIBILITIES = ("public", "organ", "restricted")
PERSONAL = ("", "secret", "sealed", "name", "mask")
FIELD_CHECKS = frozenset({"", "organ", "document_number_loose", *CHECKS})


def check(sources: Sources, duties: set[str]) -> set[str]:
    """Report all that is wrong; the ids of the kinds."""
    lists = codes.check(sources)
    paths = {path.stem: path for folder in sources.farthest_first for path in sorted((folder / "kinds").glob("*.toml"))}
    tables: dict[Path, list[Line]] = {}
    for path in paths.values():
        entry = sources.toml(path)
        if entry and _keys_hold(sources, path, entry):
            _kind(sources, path, entry, (lists, set(paths), duties), tables)
    return set(paths)


def _keys_hold(sources: Sources, path: Path, entry: Mapping[str, Any]) -> bool:
    label = sources.label(path)
    missing = [key for key in MUST_KEYS if key not in entry]
    if missing:
        sources.report(label, "整个文件", f"缺少{'、'.join(missing)}", "请照national/kinds/penalty_legal.toml补齐")
    if strange := sorted(set(entry) - KEYS):
        sources.report(label, "整个文件", f"不认识的项{'、'.join(strange)}", f"只能有：{'、'.join(sorted(KEYS))}")
    for key, allowed in (("family", FAMILIES), ("visibility", VISIBILITIES), ("need", ("legal", "natural", "any"))):
        if key in entry and entry[key] not in allowed:
            sources.report(label, key, f"写的“{entry[key]}”不认识", f"只能是：{'、'.join(allowed)}")
            missing.append(key)
    return not missing


def _kind(
    sources: Sources,
    path: Path,
    entry: Mapping[str, Any],
    known: tuple[Mapping[str, set[str]], set[str], set[str]],
    tables: dict[Path, list[Line]],
) -> None:
    lists, kinds, duties = known
    label = sources.label(path)
    whose = entry["need"]
    fields = _fields(sources, label, (entry["fields"], whose), lists, tables)
    if not fields:
        return
    ids = {line["id"] for line in fields}
    _roles(sources, label, entry, ids)
    _named(sources, label, "unique", entry["unique"], ids)
    _ignored(sources, label, entry, fields)
    for duty in entry.get("opens", ()):
        if duty not in duties:
            sources.report(label, "opens", f"没有义务种类“{duty}”", "“opens”填duties.toml里的编号")
    _rules(sources, label, entry, {line["id"]: line for line in fields}, (lists, kinds))
    for duty, asked in entry.get("performance", {}).items():
        if duty not in entry.get("opens", ()):
            sources.report(label, f"performance.{duty}", "这类数据不产生这项义务", "“performance”下写“opens”里有的义务")
        lines = _fields(sources, label, (str(asked.get("fields")), "any"), lists, tables)
        if taken := sorted(TAKEN & {line["id"] for line in lines}):
            sources.report(label, f"performance.{duty}", f"列名{'、'.join(taken)}系统自己要用", "请换一个列的id")
        _rules(sources, label, asked, {line["id"]: line for line in lines}, (lists, kinds))
    endings.check(sources, label, entry, {line["id"]: lists.get(line["codes"], set()) for line in fields})


def _fields(
    sources: Sources,
    label: str,
    named: tuple[str, str],
    lists: Mapping[str, set[str]],
    tables: dict[Path, list[Line]],
) -> list[Line]:
    """The lines of a field table, its faults reported the first time it is met."""
    name, whose = named
    at = next((p for folder in sources.pack.folders if (p := folder / "kinds" / name).exists()), None)
    if at is None:
        sources.report(label, "fields", f"没有字段表“{name}”", "请在kinds/下新建这个CSV，或者改正文件名")
        return []
    first = at not in tables
    if first:
        tables[at] = list(sources.table(at, (*FIELD_COLUMNS, f"need_{whose}", f"personal_{whose}"), BY_NEED))
        sources.unique(tables[at], "id")
        _headings(sources, tables[at])
    for line in tables[at]:
        if first:
            _field(sources, line, lists)
        _needs(sources, line, whose)
    return tables[at]


def _field(sources: Sources, line: Line, lists: Mapping[str, set[str]]) -> None:
    if not line["title"]:
        sources.at(line, "“title”没有填", "填数据标准里的中文列名")
    sources.choose(line, "type", get_args(FieldType))
    for column in ("length", "places"):
        if line[column] and not line[column].isdigit():
            sources.at(line, f"“{column}”写的“{line[column]}”不是数", "填整数，没有限制的留空")
    sources.choose(line, "search", ("yes", "no"))
    sources.choose(line, "public", ("yes", "no"))
    if line["check"] not in FIELD_CHECKS:
        sources.at(line, f"没有校验“{line['check']}”", f"只能是：{'、'.join(sorted(FIELD_CHECKS - {''}))}，或者留空")
    chosen = line["type"] in ("choice", "choices")
    if chosen and line["codes"] not in lists:
        sources.at(line, f"没有代码表“{line['codes']}”", "“codes”填codes.csv里“list”一列的名称")
    if line["codes"] and not chosen:
        sources.at(line, "写了代码表，类型却不是选项", "“type”改为choice（单选）或者choices（多选），或者删去“codes”")
    if not line["hint"]:
        sources.at(line, "没有填写说明", "“hint”写一句话，告诉填报员怎么填", "warning")


def _needs(sources: Sources, line: Line, whose: str) -> None:
    sources.choose(line, f"need_{whose}", get_args(Need))
    sources.choose(line, f"personal_{whose}", PERSONAL)
    if line[f"personal_{whose}"] in ("secret", "sealed") and line["public"] == "yes":
        sources.at(line, "既是保密的个人信息，又写了可以公示", "“public”改为no")


def _headings(sources: Sources, fields: list[Line]) -> None:
    meant: dict[str, dict[str, Line]] = defaultdict(dict)
    for line in fields:
        for heading in (line["id"], line["title"], *words(line["aliases"])):
            meant[fold(heading)][line["id"]] = line
    for heading, lines in meant.items():
        if len(lines) > 1:
            message = f"表头“{heading}”同时指{'、'.join(sorted(lines))}"
            sources.at(list(lines.values())[-1], message, "一个表头只能指一列，请从其中一行的“aliases”里删去")


def _ignored(sources: Sources, label: str, entry: Mapping[str, Any], fields: list[Line]) -> None:
    meant = {fold(heading) for line in fields for heading in (line["id"], line["title"], *words(line["aliases"]))}
    for heading in entry.get("ignored", {}):
        if fold(heading) in meant:
            sources.report(
                label, "ignored", f"表头“{heading}”既要读入又要略过", "请从[ignored]或者字段的“aliases”里删去一处"
            )


def _roles(sources: Sources, label: str, entry: Mapping[str, Any], ids: set[str]) -> None:
    for role in OF_CASES if entry.get("from_case") else MUST_ROLES:
        if role not in entry["role"]:
            sources.report(label, "role", f"没有写“{role}”由哪一列担任", f'请在[role]里加 {role} = "列的id"')
    for role, named in entry["role"].items():
        if role not in NOT_FIELDS:
            _named(sources, label, f"role.{role}", named, ids)


def _named(sources: Sources, label: str, entry: str, named: str | list[str], ids: set[str]) -> None:
    for name in [named] if isinstance(named, str) else named:
        if name and name not in ids:
            sources.report(label, entry, f"没有列“{name}”", "填字段表里“id”一列的名称")


def _rules(
    sources: Sources,
    label: str,
    entry: Mapping[str, Any],
    fields: Mapping[str, Line],
    known: tuple[Mapping[str, set[str]], set[str]],
) -> None:
    seen: set[str] = set()
    for rule in entry.get("rule", ()):
        name = f"规则{rule.get('id', '（无编号）')}"
        if missing := [key for key in ("id", "check", "level", "source") if not rule.get(key)]:
            sources.report(label, name, f"缺少{'、'.join(missing)}", "每条[[rule]]都要有id、check、level、source")
            continue
        if rule["id"] in seen:
            sources.report(label, name, "编号重复", "请给这条规则另起编号")
        seen.add(rule["id"])
        if rule["level"] not in ("error", "warning"):
            sources.report(label, name, f"“level”写的“{rule['level']}”不认识", "只能是error（不收）或者warning（提醒）")
        if rule["check"] not in CROSS_CHECKS:
            message = f"没有检查“{rule['check']}”"
            sources.report(label, name, message, f"只能是：{'、'.join(CROSS_CHECKS)}")
            continue
        _params(sources, label, (name, rule), fields, known)


def _params(
    sources: Sources,
    label: str,
    named: tuple[str, Mapping[str, Any]],
    fields: Mapping[str, Line],
    known: tuple[Mapping[str, set[str]], set[str]],
) -> None:
    name, rule = named
    lists, kinds = known
    params = rule.get("params", {})
    params_hold(sources, label, name, params, CROSS_CHECKS[rule["check"]])
    for key in PARAMS_NAMING_FIELDS & params.keys():
        _named(sources, label, f"{name}.{key}", params[key], set(fields))
    column = next((params[key] for key in ("field", "when", "category", "type") if key in params), "")
    codes = lists.get(fields[column]["codes"], set()) if column in fields else set()
    elsewhere = params.get("elsewhere", {})
    for value in chain(
        params.get("values", ()), elsewhere, params.get("prefixes", {}).values(), params.get("checks", ())
    ):
        if codes and value not in codes:
            sources.report(label, name, f"“{column}”的代码表里没有“{value}”", "请改成codes.csv里有的值")
    for kind in elsewhere.values():
        if kind not in kinds:
            sources.report(label, name, f"没有事实种类“{kind}”", "“elsewhere”填kinds/下的文件名，不带.toml")


def params_hold(
    sources: Sources, label: str, name: str, params: Mapping[str, Any], spec: tuple[frozenset[str], frozenset[str]]
) -> None:
    """Report parameters a check must be given and is not, and those it does not know."""
    must, may = spec
    if missing := sorted(must - params.keys()):
        sources.report(label, name, f"缺少参数{'、'.join(missing)}", "请在params里补上")
    if strange := sorted(params.keys() - must - may):
        sources.report(
            label,
            name,
            f"不认识的参数{'、'.join(strange)}",
            f"只能有：{'、'.join(sorted(must | may)) or '（没有参数）'}",
        )
