"""What can be wrong with the papers that count as held: no such record, no column that names them, no limit for how long."""

from collections.abc import Collection, Mapping

from jiannuo.policy.checking.rules import backed, is_table
from jiannuo.policy.checking.sources import Sources

KEYS = frozenset(
    {"what", "source", "clause", "assumed", "records", "named", "from", "until", "only", "flows", "keeps", "never"}
)  # fmt: skip


def check(sources: Sources, clauses: set[str], known: Mapping[str, Collection[str]]) -> None:
    """Report all that is wrong. `known` holds the kinds, deadlines and flows there are."""
    for folder in sources.farthest_first:
        path = folder / "papers.toml"
        label = sources.label(path)
        for name, entry in sources.toml(path).items():
            if not is_table(sources, label, name, entry, KEYS, ("what",)):
                continue
            backed(sources, (label, name, entry), clauses, carried=False)
            for what, named, fix in (
                ("事实种类", entry.get("records", ()), "“records”填kinds/下的文件名，不带.toml"),
                ("流程", entry.get("flows", ()), "“flows”填flows/下的文件名"),
                ("时限", [entry["keeps"]] if entry.get("keeps") else [], "“keeps”填deadlines.toml里的编号"),
            ):
                for one in named:
                    if one not in known[what]:
                        sources.report(label, name, f"没有{what}“{one}”", fix)
            if bool(entry.get("records")) == bool(entry.get("flows")):
                sources.report(
                    label, name, "没有写明什么算已有", "写records（哪些记录）或者flows（以前的哪些申请），只写一样"
                )
            if entry.get("flows") and not entry.get("keeps"):
                sources.report(label, name, "没有写以前的材料多久以内还算", "请用keeps写一个时限")
            _columns(sources, (label, name), entry)


def _columns(sources: Sources, at: tuple[str, str], entry: Mapping[str, object]) -> None:
    kinds = {
        path.stem: sources.toml(path) for folder in sources.farthest_first for path in (folder / "kinds").glob("*.toml")
    }
    records = entry.get("records", ())
    only = entry.get("only", {})
    for kind in records if isinstance(records, list) else ():
        ids = {line.get("id") for line in sources.lines(f"kinds/{kinds.get(kind, {}).get('fields')}")}
        named = [str(entry.get("named", "")), *(str(entry[key]) for key in ("from", "until") if entry.get(key))]
        for column in (*named, *(only if isinstance(only, dict) else ())):
            if ids and column not in ids:
                sources.report(*at, f"“{kind}”没有列“{column}”", "填字段表里“id”一列的名称")
