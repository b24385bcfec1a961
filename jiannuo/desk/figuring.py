"""办理情况: 及时率, 迟报率 and 合规率 of one's organ, or of all for the lead office; each number leads to its records."""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from msgspec import Struct

from jiannuo.access import rules as access
from jiannuo.desk import asked
from jiannuo.desk.gate import DeskRequest, desk_view
from jiannuo.desk.sending import XLSX, download
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Rates, Share
from jiannuo.duties.queries.counting import Figures
from jiannuo.intake import queries as batches
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.policy import pack as policy
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

COUNTS = (
    ("accepted", "应办"),
    ("on_time", "按期"),
    ("late", "迟报"),
    ("missing", "超期未办"),
    ("running", "未到期"),
    ("lifted", "已免除"),
)
SHARES = (("timeliness", "及时率"), ("lateness", "迟报率"), ("compliance", "合规率"))
HEADINGS = ("单位", *(label for _, label in COUNTS), *(label for _, label in SHARES))


class Asked(Struct, frozen=True):
    """What the figures are taken of: a kind of duty, a stretch of due days, and the organs within reach."""

    kind: str
    first: date
    last: date
    reach: frozenset[int] | None
    today: date

    def figures(self, organs: Directory) -> Figures:
        """The figures, with what intake received in the same days."""
        kinds = [kind.id for kind in policy.current().kinds.values() if self.kind in kind.opens]
        received = batches.totals(self.reach, kinds, first=self.first, last=self.last)
        return duties.rates(
            self.kind,
            first=self.first,
            last=self.last,
            organ_ids=organs.cards if self.reach is None else self.reach,
            as_of=self.today,
            received=received,
        )


def _asked(request: DeskRequest) -> Asked:
    today = clock.today()
    kinds = policy.current().duties
    kind = request.GET.get("kind", "")
    first = asked.day(request, "first", date(today.year, 1, 1)) or today
    last = asked.day(request, "last", date(today.year, 12, 31)) or today
    if first > last or last.year - first.year > 10:
        raise Refused("起止日期不对", fix="起始日不晚于截止日，最多看十年", field="first", code="period")
    reach = access.scope(request.actor, "figures.read")
    return Asked(kind if kind in kinds else next(iter(kinds)), first, last, reach, today)


@desk_view("figures.read")
def figures_page(request: DeskRequest) -> HttpResponse:
    wanted = _asked(request)
    organs = subjects.directory(wanted.today)
    figures = wanted.figures(organs)
    several = wanted.reach is None or len(figures.by_organ) > 1
    context = {
        "wanted": wanted,
        "title": "各单位情况" if wanted.reach is None else "本单位情况",
        "tiles": _tiles(figures.total),
        "shares": [_share(figures.total, name, label) for name, label in SHARES],
        "organ_columns": _columns("单位", sorts=True),
        "organ_rows": [_organ_row(line, organs) for line in _sorted(request, figures, organs)] if several else [],
        "month_columns": _columns("到期月份", sorts=False)[:-1],
        "month_rows": [_month_row(line) for line in reversed(figures.by_month) if line.tally.accepted],
        "tabs": [
            {
                "label": duty.what,
                "url": asked.link("desk:figures", kind=name, first=wanted.first, last=wanted.last),
                "current": name == wanted.kind,
            }
            for name, duty in policy.current().duties.items()
        ],
        "filters": [
            {"name": "first", "label": "到期日自", "kind": "date", "value": wanted.first.isoformat()},
            {"name": "last", "label": "至", "kind": "date", "value": wanted.last.isoformat()},
        ],
        "keep": [("kind", wanted.kind)],
        "export": asked.link("desk:figures_file", kind=wanted.kind, first=wanted.first, last=wanted.last),
    }
    return render(request, "desk/figures.html", context)


def _columns(first: str, *, sorts: bool) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = [{"label": first, "key": "name" if sorts else ""}]
    for name, label in (*COUNTS, *SHARES):
        columns.append(
            {"label": label, "number": True, "key": name if sorts else "", "minor": name in ("lifted", "running")}
        )
    return columns


def _lead(line: Rates, number: str) -> str:
    return asked.link("desk:duties", **line.leads_to(number))


def _tiles(total: Rates) -> list[dict[str, Any]]:
    tones = {"missing": "bad", "late": "warn", "on_time": "good"}
    return [
        {
            "label": label,
            "value": getattr(total.tally, name),
            "unit": "条",
            "url": _lead(total, name),
            "tone": tones.get(name, "") if getattr(total.tally, name) else "",
        }
        for name, label in COUNTS
        if name != "lifted" or total.tally.lifted
    ]


def _share(line: Rates, name: str, label: str) -> dict[str, Any]:
    share: Share = getattr(line, name)
    tones = {"lateness": "warn"}
    return {
        "label": label,
        "share": share.value,
        "part": share.part,
        "whole": share.whole,
        "of": share.of,
        "tone": tones.get(name, "good"),
        "url": "" if name == "compliance" else _lead(line, "late" if name == "lateness" else "due"),
    }


def _numbers(line: Rates) -> list[Any]:
    counts = [
        {"text": getattr(line.tally, name), "url": _lead(line, name)} if getattr(line.tally, name) else 0
        for name, _ in COUNTS
    ]
    return [*counts, *(getattr(line, name).percent or "—" for name, _ in SHARES)]


def _organ_row(line: Rates, organs: Directory) -> dict[str, Any]:
    name = organs.card(line.organ_id).short if line.organ_id else ""
    return {"cells": [name, *_numbers(line)], "state": "overdue" if line.tally.missing else ""}


def _month_row(line: Rates) -> dict[str, Any]:
    return {"cells": [f"{line.first:%Y-%m}", *_numbers(line)], "state": "overdue" if line.tally.missing else ""}


def _sorted(request: DeskRequest, figures: Figures, organs: Directory) -> list[Rates]:
    asked_for = request.GET.get("sort", "-missing")
    name = asked_for.removeprefix("-")
    keys: dict[str, Callable[[Rates], Any]] = {
        "name": lambda line: organs.card(line.organ_id or 0).code,
        **{count: lambda line, count=count: getattr(line.tally, count) for count, _ in COUNTS},  # type: ignore[misc]
        **{share: lambda line, share=share: getattr(line, share).value or Decimal(-1) for share, _ in SHARES},  # type: ignore[misc]
    }
    key = keys.get(name, keys["missing"])
    return sorted(figures.by_organ, key=key, reverse=asked_for.startswith("-"))


@desk_view("figures.read")
def figures_file(request: DeskRequest) -> HttpResponse:
    """The table of organs as a workbook."""
    wanted = _asked(request)
    organs = subjects.directory(wanted.today)
    figures = wanted.figures(organs)

    def rows() -> Iterator[list[str]]:
        for line in figures.by_organ:
            counts = [str(getattr(line.tally, name)) for name, _ in COUNTS]
            shares = [getattr(line, name).percent for name, _ in SHARES]
            yield [organs.card(line.organ_id or 0).name, *counts, *shares]

    title = f"办理情况{wanted.first:%Y%m%d}至{wanted.last:%Y%m%d}"
    return download(workbooks.export(HEADINGS, rows(), title="办理情况"), f"{title}.xlsx", XLSX)
