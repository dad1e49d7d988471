from django.urls import include, path

from milestones.views import dates, evidence, gate_verbs, gates, lines, plan, reviews, setup

app_name = "milestones"
urlpatterns = [
    path("settings/playbooks/", include("milestones.playbook_urls")),
    path("e/<uuid:engagement_id>/plan/", plan.plan, name="plan"),
    path("e/<uuid:engagement_id>/plan/create/", plan.plan_create, name="plan_create"),
    path("e/<uuid:engagement_id>/plan/owners/", plan.plan_owners, name="plan_owners"),
    path("e/<uuid:engagement_id>/plan/lock/", plan.plan_lock, name="plan_lock"),
    path("e/<uuid:engagement_id>/plan/working-days/", plan.work_change, name="work_change"),
    path("e/<uuid:engagement_id>/plan/launch/", plan.launch_move, name="launch_move"),
    path("e/<uuid:engagement_id>/plan/dates/<slug:item>/", dates.dates, name="dates"),
    path("e/<uuid:engagement_id>/plan/dates/<slug:item>/propose/", dates.date_propose, name="date_propose"),
    path(
        "e/<uuid:engagement_id>/plan/proposals/<uuid:proposal_id>/accept/",
        dates.date_accept,
        name="date_accept",
    ),
    path(
        "e/<uuid:engagement_id>/plan/proposals/<uuid:proposal_id>/decline/",
        dates.date_decline,
        name="date_decline",
    ),
    path(
        "e/<uuid:engagement_id>/plan/proposals/<uuid:proposal_id>/withdraw/",
        dates.date_withdraw,
        name="date_withdraw",
    ),
    path("e/<uuid:engagement_id>/plan/<uuid:milestone_id>/", plan.milestone, name="milestone"),
    path(
        "e/<uuid:engagement_id>/plan/<uuid:milestone_id>/reopen/",
        plan.milestone_reopen,
        name="milestone_reopen",
    ),
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
    path("e/<uuid:engagement_id>/setup/lines/", lines.lines, name="lines"),
    path("e/<uuid:engagement_id>/setup/lines/add/", lines.line_add, name="line_add"),
    path("e/<uuid:engagement_id>/setup/lines/<uuid:line_id>/", lines.line, name="line"),
    path("e/<uuid:engagement_id>/setup/lines/<uuid:line_id>/test/", lines.line_test, name="line_test"),
    path("e/<uuid:engagement_id>/setup/lines/<uuid:line_id>/retire/", lines.line_retire, name="line_retire"),
    path("e/<uuid:engagement_id>/setup/leads/", lines.leads, name="leads"),
    path("e/<uuid:engagement_id>/setup/leads/log/", lines.lead_log, name="lead_log"),
    path("e/<uuid:engagement_id>/setup/<uuid:check_id>/", setup.check, name="check"),
    path("e/<uuid:engagement_id>/setup/<uuid:check_id>/record/", setup.check_record, name="check_record"),
    path("e/<uuid:engagement_id>/gates/", gates.gates, name="gates"),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/", gates.gate, name="gate"),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/sign/", gates.gate_sign, name="gate_sign"),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/certificate/",
        gates.gate_certificate,
        name="gate_certificate",
    ),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/hold/", gate_verbs.gate_hold, name="gate_hold"),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/release/", gate_verbs.gate_release, name="gate_release"
    ),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/decline/", gate_verbs.gate_decline, name="gate_decline"
    ),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/take-back/",
        gate_verbs.gate_take_back,
        name="gate_take_back",
    ),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/send-back/",
        gate_verbs.gate_send_back,
        name="gate_send_back",
    ),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/ask/", gate_verbs.gate_ask, name="gate_ask"),
    path("e/<uuid:engagement_id>/gates/<uuid:gate_id>/found/", gate_verbs.gate_found, name="gate_found"),
    path(
        "e/<uuid:engagement_id>/gates/<uuid:gate_id>/found/<uuid:event_id>/settle/",
        gate_verbs.gate_settle,
        name="gate_settle",
    ),
    path("e/<uuid:engagement_id>/evidence/<uuid:evidence_id>/", evidence.evidence_file, name="evidence_file"),
    path("e/<uuid:engagement_id>/reviews/", reviews.reviews, name="reviews"),
    path("e/<uuid:engagement_id>/reviews/<uuid:review_id>/", reviews.review, name="review"),
    path(
        "e/<uuid:engagement_id>/reviews/<uuid:review_id>/calendar/",
        reviews.review_calendar,
        name="review_calendar",
    ),
    *(
        path(f"e/<uuid:engagement_id>/reviews/<uuid:review_id>/{verb}/", view, name=f"review_{verb}")
        for verb, view in (
            ("schedule", reviews.review_schedule),
            ("cancel", reviews.review_cancel),
            ("point", reviews.review_point),
            ("minutes", reviews.review_minutes),
            ("decision", reviews.review_decision),
            ("action", reviews.review_action),
            ("strike", reviews.review_strike),
            ("close", reviews.review_close),
            ("addendum", reviews.review_addendum),
        )
    ),
    path("e/<uuid:engagement_id>/actions/<uuid:action_id>/done/", reviews.action_done, name="action_done"),
    path("e/<uuid:engagement_id>/actions/<uuid:action_id>/drop/", reviews.action_drop, name="action_drop"),
]
