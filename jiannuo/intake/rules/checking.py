"""From a chunk of cells to rows that may enter the ledger, and complaints about those that may not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import Surroundings, cross
from jiannuo.intake.rules.headings import Layout
from jiannuo.kernel import amounts, canonical, personal
from jiannuo.policy.kinds import Field, Kind
from jiannuo.subjects.rules import CODE_FIELDS, party_key

ROLES = ("organ_code", "organ_name", "about_type", "about_name", "number", "day")

Blind = Callable[[str | bytes], bytes]
"""A keyed digest of sixteen bytes."""


class Ready(NamedTuple):
    """A row that passed every check, in the terms of the envelope. `row` is its number in the sheet."""

    row: int
    organ: str
    """The deciding organ as written: its code, else its name."""
    about: str
    party_type: str
    party_name: str
    number: str
    happened_on: date
    amount: Decimal | None
    """In yuan."""
    body: bytes
    """Canonical JSON of the filled fields, personal values masked."""
    private: dict[str, str] | None
    identity: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Checked:
    """A chunk judged: `rows` counts those that were not empty."""

    rows: int
    ready: list[Ready]
    complaints: list[Complaint]
    """With rows numbered as the sheet counts them."""


class Checker:
    """The checks of one kind over one file, chunk after chunk, keeping what it has judged."""

    def __init__(self, kind: Kind, layout: Layout, around: Surroundings, blind: Blind) -> None:
        self._kind, self._layout, self._around, self._blind = kind, layout, around, blind
        self._columns = Columns(kind)
        self._code_fields = tuple(zip(CODE_FIELDS, kind.fields_for("about_code"), strict=False))
        self._person = bool(self._code_fields) and kind.by_id[self._code_fields[0][1]].personal == "secret"
        self._amounts = kind.fields_for("amounts")
        self._ids = tuple(field.id for field in kind.fields)
        self._role = {name: kind.field_for(name) for name in ROLES}
        self._days: dict[str, date] = {}
        self._sums: dict[tuple[str, ...], Decimal | None] = {}

    def check(self, first: int, cells: list[list[object]]) -> Checked:
        """Judge a chunk whose first row has number `first`; rows without any content are passed over."""
        filled = [(first + at, row) for at, row in enumerate(cells) if any(cell not in ("", None) for cell in row)]
        if not filled:
            return Checked(0, [], [])
        numbers = [number for number, _ in filled]
        width = max(len(row) for _, row in filled)
        across = list(
            zip(*(row if len(row) == width else [*row, *[""] * (width - len(row))] for _, row in filled), strict=True)
        )
        complaints: list[Complaint] = []
        columns = {field.id: self._column(field, across, len(filled), complaints) for field in self._kind.fields}
        complaints.extend(cross(self._kind, columns, self._around))
        complaints = _first_of_each_cell(complaints)
        refused = {complaint.row for complaint in complaints if complaint.level == "error"}
        ready = self._ready(columns, numbers, refused)
        return Checked(len(filled), ready, [one._replace(row=numbers[one.row]) for one in complaints])

    def _column(
        self, field: Field, across: Sequence[Sequence[object]], rows: int, complaints: list[Complaint]
    ) -> list[str]:
        places = [at for at in self._layout.columns.get(field.id, ()) if at < len(across)]
        if len(places) > 1:
            # Older feeds spread one list over several columns; blank parts fall out when the list is read.
            joined = [
                ";".join(str(cell) for cell in cells) for cells in zip(*(across[at] for at in places), strict=True)
            ]
            return self._columns.check(field, joined, complaints)
        return self._columns.check(field, across[places[0]] if places else [""] * rows, complaints)

    def _ready(self, columns: dict[str, list[str]], numbers: Sequence[int], refused: set[int]) -> list[Ready]:
        ids, row = self._ids, self._row
        return [
            row(numbers[at], dict(zip(ids, values, strict=True)))
            for at, values in enumerate(zip(*(columns[field_id] for field_id in ids), strict=True))
            if at not in refused
        ]

    def _row(self, number: int, values: dict[str, str]) -> Ready:
        kind, role = self._kind, self._role
        identity = self._blind("\0".join([kind.id, *[values[field_id] for field_id in kind.unique]]))
        filled = {field_id: value for field_id, value in values.items() if value}
        body = canonical.encode(filled)
        content = self._blind(body)
        about, name = self._party(values, identity)
        private = {field_id: filled[field_id] for field_id in kind.personal_fields if field_id in filled}
        if private:
            filled |= {field_id: self._masked(field_id, value) for field_id, value in private.items()}
            body = canonical.encode(filled)
            name = filled.get(role["about_name"], "")
        day = values[role["day"]]
        return Ready(
            number,
            values.get(role["organ_code"]) or values.get(role["organ_name"], ""),
            about,
            values.get(role["about_type"], ""),
            name,
            values.get(role["number"], ""),
            self._days.get(day) or self._days.setdefault(day, date.fromisoformat(day)),
            self._sum(tuple(values[field_id] for field_id in self._amounts)),
            body,
            private or None,
            identity,
            content,
        )

    def _masked(self, field_id: str, value: str) -> str:
        if self._kind.by_id[field_id].personal == "name":
            return personal.mask_name(value)
        return personal.mask_id_number(value)

    def _party(self, values: dict[str, str], identity: bytes) -> tuple[str, str]:
        name = values.get(self._role["about_name"], "")
        if not name:
            return "", ""
        if self._person:
            number = values[self._code_fields[0][1]]
            return party_key({}, name, self._blind(number) if number else None, record=identity), name
        codes = {code: values[field_id] for code, field_id in self._code_fields}
        return party_key(codes, name, record=identity), name

    def _sum(self, wan: tuple[str, ...]) -> Decimal | None:
        if wan not in self._sums:
            filled = [amounts.wan_to_yuan(Decimal(value)) for value in wan if value]
            self._sums[wan] = sum(filled, Decimal(0)) if filled else None
        return self._sums[wan]


def _first_of_each_cell(complaints: list[Complaint]) -> list[Complaint]:
    """One error for a cell is enough to mend it by: a cross rule adds nothing to a cell that could not be read."""
    unreadable = {(one.row, one.field) for one in complaints if one.level == "error"}
    kept: dict[tuple[int, str, str], Complaint] = {}
    for one in complaints:
        if one.level == "warning" and (one.row, one.field) in unreadable:
            continue
        kept.setdefault((one.row, one.field, one.level), one)
    return list(kept.values())
