"""Every worked example of every pack is what the pack says, and every pack has some."""

from pathlib import Path

import pytest

from jiannuo.policy.cases import Case, cases, run
from jiannuo.policy.pack import ROOT, Pack, load

PACKS = sorted(path.parent for path in ROOT.glob("*/pack.toml"))


def told() -> list[tuple[Pack, Case]]:
    """The cases of each pack's own folder, asked of that pack; a county's are asked with all it extends."""
    return [
        (load(folder), case)
        for folder in PACKS
        for case in cases(load(folder))
        if case.file.startswith(f"{folder.name}/") or "county" in load(folder).about
    ]


@pytest.mark.parametrize(
    "pack, case", [pytest.param(*each, id=f"{each[0].folder.name}: {each[1].what}") for each in told()]
)
def test_a_case_holds(pack: Pack, case: Case) -> None:
    outcome = run(pack, case)
    assert outcome.holds, outcome.found


@pytest.mark.parametrize("folder", PACKS, ids=lambda folder: folder.name)
def test_every_pack_has_cases(folder: Path) -> None:
    assert any(case.file.startswith(f"{folder.name}/") for case in cases(load(folder)))


def test_every_deadline_read_in_the_original_has_a_case() -> None:
    pack = load(ROOT / "huaxian")
    about = {case.about for case in cases(pack)}
    assert {name for name, entry in pack.deadlines.items() if not entry.assumed} <= about


def test_a_case_that_asks_nothing_does_not_hold() -> None:
    pack = load(ROOT / "national")
    assert not run(pack, Case("x", "无", "", {"what": "无"})).holds
