"""Heat pump advice: nothing is signed yet. The plan stands, the brief waits for the client."""

from ..calls import Campaign
from ..cast import BEN, BRIGHTWELL, BRIGHTWELL_TEAM, JOYCE, MARA, NORTHLINE, NORTHLINE_TEAM
from ..plot import Said, Script
from . import agreed

SAID = (
    Said(
        -3,
        BEN,
        "plan",
        "May reply cards that are older than a year be dialled at all? I ask our lawyer before I sign the brief.",
    ),
)
HEAT = Script(
    campaign="Heat pump advice",
    client_name=BRIGHTWELL,
    client_team=BRIGHTWELL_TEAM,
    operator_name=NORTHLINE,
    operator_team=NORTHLINE_TEAM,
    terms={
        "target_market": "Households with an oil or gas boiler older than twelve years.",
        "geography": "Massachusetts and Connecticut.",
        "qualifies": "Owns the house, boiler older than twelve years, open to a visit by an adviser.",
        "does_not_qualify": "Tenants, district heating, a heat pump already installed.",
        "daily_caps": agreed.caps(180, 25),
        "calling_hours": agreed.hours(agreed.MASSACHUSETTS, agreed.CONNECTICUT),
        "lead_sources": agreed.rows(
            "",
            agreed.source("Web form", "Advice form on the utility’s site", "60 a day"),
            agreed.source("Utility bill insert", "Reply cards sent with the bill", "40 a day"),
        ),
        **agreed.usual(MARA, BEN, JOYCE, "Call every Tuesday and Thursday."),
    },
    targets=agreed.TARGETS,
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=150,
        contact=0.12,
        qualified=0.45,
        transfer=0.6,
        show=0.7,
        close=0.2,
        sources={"Web form": (0.6, 1.1), "Utility bill insert": (0.4, 0.85)},
        agents={"ana.ruiz": 1.0, "joan.mills": 1.0},
        states=("MA", "CT"),
    ),
    seed=3,
    said=SAID,
)
