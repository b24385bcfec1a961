"""The four tables of 双公示 are those of the data standard, and the lists and information those the county asks for."""

from datetime import date

import pytest

from jiannuo.policy.checking.kinds import FIELD_CHECKS
from jiannuo.policy.kinds import CROSS_CHECKS, Kind
from jiannuo.policy.pack import ROOT, load

KINDS = load(ROOT / "huaxian").kinds
DECISIONS = ("licence_legal", "licence_natural", "penalty_legal", "penalty_natural")
LICENCE = """XK_XDR_MC XK_XDR_LB XK_XDR_SHXYM XK_XDR_GSZC XK_XDR_ZZJG XK_XDR_SWDJ XK_XDR_SYDW XK_XDR_SHZZ XK_FRDB XK_FR_ZJLX
XK_FR_SFZH XK_XDR_ZJLX XK_XDR_ZJHM XK_XKWS XK_WSH XK_XKLB XK_XKZS XK_XKBH XK_NR XK_JDRQ XK_YXQZ XK_YXQZI XK_XKJG XK_XKJGDM XK_ZT
XK_LYDW XK_LYDWDM BZ"""
PENALTY = """CF_XDR_MC CF_XDR_LB CF_XDR_SHXYM CF_XDR_GSZC CF_XDR_ZZJG CF_XDR_SWDJ CF_XDR_SYDW CF_XDR_SHZZ CF_FRDB CF_FR_ZJHM
CF_XDR_ZJLX CF_XDR_ZJHM CF_WSH CF_WFXW CF_SY CF_YJ CF_CFLB CF_NR CF_NR_FK CF_NR_WFFF CF_NR_ZKDX CF_JDRQ CF_YXQ CF_GSJZQ CF_CFJG
CF_CFJGDM CF_SJLY CF_SJLYDM BZ"""


@pytest.mark.parametrize("family, ids", [("licence", LICENCE), ("penalty", PENALTY)])
@pytest.mark.parametrize("whose", ["legal", "natural"])
def test_the_columns_are_the_standards_in_its_order(family: str, ids: str, whose: str) -> None:
    assert [field.id for field in KINDS[f"{family}_{whose}"].fields] == ids.split()


@pytest.mark.parametrize("name", ["licence_natural", "penalty_natural"])
def test_dp01_a_natural_person_has_no_organisation_codes(name: str) -> None:
    kind = KINDS[name]
    blank = {field.id[3:] for field in kind.fields if field.need == "B"}
    assert {"XDR_SHXYM", "XDR_GSZC", "XDR_ZZJG", "XDR_SWDJ", "XDR_SYDW", "XDR_SHZZ", "FRDB"} <= blank
    needed = {field.id[3:] for field in kind.fields if field.need == "M"}
    assert {"XDR_ZJLX", "XDR_ZJHM"} <= needed


@pytest.mark.parametrize("name", ["licence_legal", "penalty_legal"])
def test_dp02_an_organisation_has_a_code_and_no_identity_document(name: str) -> None:
    needs = {field.id[3:]: field.need for field in KINDS[name].fields}
    assert (needs["XDR_SHXYM"], needs["XDR_ZJLX"], needs["XDR_ZJHM"]) == ("M", "B", "B")


@pytest.mark.parametrize("name", DECISIONS)
def test_every_decision_opens_the_duty_to_publish(name: str) -> None:
    assert KINDS[name].opens == ("disclose_decision",)


@pytest.mark.parametrize(
    "name, wanted",
    [
        ("penalty_legal", "DP02 DP03 DP04 DP05 DP06 DP08 DP11 DP12"),
        ("penalty_natural", "DP01 DP06 DP08 DP11 DP12"),
        ("licence_legal", "DP02 DP03 DP04 DP05 DP06 DP07 DP11"),
        ("licence_natural", "DP01 DP06 DP07 DP11"),
    ],
)
def test_the_cross_rules_of_the_standard_are_there(name: str, wanted: str) -> None:
    assert set(wanted.split()) <= {rule.id for rule in KINDS[name].rules}


def test_dp10_a_decision_is_known_by_number_party_organ_and_day() -> None:
    assert set(KINDS["penalty_natural"].unique) == {"CF_WSH", "CF_XDR_ZJHM", "CF_XDR_MC", "CF_CFJGDM", "CF_JDRQ"}


@pytest.mark.parametrize(
    "name, heading, field",
    [
        ("penalty_legal", "CF_CFLB1", "CF_CFLB"),
        ("penalty_legal", "CF_CFLB2", "CF_CFLB"),
        ("penalty_legal", "CF_XDR_ZDM", "CF_XDR_ZZJG"),
        ("penalty_legal", "CF_XDR_GSDJ", "CF_XDR_GSZC"),
        ("penalty_natural", "CF_XDR_SFZ", "CF_XDR_ZJHM"),
        ("penalty_legal", "CF_FR", "CF_FRDB"),
        ("penalty_legal", "CF_JG", "CF_NR"),
        ("penalty_legal", "CF_XZJG", "CF_CFJG"),
        ("penalty_legal", "CF_FR_SFZH", "CF_FR_ZJHM"),
        ("licence_legal", "XK_XMMC", "XK_XKWS"),
        ("licence_legal", "XK_SPLB", "XK_XKLB"),
        ("licence_legal", "XK_XDR", "XK_XDR_MC"),
        ("licence_legal", "XK_JZQ", "XK_YXQZI"),
        ("licence_legal", "行政相对人代码_1(统一社会信用代码)", "XK_XDR_SHXYM"),
        ("penalty_legal", "罚款金额（万元）", "CF_NR_FK"),
    ],
)
def test_older_headings_are_read(name: str, heading: str, field: str) -> None:
    assert KINDS[name].headings[heading] == field


@pytest.mark.parametrize("heading", ["CF_CFMC", "CF_ZT", "DFBM", "SJC"])
def test_headings_nobody_keeps_any_more_are_passed_over_with_a_reason(heading: str) -> None:
    assert KINDS["penalty_legal"].ignored[heading]
    assert heading not in KINDS["penalty_legal"].headings


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.id)
def test_every_field_tells_the_clerk_how_to_fill_it(kind: Kind) -> None:
    assert all(field.hint and field.title for field in kind.fields)
    assert all(field.check in FIELD_CHECKS for field in kind.fields)
    assert all(rule.check in CROSS_CHECKS for rule in kind.rules)


def test_numbers_of_persons_are_kept_apart_and_never_public() -> None:
    for kind in KINDS.values():
        assert not any(field.public for field in kind.fields if field.personal == "secret")
    assert KINDS["penalty_natural"].personal_fields == ("CF_XDR_MC", "CF_XDR_ZJHM")
    assert KINDS["penalty_legal"].personal_fields == ("CF_FR_ZJHM",)
    assert KINDS["licence_legal"].personal_fields == ("XK_FR_SFZH",)


def test_the_kinds_of_penalty_follow_the_law_of_the_decision_day() -> None:
    kind = KINDS["penalty_legal"]
    before, after = (kind.codes_on("penalty_type", date(2021, 7, day)) for day in (14, 15))
    assert "暂扣或者吊销许可证" in before
    assert "通报批评" not in before
    assert len(after) == 14
    assert kind.readings("penalty_type")["吊销营业执照"] == "吊销许可证件"


def test_roles_come_one_or_in_order_of_preference() -> None:
    kind = KINDS["penalty_legal"]
    assert kind.field_for("about_code") == "CF_XDR_SHXYM"
    assert kind.fields_for("about_code")[1] == "CF_XDR_GSZC"
    assert kind.field_for("valid_from") == ""
    assert kind.label("licence_status", "2", date(2026, 1, 1)) == "无效"


def test_lists_are_replaced_whole_and_decisions_added() -> None:
    assert {kind.id for kind in KINDS.values() if kind.whole} == {"power_item", "duty_item", "service_item"}
    assert KINDS["power_item"].codes["power_type"][0] == "行政许可"


def test_a_kind_knows_the_sentence_that_asks_for_it() -> None:
    assert KINDS["penalty_legal"].clause.startswith("二(二)")
