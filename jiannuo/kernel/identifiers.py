"""Codes of firms, organs and persons: their form and check digits by the national standards, region never by year."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import partial
from operator import mul

from jiannuo.kernel.document_numbers import as_they_should_be, check_document_number
from jiannuo.kernel.verdicts import Level, Verdict, tidied

__all__ = [
    "CHECKS",
    "PLACEHOLDER",
    "SWEEPS",
    "USCC_CATEGORIES",
    "Level",
    "Verdict",
    "check_id_card",
    "check_org_code",
    "check_registration_number",
    "check_uscc",
]

USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
ORG_DIGITS = "0X987654321"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
ID_DIGITS = "10X98765432"
PLACEHOLDER = "0" * 17 + "X"
ILLEGAL = 255

# GB 32100-2015 tables 1 and 2: 登记管理部门 and 机构类别; 54 and 55 are seen on village and neighbourhood committees.
USCC_CATEGORIES: Mapping[str, str] = {
    "11": "机关",
    "12": "事业单位",
    "13": "编办直接管理机构编制的群众团体",
    "19": "机构编制其他",
    "21": "外国常驻新闻机构",
    "29": "外交其他",
    "31": "律师执业机构",
    "32": "公证处",
    "33": "基层法律服务所",
    "34": "司法鉴定机构",
    "35": "仲裁委员会",
    "39": "司法行政其他",
    "41": "外国在华文化中心",
    "49": "文化其他",
    "51": "社会团体",
    "52": "民办非企业单位",
    "53": "基金会",
    "54": "村民委员会",
    "55": "居民委员会",
    "59": "民政其他",
    "61": "外国旅游部门常驻代表机构",
    "62": "港澳台地区旅游部门常驻内地（大陆）代表机构",
    "69": "旅游其他",
    "71": "宗教活动场所",
    "72": "宗教院校",
    "79": "宗教其他",
    "81": "基层工会",
    "89": "工会其他",
    "91": "企业",
    "92": "个体工商户",
    "93": "农民专业合作社",
    "A1": "军队事业单位",
    "A9": "军队其他",
    "N1": "组级集体经济组织",
    "N2": "村级集体经济组织",
    "N3": "乡镇级集体经济组织",
    "N9": "农业其他",
    "Y1": "其他",
}

PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
    ]
)
RESIDENCE_PERMITS = ("810000", "820000", "830000")

CHECK_AGAIN = "校验位不符，请核对原件"
DAMAGED = re.compile(r"[0-9.]+E\+?[0-9]+")
MASKED = re.compile(r"[*×●○■□]")
CODE_17 = re.compile(r"[0-9]{17}[0-9X]")
ORG_CODE = re.compile(r"[0-9A-Z]{8}[0-9X]")
COOPERATIVE = re.compile(r"[0-9]{6}NA[0-9]{6}[0-9X]")


def _values(alphabet: str) -> bytes:
    """A translation table from a character to its number in the standard's alphabet."""
    table = bytearray([ILLEGAL] * 256)
    for number, character in enumerate(alphabet):
        table[ord(character)] = number
    return bytes(table)


USCC_VALUES = _values(USCC_ALPHABET)
ORG_VALUES = _values("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def check_uscc(text: str) -> Verdict:
    """A 统一社会信用代码 has 18 characters of 31 and a check character (GB 32100-2015); only 个体工商户 may lack one."""
    value = tidied(text)
    if len(value) != 18 or not value.isascii():
        return Verdict("error", value, _wrong_length(value))
    numbers = value.encode().translate(USCC_VALUES)
    if ILLEGAL in numbers:
        return Verdict("error", value, _illegal_character(value))
    if value == PLACEHOLDER:
        return Verdict("warning", value, "这是17个0加X的占位码，只有暂无代码的个体工商户可以填写，请取得代码后更正")
    if not value[2:8].isdigit():
        return Verdict("error", value, "第3至8位应为6位数字的登记机关行政区划码，请核对原件")
    if value.count("0") == 18:
        return Verdict("error", value, "不能以全0代替统一社会信用代码，请填写证照上的代码")
    if (31 - sum(map(mul, numbers, USCC_WEIGHTS)) % 31) % 31 != numbers[17]:
        return Verdict("error", value, f"统一社会信用代码{CHECK_AGAIN}")
    doubts = []
    if value[:2] not in USCC_CATEGORIES:
        doubts.append(f"前两位“{value[:2]}”不在登记管理部门和机构类别代码表内，请核对原件，无误可以提交")
    if _org_digit(value[8:16]) != value[16]:
        doubts.append("第9至17位主体标识码的校验位不符，少数早期代码如此，请核对原件，无误可以提交")
    return Verdict("warning" if doubts else "ok", value, "；".join(doubts))


def check_id_card(text: str) -> Verdict:
    """An identity number has 18 characters, a real birth date and a check digit (GB 11643-1999); an unknown region is
    only doubted, for the address code is that of the first issue.
    """
    value = tidied(text)
    if not CODE_17.fullmatch(value):
        return Verdict("error", value, _wrong_id(value))
    if not _is_day(value[6:14]):
        return Verdict("error", value, f"第7至14位“{value[6:14]}”不是真实的出生日期，请核对原件")
    if ID_DIGITS[sum(map(mul, map(int, value[:17]), ID_WEIGHTS)) % 11] != value[17]:
        return Verdict("error", value, f"身份证件号码{CHECK_AGAIN}")
    if value[0] == "9" or value[:6] in RESIDENCE_PERMITS:
        return Verdict("ok", value, "")
    if value[:2] not in PROVINCES:
        return Verdict("warning", value, f"前6位“{value[:6]}”不是已知的地址码，请核对原件，无误可以提交")
    return Verdict("ok", value, "")


def check_org_code(text: str) -> Verdict:
    """A 组织机构代码 has 8 characters and a check character (GB 11714-1997), kept without its hyphen."""
    value = tidied(text)
    if len(value) == 10 and value[8] in "-‐‑–—−":
        value = value[:8] + value[9]
    if not value:
        return Verdict("error", value, "未填写组织机构代码，请按证书填写")
    if len(value) == 18:
        return Verdict("error", value, "这是18位的统一社会信用代码，请填到统一社会信用代码一栏")
    if not ORG_CODE.fullmatch(value):
        return Verdict("error", value, "组织机构代码应为8位数字或字母加1位校验位，请核对原件")
    if _org_digit(value[:8]) != value[8]:
        return Verdict("error", value, f"组织机构代码{CHECK_AGAIN}")
    return Verdict("ok", value, "")


def check_registration_number(text: str) -> Verdict:
    """A 工商注册号 has 15 digits of which the last checks the others (GS 15-2006); 13 digits date from before 2007."""
    value = tidied(text)
    if COOPERATIVE.fullmatch(value):
        return Verdict("warning", value, "这是农民专业合作社的旧注册号，无法校验，请核对原件，无误可以提交")
    if not (value.isascii() and value.isdigit()):
        return Verdict("error", value, _wrong_registration(value))
    if len(value) == 13:
        return Verdict("warning", value, "这是2007年以前的13位注册号，无法校验，请核对原件，无误可以提交")
    if len(value) != 15:
        return Verdict("error", value, f"工商注册号应为15位数字，现为{len(value)}位，请核对原件")
    if _registration_digit(value[:14]) != value[14]:
        return Verdict("error", value, f"工商注册号{CHECK_AGAIN}")
    return Verdict("ok", value, "")


CHECKS: Mapping[str, Callable[[str], Verdict]] = {
    "uscc": check_uscc,
    "id_card": check_id_card,
    "org_code": check_org_code,
    "registration_number": check_registration_number,
    "document_number": check_document_number,
    "document_number_loose": partial(check_document_number, loose=True),
}

SWEEPS: Mapping[str, Callable[[Iterable[str]], set[str]]] = {
    "document_number": as_they_should_be,
    "document_number_loose": as_they_should_be,
}
"""For checks whose values nearly all differ: which of many texts the check would let stand as they are."""


def _org_digit(body: str) -> str:
    return ORG_DIGITS[sum(map(mul, body.encode().translate(ORG_VALUES), ORG_WEIGHTS)) % 11]


def _registration_digit(body: str) -> str:
    product = 10
    for digit in body:
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _is_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return "1800" <= digits[:4] < "2200"


def _wrong_length(value: str) -> str:
    if not value:
        return "未填写统一社会信用代码，请按证照填写18位代码"
    if not value.isascii():
        return f"统一社会信用代码含有“{_first_wide(value)}”，请只填写数字和字母"
    if DAMAGED.fullmatch(value):
        return "代码已被表格软件改成科学计数法，请把单元格设为文本后按原件重填"
    if len(value) == 15:
        return "统一社会信用代码应为18位，现为15位；若是工商注册号，请填到工商注册号一栏"
    if len(value) in (9, 10):
        return f"统一社会信用代码应为18位，现为{len(value)}位；若是组织机构代码，请填到组织机构代码一栏"
    return f"统一社会信用代码应为18位，现为{len(value)}位，请核对原件"


def _first_wide(value: str) -> str:
    return next(character for character in value if not character.isascii())


def _illegal_character(value: str) -> str:
    if MASKED.search(value):
        return "代码已被遮盖，请填写完整的18位代码"
    position, character = next((n, c) for n, c in enumerate(value, start=1) if c not in USCC_ALPHABET)
    if character in "IOZSV":
        return f"第{position}位是字母{character}；统一社会信用代码不用 I、O、Z、S、V，请核对是否为形近的数字"
    return f"第{position}位“{character}”不是数字或字母，请核对原件"


def _wrong_id(value: str) -> str:
    if not value:
        return "未填写身份证件号码，请按证件填写18位号码"
    if MASKED.search(value):
        return "号码已被遮盖，请填写完整的18位号码"
    if DAMAGED.fullmatch(value):
        return "号码已被表格软件改成科学计数法，请把单元格设为文本后按原件重填"
    if len(value) == 15 and value.isdigit():
        return "15位的第一代身份证自2013年1月1日起停止使用，请填写18位号码"
    if len(value) != 18:
        return f"身份证件号码应为18位，现为{len(value)}位，请核对原件"
    return "身份证件号码前17位应为数字、末位为数字或X，请核对原件"


def _wrong_registration(value: str) -> str:
    if not value:
        return "未填写工商注册号，请按营业执照填写"
    if DAMAGED.fullmatch(value):
        return "注册号已被表格软件改成科学计数法，请把单元格设为文本后按原件重填"
    if len(value) == 18:
        return "这是18位的统一社会信用代码，请填到统一社会信用代码一栏"
    return "工商注册号应为15位数字，请核对原件"
