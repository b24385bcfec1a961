"""The command that serves all faces, with one worker beside them."""

import os
import signal
import subprocess
import sys
from argparse import Namespace
from contextlib import suppress
from threading import Event, Thread

from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from jiannuo.cli.answers import Answer, say
from jiannuo.cli.starting import demand_ready

THREADS = 4
BACKPRESSURE = 64
"""Requests a process takes at once; the rest wait in the socket instead of in memory."""
AGAIN = 2.0


def serve(args: Namespace) -> Answer:
    demand_ready()
    call_command("collectstatic", verbosity=0, interactive=False)
    say(f"践诺在 http://{args.host}:{args.port} 提供服务，按 Ctrl+C 停止")
    run(args.host, args.port, args.workers)
    return Answer({"stopped": True}, ["已停止"])


def run(host: str, port: int, workers: int) -> None:
    """Serve until told to stop; the worker beside is started again whenever it ends."""
    stop = Event()
    # Before the server forks: a process forked while another is being started would keep the starter waiting.
    first = _start_a_worker()
    beside = Thread(target=_keep_a_worker, args=(first, stop), daemon=True)
    beside.start()
    try:
        Granian(
            "jiannuo.site.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=workers,
            blocking_threads=THREADS,
            backpressure=BACKPRESSURE,
            websockets=False,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            workers_kill_timeout=10,
        ).serve()
    finally:
        stop.set()
        beside.join(timeout=30)


def _start_a_worker() -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "jiannuo.cli.main", "work", "--parent", str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: S603


def _keep_a_worker(worker: subprocess.Popen[bytes], stop: Event) -> None:
    while not stop.wait(0.5):
        if worker.poll() is not None:
            say("后台处理意外停止，重新启动")
            stop.wait(AGAIN)
            worker = _start_a_worker()
    worker.send_signal(signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        worker.wait(timeout=20)
    worker.kill()
    worker.wait()
