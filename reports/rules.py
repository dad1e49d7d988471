"""Which report can be made when. Pure: facts in, reasons out."""

from dataclasses import dataclass
from datetime import date

from common.wording import day_text
from reports.snapshots import PERIODIC, Kind

# The reports on days of live calls: before their first day there is nothing to report.
DATED = frozenset({Kind.DAY_14, Kind.DAY_30, Kind.DAY_45, Kind.DAY_60, Kind.DAY_90})


@dataclass(frozen=True, slots=True)
class ReportFacts:
    """What decides whether a report can be made now. `first` and `first_day` begin the report's period."""

    kind: Kind
    first: date
    first_day: int
    today: date
    has_plan: bool
    has_brief: bool
    any_gate_passed: bool = False
    has_roster: bool = False


def report_blockers(facts: ReportFacts) -> list[str]:
    """Say why this report cannot be made now; empty means that it can.

    A report may be made while its period runs: it then says what is known so far and what is not.
    """
    if facts.kind in PERIODIC:
        return ["It is made by itself in the evening, for whoever has subscribed."]
    reasons = []
    if facts.kind is not Kind.BRIEF and not facts.has_plan:
        reasons.append("There is no plan yet. Make the plan first.")
    if facts.kind is Kind.BRIEF and not facts.has_brief:
        reasons.append("There is no campaign brief yet. Write the brief first.")
    if facts.kind is Kind.CERTIFICATE and facts.has_plan and not facts.any_gate_passed:
        reasons.append("No gate has passed yet: the certificate comes with the first one.")
    if facts.kind is Kind.ROSTER and facts.has_plan and not facts.has_roster:
        reasons.append("Nobody has been put on the roster yet. Put the agents on it first.")
    if facts.kind in DATED and facts.today < facts.first:
        reasons.append(
            f"Day {facts.first_day} is {day_text(facts.first)}: before it there is nothing to report."
        )
    return reasons


@dataclass(frozen=True, slots=True)
class HandingFacts:
    """What decides whether a reader may take a version away whose content names agents behind a mask."""

    names_agents: bool  # and the reader's mask hides these names
    taken: bool  # the reader's side has downloaded this very file before
    signed: bool  # the reader's side has signed a gate on it


def handing_blockers(facts: HandingFacts) -> list[str]:
    """Say why a version is kept back from a reader. What was handed over stays handed over."""
    if not facts.names_agents or facts.taken or facts.signed:
        return []
    return [
        "This version names agents, and the operator has masked their names since it was made. "
        "A new version carries numbers instead."
    ]
