"""VICIdial's exports, in the server's own time.

Seen in ccabrerar/vicidial @739c0ce2: call_report_export.php (tab, header; its fields EF, REC and EXTENDED; ALTERNATE_1
with pipes and YYYYMMDDHHMM; forks without some columns), bin/AST_call_log_export.pl and bin/AST_VDsales_export.pl, both
without a header. The sales export names the fronter (user) and the closer. Seen too: the merged sheet of a service
built on VICIdial, with phone_number and direction. Rows of in-groups stand among the others and say so only where
the file has direction or a DID: export outbound campaigns alone. gmt_offset_now is the offset of one night, not a
zone, and is not taken for one. The same second, lead, number and campaign is the same call.

The 49 codes are those of a fresh install. A contact is what VICIdial flags customer_contact, or a sale (which is
flagged customer_contact=N), or a DNC that an agent heard; NP (hung up before the pitch) is not flagged and stays a
dial. DNCL and DNCC come from list checks: no contact.
"""

from engagements.outcomes import Outcome

from .base import Preset, codes

OUTCOMES = codes(
    {
        Outcome.NO_ANSWER: "NA N",
        Outcome.BUSY: "B AB",
        Outcome.MACHINE: "A AA AM AL AFAX PM SVYVM QVMAIL",
        Outcome.BAD_NUMBER: "DC ADC ADCT",
        Outcome.FAILED: "ERI DAIR LRERR DNCL DNCC",
        Outcome.ABANDONED: "DROP XDROP PDROP TIMEOT AFTHRS NANQUE IQNANQ IVRXFR MAXCAL",
        Outcome.OTHER: "NEW QUEUE INCALL PU NP RQXFER SVYEXT SVYHU SVYREC SVYCLM MLINAT LSMERG",
        Outcome.DNC: "DNC",
        Outcome.CALLBACK: "CALLBK CBHOLD QCFAIL",
        Outcome.NOT_INTERESTED: "NI DEC",
        Outcome.TRANSFER_SET: "XFER",
        Outcome.CLOSED: "SALE",
    }
)
DATE_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}"
STATUS = r"[A-Z0-9_]{1,6}"
SYSTEM_USERS = frozenset({"VDAD", "VDCL"})

VICIDIAL = Preset(
    name="vicidial",
    label="VICIdial call export",
    help="“Export Calls Report”, tab-separated text as it comes, its ALTERNATE_1 form with pipes, or saved as CSV.",
    signature=frozenset({"call_date", "phone_number_dialed", "status", "length_in_sec"}),
    columns={
        "called_at": ("call_date",),
        "code": ("status",),
        "phone": ("phone_number_dialed",),
        "phone_code": ("phone_code",),
        "call_ref": ("uniqueid",),
        "lead_ref": ("lead_id",),
        "lead_source": ("source_id", "list_name", "list_id"),
        "lead_created": ("entry_date",),
        "region": ("state",),
        "postal_code": ("postal_code",),
        "attempt": ("called_count",),
        "agent": ("user",),
        "agent_name": ("full_name",),
        "duration": ("length_in_sec",),
        "wrap": ("wrapup_time",),
        "campaign": ("campaign_id",),
        "recording": ("recording_location", "recording_filename"),
        "direction": ("direction",),
        "did": ("did_pattern",),
    },
    outcomes=OUTCOMES,
    key=("called_at", "lead_ref", "phone", "campaign"),
    system_agents=SYSTEM_USERS,
    bare_delimiters=frozenset({"\t", "|"}),
    ragged=True,
    standard_codes=True,
)

MERGED = VICIDIAL.like(
    name="vicidial-merged",
    label="VICIdial call sheet with directions",
    help="The columns of VICIdial's export with phone_number and direction, as services built on it give them.",
    signature=frozenset({"call_date", "phone_number", "status", "length_in_sec", "direction"}),
    columns={**VICIDIAL.columns, "phone": ("phone_number",)},
)

CALL_LOG = VICIDIAL.like(
    name="vicidial-call-log",
    label="VICIdial call log without header",
    help="AST_call_log_export, pipes or tabs, known by its shape: it has no header.",
    signature=frozenset({"call_date", "phone_number", "status", "length_in_sec"}),
    places=(
        "call_date", "phone_number", "vendor_id", "status", "user", "first_name", "last_name", "lead_id", "list_id",
        "campaign_id", "length_in_sec", "source_id",
    ),
    shape={
        "call_date": DATE_TIME, "phone_number": r"[0-9]{3,18}", "status": STATUS, "lead_id": r"[0-9]*",
        "list_id": r"[0-9]*", "length_in_sec": r"[0-9]*",
    },
    columns={
        "called_at": ("call_date",),
        "code": ("status",),
        "phone": ("phone_number",),
        "lead_ref": ("lead_id",),
        "lead_source": ("source_id", "list_id"),
        "agent": ("user",),
        "duration": ("length_in_sec",),
        "campaign": ("campaign_id",),
    },
)  # fmt: skip

SALES = VICIDIAL.like(
    name="vicidial-sales",
    label="VICIdial sales export, fronter and closer",
    help="AST_VDsales_export with pipes, commas or tabs, known by its shape: it has no header. It holds sales only.",
    signature=frozenset({"call_date", "phone_number", "status", "closer"}),
    places=(
        "first_name", "last_name", "address1", "address2", "city", "state", "postal_code", "phone_number", "email",
        "security", "comments", "call_date", "lead_id", "list_id", "user", "agent_name", "status", "vendor_id",
        "source_id", "campaign", "campaign_id", "ivr_id", "closer", "closer_name", "rank", "owner",
    ),
    shape={
        "phone_number": r"[0-9]{3,18}", "call_date": DATE_TIME, "lead_id": r"[0-9]*", "list_id": r"[0-9]*",
        "status": STATUS,
    },
    columns={
        "called_at": ("call_date",),
        "code": ("status",),
        "phone": ("phone_number",),
        "lead_ref": ("lead_id",),
        "lead_source": ("source_id", "list_id"),
        "region": ("state",),
        "postal_code": ("postal_code",),
        "agent": ("user",),
        "agent_name": ("agent_name",),
        "closer": ("closer",),
        "campaign": ("campaign_id",),
    },
    bare_delimiters=frozenset({"\t", "|"}),
)  # fmt: skip

PRESETS = (VICIDIAL, MERGED, CALL_LOG, SALES)
