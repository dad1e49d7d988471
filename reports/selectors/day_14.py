"""What the day-14 review tells: the first live days, their patterns, and what was decided about them."""

from dataclasses import replace

from accounts.roles import ParticipantRole, in_a_sentence
from common import clock
from engagements.masks import mask_for
from engagements.models import Engagement
from kpis import patterns as kpi
from kpis.selectors.patterns import patterns
from milestones.models import ActionItem, Decision, Review
from milestones.selectors.reviews import (
    actions_of,
    attendance_of,
    date_of,
    minutes_of,
    moment_of,
    people_of,
)
from milestones.selectors.standing import Standing
from reports.selectors import numbers
from reports.selectors.listening import listening, transfer_log
from reports.snapshots import Action, Chair, Pattern, PatternRow, ReviewRecord, Snapshot, Suspicion

CODE = "day-14"
LAST_DAYS = (14, 30)  # the review looks at days 11 to 14, and further while it is late


def last_day(standing: Standing) -> int:
    """The last engagement day that the review looks at: its own, at least 14 and never past the calibration."""
    found = next((review for review in standing.reviews if review.code == CODE), None)
    if found is None:
        return LAST_DAYS[0]
    day = standing.calendar.day_of(date_of(found))
    return min(max(day, LAST_DAYS[0]), LAST_DAYS[1])


def with_review(base: Snapshot, standing: Standing) -> Snapshot:
    """The snapshot with the figures and patterns of the first live days, and with the review itself."""
    engagement = standing.engagement
    mask = mask_for(engagement, None)
    names = mask.by_code
    found = patterns(engagement, base.first, base.last, names)
    review = next((one for one in standing.reviews if one.code == CODE), None)
    today = clock.today(engagement.zone)
    return replace(
        base,
        funnel=tuple(numbers.stage_of(rate) for rate in found.funnel.stages),
        by_source=tuple(numbers.source_row(source) for source in found.funnel.by_source),
        by_day=tuple(numbers.day_row(day) for day in found.funnel.by_day if day.day <= today),
        patterns=tuple(_pattern(one) for one in found.all),
        suspicions=tuple(
            Suspicion(s.agent, s.code, s.meaning, s.calls, s.of, s.of_what, s.rest, s.more)
            for s in found.dispositions.suspicions
        ),
        dispositions=found.dispositions.sentence,
        surprises=found.surprises,
        review=_record(standing, review) if review else None,
        actions=_actions(engagement, review, standing) if review else (),
        imports=numbers.imports_of(engagement, base.first, base.last),
        listening=listening(engagement, mask),
        transfers=transfer_log(engagement, mask),
    )


def _pattern(found: kpi.Pattern) -> Pattern:
    rows = tuple(
        PatternRow(r.label, r.successes, r.trials, r.value, r.low, r.high, r.rest, r.place.value)
        for r in found.rows
    )
    return Pattern(found.key, found.rate, found.by, found.minimum, found.sentence, rows)


def _record(standing: Standing, review: Review) -> ReviewRecord:
    engagement = standing.engagement
    review.engagement = engagement
    minutes = minutes_of(review)
    closed = minutes is not None and minutes.closed_at is not None
    return ReviewRecord(
        title=review.title,
        on=date_of(review),
        starts=moment_of(review),
        place=review.place,
        held=closed,
        closed_at=minutes.closed_at if minutes else None,
        closed_by=minutes.closed_by_name if minutes else "",
        content_hash=minutes.content_hash if minutes else "",
        text=minutes.text if minutes and closed else "",
        also_there=minutes.also_there if minutes and closed else "",
        agenda=tuple(review.agenda),
        decisions=tuple(
            Decision.objects.filter(engagement=engagement, review=review).values_list("text", flat=True)
        )
        if closed
        else (),
        chairs=tuple(
            Chair(
                in_a_sentence(ParticipantRole(chair.role).label),
                chair.side,
                " or ".join(chair.holders),
                chair.name if closed else "",
                closed and chair.substitute,
            )
            for chair in attendance_of(review, minutes, people_of(engagement))
        ),
    )


def _actions(engagement: Engagement, review: Review, standing: Standing) -> tuple[Action, ...]:
    """The action plan as it stands: none before the minutes are closed."""
    return tuple(
        Action(one.text, one.owner.name, one.owner.side, one.due_on, _state(one, standing))
        for one in actions_of(engagement).filter(review=review)
    )


def _state(action: ActionItem, standing: Standing) -> str:
    if action.done_on:
        return "done"
    if action.dropped_at:
        return "dropped"
    return "late" if action.due_on < standing.today else "open"
