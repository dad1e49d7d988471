"""Holding a fix against the figures: moved verifies it, not moved reopens the finding."""

from django.db import transaction

from accounts import trail
from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import day_text, points_text, rate_text
from engagements.locking import hold
from kpis.effect import Moved
from kpis.models import EffectCheck, EffectVerdict, Finding, FindingState, OptimisationPlan
from kpis.selectors.effects import Window, finding_window
from kpis.services.findings import reopened, step


@transaction.atomic
def check_effect(*, finding: Finding, by: Seat) -> EffectCheck:
    """Hold the days since the newest fix against the finding's own figure and freeze what they say.

    Moved verifies a finding whose fixes are all done; not moved reopens it. Raises Refused where there is nothing to
    hold against yet.
    """
    by.require(Permission.ANSWER_FINDING)
    engagement = hold(finding.engagement_id)
    finding = Finding.objects.select_related("brief").get(pk=finding.pk)
    finding.engagement = engagement
    if finding.answered_at is None:
        raise Refused("This finding has no answer yet, so there is no fix whose effect could be checked.")
    if finding.state == FindingState.VERIFIED:
        raise Refused("The fix was verified already. Where it does not hold any more, reopen the finding.")
    found = finding_window(engagement, finding)
    if found is None:
        raise Refused("There is no full day yet since a fix was done, or no figure to hold it against.")
    check = keep(found, finding, by)
    open_fixes = finding.fixes.filter(cause__round=finding.round, done_on=None).exists()
    if found.found.verdict is Moved.MOVED and not open_fixes:
        step(finding, FindingState.VERIFIED, by, why=told(check))
    elif found.found.verdict is Moved.NOT_MOVED:
        reopened(finding, by, why=told(check))
    return check


def keep(found: Window, finding: Finding, by: Seat, plan: OptimisationPlan | None = None) -> EffectCheck:
    """Freeze a comparison, with its line in the trail. The engagement is held."""
    change = found.found.difference
    check = EffectCheck.objects.create(
        engagement_id=finding.engagement_id,
        finding=finding,
        plan=plan,
        first_day=found.first,
        last_day=found.last,
        before_numerator=found.before.numerator,
        before_denominator=found.before.denominator,
        after_numerator=found.after.numerator,
        after_denominator=found.after.denominator,
        expected=round(found.expected, 4),
        points=change.points if change else None,
        low=change.low if change else None,
        high=change.high if change else None,
        verdict=EffectVerdict(found.found.verdict.value),
        needed=found.found.needed,
        needed_days=found.found.needed_days,
        by=by.user,
        by_name=by.user.name,
        at=clock.now(),
    )
    trail.record(
        by=by,
        action="effect.checked",
        subject=str(check),
        engagement_id=finding.engagement_id,
        after={
            "before": rate_text(check.before_numerator, check.before_denominator),
            "after": rate_text(check.after_numerator, check.after_denominator),
            "first_day": check.first_day,
            "last_day": check.last_day,
            "verdict": check.verdict,
        },
    )
    return check


def told(check: EffectCheck) -> str:
    """A check in one sentence, as the history keeps it."""
    before = rate_text(check.before_numerator, check.before_denominator)
    after = rate_text(check.after_numerator, check.after_denominator)
    return (
        f"{check.get_verdict_display()}: {before} before, {after} from {day_text(check.first_day)} to "
        f"{day_text(check.last_day)}, a change of {points_text(check.points)} "
        f"({points_text(check.low)} to {points_text(check.high)})."
    )
