"""What can be wrong with the checklists of a pack, and with a procedure that is answered by one."""

from typing import Any, Protocol

from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.checklists import COLUMNS

KEYS = frozenset({"items", "kind"})
ANSWER_FIELDS = ("item", "result", "words", "photo")


class Known(Protocol):
    """What a procedure may name."""

    checklists: set[str]
    of_cases: set[str]

    def fields(self, kind: str) -> dict[str, str]:
        """The fields of a kind, each with how personal it is."""
        ...


def check(sources: Sources) -> set[str]:
    """Report all that is wrong with the lists; their names."""
    names: set[str] = set()
    for folder in sources.farthest_first:
        for path in sorted((folder / "checklists").glob("*.csv")):
            names.add(path.stem)
            lines, seen = list(sources.table(path, COLUMNS)), set[str]()
            if not lines:
                sources.report(sources.label(path), "整个文件", "清单里一项也没有", "请至少写一项")
            for line in lines:
                for column in COLUMNS:
                    if not line[column]:
                        sources.at(line, f"“{column}”没有填", "编号、问题、依据、怎样检查都要写")
                if not line["code"].isalnum() or not line["code"].isascii():
                    sources.at(line, f"编号“{line['code']}”不对", "编号用字母和数字，如J01")
                if line["code"] in seen:
                    sources.at(line, f"编号“{line['code']}”重复", "请给其中一项另起编号")
                seen.add(line["code"])
    return names


def flow_holds(sources: Sources, label: str, entry: Any, known: Known) -> None:
    """Report what is wrong with the `checklist` of a procedure."""
    if not isinstance(entry, dict) or set(entry) != KEYS:
        sources.report(label, "checklist", "没有写全或者有不认识的项", f"要写：{'、'.join(sorted(KEYS))}")
        return
    if entry["items"] not in known.checklists:
        sources.report(label, "checklist.items", f"没有检查清单“{entry['items']}”", "填checklists/下的文件名，不带.csv")
    missing = [name for name in ANSWER_FIELDS if name not in known.fields(entry["kind"])]
    if entry["kind"] not in known.of_cases or missing:
        fix = f"“kind”填kinds/下from_case的种类，要有这几列：{'、'.join(ANSWER_FIELDS)}"
        sources.report(label, "checklist.kind", f"“{entry['kind']}”不能用来记检查的回答", fix)
