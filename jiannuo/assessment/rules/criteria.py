"""Whether an organ meets a criterion of an honour, from what the ledger says. Pure."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from jiannuo.duties.rules import Share
from jiannuo.policy.criteria import Criterion

Word = Literal["yes", "no", "ask"]
WORDS: Mapping[str, str] = {"yes": "符合", "no": "不符合", "ask": "由评估的人判断"}


class Met(Struct, frozen=True):
    """A criterion with how an organ stands by it and the fact that says so."""

    criterion: Criterion
    word: Word
    fact: str

    @property
    def line(self) -> str:
        """As a step of a case keeps it."""
        return f"{self.criterion.id}|{self.word}|{self.criterion.title}：{self.fact}"


def by_rate(criterion: Criterion, share: Share) -> Met:
    """Met from the least percentage on, computed exactly; where nothing fell due there is nothing to say."""
    if not share.whole:
        return Met(criterion, "ask", "这段时间没有到期的，由评估的人判断")
    holds = Decimal(share.part) * 100 >= criterion.least * share.whole
    return Met(criterion, "yes" if holds else "no", f"到期{share.whole}件，按期{share.part}件（{share.percent}）")


def by_record(criterion: Criterion, barring: tuple[str, ...]) -> Met:
    """Met where nothing bars it."""
    return Met(criterion, "no" if barring else "yes", "；".join(barring) or "没有这样的记录")


def by_papers(criterion: Criterion) -> Met:
    """For whoever evaluates to judge."""
    return Met(criterion, "ask", criterion.shown_by)
