"""Serves the demonstration, with a stand-in for the other site beside it."""

import subprocess
import sys

from django.core.management import call_command

from jiannuo.cli import serving
from jiannuo.cli.answers import say


def serve(host: str, port: int, receiver_port: int) -> None:
    """Serve until told to stop; deliveries to the other site go to a receiver on this machine, unless it has an address."""
    call_command("collectstatic", verbosity=0, interactive=False)
    receiver = None
    if receiver_port:
        command = [sys.executable, "-m", "jiannuo.cli.demo.receiver", str(receiver_port)]
        receiver = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603
        say(f"“青禾政务”由本机的演示接收端代替（端口 {receiver_port}）")
    say("按 Ctrl+C 停止")
    try:
        serving.run(host, port, 2)
    finally:
        if receiver:
            receiver.terminate()
            receiver.wait(timeout=10)
