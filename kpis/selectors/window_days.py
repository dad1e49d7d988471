"""Days with calls outside of their windows: what was said of each, and whether the supervised launch is checked."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery, Sum

from common import clock
from engagements.models import Engagement
from kpis.models import DailyFact, WindowAnswer, WindowCount, WindowDay, WindowRules
from kpis.selectors.window_rules import rule_set, stale_days
from kpis.windows.launch import LaunchDials, launch_gaps, standing_gaps

FIRST_LIVE, LAST_SUPERVISED = 11, 14


@dataclass(frozen=True)
class ViolationDay:
    """A day with violations and what the operator said of it."""

    day: date
    violations: int
    answer: WindowAnswer | None

    @property
    def state(self) -> str:
        """open, answered; open again where more calls of the day came in after the answer."""
        return "answered" if self.answer and self.answer.calls >= self.violations else "open"


def violation_days(engagement: Engagement) -> list[ViolationDay]:
    """The days with violations, those without an answer first, then the newest. Two queries."""
    counted = (
        WindowCount.objects.filter(engagement=engagement, violations__gt=0)
        .order_by()
        .values_list("day")
        .annotate(many=Sum("violations"))
    )
    answers: dict[date, WindowAnswer] = {}
    for answer in WindowAnswer.objects.filter(engagement=engagement).order_by("at", "pk"):
        answers[answer.day] = answer
    found = [ViolationDay(day, many, answers.get(day)) for day, many in counted]
    return sorted(found, key=lambda each: (each.state != "open", -each.day.toordinal()))


def window_gaps(engagement: Engagement) -> list[str]:
    """Say what is missing before the dial times of days 11 to 14 are checked against their windows.

    Reads the calls of these days, and the rules of now.
    """
    first, last = supervised_dates(engagement)
    kept = WindowRules.objects.filter(engagement=engagement, digest=rule_set(engagement).digest).first()
    stale = stale_days(engagement.pk, kept.pk if kept else None, first, last)
    return launch_gaps(
        LaunchDials(
            calls=DailyFact.objects.filter(engagement=engagement, day__range=(first, last)).exists(),
            over=clock.today(engagement.zone) >= last,
            unjudged=sorted(stale),
            unanswered=_unanswered(Q(engagement=engagement.pk, day__range=(first, last))).get(
                engagement.pk, []
            ),
        )
    )


def standing_window_gaps(engagement: Engagement) -> list[str]:
    """Say what stands against the dials of days 11 to 14 that are in. Two queries, however many calls there are."""
    return standing_window_gaps_of([engagement])[engagement.pk]


def standing_window_gaps_of(engagements: Collection[Engagement]) -> dict[int, list[str]]:
    """The same of many engagements, by their ids. Two queries, none without an engagement."""
    if not engagements:
        return {}
    supervised = Q()
    for engagement in engagements:
        supervised |= Q(engagement=engagement.pk, day__range=supervised_dates(engagement))
    judged = WindowDay.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    days = DailyFact.objects.filter(supervised, ~Exists(judged)).order_by("engagement_id", "day")
    unjudged: dict[int, list[date]] = {}
    for pk, day in days.values_list("engagement_id", "day").distinct():
        unjudged.setdefault(pk, []).append(day)
    unanswered = _unanswered(supervised)
    return {
        each.pk: standing_gaps(unjudged.get(each.pk, []), unanswered.get(each.pk, [])) for each in engagements
    }


def supervised_dates(engagement: Engagement) -> tuple[date, date]:
    """The dates of days 11 and 14."""
    calendar = engagement.calendar
    return calendar.date_of(FIRST_LIVE), calendar.date_of(LAST_SUPERVISED)


def _unanswered(days: Q) -> dict[int, list[tuple[date, int]]]:
    """Of these days those with violations for which nobody has answered, or not for as many as there are, by the
    engagement's id. One query.
    """
    newest = WindowAnswer.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    answered = Subquery(newest.order_by("-at", "-pk").values("calls")[:1], output_field=IntegerField())
    counted = (
        WindowCount.objects.filter(days, violations__gt=0)
        .order_by("engagement_id", "day")
        .values_list("engagement_id", "day")
        .annotate(many=Sum("violations"), answered=answered)
    )
    found: dict[int, list[tuple[date, int]]] = {}
    for pk, day, many, so_far in counted:
        if (so_far or 0) < many:
            found.setdefault(pk, []).append((day, many))
    return found
