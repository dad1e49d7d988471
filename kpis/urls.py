from django.urls import path

from kpis.views import calls, findings, numbers

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
    path("e/<uuid:engagement_id>/kpis/", numbers.numbers, name="numbers"),
    path("e/<uuid:engagement_id>/kpis/rows/", numbers.rows, name="rows"),
    path("e/<uuid:engagement_id>/kpis/baseline/", numbers.freeze, name="freeze_baseline"),
    path("e/<uuid:engagement_id>/kpis/review/<int:day>/", numbers.review, name="review_targets"),
    path("e/<uuid:engagement_id>/kpis/findings/", findings.findings, name="findings"),
    path(
        "e/<uuid:engagement_id>/kpis/findings/<uuid:finding_id>/answer/",
        findings.answer,
        name="answer_finding",
    ),
    path("e/<uuid:engagement_id>/kpis/findings/<uuid:finding_id>/fixes/", findings.add_fix, name="add_fix"),
    path("e/<uuid:engagement_id>/kpis/fixes/<uuid:fix_id>/done/", findings.fix_done, name="fix_done"),
]
