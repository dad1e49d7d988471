from django.urls import path

from milestones.views import evidence, gates, plan, setup

app_name = "milestones"
urlpatterns = [
    path("e/<uuid:engagement_id>/plan/", plan.plan, name="plan"),
    path("e/<uuid:engagement_id>/plan/create/", plan.plan_create, name="plan_create"),
    path("e/<uuid:engagement_id>/plan/owners/", plan.plan_owners, name="plan_owners"),
    path("e/<uuid:engagement_id>/plan/lock/", plan.plan_lock, name="plan_lock"),
    path("e/<uuid:engagement_id>/plan/launch/", plan.launch_move, name="launch_move"),
    path("e/<uuid:engagement_id>/plan/<uuid:milestone_id>/", plan.milestone, name="milestone"),
    path(
        "e/<uuid:engagement_id>/plan/<uuid:milestone_id>/complete/",
        plan.milestone_complete,
        name="milestone_complete",
    ),
    path(
        "e/<uuid:engagement_id>/plan/<uuid:milestone_id>/change/",
        plan.milestone_change,
        name="milestone_change",
    ),
    path("e/<uuid:engagement_id>/setup/", setup.setup, name="setup"),
    path("e/<uuid:engagement_id>/setup/<uuid:check_id>/", setup.check, name="check"),
    path("e/<uuid:engagement_id>/setup/<uuid:check_id>/record/", setup.check_record, name="check_record"),
    path("e/<uuid:engagement_id>/gates/", gates.gates, name="gates"),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/", gates.gate, name="gate"),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/sign/", gates.gate_sign, name="gate_sign"),
    path("e/<uuid:engagement_id>/evidence/<uuid:evidence_id>/", evidence.evidence_file, name="evidence_file"),
]
