"""Alarm upgrades: day 6, with what stands in the way of the dialer."""

from ..calls import Campaign
from ..cast import HELEN, LAKESIDE, LAKESIDE_TEAM, NORA, OWEN, RIDGEWAY, RIDGEWAY_TEAM, VICTOR
from ..plot import Said, Script
from . import agreed

SAID = (
    Said(4, NORA, "milestone:crm-access", "@Helen, our account reads leads but cannot write to them.", False),
    Said(5, HELEN, "milestone:crm-access", "Our IT has the ticket. They promise it for tomorrow.", False),
    Said(
        5,
        OWEN,
        "milestone:crm-access",
        "If it does not come by day 7, the live tests of day 8 have no lead to push.",
        True,
    ),
    Said(
        6,
        VICTOR,
        "check:dialer-transfers",
        "True, nobody was named for the overflow. From tomorrow on I take it myself until somebody is.",
    ),
)
ALARM = Script(
    campaign="Alarm upgrades",
    client_name=LAKESIDE,
    client_team=LAKESIDE_TEAM,
    operator_name=RIDGEWAY,
    operator_team=RIDGEWAY_TEAM,
    terms={
        "target_market": "Households with an alarm of ours that is older than eight years.",
        "geography": "New York and New Jersey.",
        "qualifies": "Lives in the house, alarm installed before 2018, pays the service by card.",
        "does_not_qualify": "Business premises, notice given, a technician booked already.",
        "daily_caps": agreed.caps(240, 30),
        "calling_hours": agreed.hours(agreed.NEW_YORK, agreed.NEW_JERSEY, saturday=(agreed.NEW_YORK,)),
        "lead_sources": agreed.rows(
            "",
            agreed.source("Service list", "Households under contract, from the service desk", "120 a day"),
            agreed.source("Call-backs", "Asked for a call in the customer portal", "25 a day"),
        ),
        **agreed.usual(NORA, HELEN, VICTOR, "Call every working day at 9:00 until the launch."),
    },
    targets={**agreed.TARGETS, "contact_rate": "0.2000"},
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=210,
        contact=0.22,
        qualified=0.5,
        transfer=0.65,
        show=0.75,
        close=0.25,
        sources={"Service list": (0.8, 1.0), "Call-backs": (0.2, 1.4)},
        agents={"imani.okoro": 1.0, "felix.torres": 1.0, "sofia.reyes": 1.0},
        states=("NY", "NJ"),
    ),
    seed=31,
    words=(
        agreed.script_words(
            LAKESIDE, "your alarm", "Do you still live in the house? How old is the panel by the door?"
        ),
    ),
    said=SAID,
    failed_first=frozenset(),
    proofs={
        "api-reviewed": "Version 3 of the service desk's interface; open: who may write back what a call came to.",
        "dialer-chosen": "Ridgeway's own dialer, preview mode; run by Owen Tully.",
    },
)
NO_ACCESS = (
    "The lead keeps its old state: the account that we were given may read leads, but not write to them."
)
RANG_OUT = "Rang out twice: nobody is logged in to the overflow."
