"""The body of a table, written in Python because a page of a hundred rows is made on every visit."""

import html
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import template
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe

from jiannuo.site.templatetags.design import badge
from jiannuo.site.templatetags.shown import count, moment

register = template.Library()

_CLASSES = ("number", "code", "nowrap", "short", "minor")


@register.simple_tag
def table_rows(rows: Iterable[Any], columns: Iterable[Any]) -> SafeString:
    """Every row with its cells, each labelled with its column's heading for narrow screens; all text escaped."""
    heads = [_head(column, first=at == 0) for at, column in enumerate(columns)]
    written = []
    for row in rows:
        state = _of(row, "state")
        cells = "".join(_cell(head, cell) for head, cell in zip(heads, _of(row, "cells"), strict=False))
        mark = f' class="row--{escape(state)}"' if state else ""
        written.append(f'<tr role="row"{mark}>{cells}</tr>')
    return mark_safe("\n".join(written))


def _of(thing: Any, name: str) -> Any:
    return thing.get(name) if isinstance(thing, Mapping) else getattr(thing, name, None)


def _head(column: Any, *, first: bool) -> tuple[str, str, bool]:
    classes = ["cell-title"] if first else []
    classes += [name for name in _CLASSES if _of(column, name)]
    return str(escape(_of(column, "label"))), " ".join(classes), bool(_of(column, "number"))


def _cell(head: tuple[str, str, bool], cell: Any) -> str:
    label, classes, number = head
    standing = None if isinstance(cell, str | int) else _of(cell, "standing")
    if standing and "short" not in classes:
        classes = f"{classes} short".lstrip()
    return f'<td role="cell" data-label="{label}" class="{classes}"><div>{_inside(cell, number=number)}</div></td>'


def _inside(cell: Any, *, number: bool) -> str:
    if isinstance(cell, str):
        return _text(cell)
    if not (isinstance(cell, Mapping) or hasattr(cell, "text") or hasattr(cell, "standing")):
        return _plain(cell, number=number)
    if standing := _of(cell, "standing"):
        inside = str(badge(standing, _of(cell, "standing_label") or ""))
    elif masked := _of(cell, "masked"):
        inside = f'<span class="masked">{escape(masked)}<span class="sr">（依法隐去部分内容）</span></span>'
    else:
        inside = _plain(_of(cell, "text"), number=number)
    if url := _of(cell, "url"):
        inside = f'<a href="{_text(url)}">{inside}</a>'
    if sub := _of(cell, "sub"):
        inside += f'<span class="sub">{_text(sub)}</span>'
    return inside


def _plain(value: Any, *, number: bool) -> str:
    if isinstance(value, date):
        return moment(value)
    return _text(count(value) if number else "" if value is None else value)


def _text(value: Any) -> str:
    # Most cells are plain text, of which Django need not be asked whether it is safe or written later.
    return html.escape(value) if type(value) is str else str(conditional_escape(value))
