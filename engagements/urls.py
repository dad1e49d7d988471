from django.urls import path

from . import agent_views, brief_views, comment_views, script_views, views

app_name = "engagements"
_AGENTS = "e/<uuid:engagement_id>/setup/agents/"
_SCRIPT = "e/<uuid:engagement_id>/setup/script/"
urlpatterns = [
    path("e/<uuid:engagement_id>/brief/", brief_views.brief, name="brief"),
    path("e/<uuid:engagement_id>/brief/<int:version>/", brief_views.brief, name="brief_version"),
    path("e/<uuid:engagement_id>/brief/edit/", brief_views.brief_edit, name="brief_edit"),
    path("e/<uuid:engagement_id>/brief/save/", brief_views.brief_save, name="brief_save"),
    path("e/<uuid:engagement_id>/brief/<int:version>/sign/", brief_views.brief_sign, name="brief_sign"),
    path("e/<uuid:engagement_id>/brief/compare/", brief_views.brief_compare, name="brief_compare"),
    path(
        "e/<uuid:engagement_id>/brief/<int:version>/propose/", brief_views.brief_propose, name="brief_propose"
    ),
    path(
        "e/<uuid:engagement_id>/brief/<int:version>/discard/", brief_views.brief_discard, name="brief_discard"
    ),
    path("e/<uuid:engagement_id>/team/", views.team, name="team"),
    path("e/<uuid:engagement_id>/team/add/", views.team_add, name="team_add"),
    path("e/<uuid:engagement_id>/team/<uuid:participant_id>/end/", views.team_end, name="team_end"),
    path("e/<uuid:engagement_id>/team/<uuid:participant_id>/invite/", views.team_invite, name="team_invite"),
    path(
        "e/<uuid:engagement_id>/team/<uuid:participant_id>/substitute/",
        views.team_substitute,
        name="team_substitute",
    ),
    path("e/<uuid:engagement_id>/team/agents/", views.agents_mask, name="agents_mask"),
    path("e/<uuid:engagement_id>/comments/", comment_views.comments, name="comments"),
    path("e/<uuid:engagement_id>/comments/say/", comment_views.comment_say, name="comment_say"),
    path(
        "e/<uuid:engagement_id>/comments/<uuid:comment_id>/withdraw/",
        comment_views.comment_withdraw,
        name="comment_withdraw",
    ),
    path(
        "e/<uuid:engagement_id>/comments/<uuid:comment_id>/read/",
        comment_views.comment_read,
        name="comment_read",
    ),
    path("e/<uuid:engagement_id>/trail/", views.trail, name="trail"),
    path(_AGENTS, agent_views.agents, name="agents"),
    path(f"{_AGENTS}add/", agent_views.agent_add, name="agent_add"),
    path(f"{_AGENTS}list/", agent_views.agent_list, name="agent_list"),
    path(f"{_AGENTS}<uuid:agent_id>/", agent_views.agent, name="agent"),
    path(f"{_AGENTS}<uuid:agent_id>/rename/", agent_views.agent_rename, name="agent_rename"),
    path(f"{_AGENTS}<uuid:agent_id>/code/", agent_views.agent_code, name="agent_code"),
    path(f"{_AGENTS}<uuid:agent_id>/end/", agent_views.agent_end, name="agent_end"),
    path(f"{_AGENTS}<uuid:agent_id>/certify/<str:kind>/", agent_views.agent_certify, name="agent_certify"),
    path(_SCRIPT, script_views.script, name="script"),
    path(f"{_SCRIPT}edit/", script_views.script_edit, name="script_edit"),
    path(f"{_SCRIPT}save/", script_views.script_save, name="script_save"),
    path(f"{_SCRIPT}<uuid:script_id>/", script_views.script, name="script_version"),
    path(f"{_SCRIPT}<uuid:script_id>/send/", script_views.script_send, name="script_send"),
    path(f"{_SCRIPT}<uuid:script_id>/return/", script_views.script_return, name="script_return"),
    path(f"{_SCRIPT}<uuid:script_id>/approve/", script_views.script_approve, name="script_approve"),
    path(f"{_SCRIPT}<uuid:script_id>/use/", script_views.script_use, name="script_use"),
    path(f"{_SCRIPT}<uuid:script_id>/file/", script_views.script_file, name="script_file"),
]
