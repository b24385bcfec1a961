"""Each way a pack can be wrong, and the words an official reads: `tests/wrong/packs/*/expected.txt`."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from jiannuo.policy.check import errors, problems
from jiannuo.policy.pack import ROOT, Pack, PackError, load

WRONG = Path(__file__).resolve().parents[1] / "wrong" / "packs"
TODAY = date(2026, 11, 23)
FOLDERS = sorted(path.parent for path in WRONG.glob("*/expected.txt"))
NOT_YET = "还没有2027年的放假安排"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_everything_wrong_is_named_at_once(folder: Path) -> None:
    found = [problem for problem in problems(load(folder), as_of=TODAY) if NOT_YET not in problem.message]
    assert [f"{problem.level}　{problem}" for problem in found] == folder.joinpath(
        "expected.txt"
    ).read_text().splitlines()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_problem_says_where_and_what_to_do(folder: Path) -> None:
    for problem in problems(load(folder), as_of=TODAY):
        assert problem.file
        assert problem.entry
        assert problem.fix


@pytest.mark.parametrize(
    "name, words",
    [
        ("extends_nothing", "不是策略包（没有 pack.toml）"),
        ("extends_itself", "extends 绕成了圈"),
        ("not_a_pack", "不是策略包（没有 pack.toml）"),
    ],
)
def test_what_is_no_pack_is_refused(name: str, words: str) -> None:
    with pytest.raises(PackError, match=words.replace("（", ".").replace("）", ".")):
        load(WRONG / name)


PARTS = (
    "organs",
    "clauses",
    "tasks",
    "catalogue",
    "kinds",
    "deadlines",
    "duties",
    "filters",
    "calendar",
    "sections",
    "flows",
    "repair_classes",
    "measures",
    "rates",
)
REFUSED = {
    "organ_unknown": {"tasks", "catalogue"},
    "ids_repeated": set(),
    "column_missing": {"organs"},
    "row_ragged": {"organs"},
    "fields_missing": {"kinds"},
    "codes_unknown": set(),
    "value_impossible": {"deadlines"},
    "file_broken": {"deadlines"},
    "file_not_utf8": {"organs", "filters"},
    "filter_unknown": {"filters"},
    "calendar_without_notice": {"calendar"},
    "duty_without_deadline": set(),
    "organ_spells_overlap": set(),
    "files_wrong": {"sections"},
    "repair_wrong": set(),
    "measures_wrong": {"measures"},
    "claims_wrong": {"rates"},
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_pack_reads_or_is_refused_in_words(name: str) -> None:
    refused = {part: refusal(load(WRONG / name), part) for part in PARTS}
    assert {part for part, told in refused.items() if told} == REFUSED[name]
    assert all(told.startswith((f"{name}/", f"{name}: ")) for told in refused.values() if told)


def refusal(pack: Pack, part: str) -> str:
    try:
        getattr(pack, part)
    except PackError as told:
        return str(told)
    return ""


@pytest.mark.parametrize("name", ["national", "henan", "huaxian", "sample"])
def test_the_packs_we_ship_have_no_errors(name: str) -> None:
    assert [str(problem) for problem in errors(load(ROOT / name), as_of=TODAY)] == []


def test_a_value_goes_stale_a_year_after_it_was_confirmed() -> None:
    said = [problem.message for problem in problems(load(ROOT / "national"), as_of=date(2027, 12, 1))]
    assert any("上次确认是2026-11-23，已超过一年" in message for message in said)
    assert any("还没有2027年的放假安排" in message for message in said)


def test_the_next_year_is_asked_for_in_november_not_before() -> None:
    october = [problem.message for problem in problems(load(ROOT / "national"), as_of=date(2026, 10, 31))]
    assert not any(NOT_YET in message for message in october)


def test_a_new_digest_for_every_byte(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(ROOT / "national", copy)
    before = load(copy).digest
    load.cache_clear()
    with copy.joinpath("notices.csv").open("a") as more:
        more.write("2027,试,试,\n")
    assert load(copy).digest != before
    assert before == load(ROOT / "national").digest
