"""A key is made once, whole, for its owner alone, however many begin at once."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from jiannuo.kernel.secret_files import made_once


def test_of_several_that_begin_at_once_each_has_the_same_key(tmp_path: Path) -> None:
    for turn in range(50):
        path = tmp_path / str(turn) / "a.key"
        path.parent.mkdir()
        with ThreadPoolExecutor(8) as pool:
            found = set(pool.map(lambda _, path=path: made_once(path, lambda: secrets.token_bytes(32)), range(8)))
        assert [len(key) for key in found] == [32]
        assert [one.name for one in path.parent.iterdir()] == ["a.key"]
        assert path.stat().st_mode & 0o777 == 0o600


def test_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "a.key"
    path.write_bytes(b"old")
    assert made_once(path, lambda: b"new") == b"old"


def test_what_could_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    def fails() -> bytes:
        raise OSError

    with pytest.raises(OSError):
        made_once(tmp_path / "a.key", fails)
    assert list(tmp_path.iterdir()) == []
