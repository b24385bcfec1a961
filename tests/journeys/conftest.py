"""Fixtures of browser tests: each county built once, a server on a copy of it for each file, one browser."""

import fcntl
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser_support import Visitor, build_county, build_demo, copy_home, launch, serving
from tests.faces import july, september


def built_once(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], None]) -> Path:
    """The data folder of that name, built by the first worker that needs it and never served from."""
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    home, ready = shared / name, shared / f"{name}.ready"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            home.mkdir(exist_ok=True)
            build(home)
            ready.touch()
    return home


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration."""
    return built_once(tmp_path_factory, "demo", build_demo)


@pytest.fixture(scope="session")
def september_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The market office on 29 September."""
    return built_once(
        tmp_path_factory, "september", lambda home: build_county(home, "tests.faces.september", september.TODAY)
    )


@pytest.fixture(scope="session")
def july_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The county on 11 July."""
    return built_once(tmp_path_factory, "july", lambda home: build_county(home, "tests.faces.july", july.TODAY))


@pytest.fixture(scope="module")
def site_home(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the demonstration's data that this file's tests may change."""
    return copy_home(demo_home, tmp_path_factory.mktemp("site") / "home")


@pytest.fixture(scope="module")
def site(site_home: Path) -> Iterator[str]:
    """The address of the demonstration, served on this file's own copy of the data."""
    with serving(site_home) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A browser for one file: while it runs, Playwright's event loop keeps Django's database out of this thread."""
    with sync_playwright() as playwright:
        running = launch(playwright)
        yield running
        running.close()


@pytest.fixture
def visitor(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[Visitor]:
    """Opens pages of the demonstration; fails the test when something left the host or broke behind a page."""
    visiting = Visitor(browser, site, request.node.name)
    yield visiting
    visiting.close()
