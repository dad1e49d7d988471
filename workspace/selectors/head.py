"""The head of an engagement's pages: where it stands, which gate is next, and who is waited on."""

from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from common.ui import EngagementHead
from engagements.models import Engagement
from milestones.models import Gate, Milestone
from milestones.rules.events import declines_now
from milestones.selectors.gates import gate_standing
from milestones.selectors.standing import Standing, standing_of
from workspace.selectors.waiting import owed

UTC = "UTC"


def head_of(engagement: Engagement, standing: Standing | None = None) -> EngagementHead:
    """The head, in at most five queries while a milestone is open before the next gate."""
    standing = standing or standing_of(engagement, clock.today(engagement.zone))
    gate = standing.next_gate
    slip = standing.slips[-1] if standing.calendar.slip > 0 and standing.slips else None
    return EngagementHead(
        public_id=engagement.public_id,
        campaign=engagement.campaign,
        client=engagement.client.name,
        operator=engagement.operator.name,
        zone=engagement.zone,
        calendar=standing.calendar,
        today=standing.today,
        phase=phase_title(standing),
        slip_days=standing.calendar.slip,
        slip_note=f"{slip.reason} ({slip.get_side_display()})" if slip else "",
        gate=f"Day {gate.day}: {gate.title}" if gate else "",
        gate_url=reverse("milestones:gate", args=[engagement.public_id, gate.public_id]) if gate else "",
        gate_state=standing.gate_look(gate).shape if gate else "passed",
        gate_word=standing.gate_look(gate).word if gate else "",
        gate_day=standing.gate_date(gate) if gate else None,
        waiting_on=_waiting_on(standing, gate) if gate else "",
    )


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


def _waiting_on(standing: Standing, gate: Gate) -> str:
    """The owner of what is due first before the next gate, else whoever owes what else keeps it shut.

    Once nothing does, the operator for its report, then the side whose signature is missing.
    """
    first = (
        Milestone.objects.filter(engagement=standing.engagement, gate_code=gate.code, done_on=None)
        .select_related("owner")
        .first()
    )
    if first:
        return f"{first.owner.name if first.owner else 'nobody yet'} ({Side(first.side).label.lower()})"
    counts = owed(gate_standing(standing, gate).blockers)
    owing = [side for side in Side if counts[side]]
    if owing:
        return "both sides" if len(owing) == 2 else f"the {owing[0]}"
    if holds := standing.holds(gate):
        return f"the {holds[0].side}, who paused the gate"
    if gate.needs_report or declines_now(standing.events(gate), gate.document_sha256):
        return "the operator, who makes its report"
    signed = {s.side for s in gate.sign_offs.all() if s.content_hash == gate.document_sha256}
    missing = [side for side in Side if side not in signed]
    return "both sides" if len(missing) == 2 else f"the {missing[0]}" if missing else ""
