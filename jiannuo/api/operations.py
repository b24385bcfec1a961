"""The addresses of the operations, and an answer of this face's own shape for every other."""

from django.urls import path, re_path

from jiannuo.api.application import api
from jiannuo.api.problems import not_found

urlpatterns = [path("", api.urls), re_path(r"", not_found)]
