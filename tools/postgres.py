"""A throw-away PostgreSQL for one command: `python -m tools.postgres COMMAND …` sets DATABASE_URL and cleans up after."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.machine import find_postgres

# Nothing here has to survive a power cut, so nothing waits for the disk.
CONFIGURATION = """\
listen_addresses = ''
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 60
shared_buffers = 256MB
log_min_messages = fatal
"""


def as_postgres(folder: Path) -> list[str]:
    """The words before a command that give root's rights away: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return []
    try:
        user = pwd.getpwnam("postgres")
    except KeyError:
        user = pwd.getpwnam("nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    if runuser := shutil.which("runuser", path="/usr/sbin:/sbin:/usr/bin:/bin"):
        return [runuser, "-u", user.pw_name, "--"]
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]


@contextmanager
def running_postgres() -> Iterator[str]:
    """The DATABASE_URL of a fresh UTF-8 cluster in a temporary folder, gone when the block ends."""
    binaries = find_postgres()
    if binaries is None:
        sys.exit("No PostgreSQL server on this machine (initdb, pg_ctl): run `make setup-dev`.")
    folder = Path(tempfile.mkdtemp(prefix="jiannuo-pg-"))
    prefix, data = as_postgres(folder), folder / "data"
    initdb = [*prefix, str(binaries / "initdb"), "-D", str(data), "-U", "jiannuo", "-A", "trust", "-N", "-E", "UTF8"]
    control = [*prefix, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-s"]
    try:
        # With LC_CTYPE C instead of C.UTF-8 every trigram of Chinese text is empty.
        subprocess.run([*initdb, "--locale=C.UTF-8"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
            file.write(CONFIGURATION.format(folder=folder))
        start = [*control, "-l", str(folder / "log"), "start"]
        subprocess.run(start, cwd=folder, check=True, stdout=subprocess.DEVNULL)
        yield f"postgresql://jiannuo@localhost:5432/postgres?host={folder}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], cwd=folder, check=False, capture_output=True)
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """The command's own exit code, after a run with its own cluster."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: sys.exit(129))
    with running_postgres() as url:
        return subprocess.run(sys.argv[1:], env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
