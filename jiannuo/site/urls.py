"""Where each face hangs."""

from django.urls import include, path

from jiannuo.desk import sign_in
from jiannuo.site.design_page import design_page

urlpatterns = [
    path("desk/login/", sign_in.login, name="login"),
    path("desk/logout/", sign_in.logout, name="logout"),
    path("desk/password/", sign_in.password, name="password"),
    path("desk/", include("jiannuo.desk.urls")),
    path("api/v1/", include("jiannuo.api.urls")),
    path("design/", design_page, name="design"),
    path("", include("jiannuo.portal.urls")),
]
handler404 = "jiannuo.site.errors.not_found"
handler500 = "jiannuo.site.errors.broken"
