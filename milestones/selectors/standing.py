"""Everything that the plan, the setup and the gates of one engagement stand on, read at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Prefetch

from accounts.roles import Side
from common import clock
from common.days import Calendar, local_date
from common.wording import shift_text
from engagements.kept import Parts
from engagements.masking import Mask
from engagements.masks import mask_for
from engagements.models import CampaignBrief, Engagement, Participant
from engagements.roster import Roster, roster
from engagements.selectors import brief_in_force, source_names
from kpis.funnel import Rate
from kpis.models import Breach, Finding, ScalingProposal
from kpis.selectors import FrozenBaseline, baseline, findings, gate_verdicts
from kpis.selectors.breaches import breaches
from kpis.selectors.qa import sample_gaps
from kpis.selectors.transfers import transfer_gaps
from kpis.selectors.window_days import open_days, standing_window_gaps, unjudged_days, window_gaps
from kpis.windows.launch import OutsideDay
from milestones import playbook
from milestones.dates import forecast
from milestones.models import (
    LAUNCH,
    ActionItem,
    CheckResult,
    Dated,
    DateProposal,
    Evidence,
    Gate,
    LeadTest,
    Milestone,
    Plan,
    ReadinessCheck,
    Review,
    ReviewKind,
    Slip,
    TransferLine,
)
from milestones.playbook import Playbook
from milestones.rules.events import EventFacts, declines_now, holds_now
from milestones.rules.facts import BriefFacts, ForwardFacts, PlanFacts
from milestones.rules.plans import PlanItemFacts, plan_digest
from milestones.rules.states import Look, gate_look
from milestones.selectors.agreements import forward_facts, plan_facts
from milestones.track import GateIn, PhaseIn, Size, TickIn, Track, draw


def calendar_of(engagement: Engagement) -> Calendar:
    """The days of an engagement as its dates stand now."""
    return engagement.calendar


def brief_facts(engagement: Engagement) -> BriefFacts:
    """The brief in force, else the newest draft, with the sides that signed it."""
    return facts_of_briefs(
        list(CampaignBrief.objects.filter(engagement=engagement).prefetch_related("signatures"))
    )


def facts_of_briefs(briefs: Sequence[CampaignBrief]) -> BriefFacts:
    """The same from versions that have been read, newest first."""
    in_force = next((brief for brief in briefs if brief.signed_at), None)
    in_force = in_force or next((brief for brief in briefs if not brief.superseded_at), None)
    if in_force is None:
        return BriefFacts()
    since = tuple((brief.signed_at, brief.version) for brief in briefs if brief.signed_at)
    coming = next((brief for brief in briefs if brief.open and brief != in_force), None)
    return BriefFacts(
        in_force.version,
        frozenset(s.side for s in in_force.signatures.all()),
        since,
        coming.version if coming else None,
        frozenset(s.side for s in coming.signatures.all()) if coming else frozenset(),
    )


@dataclass
class Standing:
    """One engagement's plan with its people, proofs and dates. Reads each table once, when it is asked for."""

    engagement: Engagement
    today: date

    @cached_property
    def kept(self) -> Parts:
        """What was kept of its pages."""
        return Parts(self.engagement, self.today)

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(self.engagement)

    @cached_property
    def agreed(self) -> Calendar:
        """The calendar that both sides have locked; before that, the one that they are about to lock."""
        return self.calendar.with_launch(self.calendar.agreed or self.calendar.launch)

    @property
    def slip_text(self) -> str:
        """How the launch stands to the contracted one: "3 days later"; nothing where it is as contracted."""
        return shift_text(self.calendar.slip) if self.calendar.slip else ""

    @cached_property
    def plan(self) -> Plan | None:
        return Plan.objects.filter(engagement=self.engagement).prefetch_related("locks").first()

    @cached_property
    def playbook(self) -> Playbook:
        """The playbook that the plan started with; without a plan, the one that it would usually start with."""
        return self.plan.book if self.plan else playbook.load(playbook.USUAL)

    @cached_property
    def _todos(self) -> dict[str, str]:
        return {spec.code: spec.todo for spec in self.playbook.milestones}

    def todo_of(self, item: Milestone) -> str:
        """A milestone as something to do ("Lock the timeline"); empty where the plan's playbook says only its title."""
        return self._todos.get(item.code, "")

    @cached_property
    def milestones(self) -> list[Milestone]:
        return list(
            Milestone.objects.filter(engagement=self.engagement)
            .select_related("owner__substitute")
            .prefetch_related("evidence")
        )

    @cached_property
    def checks(self) -> list[ReadinessCheck]:
        results = CheckResult.objects.prefetch_related(
            Prefetch("evidence", Evidence.objects.order_by("at", "pk"))
        )
        return list(
            ReadinessCheck.objects.filter(engagement=self.engagement)
            .select_related("owner__substitute")
            .prefetch_related(Prefetch("results", results))
        )

    @cached_property
    def sample_gaps(self) -> tuple[str, ...]:
        """Why the first live days do not count as reviewed; before the launch nothing is asked."""
        return tuple(sample_gaps(self.engagement)) if self.today >= self.calendar.launch else ()

    @cached_property
    def transfer_gaps(self) -> tuple[str, ...]:
        """Why not every transfer of the supervised launch counts as verified."""
        return tuple(transfer_gaps(self.engagement)) if self.today >= self.calendar.launch else ()

    @cached_property
    def window_gaps(self) -> tuple[str, ...]:
        """Why the dial times of the supervised launch do not count as checked against their windows."""
        return tuple(window_gaps(self.engagement)) if self.today >= self.calendar.launch else ()

    @property
    def standing_window_gaps(self) -> tuple[str, ...]:
        """What stands against those dials that are in; asked by every page of the engagement while the gate is shut."""
        return tuple(standing_window_gaps(self.engagement, self.unjudged_days, self.outside_days))

    @cached_property
    def unjudged_days(self) -> list[date]:
        """Days of the supervised launch whose calls nobody has judged by their windows."""
        asked = [self.engagement] if self.today >= self.calendar.launch else []
        return unjudged_days(asked).get(self.engagement.pk, [])

    @cached_property
    def outside_days(self) -> list[OutsideDay]:
        """Days with calls outside of their windows, or into excluded places, for which nobody has answered."""
        asked = [self.engagement] if self.today >= self.calendar.launch else []
        return open_days(asked).get(self.engagement.pk, [])

    @cached_property
    def mask(self) -> Mask:
        """What both sides read looks through it: agents by number, where the operator asked for that."""
        return mask_for(self.engagement, None)

    @cached_property
    def lines(self) -> list[TransferLine]:
        """Transfer lines, also those out of use, each with its tests and their proof."""
        return list(
            TransferLine.objects.filter(engagement=self.engagement).prefetch_related("tests__evidence")
        )

    @cached_property
    def lead_tests(self) -> list[LeadTest]:
        """Tests with real leads, newest first."""
        return list(LeadTest.objects.filter(engagement=self.engagement))

    @cached_property
    def lead_sources(self) -> tuple[str, ...]:
        """The lead sources that the brief in force names."""
        return source_names(brief_in_force(self.engagement))

    @cached_property
    def gates(self) -> list[Gate]:
        return list(Gate.objects.filter(engagement=self.engagement).prefetch_related("sign_offs", "events"))

    @cached_property
    def people(self) -> list[Participant]:
        """Who takes part now."""
        return list(
            Participant.objects.filter(engagement=self.engagement, ended_at=None)
            .select_related("substitute")
            .order_by("pk")
        )

    @cached_property
    def reviews(self) -> list[Review]:
        """The reviews of days, which the playbook asks for; those of a rhythm stand on their own page."""
        return list(Review.objects.filter(engagement=self.engagement, kind=ReviewKind.DAY))

    @cached_property
    def all_slips(self) -> list[Slip]:
        """Every date that slipped, the oldest first, with what the other side said to it."""
        return list(Slip.objects.filter(engagement=self.engagement).select_related("proposal"))

    @property
    def slips(self) -> list[Slip]:
        """The slips of the launch."""
        return [slip for slip in self.all_slips if slip.item == LAUNCH]

    @cached_property
    def proposals(self) -> list[DateProposal]:
        """Every date that was proposed since both sides locked, the oldest first."""
        return list(DateProposal.objects.filter(engagement=self.engagement))

    @cached_property
    def needs(self) -> dict[str, tuple[str, ...]]:
        """What the playbook wants to be so before each milestone is done, by its code."""
        return {spec.code: spec.needs for spec in self.playbook.milestones}

    @cached_property
    def predecessors(self) -> dict[str, list[Milestone]]:
        """The milestones that each one waits for, by its code."""
        by_code = {item.code: item for item in self.milestones}
        return {
            spec.code: [by_code[code] for code in spec.after if code in by_code]
            for spec in self.playbook.milestones
        }

    def waits_for(self, milestone: Milestone) -> list[Milestone]:
        """The open milestones that have to be done before this one."""
        return [before for before in self.predecessors.get(milestone.code, []) if not before.done_on]

    def waited_for_by(self, milestone: Milestone) -> list[Milestone]:
        """The milestones that wait for this one."""
        return [item for item in self.milestones if milestone in self.predecessors.get(item.code, [])]

    def review_behind(self, milestone: Milestone) -> Review | None:
        """The review that a milestone stands for: its closed minutes complete it, nobody does by hand."""
        code = milestone.code.removeprefix("review-")
        if code == milestone.code:
            return None
        return next((review for review in self.reviews if review.code == code), None)

    @cached_property
    def brief(self) -> BriefFacts:
        return brief_facts(self.engagement)

    @cached_property
    def roster(self) -> Roster:
        """Who dials, what they have passed, and the script; read only where it is asked for."""
        return roster(self.engagement)

    @cached_property
    def breaches(self) -> list[Breach]:
        """Calls of agents who were not cleared, by agent and day; those taken back with their import are left out."""
        return [breach for breach in breaches(self.engagement) if breach.calls]

    @cached_property
    def baseline(self) -> FrozenBaseline | None:
        return baseline(self.engagement)

    @cached_property
    def findings(self) -> list[Finding]:
        """Every finding with its causes, fixes and their owners."""
        return list(findings(self.engagement))

    def rates_at(self, gate: Gate) -> list[Rate]:
        """Every metric with a target as this gate judges it; empty while that cannot be said."""
        if gate.day not in self._rates:
            self._rates[gate.day] = gate_verdicts(self.engagement, gate.day)
        return self._rates[gate.day]

    def judge(self, gate: Gate, rates: list[Rate]) -> None:
        """Take these as what `rates_at` says: whoever reads many engagements has judged them together."""
        self._rates[gate.day] = rates

    @cached_property
    def _rates(self) -> dict[int, list[Rate]]:
        return {}

    @cached_property
    def against(self) -> PlanFacts:
        """The plan against the bottleneck."""
        return plan_facts([self.engagement.pk])[self.engagement.pk]

    @cached_property
    def forward(self) -> ForwardFacts:
        """The forward plan of day 90."""
        return forward_facts([self.engagement.pk])[self.engagement.pk]

    @cached_property
    def actions(self) -> list[ActionItem]:
        """The actions of closed reviews that nobody has done and nobody has dropped, the earliest first."""
        found = ActionItem.objects.filter(engagement=self.engagement, review__held_on__isnull=False)
        found = found.filter(done_on=None, dropped_at=None).select_related("owner__substitute")
        return list(found.order_by("due_on", "pk"))

    @cached_property
    def scaling(self) -> list[ScalingProposal]:
        """Proposals to scale that nobody has answered."""
        return list(ScalingProposal.objects.filter(engagement=self.engagement, answer=""))

    @cached_property
    def digest(self) -> str:
        """Hash of the timeline as it stands: what a side locks."""
        items = plan_items(self.milestones, self.checks)
        return plan_digest(self.engagement.kickoff_on, self.engagement.launch_on, items, self.calendar.work)

    @property
    def locked(self) -> bool:
        return bool(self.plan and self.plan.locked_at)

    @cached_property
    def locked_by(self) -> frozenset[Side]:
        """Sides whose lock covers the timeline as it stands. Once both have locked, it stays locked."""
        if self.plan is None:
            return frozenset()
        return frozenset(
            Side(lock.side)
            for lock in self.plan.locks.all()
            if self.locked or lock.content_hash == self.digest
        )

    def forecast_of(self, item: Dated, actual: date | None) -> date:
        """When an item is expected: by its own date, which a proposal may have moved, and not before the gate that has
        to pass first.
        """
        expected = forecast(self.calendar, item.day, today=self.today, actual=actual, due=item.forecast_on)
        return expected if actual else max([expected, *self._gates_before(item)])

    def _gates_before(self, item: Dated) -> list[date]:
        """When the open gates are expected that have to pass before anything of an item's phase can be done."""
        day = item.day
        if isinstance(item, Milestone):
            day = next((gate.day for gate in self.gates if gate.code == item.gate_code), day)
        elif not isinstance(item, Gate):
            day = next((gate.day for gate in self.gates if item.day <= gate.day), day)
        if day not in self._expected_before:
            self._expected_before[day] = [
                self.gate_date(gate) for gate in self.gates if gate.day < day and not gate.passed_at
            ]
        return self._expected_before[day]

    @cached_property
    def _expected_before(self) -> dict[int, list[date]]:
        return {}

    def milestone_state(self, milestone: Milestone) -> str:
        """done, late, blocked (technical work before the brief is signed) or open."""
        if milestone.done_on:
            return "done"
        if milestone.forecast_on < self.today:
            return "late"
        return "blocked" if milestone.technical and not self.brief.signed else "open"

    def gate_state(self, gate: Gate) -> str:
        """passed, held (a side holds it, or day 10 went by), late or open."""
        if gate.passed_at:
            return "passed"
        if self.holds(gate):
            return "held"
        if gate.forecast_on >= self.today:
            return "open"
        return "held" if self.calendar.held_days(self.today) else "late"

    def gate_look(self, gate: Gate) -> Look:
        """The shape and the word of a gate, the same on every page and on paper."""
        state, holds = self.gate_state(gate), self.holds(gate)
        declines = [] if gate.passed_at else declines_now(self.events(gate), gate.document_sha256)
        return gate_look("late" if state == "held" and not holds else state, holds, declines)

    def events(self, gate: Gate) -> list[EventFacts]:
        """What happened around a gate, in its order."""
        return events_of(gate, self.engagement.zone)

    def holds(self, gate: Gate) -> list[EventFacts]:
        """The holds in force."""
        return [] if gate.passed_at else holds_now(self.events(gate), self.today)

    def gate_date(self, gate: Gate) -> date:
        """When the gate was passed or is now expected: not before the holds on it are over."""
        expected = self.forecast_of(gate, passed_on(gate, self.engagement.zone))
        return max([expected, *(hold.until for hold in self.holds(gate) if hold.until)])

    @property
    def next_gate(self) -> Gate | None:
        return next((gate for gate in self.gates if not gate.passed_at), None)

    def track(self, size: Size, *, urls: dict[str, str] | None = None) -> Track:
        """The 90-day track; `urls` maps codes of milestones and gates to their pages."""
        urls = urls or {}
        return draw(
            self.calendar,
            phases=[PhaseIn(p.code, p.title, p.first_day, p.last_day) for p in self.playbook.phases],
            ticks=[
                TickIn(
                    on=self.forecast_of(item, item.done_on),
                    title=item.title,
                    owner=item.owner.name if item.owner else "",
                    state=self.milestone_state(item),
                    url=urls.get(f"milestone:{item.code}", ""),
                )
                for item in self.milestones
            ],
            gates=[
                GateIn(
                    gate.day,
                    self.gate_date(gate),
                    gate.title,
                    self.gate_look(gate).shape,
                    urls.get(f"gate:{gate.code}", ""),
                    self.gate_look(gate).word.lower(),
                )
                for gate in self.gates
            ],
            today=self.today,
            size=size,
            agreed=self.agreed,
        )


def passed_on(gate: Gate, zone: str) -> date | None:
    """The local date on which a gate was passed."""
    return local_date(gate.passed_at, zone) if gate.passed_at else None


def events_of(gate: Gate, zone: str) -> list[EventFacts]:
    """The events of a gate as the rules want them."""
    return [
        EventFacts(
            kind=event.kind,
            side=event.side,
            by=event.name,
            at=event.at,
            on=local_date(event.at, zone),
            text=event.text,
            until=event.until,
            document=event.document_sha256,
            version=event.document_version,
            person=event.person_id,
            key=event.pk,
            about=event.about_id,
        )
        for event in gate.events.all()
    ]


def plan_items(milestones: list[Milestone], checks: list[ReadinessCheck]) -> list[PlanItemFacts]:
    """What a lock covers, as the rules want it."""
    items = [(item, item.start_day) for item in milestones] + [(check, check.day) for check in checks]
    return [
        PlanItemFacts(
            code=item.code,
            title=item.title,
            day=item.day,
            start=start,
            side=item.side,
            owner=item.owner.name if item.owner else "",
            owner_side=item.owner.side if item.owner else "",
            owner_id=item.owner_id,
            done=isinstance(item, Milestone) and item.done_on is not None,
        )
        for item, start in items
    ]


def standing_of(engagement: Engagement, today: date | None = None) -> Standing:
    """How an engagement's plan stands; `today` is the present day in its zone unless given."""
    return Standing(engagement, today or clock.today(engagement.zone))
