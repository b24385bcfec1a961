"""A chunk of cells judged: its columns as they will be kept, and complaints about what may not enter."""

from collections.abc import Collection, Sequence
from itertools import compress, zip_longest

from msgspec import Struct

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import cross
from jiannuo.intake.rules.headings import Layout
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.policy.kinds import Field, Kind


class Checked(Struct, frozen=True):
    """A chunk judged, its empty rows left out."""

    numbers: list[int]
    """Each row's number in the sheet."""
    columns: dict[str, list[str]]
    """By field, the values as they will be kept."""
    complaints: list[Complaint]
    """With rows numbered as the sheet counts them."""

    def without(self, refused: Collection[int]) -> tuple[list[int], dict[str, list[str]]]:
        """The numbers and columns of the rows that are not among those refused."""
        if not refused:
            return self.numbers, self.columns
        kept = [number not in refused for number in self.numbers]
        columns = {field_id: list(compress(column, kept)) for field_id, column in self.columns.items()}
        return list(compress(self.numbers, kept)), columns


class Checker:
    """The checks of one kind over one file, chunk after chunk, keeping what it has judged."""

    def __init__(self, kind: Kind, layout: Layout, around: Surroundings) -> None:
        self._kind, self._layout, self._around = kind, layout, around
        self._columns = Columns(kind)

    def check(self, first: int, cells: list[list[object]]) -> Checked:
        """Judge a chunk whose first row has number `first`; rows without any content are passed over."""
        filled = list(map(_is_filled, cells))
        numbers = list(compress(range(first, first + len(cells)), filled))
        if not numbers:
            return Checked([], {field.id: [] for field in self._kind.fields}, [])
        across = list(zip_longest(*compress(cells, filled), fillvalue=""))
        complaints: list[Complaint] = []
        columns = {field.id: self._column(field, across, len(numbers), complaints) for field in self._kind.fields}
        complaints.extend(cross(self._kind, columns, self._around))
        located = [one._replace(row=numbers[one.row]) for one in _first_of_each_cell(complaints)]
        return Checked(numbers, columns, located)

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


def _is_filled(cells: Sequence[object]) -> bool:
    # Nearly every row has a text in it; only one without is looked at again, for a nought is content too.
    return any(cells) or any(cell not in ("", None) for cell in cells)


def _first_of_each_cell(complaints: list[Complaint]) -> list[Complaint]:
    """One error for a cell is enough to mend it by: a cross rule adds nothing to a cell that could not be read."""
    unreadable = {(one.row, one.field) for one in complaints if one.level == "error"}
    kept: dict[tuple[int, str, str], Complaint] = {}
    for one in complaints:
        if one.level == "warning" and (one.row, one.field) in unreadable:
            continue
        kept.setdefault((one.row, one.field, one.level), one)
    return list(kept.values())
