"""A pack is its own folder before those it extends, and nothing of a county is in the code."""

from pathlib import Path

import pytest

from jiannuo.policy import pack as packs
from jiannuo.policy.pack import ROOT, current, load


def test_nearest_folder_first() -> None:
    assert [folder.name for folder in load(ROOT / "huaxian").folders] == ["huaxian", "henan", "national"]


def test_the_environment_chooses_the_county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIANNUO_PACK", str(ROOT / "sample"))
    assert current().about["county"] == "青禾县"
    monkeypatch.delenv("JIANNUO_PACK")
    assert current().about["county"] == "滑县"


def test_a_county_may_replace_a_list_and_a_kind_and_keep_the_rest(tmp_path: Path) -> None:
    folder = tmp_path / "north"
    folder.joinpath("kinds").mkdir(parents=True)
    folder.joinpath("pack.toml").write_text('id = "north"\nextends = "national"\n', "utf-8")
    folder.joinpath("kinds", "codes.csv").write_text(
        "list,value,label,since,until,detail,aliases\nduty_type,本职,,,,no,\n", "utf-8"
    )
    kinds = load(folder).kinds
    assert kinds["duty_item"].codes["duty_type"] == ("本职",)
    assert "罚款" in kinds["penalty_legal"].codes["penalty_type"]


def test_two_counties_load_without_code() -> None:
    for name in ("huaxian", "sample"):
        pack = load(ROOT / name)
        for part in (
            pack.clauses,
            pack.organs,
            pack.tasks,
            pack.catalogue,
            pack.kinds,
            pack.deadlines,
            pack.duties,
            pack.sites,
        ):
            assert part


def test_no_county_is_in_the_code() -> None:
    code = Path(packs.__file__).parent
    written = "".join(path.read_text("utf-8") for path in code.rglob("*.py"))
    assert written.count("滑县") == 1, "只有默认策略包的说明可以提到滑县"
    assert "青禾" not in written
