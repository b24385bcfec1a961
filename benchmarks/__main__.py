"""Everything measured beside its peers: `python -m benchmarks [intake codes startup search pages documents reports ticking cases] [--quick]`.

Each contender runs in a process of its own, in turn; ratios within one run are what counts. Of intake the time somebody waits is
compared, on a machine that does nothing else; processor seconds, those of the database's server and of processes started included,
stand beside it. Prints one table and writes `var/bench.json`.
"""

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import time
from typing import Any, NamedTuple

import psycopg

from benchmarks import rows
from benchmarks.measure import ROOT, SAMPLE, Figures, fresh, medians, middle
from tools.postgres import running_postgres

BIG, PRESENT, ROUNDS = 100_000, 300_000, 3
LOCK = ROOT / "requirements" / "bench.lock"
PEERS = ROOT / "var" / f"bench-peers-{hashlib.sha256(LOCK.read_bytes()).hexdigest()[:8]}"


class Line(NamedTuple):
    """One thing measured: the figure, what it is held to, and whether it met that (None where there is no target)."""

    what: str
    figure: str
    target: str
    met: bool | None


def ratio(what: str, ours: float, other: float, *, most: float) -> Line:
    """Ours is at most so many times the other."""
    return Line(what, f"{ours / other:.2f}x  ({ours:.2f} s / {other:.2f} s)", f"<= {most:g}x", ours / other <= most)


def beside(what: str, ours: Sequence[Figures], others: Sequence[Figures], name: str = "whole", *, most: float) -> Line:
    """Ours is at most so many times the other in the time somebody waits; processor seconds are told."""
    share, one, other = middle(ours, others, f"{name}_cpu")
    wall, waited, there = middle(ours, others, name)
    figure = f"{wall:.2f}x ({waited:.2f} s / {there:.2f} s), {share:.2f}x CPU ({one:.2f} s / {other:.2f} s)"
    return Line(what, figure, f"<= {most:g}x", wall <= most)


def ahead(
    what: str, ours: Sequence[Figures], others: Sequence[Figures], name: str = "whole", *, least: float | None
) -> Line:
    """Ours is at least so many times as fast as the other, likewise."""
    share, other, one = middle(others, ours, f"{name}_cpu")
    wall, there, waited = middle(others, ours, name)
    figure = f"{wall:.1f}x ({waited:.2f} s / {there:.2f} s), {share:.1f}x CPU ({one:.2f} s / {other:.2f} s)"
    return Line(what, figure, "", None) if least is None else Line(what, figure, f">= {least:g}x", wall >= least)


@contextmanager
def home(url: str = "") -> Iterator[dict[str, str]]:
    """The environment of an installation of the made-up county in a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-bench-") as folder:
        given = {"JIANNUO_HOME": folder, "JIANNUO_PACK": str(SAMPLE), "DJANGO_SETTINGS_MODULE": "jiannuo.site.settings"}
        yield {**given, **({"DATABASE_URL": url} if url else {})}


def peers() -> str:
    """The Python that has the peers, installed once from their lock."""
    python = PEERS / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", PEERS], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", LOCK], check=True)
    return str(python)


IMPORTERS = (
    (("benchmarks.careful",), "by its manual", 10.0),
    (("benchmarks.peers", "import_export"), "given our judgements", None),
)
"""The same peer twice: with checks of its own as a careful team writes them, and handed ours, which says what its machinery costs."""


# -- intake ----------------------------------------------------------------------------------------------------------


def intake(*, quick: bool) -> Iterator[Line]:
    """The whole job on CSV and XLSX beside its limit and the peers, on both databases."""
    share = 10 if quick else 1
    count, present = BIG // share, PRESENT // share
    # In the checkout, for one of the peers reads no file outside the folder it runs in.
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, home() as begun:
        sheet, book = Path(folder) / "rows.csv", Path(folder) / "rows.xlsx"
        rows.write_csv(sheet, rows.rows(count, first=present + 1))
        rows.write_xlsx(book, rows.rows(count, first=present + 1))
        fresh(["benchmarks.intake", "present", str(present)], environment=begun)
        words = f"intake of {count} rows"
        yield from whole_job(begun, sheet, words, present)
        ours, limits = zip(*(beside_limit(begun, book) for _ in range(ROUNDS)), strict=True)
        yield beside(f"{words}, XLSX: whole / read + insert", ours, limits, most=2)
        yield memory("intake, XLSX: most memory", ours)
        yield from other_ways(begun, sheet, count)


def whole_job(begun: dict[str, str], sheet: Path, words: str, present: int) -> Iterator[Line]:
    """CSV on both databases in turn, each beside reading the file and inserting the same rows into that database."""
    with running_postgres() as url, home(url) as served:
        fresh(["benchmarks.intake", "present", str(present)], environment=served)
        rounds = [(*beside_limit(begun, sheet), *beside_limit(served, sheet)) for _ in range(ROUNDS)]
    ours, limits, postgres, postgres_limits = zip(*rounds, strict=True)
    yield beside(f"{words}, CSV: whole / read + insert", ours, limits, most=2)
    yield memory("intake, CSV: most memory", ours)
    yield beside(f"{words}, CSV, PostgreSQL: whole / read + insert", postgres, postgres_limits, most=2)
    yield beside("whole job, CSV: PostgreSQL / SQLite, the server included", postgres, ours, most=1)


def other_ways(begun: dict[str, str], sheet: Path, count: int) -> Iterator[Line]:
    """The peers on the same rows, all of them, each beside ours run once more."""
    checked = fresh(["benchmarks.intake", "checking", str(sheet)], environment=begun)
    peer = fresh(["benchmarks.peers", "validate", str(sheet), "yes"], environment=begun, python=peers())
    yield ahead("checking alone, CSV: frictionless / ours", [checked], [peer], "checking", least=3)
    for step, words, least in IMPORTERS:
        with copied(begun) as there:
            ours = once(there, sheet)
        with copied(begun) as there:
            other = fresh([*step, str(sheet), str(count)], environment=there, python=peers())
        yield ahead(f"whole job, {count} rows: django-import-export {words} / ours", [ours], [other], least=least)


def memory(what: str, runs: Sequence[Figures]) -> Line:
    """The most memory of any run."""
    most = max(run["peak_mb"] for run in runs)
    return Line(what, f"{most:.0f} MB", "< 500 MB", most < 500)


@contextmanager
def copied(begun: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same installation again, as it was, its database with it."""
    with home() as there:
        shutil.copytree(begun["JIANNUO_HOME"], there["JIANNUO_HOME"], dirs_exist_ok=True)
        if not (url := begun.get("DATABASE_URL")):
            yield there
            return
        with psycopg.connect(url.replace("/postgres?", "/template1?"), autocommit=True) as server:
            server.execute("CREATE DATABASE again TEMPLATE postgres")
            yield {**there, "DATABASE_URL": url.replace("/postgres?", "/again?")}
            server.execute("DROP DATABASE again WITH (FORCE)")


def once(there: dict[str, str], path: Path) -> Figures:
    """The whole job on a file."""
    batch = fresh(["benchmarks.intake", "upload", str(path)], environment=there)["batch"]
    found: Figures = fresh(["benchmarks.intake", "ours", str(int(batch))], environment=there)
    return found


def beside_limit(begun: dict[str, str], path: Path) -> tuple[Figures, Figures]:
    """Ours whole, then the limit on the rows it stored, each beside what was present."""
    with tempfile.NamedTemporaryFile() as stored:
        with copied(begun) as there:
            ours = once(there, path)
            fresh(["benchmarks.intake", "stored", stored.name], environment=there)
        with copied(begun) as there:
            limit: Figures = fresh(["benchmarks.intake", "limit", str(path), stored.name], environment=there)
    return ours, limit


# -- small things ----------------------------------------------------------------------------------------------------

CODES = """
import json, time
from jiannuo.kernel.identifiers import check_uscc
from benchmarks.rows import firms
codes = [code for _, code in firms()]
codes = (codes * (147_000 // len(codes) + 1))[:147_000]
start = time.perf_counter()
for code in codes:
    check_uscc(code)
print(json.dumps({"seconds": time.perf_counter() - start}))
"""

STARTUP = """
import json, time
start = time.perf_counter()
from jiannuo.site.wsgi import application
seconds = time.perf_counter() - start
from django.test import Client
for address in ["/", "/disclosures/", "/plan/", "/organs/", "/catalogue/"] * 4:
    assert Client(SERVER_NAME="localhost").get(address).status_code == 200
status = open("/proc/self/status").read()
memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
print(json.dumps({"seconds": seconds, "memory_mb": memory}))
"""

BARE = """
import json, sys, time
start = time.perf_counter()
from django.conf import settings
from django.core.wsgi import get_wsgi_application
settings.configure(
    ROOT_URLCONF="django.contrib.auth.urls",
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
)
get_wsgi_application()
from django.urls import get_resolver
get_resolver().url_patterns
print(json.dumps({"bare": time.perf_counter() - start}))
"""


def said(program: str, environment: dict[str, str]) -> Any:
    """What a program prints last, run in a process of its own."""
    environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
    # A server's second start is measured: the first one compiles the sources.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def codes(*, quick: bool) -> Iterator[Line]:
    """147,000 codes of firms checked."""
    with home() as there:
        seconds = min(said(CODES, there)["seconds"] for _ in range(1 if quick else 3))
    yield Line("147,000 codes checked", f"{seconds:.2f} s", "< 2 s", seconds < 2)


def startup(*, quick: bool) -> Iterator[Line]:
    """Importing the site, and the memory of a process that has served twenty pages."""
    runs = []
    for _ in range(1 if quick else 5):
        with home() as there:
            fresh(["benchmarks.intake", "present", "0"], environment=there)
            runs.append(said(STARTUP, there) | said(BARE, {}))
    found = medians(runs)
    shown = f"{found['seconds']:.2f} s (a Django site without a page {found['bare']:.2f} s)"
    yield Line("import of the site", shown, "< 0.4 s", found["seconds"] < 0.4)
    memory = found["memory_mb"]
    yield Line("a worker after twenty pages", f"{memory:.0f} MB", "< 70 MB", memory < 70)


def report_of(module: str, *arguments: str) -> None:
    """A bench with a table of its own."""
    subprocess.run([sys.executable, "-m", module, *arguments], cwd=ROOT, check=True)


def search(*, quick: bool) -> Iterator[Line]:
    """Search on a million records, on both databases; it prints its own table."""
    report_of("benchmarks.search", *(["--rows", "50000"] if quick else []))
    yield from ()


def pages(*, quick: bool) -> Iterator[Line]:
    """Public pages beside a bare view and a plain list; it prints its own table."""
    report_of("benchmarks.pages", *(["--rows", "5000"] if quick else []))
    yield from ()


def documents(*, quick: bool) -> Iterator[Line]:
    """The report of 120 organs with five charts not yet drawn, beside the bare libraries on its rows."""
    for form in ("pdf", "docx"):
        ours, bare = [], []
        for _ in range(1 if quick else 3):
            ours.append(fresh(["benchmarks.documents", "ours", form]))
            bare.append(fresh(["benchmarks.documents", "limit", form]))
        seconds, limit = medians(ours)["seconds"], medians(bare)["seconds"]
        yield Line(f"report of 120 organs, {form.upper()}", f"{seconds:.2f} s", "< 20 s", seconds < 20)
        yield ratio(f"the same, {form.upper()}: official layout / bare rows and charts", seconds, limit, most=2)


def reports(*, quick: bool) -> Iterator[Line]:
    """The consolidated report of 120 organs over a half-year's duties, by the command, database and all."""
    count = 20_000 if quick else 200_000
    for form in ("pdf", "docx"):
        with home() as there:
            found = fresh(["benchmarks.reports", form, str(count)], environment=there)
        seconds = found["seconds"]
        yield Line(
            f"jiannuo report, 120 organs, {count} duties, {form.upper()}", f"{seconds:.2f} s", "< 20 s", seconds < 20
        )
        yield Line("of which gathering", f"{found['gathered']:.2f} s", "< 5 s", found["gathered"] < 5)


def ticking(*, quick: bool) -> Iterator[Line]:
    """A million duties: two ticks, the reminders, and the pages that read them beside a plain list."""
    count = 20_000 if quick else 1_000_000
    with home() as given:
        there = {**given, "JIANNUO_TODAY": "2026-11-23"}
        fresh(["benchmarks.ticking", "present", str(count)], environment=there)
        figures = [
            ("the first carries all over", fresh(["benchmarks.ticking", "carry"], environment=there), 60),
            ("a day's breaches", fresh(["benchmarks.ticking", "tick", "2026-11-23"], environment=there), 60),
            ("again with nothing new", fresh(["benchmarks.ticking", "tick", "2026-11-23"], environment=there), 1),
        ]
        for what, found, most in figures:
            figure = f"{found['tick']:.2f} s  ({found['tick_cpu']:.2f} s of processor)"
            yield Line(f"tick, {count} duties: {what}", figure, f"< {most} s", found["tick"] < most)
        memory = max(found["peak_mb"] for _, found, _ in figures)
        yield Line("the ticks: most memory", f"{memory:.0f} MB", "< 1000 MB", memory < 1000)
        fresh(["benchmarks.ticking", "staff"], environment=there)
        told = fresh(["benchmarks.ticking", "remind"], environment=there)
        figure = f"{told['remind']:.2f} s  ({told['peak_mb']:.0f} MB)"
        yield Line(f"remind everybody, {count} duties: {told['told']} messages", figure, "", None)
        names = ("plain list", "organ", "to-do, clerk", "to-do, lead")
        runs: dict[str, list[float]] = {name: [] for name in names}
        for _ in range(1 if quick else 3):
            for name in names:
                runs[name].append(fresh(["benchmarks.ticking", "page", name], environment=there)["ms"])
    plain, *ours = (median(runs[name]) for name in names)
    for name, took in zip(names[1:], ours, strict=True):
        figure = f"{took / plain:.2f}x  ({took:.1f} ms / {plain:.1f} ms)"
        yield Line(f"{name} page over {count} duties / a plain list of them", figure, "<= 1x", took <= plain)


def cases(*, quick: bool) -> Iterator[Line]:
    """Two hundred thousand cases: a step, ten thousand subjects asked about, and complaints that come from two sides at once."""
    count, asked, sent = (20_000, 1_000, 100) if quick else (200_000, 10_000, 500)
    with home() as given:
        there = {**given, "JIANNUO_TODAY": "2026-11-23"}
        fresh(["benchmarks.cases", "present", str(count)], environment=there)
        step = fresh(["benchmarks.cases", "step"], environment=there)
        for name, what in (("routed_ms", "with its entry and clocks"), ("served_ms", "with its record and measures")):
            yield Line(f"a step beside {count} cases, {what}", f"{step[name]:.1f} ms", "<= 30 ms", step[name] <= 30)
        found = fresh(["benchmarks.cases", "eligible", str(asked)], environment=there)
        took = found["asked"]
        yield Line(f"{asked} subjects asked about at once", f"{took:.2f} s", "< 5 s", took < 5)
        before = fresh(["benchmarks.cases", "counted"], environment=there)["cases"]
        begin = str(time() + 5)
        with ThreadPoolExecutor(2) as both:
            run = partial(fresh, environment=there)
            runs = list(
                both.map(run, (["benchmarks.cases", "complain", name, str(sent), begin] for name in ("a", "b")))
            )
        came = fresh(["benchmarks.cases", "counted"], environment=there)["cases"] - before
        rate = came / max(one["took"] for one in runs)
        yield Line(f"complaints from two processes, {2 * sent - came:.0f} lost", f"{rate:.0f} a second", ">= 50", rate >= 50 and came == 2 * sent)  # fmt: skip


BENCHES: dict[str, Callable[..., Iterator[Line]]] = {
    "intake": intake, "codes": codes, "startup": startup, "search": search, "pages": pages,
    "documents": documents, "reports": reports, "ticking": ticking,
    "cases": cases,
}  # fmt: skip


def main() -> None:
    """Run those asked for, all of them where none is named."""
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    options.add_argument("names", nargs="*", choices=[*BENCHES, []], help="which; all where none is named")
    options.add_argument(
        "--quick", action="store_true", help="a tenth of the rows and fewer rounds, to see that it runs"
    )
    asked = options.parse_args()
    os.environ["JIANNUO_PACK"] = str(SAMPLE)
    # An installation has its modules compiled; starting without would measure the compiler.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    (ROOT / "var").mkdir(exist_ok=True)
    lines: list[Line] = []
    for name in asked.names or BENCHES:
        for line in BENCHES[name](quick=asked.quick):
            lines.append(line)
            verdict = {True: "met", False: "MISSED", None: ""}[line.met]
            print(f"{line.what:<92} {line.figure:<50} {line.target:<10} {verdict}", flush=True)
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
