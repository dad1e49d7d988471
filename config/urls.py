"""Every address of Tollgate. Each app names its own; there is no admin site (see docs/adr)."""

from django.urls import include, path

from common.views import favicon, healthz, robots

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("favicon.ico", favicon, name="favicon"),
    path("robots.txt", robots, name="robots"),
    path("", include("workspace.urls")),
    path("account/", include("allauth.account.urls")),
    path("", include("accounts.urls")),
    path("", include("engagements.urls")),
    path("", include("milestones.urls")),
    path("", include("kpis.urls")),
    path("", include("reports.urls")),
    path("api/v1/", include("config.api_urls")),
]

handler400 = "common.views.bad_request"
handler403 = "common.views.forbidden"
handler404 = "common.views.not_found"
handler500 = "common.views.server_error"
