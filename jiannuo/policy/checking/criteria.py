"""What can be wrong with the criteria of honours."""

from collections.abc import Collection

from jiannuo.policy.checking.rules import backed, is_table
from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.criteria import CHECKS

MUST = ("title", "shown_by", "check")
KEYS = frozenset({*MUST, "duty", "least", "source", "clause", "assumed"})


def check(sources: Sources, clauses: set[str], duties: Collection[str]) -> None:
    """Report all that is wrong; a duty that a county adds is looked for in the county's own pack."""
    for folder in sources.farthest_first:
        path = folder / "criteria.toml"
        label = sources.label(path)
        for name, entry in sources.toml(path).items():
            if not is_table(sources, label, name, entry, KEYS, MUST):
                continue
            backed(sources, (label, name, entry), clauses, carried=False)
            if entry["check"] not in CHECKS:
                known = "、".join(f"{one}（{words}）" for one, words in CHECKS.items())
                sources.report(label, name, f"“check”写的“{entry['check']}”不认识", f"只能是：{known}")
            if (entry["check"] == "rate") != ("duty" in entry and "least" in entry):
                sources.report(
                    label, name, "比率没有写全", "“rate”要写duty（义务种类）和least（最低百分之几），别的不写"
                )
            least = entry.get("least", 0)
            if not isinstance(least, int) or isinstance(least, bool) or not 0 <= least <= 100:
                sources.report(label, name, f"“least”写的“{least}”不对", "填0到100的整数，如95")
            if sources.county and entry.get("duty", next(iter(duties), "")) not in duties:
                sources.report(label, name, f"没有义务种类“{entry['duty']}”", "“duty”填duties.toml里的编号")
