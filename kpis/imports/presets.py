"""What the columns of a known call-log export mean: one preset per export, all of it data.

Columns are found by name, never by position; names are compared in lower case with spaces as underscores.

**Tollgate's own CSV** (preset `tollgate`), comma, semicolon, tab or pipe, one row per call: OWN_COLUMNS.

**VICIdial's call export** (preset `vicidial`): call_report_export by column name, tab as printed, or comma
after a spreadsheet; forks without some columns do. Times are the server's. Export outbound campaigns only:
rows of in-groups would count as dials. The same second, lead, number and campaign is the same call.

**UCI bank marketing** (preset `uci-bank`): one row is one client with several dials and no id, hour, agent
or year.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from engagements.outcomes import Outcome
from engagements.stages import Stage


class Moment(Enum):
    """How a file tells when a call was."""

    TIME = "a date with a time, or a date alone, in one column"
    DAY_AND_MONTH = "day and month without a year, rows in the order of time"


@dataclass(frozen=True, slots=True)
class Preset:
    """One export: how to know it, where each value stands, and what it can tell.

    `columns` gives for each of Tollgate's fields the file's columns, the first that is filled counts. `key`
    names the fields that make two rows the same call; empty when the file has none, and identical rows are
    then different calls. `measures` are the stages that the file itself can tell; None: those on
    which the codes in use keep books, all of `outcomes` counting as in use with `standard_codes`.
    """

    name: str
    label: str
    help: str
    signature: frozenset[str]
    columns: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, Outcome]
    key: tuple[str, ...]
    moment: Moment = Moment.TIME
    measures: frozenset[Stage] | None = None
    zone: str | None = None
    first_year: int | None = None
    system_agents: frozenset[str] = frozenset()
    bare_delimiters: frozenset[str] = frozenset()
    ragged: bool = False
    standard_codes: bool = False

    def can_measure(self, in_use: Iterable[Outcome]) -> frozenset[Stage]:
        """The stages that files of this export can tell, when codes with these outcomes are in use.

        What is not here is unknown, not zero: a system that never said "shown" keeps no books on shows.
        """
        if self.measures is not None:
            return self.measures
        standard = self.outcomes.values() if self.standard_codes else ()
        told = (outcome.tells for outcome in (*in_use, *standard))
        return frozenset({Stage.DIAL, Stage.CONTACT}).union(*told)


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
    "agent": "The agent's code or name, as pages shall show it; empty when no agent took part.",
    "duration_s": "Seconds, or H:MM:SS.",
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
        "agent": ("agent",),
        "duration": ("duration_s",),
        "dials": ("dials",),
    },
    outcomes={outcome.value: outcome for outcome in Outcome},
    key=("call_id",),
)

# The 49 codes of a fresh install. A contact is what VICIdial flags customer_contact, or a sale, or a DNC
# that an agent heard; NP (hung up before the pitch) is not flagged and stays a dial. DNCL and DNCC come
# from list checks: no contact.
VICIDIAL_OUTCOMES: Mapping[str, Outcome] = {
    code: outcome
    for outcome, codes in {
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
    }.items()
    for code in codes.split()
}

VICIDIAL = Preset(
    name="vicidial",
    label="VICIdial call export",
    help="“Export Calls Report”, tab-separated text as it comes, or saved as CSV.",
    signature=frozenset({"call_date", "phone_number_dialed", "status", "length_in_sec"}),
    columns={
        "called_at": ("call_date",),
        "code": ("status",),
        "phone": ("phone_number_dialed",),
        "lead_ref": ("lead_id",),
        "lead_source": ("source_id", "list_name", "list_id"),
        "agent": ("user",),
        "agent_name": ("full_name",),
        "duration": ("length_in_sec",),
        "campaign": ("campaign_id",),
    },
    outcomes=VICIDIAL_OUTCOMES,
    key=("called_at", "lead_ref", "phone", "campaign"),
    system_agents=frozenset({"VDAD", "VDCL"}),
    bare_delimiters=frozenset({"\t", "|"}),
    ragged=True,
    standard_codes=True,
)

UCI_BANK = Preset(
    name="uci-bank",
    label="UCI bank marketing (one row is several dials)",
    help="bank-full.csv: “campaign” counts the dials to one client, “y” tells whether it closed.",
    signature=frozenset({"contact", "day", "month", "duration", "campaign", "y"}),
    columns={
        "day": ("day",),
        "month": ("month",),
        "code": ("y",),
        "lead_source": ("contact",),
        "duration": ("duration",),
        "dials": ("campaign",),
    },
    outcomes={"yes": Outcome.CLOSED, "no": Outcome.OTHER},
    key=(),
    moment=Moment.DAY_AND_MONTH,
    measures=frozenset({Stage.DIAL, Stage.CLOSE}),
    zone="Europe/Lisbon",
    first_year=2008,
)

PRESETS: Mapping[str, Preset] = {preset.name: preset for preset in (TOLLGATE, VICIDIAL, UCI_BANK)}


def column_name(cell: str) -> str:
    """A header cell as names are compared: "Call Date " is call_date."""
    return "_".join(cell.strip().strip('"').strip().lower().split())


def recognise(header: Iterable[str]) -> Preset | None:
    """The preset whose columns this header has, the most telling one first; None when none fits."""
    names = {column_name(cell) for cell in header}
    fitting = [preset for preset in PRESETS.values() if preset.signature <= names]
    return max(fitting, key=lambda preset: len(preset.signature), default=None)


def missing_columns(preset: Preset, header: Iterable[str]) -> list[str]:
    """The columns that this preset cannot do without and the header lacks, in the alphabet's order."""
    return sorted(preset.signature - {column_name(cell) for cell in header})
