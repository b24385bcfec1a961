"""Each way a sheet can be wrong has a file, and each file is refused in these words; what only looks odd is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from jiannuo.intake import queries
from jiannuo.kernel.refusals import Refused
from tests.wrong import make_sheets

Send = Callable[..., queries.BatchCard]
SHEETS = Path(make_sheets.__file__).parent / "sheets"

FILES = {
    "truncated.xlsx": "表格文件已损坏，打不开",
    "password.xlsx": "文件设有打开密码，无法读取",
    "not_a_table.csv": "这不是表格文件",
    "no_headings.csv": "在文件前30行没有找到表头",
    "no_rows.csv": "表头下面没有数据",
    "only_blank_rows.xlsx": "表头下面没有数据",
    "only_blank_rows.csv": "表头下面没有数据",
    "columns_missing.csv": "缺少2个必填列：“行政处罚决定书文号”、“违法事实”",
    "heading_twice.csv": "“违法事实”和“违法事实”是同一个字段，出现了两列",
    "unit_in_heading.csv": "列名写的是“罚款金额（元）”，这里要的是“罚款金额（万元）”",
    "unclosed_quote.csv": "有一处引号没有成对，后面的内容连成了一格",
    "encoding_unknown.csv": "文件的文字编码认不出（不是 UTF-8，也不是 GB18030）",
    "merged_cells.xlsx": "数据区有合并单元格：P2:P3",
    "two_sheets.xlsx": "有2张工作表都像是要上报的数据：“处罚”、“备份”",
}

AT_THE_DOOR = {
    "macro.xlsm": "不能收“macro.xlsm”：文件类型是“xlsm”",
    "empty.csv": "“empty.csv”是空文件",
}

CELLS = {
    "formula_without_result.xlsx": ("I2", "这一格是没有计算结果的公式，读不出值"),
    "error_value.xlsx": ("AC2", "这一格是#DIV/0!，读不出值"),
    "code_as_number.xlsx": ("C2", "存成了数字，表格软件已丢掉末尾几位"),
    "day_as_number.xlsx": ("V2", "“46268”是数字，不知道是哪一天"),
    "yes_no_cell.xlsx": ("N2", "这一格存成了“是/否”类型"),
    "control_character.csv": ("O2", "含有看不见的控制字符"),
    "required_empty.csv": ("O2", "必填，但这一格是空的"),
    "too_long.csv": ("I2", "超过50个字"),
    "uscc_check_digit.csv": ("C2", "统一社会信用代码校验位不符，请核对原件"),
    "uscc_letter_o.csv": ("C2", "第5位是字母O"),
    "placeholder_of_a_firm.csv": ("C2", "只有个体工商户才能用占位代码"),
    "household_as_firm.csv": ("B2", "代码以92开头，类别应为“个体工商户”，这里是“法人及非法人组织”"),
    "natural_person_in_firms.csv": ("B2", "“自然人”不能报在本表"),
    "blank_column_filled.csv": ("L2", "这一列在本表中必须为空"),
    "day_impossible.csv": ("V2", "“2026/02/30”不是能认的日期"),
    "day_in_the_future.csv": ("V2", "日期2026-12-30在上报日2026-11-23之后"),
    "valid_before_decided.csv": ("W2", "早于“处罚决定日期”（2026-09-03）"),
    "yuan_for_wan.csv": ("S2", "决定内容写的是2000元，这里填了2000万元"),
    "amount_with_unit.csv": ("S2", "金额“2000元”带有单位“元”"),
    "fine_without_amount.csv": ("S2", "类别是“罚款”，金额必填"),
    "amount_too_fine.csv": ("S2", "金额“0.1234567”的小数超过6位"),
    "category_unknown.csv": ("Q2", "“罚酒三杯”不在可填的范围内"),
    "revocation_without_licence.csv": ("U2", "按“处罚类别”，这一格必填"),
    "document_number_is_text.csv": ("M2", "没有年份和序号，不是文号"),
    "document_number_short_year.csv": ("M2", "年份应写四位数字，不能简写"),
    "organ_unknown.csv": ("Y2", "“某县某局”不在本县机关名录里"),
    "organ_and_code_differ.csv": ("Y2", "这个代码是“青禾县市场监督管理局”的，名称却写的是“青禾县公安局”"),
    "organ_not_ours.csv": ("Y2", "“青禾县公安局”不是本次上报的单位"),
    "id_number_in_facts.csv": ("O2", "写有公民身份证号（410…15），公示后会泄露个人信息"),
    "same_row_twice.csv": ("3", "与本文件前面的一行是同一条记录（青市监罚决字〔2026〕12号）"),
}

RIGHT = sorted(path.name for path in SHEETS.glob("right_*"))


def test_every_file_is_named_here() -> None:
    assert {path.name for path in SHEETS.iterdir()} == FILES.keys() | AT_THE_DOOR.keys() | CELLS.keys() | set(RIGHT)


def test_the_files_are_the_ones_the_maker_makes() -> None:
    made = make_sheets.wrong() | {f"right_{name}": content for name, content in make_sheets.odd().items()}
    assert made.keys() == {path.name for path in SHEETS.iterdir()} - {"password.xlsx"}
    texts = {name: content.encode() for name, content in made.items() if isinstance(content, str)}
    assert [name for name, content in texts.items() if (SHEETS / name).read_bytes() != content] == []


@pytest.mark.parametrize("name, words", FILES.items(), ids=FILES)
def test_a_file_that_cannot_be_read_is_refused_whole(send: Send, name: str, words: str) -> None:
    batch = send((SHEETS / name).read_bytes(), filename=name)
    assert (batch.state, batch.accepted, batch.rows) == ("refused", 0, 0)
    assert batch.refusal["message"] == words
    assert batch.refusal["fix"]


@pytest.mark.parametrize("name, words", AT_THE_DOOR.items(), ids=AT_THE_DOOR)
def test_a_file_that_cannot_be_kept_is_refused_at_the_door(send: Send, name: str, words: str) -> None:
    with pytest.raises(Refused, match=words.replace("(", r"\(")) as no:
        send((SHEETS / name).read_bytes(), filename=name)
    assert no.value.fix


@pytest.mark.parametrize("name, where, words", [(name, *said) for name, said in CELLS.items()], ids=CELLS)
def test_a_wrong_cell_is_marked_where_it_is(send: Send, name: str, where: str, words: str) -> None:
    batch = send((SHEETS / name).read_bytes(), filename=name)
    assert (batch.state, batch.rejected) == ("done", 1)
    _, problems = queries.problems(batch.id, limit=10)
    first = next(problem for problem in problems if problem.level == "error")
    assert f"{first.letters}{first.row}" == where
    assert first.message.startswith(words)
    assert first.fix


@pytest.mark.parametrize("name", RIGHT)
def test_what_only_looks_odd_is_read(send: Send, name: str) -> None:
    batch = send((SHEETS / name).read_bytes(), filename=name.removeprefix("right_"))
    assert (batch.state, batch.rows, batch.accepted, batch.rejected) == ("done", 3, 3, 0), queries.problems(
        batch.id, limit=5
    )


def test_a_file_too_large_is_refused_with_its_size(send: Send, settings: object) -> None:
    settings.UPLOAD_LIMIT = 2**20  # type: ignore[attr-defined]
    with pytest.raises(Refused, match=r"“大表\.csv”有2\.0兆") as no:
        send(b"x" * (2 * 2**20), filename="大表.csv")
    assert no.value.fix == "每个文件不超过1兆，请拆分后上传"
