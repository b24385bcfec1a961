"""The same job by django-import-export as a careful team sets it up by its manual, with nothing of ours to help it.

The team reads every column by a widget of the peer's own, declared for that column, and adds Django validators to it: required
cells, lengths, choices, check characters. What holds between columns is checked for each row in `validate_instance`, the place
the manual names. It is tuned as the manual says: bulk, no diff, rows present looked up at once, and none of the queries per row
that `full_clean` would make for keys and constraints. Digests are made of JSON by the standard library in the form that the
ledger's documentation gives, and duties by `bulk_create`.
"""

import hashlib
import importlib
import itertools
import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from benchmarks import rows
from benchmarks.intake import server_cpu, setup
from benchmarks.measure import Figures, peak_mb, timed
from benchmarks.peers import head_of, open_duties, organ, tuned

WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
USCC = re.compile(rf"[{rows.ALPHABET}]{{18}}")
NUMBER = re.compile(r"[\u4e00-\u9fff0-9A-Z()（） ]{2,60}〔(19|20)[0-9]{2}〕[0-9]{1,8}号")
ID_NUMBER = re.compile(r"(?<![0-9])[1-9][0-9]{16}[0-9Xx](?![0-9])")
YUAN = re.compile(r"([0-9][0-9,]*(?:\.[0-9]+)?)元")
LIST = re.compile(r"[;；、,，]+")

Validator = Callable[[Any], None]


def refuse(message: str) -> None:
    """As Django's validators do."""
    from django.core.exceptions import ValidationError

    raise ValidationError(message)


def uscc(value: str) -> None:
    """GB 32100: eighteen characters, the last of which checks the others."""
    if not USCC.fullmatch(value):
        refuse("not a unified code")
    total = sum(rows.ALPHABET.index(char) * weight for char, weight in zip(value, WEIGHTS, strict=False))
    if rows.ALPHABET[-total % 31] != value[-1]:
        refuse("the check character of the unified code is wrong")


def document_number(value: str) -> None:
    """An issuer, a year in brackets, a serial number."""
    if not NUMBER.fullmatch(value):
        refuse("not a document number")


def without_id_numbers(value: str) -> None:
    """Text that will be public holds nobody's ID number."""
    if ID_NUMBER.search(value):
        refuse("holds an ID number")


def printable(value: str) -> None:
    """No control characters."""
    if not value.isprintable():
        refuse("holds control characters")


class Choices:
    """Each of the values in a cell is on the list of its column."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = frozenset(values)

    def __call__(self, value: str) -> None:
        if not self.values.issuperset(LIST.split(value)):
            refuse("not among the choices")


def validators(field: Any, kind: Any) -> list[Validator]:
    """What a team would declare for a column of the data standard."""
    from django.core import validators as django

    found: list[Validator] = []
    if field.type == "amount":
        return [django.MinValueValidator(0), django.DecimalValidator(20, field.places)]
    if field.type in ("choice", "choices"):
        found.append(Choices(list(kind.readings(field.codes))))
    if field.type == "text":
        found.append(printable)
    if field.length:
        found.append(django.MaxLengthValidator(field.length))
    found += [check for name, check in (("uscc", uscc), ("document_number", document_number)) if field.check == name]
    if field.id in kind.fields_for("free_text"):
        found.append(without_id_numbers)
    return found


def between(values: dict[str, Any], organs: frozenset[str]) -> Iterator[tuple[str, str]]:
    """The rules DP02 to DP14 of the data standard that can fail in these sheets, one row at a time."""
    code, type_, day = values["CF_XDR_SHXYM"], values["CF_XDR_LB"], values["CF_JDRQ"]
    if type_ != ("个体工商户" if code.startswith("92") else "法人及非法人组织"):
        yield "CF_XDR_LB", "type and code differ"
    if day > rows.ON:
        yield "CF_JDRQ", "decided after today"
    for last in ("CF_YXQ", "CF_GSJZQ"):
        if values[last] and values[last] < day:
            yield last, "ends before it begins"
    amount, fined = values["CF_NR_FK"], "罚款" in LIST.split(values["CF_CFLB"])
    if fined and not amount:
        yield "CF_NR_FK", "fined without an amount"
    sums = (Decimal(found.replace(",", "")) for found in YUAN.findall(values["CF_NR"]))
    if amount and amount > 1 and amount in sums:
        yield "CF_NR_FK", "amount in yuan"
    for name in ("CF_CFJG", "CF_SJLY"):
        if values[name] not in organs:
            yield name, "unknown organ"


def columns(kind: Any) -> dict[str, Any]:
    """The declared fields of the resource: one for each column, with its widget."""
    field, widgets = (
        importlib.import_module("import_export.fields").Field,
        importlib.import_module("import_export.widgets"),
    )

    def checked(widget: type, needed: bool, checks: list[Validator]) -> type:
        class Checked(widget):  # type: ignore[misc]  # a peer without types
            def clean(self, value: Any, row: Any = None, **more: Any) -> Any:
                cleaned = super().clean(value.strip(), row, **more)
                if cleaned in (None, ""):
                    if needed:
                        raise ValueError("required")
                    return cleaned
                for check in checks:
                    check(cleaned)
                return cleaned

        return Checked

    found = {}
    for one in kind.fields:
        base = {"date": widgets.DateWidget, "amount": widgets.DecimalWidget}.get(one.type, widgets.CharWidget)
        given = {"format": "%Y/%m/%d"} if one.type == "date" else {}
        widget = checked(base, one.need == "M", validators(one, kind))(**given)
        found[one.id] = field(attribute=one.id, column_name=one.title, widget=widget)
    return found


def as_text(value: Any) -> str:
    """A value as the ledger writes it."""
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value.isoformat() if isinstance(value, date) else value


def canonical(value: Any) -> bytes:
    """The form of the ledger's documentation."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def resource_class() -> Any:
    """The resource of penalty decisions."""
    from django.core.exceptions import ValidationError

    from jiannuo.kernel import clock
    from jiannuo.ledger import queries as ledger
    from jiannuo.ledger.models import Entry
    from jiannuo.policy import pack as policy

    resources = importlib.import_module("import_export.resources")
    loaders = importlib.import_module("import_export.instance_loaders")
    field, plain = (importlib.import_module(f"import_export.{name}") for name in ("fields", "widgets"))
    kind = policy.current().kinds[rows.KIND]
    organs = frozenset(one.name for one in policy.current().organs)
    titles = [kind.by_id[name].title for name in kind.unique]

    class Decisions(resources.ModelResource):  # type: ignore[misc, name-defined]  # a peer without types
        def before_import(self, dataset: Any, **_more: Any) -> None:
            unique = ("\0".join(row[title].strip() for title in titles) for row in dataset.dict)
            dataset.append_col([hashlib.sha256(text.encode()).digest()[:16] for text in unique], header="identity")
            self.numbers = itertools.count(ledger.head()[0] + 1)
            self.entries: list[Any] = []
            self.met: set[bytes] = set()
            self.organ, self.seen_at = organ(), clock.now()

        def init_instance(self, row: Any = None) -> Any:  # noqa: ARG002 - named as the peer calls it
            return Entry(id=next(self.numbers), kind=rows.KIND, organ_id=self.organ.id, rule="bench", author="bench")

        def validate_instance(self, instance: Any, import_validation_errors: Any = None, **_more: Any) -> None:
            errors = dict(import_validation_errors or {})
            if not errors:
                values = {one.id: getattr(instance, one.id) for one in kind.fields}
                errors = {name: ValidationError(why) for name, why in between(values, organs)}
                if instance.identity in self.met:
                    errors["CF_WSH"] = ValidationError("twice in this file")
            if errors:
                raise ValidationError(errors)
            self.met.add(instance.identity)

        def before_save_instance(self, instance: Any, row: Any, **more: Any) -> None:  # noqa: ARG002 - so too
            fill(instance, kind, self.organ, self.seen_at, more.get("row_number", 0))
            self.entries.append(instance)

    identity = field.Field(attribute="identity", column_name="identity", widget=plain.Widget())
    meta = tuned([*kind.by_id, "identity"], loaders.CachedInstanceLoader)
    return type(resources.ModelResource)("Careful", (Decisions,), {**columns(kind), "identity": identity, "Meta": meta})


def fill(entry: Any, kind: Any, organ: Any, seen_at: Any, row: int) -> None:
    """What the ledger keeps besides the columns of the sheet: the body, the digests."""
    values = {one.id: as_text(value) for one in kind.fields if (value := getattr(entry, one.id)) not in (None, "")}
    body = canonical(values)
    entry.about, entry.number = f"uscc:{entry.CF_XDR_SHXYM}", entry.CF_WSH
    entry.happened_on, entry.seen_at, entry.visibility = entry.CF_JDRQ, seen_at, "organ"
    entry.amount = (entry.CF_NR_FK * 10000).quantize(Decimal("0.01")) if entry.CF_NR_FK else None
    entry.body, entry.row, entry.salt = body.decode(), row, os.urandom(16)
    entry.content = hashlib.sha256(body).digest()[:16]
    covered = {
        "about": entry.about, "amount": None if entry.amount is None else str(entry.amount), "author": entry.author,
        "batch": None, "body": values, "corrects": None, "happened_on": entry.happened_on.isoformat(), "kind": entry.kind,
        "number": entry.number, "organ": organ.code, "private": None, "reason": "", "refers": None, "row": row,
        "rule": entry.rule, "salt": entry.salt.hex(), "seen_at": seen_at.isoformat(), "version": 1,
        "visibility": entry.visibility, "visible_until": None,
    }  # fmt: skip
    entry.digest = hashlib.sha256(b"jiannuo:1\n" + canonical(covered)).digest()


def import_export(path: str, count: str) -> Figures:
    """So many rows of a CSV file into the ledger, with digests, and their duties after."""
    from django.db import transaction

    tablib = importlib.import_module("tablib")
    figures: Figures = {}
    text = head_of(path, int(count))
    resource = resource_class()()
    with timed(figures, "whole", server=server_cpu), transaction.atomic():
        data = tablib.Dataset().load(text, format="csv")
        result = resource.import_data(data, dry_run=False, raise_errors=False, use_transactions=False)
        open_duties(resource.entries)
    totals = result.totals
    return {**figures, "accepted": totals["new"], "rejected": totals["error"] + totals["invalid"], "peak_mb": peak_mb()}


if __name__ == "__main__":
    setup()
    print(json.dumps(import_export(*sys.argv[1:])))
