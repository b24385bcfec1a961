"""The command that shows everything on a made-up county."""

import os
import shutil
import socket
import sys
from argparse import Namespace
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import perf_counter

import django

from jiannuo.cli.answers import Answer, say
from jiannuo.kernel.refusals import Refused

ROOT = Path(__file__).resolve().parents[2]
BEGUN, READY = "demo.begun", "demo.ready"


def demo(args: Namespace) -> Answer:
    os.environ.setdefault("JIANNUO_PACK", str(ROOT / "packs" / "sample"))
    os.environ.setdefault("JIANNUO_HOME", str(ROOT / "var" / "demo"))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jiannuo.site.settings")
    receiver_port = 0
    if "JIANNUO_ENDPOINTS" not in os.environ and not args.no_serve:
        # Settings are read once, so the address must stand before Django starts.
        receiver_port = _free_port()
        os.environ["JIANNUO_ENDPOINTS"] = f"affairs=http://127.0.0.1:{receiver_port}/"
    home = Path(os.environ["JIANNUO_HOME"]).resolve()
    home.mkdir(parents=True, exist_ok=True)
    if (home / BEGUN).exists() and "DATABASE_URL" not in os.environ:
        say("上次没有生成完，从头再来")
        _empty(home)
    django.setup()
    built = {} if (home / READY).exists() else _build(home)
    told: Callable[[], list[str]] = import_module("jiannuo.cli.demo.accounts").lines
    address = f"http://127.0.0.1:{args.port}"
    lines = ["青禾县（虚构）演示数据，全部为程序生成", f"地址 {address}（工作台 {address}/desk/）", *told()]
    data = {"home": str(home), "address": address, "built": built}
    if args.no_serve:
        return Answer(data, lines)
    for line in lines:
        say(line)
    serve: Callable[[str, int, int], None] = import_module("jiannuo.cli.demo.serving").serve
    serve("127.0.0.1", args.port, receiver_port)
    return Answer(data | {"stopped": True}, ["已停止"])


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port: int = asked.getsockname()[1]
        return port


def _empty(home: Path) -> None:
    for name in ("jiannuo.sqlite3", "jiannuo.sqlite3-wal", "jiannuo.sqlite3-shm", BEGUN):
        (home / name).unlink(missing_ok=True)
    shutil.rmtree(home / "evidence", ignore_errors=True)


def _build(home: Path) -> dict[str, int]:
    """Build the county once; a mark beside the data tells a whole one from one that was cut short."""
    starting = import_module("jiannuo.cli.starting")
    if starting.has_tables():
        raise Refused(
            f"数据目录 {home} 里已经有数据，不是演示数据",
            fix="请换一个空目录：JIANNUO_HOME=… jiannuo demo",
            code="not_empty",
        )
    say("正在生成演示数据，约需一分钟")
    begun = perf_counter()
    (home / BEGUN).touch()
    starting.make_tables()
    built: dict[str, int] = import_module("jiannuo.cli.demo.building").build()
    (home / BEGUN).replace(home / READY)
    say(f"演示数据已生成，用时 {perf_counter() - begun:.0f} 秒")
    sys.stderr.flush()
    return built
