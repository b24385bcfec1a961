import csv
import itertools
import json
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jiannuo.kernel.personal import What, find_personal, mask_id_number, mask_name, redact

ID = "410526199001010015"
FOUND = [
    ("身份证号", f"当事人身份证号{ID}。", "身份证号", ID, True),
    ("末位字母", "公民身份号码11010519491231002x", "身份证号", "11010519491231002x", True),
    ("空格分开的身份证号", "4105 2619 9001 0100 15", "身份证号", "4105 2619 9001 0100 15", False),
    ("全角身份证号", "４１０５２６１９９００１０１００１５", "身份证号", "４１０５２６１９９００１０１００１５", False),
    ("校验位错的身份证号", "410526199001010016", "身份证号", "410526199001010016", False),
    ("地址码存疑的身份证号", "100526199001010012", "身份证号", "100526199001010012", False),
    ("也合卢恩校验的身份证号", "410526199001010103", "身份证号", "410526199001010103", True),
    ("也合机构代码校验的身份证号", "121101195101203951", "身份证号", "121101195101203951", False),
    ("外国人永久居留身份证", "941156199001010016", "身份证号", "941156199001010016", True),
    ("遮盖不足", "41052619900101****", "身份证号", "41052619900101****", False),
    ("遮盖不足且用乘号", "4105261990××××0015", "身份证号", "4105261990××××0015", False),
    ("手机号", "电话:13800138000,", "手机号", "13800138000", True),
    ("国家代码", "+86 13800138000", "手机号", "13800138000", True),
    ("紧接tel", "tel13800138000", "手机号", "13800138000", True),
    ("分段手机号", "138-0013-8000", "手机号", "138-0013-8000", False),
    ("全角手机号", "１３８００１３８０００", "手机号", "１３８００１３８０００", False),
    ("银联卡", "卡号6222020200000000006", "银行卡号", "6222020200000000006", True),
    ("十六位卡", "4111111111111111", "银行卡号", "4111111111111111", True),
    ("分段卡号", "4111 1111 1111 1111", "银行卡号", "4111 1111 1111 1111", False),
    ("其他卡号", "3530111333300000", "银行卡号", "3530111333300000", False),
    ("街道门牌", "张三住河南省安阳市滑县城关镇向阳路12号", "住址", "河南省安阳市滑县城关镇向阳路12号", False),
    ("村组", "在滑县老店镇西老店村3组", "住址", "滑县老店镇西老店村3组", False),
    ("村组中文数字", "住老店镇西老店村第三组", "住址", "老店镇西老店村第三组", False),
    ("村门牌", "住滑县留固镇东庄村东街18号", "住址", "滑县留固镇东庄村东街18号", False),
    ("小区", "锦绣花园小区3号楼2单元501室", "住址", "锦绣花园小区3号楼2单元501室", False),
    ("街道门牌带室", "住滑县和平路12号院3号楼2单元501室", "住址", "滑县和平路12号院3号楼2单元501室", False),
]
QUIET = [
    ("统一社会信用代码全数字", "914101850572028342"),
    ("统一社会信用代码也合身份证校验", "914105195101201177"),
    ("统一社会信用代码", "91410526MA3X12345D"),
    ("文号里的长序号", "滑环罚〔2026〕13812345678号"),
    ("第字后的长序号", "许可证字第13812345678号"),
    ("分段编号", "03-13812345678"),
    ("金额", "罚款13800138000元，13800138000.50"),
    ("更长的数字", "0138001380001"),
    ("证书编号", "JY13812345678901"),
    ("星号遮盖的手机号", "13800138000*"),
    ("充分遮盖的身份证号", "410526********0015"),
    ("遮盖的代码不是地区", "990526199001****15"),
    ("工商注册号", "110108000000016"),
    ("生日不实的十八位", "410526199013990015"),
    ("不合卢恩校验的十六位", "4111111111111112"),
    ("道路无门牌", "滑县新区文明路中段"),
    ("政策文字", "加强乡镇政府政务诚信建设，完善县、乡、村三级公共服务"),
    ("文书引条款", "依据《中华人民共和国行政处罚法》第四十八条第一款"),
    ("空", ""),
]


@pytest.mark.parametrize("text, what, part, certain", [pytest.param(*row, id=name) for name, *row in FOUND])
def test_personal_data_is_found(text: str, what: What, part: str, certain: bool) -> None:
    found = find_personal(text)
    assert [(one.what, one.text, one.certain) for one in found] == [(what, part, certain)]
    assert all(text[one.start : one.end] == one.text for one in found)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in QUIET])
def test_what_is_not_personal_is_left_alone(text: str) -> None:
    assert find_personal(text) == ()


def test_several_things_in_one_text_stand_in_order() -> None:
    text = f"张三（{ID}，13800138000）住滑县和平路12号，收款卡4111111111111111"
    assert [one.what for one in find_personal(text)] == ["身份证号", "手机号", "住址", "银行卡号"]


@pytest.mark.parametrize("between", ["-", " ", "/", "，", "、"])
def test_neighbours_do_not_hide_one_another(between: str) -> None:
    text = between.join((ID, "13800138000", "13900139000", ID))
    assert [one.text for one in find_personal(text)] == [ID, "13800138000", "13900139000", ID]


def test_what_was_found_is_taken_out() -> None:
    text = f"张三（{ID}，13800138000）住滑县和平路12号。"
    assert redact(text, find_personal(text)) == "张三（【身份证号已隐去】，【手机号已隐去】）住【住址已隐去】。"
    assert redact("无事", ()) == "无事"


@pytest.mark.parametrize(
    "name, masked",
    [("张三", "张*"), ("欧阳小明", "欧***"), ("买买提·艾力", "买**·**"), (" 李 ", "李"), ("", ""), ("张 三", "张 *")],
)
def test_names_are_masked(name: str, masked: str) -> None:
    assert mask_name(name) == masked


@pytest.mark.parametrize(
    "number, masked",
    [
        (ID, "410***********0015"),
        ("4105 2619 9001 0100 15", "410***********0015"),
        ("E12345678", "E******78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_numbers_are_masked_and_then_tell_nothing(number: str, masked: str) -> None:
    assert mask_id_number(number) == masked
    assert find_personal(masked) == ()


PIECES = st.lists(
    st.sampled_from(
        [ID, "13800138000", "4111111111111111", "滑县", "和平路", "12号", "村", "3组", " ", "-", "*", "，", "1"]
    )
    | st.text(max_size=3),
    max_size=12,
).map("".join)


@given(PIECES)
def test_findings_are_apart_and_nothing_certain_stays(text: str) -> None:
    found = find_personal(text)
    assert all(one.end <= other.start for one, other in itertools.pairwise(found))
    assert all(text[one.start : one.end] == one.text for one in found)
    again = find_personal(redact(text, found))
    assert not [one for one in again if one.certain]


@pytest.mark.parametrize(
    "piece", ["县", "滑县路1", "1 ", "1-", "村一", "县镇路", "苑1", "滑县滑镇滑村一", "4105261990*"]
)
def test_a_long_awkward_text_is_read_in_time(piece: str) -> None:
    started = time.process_time()
    find_personal(piece * (20_000 // len(piece)))
    assert time.process_time() - started < 2


def read_rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_real_complaints_give_few_findings_and_all_are_places(shared: Path) -> None:
    folder = shared / "complaints"
    texts = [row["留言详情"] for row in read_rows(folder / "complaints_classified_495.csv")]
    texts += [row["留言详情"] + row["答复意见"] for row in read_rows(folder / "replies_sample_300.csv")]
    found = [one for text in texts for one in find_personal(text)]
    assert {one.what for one in found} == {"住址"}
    assert len(found) <= 12


def test_real_facts_codes_and_scopes_give_no_findings(shared: Path) -> None:
    decisions = json.loads((shared / "penalties" / "real_penalty_decisions_part1.json").read_text("utf-8"))
    texts = [str(value) for decision in decisions for value in decision.values()]
    for name in ("huaxian_companies", "anyang_companies_sample"):
        for row in read_rows(shared / "companies" / f"{name}.csv"):
            texts += [row["统一社会信用代码"], row["经营范围"]]
    rows = read_rows(shared / "blacklists" / "ecommerce_dishonest_500_part.csv")
    texts += [",".join(row.values()) for row in rows]
    assert [one for text in texts for one in find_personal(text)] == []
