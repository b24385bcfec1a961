"""Where each face hangs."""

from django.urls import include, path

from jiannuo.desk import feeding, sign_in
from jiannuo.site.design_page import design_page
from jiannuo.site.health import healthz

urlpatterns = [
    path("desk/login/", sign_in.login, name="login"),
    path("desk/logout/", sign_in.logout, name="logout"),
    path("desk/password/", sign_in.password, name="password"),
    path("desk/", include("jiannuo.desk.urls")),
    path("api/v1/", include("jiannuo.api.urls")),
    path("calendar/<str:token>.ics", feeding.calendar_file, name="calendar"),
    path("healthz", healthz, name="healthz"),
    path("design/", design_page, name="design"),
    path("", include("jiannuo.portal.urls")),
]
handler404 = "jiannuo.site.errors.not_found"
handler500 = "jiannuo.site.errors.broken"
