"""Talkdesk's contacts report.

Seen: the list of its columns in a script; no row. Assumed: how its values are written, that a Disposition Code stands
in accounts that export one (the older Calls report has it), and that Contact Type names the result else. Several
contacts of one Interaction ID are one call.
"""

from engagements.outcomes import Outcome

from .base import IN, OUT, Preset, codes

TALKDESK = Preset(
    name="talkdesk",
    label="Talkdesk contacts",
    help="The contacts report as CSV. Only its columns were known when this was written: look at the first rows well.",
    signature=frozenset(
        {"interaction_id", "contact_person_number", "direction", "contact_type", "started_at"}
    ),
    columns={
        "call_id": ("interaction_id",),
        "called_at": ("started_at",),
        "code": ("disposition_code", "contact_type"),
        "direction": ("direction",),
        "phone": ("contact_person_number",),
        "agent": ("user_id", "user_name"),
        "agent_name": ("user_name",),
        "duration": ("duration",),
        "talk": ("talk_time",),
        "wrap": ("after_call_work_time",),
        "lead_source": ("phone_display_name",),
        "campaign": ("team_name",),
        "recording": ("recording",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "outbound_missed, outbound missed, missed",
            Outcome.ABANDONED: "abandoned, short_abandoned",
            Outcome.OTHER: "outbound, outbound_connected, outbound connected",
        },
        divided_by=",",
    ),
    key=("call_id",),
    legs=True,
    tells_contact=False,
    directions={"in": IN, "out": OUT},
)
