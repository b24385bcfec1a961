"""Public pages kept until the ledger moves."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


def public_pages(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    return get_response
