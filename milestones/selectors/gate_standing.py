"""How a gate stands as pages show it: its conditions, its look and its signatures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from milestones.models import Gate, SignOff
from milestones.rules.events import EventFacts, declines_now, standing_blockers
from milestones.rules.facts import (
    Blocker,
    Condition,
    GateFacts,
    Kind,
)
from milestones.rules.gates import gate_conditions
from milestones.rules.states import Look
from milestones.rules.waiting import Tally, counted
from milestones.selectors.gates import DOCUMENTS, facts_of
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class GateStanding:
    """One gate as its page shows it; `state` is what programs are told, `look` what people read."""

    gate: Gate
    conditions: list[Condition]
    state: str
    look: Look
    on: date
    signed: dict[str, SignOff]
    holds: tuple[EventFacts, ...] = ()
    declines: tuple[EventFacts, ...] = ()

    @property
    def document(self) -> str:
        """What the gate's report is called."""
        return DOCUMENTS.get(self.gate.deliverable_kind, "report")

    @property
    def standing_in_the_way(self) -> list[Blocker]:
        """Holds and declines: nothing is open by them, and nobody signs."""
        return standing_blockers(self.holds, self.declines, self.gate.code)

    @property
    def blockers(self) -> list[Blocker]:
        return [blocker for condition in self.conditions for blocker in condition.blockers]

    @property
    def tally(self) -> Tally:
        """What its conditions wait for, each act once."""
        return Tally.of(counted(self.blockers))

    @property
    def open_count(self) -> int:
        return sum(not condition.met for condition in self.conditions)


def conditions_of(facts: GateFacts, gate: Gate) -> list[Condition]:
    """The conditions of a gate as they stand; of a passed one, as they were recorded when it passed."""
    return recorded_conditions(gate) or gate_conditions(facts)


def recorded_conditions(gate: Gate) -> list[Condition]:
    """The conditions of a gate as they were recorded when it passed; none before."""
    return [Condition(**told) for told in gate.passed_on_conditions or ()] if gate.passed_at else []


def shown_conditions(standing: Standing, gate: Gate) -> list[Condition]:
    """The same for a page of one engagement: read as they were kept, while nothing they rest on has changed."""
    if recorded := recorded_conditions(gate):
        return recorded
    told = standing.kept.of(
        f"conditions of {gate.code}",
        make=lambda: [asdict(condition) for condition in gate_conditions(facts_of(standing, gate))],
    )
    return [
        Condition(**{**one, "blockers": tuple(kept_blocker(each) for each in one["blockers"])})
        for one in told
    ]


def kept_blocker(told: Mapping[str, str]) -> Blocker:
    """A blocker as it was kept."""
    return Blocker(told["text"], Kind(told["kind"]), told["target"], told["side"], told["told_by"])


def gate_standing(standing: Standing, gate: Gate) -> GateStanding:
    """Conditions, state and current signatures of one gate; `signed` maps a side to its signature."""
    conditions = shown_conditions(standing, gate)
    state = standing.gate_state(gate)
    if state == "open" and not all(condition.met for condition in conditions):
        state = "blocked" if standing.next_gate == gate else "open"
    signed = {s.side: s for s in gate.sign_offs.all() if s.content_hash == gate.document_sha256}
    declines = () if gate.passed_at else tuple(declines_now(standing.events(gate), gate.document_sha256))
    if state in ("open", "late") and declines:
        state = "blocked"
    return GateStanding(
        gate,
        conditions,
        state,
        standing.gate_look(gate),
        standing.gate_date(gate),
        signed,
        tuple(standing.holds(gate)),
        declines,
    )


def signed_sides(gate: Gate) -> frozenset[str]:
    """The sides that have signed the report on the table."""
    return frozenset(s.side for s in gate.sign_offs.all() if s.content_hash == gate.document_sha256)
