"""From a chunk of cells to rows that may enter the ledger, and complaints about those that may not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import Surroundings, cross
from jiannuo.intake.rules.headings import Layout
from jiannuo.kernel import amounts, canonical, personal
from jiannuo.policy.kinds import Field, Kind
from jiannuo.subjects.rules import CODE_FIELDS, party_key

Blind = Callable[[str], bytes]
"""A keyed digest of sixteen bytes."""


@dataclass(frozen=True, slots=True)
class Ready:
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
    body: dict[str, str]
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
        self._days: dict[str, date] = {}

    def check(self, first: int, cells: list[list[object]]) -> Checked:
        """Judge a chunk whose first row has number `first`; rows without any content are passed over."""
        filled = [(first + at, row) for at, row in enumerate(cells) if any(cell not in ("", None) for cell in row)]
        if not filled:
            return Checked(0, [], [])
        numbers = [number for number, _ in filled]
        width = max(len(row) for _, row in filled)
        across = list(zip(*(row if len(row) == width else [*row, *[""] * (width - len(row))] for _, row in filled), strict=True))
        complaints: list[Complaint] = []
        columns = {field.id: self._column(field, across, len(filled), complaints) for field in self._kind.fields}
        complaints.extend(cross(self._kind, columns, self._around))
        complaints = _first_of_each_cell(complaints)
        refused = {complaint.row for complaint in complaints if complaint.level == "error"}
        ready = self._ready(columns, numbers, refused)
        return Checked(len(filled), ready, [one._replace(row=numbers[one.row]) for one in complaints])

    def _column(self, field: Field, across: Sequence[Sequence[object]], rows: int, complaints: list[Complaint]) -> list[str]:
        places = [at for at in self._layout.columns.get(field.id, ()) if at < len(across)]
        if len(places) > 1:
            # Older feeds spread one list over several columns; blank parts fall out when the list is read.
            joined = [";".join(str(cell) for cell in cells) for cells in zip(*(across[at] for at in places), strict=True)]
            return self._columns.check(field, joined, complaints)
        return self._columns.check(field, across[places[0]] if places else [""] * rows, complaints)

    def _ready(self, columns: dict[str, list[str]], numbers: Sequence[int], refused: set[int]) -> list[Ready]:
        ids = self._ids
        return [
            self._row(numbers[at], dict(zip(ids, values, strict=True)))
            for at, values in enumerate(zip(*(columns[field_id] for field_id in ids), strict=True))
            if at not in refused
        ]

    def _row(self, number: int, values: dict[str, str]) -> Ready:
        kind = self._kind
        identity = self._blind("\0".join((kind.id, *[values[field_id] for field_id in kind.unique])))
        body = {field_id: value for field_id, value in values.items() if value}
        content = self._blind(canonical.encode(body).decode())
        about, name = self._party(values, identity)
        private = {field_id: body[field_id] for field_id in kind.personal_fields if field_id in body}
        for field_id, value in private.items():
            masked = personal.mask_name if kind.by_id[field_id].personal == "name" else personal.mask_id_number
            body[field_id] = masked(value)
        day = values[kind.field_for("day")]
        return Ready(
            row=number,
            organ=values.get(kind.field_for("organ_code")) or values.get(kind.field_for("organ_name"), ""),
            about=about,
            party_type=values.get(kind.field_for("about_type"), ""),
            party_name=body.get(kind.field_for("about_name"), "") if name else "",
            number=values.get(kind.field_for("number"), ""),
            happened_on=self._days.get(day) or self._days.setdefault(day, date.fromisoformat(day)),
            amount=self._amount(values),
            body=body,
            private=private or None,
            identity=identity,
            content=content,
        )

    def _party(self, values: dict[str, str], identity: bytes) -> tuple[str, str]:
        name = values.get(self._kind.field_for("about_name"), "")
        if not name:
            return "", ""
        if self._person:
            number = values[self._code_fields[0][1]]
            return party_key({}, name, self._blind(number) if number else None, record=identity), name
        codes = {code: values[field_id] for code, field_id in self._code_fields}
        return party_key(codes, name, record=identity), name

    def _amount(self, values: dict[str, str]) -> Decimal | None:
        filled = [values[field_id] for field_id in self._amounts if values[field_id]]
        return sum((amounts.wan_to_yuan(Decimal(value)) for value in filled), Decimal(0)) if filled else None


def _first_of_each_cell(complaints: list[Complaint]) -> list[Complaint]:
    """One error for a cell is enough to mend it by: a cross rule adds nothing to a cell that could not be read."""
    unreadable = {(one.row, one.field) for one in complaints if one.level == "error"}
    kept: dict[tuple[int, str, str], Complaint] = {}
    for one in complaints:
        if one.level == "warning" and (one.row, one.field) in unreadable:
            continue
        kept.setdefault((one.row, one.field, one.level), one)
    return list(kept.values())
