"""The operator's own playbook in the demo: copied from the calling one, with what this house does otherwise."""

from typing import Any

from accounts.seat import Seat
from milestones import playbook
from milestones.models import PlaybookVersion
from milestones.services import playbooks

TITLE = "Energy advice calls"
LINE = (
    "Calling for energy clients: the calling playbook with the notice to the regulator and a call-back desk."
)

NOTICE: dict[str, Any] = {
    "title": "Notice to the energy regulator sent",
    "todo": "Send the notice to the energy regulator",
    "start": 2,
    "day": 4,
    "role": "client_lead",
    "side": "client",
    "evidence": "The notice with the day on which the regulator received it",
    "after": ["brief-signed"],
}
CALL_BACK: dict[str, Any] = {
    "title": "Call-back requests reach the same adviser",
    "area": "live_test",
    "day": 9,
    "role": "supervisor",
    "side": "operator",
    "hard": True,
    "evidence": "Three test leads that asked for a call back, with the adviser of both calls",
}
SHORTER: dict[str, Any] = {
    "title": "Weekly trend summary begun",
    "todo": "Begin the weekly trend summary",
    "start": None,
    "day": 66,
    "role": "campaign_manager",
    "side": "operator",
    "evidence": "First summary that compares week with week, regions side by side",
}


def published_playbook(by: Seat) -> PlaybookVersion:
    """Copy the calling playbook, add what energy clients need, and publish it."""
    draft = playbooks.copy_playbook(by=by, source=playbook.load(playbook.USUAL), title=TITLE)
    draft = playbooks.save_about(draft=draft, by=by, title=TITLE, line=LINE, seen=draft.revision)
    for part, entry in (("milestones", NOTICE), ("checks", CALL_BACK)):
        draft = playbooks.save_entry(
            draft=draft, by=by, part=part, number=None, entry=entry, seen=draft.revision
        )
    news = "Notice to the regulator by day 4; call-backs tested before the launch."
    return playbooks.publish(draft=draft, by=by, news=news, seen=draft.revision)


def next_draft(version: PlaybookVersion, by: Seat) -> PlaybookVersion:
    """Begin the next version, which nobody starts with yet."""
    draft = playbooks.start_draft(by=by, version=version)
    codes = [entry["code"] for entry in draft.content["milestones"]]
    return playbooks.save_entry(
        draft=draft, by=by, part="milestones", number=codes.index("weekly-trend") + 1, entry=SHORTER,
        seen=draft.revision,
    )  # fmt: skip
