"""Days 31 to 60: when a plan may be proposed, agreed and judged, and when scaling may be. Pure: reasons out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from common.wording import capital, day_text, joined
from kpis.actions import MIN_WORDS

CHECKPOINT_DAY = 45
SCALING_DAY = 50


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A plan as somebody proposes it. Rates are shares; `before` and `target` are None where they are unknown.

    `agreed`: the plan that runs has both sides' agreement and nothing has ended it.
    """

    frozen: bool
    agreed: bool
    chosen: str
    computed: str
    computed_label: str
    reason: str
    answered: bool
    before: float | None
    expected: float | None
    direction: str = "up"


def draft_gaps(facts: DraftFacts) -> list[str]:
    """Say why this plan cannot be proposed; an empty list means that it can."""
    if not facts.frozen:
        return ["The baseline is not frozen: there is nothing yet that could hold the campaign back most."]
    if facts.agreed:
        return ["Both sides have agreed to a plan. It stays until its check says that nothing moved."]
    gaps = [*choice_gaps(facts), *expected_gaps(facts)]
    if not facts.answered:
        gaps.append("Its finding has no answer yet: a plan rests on a root cause and on fixes with dates.")
    return gaps


def choice_gaps(facts: DraftFacts) -> list[str]:
    """Say why a stage cannot be chosen: another one than the computed needs its reason in writing."""
    if facts.chosen == facts.computed or len(facts.reason.split()) >= MIN_WORDS:
        return []
    if not facts.computed:
        return ["The figures name no bottleneck: say why this stage is worked on."]
    return [f"The figures name “{facts.computed_label}”. Say in writing why another stage is worked on."]


def expected_gaps(facts: DraftFacts) -> list[str]:
    """Say why the promised rate is none: it has to be better than before, and a share."""
    if facts.expected is None:
        return ["Say which rate the plan is expected to reach."]
    if not 0 < facts.expected <= 1:
        return ["A rate lies above 0% and at most at 100%."]
    if facts.before is None:
        return ["This metric has no figure in the baseline that it could be checked against."]
    better = facts.expected > facts.before if facts.direction == "up" else facts.expected < facts.before
    return [] if better else ["A plan promises a better rate than the one in the baseline."]


@dataclass(frozen=True, slots=True)
class AgreeFacts:
    """One side's attempt to agree: `seen` is the hash that the page showed, `current` the present one."""

    what: str
    side: str
    agreed: bool
    agreed_by: frozenset[str]
    seen: str
    current: str
    ended: bool = False
    restated: bool = False  # the finding says something else now than what was proposed


def agree_blockers(facts: AgreeFacts) -> list[str]:
    """Say why a side cannot agree now."""
    if facts.agreed:
        return [f"Both sides have agreed to {facts.what}."]
    if facts.ended:
        return [f"Another plan has taken the place of {facts.what}."]
    if facts.seen != facts.current:
        return [f"{capital(facts.what)} has changed since this page was opened. Read it again."]
    if facts.side in facts.agreed_by:
        return [f"The {facts.side} has agreed to {facts.what} already."]
    return [restated_sentence(facts.what)] if facts.restated else []


def restated_sentence(what: str) -> str:
    """Why nobody agrees to a plan whose finding has been changed since."""
    return (
        f"The causes or fixes of the finding have changed since {what} was proposed: propose it again, so that both "
        "sides agree to the same."
    )


@dataclass(frozen=True, slots=True)
class CheckpointFacts:
    """What a verdict on the plan depends on. `verdict` is the newest one, empty before the first."""

    due: date
    today: date
    agreed: bool
    verdict: str
    has_window: bool


def checkpoint_blockers(facts: CheckpointFacts) -> list[str]:
    """Say why no verdict on the plan can be recorded now."""
    if not facts.agreed:
        return ["No plan is agreed by both sides, so there is nothing to judge."]
    reasons = []
    if facts.today < facts.due:
        reasons.append(
            f"Day {CHECKPOINT_DAY} is {day_text(facts.due)}: the plan is judged from that morning on."
        )
    if facts.verdict in ("moved", "not_moved"):
        reasons.append("This plan has its verdict. It does not change any more.")
    if not facts.has_window:
        reasons.append("There is no day yet since the plan began that could be checked against the baseline.")
    return reasons


@dataclass(frozen=True, slots=True)
class ScalingFacts:
    """What a proposal to scale depends on: targets that are missed or cannot be judged, by name."""

    due: date
    today: date
    missed: tuple[str, ...]
    unjudged: tuple[str, ...]
    targets: int
    waiting: bool = False
    judged: tuple[date, date] | None = None  # first and last day with data among those that were judged


def scaling_blockers(facts: ScalingFacts) -> list[str]:
    """Say why scaling is locked; every target that is not shown to be met is named."""
    reasons = []
    if facts.today < facts.due:
        reasons.append(f"Day {SCALING_DAY} is {day_text(facts.due)}: scaling is proposed from then on.")
    if not facts.targets:
        reasons.append("No metric has a target, so nothing can be met.")
    reasons += [f"“{name}” is below its target." for name in facts.missed]
    reasons += [f"“{name}” has too little data to be judged." for name in facts.unjudged]
    if facts.waiting:
        reasons.append("A proposal waits for its answer already.")
    return reasons


def scaling_gaps(*, agents: int | None, leads: int | None, campaign_type: str, why: str) -> list[str]:
    """Say what is missing from a proposal: at least one thing to scale, and why."""
    gaps = []
    if not (agents or leads or campaign_type.strip()):
        gaps.append("Say what is scaled: more agents, more leads a day or a second campaign type.")
    if len(why.split()) < MIN_WORDS:
        gaps.append("Say why the campaign can carry it.")
    return gaps


def answer_gaps(*, accepted: bool, why: str) -> list[str]:
    """Say what is missing from an answer: whoever declines says why."""
    return [] if accepted or len(why.split()) >= MIN_WORDS else ["Say why the proposal is declined."]


def ready_sentence(missed: Sequence[str], unjudged: Sequence[str]) -> str:
    """Whether the campaign is ready to scale, in one sentence."""
    if not missed and not unjudged:
        return "The campaign is ready to scale: every target is met."
    parts = []
    if missed:
        parts.append(f"{joined(missed)} {'is' if len(missed) == 1 else 'are'} below target")
    if unjudged:
        parts.append(f"{joined(unjudged)} cannot be judged yet")
    return f"The campaign is not ready to scale: {'; '.join(parts)}."
