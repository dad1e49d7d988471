"""Tollgate's own CSV: comma, semicolon, tab or pipe, one row per call, ISO dates and whole seconds only."""

from collections.abc import Mapping

from engagements.outcomes import Outcome

from .base import Preset

OWN_COLUMNS: Mapping[str, str] = {
    "call_id": "Required. The dialer's id of the call; the same id twice is a duplicate.",
    "called_at": "Required. 2026-03-02T14:05:00+01:00, or ending in Z, or without offset in the zone stated on import. "
    "A bare date is a day whose hour is unknown.",
    "disposition": "Required. A code with a meaning in the engagement, or one of Tollgate's own: "
    + ", ".join(outcome.value for outcome in Outcome)
    + ".",
    "lead_id": "The CRM's id of the lead.",
    "phone": "The number dialed, as text.",
    "lead_source": "Where the lead came from.",
    "lead_created_at": "When the lead came in, written like called_at.",
    "lead_zone": "The lead's time zone, such as America/Denver.",
    "region": "The lead's state or region, as written.",
    "postal_code": "The lead's postal code.",
    "attempt": "Which attempt at this lead it was: 1, 2, 3, …",
    "agent": "The agent's code or name, as pages shall show it; empty when no agent took part.",
    "closer": "Who took the call over.",
    "duration_s": "Seconds, or H:MM:SS.",
    "talk_s": "Seconds spoken.",
    "wrap_s": "Seconds of work after the call.",
    "direction": "outbound, or inbound: an inbound call is no dial and is left out.",
    "recording": "The address or the name of the recording.",
    "dials": "How many dials the row stands for, 1 when empty; all count on the row's date.",
}

TOLLGATE = Preset(
    name="tollgate",
    label="Tollgate's own CSV",
    help="One row per call with call_id, called_at and disposition, and optional columns.",
    signature=frozenset({"call_id", "called_at", "disposition"}),
    columns={
        "call_id": ("call_id",),
        "called_at": ("called_at",),
        "code": ("disposition",),
        "lead_ref": ("lead_id",),
        "phone": ("phone",),
        "lead_source": ("lead_source",),
        "lead_created": ("lead_created_at",),
        "lead_zone": ("lead_zone",),
        "region": ("region",),
        "postal_code": ("postal_code",),
        "attempt": ("attempt",),
        "agent": ("agent",),
        "closer": ("closer",),
        "duration": ("duration_s",),
        "talk": ("talk_s",),
        "wrap": ("wrap_s",),
        "direction": ("direction",),
        "recording": ("recording",),
        "dials": ("dials",),
    },
    outcomes={outcome.value: outcome for outcome in Outcome},
    key=("call_id",),
    strict=True,
)
