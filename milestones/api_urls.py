from django.urls import path

from milestones import api

urlpatterns = [
    path("engagements/<uuid:engagement_id>/gates/", api.gates, name="gates"),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/", api.gate, name="gate"),
    path(
        "engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/sign-off/", api.sign_off, name="gate_sign_off"
    ),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/hold/", api.hold, name="gate_hold"),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/release/", api.release, name="gate_release"),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/decline/", api.decline, name="gate_decline"),
    path(
        "engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/take-back/",
        api.take_back,
        name="gate_take_back",
    ),
    path(
        "engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/send-back/",
        api.send_back,
        name="gate_send_back",
    ),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/ask/", api.ask, name="gate_ask"),
]
