"""Sentences nobody here wrote: what of real work reports and livelihood projects can be held to, and in what words the rest comes back."""

import csv
import json
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from jiannuo.intake import actions, queries
from jiannuo.intake.rules.promising import VAGUE
from jiannuo.policy import pack as policy
from jiannuo.subjects.rules import OrganCard
from tests.packages.kinds import ROADS, ROWS
from tests.packages.promising import at

NOW = at("2026-11-23")
YEARS = (2024, 2025, 2026)

Judge = Callable[[str, Sequence[str]], dict[str, list[str]]]


@pytest.fixture
def judged(organs: Callable[[str], OrganCard]) -> Judge:
    """What is said of each text when it is sent in as a promise whose other fields are in order; nothing of those that pass."""

    def judging(kind: str, texts: Sequence[str]) -> dict[str, list[str]]:
        good = ROWS[kind][1]
        rows = [
            {**good, "number": f"真{number}", "title": text[:500], "measure": text[:200]} for number, text in enumerate(texts, start=1)
        ]  # fmt: skip
        batch_id = actions.receive_rows(
            rows, kind=kind, organ_id=organs(ROADS).id, author="clerk", at=NOW, as_of=NOW.date()
        )
        card = actions.process(batch_id, clock=lambda: NOW)
        assert (card.rows, card.refusal) == (len(texts), {})
        said: dict[str, list[str]] = {text: [] for text in texts}
        for one in queries.problems(batch_id, limit=20_000)[1]:
            if one.level == "error":
                assert one.fix
                said[texts[one.row - 2]].append(one.message)
        return said

    return judging


def sentences(shared: Path, year: int) -> list[str]:
    path = shared / "commitments" / f"national_work_report_{year}_sentences.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(dict.fromkeys(row["句子"] for row in csv.DictReader(file)))


@pytest.mark.row("C1")
@pytest.mark.parametrize("year", YEARS)
def test_most_sentences_of_a_real_report_cannot_be_held_to_and_are_told_why(
    judged: Judge, shared: Path, year: int
) -> None:
    told = judged("work_target", sentences(shared, year))
    words = {code.value for code in policy.current().codes[VAGUE]}
    why: Counter[str] = Counter()
    for text, messages in told.items():
        for message in messages:
            named = next((word for word in words if f"写了“{word}”" in message), "")
            assert named in text
            why["vague" if named else "no number" if "没有写出数" in message else "other"] += 1
        # What has a number and none of the words comes in.
        assert messages or not any(word in text for word in words)
    assert why["other"] == 0
    refused = sum(1 for messages in told.values() if messages)
    assert why["vague"] > 50
    assert why["no number"] > 50
    assert refused > len(told) / 2


@pytest.mark.row("C2")
def test_real_livelihood_projects_come_in_save_those_that_say_no_number(judged: Judge, shared: Path) -> None:
    tables = json.loads((shared / "commitments" / "minsheng_real.json").read_text("utf-8"))
    items = [one["item"] for table in tables for one in table.get("items", ()) if "lead" in one]
    told = judged("livelihood_project", list(dict.fromkeys(items)))
    assert told["建设四好农村路55公里"] == []
    assert told["推进县职业中专扩容提升"] == ["没有写出数，办了多少别人核对不了"]
    assert sum(1 for messages in told.values() if not messages) > len(told) * 0.8


@pytest.mark.row("C2")
def test_the_figures_a_county_published_are_measures(judged: Judge, shared: Path) -> None:
    tables = json.loads((shared / "commitments" / "minsheng_real.json").read_text("utf-8"))
    items = [f"{one['item']}{one['target']}个" for table in tables for one in table.get("items", ()) if "target" in one]
    assert items
    assert not any(judged("livelihood_project", items).values())
