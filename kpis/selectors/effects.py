"""Before and after of a metric, as the daily facts tell it now."""

from dataclasses import dataclass
from datetime import date, timedelta

from common import clock
from engagements.models import CampaignBrief, Engagement
from engagements.terms import Unit
from kpis.effect import Counted, Effect, EffectFacts, effect
from kpis.models import Finding, Fix
from kpis.selectors.numbers import funnel, span_of_data


@dataclass(frozen=True, slots=True)
class Window:
    """A metric before, and after over these days; `found` is what the two say together."""

    first: date
    last: date
    before: Counted
    after: Counted
    expected: float
    found: Effect


def window(
    engagement: Engagement,
    metric_key: str,
    before: Counted,
    *,
    first: date,
    last: date,
    expected: float,
    brief: CampaignBrief,
) -> Window | None:
    """Before against these days after; None where the brief has no such metric. `last` is cut to the last day with
    calls, so that days whose import is still to come count neither as days nor as calls.
    """
    span = span_of_data(engagement)
    last = min(last, span[1]) if span and span[1] >= first else last
    rate = funnel(engagement, first, last, brief).stage(metric_key)
    if rate is None:
        return None
    after = Counted(rate.numerator or 0, (rate.denominator or 0) if rate.value is not None else 0)
    days = (last - first).days + 1
    facts = EffectFacts(before, after, expected, rate.direction, rate.minimum, days)
    return Window(first, last, before, after, expected, effect(facts))


def finding_window(engagement: Engagement, finding: Finding) -> Window | None:
    """A finding's figure before, against the days since its newest fix was done; None while there is nothing to hold
    against: no metric, no fix done, or no day since. Two shares are compared; an average or a count is not.
    """
    if finding.numerator is None or not finding.denominator or finding.target is None:
        return None
    if finding.unit != Unit.PERCENT:
        return None
    done = fixes_done(finding)
    today = clock.today(engagement.zone)
    if not done or max(done) >= today:
        return None
    return window(
        engagement,
        finding.metric_key,
        Counted(finding.numerator, finding.denominator),
        first=max(done) + timedelta(days=1),
        last=today,
        expected=float(finding.target),
        brief=finding.brief,
    )


def fixes_done(finding: Finding) -> list[date]:
    """When the fixes of the present answer were done."""
    fixes = Fix.objects.filter(finding=finding, cause__round=finding.round, done_on__isnull=False)
    return [done for done in fixes.values_list("done_on", flat=True) if done]
