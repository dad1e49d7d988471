"""The sample: day 34 of one engagement of the demo, told to an organisation that stands in it itself."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from engagements.access import take_seat
from engagements.models import Engagement, Participant
from engagements.services import Owner, join_sample, name_substitute, open_sample, send_home
from milestones import services as milestones
from milestones.playbook import USUAL
from reports.snapshots import Kind
from tenancy.models import Job, JobState

from .cast import CALEB, HARBOUR, NORTHLINE, SIDE_OF, Person
from .plot import Script
from .scripts import SPRING, spring
from .story import Story

DAY = 34
DIALS_A_DAY = 140  # half of the demo's: enough to judge by, and made in seconds
PAPERS = frozenset({Kind.DAY_10, Kind.DAY_30})


def play_sample(*, by: Seat, side: Side, public_id: UUID, now: datetime) -> Engagement:
    """Open the sample of the actor's organisation and play it to its newest day; all in the running transaction."""
    script = told_of(by.organisation.name, side)
    today = now.astimezone(ZoneInfo(script.behaviour.zone)).date()
    story = SampleStory(script, kickoff=today - timedelta(days=DAY - 1), users={}, now=now)
    story.begin(-4, by, side, public_id)
    story.pass_setup()
    story.go_live()
    story.calibrate()
    story.hear_closers(28, spring.CLOSERS_SAY)
    story.work(27, 29)
    story.freeze()
    story.import_calls(34, 31, 33)
    story.tell_outcomes(34, CALEB, first=15, last=30)
    story.schedule(34, "week-4", time(10), "Video call, link in the calendar")
    story.hand_over(34, by)
    story.deliver(34, Kind.DAY_30, hour=12)
    story.sign_gate(34, story.other, gate=30, hour=12)
    story.go_home(by)
    return story.engagement


class SampleStory(Story):
    """A story between an organisation and one that is made up, with people who are all made up."""

    @property
    def lead(self) -> Person:
        """Who leads the side of whoever asked for the sample."""
        return self.manager if self.side is Side.OPERATOR else self.client

    @property
    def other(self) -> Person:
        """Who leads the other side."""
        return self.client if self.side is Side.OPERATOR else self.manager

    def begin(self, day: int, seat: Seat, side: Side, public_id: UUID) -> None:
        """Somebody real opens it; all that follows is done by those who are made up."""
        self.side = side
        with self.at(day, 10):
            self.engagement, people = open_sample(
                by=seat, public_id=public_id, campaign=self.script.campaign, side=side,
                other=self.script.client_name if side is Side.OPERATOR else self.script.operator_name,
                kickoff_on=self.calendar.kickoff, zone=self.script.behaviour.zone,
                owners=[self._owner(person, role, public_id) for role, person in self.team.items()],
            )  # fmt: skip
            self.users = {person: people[_address(person, public_id)] for person in self.team.values()}
            with self.acting(self.manager) as by:
                milestones.create_plan(engagement=self.engagement, by=by, playbook=USUAL)
                milestones.fill_owners(engagement=self.engagement, by=by)

    def deliver(self, day: int, kind: Kind, hour: int = 17) -> None:
        """Only what a gate is signed on: setting a paper is what takes longest."""
        if kind in PAPERS:
            super().deliver(day, kind, hour)

    def hand_over(self, day: int, seat: Seat) -> None:
        """Whoever asked for the sample leads it from here on, and stands in for who led it."""
        lead = self.lead
        role = next(role for role, person in self.team.items() if person is lead)
        with self.at(day, 12):
            own = take_seat(seat, self.engagement)
            joined = join_sample(
                engagement=self.engagement, by=own, owner=self._owner(lead, role, self.engagement.public_id)
            )
            with self.acting(lead) as by:
                left = Participant.objects.get(engagement=self.engagement, user=self.users[lead])
                name_substitute(engagement=self.engagement, by=by, participant=left, substitute=joined)

    def go_home(self, seat: Seat) -> None:
        """Nobody who is made up does anything from here on: one signature is missing at the gate ahead."""
        self._do_what_waits()
        send_home(organisation=seat.organisation)

    def _do_what_waits(self) -> None:
        """The work that was asked for on the way; what is left of it nobody could do any more."""
        waiting = Job.objects.filter(engagement_id=self.engagement.pk, state=JobState.QUEUED)
        with clock.stopped_at(self.latest or clock.now()):
            for job_id in (
                waiting.filter(queued_at__lte=clock.now()).order_by("pk").values_list("pk", flat=True)
            ):
                self._run(job_id)
        Job.objects.filter(engagement_id=self.engagement.pk, state=JobState.QUEUED).delete()

    @staticmethod
    def _owner(person: Person, role: Any, public_id: UUID) -> Owner:
        return Owner(role, person.name, _address(person, public_id), SIDE_OF[person.organisation])


def _address(person: Person, public_id: UUID) -> str:
    """An address that no mail reaches, and that nobody else of any other sample has."""
    return f"{person.email.partition('@')[0]}@{public_id.hex[-8:]}.sample.invalid"


def told_of(organisation: str, side: Side) -> Script:
    """The script with this organisation in it, on its side."""
    names = (
        {NORTHLINE: organisation}
        if side is Side.OPERATOR
        else {HARBOUR: organisation, "Harbour": organisation}
    )
    told = cast(Script, _told(SPRING, names))
    return replace(
        told,
        behaviour=replace(told.behaviour, dials_a_day=DIALS_A_DAY),
        # What somebody writes for their own side alone stands in their organisation's own trail, which stays.
        said=tuple(said for said in told.said if not said.private),
    )


def _told(told: Any, names: Mapping[str, str]) -> Any:
    """The same with other names in all of its texts; who acts stays who it is."""
    match told:
        case Person():
            return told
        case str():
            for old, new in names.items():
                told = told.replace(old, new)
            return told
        case tuple() | list():
            return type(told)(_told(each, names) for each in told)
        case dict():
            return {key: _told(each, names) for key, each in told.items()}
    if is_dataclass(told) and not isinstance(told, type):
        return replace(told, **{each.name: _told(getattr(told, each.name), names) for each in fields(told)})
    return told
