"""The agenda of a review: the playbook's fixed points, what the data ask for, and what people added."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F

from common.wording import day_text, interval_text, percent_text, plural, rate_text, target_text
from engagements.models import Engagement
from kpis.funnel import Funnel, Verdict
from kpis.models import Fix
from kpis.patterns import Place
from kpis.selectors import funnel
from kpis.selectors.patterns import sources
from milestones.models import ActionItem, Review, ReviewKind, ReviewPoint
from milestones.selectors.gates import findings_of_gate
from milestones.selectors.reviews import date_of, open_actions, period_of_review
from milestones.selectors.standing import Standing
from milestones.selectors.waits import waits_of

# The parts of an agenda in their order, with their headings.
PARTS = {
    "fixed": "On the agenda of this review",
    "action": "Actions carried over",
    "metric": "Against target",
    "source": "Lead sources",
    "finding": "Findings without an answer",
    "fix": "Fixes that are due",
    "breach": "Breaches that are open",  # of agendas that were frozen while they stood apart
    "blocker": "What both sides wait for",
    "added": "Added by people",
}
MOST = 12  # of the open items, so that an agenda stays one
CALIBRATION = "Days 11 to 30 are calibration: these figures are not final."


@dataclass(frozen=True)
class Point:
    """One point of an agenda; `kind` is a key of PARTS, `side` who owes it, where one side does."""

    kind: str
    text: str
    side: str = ""


def agenda_of(standing: Standing, review: Review) -> list[Point]:
    """The whole agenda as it stands now, in the order of PARTS. A fixed number of queries."""
    engagement = standing.engagement
    return [
        *(Point("fixed", text) for text in review.agenda),
        *_actions(standing),
        *_numbers(standing, review),
        *_findings(standing),
        *_fixes(standing, review),
        *_waits(standing),
        *(Point("added", f"{p.text} ({p.by_name})", p.side) for p in _points(engagement, review)),
    ]


def carried_text(action: ActionItem) -> str:
    """ "from the Day-14 review, carried over 2 times"."""
    times: int = getattr(action, "times", 0)
    carried = f", carried over {'once' if times == 1 else plural(times, 'time')}" if times else ""
    return f"from the {action.review.title}{carried}"


def _actions(standing: Standing) -> Iterable[Point]:
    for action in open_actions(standing.engagement):
        late = ", late" if action.due_on < standing.today else ""
        text = (
            f"{action.text} ({action.owner.name}, by {day_text(action.due_on)}{late}; {carried_text(action)})"
        )
        yield Point("action", text, action.owner.side)


def _numbers(standing: Standing, review: Review) -> list[Point]:
    period = period_of_review(standing, review)
    if period is None:
        return []
    numbers = funnel(standing.engagement, *period)
    if not numbers.days_with_data:
        return [no_calls(*period, early=standing.today < date_of(review))]
    days = Point("metric", _counted(standing, review, *period))
    return [days, *_metrics(numbers), *_sources(numbers)]


def no_calls(first: date, last: date, *, early: bool) -> Point:
    """What an agenda says where its days have no calls; `early`: before its day nobody owes them for it yet."""
    if early:
        return Point("metric", f"Calls from {day_text(first)} on: none yet.")
    days = day_text(first) if first == last else f"{day_text(first)} to {day_text(last)}"
    return Point("metric", f"No calls are imported for {days}.", "operator")


def _counted(standing: Standing, review: Review, first: date, last: date) -> str:
    """Over which days, and why from the first one."""
    span = f"from {day_text(first)} to {day_text(last)}"
    if review.kind == ReviewKind.DAY:
        return f"Counted {span}."
    since = "the launch" if first == standing.calendar.launch else "the last review"
    return f"Counted since {since}: {span}."


def _metrics(numbers: Funnel) -> list[Point]:
    points = []
    for rate in numbers.stages:
        if rate.verdict is Verdict.MISSED:
            span = (
                f", interval {interval_text(rate.low, rate.high, rate.unit)}" if rate.low is not None else ""
            )
            figure = rate_text(rate.numerator, rate.denominator, unit=rate.unit)
            beside = "above" if rate.direction == "down" else "below"
            points.append(
                Point(
                    "metric",
                    f"{rate.label} is {beside} target: {figure}{span}, "
                    f"against {target_text(rate.target, rate.direction, unit=rate.unit)}.",
                )
            )
    unjudged = [rate.label for rate in numbers.unjudged]
    if unjudged:
        points.append(Point("metric", f"Not enough data to judge: {', '.join(unjudged)}."))
    if not points:
        points.append(Point("metric", "Every metric that could be judged is on target."))
    if numbers.calibration.value != "none":
        points.append(Point("metric", CALIBRATION))
    return points


def _sources(numbers: Funnel) -> Iterable[Point]:
    for row in sources(numbers).apart:
        side = "above" if row.place is Place.ABOVE else "below"
        yield Point(
            "source",
            f"{row.label}: contact rate {percent_text(row.value)}, {side} the others with {percent_text(row.rest)}.",
        )


def _fixes(standing: Standing, review: Review) -> Iterable[Point]:
    """Fixes of findings that are due by the day of the review."""
    by = date_of(review)
    waiting = Fix.objects.filter(
        engagement=standing.engagement,
        done_on=None,
        due_on__lte=max(by, standing.today),
        cause__round=F("finding__round"),
    ).select_related("owner", "finding")
    for fix in waiting:
        text = f"{fix.finding.metric_label}: {fix.action} ({fix.owner.name}, by {day_text(fix.due_on)})"
        yield Point("fix", text, fix.owner.side)


def _waits(standing: Standing) -> Iterable[Point]:
    """What each side owes, as the overview and the plan list it; the client's first, then the operator's."""
    waits = waits_of(standing)
    found = [Point("blocker", one.text, part.side.value) for part in waits.sides for one in part.items]
    found += [Point("blocker", one.text) for one in waits.both]
    yield from found[:MOST]
    if len(found) > MOST:
        yield Point("blocker", f"{plural(len(found) - MOST, 'more item')} on the page of the plan.")


def _findings(standing: Standing) -> Iterable[Point]:
    """Findings without an answer that the next gate does not ask about: those stand among what is waited for."""
    gate = standing.next_gate
    asked = findings_of_gate(standing, gate) if gate else []
    for finding in standing.findings:
        if finding.answered_at is None and finding not in asked:
            yield Point("finding", str(finding.metric_label), "operator")


def _points(engagement: Engagement, review: Review) -> Iterable[ReviewPoint]:
    return ReviewPoint.objects.filter(engagement=engagement, review=review)
