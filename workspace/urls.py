from django.urls import path

from .views import new_engagement, pages

app_name = "workspace"
urlpatterns = [
    path("", pages.my_work, name="my_work"),
    path("portfolio/", pages.portfolio, name="portfolio"),
    path("operators/", pages.operators, name="operators"),
    path("e/<uuid:engagement_id>/", pages.overview, name="overview"),
    path("engagements/new/", new_engagement.new_engagement, name="new_engagement"),
    path("engagements/open/", new_engagement.open_new_engagement, name="open_engagement"),
]
