"""A finding is opened by hand, and proved by what somebody brings."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import cut_short
from engagements.locking import hold
from engagements.models import Engagement
from engagements.selectors import brief_in_force
from engagements.services.proofs import Proof, check_upload, check_words, pieces_of
from kpis import selectors
from kpis.models import Finding, FindingEvidence, FindingState
from kpis.rules import REVIEW_DAYS, observation_gaps
from kpis.services.findings.states import DOUBLE_SUBMIT, held, note


@transaction.atomic
def open_finding(
    *, engagement: Engagement, by: Seat, observation: str, metric_key: str = "", proof: Proof | None = None
) -> Finding:
    """Open a finding by hand, about a metric of the brief in force or about something noticed, with its evidence.

    It belongs to the next gate that has not passed. Raises Refused before the launch, without a signed brief, and
    where the metric has a finding for that gate already.
    """
    by.require(Permission.OPEN_FINDING)
    engagement = hold(engagement.pk)
    today, brief = clock.today(engagement.zone), brief_in_force(engagement)
    reasons = observation_gaps(observation)
    if not engagement.cleared or today < engagement.launch_on:
        reasons.append("Before the launch there are no live calls that a finding could be about.")
    if brief is None:
        reasons.append("No campaign brief is signed by both sides, so there is nothing to hold it against.")
    if reasons or brief is None:
        raise Refused(reasons)
    day = selectors.calendar_of(engagement).day_of(today)
    review = next((one for one in REVIEW_DAYS if one >= day and one > engagement.passed_day), REVIEW_DAYS[-1])
    if (
        metric_key
        and Finding.objects.filter(engagement=engagement, review_day=review, metric_key=metric_key).exists()
    ):
        raise Refused(f"There is a finding about this metric for day {review} already: answer that one.")
    twice = Finding.objects.filter(
        engagement=engagement, metric_key="", observation=observation.strip(),
        opened_at__gt=clock.now() - DOUBLE_SUBMIT,
    ).first()  # fmt: skip
    if twice and not metric_key:
        return twice
    rate = None
    if metric_key:
        found = selectors.funnel(engagement, engagement.launch_on, today, brief)
        rate = found.stage(metric_key)
        if rate is None:
            raise Refused("The campaign brief has no such metric.")
    finding = Finding.objects.create(
        engagement=engagement,
        brief=brief,
        review_day=review,
        metric_key=metric_key,
        metric_label=rate.label if rate else cut_short(observation, 78),
        observation=observation.strip(),
        numerator=rate.numerator if rate else None,
        denominator=rate.denominator or None if rate else None,
        target=rate.target if rate else None,
        opened_at=clock.now(),
    )
    note(finding, FindingState.OPEN, by, why=finding.observation)
    trail.record(
        by=by,
        action="finding.opened",
        subject=str(finding),
        engagement_id=engagement.pk,
        after={"metric": metric_key, "observation": finding.observation},
    )
    if proof is not None and proof.pieces:
        _prove(finding, by, proof)
    return finding


@transaction.atomic
def bring_evidence(*, finding: Finding, by: Seat, proof: Proof) -> list[FindingEvidence]:
    """Add a sentence, a link or a file to what proves a finding. Raises Refused for none and for a bad file."""
    by.require(Permission.OPEN_FINDING)
    return _prove(held(finding), by, proof)


def _prove(finding: Finding, by: Seat, proof: Proof) -> list[FindingEvidence]:
    """Keep the pieces of a proof, with their line in the trail."""
    if not proof.pieces:
        raise Refused("Say what shows it, link it, or attach a file.")
    check_words(proof.text)
    engagement = finding.engagement
    if proof.file is not None:
        check_upload(engagement, proof.file)
    rows = [FindingEvidence(finding=finding, **piece) for piece in pieces_of(engagement, by, proof)]
    for row in rows:
        row.save(force_insert=True)
    trail.record(
        by=by,
        action="finding.evidence_brought",
        subject=str(finding),
        engagement_id=engagement.pk,
        after={"evidence": [str(row) for row in rows]},
    )
    return rows
