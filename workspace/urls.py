from django.urls import path

from .views import new_engagement

app_name = "workspace"
urlpatterns = [
    path("engagements/new/", new_engagement.new_engagement, name="new_engagement"),
    path("engagements/open/", new_engagement.open_new_engagement, name="open_engagement"),
]
