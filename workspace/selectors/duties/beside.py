"""What is to be done beside the gates: briefs, findings, fixes, actions, reviews, agreements."""

from collections.abc import Iterator, Mapping

from django.urls import reverse

from accounts.roles import ParticipantRole, Side
from common.days import LAST_DAY, OPTIMISATION_LAST_DAY, local_date
from engagements.models import CampaignBrief
from kpis.models import Finding, FindingState
from kpis.selectors.findings import open_fixes
from milestones.rules.facts import Kind
from milestones.selectors.reviews import next_reviews
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
        # The first version can be signed as soon as it is there, whenever the kickoff is.
        due, since = standing.calendar.due(3), None
        if brief.version > 1:
            due = standing.today
            since = local_date(brief.proposed_at or brief.created_at, standing.engagement.zone)
        for duty in for_signers(
            "Sign",
            title,
            url,
            due,
            sides=[side for side in Side if side not in signed],
            about=str(Kind.BRIEF),
            now=True,
            since=since,
        ):
            yield brief.engagement_id, duty


def _findings(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Metrics below target that nobody has answered, for the person who answers for the operator."""
    for pk, standing in by_id.items():
        for finding in (each for each in standing.findings if each.answered_at is None):
            url = reverse("kpis:finding", args=[standing.engagement.public_id, finding.public_id])
            reopened = finding.state == FindingState.REOPENED
            due = standing.today if reopened else standing.calendar.due(finding.review_day)
            title = f"{finding.metric_label} {_wrong(finding, reopened=reopened)}"
            manager, about = (ParticipantRole.CAMPAIGN_MANAGER.value,), f"{Kind.FINDING}:{finding.public_id}"
            yield pk, Duty("Answer", title, url, due, roles=manager, about=about)


def _wrong(finding: Finding, *, reopened: bool) -> str:
    if reopened:
        return "is open again: its fix did not hold"
    return "is below target" if finding.metric_key else "waits for its cause and fix"


def _fixes(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Open fixes, for who owns them."""
    for pk, standing in by_id.items():
        for finding in standing.findings:
            url = reverse("kpis:finding", args=[standing.engagement.public_id, finding.public_id])
            for fix in open_fixes(finding):
                yield (
                    pk,
                    Duty(
                        "Fix", fix.action, f"{url}#fix-{fix.public_id}", fix.due_on, side=fix.owner.side,
                        owner=fix.owner_id, masked=True, about=f"{Kind.FIX}:{finding.public_id}",
                    ),
                )  # fmt: skip


def _agreements(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Plans and targets to be agreed, verdicts to be recorded, scaling to be answered."""
    for pk, standing in by_id.items():
        public_id = standing.engagement.public_id
        day = standing.next_gate.day if standing.next_gate else 0
        plan = standing.against if day == OPTIMISATION_LAST_DAY else None
        forward = standing.forward if day == LAST_DAY else None
        for side in Side:
            for verb, title, page, due in next_said(plan, forward, side.value):
                url, on = reverse(page, args=[public_id]), standing.calendar.due(due)
                about = str(Kind.FORWARD if page == "kpis:forward" else Kind.OPTIMISATION)
                for duty in for_signers(verb, title, url, on, sides=[side], about=about):
                    yield pk, duty
        for proposal in standing.scaling:
            url, title = reverse("kpis:optimisation", args=[public_id]), f"Proposal to scale: {proposal}"
            asked = [side for side in Side if side != proposal.side]
            about = str(Kind.SCALING)
            since = local_date(proposal.proposed_at, standing.engagement.zone)
            for duty in for_signers(
                "Answer", title, url, standing.today, sides=asked, about=about, since=since
            ):
                yield pk, duty


def _actions(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Actions out of reviews for who owes them, and those that a side asks the other to drop."""
    for pk, standing in by_id.items():
        page = reverse("milestones:reviews", args=[standing.engagement.public_id])
        for action in standing.actions:
            url, about = f"{page}#action-{action.public_id}", f"{Kind.ACTION}:{action.public_id}"
            # While the other side owes its answer, that is what waits.
            own = "" if action.drop_side else about
            yield (
                pk,
                Duty(
                    "Mark as done", action.text, url, action.due_on, side=action.owner.side, owner=action.owner_id,
                    masked=True, about=own,
                ),
            )  # fmt: skip
            if action.drop_side:
                title, asked = f"Drop “{action.text}”?", Side(action.drop_side).other
                for duty in for_signers(
                    "Answer", title, url, standing.today, sides=[asked], masked=True, about=about
                ):
                    yield pk, duty


def _reviews(by_id: Mapping[int, Standing]) -> Iterator[Found]:
    """Reviews that are near, for the two who run them: the next one of each engagement. One query."""
    # Before the first gate has passed, nothing is to review.
    live = [standing for standing in by_id.values() if standing.engagement.cleared]
    for pk, row in next_reviews(live).items():
        standing = by_id[pk]
        verb = "Run" if row.on <= standing.today else "Prepare"
        if row.on <= standing.today + SOON:
            url = reverse("milestones:review", args=[standing.engagement.public_id, row.review.public_id])
            about = f"{Kind.REVIEW}:{row.review.public_id}"
            for duty in for_signers(verb, row.review.title, url, row.on, about=about):
                yield pk, duty
