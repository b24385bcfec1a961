"""The locks in requirements/ are remade from their .in files, with hashes and without any registry's address."""

import os
import subprocess
import sys
import venv
from pathlib import Path

UV = "uv==0.13.9"
ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("build", "runtime", "dev", "bench")


def main() -> None:
    """Each lock holds for Python 3.11 and newer on every system."""
    environment = ROOT / "var" / "lock"
    venv.create(environment, with_pip=True)
    subprocess.run([environment / "bin" / "python", "-m", "pip", "install", "--quiet", UV], check=True)
    compiling: list[str | Path] = [
        environment / "bin" / "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.11",
    ]
    compiling += ["--generate-hashes", "--no-emit-index-url", "--no-emit-find-links"]
    compiling += ["--custom-compile-command", "make lock", *sys.argv[1:]]
    for name in LOCKS:
        files = [f"{name}.in", "--output-file", f"{name}.lock"]
        # Without the system's certificates uv fails in a clean environment.
        system = {**os.environ, "UV_SYSTEM_CERTS": "1"}
        subprocess.run([*compiling, *files], cwd=ROOT / "requirements", env=system, check=True)


if __name__ == "__main__":
    main()
