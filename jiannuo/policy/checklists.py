"""Lists of questions that an inspection is answered by (`checklists/*.csv`): what is asked, on what basis, how it is looked at."""

from collections.abc import Mapping
from typing import Self

from msgspec import Struct

COLUMNS = ("code", "question", "basis", "how")


class Question(Struct, frozen=True):
    """One item of a list."""

    code: str
    question: str
    basis: str
    """The clause or law that asks for it."""
    how: str
    """How whoever inspects looks at it."""

    @classmethod
    def read(cls, row: Mapping[str, str]) -> Self:
        return cls(row["code"], row["question"], row["basis"], row["how"])
