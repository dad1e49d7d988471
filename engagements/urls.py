from django.urls import path

from . import brief_views, comment_views, views

app_name = "engagements"
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
]
