"""Addresses of this face."""

from typing import Any

from django.urls.resolvers import RoutePattern, URLResolver
from django.utils.datastructures import MultiValueDict
from django.utils.translation import get_language


class OnDemand(URLResolver):
    """Addresses whose module is loaded by the first request for one of them, not by every start of the site.

    Nothing links to them by name, so there are no names to gather.
    """

    _namespace_dict: dict[str, dict[str, Any]]
    _app_dict: dict[str, dict[str, Any]]

    def _populate(self) -> None:
        language = get_language()
        self._reverse_dict[language] = MultiValueDict()
        self._namespace_dict[language] = {}
        self._app_dict[language] = {}


app_name = "api"
urlpatterns = [OnDemand(RoutePattern(""), "jiannuo.api.operations")]
