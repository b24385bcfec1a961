"""What a check of one value finds: the value as it should be written, how sure we are, and what to do."""

import unicodedata
from typing import Literal, NamedTuple

Level = Literal["ok", "warning", "error"]

# Characters that come along with text copied from web pages and word processors and show nothing.
UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))


class Verdict(NamedTuple):
    """The normalised value, whether it may stand, and a Chinese sentence that says what to do when it may not."""

    level: Level
    value: str
    reason: str


def tidied(text: str) -> str:
    """The text in half-width upper-case characters without spaces or unseen characters."""
    if text.isascii():
        return "".join(text.split()).upper()
    plain = unicodedata.normalize("NFKC", text.translate(UNSEEN))
    return unicodedata.normalize("NFKC", "".join(plain.split()).upper())
