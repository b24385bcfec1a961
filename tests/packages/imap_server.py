"""A real IMAP server on loopback, in a process of its own, with one mailbox in memory."""

import imaplib
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

from tests.browser_support import free_port

USER, PASSWORD = "tousu", "p@ss"


@dataclass
class Box:
    """The mailbox as its owner's mail program would use it."""

    port: int

    @property
    def url(self) -> str:
        return f"imap://{USER}:p%40ss@127.0.0.1:{self.port}"

    def _open(self) -> imaplib.IMAP4:
        box = imaplib.IMAP4("127.0.0.1", self.port, timeout=10)
        box.login(USER, PASSWORD)
        box.select("INBOX")
        return box

    def put(self, *letters: EmailMessage | bytes) -> None:
        """Letters arrive."""
        with self._open() as box:
            for letter in letters:
                raw = letter if isinstance(letter, bytes) else letter.as_bytes()
                assert box.append("INBOX", "", imaplib.Time2Internaldate(time.time()), raw)[0] == "OK"

    def flags(self) -> list[set[str]]:
        """How each letter stands in the mailbox, in their order."""
        with self._open() as box:
            if box.search(None, "ALL")[1] == [b""]:
                return []
            found = box.fetch("1:*", "(FLAGS)")[1]
        return [
            {flag.decode() for flag in imaplib.ParseFlags(line) if flag in (rb"\Seen", rb"\Flagged")}
            for line in found
            if isinstance(line, bytes)
        ]


@contextmanager
def listening() -> Iterator[Box]:
    """The server, started; stopped afterwards."""
    port = free_port()
    command = [
        str(Path(sys.executable).parent / "pymap"),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--no-tls",
        "dict",
    ]
    command += ["--demo-user", USER, "--demo-password", PASSWORD]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + 30
        while time.monotonic() < until:
            assert server.poll() is None, "the IMAP server ended by itself"
            try:
                imaplib.IMAP4("127.0.0.1", port, timeout=5).logout()
                break
            except OSError:
                time.sleep(0.05)
        yield Box(port)
    finally:
        server.terminate()
        server.wait(timeout=10)
