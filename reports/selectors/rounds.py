"""What the rounds of a day rest on: who is due, what was told, who has read it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, models

from accounts.roles import Side
from common import clock
from common.days import local_date
from engagements.models import Engagement
from engagements.selectors import brief_in_force, calling_hours
from kpis import selectors as kpis
from reports.evenings import MORNING, DayFacts, Figures, Weeks, is_unread, newest, next_week, weekday_of
from reports.models import Deliverable, ReportReading, ReportSubscription
from reports.selectors.evening import figures
from reports.snapshots import DayRate, Kind, Told

LOOK_BACK = 100  # newest days that are looked at again
UNREAD_DAYS = 7


@dataclass(frozen=True)
class Round:
    """A round that is due, and the subscriber in whose name it is held."""

    engagement_id: int
    user_id: int
    organisation_id: int
    day: date
    slot: str


@dataclass(frozen=True)
class Reader:
    """Somebody with reports to be sent; `number` counts the mails of that date."""

    user_id: int
    organisation_id: int
    day: date
    number: int


def rounds_due(now: datetime) -> list[Round]:
    """Which rounds are due now, whatever the context: ids alone, from the one door for it. Only the worker may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.report_rounds(%s, %s::time)", [now, MORNING.isoformat()])
        return [Round(*row) for row in cursor.fetchall()]


def readers_due(now: datetime) -> list[Reader]:
    """Whom reports wait for, all of whose engagements have come to their evening. Only the worker may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.report_readers(%s, %s::time)", [now, MORNING.isoformat()])
        return [Reader(*row) for row in cursor.fetchall()]


def weekday(engagement: Engagement) -> int:
    """The weekday of the week's summary, 1 is Monday. One query at most."""
    if engagement.weekly_on:
        return engagement.weekly_on
    hours = calling_hours(brief_in_force(engagement))
    called = {day + 1 for region in hours for day, spans in region.days.items() if spans}
    return weekday_of(None, called, engagement.work_weekdays)


def weeks(engagement: Engagement) -> Weeks:
    """What decides which days the next summary of a week is about. Two queries at most."""
    told = Deliverable.objects.filter(engagement=engagement, about__isnull=False).aggregate(
        until=models.Max("about", filter=models.Q(kind=Kind.WEEKLY)),
        since=models.Min("about", filter=models.Q(kind=Kind.DAILY)),
    )
    return Weeks(weekday(engagement), engagement.launch_on, told["until"], told["since"])


def next_summary(engagement: Engagement, found: Weeks) -> tuple[date, date]:
    """The first and last day that the next summary of a week will be about."""
    evening = newest(engagement.report_at, engagement.zone, clock.now()) + timedelta(days=1)
    return next_week(evening, found)


def day_facts(engagement: Engagement, day: date) -> DayFacts:
    """What decides which reports the evening of a day brings. Four queries at most."""
    found = kpis.funnel(engagement, day, day)
    return DayFacts(
        day=day,
        number=engagement.calendar.day_of(day),
        launch=engagement.launch_on,
        cleared=engagement.cleared,
        works=engagement.work.works(day),
        has_calls=found.days_with_data > 0,
        weeks=weeks(engagement),
    )


def told_days(engagement: Engagement) -> dict[date, tuple[Told, Figures]]:
    """What the newest report of each of the last days says, without the rest of its snapshot. One query."""
    rows = (
        Deliverable.objects.filter(engagement=engagement, kind=Kind.DAILY)
        .order_by("-about", "-version")
        .distinct("about")
        .values_list(
            "about", "version", "snapshot__generated_at", "snapshot__evening__counts", "snapshot__evening__rates"
        )[:LOOK_BACK]
    )  # fmt: skip
    found: dict[date, tuple[Told, Figures]] = {}
    for about, *row in rows:
        if about is not None and about not in found:
            told = _told(*row)
            found[about] = told, figures(told.counts, told.rates)
    return found


def told_weeks(engagement: Engagement) -> dict[tuple[date, date], Told]:
    """What the newest summary of each of the last weeks says, by its first and last day. One query."""
    rows = (
        Deliverable.objects.filter(engagement=engagement, kind=Kind.WEEKLY)
        .order_by("-about", "-version")
        .distinct("about")
        .values_list(
            "about", "snapshot__first", "version", "snapshot__generated_at", "snapshot__evening__counts",
            "snapshot__evening__rates",
        )[:LOOK_BACK]
    )  # fmt: skip
    found: dict[tuple[date, date], Told] = {}
    for about, first, *row in rows:
        if about is not None:
            found.setdefault((date.fromisoformat(first), about), _told(*row))
    return found


def _told(version: int, at: str, counts: list[int | None], rates: list[dict[str, object]]) -> Told:
    made = tuple(DayRate(**rate) for rate in rates)  # type: ignore[arg-type]
    return Told(version, datetime.fromisoformat(at), tuple(counts), made)


def reports_of(engagement: Engagement) -> models.QuerySet[Deliverable]:
    """Daily and weekly reports, the newest first, without their snapshots, with who read them. Two queries."""
    return (
        Deliverable.objects.filter(engagement=engagement, about__isnull=False)
        .defer("snapshot")
        .select_related("job")
        .prefetch_related("readings")
        .order_by("-about", "-kind", "-version")
    )


@dataclass(frozen=True)
class Unread:
    """A report that nobody of a side had read by the noon after it."""

    report: Deliverable
    side: Side
    organisation: str


def unread_of(engagements: Iterable[Engagement]) -> dict[int, list[Unread]]:
    """For each engagement and side the newest day that nobody of it read in time, of the last week. One query.

    Reading any version of a day is reading it; a new version that nobody read counts again.
    """
    by_id = {engagement.pk: engagement for engagement in engagements}
    reports = _newest_since(unread_since()).filter(engagement__in=list(by_id))
    told = ((one, one.engagement_id, one.created_at, one.read_by) for one in reports)
    found: dict[int, list[Unread]] = {pk: [] for pk in by_id}
    for report, side in _unread(told, {pk: each.zone for pk, each in by_id.items()}):
        engagement = by_id[report.engagement_id]
        found[engagement.pk].append(Unread(report, side, engagement.organisation_of(side).name))
    return found


def reports_for(user: int, since: date) -> models.QuerySet[Deliverable, dict[str, Any]]:
    """The newest report of each day of the engagements whose reports a person has subscribed to, and who read it."""
    subscribed = ReportSubscription.objects.filter(user=user).values("engagement")
    asked = _newest_since(since).filter(engagement__in=subscribed)
    rows: models.QuerySet[Deliverable, dict[str, Any]] = asked.values(*NEEDED, "engagement_id", "read_by")
    return rows


def unread_among(
    rows: Iterable[dict[str, Any]], zones: Mapping[int, str]
) -> Iterator[tuple[Deliverable, Side]]:
    """As `unread_of` says, of such reports (`reports_for`) as JSON tells them. No query."""
    told = (
        (row, row["engagement_id"], datetime.fromisoformat(row["created_at"]), row["read_by"]) for row in rows
    )
    for row, side in _unread(told, zones):
        needed = {name: row[name] for name in (*NEEDED, "engagement_id")}
        yield Deliverable(**{**needed, "created_at": datetime.fromisoformat(row["created_at"])}), side


def unread_since() -> date:
    """The first of the days of which it matters that nobody read their report."""
    return clock.now().date() - timedelta(days=UNREAD_DAYS)


# What is told of a report that nobody has read.
NEEDED = ("public_id", "kind", "version", "about", "label", "created_at")


def _newest_since(since: date) -> models.QuerySet[Deliverable, Any]:
    readers = ReportReading.objects.filter(deliverable=models.OuterRef("pk")).values("by_side")
    return (
        Deliverable.objects.filter(kind=Kind.DAILY, about__gte=since)
        .only("engagement", *NEEDED)
        .annotate(read_by=ArraySubquery(readers))
        .order_by("engagement", "-about", "-version")
        .distinct("engagement", "about")
    )


def _unread[Report](
    reports: Iterable[tuple[Report, int, datetime, list[str]]], zones: Mapping[int, str]
) -> Iterator[tuple[Report, Side]]:
    """Of reports with their engagement, when they were made and who read them, those that nobody read in time."""
    now = clock.now()
    known: set[tuple[int, Side]] = set()
    for report, pk, created_at, readers in reports:
        sides = [side for side in Side if (pk, side) not in known and side not in readers]
        made_on = local_date(created_at, zones[pk]) if sides else now.date()
        for side in sides:
            if is_unread(made_on, zones[pk], now, readers, side):
                known.add((pk, side))
                yield report, side
