"""The demo's agreements: engagement, plan, brief, dates, words."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from django.db import connection
from django.urls import reverse

from accounts.branding import change_brand
from accounts.models import Membership, Organisation, User
from accounts.roles import OrganisationRole, Side
from accounts.seat import Seat
from accounts.services import accept_invitation, change_role
from common import clock
from common.hashing import token_hash
from engagements.models import CampaignBrief
from engagements.rules import BriefContent
from engagements.selectors import brief_content, current_brief
from engagements.services import (
    Owner,
    comments,
    create_engagement,
    mask_agents,
    name_substitute,
    propose_brief,
    save_brief,
    sign_brief,
)
from engagements.terms import STANDARD_METRICS, MetricContract, term_of
from milestones import services as milestones
from milestones.models import DateProposal, Gate, Milestone, ReadinessCheck
from milestones.playbook import USUAL
from milestones.selectors import standing_of
from milestones.selectors.dates import item_dates, open_proposals
from tenancy import context
from tenancy.models import Job, JobState

from ..cast import SIDE_OF, Person
from ..marks import COLOURS, logo_of
from ..own_playbook import next_draft, published_playbook
from ..plot import DateWish, Said
from .scene import ADDRESS, Scene

PLACES: dict[str, type[Milestone | Gate | ReadinessCheck]] = {
    "milestone": Milestone,
    "gate": Gate,
    "check": ReadinessCheck,
}


class Agreement(Scene):
    """What both sides agree: the engagement, its plan and its brief, dates that move, and what is said."""

    def prepare_playbook(self, day: int, seat: Seat) -> None:
        """The operator's own playbook, published before the engagement is opened with it."""
        with self.at(day, 9), context.entered(user_id=seat.user.pk):
            self.playbook = published_playbook(seat)

    def improve_playbook(self, day: int, seat: Seat) -> None:
        """The draft of its next version: what runs keeps the one that it started with."""
        with self.at(day, 16), context.entered(user_id=seat.user.pk):
            if self.playbook:
                next_draft(self.playbook, seat)

    def open(self, day: int, seat: Seat, side: Side = Side.OPERATOR) -> None:
        """Somebody opens the engagement for their side; everybody invited comes in; the owners are filled in."""
        tokens: list[str] = []
        with self.at(day, 10), context.entered(user_id=seat.user.pk):
            self.engagement, opened = create_engagement(
                by=seat, campaign=self.script.campaign, side=side,
                other=self._other(side), kickoff_on=self.calendar.kickoff,
                zone=self.script.behaviour.zone, owners=self._owners(), link_to=_kept(tokens),
            )  # fmt: skip
            key = str(self.playbook.public_id) if self.playbook else USUAL
            milestones.create_plan(engagement=self.engagement, by=opened, playbook=key)
        with self.at(day, 11):
            for token in tokens:
                accept_invitation(token=token, user=self._invited(token), address=ADDRESS)
            with self.acting(self.manager) as by:
                milestones.fill_owners(engagement=self.engagement, by=by)

    def promote(self, day: int, person: Person, *, by: Person) -> None:
        """Somebody who has come in gets the role in the organisation that the cast names, by an administrator."""
        with self.at(day, 12):
            seat = seat_in_organisation(self.users[by])
            with context.entered(user_id=seat.user.pk):
                membership = Membership.objects.select_related("organisation").get(user=self.users[person])
                change_role(by=seat, membership=membership, role=person.role)

    def show_brand(self, day: int, *administrators: Person) -> None:
        """Administrators give their organisations a colour and a logo."""
        for person in administrators:
            with self.at(day, 13):
                seat = seat_in_organisation(self.users[person])
                with context.entered(user_id=seat.user.pk):
                    change_brand(
                        by=seat, colour=COLOURS[person.organisation], logo=logo_of(person.organisation)
                    )

    def lock(self, day: int, *people: Person) -> None:
        for person in people:
            with self.at(day, 14), self.acting(person) as by:
                milestones.lock_plan(
                    engagement=self.engagement, by=by, seen=standing_of(self.engagement).digest
                )

    def draft_brief(self, day: int) -> None:
        metrics = [_with_target(metric, self.script.targets) for metric in STANDARD_METRICS]
        with self.at(day, 11), self.acting(self.manager) as by:
            save_brief(
                engagement=self.engagement, by=by, content=BriefContent(self.script.terms, metrics), seen=""
            )

    def sign_brief(self, day: int, *people: Person) -> None:
        for person in people:
            with self.at(day, 15), self.acting(person) as by:
                brief = CampaignBrief.objects.filter(engagement=self.engagement).latest("version")
                sign_brief(engagement=self.engagement, by=by, version=brief.version, seen=brief.content_hash)

    def revise_brief(self, day: int, *, remark: str) -> None:
        """The campaign manager writes the next version, says why beside the term, and asks both sides to sign."""
        with self.at(day, 11), self.acting(self.manager) as by:
            current = current_brief(self.engagement)
            old = brief_content(current)
            content = replace(old, terms={**old.terms, **self.script.revised})
            written = save_brief(
                engagement=self.engagement,
                by=by,
                content=content,
                seen=current.content_hash if current else "",
            )
            for key in self.script.revised:
                place = comments.Place(title=term_of(key).label)
                comments.say(
                    engagement=self.engagement, by=by, about=f"brief:{key}", text=remark, place=place
                )
            propose_brief(
                engagement=self.engagement, by=by, version=written.version, seen=written.content_hash
            )

    def substitute(self, day: int, person: Person, other: Person) -> None:
        """Somebody names who stands in for them."""
        with self.at(day, 12), self.acting(person) as by:
            people = {each.user_id: each for each in self.engagement.participants.filter(ended_at=None)}
            name_substitute(
                engagement=self.engagement, by=by, participant=people[self.users[person].pk],
                substitute=people[self.users[other].pk],
            )  # fmt: skip

    def propose(self, day: int, person: Person, item: str, wish: DateWish, *, later: int) -> DateProposal:
        """Somebody proposes that a locked date comes some days later."""
        with self.at(day, 15), self.acting(person) as by:
            page = item_dates(standing_of(self.engagement), item)
            if page is None:
                raise RuntimeError(f"The plan of {self.script.campaign} holds no {item}.")
            return milestones.propose_date(
                engagement=self.engagement, by=by, item=item, to_on=page.forecast + timedelta(days=later),
                reason=wish.reason, side=wish.side,
            )  # fmt: skip

    def accept(self, day: int, person: Person, proposal: DateProposal) -> None:
        """The other side accepts it."""
        with self.at(day, 17), self.acting(person) as by:
            listed = {each.proposal.pk: each.digest for each in open_proposals(standing_of(self.engagement))}
            milestones.accept_date(proposal=proposal, by=by, seen=listed[proposal.pk])

    def talk(self, day: int) -> None:
        """Everything is said that people have to say until this day."""
        while self.unsaid and self.unsaid[0].day <= day:
            self._say(self.unsaid.pop(0))

    def _say(self, said: Said) -> None:
        """Somebody says something at a place ("plan", "milestone:crm-link", "gate:day-30"); mentions go out."""
        about, text, private = said.about, said.text, said.private
        kind, _, code = about.partition(":")
        with self.at(said.day, said.hour):
            with self.acting(said.person) as by:
                path = [self.engagement.public_id]
                title, key = "Plan", about
                if code:
                    item = PLACES[kind].objects.get(engagement=self.engagement, code=code)
                    path.append(item.public_id)
                    title, key = item.title, about if kind == "gate" else f"{kind}:{item.public_id}"
                page = reverse(f"milestones:{kind}", args=path)
                comments.say(
                    engagement=self.engagement, by=by, about=key, text=text, private=private,
                    place=comments.Place(page, title),
                )  # fmt: skip
                told = list(Job.objects.filter(handler=comments.HANDLER, state=JobState.QUEUED))
            for job in told:
                self._run(job.pk)

    def mask_agents(self, day: int) -> None:
        with self.at(day, 9), self.acting(self.manager) as by:
            mask_agents(engagement=self.engagement, by=by, masked=True)

    def _owners(self) -> list[Owner]:
        return [
            Owner(role, person.name, person.email, SIDE_OF[person.organisation])
            for role, person in self.team.items()
        ]

    def _other(self, side: Side) -> Organisation | str:
        """The other organisation as this one knows it already, or its name when this is their first engagement."""
        name = self.script.client_name if side is Side.OPERATOR else self.script.operator_name
        return Organisation.objects.filter(name=name).first() or name

    def slip(self, day: int) -> None:
        """On the eve of the launch something still fails: the operator moves the launch, the client takes note.

        From here on day 10 is the last of the held days, and every later day hangs on the new launch.
        """
        slipped = self.script.slipped
        if slipped is None:
            return
        launch = self.calendar.launch + timedelta(days=slipped.days)
        with self.at(day, 17), self.acting(self.manager) as by:
            milestones.move_launch(
                engagement=self.engagement, by=by, launch=launch, reason=slipped.reason, side=slipped.side
            )
        with self.at(day, 18), self.acting(self.client) as by:
            proposal = DateProposal.objects.get(engagement=self.engagement, in_effect=True)
            milestones.accept_date(proposal=proposal, by=by)
            self.engagement.refresh_from_db()
        self.calendar, self.held = self.calendar.with_launch(launch), slipped.days

    def _invited(self, token: str) -> User:
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM app.find_invitation(%s, %s)", [token_hash(token), clock.now()])
            email = cursor.fetchone()[0]
        return next(user for user in self.users.values() if user.email == email)


def seat_in_organisation(user: User) -> Seat:
    """Somebody's seat in their own organisation, which they have founded or come into."""
    with context.entered(user_id=user.pk):
        membership = Membership.objects.select_related("organisation").get(user=user)
    return Seat(user, membership.organisation, OrganisationRole(membership.role), ADDRESS)


def _with_target(metric: MetricContract, targets: Mapping[str, str]) -> MetricContract:
    target = targets.get(metric.key)
    return replace(
        metric,
        target=Decimal(target) if target else None,
        source_system="Dialer export",
        dispute_rule="The dialer’s export counts; who disputes it says so within five working days.",
    )


def _kept(tokens: list[str]) -> Callable[[str], str]:
    def link_to(token: str) -> str:
        tokens.append(token)
        return f"http://127.0.0.1/invitation/{token}/"

    return link_to
