"""Keys of an installation: each made once, kept in the data folder, readable by its owner alone."""

import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


def made_once(path: Path, make: Callable[[], bytes]) -> bytes:
    """What the file holds; made first where there is none. Of several processes that begin at once, all have what one of them made."""
    if not path.exists():
        # Written whole under a name of its own and then linked: nobody reads half a key or puts another in its place.
        beside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.part")
        descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(make())
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(beside)
        finally:
            beside.unlink()
    return path.read_bytes()
