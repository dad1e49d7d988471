"""Settings › Playbooks: below the address of the milestones, in their namespace."""

from django.urls import path

from milestones.views import playbooks

_ENTRY = "<uuid:playbook_id>/draft/<slug:part>/<int:number>/"
urlpatterns = [
    path("", playbooks.playbooks_page, name="playbooks"),
    path("copy/", playbooks.playbook_copy, name="playbook_copy"),
    path("shipped/<slug:code>/", playbooks.playbook_shipped, name="playbook_shipped"),
    path("<uuid:playbook_id>/", playbooks.playbook, name="playbook"),
    path(
        "<uuid:playbook_id>/changes/<int:number>/",
        playbooks.playbook_changes,
        name="playbook_changes",
    ),
    path("<uuid:playbook_id>/draft/", playbooks.playbook_draft, name="playbook_draft"),
    path("<uuid:playbook_id>/publish/", playbooks.playbook_publish, name="playbook_publish"),
    path("<uuid:playbook_id>/retire/", playbooks.playbook_retire, name="playbook_retire"),
    path("<uuid:playbook_id>/discard/", playbooks.playbook_discard, name="playbook_discard"),
    path("<uuid:playbook_id>/draft/about/", playbooks.playbook_about, name="playbook_about"),
    path(
        "<uuid:playbook_id>/draft/about/save/",
        playbooks.playbook_about_save,
        name="playbook_about_save",
    ),
    path("<uuid:playbook_id>/draft/text/", playbooks.playbook_text, name="playbook_text"),
    path(
        "<uuid:playbook_id>/draft/text/save/",
        playbooks.playbook_text_save,
        name="playbook_text_save",
    ),
    path(_ENTRY, playbooks.playbook_entry, name="playbook_entry"),
    path(f"{_ENTRY}save/", playbooks.playbook_entry_save, name="playbook_entry_save"),
    path(f"{_ENTRY}remove/", playbooks.playbook_entry_remove, name="playbook_entry_remove"),
]
