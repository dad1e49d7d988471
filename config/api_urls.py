"""The API's addresses, one include per app."""

from django.urls import URLPattern, URLResolver, include, path

app_name = "api"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("milestones.api_urls")),
]
