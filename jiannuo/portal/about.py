"""About this site: whose it is, how to check a record for oneself, where the open data is; and what machines ask for."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render

from jiannuo.disclosure.queries import remembering
from jiannuo.duties import queries as duties
from jiannuo.kernel import clock
from jiannuo.policy import pack as policy
from jiannuo.portal import parts
from jiannuo.portal.answering import public
from jiannuo.portal.disclosures import EXPORT_LIMIT, FORMS
from jiannuo.subjects import queries as subjects

PAGES = (
    "home",
    "promises",
    "tasks",
    "suggestions",
    "litigation",
    "services",
    "decisions",
    "inspections",
    "honours",
    "opinion",
    "plan",
    "disclosures",
    "catalogue",
    "organs",
    "timeliness",
    "figures",
    "coverage",
    "rules",
    "due",
    "about",
)


@public
def about(request: HttpRequest) -> HttpResponseBase:
    today = clock.today()
    pack = policy.current()
    counts = remembering.by_kind()
    kinds = [kind for kind in pack.kinds.values() if kind.visibility == "public"]
    coverage = subjects.coverage()
    return render(
        request,
        "portal/about.html",
        parts.context(
            "关于本站",
            f"{pack.about['portal']}：依据、数据从哪里来、怎样核对一条记录、怎样下载。",
            trail=parts.trail(),
            pack=pack,
            lead=subjects.directory(today).lead,
            lead_url=parts.address("organ", subjects.directory(today).lead.code),
            sites=pack.sites,
            downloads=[
                {
                    "title": kind.title,
                    "count": counts.get(kind.id, 0),
                    "links": [(form.upper(), parts.address("export", form, kind=kind.id)) for form in FORMS],
                }
                for kind in kinds
            ],
            limit=EXPORT_LIMIT,
            coverage=coverage,
            heartbeat=duties.heartbeat(now=clock.now()),
        ),
    )


@public
def robots(request: HttpRequest) -> HttpResponseBase:
    lines = [
        "User-agent: *",
        "Disallow: /desk/",
        "Disallow: /api/",
        "Disallow: /disclosures/export.",
        "Disallow: /promises/export.",
        "Disallow: /a/",
    ]
    sitemap = request.build_absolute_uri(parts.address("sitemap"))
    return HttpResponse("\n".join([*lines, f"Sitemap: {sitemap}", ""]), content_type="text/plain; charset=utf-8")


@public
def sitemap(request: HttpRequest) -> HttpResponseBase:
    organs = [parts.address("organ", card.code) for card in subjects.directory(clock.today()).organs]
    paths = [*map(parts.address, PAGES), *organs]
    entries = "".join(f"<url><loc>{request.build_absolute_uri(path)}</loc></url>" for path in paths)
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>\n'
    return HttpResponse(body, content_type="application/xml; charset=utf-8")
