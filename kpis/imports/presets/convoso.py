"""Convoso's call log.

Seen: the field names of the official API help (`call_date` as YYYY-MM-DD HH:MM:SS without a zone, `call_length` in
seconds) and one account's list of 71 status codes. Not seen: the header of the page's own CSV, which is assumed to
carry the same names. Codes are Convoso's: N is dead air and B the system's busy, unlike VICIdial's. Codes whose meaning
was not told are left without one.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

CONVOSO = Preset(
    name="convoso",
    label="Convoso call log",
    help="Assumed: columns called as in Convoso's API (number_dialed, call_length, …), times in the account's zone.",
    signature=frozenset({"call_date", "number_dialed", "call_length", "status"}),
    columns={
        "call_id": ("id",),
        "called_at": ("call_date",),
        "code": ("status",),
        "direction": ("call_type", "direction"),
        "phone": ("number_dialed", "phone_number"),
        "lead_ref": ("lead_id",),
        "lead_source": ("source_id", "list_id"),
        "region": ("state",),
        "postal_code": ("postal_code",),
        "attempt": ("called_count",),
        "agent": ("user_id",),
        "agent_name": ("user",),
        "duration": ("call_length",),
        "campaign": ("campaign_id", "campaign"),
        "recording": ("recording",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "NA",
            Outcome.BUSY: "B",
            Outcome.MACHINE: "A AA AM AFAX",
            Outcome.BAD_NUMBER: "DC",
            Outcome.WRONG_NUMBER: "WRONG",
            Outcome.FAILED: "N ERI OI",
            Outcome.ABANDONED: "DROP PDROP XDROP PXDROP QDROP",
            Outcome.OTHER: "NEW PU INCALL WAITTO LOGOUT INCOMP",
            Outcome.CALLBACK: "CB",
            Outcome.NOT_INTERESTED: "NI",
            Outcome.CLOSED: "SALE",
        }
    ),
    key=("call_id",),
    stand_in=("called_at", "phone", "lead_ref"),
    system_agents=frozenset({"System User"}),
)
