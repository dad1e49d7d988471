"""What waits on the client and what on the operator: the same lists, in the same place, with the same weight.

Every page, mail and paper that says what is waited for, or how much, reads it here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from accounts.roles import Side
from common.days import SETUP_DAYS
from common.ui import Reason
from engagements.masking import Mask
from kpis.models import Finding, Fix
from kpis.selectors.breaches import owed_by, sentence, state_of
from kpis.selectors.findings import open_fixes
from kpis.selectors.window_days import of_launch
from milestones.links import reasons_of
from milestones.models import DateProposal, Gate
from milestones.rules.events import declines_now
from milestones.rules.facts import Blocker, Condition, Kind
from milestones.rules.waiting import (
    CALENDAR,
    EARLIER,
    BesideFacts,
    DateFacts,
    OwedFacts,
    SigningFacts,
    Tally,
    beside_the_gate,
    counted,
    to_sign,
    waits_with,
)
from milestones.selectors.dates import key_of
from milestones.selectors.gate_standing import GateStanding, kept_blocker, shown_conditions, signed_sides
from milestones.selectors.gates import asks_for_windows, breaches_before, findings_of_gate
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class Waiting:
    """All that waits in an engagement: the items of its next gate, and what is owed beside it."""

    items: tuple[Blocker, ...]
    beside: tuple[Blocker, ...]

    @property
    def all(self) -> tuple[Blocker, ...]:
        return (*self.items, *self.beside)

    @property
    def tally(self) -> Tally:
        return Tally.of(self.items, self.beside)


@dataclass(frozen=True)
class WaitsOn:
    """What one side owes, each a link to where it is done; `beside` of it block no gate."""

    side: Side
    organisation: str
    items: tuple[Reason, ...]
    beside: int = 0


@dataclass(frozen=True)
class Waits:
    """Both sides, and what nobody owes: that a day has not come. `day` is the next gate's, None after the last."""

    day: int | None
    sides: tuple[WaitsOn, ...]
    both: tuple[Reason, ...]
    tally: Tally


def waits_of(standing: Standing) -> Waits:
    """What is waited for before the next gate and beside it, by who has to act."""
    gate, waiting = standing.next_gate, shown_waiting(standing)

    def told(items: Sequence[Blocker], *who: str) -> tuple[Reason, ...]:
        return tuple(reasons_of([each for each in items if waits_with(each) in who], standing.engagement))

    return Waits(
        day=gate.day if gate else None,
        sides=tuple(
            WaitsOn(
                side,
                standing.engagement.organisation_of(side).name,
                (*told(waiting.beside, side), *told(waiting.items, side)),
                len(told(waiting.beside, side)),
            )
            for side in Side
        ),
        both=told(waiting.items, CALENDAR, EARLIER),
        tally=waiting.tally,
    )


def shown_waiting(standing: Standing) -> Waiting:
    """All that waits, for a page of one engagement: as it was kept, while nothing that it rests on has changed."""
    told = standing.kept.of("waiting", make=lambda: asdict(_shown(standing)))
    return Waiting(*(tuple(kept_blocker(each) for each in told[part]) for part in ("items", "beside")))


def _shown(standing: Standing) -> Waiting:
    gate = standing.next_gate
    return waiting_of(standing, shown_conditions(standing, gate) if gate else ())


def waiting_of(standing: Standing, conditions: Sequence[Condition]) -> Waiting:
    """All that waits, from the conditions of the next gate as they stand."""
    gate = standing.next_gate
    items = counted(blocker for condition in conditions for blocker in condition.blockers)
    if gate and not items:
        items = to_sign(_signing(standing, gate))
    return Waiting(tuple(items), tuple(beside_the_gate(_beside(standing))) if standing.plan else ())


def tally_of(standing: Standing, row: GateStanding) -> Tally:
    """What a gate waits for: the next one with all that waits beside it, a later one by its own conditions."""
    return shown_waiting(standing).tally if row.gate == standing.next_gate else row.tally


def _signing(standing: Standing, gate: Gate) -> SigningFacts:
    declines = declines_now(standing.events(gate), gate.document_sha256)
    return SigningFacts(
        title=gate.title,
        target=str(gate.public_id),
        declined_by=frozenset(event.side for event in declines),
        signed_by=signed_sides(gate),
    )


def _beside(standing: Standing) -> BesideFacts:
    gate, mask = standing.next_gate, standing.mask
    later = [
        item for item in standing.milestones if not item.done_on and (not gate or item.gate_code != gate.code)
    ]
    return BesideFacts(
        today=standing.today,
        dates=tuple(
            DateFacts(each.title, each.item, each.by_side, each.in_effect)
            for each in standing.proposals
            if each.open
        ),
        brief=standing.brief,
        milestones=tuple(
            OwedFacts(
                item.title, item.forecast_on, item.owner.name if item.owner else "", item.side,
                str(item.public_id), key_of(item),
            )
            for item in later
        ),
        actions=tuple(
            OwedFacts(
                mask.text(action.text), action.due_on, action.owner.name, action.owner.side,
                str(action.public_id), drop_side=action.drop_side,
            )
            for action in standing.actions
        ),
        fixes=tuple(
            OwedFacts(mask.text(fix.action), fix.due_on, fix.owner.name, fix.owner.side, str(finding.public_id))
            for finding, fix in _fixes(standing, gate)
        ),
        breaches=_breaches(standing, gate, mask),
        windows=_windows(standing, gate),
        scaling=tuple((str(each), Side(each.side).other.value) for each in standing.scaling),
    )  # fmt: skip


def _fixes(standing: Standing, gate: Gate | None) -> list[tuple[Finding, Fix]]:
    """The open fixes of those findings that the next gate does not ask about."""
    asked = findings_of_gate(standing, gate) if gate and gate.day > SETUP_DAYS else []
    return [
        (finding, fix) for finding in standing.findings if finding not in asked for fix in open_fixes(finding)
    ]


def _breaches(standing: Standing, gate: Gate | None, mask: Mask) -> tuple[Blocker, ...]:
    asked = breaches_before(standing, gate) if gate else []
    return tuple(
        Blocker(sentence(breach, mask.of(breach.agent)), Kind.BREACH, str(breach.public_id), side)
        for breach in standing.breaches
        if breach not in asked and (side := owed_by(state_of(breach)))
    )


def _windows(standing: Standing, gate: Gate | None) -> tuple[Blocker, ...]:
    """Calls outside of their windows, by their days: the operator says how they came about, and what was done."""
    asked = gate is not None and asks_for_windows(standing, gate)
    return tuple(
        Blocker(day.sentence, Kind.WINDOWS, day.day.isoformat(), Side.OPERATOR.value)
        for day in standing.outside_days
        if not (asked and of_launch(standing.engagement, day.day))
    )


def unanswered(standing: Standing, side: Side) -> list[DateProposal]:
    """Dates that the other side proposed or moved and this side has not answered."""
    return [each for each in standing.proposals if each.open and each.by_side != side]
