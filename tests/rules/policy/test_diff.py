"""A change of pack is said as an official would say it."""

import shutil
from pathlib import Path

import pytest

from jiannuo.policy.diff import diff
from jiannuo.policy.pack import ROOT, Pack, load


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in ("national", "henan", "sample"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def said(after: Path) -> list[str]:
    return [str(change) for change in diff(load(ROOT / "sample"), load(after / "sample"))]


def swap(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_the_same_pack_changes_nothing() -> None:
    assert diff(load(ROOT / "sample"), load(ROOT / "sample")) == []


def test_a_new_value_is_said_with_the_one_before(copy: Path) -> None:
    more = '\n[[disclose_decision.value]]\nsince = 2027-03-01\nchecked = 2026-11-23\nlimit = 5\nunit = "workday"\n'
    path = copy / "sample" / "deadlines.toml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    what = "行政许可、行政处罚等信息自作出行政决定之日起上网公开"
    assert said(copy) == [f"【时限】“{what}”自2027-03-01起5个工作日（此前：自2026-01-19起7个工作日）"]


def test_a_rate_that_comes_after_another_is_said(copy: Path) -> None:
    more = '\n[[late_payment.value]]\nsince = 2027-01-01\nchecked = 2026-11-23\ndaily = "0.0006"\n'
    path = copy / "national" / "rates.toml"
    path.write_text(path.read_text("utf-8") + more, "utf-8")
    what = "机关、事业单位逾期支付中小企业款项的利息，合同没有约定利率的"
    assert said(copy) == [f"【利率】“{what}”自2027-01-01起，日利率0.06%"]


def test_a_value_that_was_edited_is_called_out(copy: Path) -> None:
    swap(copy / "sample" / "deadlines.toml", "limit = 7", "limit = 9")
    (text,) = said(copy)
    assert "已经施行的取值被改动：原为自2025-01-01起7个工作日，现为自2025-01-01起9个工作日" in text


@pytest.mark.parametrize(
    "file, old, new, words",
    [
        ("national/kinds/penalty.csv", "CF_WFXW,违法行为类型,text,2000", "CF_WFXW,违法行为类型,text,500", "“违法行为类型”一列的长度由“2000”改为“500”"),
        ("national/kinds/penalty.csv", "CF_GSJZQ,公示截止期,date,,,O,O", "CF_GSJZQ,公示截止期,date,,,M,O", "“公示截止期”一列的要求由“选填”改为“必填”"),
        ("national/kinds/codes.csv", "penalty_type,限制从业,,2021-07-15,,no,\n", "", "代码表penalty_type删去：限制从业"),
        ("national/publish.toml", "citizen_yuan = 200", "citizen_yuan = 500", "参数citizen_yuan由“200”改为“500”"),
        ("national/publish.toml", 'outcome = "ask"', 'outcome = "withhold"', "后果由“由审核员确认”改为“不予公示”"),
        ("national/duties.toml", 'confirmed_by = "lead"', 'confirmed_by = "reviewer"', "确认人由“lead”改为“reviewer”"),
        ("national/flows/complaint.toml", 'title = "答复"', 'title = "办结答复"', "流程“投诉举报”的步骤“办结答复”的名称由“答复”改为“办结答复”"),
        ("national/flows/complaint.toml", 'hands_to = "chosen"', 'hands_to = "superior"', "交给由“这一步里选的单位”改为“被反映单位的上级或主管单位”"),
        ("national/flows/complaint.toml", "where = { category", "sets = { category", "只用于提出时写的由“合同协议没有履行、拖欠账款”改为“（无）”"),
        ("national/rates.toml", 'daily = "0.0005"', 'daily = "0.0004"', "已经施行的取值被改动：原为自2020-09-01起，日利率0.05%，现为自2020-09-01起，日利率0.04%"),
        ("sample/organs.csv", ",青禾县教育体育局,", ",青禾县教育局,", "“青禾县教育体育局”改为“青禾县教育局”"),
        ("national/calendar/2026.csv", "2026-10-10,yes", "2026-10-10,no", "2026-10-10由上班改为放假"),
    ],
)  # fmt: skip
def test_each_change_has_its_words(copy: Path, file: str, old: str, new: str, words: str) -> None:
    swap(copy / file, old, new)
    assert any(words in text for text in said(copy)), said(copy)


def test_a_sentence_and_a_column_that_came_or_went(copy: Path) -> None:
    path = copy / "sample" / "clauses.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(lines[:-1]), "utf-8")
    path = copy / "national" / "kinds" / "licence.csv"
    path.write_text(path.read_text("utf-8") + "XK_NEW,新列,text,10,,O,O,,,,,,no,yes,说明\n", "utf-8")
    texts = said(copy)
    assert any(text.startswith("【方案原文】删去") for text in texts)
    assert "【事实种类】“许可·法人”新增“新列”一列，选填" in texts


def test_counties_differ_in_their_own_and_share_the_law() -> None:
    changes = diff(load(ROOT / "sample"), load(ROOT / "huaxian"))
    subjects = {change.subject for change in changes}
    assert {"机关", "方案原文"} <= subjects
    assert not {"公示范围", "工作日历"} & subjects


def test_pack_is_read_only_once() -> None:
    assert isinstance(load(ROOT / "sample"), Pack)
    assert load(ROOT / "sample") is load(ROOT / "sample")
