"""FreeSWITCH's mod_cdr_csv.

Seen: the stock template and that of cdr-pusher, which adds hangup_cause_q850; neither has a header. The template can be
changed: another order goes through the mapper. The result is the hang-up cause, which says nothing of who answered.
Assumed: which causes exist beside NORMAL_CLEARING.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
SHAPE = {
    "start_stamp": DATE_TIME,
    "answer_stamp": f"({DATE_TIME})?",
    "duration": r"[0-9]+",
    "billsec": r"[0-9]+",
    "hangup_cause": r"[A-Z][A-Z0-9_]+",
}

FREESWITCH = Preset(
    name="freeswitch",
    label="FreeSWITCH call records",
    help="mod_cdr_csv in its stock template, known by its shape: it has no header. Times are the server's own.",
    signature=frozenset({"start_stamp", "destination_number", "hangup_cause"}),
    places=(
        "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp",
        "end_stamp", "duration", "billsec", "hangup_cause", "uuid", "bleg_uuid", "accountcode", "read_codec",
        "write_codec",
    ),
    shape=SHAPE | {"uuid": r"[0-9a-fA-F-]{36}"},
    columns={
        "call_id": ("uuid",),
        "called_at": ("start_stamp",),
        "code": ("hangup_cause",),
        "direction": ("direction",),
        "phone": ("destination_number",),
        "agent": ("accountcode", "caller_id_number"),
        "duration": ("duration",),
        "talk": ("billsec",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "NO_ANSWER NO_USER_RESPONSE ORIGINATOR_CANCEL ALLOTTED_TIMEOUT",
            Outcome.BUSY: "USER_BUSY",
            Outcome.BAD_NUMBER: "UNALLOCATED_NUMBER INVALID_NUMBER_FORMAT NUMBER_CHANGED NO_ROUTE_DESTINATION",
            Outcome.FAILED: "CALL_REJECTED NORMAL_TEMPORARY_FAILURE RECOVERY_ON_TIMER_EXPIRE NETWORK_OUT_OF_ORDER "
            "DESTINATION_OUT_OF_ORDER NORMAL_CIRCUIT_CONGESTION SWITCH_CONGESTION EXCHANGE_ROUTING_ERROR "
            "INCOMPATIBLE_DESTINATION SERVICE_UNAVAILABLE OUTGOING_CALL_BARRED USER_NOT_REGISTERED",
            Outcome.OTHER: "NORMAL_CLEARING NORMAL_UNSPECIFIED",
        }
    ),
    key=("call_id",),
    ragged=True,
    tells_contact=False,
)  # fmt: skip

PUSHER = FREESWITCH.like(
    name="freeswitch-pusher",
    label="FreeSWITCH call records (cdr-pusher)",
    help="mod_cdr_csv with the cause's number behind its name, known by its shape: it has no header.",
    places=(
        "caller_id_name", "caller_id_number", "destination_number", "context", "start_stamp", "answer_stamp",
        "end_stamp", "duration", "billsec", "hangup_cause", "hangup_cause_q850", "uuid", "bleg_uuid", "accountcode",
    ),
    shape=SHAPE | {"hangup_cause_q850": r"[0-9]{1,3}"},
)  # fmt: skip

PRESETS = (FREESWITCH, PUSHER)
