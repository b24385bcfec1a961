"""Which records are public and answer a question, newest first, by number alone: at most a thousand and one of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import connection
from msgspec import Struct

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.queries import review
from jiannuo.disclosure.rules import CAP, Filters, Looked
from jiannuo.kernel.sql import places

SAMPLE = 600
SAMPLES_KEPT = 4
SAMPLE_LASTS = 14
"""The sample is drawn anew when two to the power of this many records have been added."""

COMMON = 0.01
"""On PostgreSQL: a question that this share of records answers is read newest first instead of through the index."""


def numbers(asked: Looked, filters: Filters, *, before: int = 0) -> list[int]:
    """The listing numbers that answer, newest first, one more than the cap where there are more."""
    if exact := _exact(asked, filters, before):
        return exact
    if not asked.words and not filters.any:
        return _plain("", [], before)
    if connection.vendor == "postgresql":
        return _postgresql(asked, filters, before)
    return _sqlite(asked, filters, before)


def _exact(asked: Looked, filters: Filters, before: int) -> list[int]:
    """A whole code or document number is found in its own index; nothing there means it may still be part of one."""
    # The second half repeats the condition of the partial index word for word, or it is not used.
    conditions: list[tuple[str, list[Any]]] = []
    if asked.number:
        conditions.append(("number = %s AND NOT (number = '')", [asked.number]))
    if asked.parties:
        conditions.append((f"about IN ({places(asked.parties)}) AND NOT (about = '')", [*asked.parties]))
    for condition, values in conditions:
        narrowed, more = _narrowed(filters)
        if found := _plain(f"WHERE {condition}{narrowed}", [*values, *more], before):
            return found
    return []


def _narrowed(filters: Filters) -> tuple[str, list[Any]]:
    sql = ""
    values: list[Any] = []
    if filters.kinds:
        sql += f" AND kind IN ({places(filters.kinds)})"
        values += filters.kinds
    if filters.organs:
        sql += f" AND organ_id IN ({places(filters.organs)})"
        values += filters.organs
    if filters.year:
        first = date(filters.year, filters.month or 1, 1)
        sql += " AND decided_on >= %s AND decided_on < %s"
        values += [first, rules.ahead(first, 1 if filters.month else 12)]
    if filters.standing:
        sql += f" AND kept_on {'>' if filters.standing == 'late' else '<='} due_on"
    return sql, values


def _plain(where: str, values: list[Any], before: int) -> list[int]:
    if before:
        where = f"{where} AND id < %s" if where else "WHERE id < %s"
        values = [*values, before]
    return _ids(f"SELECT id FROM disclosure_listing {where} ORDER BY id DESC LIMIT {CAP + 1}", values)


def _sqlite(asked: Looked, filters: Filters, before: int) -> list[int]:
    """FTS5 walks its rows from the newest and stops at the cap; words of three and more are read again in the text."""
    sql = "SELECT t.rowid FROM disclosure_terms t"
    where = "WHERE disclosure_terms MATCH %s"
    # Of a word of three characters no piece can be spared.
    frequency = _sample().frequency if any(len(word) > 3 for word in asked.words) else rules.EVEN
    values: list[Any] = [rules.fts(rules.groups(asked.words, filters, frequency))]
    if asked.long_words:
        sql += " CROSS JOIN disclosure_listing l ON l.id = t.rowid"
        where += " AND instr(l.text, %s) > 0" * len(asked.long_words)
        values += asked.long_words
    if before:
        where += " AND t.rowid < %s"
        values.append(before)
    return _ids(f"{sql} {where} ORDER BY t.rowid DESC LIMIT {CAP + 1}", values)


def _postgresql(asked: Looked, filters: Filters, before: int) -> list[int]:
    """GIN finds few answers fast; where there are many, the newest are met soon by reading backwards."""
    narrowed, more = _narrowed(filters)
    if not asked.words:
        return _plain(f"WHERE true{narrowed}", more, before)
    sample = _sample()
    if sample.share(asked.words, filters) >= COMMON:
        read = "".join(" AND position(%s in text) > 0" for _ in asked.words)
        return _plain(f"WHERE true{read}{narrowed}", [*asked.words, *more], before)
    terms = rules.tsquery(rules.groups(asked.words, filters, sample.frequency))
    again = "".join(" AND position(%s in text) > 0" for _ in asked.long_words)
    return _plain(f"WHERE terms @@ %s::tsquery{again}", [terms, *asked.long_words], before)


class Sample(Struct, frozen=True):
    """A few hundred public records, by which questions are told common or rare before they are asked."""

    rows: tuple[tuple[str, str, int, date, str], ...]
    frequency: Mapping[str, float]
    """The share of them that have a piece."""

    def share(self, words: Sequence[str], filters: Filters) -> float:
        """The share of them that answer a question."""
        found = sum(
            all(word in text for word in words)
            and (not filters.kinds or kind in filters.kinds)
            and (not filters.organs or organ in filters.organs)
            and (not filters.year or decided_on.year == filters.year)
            and (not filters.month or decided_on.month == filters.month)
            and (not filters.standing or standing == filters.standing)
            for text, kind, organ, decided_on, standing in self.rows
        )
        return found / len(self.rows) if self.rows else 0.0


_samples: dict[tuple[str, int], Sample] = {}


def _sample() -> Sample:
    newest = _ids("SELECT COALESCE(MAX(id), 0) FROM disclosure_listing", [])[0]
    key = (str(connection.settings_dict["NAME"]), newest >> SAMPLE_LASTS)
    if (found := _samples.get(key)) is None:
        if len(_samples) >= SAMPLES_KEPT:
            _samples.clear()
        found = _samples[key] = _drawn(newest)
    return found


def _drawn(newest: int) -> Sample:
    spread = [1 + at * newest // SAMPLE for at in range(SAMPLE)] if newest else []
    columns = ("text", "kind", "organ_id", "decided_on", "due_on", "kept_on")
    rows = tuple(
        (text, kind, organ, decided_on, review.standing(due_on, kept_on))
        for text, kind, organ, decided_on, due_on, kept_on in Listing.objects.filter(pk__in=spread).values_list(
            *columns
        )
    )
    pieces = Counter(
        gram for row in rows for gram in frozenset(gram for line in row[0].split("\n") for gram in rules.grams(line))
    )
    return Sample(rows, {gram: count / len(rows) for gram, count in pieces.items()})


def _ids(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
