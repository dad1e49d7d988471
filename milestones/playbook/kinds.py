"""What a playbook is made of."""

from collections.abc import Mapping
from dataclasses import dataclass

SIDES = ("client", "operator")
ROLES = {
    "client_lead": "client",
    "campaign_manager": "operator",
    "supervisor": "operator",
    "qa_lead": "operator",
    "closer_lead": "client",
    "executive": "client",
}
# What the program itself can find true, beside the checks of an area ("checks:crm").
NEEDS = {
    "plan_locked": "both sides have locked the timeline",
    "brief_signed": "both sides have signed the campaign brief",
    "script_sent": "the draft of the script was sent to the client",
    "script_reviewed": "the client has approved the script or sent it back",
    "script_final": "the client has approved the newest version of the script",
    "roster_cleared": "everybody on the roster has passed all certifications",
    "sample_reviewed": "25% of the calls of the first three live days are reviewed, drawn by chance",
    "transfers_verified": "every transfer of days 11 to 14 is verified",
    "windows_held": "every dial of days 11 to 14 is checked against its calling window, and violations are answered",
    "baseline_frozen": "the baseline is frozen",
}


@dataclass(frozen=True)
class Phase:
    """A stretch of days with a name."""

    code: str
    title: str
    first_day: int
    last_day: int


@dataclass(frozen=True)
class Owned:
    """Something that a role owes by a day and proves with evidence."""

    code: str
    title: str
    day: int
    role: str
    side: str
    evidence: str


@dataclass(frozen=True)
class MilestoneSpec(Owned):
    """A dated piece of work.

    `todo` is its title as something to do ("Lock the timeline"), where the playbook says one.
    `needs` is what the program must find true before it can be completed, `after` the codes of the milestones that
    must be done before it.
    """

    phase: str
    gate: str
    start: int
    technical: bool
    needs: tuple[str, ...]
    after: tuple[str, ...] = ()
    todo: str = ""


@dataclass(frozen=True)
class Area:
    """A part of the setup under which checks are grouped."""

    code: str
    title: str


@dataclass(frozen=True)
class CheckSpec(Owned):
    """A test that must be passed before launch when it is hard."""

    area: str
    hard: bool


@dataclass(frozen=True)
class ReviewSpec:
    """A meeting with the people it needs and what it covers."""

    code: str
    title: str
    day: int
    attendees: tuple[str, ...]
    agenda: tuple[str, ...]


@dataclass(frozen=True)
class GateSpec:
    """The end of a phase: a deliverable that one named role of each side signs."""

    code: str
    title: str
    day: int
    deliverable: str
    signers: Mapping[str, str]


@dataclass(frozen=True)
class MetricSpec:
    """A metric that the first draft of the brief starts with; its target is agreed there."""

    code: str
    title: str
    numerator: str
    denominator: str
    unit: str
    direction: str
    minimum: int
    source: str


@dataclass(frozen=True)
class Playbook:
    """A whole template, in the order of its days."""

    code: str
    version: int
    title: str
    phases: tuple[Phase, ...]
    milestones: tuple[MilestoneSpec, ...]
    areas: tuple[Area, ...]
    checks: tuple[CheckSpec, ...]
    reviews: tuple[ReviewSpec, ...]
    gates: tuple[GateSpec, ...]
    line: str = ""  # what it is for, in one line
    metrics: tuple[MetricSpec, ...] = ()  # none: the funnel of a calling campaign

    def phase_of(self, day: int) -> Phase:
        """The phase of a day; days before the first belong to it, days after the last to the last."""
        for phase in self.phases:
            if day <= phase.last_day:
                return phase
        return self.phases[-1]

    def milestone(self, code: str) -> MilestoneSpec:
        """The milestone with this code; KeyError when there is none."""
        return {spec.code: spec for spec in self.milestones}[code]

    def gate(self, code: str) -> GateSpec:
        """The gate with this code; KeyError when there is none."""
        return {spec.code: spec for spec in self.gates}[code]

    def technical_areas(self) -> frozenset[str]:
        """Areas whose checks are technical work: those that technical milestones wait for."""
        needs = (need for spec in self.milestones if spec.technical for need in spec.needs)
        return frozenset(need.removeprefix("checks:") for need in needs if need.startswith("checks:"))

    def owned(self) -> tuple[Owned, ...]:
        """Milestones and checks together."""
        return (*self.milestones, *self.checks)
