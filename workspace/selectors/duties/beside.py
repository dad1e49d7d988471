"""What is to be done beside the gates: briefs, findings, fixes, actions, reviews, agreements. One query or two each."""

from collections.abc import Iterator, Mapping

from django.db.models import F
from django.urls import reverse

from accounts.roles import ParticipantRole, Side
from engagements.models import CampaignBrief
from kpis.models import Finding, FindingState, Fix, ScalingProposal
from milestones.selectors.agreements import forward_facts, plan_facts
from milestones.selectors.reviews import next_reviews, open_actions_of
from milestones.selectors.standing import Standing

from .agreements import next_said
from .duty import SOON, Duty, for_signers

BRIEF = "Campaign brief, version"
# An engagement's id with one of its duties.
type Found = tuple[int, Duty]


def beside(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """All of them of these engagements, by the engagement's id; their number of queries does not grow."""
    yield from _briefs(by_id)
    yield from _findings(by_id)
    yield from _fixes(by_id)
    yield from _agreements(by_id)
    yield from _actions(by_id)
    yield from _reviews(by_id)


def _briefs(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Versions of the brief that wait for a side's signature."""
    waiting = CampaignBrief.objects.filter(engagement__in=list(by_id), signed_at=None, superseded_at=None)
    for brief in waiting.select_related("proposed_by").prefetch_related("signatures"):
        standing = by_id[brief.engagement_id]
        signed = {signature.side for signature in brief.signatures.all()}
        url = reverse("engagements:brief", args=[standing.engagement.public_id])
        title = f"{BRIEF} {brief.version}" + (f", asked by {brief.proposed_by}" if brief.proposed_by else "")
        due = standing.calendar.due(3)
        due = max(due, standing.today) if brief.version > 1 else due
        for duty in for_signers("Sign", title, url, due, sides=[side for side in Side if side not in signed]):
            yield brief.engagement_id, duty


def _findings(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Metrics below target that nobody has answered, for the person who answers for the operator."""
    for finding in Finding.objects.filter(engagement__in=list(by_id), answered_at=None):
        standing = by_id[finding.engagement_id]
        url = reverse("kpis:finding", args=[standing.engagement.public_id, finding.public_id])
        reopened = finding.state == FindingState.REOPENED
        due = standing.today if reopened else standing.calendar.due(finding.review_day)
        title = f"{finding.metric_label} {_wrong(finding, reopened=reopened)}"
        manager = (ParticipantRole.CAMPAIGN_MANAGER.value,)
        yield finding.engagement_id, Duty("Answer", title, url, due, roles=manager)


def _wrong(finding: Finding, *, reopened: bool) -> str:
    if reopened:
        return "is open again: its fix did not hold"
    return "is below target" if finding.metric_key else "waits for its cause and fix"


def _fixes(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Open fixes, for who owns them."""
    found = Fix.objects.filter(engagement__in=list(by_id), owner__ended_at=None, done_on=None)
    found = found.filter(cause__round=F("finding__round"))
    for fix in found.select_related("finding"):
        engagement = by_id[fix.engagement_id].engagement
        url = reverse("kpis:finding", args=[engagement.public_id, fix.finding.public_id])
        url += f"#fix-{fix.public_id}"
        yield (
            fix.engagement_id,
            Duty("Fix", fix.action, url, fix.due_on, owner=fix.owner_id, masked=True),
        )


def _agreements(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Plans and targets to be agreed, verdicts to be recorded, scaling to be answered. At most eight queries."""
    days = {pk: standing.next_gate.day for pk, standing in by_id.items() if standing.next_gate}
    plans = plan_facts([pk for pk, day in days.items() if day == 60])
    forwards = forward_facts([pk for pk, day in days.items() if day == 90])
    for pk, standing in by_id.items():
        for side in Side:
            for verb, title, page, day in next_said(plans.get(pk), forwards.get(pk), side.value):
                url = reverse(page, args=[standing.engagement.public_id])
                for duty in for_signers(verb, title, url, standing.calendar.due(day), sides=[side]):
                    yield pk, duty
    for proposal in ScalingProposal.objects.filter(engagement__in=list(by_id), answer=""):
        standing = by_id[proposal.engagement_id]
        url = reverse("kpis:optimisation", args=[standing.engagement.public_id])
        asked = [side for side in Side if side != proposal.side]
        for duty in for_signers("Answer", f"Proposal to scale: {proposal}", url, standing.today, sides=asked):
            yield proposal.engagement_id, duty


def _actions(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Actions out of reviews for who owes them, and those that a side asks the other to drop. One query."""
    for action in open_actions_of(by_id):
        standing = by_id[action.engagement_id]
        url = (
            f"{reverse('milestones:reviews', args=[standing.engagement.public_id])}#action-{action.public_id}"
        )
        yield (
            action.engagement_id,
            Duty("Do", action.text, url, action.due_on, owner=action.owner_id, masked=True),
        )
        if action.drop_side:
            title, asked = f"Drop “{action.text}”?", Side(action.drop_side).other
            for duty in for_signers("Answer", title, url, standing.today, sides=[asked], masked=True):
                yield action.engagement_id, duty


def _reviews(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Reviews that are near, for the two who run them: the next one of each engagement. One query."""
    # Before the first gate has passed, nothing is to review.
    live = [standing for standing in by_id.values() if standing.engagement.cleared]
    for pk, row in next_reviews(live).items():
        standing = by_id[pk]
        verb = "Run" if row.on <= standing.today else "Prepare"
        if row.on <= standing.today + SOON:
            url = reverse("milestones:review", args=[standing.engagement.public_id, row.review.public_id])
            for duty in for_signers(verb, row.review.title, url, row.on):
                yield pk, duty
