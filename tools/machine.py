"""What the system itself must have: looked for first, installed with apt-get only as root, asked for in words otherwise."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# The shell without windows comes first: it opens a page in half the time.
CHROMIUM = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome-stable",
    "google-chrome",
    "chrome",
)
FONT_FOLDERS = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.fonts",
    "~/.local/share/fonts",
    "/System/Library/Fonts",
)


def find_chromium() -> str | None:
    """The path of a Chromium that Playwright can drive, if there is one."""
    return next((path for name in CHROMIUM if (path := shutil.which(name))), None)


def find_chinese_font() -> str | None:
    """The name of any font that covers Chinese, if there is one."""
    if shutil.which("fc-list"):
        listing = subprocess.run(["fc-list", ":lang=zh", "family"], capture_output=True, text=True, check=False).stdout
        return listing.splitlines()[0] if listing.strip() else None
    folders = (Path(folder).expanduser() for folder in FONT_FOLDERS)
    return next((str(font) for folder in folders for font in folder.rglob("*CJK*.[ot]t[cf]")), None)


def find_document_fonts() -> bool:
    """Whether there is a Song face for the body of documents and a Kai face for their headings."""
    names = [font.name for folder in FONT_FOLDERS for font in Path(folder).expanduser().rglob("*.tt[cf]")]
    song = any(name.startswith(("NotoSerifCJK", "SourceHanSerif")) for name in names)
    return song and any(name.startswith(("ukai", "LXGWWenKai-")) for name in names)


def find_postgres() -> Path | None:
    """The folder that holds `initdb` and `pg_ctl`; the newest of several."""
    if (found := shutil.which("initdb")) and shutil.which("pg_ctl", path=str(Path(found).parent)):
        return Path(found).parent
    roots = (Path("/usr/lib/postgresql"), Path("/usr/lib64/pgsql"), Path("/opt/homebrew/opt"))
    folders = [path.parent for root in roots for path in root.glob("*/bin/initdb") if (path.parent / "pg_ctl").exists()]
    return max(folders, key=lambda folder: int("0" + "".join(filter(str.isdigit, folder.parent.name))), default=None)


@dataclass(frozen=True)
class Need:
    """One thing the system must have, and the packages that bring it."""

    what: str
    find: Callable[[], object]
    debian: str
    fedora: str


NEEDS = {
    "browser": (
        Need("Chromium", find_chromium, "chromium-headless-shell", "chromium"),
        Need("a Chinese font", find_chinese_font, "fonts-noto-cjk", "google-noto-sans-cjk-fonts"),
    ),
    "documents": (
        Need(
            "fonts for documents",
            find_document_fonts,
            "fonts-noto-cjk fonts-arphic-ukai",
            "google-noto-serif-cjk-fonts",
        ),
    ),
    "postgres": (Need("a PostgreSQL server", find_postgres, "postgresql", "postgresql-server postgresql-contrib"),),
}


def can_install() -> bool:
    """Whether this machine is Debian's kind and we are its root."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(packages: list[str]) -> None:
    """Debian packages installed without a question; a second try covers a list that moved on."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    options = ["-qq", "-o", "DPkg::Lock::Timeout=300", "-o", "Acquire::Retries=3"]
    install = ["apt-get", *options, "install", "-y", "--no-install-recommends", *packages]
    print(f"Installing with apt-get: {' '.join(packages)}", flush=True)
    for _ in range(2):
        subprocess.run(["apt-get", *options, "update"], env=quiet, check=False)
        done = subprocess.run(install, env=quiet, check=False, stdout=subprocess.DEVNULL)
        if done.returncode == 0:
            return
    sys.exit(f"apt-get could not install {' '.join(packages)}; its own words stand above.")


def wish(groups: list[str]) -> None:
    """What the groups name is installed where that can be done; nothing stops for want of it."""
    missing = [need for group in groups for need in NEEDS[group] if not need.find()]
    packages = [package for need in missing for package in need.debian.split()]
    try:
        if packages and can_install():
            apt_install(packages)
    except SystemExit as refusal:
        print(refusal, flush=True)
    for need in missing:
        if not need.find():
            print(f"Going on without {need.what}; they come with: sudo apt-get install {need.debian}", flush=True)


def require(groups: list[str]) -> None:
    """Everything the groups name is there afterwards, or the run stops with the command that would bring it."""
    missing = [need for group in groups for need in NEEDS[group] if not need.find()]
    if missing and can_install():
        apt_install([package for need in missing for package in need.debian.split()])
        missing = [need for need in missing if not need.find()]
    if missing:
        sys.exit(
            f"This machine lacks {' and '.join(need.what for need in missing)}. Install and run make again:\n"
            f"  Debian, Ubuntu:  sudo apt-get install {' '.join(need.debian for need in missing)}\n"
            f"  Fedora, RHEL:    sudo dnf install {' '.join(need.fedora for need in missing)}"
        )
