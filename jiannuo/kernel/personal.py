"""Personal data inside free text: what was found, where, and how sure; what is certain must not be published."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from jiannuo.kernel.identifiers import PROVINCES, check_id_card, check_uscc

What = Literal["身份证号", "手机号", "银行卡号", "住址"]


class Found(NamedTuple):
    """One stretch of the text that tells of a person; certain when its form and its check digits leave no doubt."""

    what: What
    start: int
    end: int
    text: str
    certain: bool


# One character for one character, so that a place in the plain text is a place in the text itself.
PLAIN = str.maketrans(
    {
        **{chr(0xFF01 + n): chr(0x21 + n) for n in range(94)},
        **dict.fromkeys("\u3000\u00a0\t", " "),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("×●○■□•＊", "*"),
    }
)
# Of the plain forms only these stand in what is looked for. Most texts hold nothing to exchange but punctuation, and finding that
# out costs a fifth of exchanging it.
MEANT = frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz *+-.")
EXCHANGED = re.compile(f"[{re.escape(''.join(chr(code) for code, plain in PLAIN.items() if plain in MEANT))}]")
TAKEN = "，"
ALONE, CLOSED = r"(?<![0-9A-Za-z*])", r"(?![0-9A-Za-z*])"
ID_RUN = re.compile(ALONE + r"[1-9](?:[ -]?[0-9]){16}[ -]?[0-9Xx]" + CLOSED)
ID_MASKED = re.compile(ALONE + r"[1-9][0-9]{5}(?=[0-9*]*\*)[0-9*]{11}[0-9Xx*]" + CLOSED)
ENOUGH_DIGITS = 12
MOBILE = re.compile(
    r"(?:(?<![0-9A-Za-z.*])|(?<=tel)|(?<=Tel)|(?<=TEL))(?<![0-9]-)(?<![第〕字])(?:\+?86[ -]?)?"
    r"(1[3-9][0-9](?:[ -]?[0-9]{4}){2})(?![0-9A-Za-z*]|\.[0-9]|[万亿元])"
)
CARD = re.compile(ALONE + r"[3-69](?:[ -]?[0-9]){15,18}" + CLOSED)

# Words that end what stands before an address and hardly stand inside the name of a place.
NOT_IN_A_PLACE = "住于在到址从系是被把的了"
HAN = rf"(?:(?![{NOT_IN_A_PLACE}])[\u4e00-\u9fff])"
NUMBER = r"(?:[0-9]{1,5}|[一二三四五六七八九十]{1,4})"
# Each part is matched one way only (atomic), or a long text of 县县县… would be tried in every division.
REGION = rf"(?>{HAN}{{1,8}}?(?:省|自治区|市|县|区|旗|州))"
TOWN = rf"(?>{HAN}{{1,8}}?(?:街道|镇|乡|办事处|社区))"
ROOM = rf"(?:[ -]?{NUMBER}(?:栋|幢|号楼|座|单元|层|楼|室|号|户)){{0,4}}"
WAY, TO_NUMBER = "(?:大街|大道|路|街|巷|胡同)", rf"(?:{HAN}|[0-9]){{0,8}}?{NUMBER}号"
HAMLET, TO_GROUP = "(?:村|屯|庄|营|寨)", rf"{HAN}{{0,6}}?(?:第?{NUMBER}(?:组|队)(?:{NUMBER}号)?|{NUMBER}号)"
HOUSES = "(?:小区|花园|家园|公寓|新村|家属院|苑|城|府|庭)"
TO_BUILDING = rf"(?:{HAN}|[A-Za-z0-9]){{0,6}}?[0-9A-Za-z]{{1,3}}(?:栋|幢|号楼|座)"
STREET = rf"(?>(?:{HAN}|[0-9A-Za-z]){{1,12}}?{WAY}){TO_NUMBER}(?:院|楼)?"
VILLAGE = rf"(?>{HAN}{{1,8}}?{HAMLET}){TO_GROUP}"
ESTATE = rf"(?>{HAN}{{2,10}}?{HOUSES}){TO_BUILDING}(?:[ -]?{NUMBER}单元)?[ -]?[0-9]{{2,4}}(?:室|号|户)"
ADDRESS = (
    rf"{REGION}{{1,3}}+{TOWN}{{0,2}}+(?:{STREET}|{VILLAGE}|{ESTATE}){ROOM}"
    rf"|{TOWN}{{1,2}}+(?:{STREET}|{VILLAGE}|{ESTATE}){ROOM}|{ESTATE}"
)
# What every address, and every number looked for, has in it. A text without, as nearly all are, is told apart at a tenth of the
# price of looking for the beginnings of one at each of its characters.
ADDRESS_END = f"{WAY}{TO_NUMBER}|{HAMLET}{TO_GROUP}|{HOUSES}{TO_BUILDING}"
DIGITS_RUN = re.compile("[0-9](?:[ -]?[0-9*]){10}")


def find_personal(text: str) -> tuple[Found, ...]:
    """Identity numbers, mobile numbers, bank cards and addresses in the text, in order and without overlap."""
    plain = text.translate(PLAIN) if EXCHANGED.search(text) else text
    found: list[Found] = []
    before = -1
    # What was found no longer hides its neighbour (身份证号-手机号), so look again until nothing more appears.
    while len(found) != before:
        before = len(found)
        numbers = (_identity_numbers, _mobiles, _cards) if DIGITS_RUN.search(plain) else ()
        for find in (*numbers, _addresses):
            for what, start, end, certain in list(find(plain)):
                part = text[start:end]
                found.append(Found(what, start, end, part, certain and part.isascii()))
                plain = plain[:start] + TAKEN * (end - start) + plain[end:]
    return tuple(sorted(found, key=lambda one: one.start))


def redact(text: str, found: Sequence[Found]) -> str:
    """The text with every found stretch replaced by words that say what stood there."""
    pieces, last = [], 0
    for one in sorted(found, key=lambda one: one.start):
        pieces += [text[last : one.start], f"【{one.what}已隐去】"]
        last = one.end
    return "".join([*pieces, text[last:]])


def mask_name(name: str) -> str:
    """A person's name with only its first character shown."""
    plain = name.strip()
    return plain[:1] + re.sub(r"[^·•\s]", "*", plain[1:])


def mask_id_number(number: str) -> str:
    """An identity number with the first three and last four characters shown; shorter documents show one and two."""
    plain = "".join(number.split())
    head, tail = (3, 4) if len(plain) >= 15 else (1, 2) if len(plain) >= 6 else (0, 0)
    return plain[:head] + "*" * (len(plain) - head - tail) + plain[len(plain) - tail :]


Hit = tuple[What, int, int, bool]


@cache
def _made(pattern: str) -> re.Pattern[str]:
    # An expression over all Chinese characters takes up to a tenth of the site's start to make; most processes never need it.
    return re.compile(pattern)


def _identity_numbers(plain: str) -> Iterator[Hit]:
    for match in ID_RUN.finditer(plain):
        written = match.group()
        number = re.sub("[ -]", "", written).upper()
        verdict = check_id_card(number)
        if verdict.level == "error" and not _only_the_check_digit_is_wrong(number):
            continue
        if number[0] == "9" and check_uscc(number).level != "error":
            continue
        certain = verdict.level == "ok" and number == written.upper() and check_uscc(number).level != "ok"
        yield ("身份证号", *match.span(), certain)
    for match in ID_MASKED.finditer(plain):
        if sum(map(str.isdigit, match.group())) >= ENOUGH_DIGITS and match.group()[:2] in PROVINCES:
            yield ("身份证号", *match.span(), False)


def _only_the_check_digit_is_wrong(number: str) -> bool:
    others = (check_id_card(number[:17] + digit) for digit in "0123456789X")
    return number[:2] in PROVINCES and number[6:8] in ("19", "20") and any(v.level == "ok" for v in others)


def _mobiles(plain: str) -> Iterator[Hit]:
    for match in MOBILE.finditer(plain):
        yield ("手机号", *match.span(1), match.group(1).isdigit())


def _cards(plain: str) -> Iterator[Hit]:
    for match in CARD.finditer(plain):
        written = match.group()
        number = re.sub("[ -]", "", written)
        if _luhn(number) and check_uscc(number).level == "error":
            known = number.startswith("62") or (len(number) == 16 and number[0] in "45")
            yield ("银行卡号", *match.span(), known and number == written)


def _luhn(number: str) -> bool:
    doubled = (sum(divmod(int(digit) * 2, 10)) for digit in number[-2::-2])
    return (sum(doubled) + sum(map(int, number[-1::-2]))) % 10 == 0


def _addresses(plain: str) -> Iterator[Hit]:
    for match in _made(ADDRESS).finditer(plain) if _made(ADDRESS_END).search(plain) else ():
        yield ("住址", *match.span(), False)
