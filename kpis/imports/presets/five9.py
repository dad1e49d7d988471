"""Five9's call log.

Seen: the 25 columns of a report and a shorter one with SESSION ID; `Thu, 27 Oct 2016 14:51:34` (quoted) and
`2026-09-03 10:00`; H:MM:SS; [None] and [Deleted]. For an outbound call DNIS is the customer and ANI the number shown.
CALL ID comes again for every leg. Columns are chosen per report. Assumed: times are those of the report's user; the
outcomes of dispositions other than the five seen.
"""

from engagements.outcomes import Outcome

from .base import IN, NOT_A_CALL, OUT, Preset, codes

FIVE9 = Preset(
    name="five9",
    label="Five9 call log",
    help="The “Call Log” report as CSV. Assumed: its times are in the zone of the person who ran the report.",
    signature=frozenset({"call_id", "timestamp", "call_type", "disposition", "dnis"}),
    columns={
        "call_id": ("call_id",),
        "called_at": ("timestamp",),
        "code": ("disposition",),
        "direction": ("call_type",),
        "phone": ("dnis",),
        "agent": ("agent",),
        "agent_name": ("agent_name",),
        "duration": ("call_time",),
        "talk": ("talk_time",),
        "wrap": ("after_call_work_time",),
        "lead_source": ("list_name",),
        "campaign": ("campaign",),
        "recording": ("recordings",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "No Answer",
            Outcome.BUSY: "Busy",
            Outcome.MACHINE: "Answering Machine; Fax",
            Outcome.BAD_NUMBER: "Operator Intercept",
            Outcome.FAILED: "Dial Error; System Error; Hardware Timeout; Resource Unavailable",
            Outcome.ABANDONED: "Abandon",
            Outcome.OTHER: "No Disposition; Caller Disconnected",
            Outcome.DNC: "Do Not Call",
        },
        divided_by=";",
    ),
    key=("call_id",),
    legs=True,
    directions={
        **dict.fromkeys(("autodial", "manual", "outbound_preview", "outbound preview", "agent"), OUT),
        **dict.fromkeys(("inbound_voicemail", "inbound voicemail", "queue callback"), IN),
        **dict.fromkeys(("internal", "test"), NOT_A_CALL),
    },
)
