"""Papers that government holds already and does not ask for again: what counts as one is data of the pack (`papers.toml`).

A paper is known by the name it bears on the list of the item. It is answered by a record about the same applicant that names it and is
in force, or by a paper of that name that an organ took in an earlier case of the applicant's.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from msgspec import Struct

from jiannuo.kernel.days import parse_day
from jiannuo.kernel.searching import fold_text


class Held(Struct, frozen=True):
    """One way of being held already."""

    id: str
    what: str
    source: str
    clause: str
    assumed: str
    records: frozenset[str]
    """The kinds of record that answer for a paper; none where earlier cases do."""
    named: str
    """The field that bears the paper's name."""
    first: str
    last: str
    """The fields of its first and last day."""
    only: Mapping[str, frozenset[str]]
    """What else it must say, by field."""
    flows: frozenset[str]
    """The procedures in which papers were taken in."""
    keeps: str
    """The time limit for which such a paper counts, from the day it was taken in."""
    never: tuple[str, ...]
    """Words in the name of a paper that is of each application anew: its form, a power given for it."""

    @classmethod
    def read(cls, name: str, entry: Mapping[str, Any]) -> Self:
        return cls(
            id=name,
            what=entry["what"],
            source=entry.get("source", ""),
            clause=entry.get("clause", ""),
            assumed=entry.get("assumed", ""),
            records=frozenset(entry.get("records", ())),
            named=entry.get("named", ""),
            first=entry.get("from", ""),
            last=entry.get("until", ""),
            only={field: frozenset(values) for field, values in entry.get("only", {}).items()},
            flows=frozenset(entry.get("flows", ())),
            keeps=entry.get("keeps", ""),
            never=tuple(entry.get("never", ())),
        )

    def may_hold(self, paper: str) -> bool:
        """Whether a paper of that name can be held at all."""
        return not any(word in paper for word in self.never)

    def answers(self, paper: str, kind: str, body: Mapping[str, str], on: date) -> bool:
        """Whether a record of the applicant's is that paper on a day: named so, in force, and saying what it must."""
        if (
            not self.may_hold(paper)
            or kind not in self.records
            or same_paper(str(body.get(self.named) or "")) != same_paper(paper)
        ):
            return False
        first, last = parse_day(str(body.get(self.first) or "")), parse_day(str(body.get(self.last) or ""))
        in_force = (first is None or first <= on) and (last is None or on <= last)
        return in_force and all(str(body.get(field) or "") in values for field, values in self.only.items())


def same_paper(name: str) -> str:
    """A paper's name as it is compared: without 《》, blanks, and what stands in brackets (原件、复印件)."""
    bare = name.partition("（")[0].partition("(")[0]
    return fold_text(bare.strip().strip("《》"))
