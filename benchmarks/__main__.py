"""Everything measured beside its peers: `python -m benchmarks [intake codes startup search pages documents reports ticking] [--quick]`.

Each contender runs in a process of its own, in turn; ratios within one run are what counts. Prints one table and writes
`var/bench.json`.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks import rows
from benchmarks.measure import ROOT, SAMPLE, Figures, fresh, medians
from tools.postgres import running_postgres

BIG, PRESENT, SCALED = 100_000, 300_000, 20_000
PEERS = ROOT / "var" / "bench-peers"


class Line(NamedTuple):
    """One thing measured: the figure, what it is held to, and whether it met that (None where there is no target)."""

    what: str
    figure: str
    target: str
    met: bool | None


def ratio(what: str, ours: float, other: float, *, most: float) -> Line:
    """Ours is at most so many times the other."""
    return Line(what, f"{ours / other:.2f}x  ({ours:.2f} s / {other:.2f} s)", f"<= {most:g}x", ours / other <= most)


def faster(what: str, ours: float, other: float, *, least: float | None) -> Line:
    """Ours is at least so many times as fast as the other; without `least` the figure stands for itself."""
    figure = f"{other / ours:.1f}x  ({ours:.2f} s / {other:.2f} s)"
    return (
        Line(what, figure, "", None) if least is None else Line(what, figure, f">= {least:g}x", other / ours >= least)
    )


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
        lock = ROOT / "requirements" / "bench.lock"
        subprocess.run([python, "-m", "pip", "install", "-q", "--no-deps", "--require-hashes", "-r", lock], check=True)
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
    count, present, scaled = BIG // share, PRESENT // share, SCALED // share
    # In the checkout, for one of the peers reads no file outside the folder it runs in.
    with tempfile.TemporaryDirectory(dir=ROOT / "var") as folder, home() as begun:
        sheet, book = Path(folder) / "rows.csv", Path(folder) / "rows.xlsx"
        rows.write_csv(sheet, rows.rows(count, first=present + 1))
        rows.write_xlsx(book, rows.rows(count, first=present + 1))
        fresh(["benchmarks.intake", "present", str(present)], environment=begun)
        sqlite = [one_intake(begun, path, Path(folder)) for path in (sheet, book)]
        for (whole, limit), form in zip(sqlite, ("CSV", "XLSX"), strict=True):
            most = max(whole["peak_mb"], 0.0)
            yield ratio(
                f"intake of {count} rows, {form}: whole / read + insert", whole["whole"], limit["whole"], most=2
            )
            yield Line(f"intake, {form}: most memory", f"{most:.0f} MB", "< 500 MB", most < 500)
        checked = fresh(["benchmarks.intake", "checking", str(sheet)], environment=begun)
        peer = fresh(["benchmarks.peers", "validate", str(sheet), "yes"], environment=begun, python=peers())
        yield faster("checking alone, CSV: frictionless / ours", checked["checking"], peer["checking"], least=3)
        times = count / scaled
        for step, words, least in IMPORTERS:
            with copied(begun) as there:
                other = fresh([*step, str(sheet), str(scaled)], environment=there, python=peers())
            what = f"whole job: django-import-export {words} ({scaled} rows, x {times:g}) / ours"
            yield faster(what, sqlite[0][0]["whole"], other["whole"] * times, least=least)
        with running_postgres() as url, home(url) as there:
            fresh(["benchmarks.intake", "present", str(present)], environment=there)
            batch = fresh(["benchmarks.intake", "upload", str(sheet)], environment=there)["batch"]
            postgres = fresh(["benchmarks.intake", "ours", str(int(batch))], environment=there)
        yield ratio("whole job, CSV: PostgreSQL / SQLite", postgres["whole"], sqlite[0][0]["whole"], most=1)


@contextmanager
def copied(begun: dict[str, str]) -> Iterator[dict[str, str]]:
    """The same installation again, as it was."""
    with home() as there:
        shutil.copytree(begun["JIANNUO_HOME"], there["JIANNUO_HOME"], dirs_exist_ok=True)
        yield there


def one_intake(begun: dict[str, str], path: Path, folder: Path, rounds: int = 3) -> tuple[Figures, Figures]:
    """Ours and the limit in turn, each beside what was present."""
    prepared = folder / f"{path.name}.rows"
    ours, limits = [], []
    for _ in range(rounds):
        with copied(begun) as there:
            batch = fresh(["benchmarks.intake", "upload", str(path)], environment=there)["batch"]
            ours.append(fresh(["benchmarks.intake", "ours", str(int(batch))], environment=there))
            if not prepared.exists():
                fresh(["benchmarks.intake", "stored", str(prepared)], environment=there)
        with copied(begun) as there:
            limits.append(fresh(["benchmarks.intake", "limit", str(path), str(prepared)], environment=there))
    return medians(ours), medians(limits)


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
import django
django.setup()
from django.urls import get_resolver
get_resolver().url_patterns
from jiannuo.site.wsgi import application
seconds = time.perf_counter() - start
from django.test import Client
for address in ["/", "/disclosures/", "/plan/", "/organs/", "/catalogue/"] * 4:
    assert Client(SERVER_NAME="localhost").get(address).status_code == 200
status = open("/proc/self/status").read()
memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024
print(json.dumps({"seconds": seconds, "memory_mb": memory}))
"""


def said(program: str, environment: dict[str, str]) -> Any:
    """What a program prints last, run in a process of its own."""
    environment = {**os.environ, **environment, "PYTHONPATH": str(ROOT)}
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
            runs.append(said(STARTUP, there))
    found = medians(runs)
    yield Line("import of the site", f"{found['seconds']:.2f} s", "< 0.4 s", found["seconds"] < 0.4)
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


BENCHES: dict[str, Callable[..., Iterator[Line]]] = {
    "intake": intake, "codes": codes, "startup": startup, "search": search, "pages": pages,
    "documents": documents, "reports": reports, "ticking": ticking,
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
            print(f"{line.what:<84} {line.figure:<34} {line.target:<10} {verdict}", flush=True)
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([line._asdict() for line in lines], ensure_ascii=False, indent=1), "utf-8")


if __name__ == "__main__":
    main()
