"""What the columns of a known call-log export mean: one file per dialer, all of it data.

Columns are found by name, compared in lower case with spaces as underscores; a file without a header is known by the
shape of its rows. Each file says what was seen of the export and what is only assumed.
"""

from collections.abc import Iterable, Mapping, Sequence

from . import asterisk, freeswitch, vicidial
from .aircall import AIRCALL
from .base import DIRECTIONS, IN, NOT_A_CALL, OUT, Moment, Preset, Unit, column_name, fits_shape
from .convoso import CONVOSO
from .five9 import FIVE9
from .genesys import GENESYS
from .hubspot import HUBSPOT
from .hubspot import PAGE as HUBSPOT_PAGE
from .ringcentral import RINGCENTRAL
from .salesforce import REPORT as SALESFORCE_REPORT
from .salesforce import SALESFORCE
from .talkdesk import TALKDESK
from .tollgate import OWN_COLUMNS, TOLLGATE
from .twilio import TWILIO
from .uci import UCI_BANK
from .vicidial import VICIDIAL

__all__ = [
    "DIRECTIONS", "IN", "NOT_A_CALL", "OUT", "OWN_COLUMNS", "PRESETS", "SYSTEMS", "TOLLGATE", "UCI_BANK", "VICIDIAL",
    "Moment", "Preset", "Unit", "column_name", "fits_shape", "missing_columns", "of_system", "recognise",
    "recognise_rows",
]  # fmt: skip

PRESETS: Mapping[str, Preset] = {
    preset.name: preset
    for preset in (
        TOLLGATE, *vicidial.PRESETS, FIVE9, CONVOSO, GENESYS, AIRCALL, TALKDESK, HUBSPOT, HUBSPOT_PAGE, RINGCENTRAL,
        TWILIO, SALESFORCE, SALESFORCE_REPORT, *asterisk.PRESETS, *freeswitch.PRESETS, UCI_BANK,
    )
}  # fmt: skip
# Whose codes are meant: the presets of one system share one map. Its first preset has its name.
SYSTEMS: Mapping[str, Preset] = {
    preset.system: PRESETS[preset.system] for preset in PRESETS.values() if preset.system in PRESETS
}


def of_system(system: str) -> list[str]:
    """The names of the presets that share this system's codes."""
    return [preset.name for preset in PRESETS.values() if preset.system == system]


def recognise(header: Iterable[str]) -> Preset | None:
    """The preset whose columns this header has, the most telling one first; None when none fits."""
    names = {column_name(cell) for cell in header}
    fitting = [preset for preset in PRESETS.values() if not preset.shape and preset.signature <= names]
    return max(fitting, key=lambda preset: len(preset.signature), default=None)


def recognise_rows(rows: Sequence[list[str]]) -> Preset | None:
    """The preset whose shape rows without a header have; None when none fits."""
    return next((preset for preset in PRESETS.values() if fits_shape(preset, rows)), None)


def missing_columns(preset: Preset, header: Iterable[str]) -> list[str]:
    """The columns that this preset cannot do without and the header lacks, in the alphabet's order."""
    return sorted(preset.signature - {column_name(cell) for cell in header})
