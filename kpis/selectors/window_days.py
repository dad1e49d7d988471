"""Days with calls outside of their windows: what was said of each, and whether the supervised launch is checked."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Exists, IntegerField, OuterRef, Q, Subquery

from common import clock
from engagements.models import Engagement
from kpis.models import DailyFact, WindowAnswer, WindowCount, WindowDay, WindowRules
from kpis.selectors.window_rules import excluded_of, rule_set, stale_days
from kpis.windows.launch import LaunchDials, OutsideDay, launch_gaps, standing_gaps
from kpis.windows.places import place_name

FIRST_LIVE, LAST_SUPERVISED = 11, 14


@dataclass(frozen=True)
class AnswerDay:
    """A day with calls to answer for, and what the operator said of it."""

    outside: OutsideDay
    answer: WindowAnswer | None

    @property
    def day(self) -> date:
        return self.outside.day

    @property
    def state(self) -> str:
        """open, answered; open again where more calls of the day came in after the answer."""
        return "answered" if self.answer and self.answer.calls >= self.outside.calls else "open"


def answer_days(engagement: Engagement) -> list[AnswerDay]:
    """The days to answer for, those without an answer first, then the newest. Three queries."""
    answers: dict[date, WindowAnswer] = {}
    for answer in WindowAnswer.objects.filter(engagement=engagement).order_by("at", "pk"):
        answers[answer.day] = answer
    found = [AnswerDay(each, answers.get(each.day)) for each, _ in _outside([engagement])[engagement.pk]]
    return sorted(found, key=lambda each: (each.state != "open", -each.day.toordinal()))


def open_days(engagements: Collection[Engagement]) -> dict[int, list[OutsideDay]]:
    """The days of each engagement, by its id, for which nobody has answered, or not for all of their calls; the first
    day first. Two queries, none without an engagement.
    """
    if not engagements:
        return {}
    return {
        pk: [each for each, answered in days if answered < each.calls]
        for pk, days in _outside(engagements).items()
    }


def _outside(engagements: Collection[Engagement]) -> dict[int, list[tuple[OutsideDay, int]]]:
    """Each day with calls to answer for, in their order, with how many the newest answer was given for."""
    excluded = excluded_of(engagements)
    asked = Q(engagement__in=[each.pk for each in engagements], violations__gt=0)
    for pk, beyond_brief in excluded.items():
        asked |= Q(engagement=pk, place__in=beyond_brief)
    newest = WindowAnswer.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    answered = Subquery(newest.order_by("-at", "-pk").values("calls")[:1], output_field=IntegerField())
    counts = (
        WindowCount.objects.filter(asked)
        .annotate(answered=answered)
        .order_by("engagement_id", "day", "place")
    )
    found: dict[int, list[tuple[OutsideDay, int]]] = {each.pk: [] for each in engagements}
    for (pk, day), places in groupby(counts, key=lambda count: (count.engagement_id, count.day)):
        of_day = list(places)
        beyond = [count for count in of_day if count.place in excluded.get(pk, ())]
        outside = OutsideDay(
            day,
            sum(count.violations for count in of_day),
            sum(count.allowed + count.possibles + count.unknowns for count in beyond),
            tuple(sorted(place_name(count.place) for count in beyond)),
        )
        if outside.calls:
            found[pk].append((outside, of_day[0].answered or 0))
    return found


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
            unanswered=_launch_days(engagement, open_days([engagement])[engagement.pk]),
        )
    )


def unjudged_days(engagements: Collection[Engagement]) -> dict[int, list[date]]:
    """Those of days 11 to 14 with calls that nobody has judged, by the engagement's id. One query, none without an
    engagement.
    """
    if not engagements:
        return {}
    supervised = Q()
    for engagement in engagements:
        supervised |= Q(engagement=engagement.pk, day__range=supervised_dates(engagement))
    judged = WindowDay.objects.filter(engagement=OuterRef("engagement"), day=OuterRef("day"))
    days = DailyFact.objects.filter(supervised, ~Exists(judged)).order_by("engagement_id", "day")
    found: dict[int, list[date]] = {engagement.pk: [] for engagement in engagements}
    for pk, day in days.values_list("engagement_id", "day").distinct():
        found[pk].append(day)
    return found


def standing_window_gaps(
    engagement: Engagement, unjudged: Sequence[date], open_now: Iterable[OutsideDay]
) -> list[str]:
    """Say what stands against the dials of days 11 to 14 that are in, from `unjudged_days` and `open_days`."""
    return standing_gaps(unjudged, _launch_days(engagement, open_now))


def _launch_days(engagement: Engagement, days: Iterable[OutsideDay]) -> list[OutsideDay]:
    return [each for each in days if of_launch(engagement, each.day)]


def of_launch(engagement: Engagement, day: date) -> bool:
    """Whether a date is one of days 11 to 14."""
    first, last = supervised_dates(engagement)
    return first <= day <= last


def supervised_dates(engagement: Engagement) -> tuple[date, date]:
    """The dates of days 11 and 14."""
    calendar = engagement.calendar
    return calendar.date_of(FIRST_LIVE), calendar.date_of(LAST_SUPERVISED)
