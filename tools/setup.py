"""The virtual environment, made once per lock: `python3 tools/setup.py runtime|dev [browser] [postgres] [documents]`.

Run by whatever Python the machine has, so only the standard library is used here.
"""

import hashlib
import importlib.util
import shlex
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tools.machine import apt_install, can_install, require, wish  # noqa: E402

VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCKS = {"runtime": ["runtime.lock"], "dev": ["build.lock", "dev.lock"]}
TRIES = 3
WISHES = {"documents"}  # good to have; the platform runs without
COMMAND = """\
#!/bin/sh
exec {python} -P -c 'import sys; sys.argv[0] = "jiannuo"; from jiannuo.cli.main import main; sys.exit(main())' "$@"
"""


def works(*command: str | Path) -> bool:
    """Whether a command exists and ends well; what it prints does not matter."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def make_venv() -> None:
    """A virtual environment with pip stands in the checkout."""
    if not works(PYTHON, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"):
        if importlib.util.find_spec("ensurepip") is None:  # Debian keeps it in a package of its own
            package = f"python3.{sys.version_info.minor}-venv"
            if not can_install():
                sys.exit(f"This Python cannot make virtual environments. Run: sudo apt-get install {package}")
            apt_install([package])
        print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    if not works(PYTHON, "-m", "pip", "--version"):
        subprocess.run([PYTHON, "-m", "ensurepip", "--upgrade"], check=True)


def pip_install(lock: str) -> None:
    """Exactly the locked files are installed, each checked by its hash; a registry that stumbles is asked again.

    The lock is complete, so pip resolves nothing: asked to, it takes `coverage[toml]>=7` for another requirement than the
    locked `coverage` and stops at the next release of it.
    """
    print(f"Installing requirements/{lock}", flush=True)
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"]
    command += [
        "--no-build-isolation",
        "--no-deps",
        "--require-hashes",
        "--retries",
        "5",
        "-r",
        ROOT / "requirements" / lock,
    ]
    for attempt in range(1, TRIES + 1):
        if subprocess.run(command, check=False).returncode == 0:
            return
        if attempt < TRIES:
            print(f"pip did not finish; trying again ({attempt + 1} of {TRIES})", flush=True)
            time.sleep(5 * attempt)
    sys.exit(f"pip could not install requirements/{lock}; its own words stand above. Once mended, run make again.")


def digest(level: str) -> str:
    """What an installation of this level depends on, as one word."""
    parts = [(ROOT / "requirements" / lock).read_bytes() for lock in LOCKS[level]]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def stamp(level: str) -> Path:
    """The file that says which lock the environment was last filled from."""
    return VENV / f"installed-{level}"


def installed(level: str) -> bool:
    """Whether this level, or the larger one, already stands as locked."""
    levels = ("dev",) if level == "dev" else ("runtime", "dev")
    return any(stamp(name).exists() and stamp(name).read_text() == digest(name) for name in levels)


def link_project() -> None:
    """The checkout is importable from its environment, and `.venv/bin/jiannuo` runs it, without a build step."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = Path(subprocess.run([PYTHON, "-c", ask], capture_output=True, text=True, check=True).stdout.strip())
    (packages / "jiannuo.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "jiannuo"
    command.write_text(COMMAND.format(python=shlex.quote(str(PYTHON))), encoding="utf-8")
    command.chmod(0o755)


def compile_project() -> None:
    """Its bytecode lies beside the sources: whoever runs it may not write there, and would compile all of it at every start."""
    subprocess.run([PYTHON, "-m", "compileall", "-q", "-j", "0", ROOT / "jiannuo"], check=True)


def main() -> None:
    """Everything named on the command line is there afterwards, or the reason why not was printed."""
    level, *groups = sys.argv[1:] or ["runtime"]
    if level not in LOCKS:
        sys.exit(f"Unknown level {level!r}: runtime or dev")
    require([group for group in groups if group not in WISHES])
    wish([group for group in groups if group in WISHES])
    if not installed(level) or not works(PYTHON, "-c", "import django"):
        make_venv()
        for lock in LOCKS[level]:
            pip_install(lock)
        stamp(level).write_text(digest(level))
    link_project()
    compile_project()


if __name__ == "__main__":
    main()
