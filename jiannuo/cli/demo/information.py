"""What the disclosure catalogue asks for, as the organs published it: nearly all of it, a little late here, a little missing there."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from jiannuo.cli.demo.decisions import MARK, Row, slashed
from jiannuo.disclosure.rules import ahead, period_of
from jiannuo.kernel.workdays import Calendar
from jiannuo.policy.documents import CatalogueItem
from jiannuo.subjects.queries import OrganCard

MONTHS = {"month": 1, "quarter": 3, "half": 6, "year": 12}
MISSING = 0.04
LATE = 0.06
EVENTS = 3
FORMS = ("文字解读", "图解", "问答")


def who(item: CatalogueItem, organs: tuple[OrganCard, ...]) -> list[OrganCard]:
    """The organs an item is asked of."""
    codes = {word for word in item.who if not word.startswith("type:")}
    types = {word.removeprefix("type:") for word in item.who} - codes
    return [organ for organ in organs if organ.code in codes or organ.type in types]


def rows(
    item: CatalogueItem, organ: OrganCard, first: date, last: date, calendar: Calendar, lot: Random
) -> Iterator[tuple[date, Row]]:
    """What an organ published under an item between two days: the day it registered it, and the row."""
    for day, period in _formed(item, first, last, lot):
        formed = workday(day, calendar)
        share = lot.random()
        if share < MISSING and organ.type != "government":
            continue
        wait = lot.randint(30, 45) if share < MISSING + LATE else lot.randint(1, 12)
        published = workday(formed + timedelta(days=wait), calendar)
        if published <= last:
            yield published, _row(item, organ, formed, published, period)


def workday(day: date, calendar: Calendar) -> date:
    """The day itself, or the first working day after it."""
    while not calendar.is_workday(day):
        day += timedelta(days=1)
    return day


def _formed(item: CatalogueItem, first: date, last: date, lot: Random) -> Iterator[tuple[date, str]]:
    if item.period == "standing":
        yield first + timedelta(days=lot.randint(0, 20)), ""
    elif item.period == "event":
        for _ in range(lot.randint(1, EVENTS)):
            yield first + timedelta(days=lot.randint(0, (last - first).days)), ""
    else:
        months = MONTHS[item.period]
        period = period_of(item.period, ahead(first.replace(day=1), -months))
        while (formed := period.last + timedelta(days=lot.randint(3, 12))) <= last:
            if formed >= first:
                yield formed, period.name
            period = period_of(item.period, ahead(period.first, months))


def _row(item: CatalogueItem, organ: OrganCard, formed: date, published: date, period: str) -> Row:
    name = f"{period} {item.title}" if period else item.title
    day = "" if period or item.period == "standing" else f"（{formed:%Y-%m-%d}）"
    return {
        "title": f"{organ.short}{name}{day}", "catalogue_item": item.id, "formed_on": slashed(formed),
        "published_on": slashed(published), "period": period, "organ": organ.name, "organ_code": organ.uscc,
        "url": f"http://qinghe.example/{organ.code}/{item.id.lower()}/{formed:%Y%m%d}.html",
        "summary": f"{organ.name}按主动公开目录公开的{item.title}。", "remark": MARK,
        **({"document_number": number(organ, formed)} if item.interpret else {}),
    }  # fmt: skip


def number(organ: OrganCard, formed: date) -> str:
    """The number of a made-up document, the organ's own series by the day of the year."""
    return f"青{organ.short.removeprefix('县')[:2]}规〔{formed.year}〕{formed.timetuple().tm_yday}号"


def interpreted(row: Row, organ: OrganCard, published: date, last: date, calendar: Calendar) -> tuple[date, Row] | None:
    """How a document was interpreted: most in time, some late, some not at all."""
    lot = Random(row["url"])  # noqa: S311 - a demonstration
    share = lot.random()
    day = workday(published + timedelta(days=lot.randint(8, 20) if share < 0.25 else lot.randint(0, 1)), calendar)
    if share < 0.12 or day > last:
        return None
    return day, {
        "title": f"《{row['title']}》解读", "document_number": row["document_number"], "form": lot.choice(FORMS),
        "published_on": slashed(day), "url": row["url"].replace(".html", "-jd.html"), "organ": organ.name,
        "organ_code": organ.uscc, "summary": "为什么制定、管什么、和原来有什么不同、找谁办。", "remark": MARK,
    }  # fmt: skip
