"""The clock, and who acts: what every chapter of the demo's story stands on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import User
from accounts.roles import ParticipantRole
from accounts.seat import Seat
from common import clock
from common.days import SETUP_DAYS, Calendar
from engagements.access import seat_for
from engagements.models import Engagement
from milestones.models import PlaybookVersion
from tenancy import context, jobs

from ..cast import Person
from ..plot import Script

ADDRESS = "127.0.0.1"
LAST_HOUR = 12  # until which people act on the last day of a story that goes on


def by_now(moment: datetime, now: datetime) -> datetime:
    """The same moment on any day before; today as much earlier as it takes for all of the day to be over by now."""
    if moment.date() != now.date():
        return moment
    midnight = datetime.combine(now.date(), time(0), now.tzinfo)
    share = min((now - midnight) / timedelta(hours=LAST_HOUR), 1.0)
    return min(midnight + (moment - midnight) * share, now)


class Scene:
    """One engagement on a moved clock. Every step acts as the person who would do it."""

    def __init__(
        self, script: Script, *, kickoff: date, users: Mapping[Person, User], now: datetime | None = None
    ) -> None:
        self.script = script
        self.users = users
        self.zone = ZoneInfo(script.behaviour.zone)
        self.now = now.astimezone(self.zone) if now else None
        self.calendar = Calendar.contracted(kickoff)
        self.latest: datetime | None = None
        self.unsaid = list(script.said)
        self.held = 0  # days by which the end of setup came later than day 10
        self.team = {**script.operator_team, **script.client_team}
        self.manager = script.operator_team[ParticipantRole.CAMPAIGN_MANAGER]
        self.supervisor = script.operator_team[ParticipantRole.SUPERVISOR]
        self.qa_lead = script.operator_team[ParticipantRole.QA_LEAD]
        self.client = script.client_team[ParticipantRole.CLIENT_LEAD]
        self.engagement: Engagement
        self.playbook: PlaybookVersion | None = None  # the operator's own, where it starts with one

    @contextmanager
    def at(self, day: int, hour: int) -> Iterator[None]:
        """Stop the clock at an hour of a day of the engagement, in its own zone.

        Day 10 of a launch that was held is the last of its days; what lies beyond now comes before it. The clock never
        goes back: what is told later happens later, if only at the same moment.
        """
        on = self.calendar.date_of(day) + timedelta(days=self.held if day == SETUP_DAYS else 0)
        moment = datetime.combine(on, time(hour), self.zone)
        if self.now:
            moment = by_now(moment, self.now)
        self.latest = max(moment, self.latest or moment)
        with clock.stopped_at(self.latest):
            yield

    @contextmanager
    def acting(self, person: Person) -> Iterator[Seat]:
        user = self.users[person]
        with context.entered(user_id=user.pk, engagement_id=self.engagement.pk):
            yield seat_for(user, self.engagement, ADDRESS)

    def _run(self, job_id: int | None) -> None:
        state = jobs.run(job_id) if job_id else None
        if state != "done":
            raise RuntimeError(f"Job {job_id} of {self.script.campaign} ended as {state}.")
