"""Rows judged, a chunk at a time: each cell by itself, which needs nothing but the file, then what holds between them."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import cache
from itertools import compress, zip_longest
from typing import NamedTuple

from jiannuo.intake.rules.columns import Columns, Complaint
from jiannuo.intake.rules.crossing import cross
from jiannuo.intake.rules.headings import Layout
from jiannuo.intake.rules.tasks import Surroundings
from jiannuo.kernel import canonical
from jiannuo.policy.kinds import Field, Kind


class OnDemand(Mapping[str, list[str]]):
    """Columns of which each is made when it is first asked for: the longest texts hardly ever are."""

    def __init__(self, names: Collection[str], make: Callable[[str], list[str]]) -> None:
        self._names, self._made = names, cache(make)

    def __getitem__(self, name: str) -> list[str]:
        return self._made(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


class Part(NamedTuple):
    """Rows of a file that have any content, each cell judged by itself."""

    first: int
    """The number of its first row, as the sheet counts."""
    end: int
    """The number of the row after its last."""
    numbers: list[int]
    """Each row's number in the sheet."""
    columns: Mapping[str, list[str]]
    """By field, the values as they will be kept."""
    bodies: list[bytes]
    """Canonical JSON of each row's filled fields."""
    complaints: list[Complaint]
    """With the place of the row among those that have content."""

    def without(self, refused: Collection[int]) -> "Part":
        """The same without the rows of these numbers."""
        if not refused:
            return self
        kept = [number not in refused for number in self.numbers]
        columns = OnDemand(self.columns, lambda field_id: list(compress(self.columns[field_id], kept)))
        numbers, bodies = list(compress(self.numbers, kept)), list(compress(self.bodies, kept))
        return self._replace(numbers=numbers, columns=columns, bodies=bodies)


class Checker:
    """The cells of one kind over one file, chunk after chunk, keeping what it has judged."""

    def __init__(self, kind: Kind, layout: Layout) -> None:
        self._kind, self._layout = kind, layout
        self._columns = Columns(kind)

    def check(self, first: int, cells: list[list[object]]) -> Part:
        """Judge the cells of a chunk whose first row has number `first`; rows without any content are passed over."""
        end = first + len(cells)
        filled = list(map(_is_filled, cells))
        numbers = list(compress(range(first, end), filled))
        if not numbers:
            return part_of([], {field.id: [] for field in self._kind.fields}, first=first, end=end)
        across = list(zip_longest(*compress(cells, filled), fillvalue=""))
        complaints: list[Complaint] = []
        columns = {field.id: self._column(field, across, len(numbers), complaints) for field in self._kind.fields}
        return part_of(numbers, columns, complaints, first=first, end=end)

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


def part_of(
    numbers: list[int], columns: Mapping[str, list[str]], complaints: Sequence[Complaint] = (), *, first: int, end: int
) -> Part:
    """The rows of these numbers as they will be kept."""
    bodies = list(map(canonical.encode_plain, filled_of(columns, len(numbers))))
    return Part(first, end, numbers, columns, bodies, list(complaints))


def crossed(kind: Kind, part: Part, around: Surroundings) -> list[Complaint]:
    """All that is wrong with a part: its cells, then the conditions between them. Rows are numbered as the sheet counts them."""
    if not part.numbers:
        return []
    complaints = [*part.complaints, *cross(kind, part.columns, around)]
    return [one._replace(row=part.numbers[one.row]) for one in _first_of_each_cell(complaints)]


def filled_of(columns: Mapping[str, Sequence[str]], count: int) -> list[dict[str, str]]:
    """The filled fields of each of so many rows, in the order of the canonical bytes, which spares sorting every row."""
    present = {field_id: columns[field_id] for field_id in sorted(columns) if any(columns[field_id])}
    if not present:
        return [{} for _ in range(count)]
    return [
        {field_id: value for field_id, value in zip(present, values, strict=True) if value}
        for values in zip(*present.values(), strict=True)
    ]


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
