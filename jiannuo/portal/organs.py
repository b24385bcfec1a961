"""The county's organs, and the page of each: who it is and was, its lists, what it disclosed, how much of it on time."""

from datetime import date

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import remembering
from jiannuo.disclosure.queries.owing import PromiseTally
from jiannuo.duties import queries as duties
from jiannuo.duties.queries import Tally, county
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.policy.documents import ORGAN_TYPES
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory, OrganCard

DECISION = "disclose_decision"
GROUPS = (
    ("县级政府部门和单位", ("government", "office", "department", "police", "institution", "branch", "committee")),
    ("乡镇、街道和园区", ("township", "town", "subdistrict", "park")),
)
COLUMNS = (
    {"label": "单位"},
    {"label": "已公示", "number": True},
    {"label": "应公示", "number": True},
    {"label": "按期", "number": True},
    {"label": "迟报", "number": True},
    {"label": "超期未办", "number": True},
    {"label": "及时率", "number": True},
)
PROMISED: parts.Columns = (
    {"label": "承诺", "number": True},
    {"label": "逾期未兑现", "number": True},
)


@public
def organs(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    directory = subjects.directory(today)
    stands = county.county(DECISION, first=parts.half_year(today)[0], on=today)
    tallies = rolled_up(stands, directory)
    period = (stands.first, stands.on)
    published = _published(directory)
    promised = _promised(directory)
    groups = [
        {
            "title": title,
            "rows": [
                _line(card, tallies.get(card.id, Tally()), published.get(card.id, 0), period, promised.get(card.id))
                for card in cards
            ],
        }
        for title, cards in _grouped(directory)
    ]
    name = policy.current().about["county"]
    return render(
        request,
        "portal/organs.html",
        parts.context(
            "单位",
            f"{name}各乡镇、街道和部门的权责清单、公示和及时率。",
            trail=parts.trail(),
            groups=groups,
            columns=(*COLUMNS, *PROMISED),
            half_note=f"应公示、按期、迟报、超期按{parts.half_name(today)}到期的计算；已公示是目前公开的全部。共 {len(directory.organs)} 个单位。",
            ended=_ended(directory),
        ),
    )


def _grouped(directory: Directory) -> list[tuple[str, list[OrganCard]]]:
    """The organs in force in a few groups, in the order people name their types."""
    order = list(ORGAN_TYPES)
    cards = sorted(directory.organs, key=lambda card: (order.index(card.type), card.code))
    named = {type_ for _, types in GROUPS for type_ in types}
    rest = ("其他机关", tuple(type_ for type_ in order if type_ not in named))
    found = [(title, [card for card in cards if card.type in types]) for title, types in (*GROUPS, rest)]
    return [(title, group) for title, group in found if group]


def rolled_up(stands: county.County, directory: Directory) -> dict[int, Tally]:
    """Tallies by the organ that answers today: what it took over counts with it."""
    found: dict[int, Tally] = {}
    for organ_id, tally in stands.by_organ.items():
        heir = directory.heir(organ_id).id
        found[heir] = found.get(heir, Tally()) + tally
    return found


def _published(directory: Directory) -> dict[int, int]:
    found: dict[int, int] = {}
    for (organ, _), count in remembering.by_organ().items():
        heir = directory.heir(organ).id
        found[heir] = found.get(heir, 0) + count
    return found


def _promised(directory: Directory) -> dict[int, PromiseTally]:
    """How the public promises stand, by the organ that answers today."""
    found: dict[int, PromiseTally] = {}
    for organ, tally in remembering.promises().items():
        heir = directory.heir(organ).id
        found[heir] = found.get(heir, PromiseTally()) + tally
    return found


def _line(
    card: OrganCard, tally: Tally, published: int, period: tuple[date, date], promised: PromiseTally | None
) -> parts.Row:
    name = parts.Cell(card.name, parts.address("organ", card.code))
    shown = parts.Cell(f"{published:,}", parts.address("disclosures", organ=card.code) if published else "")
    owed = promised or PromiseTally()
    shares = [
        parts.Cell(f"{count:,}", parts.address("promises", organ=card.code, standing=standing)) if count else "0"
        for count, standing in ((owed.whole, ""), (owed.broken, "broken"))
    ]
    state = "overdue" if tally.missing or owed.broken else ""
    return parts.Row((name, shown, *numbers(tally, card.code, period), *shares), state)


def numbers(tally: Tally, code: str, period: tuple[date, date]) -> tuple[object, ...]:
    """The figures of an organ and period, each leading to the records it counts."""

    def leading(count: int, standing: str) -> object:
        asked = {"kind": DECISION, "organ": code, "standing": standing, "first": period[0], "last": period[1]}
        return parts.Cell(f"{count:,}", parts.address("timeliness", **asked)) if count else "0"

    rate = f"{duties.Share(tally.on_time, tally.due, '').percent.removesuffix('%')}%" if tally.due else "—"
    return (
        leading(tally.due, "kept,kept_late,broken"),
        leading(tally.on_time, "kept"),
        leading(tally.late, "kept_late"),
        leading(tally.missing, "broken"),
        rate,
    )


def _ended(directory: Directory) -> list[tuple[str, str, str, date | None]]:
    """Organs that are no more, and who answers for them."""
    gone = [card for card in directory.cards.values() if card.until is not None and card.until <= directory.on]
    found = [(card.name, directory.heir(card.id), card.until) for card in gone]
    return [
        (name, heir.name, parts.address("organ", heir.code), until)
        for name, heir, until in found
        if directory.in_force(heir)
    ]
