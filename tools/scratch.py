"""Run one command with a data folder of its own, gone afterwards: a check must not touch the data in var/."""

import os
import subprocess
import sys
import tempfile


def main() -> int:
    """The command's own exit code."""
    with tempfile.TemporaryDirectory(prefix="jiannuo-") as folder:
        environment = {**os.environ, "JIANNUO_HOME": folder}
        environment.pop("DATABASE_URL", None)
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
