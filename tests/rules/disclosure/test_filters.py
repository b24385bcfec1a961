"""What may be public, case by case, under the law of each day (行政处罚法第四十八条, 治安管理处罚法第一百三十六条 …)."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from jiannuo.disclosure import rules
from jiannuo.policy import pack as policy
from jiannuo.policy.publishing import PUBLISH_CHECKS

PACK = policy.load(Path(__file__).resolve().parents[3] / "packs" / "sample")
COMPANY = {
    "CF_XDR_MC": "青禾县鑫隆商贸有限公司",
    "CF_XDR_LB": "法人及非法人组织",
    "CF_XDR_SHXYM": "91419926MA3X12345D",
    "CF_WSH": "青市监处罚〔2026〕12号",
    "CF_WFXW": "未取得许可从事食品经营",
    "CF_SY": "现场检查发现货架上有过期食品3袋。",
    "CF_YJ": "《中华人民共和国食品安全法》第一百二十二条第一款",
    "CF_CFLB": "罚款;没收违法所得",
    "CF_NR": "罚款50000元",
    "CF_NR_FK": "5.000000",
    "CF_CFJG": "青禾县市场监督管理局",
}
PERSON = {
    **{name: text for name, text in COMPANY.items() if name != "CF_XDR_SHXYM"},
    "CF_XDR_MC": "张*",
    "CF_XDR_LB": "自然人",
    "CF_XDR_ZJLX": "身份证",
}
GROWN = {"CF_XDR_MC": "张三丰", "CF_XDR_ZJHM": "410526197503050018"}
POLICE = {
    "CF_CFJG": "青禾县公安局",
    "CF_YJ": "《中华人民共和国治安管理处罚法》第四十三条",
    "CF_NR": "罚款500元",
    "CF_NR_FK": "0.05",
}


def judged(
    body: Mapping[str, str], *, decided: str, on: str, private: Mapping[str, str] | None = None
) -> tuple[str, set[str]]:
    kind = PACK.kinds["penalty_legal" if "CF_XDR_SHXYM" in body else "penalty_natural"]
    found = rules.judge(
        kind,
        body,
        GROWN if private is None else private,
        organ=body["CF_CFJG"],
        decided_on=date.fromisoformat(decided),
        on=date.fromisoformat(on),
        filters=PACK.filters,
    )
    return found.outcome, {finding.filter_id for finding in found.findings}


def test_the_pack_and_the_code_name_the_same_checks() -> None:
    assert set(rules.CHECKS) == set(PUBLISH_CHECKS)


@pytest.mark.parametrize(
    "body, decided, on, outcome, filter_id",
    [
        pytest.param(COMPANY, "2021-07-01", "2021-07-05", "publish", "", id="2021年修法前的普通程序处罚直接公示"),
        pytest.param(COMPANY, "2026-03-01", "2026-03-05", "ask", "social_impact", id="2021年修法后要确认社会影响"),
        pytest.param(
            COMPANY | {"CF_NR": "当场处罚，罚款200元", "CF_NR_FK": "0.02"}, "2026-03-01", "2026-03-05", "withhold",
            "summary_stated_2021", id="写明当场处罚的不公示",
        ),
        pytest.param(
            COMPANY | {"CF_WSH": "青市监当罚〔2026〕3号"}, "2026-03-01", "2026-03-05", "withhold", "summary_stated_2021",
            id="文号表明当场处罚的不公示",
        ),
        pytest.param(
            COMPANY | {"CF_CFLB": "罚款", "CF_NR_FK": "0.3"}, "2026-03-01", "2026-03-05", "ask", "summary_possible_2021",
            id="单位罚款3000元可能是简易程序",
        ),
        pytest.param(
            COMPANY | {"CF_CFLB": "罚款", "CF_NR_FK": "0.2"}, "2021-07-14", "2021-07-20", "publish", "",
            id="修法前限额1000元，2000元不是简易程序",
        ),
        pytest.param(
            PERSON | {"CF_CFLB": "罚款", "CF_NR": "简易程序，罚款100元", "CF_NR_FK": "0.01"}, "2020-06-01", "2020-06-05", "withhold",
            "henan_natural_summary", id="公民简易程序罚款100元不归集",
        ),
        pytest.param(PERSON | POLICE, "2026-03-01", "2026-03-05", "withhold", "public_security_sealed", id="治安处罚封存"),
        pytest.param(PERSON | POLICE, "2025-03-01", "2025-03-05", "ask", "social_impact", id="封存施行前的治安处罚当时可以公示"),
        pytest.param(PERSON | POLICE, "2025-03-01", "2026-01-01", "withhold", "public_security_sealed", id="封存施行后撤下以前的"),
        pytest.param(
            PERSON | POLICE | {"CF_YJ": "《中华人民共和国道路交通安全法》第九十条"}, "2026-03-01", "2026-03-05", "ask",
            "public_security_unclear", id="公安依据其他法律的由审核员确认",
        ),
        pytest.param(
            COMPANY | {"CF_SY": "当事人李某（身份证号410526197503050018）在场。"}, "2021-07-01", "2021-07-05", "withhold",
            "personal_certain", id="违法事实写了身份证号",
        ),
        pytest.param(
            COMPANY | {"CF_SY": "联系电话13803721234。"}, "2021-07-01", "2021-07-05", "withhold", "personal_certain", id="写了手机号",
        ),
        pytest.param(
            COMPANY | {"CF_SY": "住青禾县柳林镇王庄村3组12号。"}, "2021-07-01", "2021-07-05", "ask", "personal_possible", id="可能是住址",
        ),
        pytest.param(COMPANY | {"BZ": "涉及商业秘密，不予公开"}, "2021-07-01", "2021-07-05", "ask", "secrets", id="备注里写着秘密"),
        pytest.param(
            COMPANY | {"CF_CFLB": "警告", "CF_NR": "警告", "CF_NR_FK": ""}, "2026-04-01", "2026-04-03", "ask", "light_penalty_2026",
            id="只有警告的原则上不公示",
        ),
        pytest.param(COMPANY | {"CF_GSJZQ": "2026-03-04"}, "2021-07-01", "2026-03-05", "withhold", "shown_until_passed", id="过了公示截止期"),
        pytest.param(COMPANY | {"CF_GSJZQ": "2026-03-05"}, "2021-07-01", "2026-03-05", "publish", "", id="公示截止期当天还公示"),
        pytest.param(COMPANY, "2021-03-05", "2026-03-04", "publish", "", id="差一天满五年"),
        pytest.param(COMPANY, "2021-03-05", "2026-03-05", "withhold", "henan_five_years", id="满五年转为档案"),
    ],
)  # fmt: skip
def test_each_rule_on_its_day(body: Mapping[str, str], decided: str, on: str, outcome: str, filter_id: str) -> None:
    found, bites = judged(body, decided=decided, on=on)
    assert found == outcome
    assert (filter_id in bites) if filter_id else not bites


@pytest.mark.parametrize(
    "number, decided, bites",
    [
        pytest.param("410526200803150015", "2026-03-14", {"minor_sealed"}, id="生日前一天未满十八"),
        pytest.param("410526200803150015", "2026-03-15", set(), id="十八岁生日当天"),
        pytest.param("410526200402290013", "2022-02-28", set(), id="2月29日生，平年2月28日满十八"),
        pytest.param("410526850315001", "2026-03-15", set(), id="十五位旧号码"),
        pytest.param("E12345678", "2026-03-15", {"age_unknown"}, id="护照看不出年龄"),
        pytest.param("", "2026-03-15", {"age_unknown"}, id="没有号码"),
    ],
)
def test_a_minors_record_is_sealed(number: str, decided: str, bites: set[str]) -> None:
    _, found = judged(PERSON, decided=decided, on="2026-04-01", private={"CF_XDR_ZJHM": number} if number else {})
    assert found & {"minor_sealed", "age_unknown"} == bites


def test_a_judgement_says_what_was_seen_and_what_to_do() -> None:
    found = rules.judge(
        PACK.kinds["penalty_legal"], COMPANY | {"CF_SY": "电话13803721234"}, {}, organ="", decided_on=date(2021, 7, 1),
        on=date(2021, 7, 5), filters=PACK.filters,
    )  # fmt: skip
    finding = found.withholding
    assert finding is not None
    assert finding.seen == "手机号“13803721234”"
    assert finding.fix
    assert finding.source
    assert not found.unanswered(())


def test_a_question_is_answered_by_its_name() -> None:
    kind = PACK.kinds["penalty_legal"]
    found = rules.judge(
        kind, COMPANY, {}, organ="", decided_on=date(2026, 3, 1), on=date(2026, 3, 5), filters=PACK.filters
    )
    assert [one.filter_id for one in found.unanswered(())] == ["social_impact"]
    assert found.unanswered(["social_impact"]) == ()
    assert found.findings[0].bases
