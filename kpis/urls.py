from django.urls import path

from kpis.views import breaches, calls, findings, forward, numbers, optimisation

app_name = "kpis"
KPIS = "e/<uuid:engagement_id>/kpis"
FINDING = f"{KPIS}/findings/<uuid:finding_id>"
urlpatterns = [
    path(f"{KPIS}/breaches/", breaches.breaches, name="breaches"),
    path(f"{KPIS}/breaches/answer/", breaches.answer, name="breaches_answer"),
    path(f"{KPIS}/breaches/settle/", breaches.settle, name="breaches_settle"),
    path(f"{KPIS}/breaches/<uuid:breach_id>/", breaches.breach, name="breach"),
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
    path("e/<uuid:engagement_id>/kpis/findings/open/", findings.open_by_hand, name="open_finding"),
    path(f"{FINDING}/", findings.finding, name="finding"),
    path(f"{FINDING}/answer/", findings.answer, name="answer_finding"),
    path(f"{FINDING}/causes/<uuid:cause_id>/", findings.restate, name="restate_cause"),
    path(f"{FINDING}/causes/<uuid:cause_id>/fixes/", findings.add_fix, name="add_fix"),
    path(f"{FINDING}/fixes/<uuid:fix_id>/done/", findings.fix_done, name="fix_done"),
    path(f"{FINDING}/evidence/", findings.evidence, name="finding_evidence"),
    path(f"{FINDING}/evidence/<uuid:proof_id>/", findings.evidence_file, name="finding_file"),
    path(f"{FINDING}/effect/", findings.check_effect, name="check_effect"),
    path(f"{FINDING}/reopen/", findings.reopen, name="reopen_finding"),
    path(f"{FINDING}/confirm/", findings.confirm, name="confirm_finding"),
    path(f"{KPIS}/optimisation/", optimisation.optimisation, name="optimisation"),
    path(f"{KPIS}/optimisation/propose/", optimisation.propose, name="propose_plan"),
    path(f"{KPIS}/optimisation/<uuid:plan_id>/agree/", optimisation.agree, name="agree_plan"),
    path(f"{KPIS}/optimisation/<uuid:plan_id>/verdict/", optimisation.verdict, name="plan_verdict"),
    path(f"{KPIS}/optimisation/scaling/", optimisation.scale, name="propose_scaling"),
    path(
        f"{KPIS}/optimisation/scaling/<uuid:scaling_id>/answer/",
        optimisation.scaling_answer,
        name="answer_scaling",
    ),
    path(f"{KPIS}/next/", forward.forward, name="forward"),
    path(f"{KPIS}/next/save/", forward.save, name="save_forward"),
    path(f"{KPIS}/next/agree/", forward.agree, name="agree_forward"),
    path(f"{KPIS}/closers/", forward.closers, name="closers"),
    path(f"{KPIS}/closers/tell/", forward.hear, name="hear_closers"),
]
