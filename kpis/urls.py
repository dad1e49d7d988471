from django.urls import path

from kpis.views import calls

app_name = "kpis"
urlpatterns = [
    path("e/<uuid:engagement_id>/calls/", calls.calls, name="calls"),
    path("e/<uuid:engagement_id>/calls/upload/", calls.upload, name="calls_upload"),
    path("e/<uuid:engagement_id>/calls/code/", calls.meaning, name="code"),
    path("e/<uuid:engagement_id>/calls/<uuid:import_id>/", calls.import_page, name="import"),
    path("e/<uuid:engagement_id>/calls/<uuid:import_id>/state/", calls.import_state, name="import_state"),
    path("e/<uuid:engagement_id>/calls/<uuid:import_id>/start/", calls.start, name="import_start"),
    path("e/<uuid:engagement_id>/calls/<uuid:import_id>/remove/", calls.remove, name="import_remove"),
    path("e/<uuid:engagement_id>/calls/<uuid:import_id>/rejected/", calls.rejected, name="import_rejected"),
]
