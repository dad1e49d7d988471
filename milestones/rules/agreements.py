"""What the gates of day 60 and 90 ask both sides to have agreed: the one plan with its verdict, the forward plan."""

from collections.abc import Collection

from milestones.rules.facts import SIDES, Blocker, Condition, ForwardFacts, Kind, PlanFacts


def owing(sides: Collection[str]) -> str:
    """Who a condition of both sides waits for: the side that has not acted while the other one has."""
    return f"the {next(iter(sides))}" if len(sides) == 1 else "both sides"


def _of(blockers: Collection[Blocker]) -> str:
    return owing({blocker.side for blocker in blockers})


def plan_condition(facts: PlanFacts, *, frozen: bool) -> Condition:
    """One plan against the bottleneck, agreed, and judged at day 45; where nothing moved, a new one.

    `frozen`: whether there is a baseline, which tells whether a plan is asked for.
    """
    proof = "Agreed by both sides"
    if not facts.needed and not facts.exists:
        proof = (
            "The baseline misses no target" if frozen else "Asked for once a frozen baseline misses a target"
        )
    elif facts.failed and not facts.verdict:
        proof = "Nothing moved under the first plan. Plan 2 is agreed; its verdict is still to be recorded"
    elif facts.verdict:
        proof += f"; verdict of day 45: {facts.verdict.replace('_', ' ')}"
    title = "One plan against the bottleneck is agreed and judged"
    blockers = tuple(_plan_blockers(facts))
    return Condition("optimisation", title, proof, _of(blockers), blockers)


def _plan_blockers(facts: PlanFacts) -> list[Blocker]:
    if not facts.needed and not facts.exists:
        return []
    if not facts.exists:
        text = (
            "Nothing moved under the last plan: a new plan against the bottleneck is missing."
            if facts.failed
            else "There is no plan against the bottleneck of the baseline."
        )
        return [Blocker(text, Kind.OPTIMISATION, side="operator")]
    if not facts.agreed:
        return [
            Blocker(
                f"The {side} has not agreed to the plan against the bottleneck.", Kind.OPTIMISATION, side=side
            )
            for side in SIDES
            if side not in facts.agreed_by
        ]
    if not facts.verdict and not facts.failed:
        text = "The plan against the bottleneck has no verdict of day 45."
        return [Blocker(text, Kind.OPTIMISATION, side="operator")]
    return []


def forward_condition(facts: ForwardFacts) -> Condition:
    """The four questions answered and the next targets agreed by both sides."""
    title = "Answers and targets for days 91 to 180 are agreed by both sides"
    blockers = tuple(_forward_blockers(facts))
    return Condition("forward", title, "Agreed by both sides", _of(blockers), blockers)


def _forward_blockers(facts: ForwardFacts) -> list[Blocker]:
    if facts.agreed:
        return []
    if not facts.begun:
        text = "The four questions of day 90 and the next targets have not been written down."
        return [Blocker(text, Kind.FORWARD, side="operator")]
    return [
        Blocker(f"The {side} has not agreed to the targets for days 91 to 180.", Kind.FORWARD, side=side)
        for side in SIDES
        if side not in facts.agreed_by
    ]
