"""The trail reads as sentences, and a role keeps its capitals within one."""

import pytest

from accounts.models import TrailEntry
from accounts.roles import OrganisationRole, ParticipantRole, in_a_sentence
from accounts.selectors import in_words


@pytest.mark.parametrize(
    ("action", "subject", "after", "words"),
    [
        ("participant.added", "Nia Obi", None, "added Nia Obi to the team"),
        ("plan.locked", "for the operator", None, "locked the timeline for the operator"),
        ("plan.frozen", "contracted dates", None, "froze the contracted dates"),
        (
            "brief.superseded", "Campaign brief, version 1", None,
            "replaced Campaign brief, version 1, by a newer version",
        ),
        (
            "gate.document_presented", "Baseline", {"version": 1},
            "presented the report Baseline, version 1, at its gate",
        ),
        ("milestone.completed", "A {curious} title", None, "completed the milestone A {curious} title"),
        ("participant.added", "A {curious} name", None, "added A {curious} name to the team"),
        ("something.new", "here", None, "something new here"),
    ],
)  # fmt: skip
def test_a_line_reads_as_a_sentence(
    action: str, subject: str, after: dict[str, object] | None, words: str
) -> None:
    assert in_words([TrailEntry(action=action, subject=subject, after=after)])[0].words == words


def test_a_role_within_a_sentence_keeps_its_capitals() -> None:
    assert in_a_sentence(ParticipantRole.QA_LEAD.label) == "QA lead"
    assert in_a_sentence(ParticipantRole.CAMPAIGN_MANAGER.label) == "campaign manager"
    assert in_a_sentence(OrganisationRole.ADMIN.label) == "administrator"
