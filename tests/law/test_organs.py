"""The organs of a county and what became of them: no gap, no overlap, and someone who answers today."""

import csv
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from jiannuo.kernel.identifiers import check_uscc
from jiannuo.kernel.names import fold_name
from jiannuo.policy.documents import ORGAN_TYPES, Organ
from jiannuo.policy.pack import ROOT, load

COUNTIES = ("huaxian", "sample")
PLAN = date(2017, 9, 26)
NOW = date(2026, 11, 23)


def organs(name: str) -> tuple[Organ, ...]:
    return load(ROOT / name).organs


def spells(name: str) -> dict[str, list[Organ]]:
    found: dict[str, list[Organ]] = {}
    for organ in organs(name):
        found.setdefault(organ.code, []).append(organ)
    return {code: sorted(own, key=lambda organ: organ.since) for code, own in found.items()}


def holding(name: str, day: date) -> dict[str, Organ]:
    return {
        organ.code: organ for organ in organs(name) if organ.since <= day and (organ.until is None or day < organ.until)
    }


def called(name: str, day: date, text: str) -> set[str]:
    """The organs that go by a name on a day."""
    return {
        code
        for code, organ in holding(name, day).items()
        if fold_name(text) in {fold_name(each) for each in (organ.name, organ.short, *organ.aliases)}
    }


@pytest.mark.parametrize("name", COUNTIES)
def test_each_organ_has_a_known_type_and_a_place(name: str) -> None:
    own = spells(name)
    for organ in organs(name):
        assert organ.type in ORGAN_TYPES, organ.name
        assert not organ.parent or organ.parent in own, organ.name
        assert set(organ.successors) <= set(own), organ.name
        assert organ.name
        assert organ.short


@pytest.mark.parametrize("name", COUNTIES)
def test_spells_of_an_organ_follow_one_another_without_gap_or_overlap(name: str) -> None:
    for own in spells(name).values():
        for before, after in pairwise(own):
            assert before.until == after.since, before.name
            assert not before.successors, before.name
        assert own[-1].until is None or own[-1].successors, f"{own[-1].name} ended and nobody took over"


@pytest.mark.parametrize("name", COUNTIES)
def test_a_successor_exists_on_the_day_it_takes_over(name: str) -> None:
    for organ in organs(name):
        if organ.until is not None and organ.successors:
            assert set(organ.successors) <= set(holding(name, organ.until)), organ.name


@pytest.mark.parametrize("name", COUNTIES)
def test_following_successors_ends_at_an_organ_of_today(name: str) -> None:
    own, today = spells(name), holding(name, NOW)
    for code in own:
        seen, at = {code}, code
        while at not in today:
            at = own[at][-1].successors[0]
            assert at not in seen, code
            seen.add(at)


@pytest.mark.parametrize("day", [PLAN, date(2018, 11, 1), date(2019, 6, 1), date(2022, 6, 1), NOW], ids=str)
@pytest.mark.parametrize("name", COUNTIES)
def test_a_name_means_one_organ(name: str, day: date) -> None:
    bearers: dict[str, set[str]] = {}
    for code, organ in holding(name, day).items():
        for each in (organ.name, organ.short, *organ.aliases):
            bearers.setdefault(fold_name(each), set()).add(code)
    assert {each: codes for each, codes in bearers.items() if len(codes) > 1} == {}


@pytest.mark.parametrize("name", COUNTIES)
def test_lead_and_police_can_be_told(name: str) -> None:
    pack = load(ROOT / name)
    assert pack.about["lead"] in holding(name, pack.about["since"])
    assert pack.about["lead"] in holding(name, NOW)
    assert [organ.short for organ in holding(name, NOW).values() if organ.type == "police"] == ["县公安局"]


def test_codes_of_the_made_up_county_are_valid_and_belong_to_no_real_place() -> None:
    held = [organ for organ in organs("sample") if organ.uscc]
    for organ in held:
        assert check_uscc(organ.uscc).level == "ok", organ.name
        assert organ.uscc[:2] == ("12" if organ.type == "institution" else "11")
        assert organ.uscc[2:8] == load(ROOT / "sample").about["division"]
    assert len({organ.uscc for organ in held}) == len({organ.code for organ in held})
    assert [organ.short for organ in organs("sample") if not organ.uscc] == ["县信用领导小组"]


def test_no_code_of_a_real_organ_is_invented() -> None:
    assert {organ.uscc for organ in organs("huaxian")} == {""}


def test_what_changed_after_the_plan_says_on_whose_word() -> None:
    later = [organ for organ in organs("huaxian") if organ.since > PLAN or (organ.until and organ.successors)]
    silent = [organ.name for organ in later if not organ.assumed]
    assert later
    assert silent == []


def test_towns_of_the_plan() -> None:
    plan = [organ for organ in holding("huaxian", PLAN).values() if organ.type == "town"]
    names = [organ.short for organ in plan]
    assert (sum(n.endswith("镇") for n in names), sum(n.endswith("乡") for n in names)) == (12, 10)


def test_towns_of_the_statistics(shared: Path) -> None:
    with (shared / "divisions" / "huaxian_towns.csv").open(encoding="utf-8-sig", newline="") as rows:
        listed = {row["code"]: row["name"] for row in csv.DictReader(rows)}
    stood = holding("huaxian", date(2023, 12, 31)).values()
    assert {organ.code: organ.short for organ in stood if organ.type in ("town", "subdistrict")} == listed


@pytest.mark.parametrize(
    "before, after",
    [
        ("道口镇", "道口镇街道"),
        ("四间房乡", "四间房镇"),
        ("县政府法制办", "县司法局"),
        ("监察局", "县监委"),
        ("工信委", "县科工信局"),
        ("县文广新局", "县文广体旅局"),
        ("人行滑县支行", "人行安阳市分行"),
        ("县编办", "县委编办"),
        ("产业集聚区管理委员会", "先进制造业开发区管委会"),
        ("县环保局", "县生态环境分局"),
        ("县工商局", "县市场监管局"),
    ],
)
def test_who_answers_today_for_an_organ_of_the_plan(before: str, after: str) -> None:
    own, today = spells("huaxian"), holding("huaxian", NOW)
    (code,) = called("huaxian", PLAN, before)
    while code not in today:
        code = own[code][-1].successors[0]
    assert today[code].short == after


@pytest.mark.parametrize(
    "text",
    [
        "县政府法制办", "县法制办", "县编办", "监察局", "县监察局", "发改委", "县发改委", "县发展改革委员会", "网信办",
        "县政府办公室", "县委组织部", "县人社局", "人社局", "工信委", "人行滑县支行", "县财政局", "财政局", "县文广新局",
        "县法院", "检察院", "县检察院", "县商务局", "县统计局", "产业集聚区管理委员会", "产业集聚区管委会",
        "县社会信用体系建设领导小组", "县人大常委会办公室", "县政协办公室", "县人武部",
    ],
)  # fmt: skip
def test_every_way_the_plan_words_an_organ_finds_it(text: str) -> None:
    assert len(called("huaxian", PLAN, text)) == 1


def test_organs_of_the_division_carry_its_code() -> None:
    for name in COUNTIES:
        division = load(ROOT / name).about["division"]
        assert {organ.code[:6] for organ in organs(name)} == {division}


def test_a_merged_bureau_and_a_town_that_became_a_subdistrict_are_in_the_made_up_county() -> None:
    ended = {own[-1].short: own[-1].successors for own in spells("sample").values() if own[-1].until is not None}
    assert ended == {"县大数据局": ("419926-125",), "河东镇": ("419926002",)}
    assert [organ.short for organ in spells("sample")["419926-125"]] == ["县行政审批局", "县政务服务局"]
