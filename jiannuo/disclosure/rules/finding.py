"""How a record is found: the terms kept for it, and the terms a question asks for."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from msgspec import Struct

from jiannuo.kernel.document_numbers import check_document_number
from jiannuo.kernel.refusals import Refused
from jiannuo.kernel.searching import fold_text

CAP = 1000
"""A count stops here: beyond it people narrow the question, they do not count."""

LONGEST = 60
MOST_WORDS = 6
PARTY_CODES = ("uscc", "reg", "org", "tax", "institution", "social")
_CODE = re.compile(r"[0-9A-Z]{6,20}")
_NUMBER = re.compile(r".+[〔（(\[]\d{4}[〕）)\]].*\d+号?")

_THREE_DIGITS = re.compile(r"(?=([0-9]{3}))")
_SEAM = re.compile(r"[0-9](?=[^\x00-\x7f])|[^\x00-\x7f](?=[0-9])")

COMMON = 0.1
MOST_PIECES = 5
FEWEST_PIECES = 3
EVEN: Mapping[str, float] = {}

Groups = Sequence[Sequence[str]]
"""Terms in conjunctive form: of every group at least one must be there."""


class Filters(Struct, frozen=True):
    """What a reader narrows the public record to. Organs come with their predecessors already in."""

    kinds: tuple[str, ...] = ()
    organs: tuple[int, ...] = ()
    year: int = 0
    month: int = 0
    standing: Literal["", "on_time", "late"] = ""

    @property
    def any(self) -> bool:
        """True where something is narrowed."""
        return bool(self.kinds or self.organs or self.year or self.standing)


class Looked(Struct, frozen=True):
    """A question understood: words that must all occur, or one whole code or document number."""

    words: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    number: str = ""

    @property
    def long_words(self) -> tuple[str, ...]:
        """The words whose bigrams alone do not prove that they occur."""
        return tuple(word for word in self.words if len(word) > 2)


def looked(question: str) -> Looked:
    """What a person typed, as words, and as the code or document number it may be. Refuses a single character."""
    spaced = "".join(
        " " if unicodedata.category(char)[0] in "CZ" else char for char in unicodedata.normalize("NFKC", question)
    )
    words = tuple(dict.fromkeys(filter(None, map(fold_text, spaced.split()))))
    if any(len(word) > LONGEST for word in words) or len(words) > MOST_WORDS:
        raise Refused(
            "要查的内容太长",
            fix=f"每个词不超过{LONGEST}个字，最多{MOST_WORDS}个词，用空格隔开",
            field="q",
            code="too_long",
        )
    if short := [word for word in words if len(word) == 1]:
        raise Refused(
            f"只凭“{short[0]}”一个字查不了，符合的太多",
            fix="请写两个字以上：名称的一部分、统一社会信用代码或者文号都可以",
            field="q",
            code="one_character",
        )
    code = spaced.strip().upper()
    parties = (
        tuple(f"{kind}:{code}" for kind in PARTY_CODES) if _CODE.fullmatch(code) and any(map(str.isdigit, code)) else ()
    )
    return Looked(words, parties, _whole_number(question))


def _whole_number(question: str) -> str:
    if not _NUMBER.fullmatch(unicodedata.normalize("NFKC", question).strip()):
        return ""
    verdict = check_document_number(question)
    return "" if verdict.level == "error" else verdict.value


def grams(folded: str) -> list[str]:
    """What a folded line is cut into: every pair of neighbours, and three where all are digits or a digit meets a character.

    The pairs are those of `kernel.searching.bigrams`. The threes (罚〔2, 〕12, 123, 34号) tell document numbers apart,
    whose pairs of digits are everywhere.
    """
    found = [one + other for one, other in pairwise(folded)] or [folded]
    found += _THREE_DIGITS.findall(folded)
    for seam in _SEAM.finditer(folded):
        at = seam.start()
        found += [folded[from_ : from_ + 3] for from_ in (at - 1, at) if 0 <= from_ <= len(folded) - 3]
    return found


def terms(text: str, *, kind: str, organ: int, decided_on: date, standing: str) -> list[str]:
    """What a record is found by: the pieces of each line of its text, and what it can be narrowed by."""
    found: dict[str, None] = {}
    for line in filter(None, text.split("\n")):
        found.update(dict.fromkeys(grams(line)))
    year = f"y={decided_on.year}"
    # An organ's year is what an organ's page leads to; as one term it spares walking through two long lists.
    for narrowing in (f"k={kind}", f"o={organ}", year, f"o={organ}{year}", f"m={decided_on:%Y%m}", f"s={standing}"):
        found[narrowing] = None
    return list(found)


def groups(words: Sequence[str], filters: Filters, frequency: Mapping[str, float] = EVEN) -> list[list[str]]:
    """The terms that answer a question within filters: of a long word's pieces only those that tell records apart.

    `frequency` is the share of records that have a piece, as far as known. A long word is read again in the text, so
    leaving pieces out costs nothing but candidates, while a piece that nearly all records have costs a walk through all.
    """
    chosen = dict.fromkeys(gram for word in words for gram in _telling(word, frequency))
    found = [[gram] for gram in chosen]
    if filters.kinds:
        found.append([f"k={kind}" for kind in filters.kinds])
    year = f"y={filters.year}" if filters.year and not filters.month else ""
    if filters.organs:
        found.append([f"o={organ}{year}" for organ in filters.organs])
    elif year:
        found.append([year])
    if filters.year and filters.month:
        found.append([f"m={filters.year}{filters.month:02}"])
    if filters.standing:
        found.append([f"s={filters.standing}"])
    return found


def _telling(word: str, frequency: Mapping[str, float]) -> list[str]:
    pieces = list(dict.fromkeys(grams(word)))
    ordered = sorted(pieces, key=lambda piece: frequency.get(piece, 0.0))
    rare = [piece for piece in ordered if frequency.get(piece, 0.0) < COMMON]
    return rare[:MOST_PIECES] if len(rare) > 1 else ordered[:FEWEST_PIECES]


def fts(asked: Groups) -> str:
    """The groups as FTS5 reads them."""
    return " AND ".join(
        "(" + " OR ".join(f'"{term.replace(chr(34), chr(34) * 2)}"' for term in group) + ")" for group in asked
    )


def tsquery(asked: Groups) -> str:
    """The groups as PostgreSQL reads them."""
    return " & ".join("(" + " | ".join(map(_quoted, group)) + ")" for group in asked)


def tsvector(found: Sequence[str]) -> str:
    """A record's terms as PostgreSQL reads them."""
    return " ".join(map(_quoted, found))


def _quoted(term: str) -> str:
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"
