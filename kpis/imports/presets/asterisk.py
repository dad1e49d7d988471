"""Asterisk's call detail records.

Seen: cdr_csv.c (Master.csv, no header, 16 to 21 columns, answer empty when unanswered, the system's local time unless
usegmtime), the other order of cdr_custom.conf, and the names of the database table. ANSWERED includes machines and the
agent's own leg, so it is no contact; billsec is without ringing, duration with it. Rows with one linkedid are legs of
one call. Assumed: a context that starts with from-trunk, from-pstn or from-did is inbound.
"""

from engagements.outcomes import Outcome

from .base import IN, Preset, codes

DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
DISPOSITION = r"ANSWERED|NO ANSWER|BUSY|FAILED|CONGESTION"
SHAPE = {
    "start": DATE_TIME,
    "answer": f"({DATE_TIME})?",
    "duration": r"[0-9]+",
    "billsec": r"[0-9]+",
    "disposition": DISPOSITION,
}

ASTERISK = Preset(
    name="asterisk",
    label="Asterisk call records (Master.csv)",
    help="Master.csv of cdr_csv, known by its shape: it has no header. Times are the server's own.",
    signature=frozenset({"start", "dst", "disposition", "billsec"}),
    places=(
        "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start",
        "answer", "end", "duration", "billsec", "disposition", "amaflags", "uniqueid", "userfield", "peeraccount",
        "linkedid", "sequence",
    ),
    shape=SHAPE,
    columns={
        "call_id": ("linkedid", "uniqueid"),
        "call_ref": ("uniqueid",),
        "called_at": ("start",),
        "code": ("disposition",),
        "direction": ("dcontext",),
        "phone": ("dst",),
        "agent": ("src",),
        "lead_source": ("accountcode",),
        "duration": ("duration",),
        "talk": ("billsec",),
        "recording": ("recordingfile",),
    },
    outcomes=codes(
        {
            Outcome.NO_ANSWER: "NO ANSWER",
            Outcome.BUSY: "BUSY",
            Outcome.FAILED: "FAILED; CONGESTION",
            Outcome.OTHER: "ANSWERED",
        },
        divided_by=";",
    ),
    key=("call_id",),
    stand_in=("called_at", "agent", "phone"),
    legs=True,
    ragged=True,
    tells_contact=False,
    directions=dict.fromkeys(("from-trunk*", "from-pstn*", "from-did*"), IN),
)  # fmt: skip

CUSTOM = ASTERISK.like(
    name="asterisk-custom",
    label="Asterisk call records (cdr_custom)",
    help="Master.csv in the order of cdr_custom.conf, known by its shape: it has no header.",
    places=(
        "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer", "end",
        "duration", "billsec", "disposition", "amaflags", "accountcode", "uniqueid", "userfield",
    ),
)  # fmt: skip

TABLE = ASTERISK.like(
    name="asterisk-table",
    label="Asterisk call records (database table)",
    help="The table cdr with its column names, as FreePBX and others export it.",
    signature=frozenset({"calldate", "dst", "disposition", "billsec"}),
    places=(),
    shape={},
    columns={**ASTERISK.columns, "called_at": ("calldate",)},
)

PRESETS = (ASTERISK, CUSTOM, TABLE)
