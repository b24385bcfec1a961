"""Public pages in one process: from memory beside a bare Django view, made anew beside a plain list of three queries.

`python -m benchmarks.pages` fills one SQLite database and lets each contender answer in a process of its own, in turn.
"""

import argparse
import io
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any
from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.urls import path

from benchmarks import search
from benchmarks.measure import SAMPLE, Figures, fresh, medians

SECONDS = 2.0
ROUNDS = 3
DEFAULT = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""What `django-admin startproject` puts around every view."""
PLAIN = """<!doctype html><title>List</title><form><select name="organ">
{% for organ in organs %}<option value="{{ organ.pk }}">{{ organ.code }}</option>{% endfor %}</select></form>
<p>{{ page.paginator.count }}</p><table>{% for row in page %}<tr><td><a href="/{{ row.identity.hex }}/">{{ row.number }}</a></td>
<td>{{ row.entry.body|truncatechars:40 }}</td><td>{{ row.organ.code }}</td><td>{{ row.kind }}</td><td>{{ row.decided_on|date:"Y-m-d" }}</td>
<td>{{ row.published_on|date:"Y-m-d" }}</td></tr>{% endfor %}</table>
{% if page.has_next %}<a href="?page={{ page.next_page_number }}">next</a>{% endif %}"""
OWED = (
    PLAIN.replace("row.identity.hex", "row.pk")
    .replace("row.number", "row.entry.number")
    .replace("row.organ", "row.debtor")
)
OWED = OWED.replace("row.decided_on", "row.due_on").replace("row.published_on", "row.kept_on")

Call = Callable[[str], bytes]


# -- the peers -----------------------------------------------------------------------------------------------------


def bare(_request: HttpRequest) -> HttpResponse:
    """A page of the size of ours that somebody made before."""
    return HttpResponse(_BODY)


_BODY = b"x" * 30_000


def plain(request: HttpRequest) -> HttpResponse:
    """A list as the tutorial writes it: count, page, choices of the filter."""
    from django.core.paginator import Paginator
    from django.template import Context, Engine

    from jiannuo.disclosure.models import Listing
    from jiannuo.subjects.models import Organ

    rows = Listing.objects.select_related("entry", "organ").order_by("-pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    if "made" not in _PLAIN:
        _PLAIN["made"] = Engine(libraries={}).from_string(PLAIN)
    context = Context({"page": page, "organs": list(Organ.objects.all())})
    return HttpResponse(_PLAIN["made"].render(context))


def owed(request: HttpRequest) -> HttpResponse:
    """The same list of the table of duties."""
    from django.core.paginator import Paginator
    from django.template import Context, Engine

    from jiannuo.duties.models import Duty
    from jiannuo.subjects.models import Organ

    rows = Duty.objects.select_related("entry", "debtor").order_by("-pk")
    page = Paginator(rows, 20).get_page(request.GET.get("page"))
    if "owed" not in _PLAIN:
        _PLAIN["owed"] = Engine(libraries={}).from_string(OWED)
    return HttpResponse(_PLAIN["owed"].render(Context({"page": page, "organs": list(Organ.objects.all())})))


_PLAIN: dict[str, Any] = {}
urlpatterns = [path("bare/", bare), path("plain/", plain), path("owed/", owed)]


# -- one contender -------------------------------------------------------------------------------------------------


def caller(cookie: str = "") -> Call:
    """Sends a request through the whole of Django and gives the body; anything but 200 ends the run."""
    from django.core.handlers.wsgi import WSGIHandler

    handler = WSGIHandler()
    ground = {
        "REQUEST_METHOD": "GET", "SERVER_NAME": "127.0.0.1", "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(), "wsgi.errors": sys.stderr,
        "wsgi.multithread": False, "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.version": (1, 0), "HTTP_COOKIE": cookie,
    }  # fmt: skip

    def call(address: str) -> bytes:
        where, _, query = address.partition("?")
        seen: list[str] = []
        given = {**ground, "PATH_INFO": where, "QUERY_STRING": query}
        answer = handler(given, lambda status, _headers, _info=None: seen.append(status))  # type: ignore[arg-type]
        body = b"".join(answer)
        answer.close()
        if not seen[0].startswith("200"):
            raise SystemExit(f"{address}: {seen[0]}")
        return body

    return call


def rate(call: Call, addresses: Sequence[str]) -> float:
    """Requests a second over a while, after one of each to warm up."""
    for address in addresses[:20]:
        call(address)
    begun = perf_counter()
    done = 0
    while (passed := perf_counter() - begun) < SECONDS:
        call(addresses[done % len(addresses)])
        done += 1
    return done / passed


def step(contender: str) -> Figures:
    """One contender's figures, in a process that runs nothing else."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiannuo.site.settings"
    import django
    from django.conf import settings

    pages = [f"?page={number}" for number in range(1, 51)]
    if contender in ("bare", "bare, default middleware", "plain list"):
        settings.ROOT_URLCONF = "benchmarks.pages"
        settings.MIDDLEWARE = [] if contender == "bare" else DEFAULT
    if contender.startswith("uncached"):
        settings.PAGE_CACHE_BYTES = 0
    django.setup()
    addresses = {
        "bare": ["/bare/"],
        "bare, default middleware": ["/bare/"],
        "plain list": [f"/plain/{page}" for page in pages],
        "cached front page": ["/"],
        "cached list": ["/disclosures/"],
        "uncached list": [f"/disclosures/{page}" for page in pages],
        "uncached list, filtered": [f"/disclosures/{page}&year=2024&organ=419926-101" for page in pages],
        "uncached search": [f"/search/?q={quote(word)}" for word in ("食品", "青禾", "隆祥", "经营部", "未取得许可")],
        "uncached front page": ["/"],
        "uncached plan": ["/plan/"],
        "uncached organ": ["/organs/419926-101/"],
    }[contender]
    return {"requests_s": rate(caller(), addresses)}


CONTENDERS = (
    "bare",
    "bare, default middleware",
    "cached front page",
    "cached list",
    "plain list",
    "uncached list",
    "uncached list, filtered",
    "uncached search",
    "uncached front page",
    "uncached plan",
    "uncached organ",
)


def build(rows: int) -> dict[str, float]:
    """The database all contenders read."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "jiannuo.site.settings"
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    return search.build(rows)


def measure(rows: int, rounds: int) -> dict[str, Any]:
    """All contenders in turn, several times; the medians and what they are to one another."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as home:
        environment = {
            "JIANNUO_HOME": home, "JIANNUO_PACK": str(SAMPLE), "JIANNUO_TODAY": "2026-11-23",
            "DATABASE_URL": f"sqlite:///{home}/bench.sqlite3",
        }  # fmt: skip
        fresh(["benchmarks.pages", "--build", str(rows)], environment=environment)
        runs: dict[str, list[Figures]] = {name: [] for name in CONTENDERS}
        for _ in range(rounds):
            for name in CONTENDERS:
                runs[name].append(fresh(["benchmarks.pages", "--step", name], environment=environment))
    rates = {name: medians(found)["requests_s"] for name, found in runs.items()}
    ratios = {
        "cached front page / bare, default middleware": rates["cached front page"] / rates["bare, default middleware"],
        "cached front page / bare": rates["cached front page"] / rates["bare"],
        "cached list / bare": rates["cached list"] / rates["bare"],
        "uncached list / plain list": rates["uncached list"] / rates["plain list"],
    }
    return {
        "rows": rows,
        "requests_s": {k: round(v, 1) for k, v in rates.items()},
        "ratios": {k: round(v, 2) for k, v in ratios.items()},
    }


def table(result: dict[str, Any]) -> str:
    """The result as people read it."""
    lines = [f"pages, {result['rows']:,} public records, SQLite, one process"]
    lines += [f"{name:44}{rate:10.0f} requests/s {1000 / rate:8.2f} ms" for name, rate in result["requests_s"].items()]
    lines += [f"{name:44}{ratio:10.2f}" for name, ratio in result["ratios"].items()]
    return "\n".join(lines)


def main() -> None:
    """Measure, or be one step of a measurement."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    options.add_argument("--rounds", type=int, default=ROUNDS)
    options.add_argument("--json", type=Path)
    options.add_argument("--step", choices=CONTENDERS)
    options.add_argument("--build", type=int)
    given = options.parse_args()
    if given.step or given.build:
        print(json.dumps(step(given.step) if given.step else build(given.build)))
        return
    result = measure(given.rows, given.rounds)
    print(table(result))
    if given.json:
        given.json.write_text(json.dumps(result, ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
