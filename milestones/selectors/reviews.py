"""What the pages of reviews read: which is next, what was decided, what is still to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet

from common.hashing import content_hash
from engagements.masking import Mask
from engagements.models import Engagement, Participant
from kpis.qa.coverage import Coverage, launch_gaps, meter_text, together, too_few
from kpis.qa.transfers import TransferMeter
from kpis.selectors import qa
from kpis.selectors.breaches import breaches
from kpis.selectors.patterns import Patterns, patterns
from kpis.selectors.transfers import supervised_days, transfer_meter
from kpis.selectors.windows import Totals, totals
from milestones.models import ActionItem, Decision, Minutes, Review, ReviewKind
from milestones.rules.reviews import Attendee, ClosingFacts, HeldFacts, days_looked_at, starts_at
from milestones.selectors.standing import Standing

CLIENT_ROLES = frozenset({"client_lead", "closer_lead", "executive"})


def date_of(review: Review) -> date:
    """The one place that says on which date a review is: when it was held, else the appointment that was made for it,
    else its date in the plan, as both sides may have moved it by agreement.
    """
    return review.held_on or review.planned_on or review.forecast_on


def moment_of(review: Review) -> datetime | None:
    """When it starts, in the engagement's zone; None while it has no time."""
    if review.starts is None:
        return None
    return starts_at(date_of(review), review.starts, review.engagement.zone)


def state_of(review: Review, on: date, today: date) -> str:
    """done, cancelled, late, due (today) or planned."""
    if review.held_on:
        return "done"
    if review.cancelled_at:
        return "cancelled"
    if on < today:
        return "late"
    return "due" if on == today else "planned"


@dataclass(frozen=True)
class ReviewRow:
    """One review as a list shows it."""

    review: Review
    on: date
    at: datetime | None
    state: str


def rows_of(standing: Standing) -> list[ReviewRow]:
    """Every review of an engagement in the order of its dates. One query."""
    found = Review.objects.filter(engagement=standing.engagement)
    return sorted((_row(review, standing) for review in found), key=lambda row: (row.on, row.review.pk))


def _row(review: Review, standing: Standing) -> ReviewRow:
    review.engagement = standing.engagement
    on = date_of(review)
    return ReviewRow(review, on, moment_of(review), state_of(review, on, standing.today))


def next_of(rows: Sequence[ReviewRow]) -> ReviewRow | None:
    """The review that is due next; one that was forgotten comes before the others."""
    return next((row for row in rows if not row.review.held_on and not row.review.cancelled_at), None)


def actions_of(engagement: Engagement) -> QuerySet[ActionItem]:
    """Every action of closed reviews with its owner, its review and how often it carried over (`times`). One query."""
    return (
        ActionItem.objects.filter(engagement=engagement, review__held_on__isnull=False)
        .select_related("owner__substitute", "review")
        .annotate(times=Count("carried"))
        .order_by("due_on", "pk")
    )


def open_actions(engagement: Engagement) -> QuerySet[ActionItem]:
    """The actions that nobody has done and nobody has dropped."""
    return actions_of(engagement).filter(done_on=None, dropped_at=None)


def open_actions_of(engagements: Iterable[int]) -> QuerySet[ActionItem]:
    """The open actions of many engagements, by their ids. One query."""
    found = ActionItem.objects.filter(engagement__in=list(engagements), review__held_on__isnull=False)
    return found.filter(done_on=None, dropped_at=None).select_related("owner__substitute")


def next_reviews(standings: Sequence[Standing]) -> dict[int, ReviewRow]:
    """The next review of each engagement that has one ahead, by the engagement's id. One query."""
    by_id = {standing.engagement.pk: standing for standing in standings}
    ahead = Review.objects.filter(engagement__in=list(by_id), held_on=None, cancelled_at=None)
    rows: dict[int, list[ReviewRow]] = {}
    for review in ahead:
        rows.setdefault(review.engagement_id, []).append(_row(review, by_id[review.engagement_id]))
    return {pk: min(own, key=lambda row: (row.on, row.review.pk)) for pk, own in rows.items()}


def minutes_of(review: Review) -> Minutes | None:
    return Minutes.objects.filter(engagement=review.engagement_id, review=review).first()


def period_of_review(standing: Standing, review: Review) -> tuple[date, date] | None:
    """The dates that a review looks at, as far as they have come; None while there is nothing to look at.

    One query for a review of a rhythm, which goes on where the last one ended.
    """
    found = Review.objects.filter(engagement=standing.engagement, held_on__isnull=False)
    rhythm = review.kind != ReviewKind.DAY
    held = found.values_list("kind", "held_on") if rhythm else ()
    return days_looked_at(
        review.kind,
        review.day,
        on=date_of(review),
        today=standing.today,
        calendar=standing.calendar,
        held=[HeldFacts(kind, on) for kind, on in held if on],
    )


def attendance_of(
    review: Review, minutes: Minutes | None, people: Sequence[Participant]
) -> tuple[Attendee, ...]:
    """The chairs of a review with who sat in them, as the draft has it; an empty one where nothing is written yet."""
    written = {chair["role"]: str(chair["name"]) for chair in (minutes.attendance if minutes else [])}
    return tuple(
        Attendee(
            role=role,
            side="client" if role in CLIENT_ROLES else "operator",
            name=written.get(role, ""),
            holders=tuple(person.name for person in people if person.role == role),
        )
        for role in review.attendee_roles
    )


def people_of(engagement: Engagement) -> list[Participant]:
    """Who takes part now, by side, role and name."""
    return list(Participant.objects.filter(engagement=engagement, ended_at=None))


def closing_facts(
    standing: Standing,
    review: Review,
    minutes: Minutes | None,
    held_on: date | None,
    people: Sequence[Participant] | None = None,
) -> ClosingFacts:
    """All that decides whether this review may be closed as held; `people` where they have been read."""
    return ClosingFacts(
        title=review.title,
        code=review.code,
        day=review.day,
        of_a_day=review.kind == ReviewKind.DAY,
        closed=review.held_on is not None,
        cancelled=review.cancelled_at is not None,
        cleared=standing.engagement.cleared,
        calendar=standing.calendar,
        due=review.forecast_on,
        today=standing.today,
        held_on=held_on,
        text=minutes.text if minutes else "",
        attendance=attendance_of(
            review, minutes, people_of(standing.engagement) if people is None else people
        ),
        actions=ActionItem.objects.filter(engagement=standing.engagement, review=review).count(),
    )


def draft_digest(review: Review, minutes: Minutes | None) -> str:
    """Hash of all that closing freezes, as it stands: minutes, attendance, decisions and actions."""
    decisions = Decision.objects.filter(engagement=review.engagement_id, review=review).order_by("pk")
    actions = ActionItem.objects.filter(engagement=review.engagement_id, review=review).order_by("pk")
    return content_hash(
        {
            "review": review.code,
            "text": minutes.text if minutes else "",
            "attendance": minutes.attendance if minutes else [],
            "also": minutes.also_there if minutes else "",
            "decisions": list(decisions.values_list("text", flat=True)),
            "actions": [list(row) for row in actions.values_list("text", "owner_id", "due_on")],
        }
    )


@dataclass(frozen=True, slots=True)
class Meters:
    """How far listening and the log of transfers are, with what is missing; the calls outside of their windows, and the
    days of agents who dialled without being cleared.
    """

    sample: Coverage | None
    sample_text: str
    sample_gaps: tuple[str, ...]
    transfers: TransferMeter
    windows: Totals
    breaches: int


def meters_of(engagement: Engagement, until: date | None = None) -> Meters:
    """What the supervised launch is watched by; with `until` no day after it counts, as for a review of that day."""
    sample = qa.launch_sample(engagement)
    found = None
    if sample is not None:
        sample.engagement = engagement
        found = qa.meter(sample)
    first, last = supervised_days(engagement)
    last = min(last, until) if until else last
    seen = found.total if found else None
    gaps = tuple(launch_gaps(qa.launch_facts(engagement, found))) if found else ()
    if found and until:
        seen = together([row.coverage for row in found.days if row.day and row.day <= until])
        gaps = too_few(seen)
    uncleared = breaches(engagement).filter(calls__gt=0)
    return Meters(
        seen,
        meter_text(seen) if seen else "No sample of the first live days has been drawn.",
        gaps,
        transfer_meter(engagement, first, last),
        totals(engagement, first, last),
        (uncleared.filter(day__lte=until) if until else uncleared).count(),
    )


def patterns_of(standing: Standing, review: Review, mask: Mask) -> Patterns | None:
    """What the data show for the dates that a review looks at; None before there are any."""
    period = period_of_review(standing, review)
    return patterns(standing.engagement, *period, mask.by_code) if period else None
