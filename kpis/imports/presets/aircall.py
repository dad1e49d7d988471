"""Aircall's call history.

Seen: one export pasted into a test, 41 columns in small letters (perhaps by the uploader). It shows two clocks: the
column in UTC is taken, so no zone need be stated. Assumed: the tags, when there are some, are the result; without tags
the reason of a missed call, else whether it was answered. An answered call is no contact before a tag says so.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

AIRCALL = Preset(
    name="aircall",
    label="Aircall calls",
    help="The call history as CSV, read by its column in UTC. Assumed: tags carry the result of the call.",
    signature=frozenset({"datetime_(utc)", "direction", "from", "to", "answered"}),
    columns={
        "call_id": ("call_id", "call_id_(internal)"),
        "called_at": ("datetime_(utc)",),
        "code": ("tags", "missed_call_reason", "answered"),
        "direction": ("direction",),
        "phone": ("customer_number", "to"),
        "agent": ("user",),
        "duration": ("duration_(total)",),
        "talk": ("duration_(in_call)", "in-call_duration"),
        "lead_source": ("line",),
        "campaign": ("team",),
        "recording": ("recording",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "No",
            Outcome.ABANDONED: "no_available_agent",
            Outcome.OTHER: "Yes, abandoned_in_ivr, abandoned_in_classic, short_abandoned, agents_did_not_answer, "
            "out_of_opening_hours",
        },
        divided_by=",",
    ),
    key=("call_id",),
    stand_in=("called_at", "phone"),
    zone="UTC",
    utc=True,
    tells_contact=False,
    several={"code": ";"},
)
