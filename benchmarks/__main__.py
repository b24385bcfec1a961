"""`python -m benchmarks [pages] [search]`: each measurement in turn, each printing its own table."""

import subprocess
import sys
from pathlib import Path

NAMES = ("pages", "search")


def main() -> None:
    """Those named, or all; figures also go to var/bench-NAME.json."""
    root = Path(__file__).resolve().parents[1]
    for name in sys.argv[1:] or NAMES:
        arguments = [sys.executable, "-m", f"benchmarks.{name}", "--json", str(root / "var" / f"bench-{name}.json")]
        subprocess.run(arguments, cwd=root, check=True)


if __name__ == "__main__":
    main()
