from django.urls import path

from . import brand_views, views

app_name = "accounts"
urlpatterns = [
    path("switch/", views.switch, name="switch"),
    path("settings/", views.settings, name="settings"),
    path("settings/profile/", views.profile_save, name="profile_save"),
    path("settings/reminders/", views.reminders_switch, name="reminders_switch"),
    path("settings/shortcuts/", views.shortcuts_switch, name="shortcuts_switch"),
    path("settings/tour/", views.tour_switch, name="tour_switch"),
    path("settings/members/", views.members, name="members"),
    path("settings/members/invite/", views.invite, name="invite"),
    path("settings/members/<uuid:user_id>/role/", views.member_role, name="member_role"),
    path("settings/members/<uuid:user_id>/end/", views.member_end, name="member_end"),
    path(
        "settings/invitations/<uuid:invitation_id>/revoke/", views.invitation_revoke, name="invitation_revoke"
    ),
    path("settings/tokens/", views.tokens, name="tokens"),
    path("settings/tokens/create/", views.token_create, name="token_create"),
    path("settings/tokens/<uuid:token_id>/revoke/", views.token_revoke, name="token_revoke"),
    path("settings/brand/", brand_views.brand, name="brand"),
    path("settings/brand/save/", brand_views.brand_save, name="brand_save"),
    path("brand/<str:sheet>.css", brand_views.brand_sheet, name="brand_sheet"),
    path("logos/<str:logo>.png", brand_views.logo, name="logo"),
    path("settings/trail/", views.trail, name="trail"),
    path("invitation/<str:token>/", views.invitation, name="invitation"),
    path("invitation/<str:token>/accept/", views.invitation_accept, name="invitation_accept"),
    path("invitation/<str:token>/account/", views.invitation_open_account, name="invitation_open_account"),
]
