"""The same job by the peers: django-import-export given our judgements and digests, and frictionless for checking alone.

They run in an environment of their own (requirements/bench.lock), for the platform itself needs neither.
"""

import csv
import importlib
import io
import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

from benchmarks import rows
from benchmarks.intake import known_organ, server_cpu, setup
from benchmarks.measure import Figures, peak_mb, timed

BATCH = 1000


def head_of(path: str, count: int) -> str:
    """The headings and so many rows of a sheet, as text."""
    file = io.StringIO(newline="")
    with Path(path).open(encoding="utf-8-sig", newline="") as sheet:
        csv.writer(file).writerows(itertools.islice(csv.reader(sheet), count + 1))
    return file.getvalue()


# -- django-import-export --------------------------------------------------------------------------------------------


class RowRules:
    """What ours checks by columns, row by row: each field judged once for a value, then the conditions between fields."""

    def __init__(self) -> None:
        from jiannuo.intake.rules import columns
        from jiannuo.policy import pack as policy

        self.kind = policy.current().kinds[rows.KIND]
        self.judges: dict[str, Callable[[str], Any]] = {
            field.id: lru_cache(maxsize=None)(judge)
            for field in self.kind.fields
            if (judge := columns._judge(field, self.kind))  # noqa: SLF001 - the peer is given the very same judgements
        }

    def read(self, row: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
        """The filled values by field, and what is wrong."""
        values, wrong = {}, []
        for field in self.kind.fields:
            text = row[field.title].strip()
            if text and (judge := self.judges.get(field.id)):
                judged = judge(text)
                text = judged.value
                if judged.level == "error":
                    wrong.append(f"{field.title}: {judged.message}")
            elif field.length and len(text) > field.length:
                wrong.append(f"{field.title}: too long")
            if not text and field.need == "M":
                wrong.append(f"{field.title}: required")
            if text:
                values[field.id] = text
        return values, wrong or list(self.between(values))

    def between(self, values: Mapping[str, str]) -> Iterator[str]:
        """The rules DP02 to DP14 of the pack that can fail in these sheets."""
        code, type_, day = values["CF_XDR_SHXYM"], values["CF_XDR_LB"], values["CF_JDRQ"]
        if type_ != ("个体工商户" if code.startswith("92") else "法人及非法人组织"):
            yield "type and code differ"
        if day > rows.ON.isoformat():
            yield "decided after today"
        if any(values.get(last, "9") < day for last in ("CF_YXQ", "CF_GSJZQ")):
            yield "ends before it begins"
        amount, fined = Decimal(values.get("CF_NR_FK", "0")), "罚款" in values["CF_CFLB"].split(";")
        if fined and not amount:
            yield "fined without an amount"
        if amount > 1 and f"{amount.normalize():f}元" in values["CF_NR"]:
            yield "amount in yuan"
        if known_organ("", values["CF_CFJG"], True) or known_organ("", values["CF_SJLY"], True):
            yield "unknown organ"


def import_export(path: str, count: str) -> Figures:
    """The peer given our judgements."""
    setup()
    return imported(path, count, resource_class())


def imported(path: str, count: str, resource_class: Any) -> Figures:
    """So many rows of a CSV file into the ledger by a peer's resource, with digests, and their duties after."""
    from django.db import transaction

    tablib = importlib.import_module("tablib")
    figures: Figures = {}
    text = head_of(path, int(count))
    resource = resource_class()
    with timed(figures, "whole", server=server_cpu), transaction.atomic():
        data = tablib.Dataset().load(text, format="csv")
        result = resource.import_data(data, dry_run=False, raise_errors=False, use_transactions=False)
        open_duties(resource.entries)
    totals = result.totals
    return {**figures, "accepted": totals["new"], "rejected": totals["error"] + totals["invalid"], "peak_mb": peak_mb()}


def resource_class() -> Any:
    """Tuned as its manual says (bulk, no diff, rows present loaded at once), its widgets idle: what its machinery costs by itself.

    Ours makes the checks, the bodies and the digests for it, one row at a time. `benchmarks.careful` is the peer by itself.
    """
    from django.core.exceptions import ValidationError

    from jiannuo.kernel import clock
    from jiannuo.ledger import queries as ledger
    from jiannuo.ledger import rules
    from jiannuo.ledger.models import Entry

    resources = importlib.import_module("import_export.resources")
    loaders = importlib.import_module("import_export.instance_loaders")
    field = importlib.import_module("import_export.fields").Field
    widget = importlib.import_module("import_export.widgets").Widget()
    checks = RowRules()
    columns = [name.removesuffix("_id") if name in ("refers_id", "corrects_id") else name for name in rules.Row._fields]

    class Decisions(resources.ModelResource):  # type: ignore[misc, name-defined]  # a peer without types
        def before_import(self, dataset: Any, **_more: Any) -> None:
            self.read = [checks.read(row) for row in dataset.dict]
            unique = ([values.get(name, "") for name in checks.kind.unique] for values, _ in self.read)
            dataset.append_col([rules.identity(rows.KIND, *parts) for parts in unique], header="identity")
            self.numbers = itertools.count(ledger.head()[0] + 1)
            self.entries: list[Any] = []
            self.met: set[bytes] = set()
            self.organ = organ()
            self.seen_at = rules.moment(clock.now())

        def before_import_row(self, row: Any, row_number: int = 0, **_more: Any) -> None:
            values, wrong = self.read[row_number - 1]
            if wrong or row["identity"] in self.met:
                raise ValidationError(wrong or ["twice in this file"])
            self.met.add(row["identity"])
            made = rules.row(draft(values, self.organ, row_number, row["identity"]), seen_at=self.seen_at)
            row.update(zip(columns, made, strict=True))
            row["body"] = made.body.decode()

        def init_instance(self, row: Any = None) -> Any:  # noqa: ARG002 - named as the peer calls it
            return Entry(id=next(self.numbers))

        def before_save_instance(self, instance: Any, row: Any, **_more: Any) -> None:  # noqa: ARG002 - so too
            self.entries.append(instance)

    made = {name: field(attribute=name, column_name=name, widget=widget) for name in columns}
    return type(resources.ModelResource)(
        "Tuned", (Decisions,), {**made, "Meta": tuned(columns, loaders.CachedInstanceLoader)}
    )


def tuned(columns: list[str], loader: Any) -> type:
    """The settings its manual names for speed."""
    from jiannuo.ledger.models import Entry

    settings = {
        "model": Entry,
        "fields": tuple(columns),
        "import_id_fields": ("identity",),
        "use_bulk": True,
        "batch_size": BATCH,
        "skip_diff": True,
        "skip_html_diff": True,
        "report_skipped": False,
        "clean_model_instances": False,
        "instance_loader_class": loader,
    }
    return type("Meta", (), settings)


def organ() -> Any:
    """The organ whose decisions these are."""
    from jiannuo.subjects import queries as subjects

    return subjects.directory(rows.ON).find(rows.ORGAN)


def draft(values: dict[str, str], organ: Any, row: int, identity: bytes) -> Any:
    """The entry of a row, as ours makes one at a time."""
    from jiannuo.kernel import amounts, canonical, sealing
    from jiannuo.ledger import queries as ledger
    from jiannuo.ledger import rules

    body = canonical.encode(values)
    return rules.Draft(
        kind=rows.KIND,
        organ_id=organ.id,
        organ_code=organ.code,
        happened_on=date.fromisoformat(values["CF_JDRQ"]),
        rule="bench",
        source=rules.Source("bench", None, row),
        identity=identity,
        body=body,
        about=f"uscc:{values['CF_XDR_SHXYM']}",
        number=values["CF_WSH"],
        amount=amounts.wan_to_yuan(Decimal(values["CF_NR_FK"])) if "CF_NR_FK" in values else None,
        content=sealing.blind(ledger.ring()[0], body),
    )


def open_duties(entries: list[Any]) -> None:
    """The duty to publish of each, by bulk_create."""
    from jiannuo.duties.actions import Terms
    from jiannuo.duties.models import Duty
    from jiannuo.kernel import clock
    from jiannuo.policy import pack as policy

    now, of = clock.now(), Terms("disclose_decision", policy.current()).of
    terms = ((entry, of(date.fromisoformat(str(entry.happened_on)))) for entry in entries)
    Duty.objects.bulk_create(
        [
            Duty(
                kind="disclose_decision", debtor_id=entry.organ_id, entry_id=entry.id, started_on=term.started_on,
                due_on=term.due_on, provisional=term.provisional, rule=term.rule, opened_at=now,
            )
            for entry, term in terms
            if term
        ],
        batch_size=BATCH,
    )  # fmt: skip


# -- frictionless ----------------------------------------------------------------------------------------------------


def validate(path: str, all_rules: str) -> Figures:
    """A CSV file by a schema of types, lengths, choices and required cells; with `all_rules` by what ours checks besides, too."""
    setup()
    frictionless = importlib.import_module("frictionless")
    figures: Figures = {}
    with timed(figures, "checking"):
        schema = frictionless.Schema.from_descriptor({"fields": described()})
        resource = frictionless.Resource(str(Path(path).relative_to(Path.cwd())), schema=schema)
        checks = [rules_check(frictionless)] if all_rules == "yes" else []
        report = resource.validate(frictionless.Checklist(checks=checks), limit_errors=1_000_000)
    wrong = {error[0] for error in report.flatten(["rowNumber"])}
    return {**figures, "wrong": len(wrong), "peak_mb": peak_mb()}


def described() -> list[dict[str, Any]]:
    """The fields of the kind as a table schema can say them."""
    from jiannuo.policy import pack as policy

    kind = policy.current().kinds[rows.KIND]
    types = {"date": {"type": "date", "format": "%Y/%m/%d"}, "amount": {"type": "number"}}
    found = []
    for field in kind.fields:
        constraints: dict[str, Any] = {"required": field.need == "M"}
        if field.length and field.type not in types:
            constraints["maxLength"] = field.length
        if field.type == "choice":
            constraints["enum"] = list(kind.readings(field.codes))
        found.append({"name": field.title, **types.get(field.type, {"type": "string"}), "constraints": constraints})
    return found


def rules_check(frictionless: Any) -> Any:
    """What a schema cannot say, as a check of the peer's own kind: codes, numbers, lists of choices, conditions."""
    rules = RowRules()

    class Rules(frictionless.Check):  # type: ignore[misc]  # a peer without types
        type = "rules"
        Errors = (frictionless.errors.RowConstraintError,)

        def validate_row(self, row: Any) -> Iterator[Any]:
            _, wrong = rules.read(dict(zip(row.field_names, row.cells, strict=True)))
            if wrong:
                yield frictionless.errors.RowConstraintError.from_row(row, note="; ".join(wrong))

    return Rules()


STEPS: dict[str, Callable[..., Figures]] = {"import_export": import_export, "validate": validate}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](*sys.argv[2:])))
