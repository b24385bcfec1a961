"""Which column of a sheet is which field: found by id, title or alias, in any order."""

import re
import unicodedata
from collections.abc import Sequence

from msgspec import Struct

from jiannuo.kernel.refusals import Refused
from jiannuo.policy.kinds import Kind

VERDICT_HEADING = "校验结果"
"""The column a receipt adds; sent back with the mended rows, it is passed over."""
MARKS = re.compile(r"[*＊★]|[（(【\[]?必填[)）】\]]?")
UNIT = re.compile(r"\((元|千元|百元|亿元|万元)\)$")


def fold(heading: str) -> str:
    """A heading as it is compared: half-width, without blanks, stars and “必填”."""
    text = unicodedata.normalize("NFKC", MARKS.sub("", heading))
    return re.sub(r"\s+", "", text).replace("【", "(").replace("】", ")").upper()


class Layout(Struct, frozen=True):
    """Where each field stands: a field may be fed by several columns of an older feed. `unread` are columns no field knows."""

    columns: dict[str, tuple[int, ...]]
    unread: tuple[tuple[int, str, str], ...]
    """(column, heading, why)"""


class Headings:
    """The headings of a kind, folded once."""

    def __init__(self, kind: Kind) -> None:
        self._kind = kind
        self._fields = {fold(name): field_id for name, field_id in kind.headings.items()}
        self._ignored = {fold(name): why for name, why in kind.ignored.items()} | {fold(VERDICT_HEADING): ""}

    def score(self, headings: Sequence[str]) -> int:
        """How many different fields a row of cells names."""
        return len({self._fields[name] for cell in headings if (name := fold(cell)) in self._fields})

    def lay_out(self, headings: Sequence[str]) -> Layout:
        """Where each field stands. Refuses a sheet in which a field stands twice, a required one is missing, or a unit differs."""
        columns: dict[str, tuple[int, ...]] = {}
        unread: list[tuple[int, str, str]] = []
        for at, heading in enumerate(headings):
            name = fold(heading)
            if not name:
                continue
            if field_id := self._fields.get(name):
                self._refuse_twice(columns, field_id, headings, at)
                columns[field_id] = (*columns.get(field_id, ()), at)
            else:
                self._refuse_other_unit(name, heading)
                why = self._ignored.get(name, "没有对应的字段，这一列没有读入")
                if why:
                    unread.append((at, heading, why))
        self._refuse_missing(columns)
        return Layout(columns, tuple(unread))

    def _refuse_twice(
        self, columns: dict[str, tuple[int, ...]], field_id: str, headings: Sequence[str], at: int
    ) -> None:
        field = self._kind.by_id[field_id]
        if field_id in columns and field.type != "choices":
            first = headings[columns[field_id][0]]
            raise Refused(
                f"“{first}”和“{headings[at]}”是同一个字段，出现了两列",
                fix="请只保留一列后重新上传",
                code="heading_twice",
                field=field_id,
            )

    def _refuse_other_unit(self, name: str, heading: str) -> None:
        unit = UNIT.search(name)
        if not unit:
            return
        base = name[: unit.start()]
        for known, field_id in self._fields.items():
            if UNIT.sub("", known) == base and self._kind.by_id[field_id].type == "amount":
                title = self._kind.by_id[field_id].title
                fix = f"请把这一列换算成“{title}”的单位，并把列名改为“{title}”"
                raise Refused(f"列名写的是“{heading}”，这里要的是“{title}”", fix=fix, code="unit", field=field_id)

    def _refuse_missing(self, columns: dict[str, tuple[int, ...]]) -> None:
        missing = [field for field in self._kind.fields if field.need == "M" and field.id not in columns]
        if missing:
            titles = "、".join(f"“{field.title}”" for field in missing)
            raise Refused(
                f"缺少{len(missing)}个必填列：{titles}",
                fix="请下载模板对照，补上这些列后重新上传",
                code="columns",
                field=missing[0].id,
            )
