"""Stands in for the other site of the made-up county: takes what is delivered and answers with a receipt, on this machine alone."""

import hashlib
import json
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST = 2**20


class Receiver(BaseHTTPRequestHandler):
    """One delivery, one receipt; the same delivery again gets the same receipt."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:
        """Take a delivery."""
        body = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LONGEST))
        number = hashlib.sha256(self.headers.get("Idempotency-Key", "").encode()).hexdigest()[:12]
        told = {"receipt": f"QHZW-{number}", "message": "青禾政务（演示接收端）已收", "bytes": len(body)}
        answer = json.dumps(told, ensure_ascii=False).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the standard library
        """Say nothing."""


def main() -> None:
    """Serve on the port given, on the loopback."""
    with suppress(KeyboardInterrupt):
        ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), Receiver).serve_forever()


if __name__ == "__main__":
    main()
