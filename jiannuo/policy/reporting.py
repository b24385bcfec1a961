"""The half-yearly report as the pack words it: which sections an organ writes, which figures stand in them, what words mean which figure."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self

from msgspec import Struct

DUTY = "half_year_report"
"""The kind of duty by which the calendar asks for the report."""

FIGURES: Mapping[str, str] = MappingProxyType(
    {
        "decisions_due": "应公示的许可、处罚决定",
        "decisions_on_time": "按期公示",
        "decisions_late": "迟报",
        "decisions_missing": "超期未公示",
        "decisions_timeliness": "双公示及时率",
        "information_due": "应主动公开的信息",
        "information_timeliness": "主动公开及时率",
        "promises_due": "到期的承诺和节点",
        "promises_on_time": "按期兑现",
        "promises_late": "逾期后兑现",
        "promises_broken": "逾期未兑现",
        "promises_moved": "公开变更过期限",
        "promises_kept_rate": "承诺按期兑现率",
        "targets_due": "到期的工作目标和民生实事",
        "targets_on_time": "按期完成的目标和实事",
        "suggestions_due": "到期的建议和提案",
        "suggestions_timeliness": "建议提案按期办复率",
        "suggestions_satisfaction": "建议提案满意率",
        "judgments_due": "应履行的裁判",
        "judgments_rate": "裁判按期履行率",
        "lawsuits_concluded": "审结的行政诉讼案件",
        "loss_rate": "败诉率",
        "services_due": "到期的政务服务办件",
        "services_timeliness": "办件按时办结率",
        "tasks_due": "到期的任务",
        "tasks_on_time": "按期完成的任务",
        "breaches": "记入台账的逾期",
        "disputed": "被反映不实的承诺",
        "people_agreed_rate": "群众认可率",
        "catalogue_missing": "公开目录里缺的",
    }
)
"""Every figure a report may show, and what people call it. How each is counted is said in `jiannuo.assessment.rules.figures`."""


class Section(Struct, frozen=True):
    """One part of the report: the organ's words, and the figures that stand under them."""

    id: str
    title: str
    hint: str
    required: bool
    shortest: int
    longest: int
    figures: tuple[str, ...]
    collected: bool = False
    """The consolidated report gives what organs wrote here, word for word."""

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=entry["id"],
            title=entry["title"],
            hint=entry.get("hint", ""),
            required=bool(entry.get("required", True)),
            shortest=int(entry.get("shortest", 0)),
            longest=int(entry["longest"]),
            figures=tuple(entry.get("figures", ())),
            collected=bool(entry.get("collected", False)),
        )


class ReportForm(Struct, frozen=True):
    """How a half-yearly report is laid out."""

    title: str
    source: str
    sections: tuple[Section, ...]
    words: Mapping[str, tuple[str, ...]]
    """Ways of naming a figure in the organ's words, by figure; the longest are looked for first."""
    assumed: str = ""

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures of all sections, in their order."""
        return tuple(figure for section in self.sections for figure in section.figures)

    @classmethod
    def read(cls, entry: Mapping[str, Any]) -> Self:
        return cls(
            title=entry.get("title", ""),
            source=entry.get("source", ""),
            sections=tuple(Section.read(section) for section in entry.get("section", ())),
            words={name: tuple(words) for name, words in entry.get("words", {}).items()},
            assumed=entry.get("assumed", ""),
        )
