"""Twilio's calls.

Seen: the fields of the Call resource and its statuses in the documentation; bulk exports in ISO 8601 UTC. Assumed: the
dates of the REST lists are RFC 2822 in UTC. A dial made by another call is its child: parent and child are one call.
`completed` says that a line was answered, not by whom.
"""

from engagements.outcomes import Outcome

from .base import OUT, Preset, codes

TWILIO = Preset(
    name="twilio",
    label="Twilio calls",
    help="Call resources as CSV with Twilio's field names (sid, start_time, …), times in UTC.",
    signature=frozenset({"sid", "to", "from", "status", "direction", "start_time"}),
    columns={
        "call_id": ("parent_call_sid", "sid"),
        "call_ref": ("sid",),
        "called_at": ("start_time", "date_created"),
        "code": ("answered_by", "status"),
        "direction": ("direction",),
        "phone": ("to",),
        "lead_source": ("from",),
        "duration": ("duration",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "no-answer canceled",
            Outcome.BUSY: "busy",
            Outcome.MACHINE: "fax machine_start machine_end_beep machine_end_silence machine_end_other",
            Outcome.FAILED: "failed",
            Outcome.OTHER: "completed human unknown queued ringing in-progress",
        }
    ),
    key=("call_id",),
    legs=True,
    zone="UTC",
    utc=True,
    tells_contact=False,
    directions={"outbound-api": OUT, "outbound-dial": OUT, "trunking-originating": OUT},
)
