"""Lists within questions written in SQL: places for values, numbers, and names that the pack or the program gives."""

import re
from collections.abc import Iterable, Sized

NAME = re.compile(r"[a-z][a-z0-9_]*")
NOTHING = "NULL"
"""A list of nothing: nothing is in it."""


def places(values: Sized) -> str:
    """A place for each of the values that are handed over beside the question."""
    return ", ".join(["%s"] * len(values)) or NOTHING


def numbers(ids: Iterable[int]) -> str:
    """The numbers between commas."""
    return ", ".join(str(int(one)) for one in sorted(ids)) or NOTHING


def names(several: Iterable[str]) -> str:
    """The names in quotes between commas. Raises ValueError for what is no plain name, so that nothing typed gets into a question."""
    found = sorted(set(several))
    if strange := [one for one in found if not NAME.fullmatch(one)]:
        raise ValueError(f"no plain names: {strange}")
    return ", ".join(f"'{one}'" for one in found) or NOTHING
