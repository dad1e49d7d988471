from django.urls import path

from milestones import api

urlpatterns = [
    path("engagements/<uuid:engagement_id>/gates/", api.gates, name="gates"),
    path("engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/", api.gate, name="gate"),
    path(
        "engagements/<uuid:engagement_id>/gates/<uuid:gate_id>/sign-off/", api.sign_off, name="gate_sign_off"
    ),
]
