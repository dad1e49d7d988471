"""What the pages about people, invitations, tokens and the trail read."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from common import clock
from common.hashing import token_hash
from common.wording import capital, joined

from .models import (
    ApiToken,
    Invitation,
    Line,
    Membership,
    Organisation,
    OwnTrailEntry,
    SavedView,
    TrailEntry,
    User,
)
from .roles import (
    BY_ORGANISATION_ROLE,
    BY_PARTICIPANT_ROLE,
    OrganisationRole,
    ParticipantRole,
    Permission,
    in_a_sentence,
)
from .seat import Seat


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """What the holder of an invitation's link may know before logging in; `state` is open, accepted, ...

    `inviting` is the organisation that invites; `campaign` and `roles` are empty where it leads to no engagement.
    """

    email: str
    name: str
    organisation: str
    invited_by: str
    state: str
    inviting: str
    campaign: str
    roles: list[str]

    @property
    def as_whom(self) -> str:
        """The roles in a sentence: "client lead and closer lead"."""
        return joined([in_a_sentence(ParticipantRole(role).label) for role in self.roles])


def find_invitation(token: str) -> OpenInvitation | None:
    """The invitation of this token, whoever asks; None for a token that nobody was given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.find_invitation(%s, %s)", [token_hash(token), clock.now()])
        row = cursor.fetchone()
    if row is None:
        return None
    email, name, organisation, invited_by, state, inviting, campaign, roles = row
    return OpenInvitation(email, name, organisation, invited_by, state, inviting, campaign, json.loads(roles))


def has_account(email: str) -> bool:
    """Whether somebody with this address can log in already."""
    return User.objects.filter(email__iexact=email).exists()


def members(organisation: Organisation) -> QuerySet[Membership]:
    """Who belongs to the organisation now, by name."""
    return (
        Membership.objects.filter(organisation=organisation, ended_at=None)
        .select_related("user")
        .order_by("user__name")
    )


def saved_views(seat: Seat, page: str) -> QuerySet[SavedView]:
    """The person's own views of a page in this organisation, by name."""
    return SavedView.objects.filter(user=seat.user, organisation=seat.organisation, page=page)


def open_invitations(organisation: Organisation) -> QuerySet[Invitation]:
    """Invitations that nobody has taken yet, the newest first."""
    return (
        Invitation.objects.filter(
            organisation=organisation, accepted_at=None, revoked_at=None, expires_at__gt=clock.now()
        )
        .select_related("invited_by")
        .order_by("-created_at")
    )


def tokens_of(user: User, organisation: Organisation) -> QuerySet[ApiToken]:
    """The person's own API tokens in this organisation that still work, the newest first."""
    return ApiToken.objects.filter(
        user=user, organisation=organisation, revoked_at=None, expires_at__gt=clock.now()
    ).order_by("-created_at")


def role_table() -> list[tuple[str, list[bool]]]:
    """Every permission with, per role of `role_heads()`, whether the role has it."""
    granted = [
        *(BY_ORGANISATION_ROLE[role] for role in OrganisationRole),
        *(BY_PARTICIPANT_ROLE[role] for role in ParticipantRole),
    ]
    return [
        (capital(permission.value), [permission in given for given in granted])
        for permission in Permission
        if permission is not Permission.VIEW
    ]


def role_heads() -> list[str]:
    """The roles of `role_table()`, those of an organisation before those of an engagement."""
    return [*(role.label for role in OrganisationRole), *(role.label for role in ParticipantRole)]


@dataclass(frozen=True, slots=True)
class TrailLine:
    """One line of the trail; `words` follow the name of who did it."""

    entry: Line
    words: str

    @property
    def details(self) -> list[tuple[str, str, str]]:
        """What changed: name, before, after."""
        before, after = self.entry.before or {}, self.entry.after or {}
        keys = [*before, *(key for key in after if key not in before)]
        return [(key.replace("_", " "), _value(before.get(key)), _value(after.get(key))) for key in keys]


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item).replace("_", " ") for item in value)
    return str(value)


LINES_A_PAGE = 100
# Past tense, read after the name of who did it; the subject follows unless its place is named. An action without
# its words reads as it is named.
WORDS = {
    "engagement.created": "opened the engagement",
    "person.invited": "invited",
    "organisation.founded": "founded the organisation",
    "brand.changed": "changed the colour or the logo of",
    "person.renamed": "changed the name of",
    "invitation.accepted": "came in by the invitation to",
    "invitation.revoked": "revoked the invitation of",
    "member.role_changed": "changed the role of",
    "member.removed": "took {subject} out of the organisation",
    "sample.added": "added the sample",
    "sample.removed": "removed the sample",
    "token.created": "made the API token",
    "token.revoked": "revoked the API token",
    "participant.added": "added {subject} to the team",
    "participant.joined": "joined the team:",
    "participant.removed": "took {subject} off the team",
    "participant.substituted": "named the substitute of",
    "brief.saved": "saved",
    "brief.superseded": "replaced {subject}, by a newer version",
    "brief.started": "began",
    "brief.proposed": "asked both sides to sign",
    "brief.discarded": "discarded",
    "brief.signed": "signed",
    "brief.in_force": "put {subject}, in force",
    "agents.masked": "masked the names of agents for",
    "agents.unmasked": "showed the names of agents again to",
    "comment.written": "commented on",
    "comment.withdrawn": "withdrew a comment on",
    "note.written": "wrote",
    "note.withdrawn": "withdrew",
    "playbook.copied": "copied a playbook as",
    "playbook.draft_started": "started the draft",
    "playbook.edited": "edited the playbook",
    "playbook.published": "published the playbook",
    "playbook.retired": "retired the playbook",
    "playbook.discarded": "threw away the draft",
    "plan.created": "made the launch plan",
    "plan.locked": "locked the timeline",
    "plan.owners_filled": "gave open items their",
    "plan.frozen": "froze the",
    "launch.moved": "moved the launch date:",
    "plan.work_changed": "changed the",
    "milestone.changed": "changed the milestone",
    "milestone.handed_over": "handed over the milestone",
    "milestone.completed": "completed the milestone",
    "milestone.reopened": "opened again the milestone",
    "reminders.on": "switched on the reminders to",
    "reminders.off": "switched off the reminders to",
    "date.proposed": "proposed another date for",
    "date.accepted": "accepted the new date of",
    "date.declined": "declined the new date of",
    "date.withdrawn": "withdrew the proposed date of",
    "date.agreed": "agreed why the date moved of",
    "date.contested": "contested why the date moved of",
    "check.passed": "tested and passed",
    "check.failed": "tested and failed",
    "line.added": "set up the transfer line",
    "line.retired": "took out of use the transfer line",
    "line.passed": "tested and passed the transfer line",
    "line.failed": "tested and failed the transfer line",
    "lead.passed": "pushed through the whole system the lead",
    "lead.failed": "could not push through the whole system the lead",
    "gate.document_presented": "presented the report {subject}, version {version}, at its gate",
    "gate.signed": "signed the gate",
    "gate.passed": "passed, by the second signature, the gate",
    "gate.hold": "paused {subject}",
    "gate.release": "ended the pause of",
    "gate.decline": "declined to sign",
    "gate.take_back": "took back the decline of",
    "gate.send_back": "sent {subject} back to work",
    "gate.recycle": "changed a fact behind a signature, which sent {subject} back to work",
    "gate.request": "asked for a signature under",
    "gate.found": "noted what came out after {subject} had passed",
    "gate.settled": "settled what came out after {subject} had passed",
    "import.uploaded": "uploaded the call log",
    "import.started": "started the import of",
    "import.finished": "brought in the calls of",
    "import.removed": "took back the import of",
    "mapping.saved": "said which column is what in files of the form",
    "disposition.changed": "changed what a code means:",
    "facts.rebuilt": "had the sums of all calls made anew:",
    "baseline.frozen": "froze the baseline:",
    "prices.set": "set the unit prices:",
    "totals.entered": "entered end-of-day totals:",
    "sheet.uploaded": "uploaded a file:",
    "sheet.dropped": "threw away the file",
    "sheet.taken_in": "took in what a file says:",
    "sheet.taken_back": "took back what a file said:",
    "closer_link.made": "made a closer’s link for",
    "closer_link.withdrawn": "withdrew the closer’s link of",
    "closer_link.told": "reported the outcomes of",
    "targets.reviewed": "checked the figures against the targets:",
    "finding.opened": "opened the finding",
    "finding.cause_stated": "stated a cause of the finding",
    "finding.side_cleared": "said that one side has no part in the finding",
    "finding.cause_changed": "changed a cause of the finding",
    "finding.evidence_brought": "brought evidence for the finding",
    "finding.answered": "answered the finding",
    "finding.fixing": "began to fix the finding",
    "finding.verified": "verified the fix of the finding",
    "finding.reopened": "reopened the finding",
    "effect.checked": "checked a fix against the figures:",
    "optimisation.proposed": "proposed {subject}",
    "optimisation.agreed": "agreed to {subject}",
    "optimisation.in_force": "put {subject} into force by the second agreement",
    "scaling.proposed": "proposed to scale:",
    "scaling.accepted": "accepted the proposal to scale:",
    "scaling.declined": "declined the proposal to scale:",
    "forward.saved": "saved the forward plan:",
    "forward.agreed": "agreed to the forward plan:",
    "forward.in_force": "put the forward plan into force by the second agreement:",
    "closers.heard": "wrote down what the closers say:",
    "fix.added": "added the fix",
    "fix.done": "finished the fix",
    "fix.postponed": "gave another date to the fix",
    "roster.joined": "put {subject} on the roster",
    "roster.left": "took {subject} off the roster",
    "roster.undone": "took back a line of the roster on {subject}",
    "agent.changed": "changed the agent",
    "agent.linked": "linked a dialer code to",
    "agent.passed": "certified",
    "agent.failed": "did not certify",
    "script.saved": "saved",
    "script.sent": "sent {subject}, to the client for review",
    "script.returned": "sent back",
    "script.approved": "approved",
    "script.used": "put {subject}, in use",
    "breach.found": "found, with this import, calls of agents who were not cleared:",
    "breach.answered": "answered",
    "breach.accepted": "accepted the answer to",
    "breach.returned": "sent back the answer to",
    "qa.scorecard_saved": "saved",
    "qa.scorecard_used": "put {subject}, in use",
    "qa.drawn": "drew, by chance,",
    "qa.claimed": "began to review",
    "qa.handed_back": "handed back, without a review,",
    "qa.reviewed": "reviewed",
    "qa.unheard": "could not hear",
    "qa.confirmed": "heard, with nobody reached as recorded,",
    "qa.corrected": "corrected the review of",
    "qa.round_opened": "opened a calibration of",
    "qa.round_scored": "scored, in a calibration,",
    "qa.round_closed": "closed the calibration of",
    "transfer.verified": "verified",
    "transfer.corrected": "corrected what was seen of",
    "windows.changed": "changed",
    "windows.answered": "answered for",
    "reviews.planned": "planned the reviews:",
    "review.scheduled": "set the date of the",
    "review.cancelled": "cancelled the",
    "review.point_added": "added a point to the agenda of the",
    "review.minutes_saved": "saved a draft of the minutes of the",
    "review.decided": "wrote down a decision of the",
    "review.struck": "took out of the minutes of the",
    "review.held": "closed the minutes of the",
    "review.addendum": "added to the minutes of the",
    "action.added": "wrote down the action",
    "action.done": "finished the action",
    "action.drop_asked": "asked to drop the action",
    "action.dropped": "agreed to drop the action",
    "deliverable.requested": "asked for",
    "deliverable.run_again": "asked again for",
    "deliverable.built": "had the PDF made of",
    "deliverable.opened": "downloaded",
    "deliverable.read": "opened",
    "report.made": "has a subscription, so this was made:",
    "report.made_again": "changed figures that had been told, which made {subject}",
    "report.read": "opened",
    "report.subscribed": "chose to get the reports by mail:",
    "report.unsubscribed": "chose to get no more, by mail,",
    "report.hour_set": "set the evening's report",
    "report.paper_set": "set the paper of the reports",
}


def trail_entries(engagement_id: int) -> QuerySet[TrailEntry]:
    """The lines of one engagement's trail, the newest first."""
    return TrailEntry.objects.filter(engagement_id=engagement_id).order_by("-sequence")


def organisation_trail(organisation: Organisation) -> QuerySet[OwnTrailEntry]:
    """The lines of an organisation's own trail, the newest first."""
    return OwnTrailEntry.objects.filter(organisation_id=organisation.pk).order_by("-sequence")


def in_words(entries: Iterable[Line], *, shown: Callable[[Any], Any] = lambda told: told) -> list[TrailLine]:
    """The same lines as a page shows them; `shown` says what of their content the reader may see."""
    lines = []
    for entry in entries:
        entry.subject, entry.before, entry.after = (
            shown(told) for told in (entry.subject, entry.before, entry.after)
        )
        lines.append(TrailLine(entry, _sentence(entry)))
    return lines


def words_of(action: str, subject: str) -> str:
    """What was done, as it follows the name of who did it."""
    return _sentence(TrailEntry(action=action, subject=subject))


def _sentence(entry: Line) -> str:
    said = WORDS.get(entry.action, entry.action.replace(".", " ").replace("_", " "))
    if "{" not in said:
        return f"{said} {entry.subject}"
    return said.format(subject=entry.subject, version=(entry.after or {}).get("version", ""))
