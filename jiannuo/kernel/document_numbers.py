"""The number of an official document: 机关代字〔年份〕序号号, brought to one spelling and never guessed (GB/T 9704-2012)."""

import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from jiannuo.kernel.days import parse_day
from jiannuo.kernel.verdicts import Verdict, tidied

OPEN, CLOSE = "〔", "〕"
OPENINGS, CLOSINGS = "〔【[(⟦〖{〈《<「『", "〕】])⟧〗}〉》>」』"
LONGEST = 120
LONGEST_PREFIX = 60

# Mirrored pages print traditional characters; only those that occur in document numbers, no general conversion.
SIMPLER = str.maketrans(
    "號罰決環書縣處許監農業財國稅衛發強複復應請審規劃設計辦團體會區鄉鎮統計質檢藥證執銷責給關閉務動產車運輸勞電氣礦險貿銀價廣視員黨組織級總練習",
    "号罚决环书县处许监农业财国税卫发强复复应请审规划设计办团体会区乡镇统计质检药证执销责给关闭务动产车运输劳电气矿险贸银价广视员党组织级总练习",
)
TRADITIONAL = re.compile(f"[{''.join(map(chr, SIMPLER))}]")
DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−﹣－", "-"))
ONE_SPELLING: Mapping[int, int | str] = {**SIMPLER, **DASHES}

WHOLE = re.compile(
    rf"(?P<prefix>.*?)第*"
    rf"(?:(?P<open>[{re.escape(OPENINGS)}])(?P<year>[0-9]{{4}})年?(?P<close>[{re.escape(CLOSINGS)}])?"
    rf"|(?P<lone_year>[0-9]{{4}})年?(?P<lone_close>[{re.escape(CLOSINGS)}]))"
    r"第*(?P<serial>[0-9A-Z]+(?:-[0-9A-Z]+)*)(?P<ending>号(?P<part>之[一二三四五六七八九十0-9]+)?)?"
)
# Most numbers arrive as they should be; this spares them the long way.
USUAL = (
    r"^[\u4e00-\u9fff](?:[0-9]{4})?[\u4e00-\u9fff]{1,39}(?<!第)〔(?:1949|19[5-9][0-9]|20[0-9]{2})〕[1-9][0-9]{0,7}号$"
)
# Those over all Chinese characters are made when first asked for: a millisecond each, at every start.
SHORT_YEAR = re.compile(rf"[{re.escape(OPENINGS)}][0-9]{{1,3}}年?[{re.escape(CLOSINGS)}]")
ANY_YEAR = re.compile(rf"[{re.escape(OPENINGS)}][0-9]{{4}}|[0-9]{{4}}年?[{re.escape(CLOSINGS)}]")
COURT_CASE = rf"[{re.escape(OPENINGS)}][0-9]{{4}}[{re.escape(CLOSINGS)}][\u4e00-\u9fff]"
PREFIX = r"[\u3400-\u9fff0-9A-Z()·-]*[\u3400-\u9fff][\u3400-\u9fff0-9A-Z()·-]*"
DIVISION_FIRST = r"[0-9]{4}(?=[\u3400-\u9fff])"
CERTIFICATE = re.compile(r"(?=[A-Z-]*[0-9])[0-9A-Z-]{6,64}")
WORDED_CERTIFICATE = r"(?P<name>[\u3400-\u9fff()]{1,20})字第?(?P<number>[0-9A-Z-]{4,40})号?"
EXAMPLE = "应写作“某政〔2026〕31号”的样子"


def as_they_should_be(texts: Iterable[str]) -> set[str]:
    """Those of many texts that are document numbers in the one spelling already, found in one sweep."""
    found = _usual().findall("\n".join(texts))
    if not TRADITIONAL.search("\n".join(found)):
        return set(found)
    return {text for text in found if not TRADITIONAL.search(text)}


@cache
def _usual() -> re.Pattern[str]:
    return re.compile(USUAL, re.MULTILINE)


@lru_cache(maxsize=4096)
def check_document_number(text: str, *, loose: bool = False) -> Verdict:
    """A document number is normalised to 机关代字〔年份〕序号号; loose also lets the code of a certificate stand, doubted."""
    if _usual().fullmatch(text) and not TRADITIONAL.search(text):
        return Verdict("ok", text, "")
    value = tidied(text).translate(ONE_SPELLING)
    if len(value) > LONGEST:
        return Verdict("error", value[:LONGEST], f"文号过长（{len(value)}字），一格只写一个文号，{EXAMPLE}")
    found = WHOLE.fullmatch(value)
    if found is None:
        return (_certificate(value) if loose else None) or Verdict("error", value, _why_not(value))
    prefix = found["prefix"]
    if fault := _faulty_prefix(prefix) or _faulty_year(found["year"] or found["lone_year"]):
        return Verdict("error", value, fault)
    if not re.search("[0-9]", found["serial"]):
        return Verdict("error", value, f"文号缺少阿拉伯数字的序号，{EXAMPLE}")
    return _normal(found, prefix)


def _normal(found: re.Match[str], prefix: str) -> Verdict:
    serial = found["serial"]
    if serial.isdigit():
        serial = serial.lstrip("0") or "0"
    name = prefix.replace("(", "（").replace(")", "）")
    value = f"{name}{OPEN}{found['year'] or found['lone_year']}{CLOSE}{serial}号{found['part'] or ''}"
    doubts = []
    if serial == "0":
        doubts.append("序号为0，请核对原件")
    if found["lone_year"] or not found["close"]:
        doubts.append("年份缺少一侧括号，已补全，请核对原件")
    if re.match(DIVISION_FIRST, prefix):
        doubts.append("文号以行政区划数字开头，疑似缺少省份简称（如“豫”），系统不代为补写，请核对原件后补全")
    return Verdict("warning" if doubts else "ok", value, "；".join(doubts))


@lru_cache(maxsize=1024)
def _faulty_prefix(prefix: str) -> str:
    if not prefix:
        return f"文号缺少年份前的机关代字，{EXAMPLE}"
    if len(prefix) > LONGEST_PREFIX or not re.fullmatch(PREFIX, prefix):
        return f"机关代字“{prefix[:20]}”含有不属于文号的内容，一格只写一个文号，{EXAMPLE}"
    depth = 0
    for character in prefix:
        depth += (character == "(") - (character == ")")
        if not 0 <= depth <= 2:
            break
    return "机关代字中的括号不成对，请核对原件" if depth else ""


def _faulty_year(year: str) -> str:
    return "" if "1949" <= year < "2100" else f"文号中的年份“{year}”不在1949至2099之间，请核对原件"


def _certificate(value: str) -> Verdict | None:
    """The code on a certificate, which has no year: it may stand, but nobody can check it."""
    doubt = "这是证照编号而不是带年份的文号，无法校验，请核对原件，无误可以提交"
    if CERTIFICATE.fullmatch(value) and parse_day(value) is None:
        return Verdict("warning", value, doubt)
    worded = re.fullmatch(WORDED_CERTIFICATE, value)
    if worded and re.search("[0-9]", worded["number"]):
        name = worded["name"].replace("(", "（").replace(")", "）")
        return Verdict("warning", f"{name}字第{worded['number']}号", doubt)
    return None


def _why_not(value: str) -> str:
    if not value:
        return "未填写文号，请按决定书填写"
    if parse_day(value) is not None:
        return f"这是日期，不是文号，{EXAMPLE}"
    if value.isdigit():
        return f"只有数字，缺少机关代字和年份，{EXAMPLE}"
    if not re.search("[0-9]", value):
        return f"没有年份和序号，不是文号，{EXAMPLE}"
    if re.match(COURT_CASE, value):
        return "这是法院案号的写法，请填写行政机关文书的文号"
    if SHORT_YEAR.search(value):
        return f"年份应写四位数字，不能简写，{EXAMPLE}"
    if ANY_YEAR.search(value):
        return f"年份之后应只有阿拉伯数字的序号和“号”，一格只写一个文号，{EXAMPLE}"
    return f"缺少带括号的四位年份，{EXAMPLE}"
