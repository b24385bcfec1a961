"""Which records are public and answer a question, newest first, by number alone: at most a thousand and one of them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from django.db import connection

from jiannuo.disclosure import rules
from jiannuo.disclosure.models import Listing
from jiannuo.disclosure.rules import CAP, Filters, Looked

SAMPLE = 600
SAMPLE_LASTS = 14
"""The sample is drawn anew when two to the power of this many records have been added."""

COMMON = 5001
"""On PostgreSQL: a question answered by this many records is read newest first instead of through the index."""


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
        conditions.append((f"about IN ({_marks(asked.parties)}) AND NOT (about = '')", [*asked.parties]))
    for condition, values in conditions:
        narrowed, more = _narrowed(filters)
        if found := _plain(f"WHERE {condition}{narrowed}", [*values, *more], before):
            return found
    return []


def _narrowed(filters: Filters) -> tuple[str, list[Any]]:
    sql = ""
    values: list[Any] = []
    if filters.kinds:
        sql += f" AND kind IN ({_marks(filters.kinds)})"
        values += filters.kinds
    if filters.organs:
        sql += f" AND organ_id IN ({_marks(filters.organs)})"
        values += filters.organs
    if filters.year:
        first = date(filters.year, filters.month or 1, 1)
        sql += " AND decided_on >= %s AND decided_on < %s"
        values += [first, rules.ahead(first, 1 if filters.month else 12)]
    if filters.standing:
        sql += f" AND kept_on {'>' if filters.standing == 'late' else '<='} due_on"
    return sql, values


def _marks(values: Sequence[Any]) -> str:
    return ", ".join(["%s"] * len(values))


def _plain(where: str, values: list[Any], before: int) -> list[int]:
    if before:
        where = f"{where} AND id < %s" if where else "WHERE id < %s"
        values = [*values, before]
    return _ids(f"SELECT id FROM disclosure_listing {where} ORDER BY id DESC LIMIT {CAP + 1}", values)


def _sqlite(asked: Looked, filters: Filters, before: int) -> list[int]:
    """FTS5 walks its rows from the newest and stops at the cap; words of three and more are read again in the text."""
    sql = "SELECT t.rowid FROM disclosure_terms t"
    where = "WHERE disclosure_terms MATCH %s"
    values: list[Any] = [rules.fts(rules.groups(asked.words, filters, _frequency(asked)))]
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
    if not asked.words:
        narrowed, values = _narrowed(filters)
        return _plain(f"WHERE true{narrowed}", values, before)
    terms = rules.tsquery(rules.groups(asked.words, filters, _frequency(asked)))
    again = "".join(" AND position(%s in text) > 0" for _ in asked.long_words)
    if asked.long_words and _is_common(terms):
        narrowed, values = _narrowed(filters)
        read = "".join(" AND position(%s in text) > 0" for _ in asked.words)
        return _plain(f"WHERE true{read}{narrowed}", [*asked.words, *values], before)
    return _plain(f"WHERE terms @@ %s::tsquery{again}", [terms, *asked.long_words], before)


def _frequency(asked: Looked) -> Mapping[str, float]:
    """How common the pieces of long words are, told from a few hundred records; short words need not know."""
    if not any(len(word) > 3 for word in asked.words):
        return rules.EVEN
    newest = _ids("SELECT COALESCE(MAX(id), 0) FROM disclosure_listing", [])[0]
    return _sampled(str(connection.settings_dict["NAME"]), newest >> SAMPLE_LASTS)


@lru_cache(maxsize=4)
def _sampled(_database: str, _generation: int) -> Mapping[str, float]:
    newest = _ids("SELECT COALESCE(MAX(id), 0) FROM disclosure_listing", [])[0]
    spread = [1 + at * newest // SAMPLE for at in range(SAMPLE)] if newest else []
    rows = Listing.objects.filter(pk__in=spread).values_list("text", flat=True)
    texts = [frozenset(gram for line in text.split("\n") for gram in rules.grams(line)) for text in rows]
    counted = Counter(gram for pieces in texts for gram in pieces)
    return {gram: count / len(texts) for gram, count in counted.items()}


def _is_common(terms: str) -> bool:
    sql = f"SELECT count(*) FROM (SELECT 1 FROM disclosure_listing WHERE terms @@ %s::tsquery LIMIT {COMMON}) AS capped"
    return _ids(sql, [terms])[0] >= COMMON


def _ids(sql: str, values: Sequence[Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [row[0] for row in cursor.fetchall()]
