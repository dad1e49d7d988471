"""Home battery offers: a comparison site whose leads rent their homes. Day 12, the supervised launch."""

from ..calls import EVERY_DAY, Campaign
from ..cast import BEN, BRIGHTWELL, BRIGHTWELL_TEAM, JOYCE, MARA, NORTHLINE, NORTHLINE_TEAM
from ..plot import Bottleneck, Said, Script
from . import agreed

SAID = (
    Said(
        12,
        MARA,
        "plan",
        "@Ben, most people from the comparison site rent their home. Can the site ask for that before it sends them?",
    ),
    Said(
        12,
        BEN,
        "plan",
        "I have asked them. They can add the question, at the earliest next week.",
        hour=12,
    ),
)
BATTERY = Script(
    campaign="Home battery offers",
    client_name=BRIGHTWELL,
    client_team=BRIGHTWELL_TEAM,
    operator_name=NORTHLINE,
    operator_team=NORTHLINE_TEAM,
    terms={
        "target_market": "Owners of houses with solar panels and no battery.",
        "geography": "Massachusetts and Connecticut.",
        "qualifies": "Owns the house, panels of 4 kW or more, open to an offer this year.",
        "does_not_qualify": "Tenants, panels that are leased, a battery already installed.",
        "daily_caps": agreed.caps(460, 60),
        "calling_hours": agreed.hours(
            agreed.MASSACHUSETTS,
            agreed.CONNECTICUT,
            saturday=(agreed.MASSACHUSETTS, agreed.CONNECTICUT),
            sunday=True,
        ),
        "lead_sources": agreed.rows(
            "",
            agreed.source("Own customers", "Households that sell us power from their panels", "90 a day"),
            agreed.source("Comparison site", "Asked for offers on a comparison site", "100 a day"),
        ),
        **agreed.usual(MARA, BEN, JOYCE, "Call every morning at 8:45 until day 14, then on Tuesdays."),
    },
    targets=agreed.TARGETS,
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=400,
        contact=0.22,
        qualified=0.56,
        transfer=0.72,
        show=0.8,
        close=0.28,
        sources={"Own customers": (0.5, 1.0), "Comparison site": (0.5, 0.95)},
        agents={"lucia.ferrer": 1.05, "marcus.bell": 0.95, "hana.kovac": 1.0, "piotr.zielak": 1.0},
        days=EVERY_DAY,
        fits={"Comparison site": 0.2},  # most of them rent: this is what holds the campaign back
        states=("MA", "CT"),
        early=2,
        closers=("Grace Oduya", "Leo Marchetti"),
    ),
    bottleneck=Bottleneck("qualification_rate", "lead source", frozenset({"Comparison site"})),
    seed=23,
    words=(
        agreed.script_words(
            BRIGHTWELL, "a battery for your panels", "Do you own the house? How large are your panels?"
        ),
    ),
    stumbles="marcus.bell",
    said=SAID,
    proofs={
        "first-dials": "Call log of the first live day, imported the same evening.",
        "live-tracking": "Log of the first day: leads of the comparison site often rent; Brightwell was told at noon.",
    },
)
