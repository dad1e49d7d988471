"""Freezing the baseline, and holding the days of a later review against their targets."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.days import CALIBRATION_LAST_DAY, local_date
from common.errors import Refused
from common.hashing import content_hash
from common.wording import rate_text
from engagements.locking import hold
from engagements.models import CampaignBrief, Engagement
from engagements.selectors import brief_in_force
from kpis import selectors
from kpis.funnel import Funnel, Rate
from kpis.funnel_json import to_json
from kpis.models import Baseline, Finding, FindingState
from kpis.rules import REVIEW_DAYS, FreezeFacts, freeze_blockers, period_of, review_blockers
from kpis.services.findings import note


@transaction.atomic
def freeze_baseline(*, engagement: Engagement, by: Seat) -> Baseline:
    """Freeze the numbers of days 11 to 30 for good and open a finding for each metric below its target.

    Raises Refused before the day-10 gate has passed and before day 30, without a signed brief or data, and when it
    is frozen already: of two people who press at once, the second is told so.
    """
    by.require(Permission.FREEZE_BASELINE)
    engagement = hold(engagement.pk)
    first, last = period_of(CALIBRATION_LAST_DAY, selectors.calendar_of(engagement))
    brief = brief_in_force(engagement)
    numbers = selectors.funnel(engagement, first, last, brief)
    frozen = Baseline.objects.filter(engagement=engagement).first()
    facts = _facts(
        engagement, brief, numbers, local_date(frozen.frozen_at, engagement.zone) if frozen else None
    )
    if (reasons := freeze_blockers(facts)) or brief is None:
        raise Refused(reasons)
    content = {"funnel": to_json(numbers), "imports": _import_notes(engagement, first, last)}
    made = Baseline.objects.create(
        engagement=engagement,
        brief=brief,
        first_day=first,
        last_day=last,
        numbers=content,
        content_hash=content_hash(content),
        frozen_by=by.user,
        frozen_at=clock.now(),
    )
    trail.record(
        by=by,
        action="baseline.frozen",
        subject=str(made),
        engagement_id=engagement.pk,
        after={
            "first_day": first,
            "last_day": last,
            "dials": numbers.dials,
            "brief_version": numbers.brief_version,
            "content_hash": made.content_hash,
            "below_target": [rate.key for rate in numbers.missed],
        },
    )
    _open(engagement, brief, CALIBRATION_LAST_DAY, numbers.missed, by)
    return made


@transaction.atomic
def review_targets(*, engagement: Engagement, by: Seat, day: int) -> list[Finding]:
    """Open a finding for each metric that days 31-60 (`day` 60) or 61-90 (`day` 90) leave below target.

    Returns the new ones; those opened before stay as they are, so it can be done again after a late import. Raises
    Refused before that day, without a signed brief and without data.
    """
    by.require(Permission.ANSWER_FINDING)
    if day not in REVIEW_DAYS or day == CALIBRATION_LAST_DAY:
        raise Refused("Only the reviews of day 60 and day 90 are checked against the targets in this way.")
    engagement = hold(engagement.pk)
    first, last = period_of(day, selectors.calendar_of(engagement))
    brief = brief_in_force(engagement)
    numbers = selectors.funnel(engagement, first, last, brief)
    if (reasons := review_blockers(day, _facts(engagement, brief, numbers))) or brief is None:
        raise Refused(reasons)
    known = set(
        Finding.objects.filter(engagement=engagement, review_day=day).values_list("metric_key", flat=True)
    )
    opened = _open(engagement, brief, day, [rate for rate in numbers.missed if rate.key not in known], by)
    trail.record(
        by=by,
        action="targets.reviewed",
        subject=f"Days {first} to {last}",
        engagement_id=engagement.pk,
        after={
            "review_day": day,
            "below_target": [rate.key for rate in numbers.missed],
            "not_judged": [rate.key for rate in numbers.unjudged],
            "opened": [finding.metric_key for finding in opened],
        },
    )
    return opened


def _facts(
    engagement: Engagement, brief: CampaignBrief | None, numbers: Funnel, frozen_on: date | None = None
) -> FreezeFacts:
    return FreezeFacts(
        calendar=selectors.calendar_of(engagement),
        cleared=engagement.cleared,
        today=clock.today(engagement.zone),
        brief_version=brief.version if brief else None,
        dials=numbers.dials,
        from_calls=numbers.from_calls,
        days=numbers.days_with_data,
        frozen_on=frozen_on,
    )


def _import_notes(engagement: Engagement, first: date, last: date) -> list[dict[str, str]]:
    return [
        {
            "file_name": made.file_name,
            "sha256": made.sha256,
            "by": made.created_by.name,
            "at": made.created_at.isoformat(),
        }
        for made in selectors.imports_behind(engagement, first, last)
    ]


def _open(
    engagement: Engagement, brief: CampaignBrief, review_day: int, missed: Iterable[Rate], by: Seat
) -> list[Finding]:
    """One finding per missed rate, with its line in the trail."""
    findings = Finding.objects.bulk_create(
        Finding(
            engagement=engagement,
            brief=brief,
            review_day=review_day,
            metric_key=rate.key,
            metric_label=rate.label,
            numerator=rate.numerator or 0,
            denominator=rate.denominator or 0,
            target=rate.target,
            unit=rate.unit,
            opened_at=clock.now(),
        )
        for rate in missed
        if rate.target is not None
    )
    for finding in findings:
        note(finding, FindingState.OPEN, by, why=_why(finding))
        trail.record(
            by=by,
            action="finding.opened",
            subject=str(finding),
            engagement_id=engagement.pk,
            after={
                "metric": finding.metric_key,
                "numerator": finding.numerator,
                "denominator": finding.denominator,
                "target": finding.target,
            },
        )
    return findings


def _why(finding: Finding) -> str:
    """Why a review opened this finding, as its history says it."""
    figure = rate_text(finding.numerator, finding.denominator, unit=finding.unit)
    return f"{figure} at the review of day {finding.review_day}."
