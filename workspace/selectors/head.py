"""The head of an engagement's pages: where it stands, which gate is next, and who is waited on."""

from datetime import date
from typing import Any
from uuid import UUID

from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from common.ui import EngagementHead, address
from common.wording import joined
from engagements.kept import HEAD
from engagements.models import Engagement
from milestones.models import Gate, Milestone
from milestones.rules.facts import Kind
from milestones.rules.waiting import Tally
from milestones.selectors.standing import Standing, standing_of
from milestones.selectors.waits import shown_waiting

UTC = "UTC"


def head_of(engagement: Engagement, standing: Standing | None = None) -> EngagementHead:
    """The head, read as it was kept: one query."""
    standing = standing or standing_of(engagement, clock.today(engagement.zone))
    told = standing.kept.of(HEAD, make=lambda: _told(standing))
    gate_day = told["gate_day"]
    return EngagementHead(
        public_id=engagement.public_id,
        campaign=engagement.campaign,
        client=engagement.client.name,
        operator=engagement.operator.name,
        zone=engagement.zone,
        sample=engagement.is_sample,
        calendar=standing.calendar,
        today=standing.today,
        phase=told["phase"],
        slip_days=standing.calendar.slip,
        slip_note=told["slip_note"],
        gate=told["gate"],
        gate_url=address("milestones:gate", engagement.public_id, UUID(told["gate_id"]))
        if told["gate"]
        else "",
        gate_state=told["gate_state"],
        gate_word=told["gate_word"],
        gate_day=date.fromisoformat(gate_day) if gate_day else None,
        waiting_on=told["waiting_on"],
    )


def _told(standing: Standing) -> dict[str, Any]:
    """What the head says beyond the engagement itself."""
    gate = standing.next_gate
    slip = standing.slips[-1] if standing.calendar.slip > 0 and standing.slips else None
    return {
        "phase": phase_title(standing),
        "slip_note": f"{slip.reason} ({slip.get_side_display()})" if slip else "",
        "gate": f"Day {gate.day}: {gate.title}" if gate else "",
        "gate_id": str(gate.public_id) if gate else "",
        "gate_state": standing.gate_look(gate).shape if gate else "passed",
        "gate_word": standing.gate_look(gate).word if gate else "",
        "gate_day": standing.gate_date(gate).isoformat() if gate else None,
        "waiting_on": _waiting_on(standing, gate) if gate else "",
    }


def zone_of(seat: Seat | None) -> str:
    """The one time zone of all engagements that somebody sees; UTC where there are several or none. One query."""
    if seat is None:
        return UTC
    zones = list(Engagement.objects.order_by().values_list("zone", flat=True).distinct()[:2])
    return zones[0] if len(zones) == 1 else UTC


def phase_title(standing: Standing) -> str:
    """The phase of today, or nothing after the last."""
    day = standing.calendar.day_of(standing.today)
    phases = standing.playbook.phases
    return next((phase.title for phase in phases if day <= phase.last_day), "")


def _to_lock(standing: Standing) -> str:
    """Who has still to lock the timeline: everything else begins with it."""
    if standing.plan is None or standing.locked:
        return ""
    locked = {lock.side for lock in standing.plan.locks.all()}
    who = f"the {Side(next(iter(locked))).other}" if len(locked) == 1 else "both sides"
    return f"{who}, to lock the timeline"


def _waiting_on(standing: Standing, gate: Gate) -> str:
    """Who has still to lock the timeline; else the owner of what is due first before the next gate; else
    whoever owes what else keeps it shut.

    Once nothing but its report is open, the operator for that, then the side whose signature is missing.
    """
    if asked := _to_lock(standing):
        return asked
    first = (
        Milestone.objects.filter(engagement=standing.engagement, gate_code=gate.code, done_on=None)
        .select_related("owner")
        .first()
    )
    if first:
        return f"{first.owner.name if first.owner else 'nobody yet'} ({Side(first.side).label.lower()})"
    waiting = shown_waiting(standing)
    kinds = {item.kind for item in waiting.items}
    holds = standing.holds(gate)
    pause = joined([f"the {hold.side}, who paused the gate" for hold in holds])
    if kinds and kinds <= {Kind.SIGNATURE, Kind.HOLD} and pause:
        return pause
    if kinds and kinds <= {Kind.DELIVERABLE, Kind.DECLINE, Kind.HOLD}:
        return f"the operator, who makes its report{f', and {pause}' if pause else ''}"
    owing = [side for side, count in Tally.of(waiting.items).by_side.items() if count]
    return (
        "both sides" if len(owing) == 2 else f"the {owing[0]}" if owing else "the calendar" if kinds else ""
    )
