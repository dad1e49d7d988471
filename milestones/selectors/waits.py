"""What waits on the client and what on the operator: the same lists, in the same place, with the same weight."""

from collections.abc import Collection
from dataclasses import dataclass

from django.urls import reverse

from accounts.roles import Side
from common.ui import Reason
from milestones.links import reasons_of
from milestones.models import DateProposal
from milestones.rules.facts import Kind
from milestones.selectors.gates import GateStanding, gate_standing
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class WaitsOn:
    """What one side owes before the next gate, each a link to where it is done."""

    side: Side
    organisation: str
    items: tuple[Reason, ...]


@dataclass(frozen=True)
class Waits:
    """Both sides, and what nobody owes: that a day has not come. `day` is the next gate's, None after the last."""

    day: int | None
    sides: tuple[WaitsOn, ...]
    both: tuple[Reason, ...]
    answers: bool = False  # among it are dates that wait for an answer, which keep no gate shut


def waits_of(standing: Standing, row: GateStanding | None = None, *, but: Collection[Kind] = ()) -> Waits:
    """What is waited for before the next gate, from what keeps it shut and from the dates that nobody has answered.

    The gate's report is made last: it is named once nothing else is open. `row` saves the queries of the next gate
    where the caller has read it; `but` leaves out what it tells itself.
    """
    gate = standing.next_gate
    row = row or (gate_standing(standing, gate) if gate else None)
    blockers = [blocker for blocker in row.blockers if blocker.kind not in but] if row else []
    if any(blocker.kind not in (Kind.GATE, Kind.DELIVERABLE) for blocker in blockers):
        blockers = [blocker for blocker in blockers if blocker.kind is not Kind.DELIVERABLE]

    def told(side: Side) -> tuple[Reason, ...]:
        # What names no side the operator, who runs the plan, brings about; nobody owes that a day has not come.
        named = {side.value} if side is Side.CLIENT else {side.value, ""}
        own = [each for each in blockers if each.side in named and each.kind is not Kind.GATE]
        return tuple(reasons_of(own, standing.engagement))

    return Waits(
        day=gate.day if gate else None,
        sides=tuple(
            WaitsOn(
                side, standing.engagement.organisation_of(side).name, (*_answers(standing, side), *told(side))
            )
            for side in Side
        ),
        answers=any(unanswered(standing, side) for side in Side),
        both=tuple(reasons_of([each for each in blockers if each.kind is Kind.GATE], standing.engagement)),
    )


def unanswered(standing: Standing, side: Side) -> list[DateProposal]:
    """Dates that the other side proposed or moved and this side has not answered."""
    return [each for each in standing.proposals if each.open and each.by_side != side]


def _answers(standing: Standing, side: Side) -> list[Reason]:
    """What the open dates wait for, each with the page where it is answered."""
    public_id = standing.engagement.public_id
    return [
        Reason(
            f"Answer why “{each.title}” moved: the {each.by_side} has given its reason."
            if each.in_effect
            else f"Answer the new date that the {each.by_side} proposes for “{each.title}”.",
            reverse("milestones:dates", args=[public_id, each.item]),
        )
        for each in unanswered(standing, side)
    ]
