"""What can be wrong with `files.toml`: the sections of the files kept of organs and officials."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.rules import FAMILIES, backed, is_table
from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.files import GATHERS, READERS, SUBJECTS

MUST = ("subject", "title", "gathers", "readers")
KEYS = frozenset({*MUST, "what", "source", "clause", "assumed", "required", "fresh_within", "who", "missing"})


def check(sources: Sources, clauses: set[str], kinds: set[str], duties: set[str]) -> None:
    """Report all that is wrong with the sections, and the closed kinds that no section lets anybody read."""
    gathered: set[str] = set()
    for folder in sources.farthest_first:
        path = folder / "files.toml"
        label = sources.label(path)
        for name, entry in (sources.toml(path) if path.exists() else {}).items():
            if is_table(sources, label, name, entry, KEYS, MUST):
                at = (label, name, entry)
                backed(sources, at, clauses, carried=False)
                _choices(sources, at)
                _gathered(sources, at, kinds, duties)
                gathered |= set(entry.get("what", ())) if entry["gathers"] == "entries" else set()
    closed = {
        name
        for name, entry in _kinds(sources).items()
        if entry.get("visibility") == "restricted" and not entry.get("from_case")
    }
    for name in sorted(closed - gathered):
        label = sources.label(sources.pack.folder / "files.toml")
        message = f"事实种类“{name}”不公开，却没有哪一部分档案收它"
        sources.report(label, name, message, "谁也查不到它了：请在files.toml里加一部分，写明谁可以看")


def _choices(sources: Sources, at: tuple[str, str, Mapping[str, Any]]) -> None:
    label, name, entry = at
    for key, allowed in (("subject", SUBJECTS), ("gathers", GATHERS)):
        if entry[key] not in allowed:
            known = "、".join(f"{word}（{title}）" for word, title in allowed.items())
            sources.report(label, name, f"“{key}”写的“{entry[key]}”不认识", f"只能是：{known}")
    for reader in entry["readers"]:
        if reader not in READERS:
            known = "、".join(f"{word}（{title}）" for word, title in READERS.items())
            sources.report(label, name, f"“readers”写的“{reader}”不认识", f"只能是：{known}；本人总能看自己的")
    months = entry.get("fresh_within", 0)
    if not isinstance(months, int) or isinstance(months, bool) or months < 0:
        sources.report(label, name, f"“fresh_within”写的“{months}”不对", "填月数，如12；不过期的填0")
    if entry.get("required") and not entry.get("missing"):
        sources.report(label, name, "应有的档案没有写缺了怎么办", "请在“missing”里写由谁报送什么")
    if entry["subject"] == "official" and entry["gathers"] in ("breaches", "figures"):
        sources.report(label, name, f"公务员的档案不能收“{entry['gathers']}”", "只有单位的档案有这一项")
    if entry["subject"] == "organ" and entry["gathers"] == "offices":
        sources.report(label, name, "单位的档案不能收“offices”", "只有公务员的档案有任职")


def _gathered(sources: Sources, at: tuple[str, str, Mapping[str, Any]], kinds: set[str], duties: set[str]) -> None:
    label, name, entry = at
    known = {"entries": kinds, "duties": set(FAMILIES), "figures": duties}.get(entry["gathers"])
    wrong = {
        "entries": ("没有事实种类", "“what”填kinds/下的文件名，不带.toml"),
        "duties": ("没有义务的类别", f"“what”只能填：{'、'.join(FAMILIES)}"),
        "figures": ("没有义务种类", "“what”填duties.toml里的编号"),
    }
    if known is None:
        return
    if not entry.get("what"):
        sources.report(label, name, "没有写收什么", wrong[entry["gathers"]][1])
    for one in entry.get("what", ()):
        if one not in known:
            sources.report(label, name, f"{wrong[entry['gathers']][0]}“{one}”", wrong[entry["gathers"]][1])
    if entry["gathers"] == "entries":
        _about_whom(sources, at)


def _about_whom(sources: Sources, at: tuple[str, str, Mapping[str, Any]]) -> None:
    label, name, entry = at
    known = _kinds(sources)
    for kind in entry.get("what", ()):
        if entry["subject"] == "organ" and known.get(kind, {}).get("visibility") == "restricted":
            fix = "单位的档案看的人多，只能收公开的和单位内部的记录"
            sources.report(label, name, f"事实种类“{kind}”不公开，不能收进单位的档案", fix)
        if entry["subject"] == "official" and kind in known and not known[kind].get("role", {}).get("official"):
            fix = f"请在kinds/{kind}.toml的[role]里写明哪一列是人员编号（official）"
            sources.report(label, name, f"事实种类“{kind}”没有说是哪位公务员的", fix)


def _kinds(sources: Sources) -> dict[str, Mapping[str, Any]]:
    return {
        path.stem: sources.toml(path)
        for folder in sources.farthest_first
        for path in sorted((folder / "kinds").glob("*.toml"))
    }
