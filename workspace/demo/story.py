"""The demo's engagements, played through the same services as real use, day by day on a moved clock."""

from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import time_machine
from django.db import connection
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.roles import ParticipantRole, Side
from accounts.seat import Seat
from accounts.services import accept_invitation, change_role
from common import clock
from common.days import LAST_DAY, Calendar
from common.hashing import token_hash
from engagements.access import seat_for
from engagements.clearance import CertificationKind
from engagements.models import Agent, CampaignBrief, Engagement
from engagements.models import Script as SpokenScript
from engagements.rules import BriefContent
from engagements.selectors import brief_content, current_brief
from engagements.services import (
    NewAgent,
    Owner,
    Result,
    add_agents,
    approve_script,
    certify,
    comments,
    create_engagement,
    mask_agents,
    name_substitute,
    propose_brief,
    save_brief,
    save_script,
    send_script,
    sign_brief,
    use_script,
)
from engagements.services.proofs import Proof
from engagements.terms import STANDARD_METRICS, MetricContract
from kpis.imports import service as imports
from kpis.models import Finding, ForwardPlan
from kpis.optimisation import scaling_blockers
from kpis.prices import Prices
from kpis.selectors import baseline as baseline_of
from kpis.selectors.breaches import breaches as found_breaches
from kpis.selectors.breaches import state_of
from kpis.selectors.optimisation import baseline_prices, computed, current_plan, scaling_facts
from kpis.selectors.windows import violation_days
from kpis.services import baseline, findings, forward, optimisation, windows
from kpis.services.breaches import answer_breaches, settle_breaches
from kpis.services.prices import set_prices
from milestones import services as milestones
from milestones.models import (
    DateProposal,
    Gate,
    GateEvent,
    Milestone,
    PlaybookVersion,
    ReadinessCheck,
    Review,
)
from milestones.playbook import USUAL
from milestones.rules.setup import COMPUTED
from milestones.selectors import standing_of
from milestones.selectors.dates import item_dates, open_proposals
from milestones.selectors.reviews import date_of, draft_digest, minutes_of, open_actions
from milestones.services import actions, reviews
from reports.services import request_deliverable
from reports.snapshots import Kind
from tenancy import context, jobs
from tenancy.models import Job, JobState

from . import listening
from .calls import Campaign, call_log
from .cast import OPERATOR_TEAM, SIDE_OF, Person
from .own_playbook import next_draft, published_playbook

ADDRESS = "127.0.0.1"
PLACES: dict[str, type[Milestone | Gate | ReadinessCheck]] = {
    "milestone": Milestone,
    "gate": Gate,
    "check": ReadinessCheck,
}


@dataclass(frozen=True)
class Answer:
    """What a campaign manager says to a metric below its target."""

    cause: str
    side: str
    action: str
    owner: ParticipantRole
    cleared: Mapping[str, str] = field(default_factory=dict)  # what was looked at on a side without a cause


@dataclass(frozen=True)
class Undertaken:
    """An action out of a review: done with this proof when it is due, or left open where there is none."""

    text: str
    owner: ParticipantRole
    days: int
    proof: str = ""


@dataclass(frozen=True)
class Meeting:
    """What was said, decided and undertaken in a review."""

    text: str
    decisions: tuple[str, ...] = ()
    actions: tuple[Undertaken, ...] = ()
    point: str = ""


@dataclass(frozen=True)
class DateWish:
    """Why a locked date should come later, and whose side that is on."""

    reason: str
    side: str


@dataclass(frozen=True)
class Noticed:
    """Something that QA noticed, answered twice because the first fix did not hold."""

    observation: str
    shown: str
    first: Answer
    reopened: str
    second: Answer
    confirmed: str


@dataclass(frozen=True)
class Script:
    """What distinguishes one engagement of the demo from another."""

    campaign: str
    client_name: str
    client_team: Mapping[ParticipantRole, Person]
    terms: Mapping[str, Any]
    targets: Mapping[str, str]
    behaviour: Campaign
    seed: int
    repaired: Campaign | None = None  # how it behaves after day 30, once the fixes work
    lift: tuple[int, float] | None = None  # from this day on the contact rate is so many times what it was
    proofs: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    revised: Mapping[str, Any] = field(default_factory=dict)  # terms that a next version of the brief changes
    meetings: Mapping[str, Meeting] = field(default_factory=dict)  # by the code of the review
    words: tuple[str, ...] = ()  # of the script, version by version
    stumbles: str = ""  # who fails the systems test at first
    late: frozenset[str] = frozenset()  # who dials before anybody has put them on the roster
    late_answer: tuple[str, str, str] = (
        "",
        "",
        "",
    )  # how that came about, what was done, what the client says
    failed_first: frozenset[str] = frozenset({"dialer-routing"})
    learned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # by side, then by subject
    changes: Mapping[str, str] = field(default_factory=dict)
    next_targets: Mapping[str, str] = field(default_factory=dict)
    next_steps: str = ""


ROUTINE = Meeting(
    "The figures were held against their targets and the open actions gone through, one by one."
)


class Story:
    """One engagement from its creation to a given day. Every step acts as the person who would do it."""

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

    def prepare_playbook(self, day: int, seat: Seat) -> None:
        """The operator's own playbook, published before the engagement is opened with it."""
        with self.at(day, 9), context.entered(user_id=seat.user.pk):
            self.playbook = published_playbook(seat)

    def improve_playbook(self, day: int, seat: Seat) -> None:
        """The draft of its next version: what runs keeps the one that it started with."""
        with self.at(day, 16), context.entered(user_id=seat.user.pk):
            if self.playbook:
                next_draft(self.playbook, seat)

    def open(self, day: int, seat: Seat) -> None:
        """The campaign manager opens the engagement; everybody invited comes in; the owners are filled in."""
        tokens: list[str] = []
        with self.at(day, 10), context.entered(user_id=seat.user.pk):
            self.engagement, opened = create_engagement(
                by=seat, campaign=self.script.campaign, side=Side.OPERATOR,
                other=self._client(), kickoff_on=self.calendar.kickoff,
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
        administrator = self.users[by]
        with self.at(day, 12), context.entered(user_id=administrator.pk):
            membership = Membership.objects.select_related("organisation").get(user=self.users[person])
            seat = Seat(administrator, membership.organisation, by.role, ADDRESS)
            change_role(by=seat, membership=membership, role=person.role)

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
                comments.say(engagement=self.engagement, by=by, about=f"brief:{key}", text=remark)
            propose_brief(
                engagement=self.engagement, by=by, version=written.version, seen=written.content_hash
            )

    def work(self, first: int, last: int, hour: int = 16) -> None:
        """Test and complete everything that falls due on these days, each by its owner."""
        for day in range(first, last + 1):
            with self.acting(self.manager):
                checks = list(ReadinessCheck.objects.filter(engagement=self.engagement, day=day))
                due = list(
                    Milestone.objects.filter(engagement=self.engagement, day=day, done_on=None).order_by(
                        "start_day", "pk"
                    )
                )
            for check in checks:
                self._test(check, day)
            for milestone in due:
                if milestone.code.startswith("review-"):
                    self.hold(day, milestone.code.removeprefix("review-"), hour=hour)
                    continue
                with self.at(day, hour), self.acting(self.team[ParticipantRole(milestone.owner_role)]) as by:
                    proof = self.script.proofs.get(
                        milestone.code, f"Done and shown to the other side: {milestone.evidence_asked}"
                    )
                    milestones.complete_milestone(
                        milestone=milestone, by=by, proof=milestones.Proof(text=proof)
                    )

    def hold(self, day: int, code: str, hour: int = 16) -> None:
        """Put a review on this day, finish what is due, and close its minutes."""
        meeting = self.script.meetings.get(code, ROUTINE)
        with self.at(day, hour):
            self._finish_actions()
            with self.acting(self.manager) as by:
                found = Review.objects.get(engagement=self.engagement, code=code)
                people = {p.role: p for p in self.engagement.participants.all()}
                if meeting.point:
                    reviews.add_point(review=found, by=by, text=meeting.point)
                reviews.save_minutes(
                    review=found, by=by, text=meeting.text, seen=0,
                    attended={role: people[role].name for role in found.attendee_roles},
                )  # fmt: skip
                for text in meeting.decisions:
                    reviews.add_decision(review=found, by=by, text=text)
                for action in meeting.actions:
                    due_on = clock.today(self.engagement.zone) + timedelta(days=action.days)
                    reviews.add_action(
                        review=found, by=by, text=action.text, owner=people[action.owner], due_on=due_on
                    )
                draft = minutes_of(found)
                today = clock.today(self.engagement.zone)
                reviews.close(review=found, by=by, held_on=today, seen=draft_digest(found, draft))

    def _finish_actions(self) -> None:
        """Whoever undertook something that is due by now has done it, but for what the script leaves open."""
        proofs = {
            a.text: a.proof for meeting in self.script.meetings.values() for a in meeting.actions if a.proof
        }
        with self.acting(self.manager):
            today = clock.today(self.engagement.zone)
            due = [(a, a.owner.role) for a in open_actions(self.engagement).filter(due_on__lte=today)]
        for action, role in due:
            if action.text in proofs:
                with self.acting(self.team[ParticipantRole(role)]) as by:
                    actions.finish(action=action, by=by, proof=proofs[action.text])

    def schedule(self, day: int, code: str, starts: time, place: str) -> None:
        """Put the next review on its own day at a time; whoever must attend is invited."""
        with self.at(day, 12), self.acting(self.manager) as by:
            found = Review.objects.get(engagement=self.engagement, code=code)
            found.engagement = self.engagement
            on = date_of(found)
            reviews.schedule(review=found, by=by, to=reviews.Appointment(on=on, starts=starts, place=place))

    def import_calls(
        self, day: int, first: int, last: int, hour: int = 8, of: tuple[int, int] | None = None
    ) -> None:
        """The supervisor's export of these days, read by the worker's code; `of` is the whole period."""
        behaviour = (first > 30 and self.script.repaired) or self.script.behaviour
        whole = of or (first, last)
        lift = self.script.lift
        log = call_log(
            behaviour,
            self.calendar.date_of(whole[0]),
            self.calendar.date_of(whole[1]),
            self.script.seed + whole[0],
            keep=(self.calendar.date_of(first), self.calendar.date_of(last)),
            lift=(self.calendar.date_of(lift[0]), lift[1]) if lift else None,
        )
        with self.at(day, hour):
            with self.acting(OPERATOR_TEAM[ParticipantRole.SUPERVISOR]) as by:
                batch, _ = imports.upload(
                    engagement=self.engagement, by=by, data=log, file_name=f"calls-day-{first}-to-{last}.csv"
                )
                batch = imports.start(batch=batch, by=by, preset="tollgate", source_zone=self.engagement.zone)
            self._run(batch.job_id)
            self._judge_windows()

    def _judge_windows(self) -> None:
        """What the worker does after an import: hold its calls against the calling windows."""
        with self.acting(self.manager):
            waiting = Job.objects.filter(
                engagement_id=self.engagement.pk, handler=windows.HANDLER, state=JobState.QUEUED
            )
            found = list(waiting.values_list("pk", flat=True))
        for job_id in found:
            self._run(job_id)

    def answer_windows(self, day: int, hour: int = 16) -> None:
        """The supervisor answers for the first day on which somebody was called outside of the window."""
        with self.at(day, hour), self.acting(OPERATOR_TEAM[ParticipantRole.SUPERVISOR]) as by:
            found = min(violation_days(self.engagement), key=lambda each: each.day)
            windows.answer_day(
                engagement=self.engagement, by=by, day=found.day, seen=found.violations, done_on=found.day,
                cause="The dialer’s first list went out by the clock of the server, nine minutes ahead of the hour.",
                action="The list now waits for nine o’clock in the lead’s own zone; the clock was set.",
            )  # fmt: skip

    def review(self, day: int, hour: int = 9) -> None:
        """Hold the numbers against the targets: the frozen baseline at day 30, the period later."""
        with self.at(day, hour), self.acting(self.manager) as by:
            if day == 30:
                baseline.freeze_baseline(engagement=self.engagement, by=by)
            else:
                baseline.review_targets(engagement=self.engagement, by=by, day=day)

    def answer(self, day: int, *, review: int, leave: frozenset[str] = frozenset(), hour: int = 11) -> None:
        """Give every finding of this review its root cause and a dated fix, but for those left open."""
        with self.at(day, hour), self.acting(self.manager) as by:
            people = {p.role: p for p in self.engagement.participants.all()}
            for finding in Finding.objects.filter(engagement=self.engagement, review_day=review):
                answer = self.script.answers.get(finding.metric_key)
                if answer is None or finding.metric_key in leave:
                    continue
                due_on = self.calendar.date_of(day) + timedelta(days=6)
                fix = findings.FixDraft(action=answer.action, owner=people[answer.owner], due_on=due_on)
                findings.answer(finding=finding, by=by, root_cause=answer.cause, side=answer.side, fix=fix)
                for side, looked in answer.cleared.items():
                    findings.answer(finding=finding, by=by, root_cause=looked, side=side, found=False)

    def deliver(self, day: int, kind: Kind, hour: int = 17) -> None:
        with self.at(day, hour):
            with self.acting(self.manager) as by:
                deliverable = request_deliverable(engagement=self.engagement, kind=kind, by=by)
            self._run(deliverable.job_id)

    def sign_gate(self, day: int, *people: Person, gate: int, hour: int = 18) -> None:
        for person in people:
            with self.at(day, hour), self.acting(person) as by:
                shut = Gate.objects.get(engagement=self.engagement, day=gate)
                milestones.sign_off(gate=shut, by=by, seen=shut.document_sha256)

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

    def about_gate(
        self, day: int, person: Person, verb: str, *, gate: int, hour: int = 18, **said: object
    ) -> None:
        """Something that a signer does about a gate besides signing it."""
        with self.at(day, hour), self.acting(person) as by:
            row = Gate.objects.get(engagement=self.engagement, day=gate)
            if verb in ("decline_gate", "send_back", "request_signatures"):
                said["seen"] = row.document_sha256
            getattr(milestones, verb)(gate=row, by=by, **said)

    def find(self, day: int, person: Person, text: str, *, gate: int) -> None:
        """Something comes out after a gate has passed; two days later the supervisor has settled it."""
        self.about_gate(day, person, "note_found", gate=gate, text=text)
        with self.at(day + 2, 15), self.acting(OPERATOR_TEAM[ParticipantRole.SUPERVISOR]) as by:
            found = GateEvent.objects.filter(gate__day=gate, engagement=self.engagement, kind="found").latest(
                "at"
            )
            text = "The queue was rebuilt; three test calls each reached a closer within 20 seconds."
            milestones.settle_found(found=found, by=by, text=text)

    def say(
        self, day: int, person: Person, about: str, text: str, *, private: bool = False, hour: int = 12
    ) -> None:
        """Somebody says something at a place ("plan", "milestone:crm-link", "gate:day-30"); mentions go out."""
        kind, _, code = about.partition(":")
        with self.at(day, hour):
            with self.acting(person) as by:
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

    def pass_setup(self) -> None:
        """Days 1 to 10, to the signed day-10 gate."""
        self.lock(1, self.manager, self.client)
        self.draft_brief(2)
        self.sign_brief(3, self.manager, self.client)
        self.work(1, 3)
        self.write_script(4, self.script.words[0])
        self.work(4, 6)
        self.approve_script(7)
        self.work(7, 7)
        self.put_on_roster(8, self._names - self.script.late)
        self.work(8, 8)
        self.certify(9, self._names - self.script.late, stumbles=self.script.stumbles)
        self.work(9, 10)
        self.deliver(10, Kind.DAY_10)
        self.sign_gate(10, self.manager, self.client, gate=10)

    @property
    def _names(self) -> frozenset[str]:
        """The dialer codes of everybody who dials for this campaign from its first day."""
        return frozenset(self.script.behaviour.agents)

    def write_script(self, day: int, text: str) -> None:
        """The campaign manager writes a version and sends it to the client."""
        with self.at(day, 11), self.acting(self.manager) as by:
            newest = SpokenScript.objects.filter(engagement=self.engagement).first()
            seen = newest.content_hash if newest else ""
            draft = save_script(engagement=self.engagement, by=by, text=text, seen=seen)
            send_script(script=draft, by=by, seen=draft.content_hash)

    def approve_script(self, day: int) -> None:
        with self.at(day, 10), self.acting(self.client) as by:
            script = SpokenScript.objects.filter(engagement=self.engagement).latest("version")
            approve_script(script=script, by=by, seen=script.content_hash)

    def use_script(self, day: int) -> None:
        """From this morning on everybody speaks the newest version."""
        with self.at(day, 8), self.acting(self.manager) as by:
            use_script(
                script=SpokenScript.objects.filter(engagement=self.engagement).latest("version"), by=by
            )

    def put_on_roster(self, day: int, codes: Collection[str], hour: int = 9) -> None:
        named = [NewAgent(code.replace(".", " ").title(), (code,)) for code in sorted(codes)]
        with self.at(day, hour), self.acting(OPERATOR_TEAM[ParticipantRole.SUPERVISOR]) as by:
            add_agents(engagement=self.engagement, by=by, agents=named, joined_on=self.calendar.date_of(day))

    def certify(
        self,
        day: int,
        codes: Collection[str],
        *,
        stumbles: str = "",
        kinds: Collection[CertificationKind] = tuple(CertificationKind),
    ) -> None:
        """Everybody passes these certifications; who stumbles fails the systems test at first."""
        assessors = {
            CertificationKind.PRODUCT: self.client,
            CertificationKind.SCRIPT: OPERATOR_TEAM[ParticipantRole.QA_LEAD],
            CertificationKind.SYSTEMS: OPERATOR_TEAM[ParticipantRole.SUPERVISOR],
        }
        for kind in kinds:
            with self.at(day, 17), self.acting(assessors[kind]) as by:
                agents = list(Agent.objects.filter(engagement=self.engagement, name__in=codes))
                version = SpokenScript.objects.filter(engagement=self.engagement).latest("version").version
                for place, agent in enumerate(agents):
                    result = Result(
                        kind, True, 84 + 3 * place, self.calendar.date_of(day), frozenset(kind.parts),
                        version=version if kind is CertificationKind.SCRIPT else None,
                    )  # fmt: skip
                    if agent.name == stumbles and kind is CertificationKind.SYSTEMS:
                        note = "Two of five calls got the wrong disposition in the CRM."
                        certify(agent=agent, by=by, result=replace(result, passed=False, score=60, note=note))
                    certify(agent=agent, by=by, result=result)

    def answer_breaches(self, day: int, cause: str, action: str, *, accepted: str = "") -> None:
        """The campaign manager answers what dialed uncleared; the client accepts where there are words for it."""
        with self.at(day, 10), self.acting(self.manager) as by:
            owed = [each for each in found_breaches(self.engagement) if state_of(each) == "open"]
            chosen = [each.public_id for each in owed]
            answer_breaches(
                engagement=self.engagement, by=by, chosen=chosen, cause=cause, action=action,
                done_on=self.calendar.date_of(day - 1),
            )  # fmt: skip
        if accepted:
            with self.at(day, 15), self.acting(self.client) as by:
                settle_breaches(
                    engagement=self.engagement, by=by, chosen=chosen, accepted=True, note=accepted
                )

    def admit_late(self, day: int) -> None:
        """Who dialed without being on the roster comes onto it and is certified; their calls are answered."""
        cause, action, accepted = self.script.late_answer
        self.put_on_roster(day, self.script.late, hour=16)
        self.certify(day, self.script.late)
        self.answer_breaches(day + 1, cause, action, accepted=accepted)

    def change_script(self, day: int, text: str, *, but: Collection[str] = ()) -> None:
        """The next version, from the draft to its use four days later; all but these are certified on it in time."""
        self.write_script(day, text)
        self.approve_script(day + 1)
        self.certify(day + 2, self._names - frozenset(but), kinds=[CertificationKind.SCRIPT])
        self.use_script(day + 4)

    def write_scorecard(self, day: int) -> None:
        """The QA lead writes by what calls are scored, and puts it in use."""
        with self.at(day, 9):
            listening.write_card(self.engagement, self.acting)

    def listen(self, day: int, hour: int = 15) -> None:
        """The sample of the first live days is drawn or topped up, and most of it heard."""
        with self.at(day, hour):
            listening.listen(self.engagement, self.acting, self.script.seed, self.client)

    def verify_transfers(self, day: int) -> None:
        """The supervisor says of every transfer of the supervised launch what was seen."""
        with self.at(day, 15):
            listening.verify(self.engagement, self.acting)

    def to_the_baseline(self, *, leave: frozenset[str] = frozenset()) -> None:
        """Days 11 to 30: calls, the frozen baseline, and findings answered but for those left open."""
        self.write_scorecard(11)
        self.work(11, 13)
        self.import_calls(14, 11, 14, hour=15, of=(11, 30))
        if self.script.behaviour.early:
            self.answer_windows(14)
        self.listen(14)
        self.verify_transfers(14)
        self.work(14, 14)
        self.deliver(14, Kind.DAY_14, hour=18)
        if self.script.late:
            self.admit_late(14)
        self.work(15, 18)
        self.hold(18, "week-1", hour=17)
        self.work(19, 25)
        self.hold(25, "week-2", hour=17)
        self.work(26, 29)
        self.import_calls(30, 15, 30, hour=20, of=(11, 30))
        # Where a weekend lay in the first days, the third live day came with this file.
        self.listen(30, hour=20)
        self.review(30, hour=21)
        self.work(30, 30, hour=22)
        self.answer(31, leave=leave, review=30)

    def pass_baseline(self) -> None:
        """Days 11 to 31, to the signed day-30 gate."""
        self.to_the_baseline()
        self.deliver(31, Kind.DAY_30)
        self.sign_gate(31, self.manager, self.client, gate=30)

    def set_prices(self, day: int, prices: Prices, note: str) -> None:
        """The campaign manager says what the work costs from the launch on."""
        with self.at(day, 9), self.acting(self.manager) as by:
            set_prices(
                engagement=self.engagement, by=by, prices=prices, from_on=self.calendar.launch, note=note
            )

    def hear_closers(self, day: int, text: str) -> None:
        """The closer lead writes down what the closers say."""
        with self.at(day, 17), self.acting(self.team[ParticipantRole.CLOSER_LEAD]) as by:
            forward.hear_closers(engagement=self.engagement, by=by, text=text)

    def plan_against_bottleneck(self, day: int) -> None:
        """The plan against the computed bottleneck, its fixes done two days later; both sides agree to it."""
        with self.at(day, 14), self.acting(self.manager) as by:
            frozen = baseline_of(self.engagement)
            first = computed(frozen, baseline_prices(self.engagement, frozen)).first if frozen else None
            if first is None:
                return
            finding = Finding.objects.get(engagement=self.engagement, review_day=30, metric_key=first.key)
            plan = optimisation.propose_plan(
                engagement=self.engagement, by=by, finding=finding, expected=Decimal(str(first.target))
            )
        for person in (self.manager, self.client):
            with self.at(day, 15), self.acting(person) as by:
                optimisation.agree_to_plan(plan=plan, by=by, seen=plan.content_hash)
        with self.at(day + 2, 18), self.acting(self.manager) as by:
            for fix in finding.fixes.filter(done_on=None):
                findings.mark_done(fix=fix, by=by, done_on=self.calendar.date_of(day + 2))

    def judge_plan(self, day: int) -> None:
        """The verdict on the plan, and the paper that tells it."""
        with self.at(day, 10), self.acting(self.manager) as by:
            plan = current_plan(self.engagement)
            if plan is not None:
                optimisation.record_verdict(plan=plan, by=by)
        self.deliver(day, Kind.DAY_45, hour=11)

    def notice(self, day: int, seen: Noticed) -> None:
        """Something is noticed, answered and fixed; the fix does not hold, and another one does."""
        with self.at(day, 11), self.acting(self.team[ParticipantRole.QA_LEAD]) as by:
            finding = findings.open_finding(
                engagement=self.engagement, by=by, observation=seen.observation, proof=Proof(text=seen.shown)
            )
        for at, answer, after in ((day + 1, seen.first, seen.reopened), (day + 9, seen.second, "")):
            with self.at(at, 12), self.acting(self.manager) as by:
                owner = self.engagement.participants.get(role=answer.owner, ended_at=None)
                on = self.calendar.date_of(at)
                fix = findings.FixDraft(action=answer.action, owner=owner, done_on=on)
                findings.answer(finding=finding, by=by, root_cause=answer.cause, side=answer.side, fix=fix)
            with self.at(at + 6, 12), self.acting(self.manager) as by:
                if after:
                    findings.reopen(finding=finding, by=by, why=after)
                else:
                    findings.confirm(finding=finding, by=by, why=seen.confirmed)

    def propose_scaling(self, day: int, why: str, answer: str) -> None:
        """Two agents more, where every target holds by then; the client accepts."""
        with self.at(day, 15), self.acting(self.manager) as by:
            if scaling_blockers(scaling_facts(self.engagement)):
                return
            proposal = optimisation.propose_scaling(
                engagement=self.engagement, by=by, agents=2, leads_a_day=40, campaign_type="", why=why
            )
        with self.at(day + 1, 10), self.acting(self.client) as by:
            optimisation.answer_scaling(proposal=proposal, by=by, accepted=True, why=answer)

    def look_forward(self, day: int, hour: int) -> None:
        """Both sides answer the four questions and agree on the next targets."""
        if not self.script.learned:
            return
        for person, side in ((self.manager, "operator"), (self.client, "client")):
            with self.at(day, hour), self.acting(person) as by:
                earlier = ForwardPlan.objects.filter(engagement=self.engagement).first()
                plan = forward.save_forward(
                    engagement=self.engagement, by=by, learned=self.script.learned[side],
                    changes=self.script.changes,
                    targets={key: Decimal(value) for key, value in self.script.next_targets.items()},
                    next_steps=self.script.next_steps, seen=earlier.content_hash if earlier else "",
                )  # fmt: skip
        for person in (self.client, self.manager):
            with self.at(day, hour), self.acting(person) as by:
                forward.agree_forward(engagement=self.engagement, by=by, seen=plan.content_hash)

    def pass_later(self, day: int, *, declined: str = "", imported: int = 0) -> None:
        """Days 31 to 60 or 61 to 90, to the signed gate at their end; declined first where a reason is given.

        `imported` is the last day whose calls are in already.
        """
        first = day - 29
        self.import_calls(day, max(first, imported + 1), day, hour=20)
        self.work(first, day, hour=20)
        self.review(day, hour=21)
        self.answer(day, review=day, hour=22)
        if day == LAST_DAY:
            self.look_forward(day, hour=22)
        self.deliver(day, Kind(f"day-{day}"), hour=22)
        if declined:
            self.about_gate(day, self.client, "decline_gate", gate=day, hour=22, reason=declined)
            self.deliver(day, Kind(f"day-{day}"), hour=23)
        self.sign_gate(day, self.manager, self.client, gate=day, hour=23)

    def _test(self, check: ReadinessCheck, day: int) -> None:
        if check.code in COMPUTED:
            self._log(check.code, day)
            return
        tester = self.team[ParticipantRole(check.owner_role)]
        if check.code in self.script.failed_first:
            with self.at(day, 10), self.acting(tester) as by:
                milestones.record_check(
                    check=check, by=by, passed=False, note="Calls of the overflow rang out unanswered.",
                    proof=milestones.Proof(text="Test call at 10:00, no answer after 40 seconds."),
                )  # fmt: skip
        with self.at(day, 13), self.acting(tester) as by:
            milestones.record_check(
                check=check, by=by, passed=True, note="",
                proof=milestones.Proof(text=f"Tested as asked: {check.evidence_asked}"),
            )  # fmt: skip

    def _log(self, code: str, day: int) -> None:
        """The transfer lines with their test calls, and the real leads of a day; one of each fails first."""
        if code == "dialer-transfers":
            self._lines(day)
            return
        live = {"live-day-8": 8, "live-day-9": 9}[code]
        sources = [row["name"] for row in self.script.terms["lead_sources"]["rows"]]
        with self.at(day, 14), self.acting(self.manager) as by:
            for number, source in enumerate(sources):
                self._lead(
                    by, live, f"CRM {4200 + 10 * live + number}", source, passed=number > 0 or live == 9
                )
        if live == 8:
            with self.at(day, 16), self.acting(self.manager) as by:
                self._lead(by, live, f"CRM {4200 + 10 * live}", sources[0], passed=True)

    def _lead(self, by: Seat, day: int, lead: str, source: str, *, passed: bool) -> None:
        milestones.log_lead(
            engagement=self.engagement, by=by, day=day, lead=lead, source=source,
            steps=[f"{source} to the CRM", "CRM to the dialer within a minute", "answered, qualified, transferred"],
            crm_record=True, transfer_reached=True, written_back=passed, reached=passed,
            outcome="Transfer set, disposition in the CRM" if passed else "Transfer set, CRM still shows new",
            note="" if passed else "The disposition was not written back: the token of the webhook had expired.",
            proof=milestones.Proof(),
        )  # fmt: skip

    def _lines(self, day: int) -> None:
        supervisor = OPERATOR_TEAM[ParticipantRole.SUPERVISOR]
        closer = self.script.client_team[ParticipantRole.CLOSER_LEAD].name
        with self.at(day, 9), self.acting(supervisor) as by:
            lines = [
                milestones.add_line(
                    engagement=self.engagement, by=by, name=name, number=number, team="Closers of the client",
                    hours="Monday to Friday 9:00 to 19:00",
                )
                for name, number in (("Closers, first line", "queue 701"), ("Closers, overflow", "queue 702"))
            ]  # fmt: skip
        for hour, line, passed in ((10, lines[0], True), (10, lines[1], False), (13, lines[1], True)):
            with self.at(day, hour), self.acting(supervisor) as by:
                milestones.test_line(
                    line=line, by=by, connected=passed, briefed=passed, answered_by=closer if passed else "",
                    note="" if passed else "Rang out unanswered for 40 seconds.",
                    proof=milestones.Proof(text="Test call; the hand-over was announced and understood.")
                    if passed else milestones.Proof(),
                )  # fmt: skip

    def _run(self, job_id: int | None) -> None:
        state = jobs.run(job_id) if job_id else None
        if state != "done":
            raise RuntimeError(f"Job {job_id} of {self.script.campaign} ended as {state}.")

    def _owners(self) -> list[Owner]:
        return [
            Owner(role, person.name, person.email, SIDE_OF[person.organisation])
            for role, person in self.team.items()
        ]

    def _client(self) -> Organisation | str:
        """The client as the operator knows it already, or its name when this is their first engagement."""
        return Organisation.objects.filter(name=self.script.client_name).first() or self.script.client_name

    def _invited(self, token: str) -> User:
        with connection.cursor() as cursor:
            cursor.execute("SELECT email FROM app.find_invitation(%s, now())", [token_hash(token)])
            email = cursor.fetchone()[0]
        return next(user for user in self.users.values() if user.email == email)


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
