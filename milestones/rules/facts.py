"""The facts that the rules of plans and gates are asked about, and the form of their answers."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from common.days import Calendar
from common.wording import joined, plural

SIDES = ("client", "operator")


class Kind(StrEnum):
    """What a blocker is about, so that a page can link to what clears it."""

    GATE = "gate"
    PLAN = "plan"
    LAUNCH = "launch"
    BRIEF = "brief"
    MILESTONE = "milestone"
    CHECK = "check"
    AGENT = "agent"
    SCRIPT = "script"
    BREACH = "breach"
    QA = "qa"
    TRANSFER = "transfer"
    WINDOWS = "windows"
    BASELINE = "baseline"
    FINDING = "finding"
    DELIVERABLE = "deliverable"
    HOLD = "hold"
    DECLINE = "decline"
    CARRIED = "carried"
    REVIEW = "review"
    OPTIMISATION = "optimisation"
    FORWARD = "forward"
    SIGNATURE = "signature"
    DATE = "date"
    ACTION = "action"
    FIX = "fix"
    SCALING = "scaling"


@dataclass(frozen=True)
class Blocker:
    """One thing that is still open, in the reader's words; `target` is its code or id, `side` owes it.

    `told_by` is the condition that counts the same act: there it is one item, here it is only named.
    """

    text: str
    kind: Kind
    target: str = ""
    side: str = ""
    told_by: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Condition:
    """One condition of a gate: met with its proof, or not met with what is open and who owes it.

    `not_yet`: nothing is open, and nothing can be told either before its day has come; `proof` says when it is.
    """

    code: str
    title: str
    proof: str
    owner: str
    blockers: tuple[Blocker, ...] = ()
    not_yet: bool = False

    @property
    def met(self) -> bool:
        return not self.blockers

    @property
    def proved(self) -> bool:
        """Whether it can be told that it is met."""
        return self.met and not self.not_yet

    @property
    def items(self) -> tuple[Blocker, ...]:
        """What is counted here; what another condition counts is only named."""
        return tuple(blocker for blocker in self.blockers if not blocker.told_by)

    @property
    def closed_with(self) -> str:
        """Where what is only named here is counted: "1 item is counted under “Timeline locked by both sides”."."""
        named = [blocker.told_by for blocker in self.blockers if blocker.told_by]
        if not named:
            return ""
        what = plural(len(named), "further item" if self.items else "item")
        by = joined([f"“{title}”" for title in dict.fromkeys(named)])
        return f"{what} {'is' if len(named) == 1 else 'are'} counted under {by}."


@dataclass(frozen=True)
class MilestoneFacts:
    """One milestone of the gate's phase."""

    code: str
    title: str
    due: date
    owner: str
    side: str
    done: bool
    target: str = ""
    todo: str = ""  # the title as something to do, where the playbook says one
    needs: tuple[str, ...] = ()  # what the playbook wants to be so before it is done


@dataclass(frozen=True)
class ReviewFacts:
    """A review of the gate's phase; `settled` where its milestone was done before minutes were kept here."""

    code: str
    title: str
    held_on: date | None
    settled: bool = False
    owner: str = ""
    side: str = ""
    target: str = ""

    @property
    def held(self) -> bool:
        return self.held_on is not None or self.settled


@dataclass(frozen=True)
class CheckFacts:
    """One readiness check with its latest result: passed, failed, open or expired; `why` where it is more than that."""

    code: str
    title: str
    area: str
    result: str
    hard: bool
    owner: str
    side: str
    target: str = ""
    why: str = ""


@dataclass(frozen=True)
class AgentFacts:
    """One agent on the roster with the certifications that are still missing."""

    name: str
    missing: tuple[str, ...] = ()
    target: str = ""


@dataclass(frozen=True)
class ScriptFacts:
    """The final version of the script, 0 before there is one, and the side that has to act for the next."""

    version: int = 0
    side: str = "operator"


@dataclass(frozen=True)
class BreachFacts:
    """A day on which an agent who was not cleared dialed; `side` owes the next step, "" once it is settled."""

    text: str
    side: str = ""
    target: str = ""


@dataclass(frozen=True)
class OpenFix:
    """A fix that is not done yet: what is done, by whom and by when."""

    action: str
    owner: str
    due: date


@dataclass(frozen=True)
class FindingFacts:
    """A metric below its target, or something noticed, and the answer to it.

    `lacks` names what is missing from an answer that was begun, as parts of a sentence; `waiting` are the fixes of the
    answer that are still to be done.
    """

    metric: str
    cause: str = ""
    cause_side: str = ""
    fix: str = ""
    fix_owner: str = ""
    fix_due: date | None = None
    fix_done: date | None = None
    target: str = ""
    reopened: bool = False
    lacks: tuple[str, ...] = ()
    about_metric: bool = True
    waiting: tuple[OpenFix, ...] = ()


@dataclass(frozen=True)
class BriefFacts:
    """The brief version in force, if any, and the sides that signed it; `since` says when each came into force, newest
    first. `next_version` is the one that is to replace it, where one waits for signatures.
    """

    version: int | None = None
    signed_by: frozenset[str] = frozenset()
    since: tuple[tuple[datetime, int], ...] = ()
    next_version: int | None = None
    next_signed_by: frozenset[str] = frozenset()

    def at(self, moment: datetime | None) -> "BriefFacts":
        """The same with the version that was in force at a moment; None is now."""
        then = next((version for since, version in self.since if moment and since <= moment), self.version)
        return replace(self, version=then)

    @property
    def signed(self) -> bool:
        return self.version is not None and self.signed_by >= set(SIDES)


@dataclass(frozen=True)
class BaselineFacts:
    """The frozen baseline: when, over how many calls (`totals`: over how many days without calls), and which days."""

    frozen_on: date | None = None
    calls: int = 0
    first: date | None = None
    last: date | None = None
    totals: int = 0


@dataclass(frozen=True)
class DeliverableFacts:
    """The newest version of the gate's report; `facts` is the fingerprint of what it was built from."""

    title: str
    version: int
    content_hash: str
    facts: str
    target: str = ""
    sent_back: str = ""


@dataclass(frozen=True)
class CarriedFacts:
    """What was found after the gate before had passed, and the answer to it."""

    text: str
    found_at: str
    by: str
    settled: bool
    key: str = ""
    target: str = ""


@dataclass(frozen=True)
class PlanFacts:
    """The plan against the bottleneck. `needed`: the baseline missed a target; `verdict` is that of day 45, if any.

    `failed`: nothing moved under an earlier plan, so that this one has taken its place.
    """

    needed: bool = False
    exists: bool = False
    agreed: bool = False
    agreed_by: frozenset[str] = frozenset()
    verdict: str = ""
    failed: bool = False


@dataclass(frozen=True)
class ForwardFacts:
    """The forward plan: whether it was begun, and the sides whose agreement covers it as it stands."""

    begun: bool = False
    agreed: bool = False
    agreed_by: frozenset[str] = frozenset()


@dataclass(frozen=True)
class GateFacts:
    """All that decides whether a gate may pass, as it stands today.

    `agents`, `script` and `windows` are None where this gate does not ask for them; `windows` says what stands
    against the dials of the supervised launch.
    """

    code: str
    title: str
    day: int
    calendar: Calendar
    today: date
    locked_by: frozenset[str]
    brief: BriefFacts
    milestones: tuple[MilestoneFacts, ...]
    checks: tuple[CheckFacts, ...] = ()
    agents: tuple[AgentFacts, ...] | None = None
    script: ScriptFacts | None = None
    breaches: tuple[BreachFacts, ...] = ()
    findings: tuple[FindingFacts, ...] = ()
    baseline: BaselineFacts | None = None
    previous: str = ""
    previous_passed: date | None = None
    deliverable_title: str = ""
    deliverable: DeliverableFacts | None = None
    unjudged: tuple[str, ...] = ()
    carried: tuple[CarriedFacts, ...] = ()
    extra: tuple[str, ...] = ()
    passed: bool = False
    plan: PlanFacts | None = None
    forward: ForwardFacts | None = None
    reviews: tuple[ReviewFacts, ...] = ()
    windows: tuple[str, ...] | None = None

    @property
    def due(self) -> date:
        """The date by which the gate is due, with the launch where it stands now."""
        return self.calendar.due(self.day)


_ROLE_LABELS = {"qa_lead": "QA lead"}


def role_label(role: str) -> str:
    """A role as people say it: "campaign manager", "QA lead"."""
    return _ROLE_LABELS.get(role, role.replace("_", " "))
