"""The workbook of journey 1: 43 penalties as another system exported them, with everything wrong that one meets."""

import io
from collections.abc import Mapping
from datetime import date, timedelta

from jiannuo.kernel.identifiers import check_registration_number, check_uscc

ORGAN = "青禾县市场监督管理局"
ORGAN_CODE = "11419926MB8001219L"
ROWS = 43
TITLE = "青禾县市场监督管理局行政处罚信息导出表"
SHEET = "处罚信息"
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

HEADINGS = (
    "处罚决定书文号",
    "处罚决定日期",
    "行政相对人名称",
    "相对人类别",
    "统一社会信用代码",
    "工商注册号",
    "法定代表人",
    "违法行为类型",
    "主要违法事实",
    "处罚依据",
    "处罚种类",
    "罚款金额（万元）",
    "没收金额（万元）",
    "处罚内容",
    "处罚机关名称",
    "处罚机关代码",
    "处罚有效期",
    "数据来源",
    "来源单位统一社会信用代码",
    "备注",
)

# Where each thing is that must be mended, by the row of the sheet (the headings stand in row 2).
DAMAGED_CODE, HOUSEHOLD, IN_YUAN, ID_NUMBER = 7, 15, 24, 33
# What looks odd and is understood without asking.
CODE_AS_NUMBER, CHINESE_DATE = 11, 5

NAMES = (
    "丰谷粮油", "长青农资", "明理建材", "和顺百货", "东风五金", "惠民超市", "福源食品", "众康大药房", "新月家电", "顺达物流",
    "金穗种业", "瑞祥餐饮", "宏图广告", "绿野果蔬", "安居装饰", "永兴水暖", "天佑日化", "翠屏茶叶", "四海水产", "百味调料",
)  # fmt: skip
ACTS = (
    ("销售未标明生产日期的散装食品", "《中华人民共和国食品安全法》第一百二十五条第一款"),
    ("使用未经检定的计量器具", "《中华人民共和国计量法》第二十五条"),
    ("发布虚假广告", "《中华人民共和国广告法》第五十五条第一款"),
    ("销售商品未明码标价", "《中华人民共和国价格法》第四十二条"),
)


def uscc(start: str, number: int, *, digits: bool = False) -> str:
    """A code with a right check character, made up under the county's unassigned division; of digits alone when asked."""
    for body in (f"{start}419926{number + step:09d}" for step in range(1000)):
        for last in "0123456789" if digits else ALPHABET:
            if check_uscc(body + last).level == "ok":
                return body + last
    raise AssertionError(f"no code for {start} {number}")


def registration_number() -> int:
    """A registration number of fifteen digits with a right check digit, which a spreadsheet keeps as a number."""
    return next(number for number in range(419926000012340, 419926000012350) if _holds(str(number)))


def _holds(text: str) -> bool:
    return check_registration_number(text).level == "ok"


def row(at: int, decided_on: date) -> dict[str, object]:
    """One penalty as the other system would export it, with nothing wrong."""
    act, basis = ACTS[at % len(ACTS)]
    fine = 1000 * (at % 9 + 3) + 500
    household = at % 5 == 3
    name = f"青禾县{NAMES[at % len(NAMES)]}{'经营部' if household else '有限公司'}{'' if at < len(NAMES) else f'第{at // len(NAMES)}分店'}"
    return {
        "处罚决定书文号": f"青市监处罚〔{decided_on.year}〕{100 + at}号",
        "处罚决定日期": decided_on - timedelta(days=at % 3),
        "行政相对人名称": name,
        "相对人类别": "个体工商户" if household else "法人及非法人组织",
        "统一社会信用代码": uscc("92" if household else "91", 100_000 + at * 1000),
        "法定代表人": "王某某",
        "违法行为类型": act,
        "主要违法事实": f"经查，当事人{act}，涉案货值金额{fine // 5}元。",
        "处罚依据": basis,
        "处罚种类": "罚款",
        "罚款金额（万元）": fine / 10_000,
        "处罚内容": f"罚款{fine}元",
        "处罚机关名称": ORGAN,
        "处罚机关代码": ORGAN_CODE,
        "处罚有效期": date(2099, 12, 31),
        "数据来源": ORGAN,
        "来源单位统一社会信用代码": ORGAN_CODE,
        "工商注册号": "",
    }


def wrong_rows(decided_on: date) -> dict[int, dict[str, object]]:
    """All rows by the row of the sheet, four of them wrong in one cell each."""
    rows = {at + 3: row(at, decided_on) for at in range(ROWS)}
    rows[CHINESE_DATE]["处罚决定日期"] = f"{decided_on.year}年{decided_on.month}月{decided_on.day}日"
    rows[CODE_AS_NUMBER]["工商注册号"] = registration_number()
    rows[DAMAGED_CODE] |= {"相对人类别": "法人及非法人组织", "统一社会信用代码": int(uscc("91", 555_000, digits=True))}
    rows[HOUSEHOLD] |= {"相对人类别": "法人及非法人组织", "统一社会信用代码": uscc("92", 777_000)}
    rows[IN_YUAN] |= {"罚款金额（万元）": 5000, "处罚内容": "罚款5000元"}
    rows[ID_NUMBER]["主要违法事实"] = "经查，当事人张某某（身份证号11010519491231002X）无照经营，货值金额860元。"
    return rows


def mends(decided_on: date) -> Mapping[int, tuple[str, object]]:
    """What a clerk types to mend the four: row of the sheet → heading and value."""
    code = str(wrong_rows(decided_on)[DAMAGED_CODE]["统一社会信用代码"])
    return {
        DAMAGED_CODE: ("统一社会信用代码", code),
        HOUSEHOLD: ("相对人类别", "个体工商户"),
        IN_YUAN: ("罚款金额（万元）", 0.5),
        ID_NUMBER: ("主要违法事实", "经查，当事人张某某无照经营，货值金额860元。"),
    }


def workbook(decided_on: date) -> bytes:
    """The workbook as the clerk has it."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    sheet = book.add_worksheet(SHEET)
    day = book.add_format({"num_format": "yyyy/mm/dd"})
    sheet.write_string(0, 0, TITLE)
    sheet.write_row(1, 0, HEADINGS)
    for number, cells in wrong_rows(decided_on).items():
        for column, heading in enumerate(HEADINGS):
            value = cells.get(heading, "")
            if isinstance(value, date):
                sheet.write_datetime(number - 1, column, value, day)
            elif value != "":
                sheet.write(number - 1, column, value)
    book.close()
    return buffer.getvalue()


def mended(receipt: bytes, decided_on: date) -> bytes:
    """The returned workbook with four cells typed anew, found by their heading and document number as a person finds them."""
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(receipt))
    sheet = book.active
    assert sheet is not None
    rows = list(sheet.iter_rows())
    at = next(index for index, cells in enumerate(rows) if "处罚决定书文号" in [cell.value for cell in cells])
    columns = {str(cell.value): index for index, cell in enumerate(rows[at])}
    wanted = {str(wrong_rows(decided_on)[number]["处罚决定书文号"]): mend for number, mend in mends(decided_on).items()}
    found = 0
    for cells in rows[at + 1 :]:
        number = cells[columns["处罚决定书文号"]].value
        if number in wanted:
            heading, value = wanted[str(number)]
            cells[columns[heading]].value = value
            found += 1
    assert found == len(wanted)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
