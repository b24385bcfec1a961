"""Line icons drawn for this product, set into the page as SVG so that no file is fetched."""

from functools import cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

PATHS: dict[str, str] = {
    "search": "M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11M12.6 12.6 17 17",
    "check": "M3.5 10.5 8 15l8.5-9.5",
    "cross": "M5 5l10 10M15 5 5 15",
    "info": "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M10 9v5M10 6.2v.6",
    "warn": "M10 3 18 17H2ZM10 8.2v4M10 14.2v.6",
    "refuse": "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M7.3 7.3l5.4 5.4M12.7 7.3l-5.4 5.4",
    "clock": "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15M10 5.5V10l3 2",
    "calendar": "M3 5h14v12H3ZM3 8.8h14M6.8 3v3.4M13.2 3v3.4",
    "file": "M5 2.5h6.5L15.5 6.5v11H5ZM11.5 2.5v4h4",
    "download": "M10 3v9M6.2 8.6 10 12.4l3.8-3.8M3.5 16.5h13",
    "upload": "M10 13V3.6M6.2 7.2 10 3.4l3.8 3.8M3.5 16.5h13",
    "right": "M7.5 4.5 13 10l-5.5 5.5",
    "left": "M12.5 4.5 7 10l5.5 5.5",
    "up": "M10 16V5M5.5 9 10 4.5 14.5 9",
    "down": "M10 4v11M5.5 11l4.5 4.5L14.5 11",
    "updown": "M6.5 8 10 4.5 13.5 8M6.5 12l3.5 3.5 3.5-3.5",
    "user": "M10 10a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4M3.8 17c.6-3.2 3-4.8 6.2-4.8s5.6 1.6 6.2 4.8",
    "lock": "M4.5 9h11v8h-11ZM7 9V6.4a3 3 0 0 1 6 0V9",
    "history": "M3.2 10.2A6.9 6.9 0 1 0 5.4 5M5.6 2.4V5.4H8.6M10 6.5V10l2.6 1.6",
    "link": "M8.4 11.6a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.6 8.4a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1",
    "table": "M3 4h14v12H3ZM3 8h14M3 12h14M8 8v8",
    "building": "M4 17V7.5L10 4l6 3.5V17M2.5 17h15M7.5 10v4M10 10v4M12.5 10v4",
}

_SEAL = (
    '<svg class="seal" viewBox="0 0 40 40" width="40" height="40" aria-hidden="true" focusable="false">'
    '<rect x="1.5" y="1.5" width="37" height="37" rx="4" fill="currentColor"/>'
    '<rect x="4" y="4" width="32" height="32" rx="2.2" fill="none" stroke="#fff" stroke-width="1"/>'
    '<path fill="none" stroke="#fff" stroke-width="2.1" stroke-linecap="round" stroke-linejoin="round" '
    'd="M14.4 8.6 9 17.4M12.2 13.4V31.4M23.2 8.2l1.8 2.6M16.6 13.6H32M18.8 18.2H29.8M18.8 22.4H29.8'
    'M18.9 26.6H29.7V31.4H18.9Z"/></svg>'
)


@register.simple_tag
@cache
def icon(name: str, label: str = "") -> SafeString:
    """An icon is silent beside its text and speaks its `label` where it stands alone."""
    speech = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    return format_html(
        '<svg class="icon" viewBox="0 0 20 20" width="20" height="20" focusable="false" {}>'
        '<path d="{}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>',
        speech,
        PATHS[name],
    )


@register.simple_tag
def seal() -> SafeString:
    """The mark of the product is a seal bearing 信, decorative beside the name it stands next to."""
    return mark_safe(_SEAL)
