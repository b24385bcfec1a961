"""Charts in a page: drawn apart and kept, set in as SVG that the security policy allows, never without their numbers."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from jiannuo.documents import charts
from jiannuo.documents.figures import Figure, numbers
from jiannuo.kernel.refusals import Refused

register = template.Library()

FEW = 12  # rows of numbers that stand open beside the picture; more are opened by whoever wants them


@register.simple_tag
def drawn(figure: Figure) -> SafeString:
    """The picture of a figure, or in words why there is none; the page stands either way."""
    try:
        # Made by our own specification; the drawing library and `charts` escape every text in it.
        return mark_safe(charts.svg(figure, folder=settings.HOME))
    except Refused as refusal:
        return format_html('<p class="chart__missing">{}。{}。</p>', refusal.message, refusal.fix)


@register.simple_tag
def figures_of(figure: Figure) -> dict[str, Any]:
    """The numbers of a figure as headings and rows."""
    heads, rows = numbers(figure)
    return {"heads": heads, "rows": rows, "few": len(rows) <= FEW}
