"""What can be wrong with the layout of the half-yearly report (`report.toml`)."""

from collections.abc import Mapping
from typing import Any

from jiannuo.policy.checking.sources import Sources
from jiannuo.policy.reporting import FIGURES

KEYS = frozenset({"title", "source", "assumed", "section", "words"})
SECTION_KEYS = frozenset({"id", "title", "hint", "required", "shortest", "longest", "figures", "collected"})
MUST = ("id", "title", "longest")


def check(sources: Sources) -> None:
    """Report all that is wrong with the sections and the words of the report."""
    for folder in sources.farthest_first:
        path = folder / "report.toml"
        if entry := sources.toml(path):
            _layout(sources, sources.label(path), entry)


def _layout(sources: Sources, label: str, entry: Mapping[str, Any]) -> None:
    if strange := sorted(entry.keys() - KEYS):
        sources.report(label, "整个文件", f"不认识的项{'、'.join(strange)}", f"只能有：{'、'.join(sorted(KEYS))}")
    for key in ("title", "source"):
        if not entry.get(key):
            sources.report(label, key, "没有填", "写明报告的名称和依据")
    sections = entry.get("section", [])
    if not sections:
        sources.report(label, "整个文件", "没有写分哪几段", "请加 [[section]]，写明id、title、longest")
    seen: set[str] = set()
    for section in sections:
        name = f"section {section.get('id', '（无编号）')}"
        if section.get("id") in seen:
            sources.report(label, name, "编号重复", "请给这一段另起编号")
        seen.add(str(section.get("id")))
        _section(sources, label, name, section)
    _known(sources, label, "words", entry.get("words", {}))


def _section(sources: Sources, label: str, name: str, section: Mapping[str, Any]) -> None:
    if strange := sorted(section.keys() - SECTION_KEYS):
        sources.report(label, name, f"不认识的项{'、'.join(strange)}", f"只能有：{'、'.join(sorted(SECTION_KEYS))}")
    if missing := [key for key in MUST if not section.get(key)]:
        sources.report(label, name, f"缺少{'、'.join(missing)}", "请补上")
    shortest, longest = section.get("shortest", 0), section.get("longest", 0)
    if not isinstance(shortest, int) or not isinstance(longest, int) or not 0 <= shortest <= longest:
        sources.report(label, name, f"字数写的“{shortest}”到“{longest}”不对", "填整数，shortest不超过longest")
    _known(sources, label, name, section.get("figures", []))


def _known(sources: Sources, label: str, name: str, figures: Any) -> None:
    for figure in figures:
        if figure not in FIGURES:
            sources.report(label, name, f"没有数字“{figure}”", f"只能是：{'、'.join(FIGURES)}")
