"""What a check of conditions between fields is given: the rule, the columns of a chunk, and what lies around the rows."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from jiannuo.intake.rules.columns import Complaint
from jiannuo.policy.kinds import CrossRule, Kind

Columns = Mapping[str, Sequence[str]]


def _nothing(_code: str, _name: str) -> str:
    return ""


def _unknown(_name: str) -> int:
    return 0


def _no_list(_kind: str, _organ_id: int) -> Collection[str]:
    return ()


def _none(_numbers: Collection[str]) -> Mapping[str, frozenset[int]]:
    return {}


class Surroundings(Struct, frozen=True):
    """What the checks of a row need to know beyond the row."""

    today: date
    organ: Callable[[str, str, bool], str]
    """(code, name, own) → empty where the county has that organ under that name (and it is the sender's own), else what is wrong."""
    register: Callable[[Collection[str]], Mapping[str, frozenset[str]]]
    """Party codes → the names the register knows them by; unknown codes are left out."""
    catalogue: Mapping[str, str] = {}
    """Items of the disclosure catalogue and their period."""
    official: Callable[[str, str], str] = _nothing
    """(code, name) → empty where the register of officials knows the code under that name, else what is wrong."""
    which: Callable[[str], int] = _unknown
    """An organ by any of its names → the organ that answers for it today, 0 where there is none."""
    parents: Callable[[Collection[str]], Mapping[str, frozenset[int]]] = _none
    """Numbers of promises → the organs that answer for those made under them."""
    items: Callable[[str, int], Collection[str]] = _no_list
    """(kind of list, organ) → the codes that are or were on its list; none where it has sent none."""
    seen: dict[str, str] = {}
    """What was met first, through all chunks of a file."""


class Task(Struct, frozen=True):
    """One rule applied to one chunk."""

    rule: CrossRule
    kind: Kind
    columns: Columns
    around: Surroundings

    def column(self, name: str) -> Sequence[str]:
        """The column a parameter names, or blanks where the parameter is not given."""
        field_id = str(self.rule.params.get(name, ""))
        return self.columns[field_id] if field_id else [""] * len(next(iter(self.columns.values())))

    def title(self, field_id: str) -> str:
        """What people call the field."""
        return self.kind.by_id[field_id].title if field_id else ""

    def say(self, row: int, name: str, message: str, fix: str) -> Complaint:
        """A complaint about the field that parameter `name` stands for (or the field of that id)."""
        field_id = str(self.rule.params.get(name, name))
        return Complaint(row, field_id, self.rule.id, self.rule.level, message, fix)


def wrong(columns: Sequence[Sequence[str]], judge: Callable[..., str]) -> Iterator[tuple[int, str]]:
    """The rows that are wrong, and what with; each combination of values is judged once."""
    rows = list(zip(*columns, strict=True))
    faults = {values: fault for values in set(rows) if (fault := judge(*values))}
    if faults:
        yield from ((row, faults[values]) for row, values in enumerate(rows) if values in faults)
