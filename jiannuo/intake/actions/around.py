"""What lies around a file's rows, asked for once a file: the names of parties, the officials, the promises made so far."""

from collections.abc import Collection
from functools import cached_property

from jiannuo.kernel import names
from jiannuo.ledger import queries as entries
from jiannuo.policy.pack import Pack
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.rules import Directory


class Register:
    """The names under which parties are known, each code asked for once in a file."""

    def __init__(self) -> None:
        self._asked: set[str] = set()
        self._names: dict[str, frozenset[str]] = {}

    def __call__(self, codes: Collection[str]) -> dict[str, frozenset[str]]:
        new = set(codes).difference(self._asked)
        self._asked |= new
        for key, party in subjects.parties(f"uscc:{code}" for code in new).items():
            self._names[key.removeprefix("uscc:")] = frozenset({names.fold_name(party.name)})
        return self._names


class Officials:
    """What is wrong with an official's code and name, by the register."""

    @cached_property
    def _names(self) -> dict[str, str]:
        return {card.official_code: card.name for card in subjects.officials()}

    def __call__(self, code: str, name: str) -> str:
        known = self._names.get(code)
        if known is None:
            return f"人员名录里没有编号“{code}”"
        return "" if not name or name == known else f"编号“{code}”在人员名录里不是“{name}”"


class Parents:
    """Who answers for the promises made under a number."""

    def __init__(self, pack: Pack, directory: Directory) -> None:
        self._kinds = [
            name
            for name, kind in pack.kinds.items()
            if not kind.field_for("parent") and any(pack.duties[duty].is_promised for duty in kind.opens)
        ]
        self._directory = directory

    def __call__(self, numbers: Collection[str]) -> dict[str, frozenset[int]]:
        known = entries.numbered(self._kinds, numbers)
        return {number: frozenset(self._directory.heir(one).id for one in organs) for number, organs in known.items()}


class Items:
    """The codes on the lists of an organ and of those it took over, those taken off included; each asked for once in a file."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[tuple[str, int], frozenset[str]] = {}

    def __call__(self, kind: str, organ_id: int) -> frozenset[str]:
        if (kind, organ_id) not in self._known:
            line = self._directory.line(organ_id)
            self._known[kind, organ_id] = entries.numbers_of(kind, line) if organ_id else frozenset()
        return self._known[kind, organ_id]


class Which:
    """An organ by any of its names, asked for once a name."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self._known: dict[str, int] = {}

    def __call__(self, name: str) -> int:
        if name not in self._known:
            found = self._directory.find(name)
            self._known[name] = self._directory.heir(found.id).id if found else 0
        return self._known[name]
