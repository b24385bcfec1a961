"""Rows that passed, in the terms of the ledger's envelope: who decided about whom, when, and the bytes that digests cover."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import compress

from msgspec import Struct

from jiannuo.intake.rules.checking import Part, filled_of
from jiannuo.kernel import amounts, canonical, personal
from jiannuo.policy.kinds import Kind
from jiannuo.subjects.rules import CODE_FIELDS, official_key, party_key

SEALED = "（另行封存）"
"""What the open part of an entry says in place of words that are sealed whole."""
Blinds = Callable[[Iterable[bytes]], list[bytes]]
"""Keyed digests of sixteen bytes, one for each text."""


class Ready(Struct, frozen=True):
    """Rows that passed every check, column by column."""

    rows: list[int]
    """Their numbers in the sheet."""
    organs: list[str]
    """The deciding organ as written: its code, else its name."""
    about: list[str]
    party_types: list[str]
    party_names: list[str]
    numbers: list[str]
    days: list[str]
    amounts: list[str | None]
    """In yuan, to two places."""
    bodies: list[bytes]
    """Canonical JSON of the filled fields, personal values masked."""
    private: list[dict[str, str] | None]
    """The personal values themselves."""
    identities: list[bytes]
    contents: list[bytes]

    def only(self, wanted: Sequence[bool]) -> "Ready":
        """The rows at which `wanted` is true."""
        return Ready(*(list(compress(getattr(self, name), wanted)) for name in self.__struct_fields__))


class Envelopes:
    """The envelopes of one kind over one file, chunk after chunk, keeping what it has worked out."""

    def __init__(self, kind: Kind, blinds: Blinds) -> None:
        self._kind, self._blinds = kind, blinds
        self._code_fields = kind.fields_for("about_code")
        self._person = bool(self._code_fields) and kind.by_id[self._code_fields[0]].personal == "secret"
        self._known: dict[tuple[str, ...], str] = {}
        self._sums: dict[tuple[str, ...], str | None] = {}

    def of(self, part: Part) -> Ready:
        """The rows of a part."""
        numbers, columns, bodies = part.numbers, part.columns, part.bodies
        kind, blank = self._kind, [""] * len(numbers)
        role = {name: columns.get(kind.field_for(name), blank) for name in kind.role}

        def filling(name: str) -> list[str]:
            return role.get(name, blank)

        unique = zip([kind.id] * len(numbers), *(columns[field_id] for field_id in kind.unique), strict=True)
        identities = self._blinds("\0".join(values).encode() for values in unique)
        contents = self._blinds(bodies)
        names, bodies, private = self._apart(part, filling("about_name"))
        return Ready(
            rows=numbers,
            organs=[code or name for code, name in zip(filling("organ_code"), filling("organ_name"), strict=True)],
            about=self._whom(columns, filling("official"), filling("about_name"), identities),
            party_types=filling("about_type"),
            party_names=names,
            numbers=filling("number"),
            days=filling("day"),
            amounts=self._amounts(columns, len(numbers)),
            bodies=bodies,
            private=private,
            identities=identities,
            contents=contents,
        )

    def _apart(self, part: Part, names: list[str]) -> tuple[list[str], list[bytes], list[dict[str, str] | None]]:
        """The names as they may be shown, the bodies with personal values masked, and those values."""
        private: list[dict[str, str] | None] = [None] * len(part.numbers)
        if not any(map(any, (part.columns[field_id] for field_id in self._kind.personal_fields))):
            return names, part.bodies, private
        shown, bodies = list(names), list(part.bodies)
        about_name = self._kind.field_for("about_name")
        for at, values in enumerate(filled_of(part.columns, len(part.numbers))):
            if found := {field_id: values[field_id] for field_id in self._kind.personal_fields if field_id in values}:
                private[at] = found
                values |= {field_id: self._masked(field_id, value) for field_id, value in found.items()}
                bodies[at] = canonical.encode_plain(values)
                shown[at] = values.get(about_name, "")
        return shown, bodies, private

    def _masked(self, field_id: str, value: str) -> str:
        level = self._kind.by_id[field_id].personal
        if level == "sealed":
            return SEALED
        if level == "name":
            return personal.mask_name(value)
        return personal.mask_id_number(value)

    def _whom(
        self, columns: Mapping[str, list[str]], officials: list[str], names: list[str], identities: list[bytes]
    ) -> list[str]:
        """The key by which it is found: of the official it concerns, where it concerns one, else of the outside party."""
        parties = self._about(columns, names, identities)
        if not any(officials):
            return parties
        return [official_key(code) or party for code, party in zip(officials, parties, strict=True)]

    def _about(self, columns: Mapping[str, list[str]], names: list[str], identities: list[bytes]) -> list[str]:
        if not self._code_fields:
            return [
                party_key({}, name, record=record) if name else ""
                for name, record in zip(names, identities, strict=True)
            ]
        codes = zip(*(columns[field_id] for field_id in self._code_fields), strict=True)
        return [
            (self._known.get(key) or self._party(key, name, record)) if name else ""
            for key, name, record in zip(codes, names, identities, strict=True)
        ]

    def _party(self, codes: tuple[str, ...], name: str, record: bytes) -> str:
        if self._person:
            return party_key({}, name, self._blinds([codes[0].encode()])[0] if codes[0] else None, record=record)
        key = party_key(dict(zip(CODE_FIELDS, codes, strict=False)), name, record=record)
        if not key.startswith("record:"):
            self._known[codes] = key
        return key

    def _amounts(self, columns: Mapping[str, list[str]], count: int) -> list[str | None]:
        wanted = self._kind.fields_for("amounts")
        if not wanted:
            return [None] * count
        rows = list(zip(*(columns[field_id] for field_id in wanted), strict=True))
        for wan in set(rows).difference(self._sums):
            yuan = [amounts.wan_to_yuan(Decimal(value)) for value in wan if value]
            self._sums[wan] = f"{sum(yuan, Decimal(0)):.2f}" if yuan else None
        return [self._sums[wan] for wan in rows]
