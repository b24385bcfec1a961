"""A page with one form that does one thing: what was typed stays, and the complaint stands at its field."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from jiannuo.desk.gate import DeskRequest
from jiannuo.kernel.refusals import Refused


def form_page(
    request: DeskRequest,
    *,
    words: Mapping[str, str],
    fields: Sequence[Mapping[str, Any]],
    refused: Refused | None,
    trail: Sequence[tuple[str, str]],
    about: str = "",
) -> HttpResponse:
    """The form with what was typed; `words` are its title, lead and button."""
    filled = [{**field, **_filled(request, field, refused)} for field in fields]
    context = {"words": words, "fields": filled, "about": about, "refusal": refused, "trail": trail}
    return render(request, "desk/act.html", context, status=422 if refused else 200)


def _filled(request: DeskRequest, field: Mapping[str, Any], refused: Refused | None) -> dict[str, str]:
    name = str(field["name"])
    # A password is never sent back; no form of the desk asks for one here.
    return {
        "value": request.POST.get(name, str(field.get("value", ""))),
        "error": refused.message if refused and refused.field == name else "",
    }
