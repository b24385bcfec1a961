"""Lists within questions written in SQL: places for values, numbers, and names that the pack or the program gives."""

import re
from collections.abc import Iterable, Sized

NAME = re.compile(r"[a-z][a-z0-9_]*")
NOBODY, NAMELESS = "-1", "''"
"""What stands in a list of nothing: what no row has. NULL would not do: of what is compared with it, not even the opposite is true."""


def places(values: Sized) -> str:
    """A place for each of the values that are handed over beside the question. Of a list of nothing nothing must be denied."""
    return ", ".join(["%s"] * len(values)) or "NULL"


def numbers(ids: Iterable[int]) -> str:
    """The numbers between commas."""
    return ", ".join(str(int(one)) for one in sorted(ids)) or NOBODY


def names(several: Iterable[str]) -> str:
    """The names in quotes between commas. Raises ValueError for what is no plain name, so that nothing typed gets into a question."""
    found = sorted(set(several))
    if strange := [one for one in found if not NAME.fullmatch(one)]:
        raise ValueError(f"no plain names: {strange}")
    return ", ".join(f"'{one}'" for one in found) or NAMELESS
