"""Lists of what is public: filtered, searched, exported."""

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure import queries as disclosure
from jiannuo.disclosure.queries import PublicRow, remembering
from jiannuo.disclosure.queries.marks import DISPUTED
from jiannuo.disclosure.rules import CAP, public_view
from jiannuo.intake.rules import workbooks
from jiannuo.kernel import clock
from jiannuo.kernel.refusals import Refused
from jiannuo.ledger import queries as ledger
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import number, public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import OrganCard

EXPORT_LIMIT = 20_000
YEARS = 10
STANDINGS = (("on_time", "按期"), ("late", "迟报"))
FORMS = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


class Asked:
    """What a list's address asks for."""

    def __init__(self, request: HttpRequest, *, on: date) -> None:
        given = {name: request.GET.get(name, "").strip() for name in ("q", "kind", "family", "organ", "standing")}
        self.q = given["q"]
        self.kind, self.family, self.standing = given["kind"], given["family"], given["standing"]
        self.year, self.month = number(request.GET, "year"), number(request.GET, "month")
        self.page, self.before = number(request.GET, "page", 1), number(request.GET, "before")
        self.organ = organ_named(given["organ"], on)
        self.filters = disclosure.narrowed(
            on=on,
            kind=self.kind,
            family="" if self.kind else self.family,
            organ=self.organ.id if self.organ else None,
            year=self.year,
            month=self.month,
            standing=self.standing,
        )

    @property
    def named(self) -> dict[str, object]:
        """The same as parameters of an address."""
        organ = self.organ.code if self.organ else ""
        return {
            "q": self.q,
            "kind": self.kind,
            "family": "" if self.kind else self.family,
            "organ": organ,
            "year": self.year,
            "month": self.month,
            "standing": self.standing,
        }


def organ_named(text: str, on: date) -> OrganCard | None:
    """The organ an address names by code or any of its names; nothing where none is asked for."""
    if not text:
        return None
    found = subjects.directory(on).find(text)
    if found is None:
        raise Refused(f"没有找到“{text}”这个单位", fix="请从“单位”页选择，或者写单位的全称、简称", field="organ")
    return found


@public
def disclosures(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    asked = Asked(request, on=today)
    found = disclosure.find(asked.q, asked.filters, on=today, page=asked.page, before=asked.before)
    title = _title(asked)
    filters, chips = _filters(asked, today), _chips(asked)
    keep = [("family", asked.family)] if asked.family and not asked.kind else []
    return render(
        request,
        "portal/disclosures.html",
        parts.context(
            title,
            f"{policy.current().about['county']}公开的{title}，可按单位、日期、时效筛选，可以导出。",
            trail=parts.trail(),
            tabs=_tabs(asked),
            filters=filters,
            chips=chips,
            keep=keep,
            filter_bar="" if chips else parts.filter_bar(filters, keep),
            columns=parts.RECORD_COLUMNS,
            rows=parts.record_rows(found.rows),
            pager=parts.pager(found),
            total=found.total_words,
            older=parts.address("disclosures", **asked.named, before=found.before) if _is_last(found) else "",
            exports=[(form.upper(), parts.address("export", form, **asked.named)) for form in FORMS],
            limit=EXPORT_LIMIT,
            before=asked.before,
        ),
    )


def _is_last(found: disclosure.Page) -> bool:
    return bool(found.before) and found.page == found.pages


def _title(asked: Asked) -> str:
    kinds = policy.current().kinds
    if asked.kind:
        return kinds[asked.kind].title
    return parts.families().get(asked.family, "信息公示")


def _tabs(asked: Asked) -> list[dict[str, object]]:
    kinds = policy.current().kinds
    counts = remembering.by_kind()
    family = kinds[asked.kind].family if asked.kind else asked.family
    rest = {name: value for name, value in asked.named.items() if name not in ("family", "kind")}
    found = [{"label": "全部", "url": parts.address("disclosures", **rest), "current": not family}]
    for name, label in parts.families().items():
        whole = sum(count for kind, count in counts.items() if kind in kinds and kinds[kind].family == name)
        url = parts.address("disclosures", **rest, family=name)
        found.append({"label": label, "url": url, "current": family == name, "count": whole})
    return found


def _filters(asked: Asked, today: date) -> list[dict[str, Any]]:
    kinds = policy.current().kinds.values()
    within = [kind for kind in kinds if kind.visibility == "public" and asked.family in ("", kind.family)]
    organs = [(card.code, card.short) for card in subjects.directory(today).organs]
    return [
        {"name": "q", "label": "名称、代码或文号", "kind": "text", "value": asked.q, "wide": True},
        {"name": "kind", "label": "类别", "value": asked.kind, "options": [(kind.id, kind.short) for kind in within]},
        {"name": "organ", "label": "公开单位", "value": asked.organ.code if asked.organ else "", "options": organs},
        {"name": "year", "label": "决定年份", "value": asked.year or "", "options": _years(today)},
        {
            "name": "month",
            "label": "月份",
            "value": asked.month or "",
            "options": [(m, f"{m}月") for m in range(1, 13)],
        },
        {"name": "standing", "label": "时效", "value": asked.standing, "options": STANDINGS},
    ]


def _years(today: date) -> list[tuple[int, str]]:
    return [(year, f"{year}年") for year in range(today.year, today.year - YEARS, -1)]


def _chips(asked: Asked) -> list[dict[str, object]]:
    words = {
        "q": f"含“{asked.q}”",
        "kind": policy.current().kinds[asked.kind].short if asked.kind else "",
        "organ": asked.organ.short if asked.organ else "",
        "year": f"{asked.year}年作出",
        "month": f"{asked.month}月",
        "standing": dict(STANDINGS).get(asked.standing, ""),
    }
    return [
        {"name": name, "value": value, "label": words[name]}
        for name, value in asked.named.items()
        if name in words and value
    ]


@public
def search(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    question = request.GET.get("q", "").strip()
    refusal, found, organs = None, None, []
    if question:
        try:
            found = disclosure.find(question, on=today, page=number(request.GET, "page", 1))
            organs = _organs_named(question, today)
        except Refused as no:
            refusal = no
    return render(
        request,
        "portal/search.html",
        parts.context(
            f"搜索：{question}" if question else "搜索",
            "按名称的一部分、统一社会信用代码或者文号查公开的记录，两个字就能查。",
            trail=parts.trail(),
            question=question,
            refusal=refusal,
            found=found,
            organs=organs,
            parties=_parties(found),
            columns=parts.RECORD_COLUMNS,
            rows=parts.record_rows(found.rows) if found else [],
            pager=parts.pager(found) if found else None,
            more=parts.address("disclosures", q=question),
        ),
        status=400 if refusal else 200,
    )


def _organs_named(question: str, today: date) -> list[tuple[str, str]]:
    """The organs whose present or other name holds what was asked."""
    directory = subjects.directory(today)
    exact = directory.find(question)
    found = [
        card for card in directory.organs if any(question in name for name in (card.name, card.short, *card.aliases))
    ]
    if exact:
        found = [exact, *(card for card in found if card.id != exact.id)]
    return [(card.name, parts.address("organ", card.code)) for card in found[:6]]


def _parties(found: disclosure.Page | None) -> list[tuple[str, str]]:
    """The parties the records on this page are about, each once."""
    rows = found.rows if found else ()
    keys = {row.party_key: row.party for row in rows if row.party_key}
    return [(name, parts.address("party", key)) for key, name in list(keys.items())[:6]]


# -- export ------------------------------------------------------------------------------------------------------

HEADINGS = (
    "类别",
    "事项",
    "行政相对人",
    "文号",
    "公开单位",
    "决定日期",
    "公示日期",
    "最迟应公示日期",
    "时效",
    "异议",
    "记录地址",
)


@public
def export(request: HttpRequest, form: str) -> HttpResponseBase:
    if form not in FORMS:
        raise Refused(f"不能导出为“{form}”", fix="可以导出为 csv 或者 xlsx", field="form")
    today = clock.today()
    asked = Asked(request, on=today)
    rows = islice(_found(asked, today), EXPORT_LIMIT)
    kind = policy.current().kinds.get(asked.kind)
    titles = [field.title for field in kind.fields if field.public] if kind else []
    lines = (_line(row, titles, request) for row in rows)
    headings = [*HEADINGS, *titles]
    name = f"{asked.kind or asked.family or 'disclosures'}-{today:%Y%m%d}.{form}"
    response: HttpResponseBase
    if form == "csv":
        response = StreamingHttpResponse(csv_lines(headings, lines), content_type=FORMS[form])
    else:
        response = HttpResponse(workbooks.export(headings, lines, title="公示信息"), content_type=FORMS[form])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def _found(asked: Asked, today: date) -> Iterator[PublicRow]:
    if not asked.q:
        yield from disclosure.export(asked.filters, on=today)
        return
    kinds = policy.current().kinds
    page = disclosure.find(asked.q, asked.filters, on=today, size=CAP)
    while page.rows:
        entries = ledger.entries(card.entry_id for card in page.rows)
        for card in page.rows:
            yield PublicRow(card, tuple(public_view(kinds[card.kind], entries[card.entry_id].body)))
        if not page.before:
            return
        page = disclosure.find(asked.q, asked.filters, on=today, before=page.before, size=CAP)


def _line(row: PublicRow, titles: list[str], request: HttpRequest) -> list[str]:
    card = row.card
    shown = {field.title: field.shown for field in row.fields}
    standing = dict(STANDINGS).get(card.standing, "")
    due = card.due_on.isoformat() if card.due_on else ""
    address = request.build_absolute_uri(parts.address("record", card.identity))
    own = (card.kind_short, card.title, card.party, card.number, card.organ, card.decided_on.isoformat())
    return [
        *own,
        card.published_on.isoformat(),
        due,
        standing,
        DISPUTED if card.disputed_on else "",
        address,
        *(shown.get(title, "") for title in titles),
    ]


class _Echo:
    """Hands each written line on instead of keeping it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(headings: Iterable[str], lines: Iterable[list[str]]) -> Iterator[bytes]:
    """A table as the bytes of a CSV file, line by line, in which no cell is taken for a formula."""
    writer = csv.writer(_Echo())
    # A byte order mark, or Excel takes the file for GBK.
    yield b"\xef\xbb\xbf" + writer.writerow(list(headings)).encode()
    for line in lines:
        yield writer.writerow([workbooks.harmless(cell) for cell in line]).encode()
