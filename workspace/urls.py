from django.urls import path

from .views import arrival, new_engagement, pages, portfolio, sample, search

app_name = "workspace"
urlpatterns = [
    path("", pages.my_work, name="my_work"),
    path("arrival/", arrival.arrival, name="arrival"),
    path("portfolio/", portfolio.portfolio, name="portfolio"),
    path("portfolio/views/save/", portfolio.view_save, name="view_save"),
    path("portfolio/views/<uuid:view_id>/rename/", portfolio.view_rename, name="view_rename"),
    path("portfolio/views/<uuid:view_id>/land/", portfolio.view_land, name="view_land"),
    path("portfolio/views/<uuid:view_id>/remove/", portfolio.view_remove, name="view_remove"),
    path("keyboard/", pages.keyboard, name="keyboard"),
    path("search/", search.search, name="search"),
    path("operators/", pages.operators, name="operators"),
    path("e/<uuid:engagement_id>/", pages.overview, name="overview"),
    path("settings/sample/", sample.sample, name="sample"),
    path("settings/sample/add/", sample.sample_add, name="sample_add"),
    path("settings/sample/removal/", sample.sample_removal, name="sample_removal"),
    path("settings/sample/removal/confirm/", sample.sample_remove, name="sample_remove"),
    path("engagements/new/", new_engagement.new_engagement, name="new_engagement"),
    path("engagements/open/", new_engagement.open_new_engagement, name="open_engagement"),
]
