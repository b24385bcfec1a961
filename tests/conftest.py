"""What every test stands on: the made-up county, a data folder per worker, one fixed day, the engine under test.

`DATABASE_URL` chooses the engine, SQLite by default; `make test` runs the tests that touch the database on both.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import django
import hypothesis
import pytest
from django.conf import settings

from tests import database_support

ROOT = Path(__file__).resolve().parent.parent
HOME = Path(tempfile.mkdtemp(prefix="jiannuo-test-"))
TOUCHES_DATABASE = {"db", "transactional_db", "live_server", "own_database"}

os.environ.update(
    DJANGO_SETTINGS_MODULE="jiannuo.site.settings",
    JIANNUO_HOME=str(HOME),
    JIANNUO_PACK=str(ROOT / "packs" / "sample"),
    JIANNUO_TODAY="2026-11-23",
)
atexit.register(shutil.rmtree, HOME, ignore_errors=True)

# On a shared machine a slow example is no failure; a failure prints how to see it again.
hypothesis.settings.register_profile("jiannuo", deadline=None, print_blob=True, max_examples=60)
hypothesis.settings.load_profile("jiannuo")


# In a file, as in production: in memory, threads would share one connection and never wait for one another.
settings.DATABASES["default"].setdefault("TEST", {})
if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    settings.DATABASES["default"]["TEST"]["NAME"] = str(HOME / "test.sqlite3")
# The strong hash takes a quarter of a second for each account made.
settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Now, not when pytest is configured: folders' own conftest files import packages that need the apps.
django.setup()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    for item in items:
        touches = item.get_closest_marker("django_db") or TOUCHES_DATABASE & set(getattr(item, "fixturenames", ()))
        item.add_marker("database" if touches else "pure")
        if "journeys" in item.path.parts:
            item.add_marker("journey")
            # The first of them builds the demonstration, a minute of work on a machine of its own.
            item.add_marker(pytest.mark.timeout(600))
    yield
    longest_first(items)


def longest_first(items: list[pytest.Item]) -> None:
    """Files are handed out whole: the long ones begin, so that no worker ends alone, and one alone builds the demonstration."""
    long = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("journey")}
    demo = dict.fromkeys(item.path for item in items if "demo_home" in getattr(item, "fixturenames", ()))
    order = dict.fromkeys(long, 1) | dict.fromkeys(demo, 2) | dict.fromkeys([*demo][:1], 0)
    items.sort(key=lambda item: order.get(item.path, 3))


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> None:
    """Tests that commit end on the database as the migrations left it, append-only tables included."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        database_support.reset_to_here()


@pytest.fixture
def own_database(tmp_path: Path) -> Iterator[Mapping[str, str]]:
    """The environment of a process that has a data folder and an empty database of its own, on the engine under test."""
    with database_support.empty_database(tmp_path) as url:
        yield {**os.environ, "JIANNUO_HOME": str(tmp_path), "DATABASE_URL": url}


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real public data of the county, which stands beside the checkout where the platform is developed."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(
            "real data of a county is not the project's to carry: it stands in ../shared/data only where the platform is developed"
        )
    return folder
