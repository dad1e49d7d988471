"""Short ways to subscribers, evenings and their mails."""

from collections.abc import Callable
from typing import Any

from accounts.models import User
from kpis.models import DailyFact
from reports import services, tasks
from reports.models import Deliverable
from reports.selectors.rounds import readers_due, rounds_due
from reports.snapshots import Kind
from tests.factories import Cast
from tests.kpis.scene import GOOD_DAY, day_of, sign_brief, write_facts, write_import
from tests.milestones.scene import as_person, on_day
from tests.stage import as_worker, backstage

Jobs = Callable[[], list[str]]
# Contacts of 20 ordinary days: they vary as chance does.
CONTACTS = (70, 66, 74, 69, 72, 68, 71, 73, 67, 70, 75, 65, 69, 71, 70, 72, 68, 70, 73, 67)


def live(cast: Cast, *days: int) -> None:
    """A launched campaign with calls on these days."""
    sign_brief(cast)
    if days:
        calls_of(cast, *days)


def calls_of(cast: Cast, *days: int) -> None:
    """Ordinary calls on these days, and the import that they came with."""
    for number, day in enumerate(days):
        contacts = CONTACTS[number % len(CONTACTS)]
        write_facts(cast, (GOOD_DAY[0], contacts, *GOOD_DAY[2:]), [day])
    write_import(cast, days, f"calls-{days[0]}.csv")


def change(cast: Cast, day: int, **counts: int) -> None:
    """The figures of a day are others now."""
    with backstage():
        DailyFact.objects.filter(engagement=cast.engagement, day=day_of(cast, day)).update(**counts)


def weekly_on(cast: Cast, weekday: int | None, day: int = 11, hour: int = 8) -> None:
    """The campaign manager has chosen the weekday of the week's summary."""
    by = cast.campaign_manager
    with on_day(day, hour=hour), as_person(cast, by):
        services.set_times(
            engagement=cast.engagement, by=cast.seat(by), at=cast.engagement.report_at, weekly_on=weekday
        )


def subscribe(cast: Cast, *users: User, cadence: str = "daily", day: int = 11, hour: int = 8) -> None:
    """These people have chosen to get the reports, on the morning of the launch unless told otherwise."""
    for user in users:
        with on_day(day, hour=hour), as_person(cast, user):
            services.choose(engagement=cast.engagement, by=cast.seat(user), cadence=cadence)


def beat(run_jobs: Jobs, turns: int = 2) -> list[str]:
    """What beat and the worker do in these minutes: rounds first, then mails about what they have made."""
    states: list[str] = []
    for _ in range(turns):
        with as_worker():
            tasks.evenings()
        states += run_jobs()
        states += run_jobs()  # the files of what the rounds have made
    return states


def reports(cast: Cast, kind: Kind = Kind.DAILY) -> list[Deliverable]:
    """The reports of one kind, the oldest first."""
    with backstage():
        return list(
            Deliverable.objects.filter(engagement=cast.engagement, kind=kind).order_by("about", "version")
        )


def due_rounds(now: Any) -> list[tuple[str, str]]:
    """Slot and day of each round that is due."""
    with as_worker():
        return [(each.slot, each.day.isoformat()) for each in rounds_due(now)]


def due_readers(now: Any) -> list[int]:
    """Whom a mail is due to."""
    with as_worker():
        return [each.user_id for each in readers_due(now)]
