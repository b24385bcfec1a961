"""A procedure drawn as a picture: its states one below the other, its steps as arrows. SVG without scripts or outside fonts."""

from collections.abc import Sequence
from html import escape

from msgspec import Struct

WIDE, TALL, GAP = 220, 40, 64
"""Of a state's box, and between two boxes."""
LANE = 26
"""Between two arrows that pass by boxes."""
MARKER = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto-start-reverse">'
    '<path d="M0 0 8 4 0 8z"/></marker></defs>'
)
"""The head of an arrow."""
PER_LINE = 13
"""Characters of a box's title on one line."""


class Node(Struct, frozen=True):
    """A state: where a case can stand."""

    id: str
    title: str
    final: bool = False
    here: bool = False
    """Whether the case stands there now."""


class Arrow(Struct, frozen=True):
    """A step: from a state to a state."""

    start: str
    to: str
    label: str
    """The number under which the step is listed beside the picture."""


def diagram(nodes: Sequence[Node], arrows: Sequence[Arrow], *, title: str) -> str:
    """The picture. Arrows to the next state run straight down; others pass by, those that go on at the right, those that go back at
    the left; where several steps lead from one state to another, one arrow carries all their numbers. The steps themselves are
    listed beside the picture under these numbers, so that it is read aloud as a list.
    """
    rows = {node.id: number for number, node in enumerate(nodes)}
    merged: dict[tuple[str, str], list[str]] = {}
    for arrow in arrows:
        if arrow.start != arrow.to:
            merged.setdefault((arrow.start, arrow.to), []).append(arrow.label)
    passing = [pair for pair in merged if rows[pair[1]] - rows[pair[0]] != 1]
    left = sorted(
        (pair for pair in passing if rows[pair[1]] < rows[pair[0]]), key=lambda pair: rows[pair[0]] - rows[pair[1]]
    )
    right = sorted(
        (pair for pair in passing if rows[pair[1]] > rows[pair[0]]), key=lambda pair: rows[pair[1]] - rows[pair[0]]
    )
    x = LANE * (len(left) + 1)
    width, height = x + WIDE + LANE * (len(right) + 2), len(nodes) * (TALL + GAP) - GAP + 8
    parts = [
        f'<svg class="flow-diagram" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" aria-label="{escape(title)}">',
        MARKER,
    ]
    parts += [_box(node, x, _top(number)) for number, node in enumerate(nodes)]
    for pair, numbers in merged.items():
        if pair not in passing:
            parts.append(_down(x + WIDE / 2, _top(rows[pair[0]]) + TALL, _top(rows[pair[1]]), numbers))
    for lane, pair in enumerate(left, 1):
        parts.append(_past(x, x - LANE * lane, (rows[pair[0]], rows[pair[1]]), merged[pair]))
    for lane, pair in enumerate(right, 1):
        parts.append(_past(x + WIDE, x + WIDE + LANE * lane, (rows[pair[0]], rows[pair[1]]), merged[pair]))
    return "".join([*parts, "</svg>"])


def _top(row: int) -> int:
    return row * (TALL + GAP) + 4


def _box(node: Node, x: int, y: int) -> str:
    kind = " flow-diagram__state--final" if node.final else ""
    here = " flow-diagram__state--here" if node.here else ""
    lines = [node.title[at : at + PER_LINE] for at in range(0, len(node.title), PER_LINE)][:2]
    first = y + TALL / 2 + 5 - (len(lines) - 1) * 8
    texts = "".join(
        f'<text x="{x + WIDE / 2}" y="{first + number * 16}" text-anchor="middle">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )
    radius = TALL / 2 if node.final else 4
    return f'<g class="flow-diagram__state{kind}{here}"><rect x="{x}" y="{y}" width="{WIDE}" height="{TALL}" rx="{radius}"/>{texts}</g>'


def _down(x: float, top: float, bottom: float, numbers: Sequence[str]) -> str:
    middle = (top + bottom) / 2
    return f'<path class="flow-diagram__arrow" d="M{x} {top}V{bottom - 2}" marker-end="url(#tip)"/>{_tag(x, middle, numbers)}'


def _past(edge: int, lane: int, rows: tuple[int, int], numbers: Sequence[str]) -> str:
    # Leaving a little below the middle of a box and arriving a little above keeps two arrows of one box apart.
    begin, end = _top(rows[0]) + TALL * 0.7, _top(rows[1]) + TALL * 0.3
    path = f'<path class="flow-diagram__arrow" d="M{edge} {begin}H{lane}V{end}H{edge + (2 if lane > edge else -2)}" marker-end="url(#tip)"/>'
    return path + _tag(lane, (begin + end) / 2, numbers)


def _tag(x: float, y: float, numbers: Sequence[str]) -> str:
    text = escape("、".join(numbers))
    wide = 8 + 8 * len(text)
    return (
        f'<g class="flow-diagram__tag"><rect x="{x - wide / 2}" y="{y - 9}" width="{wide}" height="18" rx="9"/>'
        f'<text x="{x}" y="{y + 4}" text-anchor="middle">{text}</text></g>'
    )
