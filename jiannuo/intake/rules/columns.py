"""Check one field at a time, a chunk of rows at once: each distinct value is judged once, and only what fails is explained."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from jiannuo.kernel import amounts, days, identifiers, personal
from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Field, Kind

EXACT = 10**15
"""Whole numbers from here on have lost digits when a spreadsheet stored them as numbers."""
SEPARATORS = re.compile(r"[;；、,，]+")
REMEMBERED = 20_000
"""Judgements of a column kept from chunk to chunk; where nearly every value differs they only fill the memory."""
UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff\ud800-\udfff]")
DIGITS = bytes(1 if 48 <= code <= 57 else 0 for code in range(256))
WIDE_DIGITS = "０１２３４５６７８９"


class Complaint(NamedTuple):
    """What is wrong with a cell: its row in the chunk, the field (empty where the row is meant), and what to do."""

    row: int
    field: str
    code: str
    level: str
    message: str
    fix: str


class Judged(NamedTuple):
    """A value as it will be kept, and what is wrong with it if anything."""

    value: str
    level: str = "ok"
    code: str = ""
    message: str = ""
    fix: str = ""


Judge = Callable[[str], Judged]


class Columns:
    """The fields of a kind, each with the judgements made so far, so that a value met again costs a look-up."""

    def __init__(self, kind: Kind) -> None:
        judges = {field.id: _judge(field, kind) for field in kind.fields}
        self._judges = {field_id: judge for field_id, judge in judges.items() if judge}
        self._kept: dict[str, dict[str, str]] = {field_id: {"": ""} for field_id in self._judges}
        self._faults: dict[str, dict[str, Judged]] = {field_id: {} for field_id in self._judges}
        self._free_text = frozenset(kind.fields_for("free_text"))

    def check(self, field: Field, cells: Sequence[object], complaints: list[Complaint]) -> list[str]:
        """The column as it will be kept; what is wrong is added to `complaints`."""
        texts = _as_texts(field, cells, complaints)
        if field.need != "M" and not any(texts):
            return texts
        if field.need == "B":
            _say(
                complaints,
                field,
                texts,
                bool,
                "blank",
                "这一列在本表中必须为空",
                "请清空这一格；若确有内容，请核对是否报错了表",
            )
            return [""] * len(texts)
        judge = self._judges.get(field.id)
        kept = self._judged(field, judge, texts, complaints) if judge else self._plain(field, texts, complaints)
        if field.need == "M" and "" in kept:
            refused = {complaint.row for complaint in complaints if complaint.field == field.id}
            for row, text in enumerate(texts):
                if not text and row not in refused:
                    complaints.append(
                        Complaint(row, field.id, "required", "error", "必填，但这一格是空的", field.hint or "请填写")
                    )
        return kept

    def _plain(self, field: Field, texts: list[str], complaints: list[Complaint]) -> list[str]:
        if max(map(len, texts), default=0) > (field.length or 10**6):
            _say(
                complaints, field, texts, lambda text: len(text) > field.length,
                "too_long", f"超过{field.length}个字", f"请压缩到{field.length}个字以内",
            )  # fmt: skip
        if not all(map(str.isprintable, texts)):
            _say(
                complaints, field, texts, lambda text: UNPRINTABLE.search(text) is not None,
                "unprintable", "含有看不见的控制字符", "请把这一格的文字清掉重新录入，不要直接粘贴",
            )  # fmt: skip
            texts = [text.replace("\r\n", "\n").replace("\r", "\n") for text in texts]
        if field.id in self._free_text and _may_hold_numbers(texts):
            _say_personal(complaints, field, texts)
        return texts

    def _judged(self, field: Field, judge: Judge, texts: list[str], complaints: list[Complaint]) -> list[str]:
        kept, faults = self._kept[field.id], self._faults[field.id]
        if len(kept) > REMEMBERED:
            faults.clear()
            kept.clear()
            kept[""] = ""
        new = set(texts).difference(kept)
        if sweep := identifiers.SWEEPS.get(field.check):
            fine = [text for text in sweep(new) & new if len(text) <= (field.length or len(text))]
            kept.update(zip(fine, fine, strict=True))
            new.difference_update(fine)
        for text in new:
            judged = judge(text)
            kept[text] = judged.value
            if judged.code:
                faults[text] = judged
        if faults and not faults.keys().isdisjoint(texts):
            for row, text in enumerate(texts):
                if one := faults.get(text):
                    complaints.append(Complaint(row, field.id, one.code, one.level, one.message, one.fix))
        return list(map(kept.__getitem__, texts))


def _say(
    complaints: list[Complaint],
    field: Field,
    texts: Iterable[str],
    wrong: Callable[[str], bool],
    code: str,
    message: str,
    fix: str,
) -> None:
    complaints.extend(
        Complaint(row, field.id, code, "error", message, fix) for row, text in enumerate(texts) if wrong(text)
    )


# -- cells -------------------------------------------------------------------------------------------------------


def _as_texts(field: Field, cells: Sequence[object], complaints: list[Complaint]) -> list[str]:
    if cells.count("") == len(cells):
        return [""] * len(cells)
    try:
        return list(map(str.strip, cells))  # type: ignore[arg-type]
    except TypeError:  # Not all are text.
        return [_as_text(field, cell, row, complaints) for row, cell in enumerate(cells)]


def _as_text(field: Field, cell: object, row: int, complaints: list[Complaint]) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, datetime | date):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, bool) or not isinstance(cell, int | float):
        words = "是/否" if isinstance(cell, bool) else "时间"
        complaints.append(
            Complaint(row, field.id, "type", "error", f"这一格存成了“{words}”类型", "请把单元格格式设为文本后重填")
        )
        return ""
    return _number(field, cell, row, complaints)


def _number(field: Field, cell: float, row: int, complaints: list[Complaint]) -> str:
    whole = float(cell).is_integer()
    if whole and abs(cell) >= EXACT and field.type != "amount":
        complaints.append(
            Complaint(
                row, field.id, "damaged", "error", f"存成了数字，表格软件已丢掉末尾几位（现为{cell:.0f}）",
                "请把这一列设为文本格式，再对照原件重新录入全部位数",
            )
        )  # fmt: skip
        return ""
    if field.type == "date" and days.parse_day(f"{cell:.0f}") is None:
        complaints.append(
            Complaint(
                row, field.id, "date", "error", f"“{cell:g}”是数字，不知道是哪一天", "请按2026/09/03这样填写，或把单元格格式设为日期"
            )
        )  # fmt: skip
        return ""
    return str(int(cell)) if whole else format(Decimal(repr(float(cell))), "f")


# -- judges ------------------------------------------------------------------------------------------------------


def _judge(field: Field, kind: Kind) -> Judge | None:
    if field.type == "date":
        return _date
    if field.type == "amount":
        return lambda text: _amount(text, field.places)
    if field.type == "choice":
        return _Choice(field, kind).one
    if field.type == "choices":
        return _Choice(field, kind).many
    if field.check in identifiers.CHECKS:
        return lambda text: _code(text, field)
    return None


def _date(text: str) -> Judged:
    day = days.parse_day(text)
    if day is None:
        return Judged("", "error", "date", f"“{text[:40]}”不是能认的日期", "请按2026/09/03这样填写年、月、日")
    return Judged(day.isoformat())


def _amount(text: str, places: int) -> Judged:
    try:
        return Judged(format(amounts.parse_amount(text, places), "f"))
    except Refused as no:
        return Judged("", "error", "amount", no.message, no.fix)


def _code(text: str, field: Field) -> Judged:
    verdict = identifiers.CHECKS[field.check](text)
    if verdict.level == "error":
        return Judged("", "error", field.check, verdict.reason, field.hint or "请核对原件后重填")
    if field.length and len(verdict.value) > field.length:
        return Judged("", "error", "too_long", f"超过{field.length}个字", f"请压缩到{field.length}个字以内")
    if verdict.level == "warning":
        return Judged(verdict.value, "warning", field.check, verdict.reason, "可以收下，请核对原件")
    return Judged(verdict.value)


class _Choice:
    """A code list read by value or alias; values with particulars are written `其他-具体类别`."""

    def __init__(self, field: Field, kind: Kind) -> None:
        self._readings: Mapping[str, str] = kind.readings(field.codes)
        self._detailed = {code.value for code in kind.dated_codes.get(field.codes, ()) if code.detail}
        listed = dict.fromkeys(code.value for code in kind.dated_codes.get(field.codes, ()) if code.until is None)
        self._fix = "只能填：" + "、".join(
            f"{value}-具体内容" if value in self._detailed else value for value in listed
        )

    def one(self, text: str) -> Judged:
        found = self._read(text)
        if found is None:
            return Judged("", "error", "choice", f"“{text[:40]}”不在可填的范围内", self._fix)
        return Judged(found)

    def many(self, text: str) -> Judged:
        parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()]
        read = [self._read(part) for part in parts]
        if unknown := [part for part, value in zip(parts, read, strict=True) if value is None]:
            return Judged(
                "",
                "error",
                "choice",
                f"“{'、'.join(unknown)[:60]}”不在可填的范围内",
                self._fix + "；几项之间用分号隔开",
            )
        return Judged(";".join(dict.fromkeys(value for value in read if value)))

    def _read(self, text: str) -> str | None:
        if text in self._readings:
            value = self._readings[text]
            return None if value in self._detailed else value
        head, dash, detail = text.replace("—", "-").replace("－", "-").replace("：", "-").partition("-")
        value = self._readings.get(head.strip(), "")
        return f"{value}-{detail.strip()}" if dash and detail.strip() and value in self._detailed else None


# -- personal data in free text ------------------------------------------------------------------------------------


def _may_hold_numbers(texts: Sequence[str]) -> bool:
    # A sweep over bytes that costs a tenth of a pattern search: is there any run of digits long enough?
    whole = "\n".join(texts)
    if b"\1" * 15 in whole.encode("ascii", "replace").translate(DIGITS):
        return True
    return any(digit in whole for digit in WIDE_DIGITS)


def _say_personal(complaints: list[Complaint], field: Field, texts: Sequence[str]) -> None:
    for row, text in enumerate(texts):
        for found in personal.find_personal(text):
            if found.what == "身份证号" and found.certain:
                shown = f"{found.text[:3]}…{found.text[-2:]}"
                message = f"写有公民身份证号（{shown}），公示后会泄露个人信息"
                complaints.append(
                    Complaint(row, field.id, "personal", "error", message, "请删去身份证号，或改写为“张某某”这样的称谓")
                )
                break
