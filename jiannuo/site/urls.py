"""Where each face hangs."""

from django.urls import include, path

urlpatterns = [
    path("desk/", include("jiannuo.desk.urls")),
    path("api/v1/", include("jiannuo.api.urls")),
    path("", include("jiannuo.portal.urls")),
]
handler404 = "jiannuo.site.errors.not_found"
handler500 = "jiannuo.site.errors.broken"
