"""The guides tell the truth: what their blocks say, written to disk, is a pack without errors."""

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from jiannuo.policy.cases import cases, run
from jiannuo.policy.check import errors
from jiannuo.policy.pack import ROOT, Pack, load

TODAY = date(2026, 11, 23)
BLOCK = re.compile(
    r"^```(?:toml|csv) (?P<more>加到 )?(?P<path>\S+)\n(?P<text>.*?)^```$", flags=re.MULTILINE | re.DOTALL
)


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    for name in ("national", "henan", "sample"):
        shutil.copytree(ROOT / name, tmp_path / "packs" / name)
    return tmp_path


def follow(guide: str, shelf: Path, root: Path) -> list[Path]:
    written = []
    for block in BLOCK.finditer((root / "docs" / guide).read_text("utf-8")):
        path = shelf / block["path"]
        assert path.exists() == bool(block["more"]), f"{block['path']}：新建的不该已有，要加到的应当已有"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(block["text"])
        written.append(path)
    return written


def own_cases_hold(pack: Pack, file: str) -> bool:
    told = [case for case in cases(pack) if case.file == file]
    return bool(told) and all(run(pack, case).holds for case in told)


def test_a_county_can_be_added_by_the_guide(shelf: Path, root: Path) -> None:
    assert len(follow("adding-a-county.md", shelf, root)) == 8
    pack = load(shelf / "packs" / "linhe")
    assert [str(problem) for problem in errors(pack, as_of=TODAY)] == []
    assert own_cases_hold(pack, "linhe/cases/disclose_decision.toml")
    assert pack.kinds["penalty_legal"].clause == "一-1"


def test_a_kind_can_be_added_by_the_guide(shelf: Path, root: Path) -> None:
    assert len(follow("adding-a-kind.md", shelf, root)) == 6
    pack = load(shelf / "packs" / "sample")
    assert [str(problem) for problem in errors(pack, as_of=TODAY)] == []
    assert own_cases_hold(pack, "sample/cases/promise.toml")
    assert pack.kinds["promise"].readings("promise_way")["书面承诺"] == "书面"
    assert pack.duties["disclose_promise"].deadline == "disclose_promise"


def test_a_procedure_can_be_added_by_the_guide(shelf: Path, root: Path) -> None:
    assert len(follow("adding-a-flow.md", shelf, root)) == 6
    pack = load(shelf / "packs" / "sample")
    assert [str(problem) for problem in errors(pack, as_of=TODAY)] == []
    assert own_cases_hold(pack, "sample/cases/idea.toml")
    assert [step.title for step in pack.flows["idea"].out_of("received")] == ["转有关单位", "答复"]


def test_a_case_of_a_kind_that_is_not_there_does_not_hold(shelf: Path, root: Path) -> None:
    follow("adding-a-kind.md", shelf, root)
    shelf.joinpath("packs/sample/kinds/promise.toml").unlink()
    pack = load(shelf / "packs" / "sample")
    assert not own_cases_hold(pack, "sample/cases/promise.toml")
