"""What stands in the repository: nothing left for later, nothing of others, nothing of the machine it was written on."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SKIPPED = {".git", ".venv", "var", "__pycache__"}
# Written in two halves so that this file does not find itself.
LATER = re.compile(r"\b(" + "TO" + "DO|FIX" + "ME|XX" + r"X)\b|NotImplemented" + "Error|pragma: no " + "cover")
MACHINE = re.compile(
    r"(?<![A-Za-z0-9_.])/(work|farm|home/[a-z]+|Users/[A-Za-z]+|root/\.pyenv|tmp/[a-z_]+\.[0-9]+)/"
    r"|snapshot\.debian|files\.python" + r"hosted|registry\.npm" + "js"
)
THIRD_PARTY = re.compile(r"\.min\.(js|css)$|\.(woff2?|ttf|otf|whl|jar)$|(^|/)(vendor|third_party|node_modules)/")
MEBIBYTE = 2**20


def committable() -> list[Path]:
    """Every file that is committed or would be; without git, every file outside the known workplaces."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listing = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        paths = [path.relative_to(ROOT) for path in ROOT.rglob("*") if not SKIPPED & set(path.parts)]
    else:
        paths = [Path(name) for name in listing.split("\0") if name]
    return sorted(path for path in paths if (ROOT / path).is_file())


FILES = committable()


def text_of(path: Path) -> str:
    """The file as text; nothing for what is binary or wrong on purpose."""
    if path.parts[:2] == ("tests", "wrong"):
        return ""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def found(pattern: re.Pattern[str], paths: list[Path]) -> list[str]:
    return [
        f"{path}:{number}: {line.strip()[:120]}"
        for path in paths
        for number, line in enumerate(text_of(path).splitlines(), 1)
        if pattern.search(line)
    ]


def test_nothing_is_left_for_later() -> None:
    assert found(LATER, [path for path in FILES if path.suffix in {".py", ".html", ".toml", ".js", ".css"}]) == []


def test_no_path_of_a_machine_and_no_registry_is_named() -> None:
    assert found(MACHINE, FILES) == []


def test_nothing_of_others_is_kept_here() -> None:
    assert [str(path) for path in FILES if THIRD_PARTY.search(path.as_posix())] == []


def test_no_file_is_larger_than_a_mebibyte() -> None:
    assert [str(path) for path in FILES if (ROOT / path).stat().st_size > MEBIBYTE] == []


@pytest.mark.parametrize("lock", sorted((ROOT / "requirements").glob("*.lock")), ids=lambda path: path.name)
def test_every_locked_package_has_its_hashes(lock: Path) -> None:
    text = lock.read_text("utf-8")
    entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"(?m)^#.*\n", "", text))
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text


TEMPLATES = [path for path in FILES if path.suffix == ".html" and path.parts[0] == "jiannuo"]


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param(r"<script(?![^>]*\bsrc=)", id="inline script"),
        pytest.param(r"<style\b|\sstyle=[\"']", id="inline style"),
        pytest.param(r"\son[a-z]+=[\"']|javascript:", id="inline handler"),
        pytest.param(r"(src|action|srcset)=[\"'](https?:)?//|<link[^>]+href=[\"'](https?:)?//", id="another host"),
        pytest.param(r"\|\s*safe\b|autoescape off", id="unescaped text"),
    ],
)
def test_templates_are_free_of(pattern: str) -> None:
    assert found(re.compile(pattern), TEMPLATES) == []
