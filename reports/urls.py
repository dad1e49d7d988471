"""Addresses of the deliverables."""

from django.urls import path

from . import views

app_name = "reports"
_HERE = "e/<uuid:engagement_id>/deliverables/"
urlpatterns = [
    path(_HERE, views.deliverables, name="deliverables"),
    path(f"{_HERE}build/", views.build, name="build"),
    path(f"{_HERE}check/", views.check, name="check"),
    path(f"{_HERE}paper/", views.set_paper, name="set_paper"),
    path(f"{_HERE}evenings/", views.evenings, name="evenings"),
    path(f"{_HERE}evenings/subscribe/", views.subscribe, name="subscribe"),
    path(f"{_HERE}evenings/hour/", views.set_hour, name="set_hour"),
    path("reports/unsubscribe/<str:link>/", views.unsubscribe, name="unsubscribe"),
    path(f"{_HERE}<uuid:deliverable_id>/", views.deliverable, name="deliverable"),
    path(f"{_HERE}<uuid:deliverable_id>/progress/", views.progress, name="progress"),
    path(f"{_HERE}<uuid:deliverable_id>/again/", views.again, name="again"),
    path(f"{_HERE}<uuid:deliverable_id>/file/", views.download, name="download"),
    path(f"{_HERE}<uuid:deliverable_id>/view/", views.inline, name="inline"),
]
