"""What may be printed, and how numbers, days and chapter numbers are written in an official document."""

import re
from datetime import date
from decimal import Decimal

DIGITS = "零一二三四五六七八九"
# Controls, lone surrogates and non-characters: no file of an office may hold them, XML cannot.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff0-\uffff]"
)
_SPACE = re.compile(r"[\t\r\n ]+")
_NONCHARACTERS = {(plane << 16) + low for plane in range(1, 17) for low in (0xFFFE, 0xFFFF)}


def clean(text: str) -> str:
    """The text without what cannot be printed; breaks and runs of spaces become one space."""
    kept = _UNPRINTABLE.sub("", text)
    kept = "".join(sign for sign in kept if ord(sign) not in _NONCHARACTERS)
    return _SPACE.sub(" ", kept).strip(" ")


def written(value: Decimal | int | str | None) -> str:
    """A number has commas between thousands and the places it came with; what is not known is a dash."""
    if value is None or value == "":
        return "—"
    if isinstance(value, str):
        return clean(value) or "—"
    return f"{value:,f}" if isinstance(value, Decimal) else f"{value:,d}"


def long_day(day: date) -> str:
    """The day in full, Arabic, without leading zeros (GB/T 9704-2012 成文日期)."""
    return f"{day.year}年{day.month}月{day.day}日"


def numeral(number: int) -> str:
    """1 to 99 in Chinese: 一, 十, 十一, 二十, 九十九."""
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def heading_number(level: int, number: int) -> str:
    """How a heading of a level begins: 一、 （一） 1. （1） (GB/T 9704-2012 结构层次序数)."""
    return {1: f"{numeral(number)}、", 2: f"（{numeral(number)}）", 3: f"{number}.", 4: f"（{number}）"}[level]


def em(text: str) -> float:
    """How wide a text runs, in characters of the body: Latin and digits are half as wide."""
    return sum(0.5 if ord(sign) < 0x2E80 and sign not in "—…“”‘’·×①②③④⑤⑥⑦⑧⑨" else 1.0 for sign in text)
