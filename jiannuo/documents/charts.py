"""Figures drawn: SVG for pages and PDF, PNG for DOCX, kept on disk under the digest of their specification.

The drawing library embeds a JavaScript engine (80 MB), so it works in a process of its own: `python -m
jiannuo.documents.charts`, which reads {"kind", "items"} as JSON and writes the pictures as JSON.
"""

import base64
import hashlib
import json
import os
import re
import sys
import tempfile
from html import escape
from pathlib import Path
from typing import Any, Literal

from jiannuo.documents import apart
from jiannuo.documents.figures import Figure, description, specification
from jiannuo.documents.text import clean

Kind = Literal["svg", "png"]
VERSION = "v5.20"
POINTS_PER_INCH = 220  # of the PNG, at the size the SVG has
KEPT, SECONDS = 400, 60
# The drawing names its parts in English; the whole is named once, in Chinese.
_ROLES = re.compile(r'(<g class="[^"]*") role="[^"]*" aria-roledescription="[^"]*"')


def svg(figure: Figure, *, folder: Path) -> str:
    """The figure as SVG that may stand in a page under a strict policy: attributes only, named and described."""
    return svgs((figure,), folder=folder)[0]


def svgs(figures: tuple[Figure, ...], *, folder: Path) -> tuple[str, ...]:
    """Several figures at once, for the price of one start of the drawing library."""
    drawn = _pictures([specification(figure) for figure in figures], "svg", folder)
    return tuple(_told(picture.decode(), figure) for picture, figure in zip(drawn, figures, strict=True))


def pngs(figures: tuple[Figure, ...], *, folder: Path) -> tuple[bytes, ...]:
    """The same figures as PNG, for DOCX."""
    return tuple(_pictures([specification(figure) for figure in figures], "png", folder))


def _told(drawn: str, figure: Figure) -> str:
    """The drawing says by role, title and description what it shows, under ids of its own."""
    digest = hashlib.sha256(f"{drawn}{figure.title}".encode()).hexdigest()[:10]
    head, mark, rest = _ROLES.sub(r"\1", drawn).partition(">")
    return (
        f'{head} role="img" aria-labelledby="t{digest} d{digest}"{mark}'
        f'<title id="t{digest}">{escape(clean(figure.title))}</title>'
        f'<desc id="d{digest}">{escape(description(figure))}</desc>{rest}'
    )


def _pictures(specifications: list[dict[str, Any]], kind: Kind, folder: Path) -> list[bytes]:
    store = folder / "charts"
    paths = [store / f"{_digest(item)}.{kind}" for item in specifications]
    missing = [(path, item) for path, item in zip(paths, specifications, strict=True) if not path.exists()]
    if missing:
        store.mkdir(mode=0o700, parents=True, exist_ok=True)
        job = json.dumps({"kind": kind, "items": [item for _, item in missing]}).encode()
        made = json.loads(apart.run("jiannuo.documents.charts", job, what="画图", seconds=SECONDS))
        for (path, _), picture in zip(missing, made, strict=True):
            _keep(path, base64.b64decode(picture))
        _forget_the_oldest(store, paths)
    return [path.read_bytes() for path in paths]


def _digest(item: dict[str, Any]) -> str:
    said = json.dumps([VERSION, POINTS_PER_INCH, item], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(said.encode()).hexdigest()


def _keep(path: Path, content: bytes) -> None:
    """Whole or not at all: another process may be drawing the same."""
    descriptor, part = tempfile.mkstemp(dir=path.parent, suffix=".part")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    Path(part).replace(path)


def _forget_the_oldest(store: Path, wanted: list[Path]) -> None:
    """The folder does not grow without end; what was drawn longest ago goes first, never what is asked for now."""
    kept = sorted((path for path in store.iterdir() if path not in wanted), key=lambda path: path.stat().st_mtime)
    for path in kept[: max(len(kept) - KEPT, 0)]:
        path.unlink(missing_ok=True)


def draw() -> None:
    """The pictures asked for on standard input, on standard output."""
    import vl_convert

    job = json.load(sys.stdin)
    made = []
    for item in job["items"]:
        drawn = vl_convert.vegalite_to_svg(item, vl_version=VERSION, allowed_base_urls=[])
        picture = vl_convert.svg_to_png(drawn, ppi=POINTS_PER_INCH) if job["kind"] == "png" else drawn.encode()
        made.append(base64.b64encode(picture).decode())
    json.dump(made, sys.stdout)


if __name__ == "__main__":
    draw()
