"""The clock, and who acts: what every chapter of the demo's story stands on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import time_machine

from accounts.models import User
from accounts.roles import ParticipantRole
from accounts.seat import Seat
from common.days import Calendar
from engagements.access import seat_for
from engagements.models import Engagement
from milestones.models import PlaybookVersion
from tenancy import context, jobs

from ..cast import OPERATOR_TEAM, Person
from ..plot import Script

ADDRESS = "127.0.0.1"


class Scene:
    """One engagement on a moved clock. Every step acts as the person who would do it."""

    def __init__(self, script: Script, *, kickoff: date, users: Mapping[Person, User]) -> None:
        self.script = script
        self.users = users
        self.calendar = Calendar.contracted(kickoff)
        self.team = {**OPERATOR_TEAM, **script.client_team}
        self.manager = OPERATOR_TEAM[ParticipantRole.CAMPAIGN_MANAGER]
        self.client = script.client_team[ParticipantRole.CLIENT_LEAD]
        self.engagement: Engagement
        self.playbook: PlaybookVersion | None = None  # the operator's own, where it starts with one

    @contextmanager
    def at(self, day: int, hour: int) -> Iterator[None]:
        """Stop the clock at an hour of a day of the engagement, in its own zone."""
        moment = datetime.combine(
            self.calendar.date_of(day), time(hour), ZoneInfo(self.script.behaviour.zone)
        )
        with time_machine.travel(moment, tick=False):
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
