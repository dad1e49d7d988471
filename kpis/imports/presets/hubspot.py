"""HubSpot's calls, by API property or by the labels of its page.

Seen: the properties in the developers' guide (hs_timestamp in Unix ms or ISO UTC, hs_call_duration in ms, outcomes as
GUIDs) and the six default GUIDs, on which two public sources agree; portals add their own. Assumed: the page's export
uses labels, H:MM:SS and the portal's zone.
"""

from engagements.outcomes import Outcome

from .base import Preset, Unit, codes

OUTCOMES = codes(
    {
        Outcome.BUSY: "9d9162e7-6cf3-4944-bf63-4dff82258764; Busy",
        Outcome.CONTACTED: "f240bbac-87c9-4f6e-bf70-924b57d47db7; Connected; "
        "a4c4c377-d246-4b32-a13b-75a56a4cd0ff; Left live message",
        Outcome.MACHINE: "b2cf5968-551e-4856-9783-52b3da59a7d0; Left voicemail",
        Outcome.NO_ANSWER: "73a0d17f-1163-4015-bdd5-ec830791da20; No answer; NO_ANSWER",
        Outcome.WRONG_NUMBER: "17b47fee-58de-441e-a44c-c6300d46f273; Wrong number",
        Outcome.FAILED: "FAILED; CANCELED",
        Outcome.OTHER: "COMPLETED; No outcome",
    },
    divided_by=";",
)

HUBSPOT = Preset(
    name="hubspot",
    label="HubSpot calls (properties)",
    help="Calls with HubSpot's own property names (hs_timestamp, …), times in UTC.",
    signature=frozenset({"hs_timestamp", "hs_call_disposition"}),
    columns={
        "call_id": ("hs_object_id", "id"),
        "called_at": ("hs_timestamp",),
        "code": ("hs_call_disposition", "hs_call_status"),
        "direction": ("hs_call_direction",),
        "phone": ("hs_call_to_number",),
        "agent": ("hubspot_owner_id",),
        "duration": ("hs_call_duration",),
        "lead_source": ("hs_call_source",),
        "recording": ("hs_call_recording_url",),
    },
    outcomes=OUTCOMES,
    key=("call_id",),
    stand_in=("called_at", "phone", "agent"),
    unit=Unit.MILLISECONDS,
    zone="UTC",
    utc=True,
    blank_code="No outcome",
)

PAGE = HUBSPOT.like(
    name="hubspot-page",
    label="HubSpot calls (page export)",
    help="The call activities as HubSpot's page exports them. Assumed: its labels, and times in the portal's zone.",
    signature=frozenset({"call_outcome", "activity_date", "call_duration"}),
    columns={
        "call_id": ("record_id", "call_id"),
        "called_at": ("activity_date",),
        "code": ("call_outcome", "call_status"),
        "direction": ("call_direction",),
        "phone": ("to_number", "call_to_number"),
        "agent": ("activity_assigned_to",),
        "duration": ("call_duration",),
        "lead_source": ("call_source",),
        "recording": ("recording_url",),
    },
    stand_in=("called_at", "phone", "agent"),
    unit=Unit.MILLISECONDS,
    zone=None,
    utc=False,
)
