"""UCI bank marketing: one row is one client with several dials and no id, hour, agent or year."""

from engagements.outcomes import Outcome
from engagements.stages import Stage

from .base import Moment, Preset

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
