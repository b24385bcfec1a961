"""Which of the required files exist, for everybody: the organs' own by section, those of officials as counts and never by name (A2)."""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.assessment.queries.coverage import county_coverage
from jiannuo.assessment.rules.coverage import Count, Coverage
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.subjects import queries as subjects
from jiannuo.subjects.queries import Directory

SECTION_COLUMNS = (
    {"label": "档案"},
    {"label": "应有", "number": True},
    {"label": "已有", "number": True},
    {"label": "没有过期", "number": True},
    {"label": "多久更新", "nowrap": True},
)
ORGAN_COLUMNS = (
    {"label": "单位"},
    {"label": "单位档案", "number": True},
    {"label": "公务员（人）", "number": True},
    {"label": "公务员档案", "number": True},
)


@public
def coverage(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    organs = subjects.directory(today)
    found = county_coverage(today)
    context = {
        "trail": parts.trail(("单位", "portal:organs")),
        "whole": found.total,
        "sections": _sections(found),
        "section_columns": SECTION_COLUMNS,
        "organs": [_organ(number, found, organs) for number in _ordered(found, organs)],
        "organ_columns": ORGAN_COLUMNS,
    }
    told = "政务诚信档案建了多少、多新：按档案类别和单位数，公务员只数人数。"
    return render(request, "portal/coverage.html", parts.context("建档情况", told, **context))


def _sections(found: Coverage) -> list[parts.Row]:
    rows = []
    for name, count in found.by_section.items():
        section = policy.current().sections[name]
        whose = "单位" if section.subject == "organ" else "公务员"
        title = {"text": section.title, "sub": whose}
        rows.append(parts.Row((title, count.required, count.present, count.fresh, section.renewal)))
    return rows


def _ordered(found: Coverage, organs: Directory) -> list[int]:
    return sorted(found.by_organ, key=lambda number: organs.card(number).code)


def _organ(number: int, found: Coverage, organs: Directory) -> parts.Row:
    card = organs.card(number)
    own, people = found.of_organs.get(number, Count()), found.of_officials.get(number, Count())
    title = {"text": card.short, "url": parts.address("organ", card.code)}
    return parts.Row((title, _of(own), found.officials.get(number, 0), _of(people)))


def _of(count: Count) -> str:
    return f"{count.fresh} / {count.required}" if count.required else "—"
