"""Settings › Playbooks: what an organisation starts its engagements with, edited as a draft and then published."""

from milestones.views.playbooks.drafts import (
    playbook_about,
    playbook_about_save,
    playbook_entry,
    playbook_entry_remove,
    playbook_entry_save,
    playbook_text,
    playbook_text_save,
)
from milestones.views.playbooks.reading import playbook, playbook_changes, playbook_shipped, playbooks_page
from milestones.views.playbooks.versions import (
    playbook_copy,
    playbook_discard,
    playbook_draft,
    playbook_publish,
    playbook_retire,
)

__all__ = [
    "playbook",
    "playbook_about",
    "playbook_about_save",
    "playbook_changes",
    "playbook_copy",
    "playbook_discard",
    "playbook_draft",
    "playbook_entry",
    "playbook_entry_remove",
    "playbook_entry_save",
    "playbook_publish",
    "playbook_retire",
    "playbook_shipped",
    "playbook_text",
    "playbook_text_save",
    "playbooks_page",
]
