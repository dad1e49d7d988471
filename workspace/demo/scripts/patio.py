"""Patio doors: two agents lose at the hand-over, and the first plan did not help. A later launch; day 58."""

from dataclasses import replace
from decimal import Decimal

from accounts.roles import ParticipantRole
from kpis.prices import Prices

from ..calls import Campaign
from ..cast import CALEB, CLARA, HARBOUR, HARBOUR_TEAM, NORA, RIDGEWAY, RIDGEWAY_TEAM, TESSA
from ..plot import Answer, Bottleneck, Meeting, Said, Script, Slipped, Undertaken
from . import agreed

AGENTS = {"kofi.mensah": 1.0, "ruth.alder": 1.0, "ines.duarte": 1.0, "colin.frey": 0.98, "maya.lund": 1.02}
LOSING = {"kofi.mensah": 0.25, "ruth.alder": 0.25}
AT_FIRST = Campaign(
    zone="America/New_York",
    dials_a_day=300,
    contact=0.118,
    qualified=0.52,
    transfer=0.74,
    show=0.8,
    close=0.3,
    sources={"Web form": (0.55, 1.1), "Showroom visits": (0.25, 1.2), "Mailing": (0.2, 0.6)},
    agents=AGENTS,
    hand_over=LOSING,  # they never learned how the hand-over works: this is what holds the campaign back
    waits=(3.5, 0.7),
    dead={"Web form": 0.03, "Showroom visits": 0.02, "Mailing": 0.12},
    closers=("Ivo Brandt", "Nadia Cole"),
)
MORE_CONTACTS = replace(
    AT_FIRST, contact=0.132, sources={"Web form": (0.6, 1.1), "Showroom visits": (0.3, 1.2), "Mailing": (0.1, 0.6)}
)  # fmt: skip
REPAIRED = replace(MORE_CONTACTS, hand_over={"kofi.mensah": 0.92, "ruth.alder": 0.95})

MEETINGS = {
    "day-14": Meeting(
        "The first live days looked at together, all of them calibration. Showroom visits answer best, Mailing worst. "
        "Kofi Mensah and Ruth Alder qualify as many as the others and hand over far fewer.",
        decisions=("Tessa Lindholm sits beside both of them for two days before anything else is changed.",),
        actions=(
            Undertaken(
                "Sit beside Kofi Mensah and Ruth Alder for two days and note each hand-over that fails.",
                ParticipantRole.QA_LEAD, 4, "Notes of two days: thirty hand-overs, nineteen of them lost on the line.",
            ),
            Undertaken(
                "Send the closers' free hours of the week to the floor every Monday.",
                ParticipantRole.CLOSER_LEAD, 6, "First plan of the week sent and pinned on the floor.",
            ),
        ),
        point="Why do two of five agents lose the household while they transfer?",
    ),
    "day-30": Meeting(
        "Every metric of the brief checked against its target. Transfers set are far below, contacts a little. Both have a "
        "cause and a fix with a date.",
        decisions=("Days 31 to 60 work on the hand-over; the mailing is dialled less from day 38 on.",),
    ),
    "week-4": Meeting(
        "The shorter words before the hand-over are in use on all desks. Kofi Mensah and Ruth Alder lose as many as before.",
    ),
    "day-45": Meeting(
        "The hand-over has not moved since the script was changed: the same two agents lose as many as before. The cause "
        "that we named on day 31 was the wrong one.",
        decisions=("A new plan by day 47, from what is seen at their desks and not from recordings.",),
        actions=(
            Undertaken(
                "Sit beside both agents for ten hand-overs each and write down what their phones show.",
                ParticipantRole.SUPERVISOR, 1, "Twenty hand-overs: in fourteen the phone put the household on hold and then cut the line.",
            ),
        ),
    ),
    "week-6": Meeting(
        "Both agents have the settings of the others since day 48. Their hand-overs of the first days arrive.",
        decisions=("The verdict on the second plan is recorded before the day-60 review.",),
    ),
}  # fmt: skip
FIRST = Answer(
    "The words before the hand-over are too long, and households hang up while they listen.",
    "operator",
    "Shorten the words before the hand-over to one sentence for all agents.",
    ParticipantRole.QA_LEAD,
)
SECOND = Answer(
    "The phones of Kofi Mensah and Ruth Alder came with old settings: a hand-over cuts the line instead of joining it.",
    "operator",
    "Give both agents the settings of the others and let each make ten test hand-overs before the next shift.",
    ParticipantRole.SUPERVISOR,
)
SAID = (
    Said(
        45,
        CLARA,
        "milestone:review-day-45",
        "@Lena, the first plan cost us two weeks. I want to see the desks before I agree to another one.",
        True,
    ),
    Said(
        46,
        TESSA,
        "milestone:review-day-45",
        "I heard recordings only, and a line that is cut sounds like a household that hangs up.",
        True,
    ),
    Said(
        57,
        CALEB,
        "gate:day-60",
        "@Nora, we get twice as many hand-overs from both since the phones were changed.",
        False,
    ),
)

PATIO = Script(
    campaign="Patio doors",
    client_name=HARBOUR,
    client_team=HARBOUR_TEAM,
    operator_name=RIDGEWAY,
    operator_team=RIDGEWAY_TEAM,
    terms={
        "target_market": "Owner-occupied houses with a terrace or a garden; the person who decides about the house.",
        "geography": "New York, New Jersey and Connecticut. No calls into other states.",
        "qualifies": "Owns the house, plans a new door to the garden within a year, can meet a closer by video.",
        "does_not_qualify": "Tenants, flats without a terrace, an offer already signed.",
        "daily_caps": agreed.caps(350, 45),
        "calling_hours": agreed.hours(agreed.NEW_YORK, agreed.NEW_JERSEY, agreed.CONNECTICUT),
        "lead_sources": agreed.rows(
            "",
            agreed.source("Web form", "Quote form on the client’s site", "about 110 a day"),
            agreed.source("Showroom visits", "Left an address in a showroom", "50 a day"),
            agreed.source("Mailing", "Reply cards of the spring mailing", "2,000 in all"),
        ),
        **agreed.usual(NORA, CLARA, CALEB, "Call on Mondays and Thursdays at 16:00; changes only in writing."),
    },
    targets={**agreed.TARGETS, "contact_rate": "0.1400", "transfer_set_rate": "0.6500"},
    behaviour=AT_FIRST,
    turns=((38, MORE_CONTACTS), (49, REPAIRED)),
    bottleneck=Bottleneck("transfer_set_rate", "agent", frozenset(LOSING)),
    seed=28,
    words=(
        agreed.script_words(
            HARBOUR, "a new door to your garden", "Do you own the house? Which door is it? When would you like it?"
        ),
    ),
    stumbles="colin.frey",
    failed_first=frozenset({"dialer-routing"}),
    slipped=Slipped(
        check="live-response",
        days=3,
        failed="New leads wait up to fifteen minutes: the dialer asks for them four times an hour.",
        repaired="Twelve test leads of all sources, each dialled within three minutes.",
        reason="The dialer asked for new leads four times an hour; the change to a direct link took three days.",
        side="operator",
    ),
    proofs={
        "patterns": "Showroom visits answer best, Mailing worst; evenings from 17:00 best; two agents hand over a third of what the others do.",
        "closer-feedback": "Closers like the leads and get too few of them; those who come are well briefed.",
        "bottleneck-plan": "Transfers set cost most per close. One plan: a shorter hand-over for all agents.",
        "scaling-assessed": "Not yet: the thirty days behind us hold the weeks before the repair.",
    },
    said=SAID,
    meetings=MEETINGS,
    answers={
        "transfer_set_rate": FIRST,
        "contact_rate": Answer(
            "A fifth of the dials goes to the mailing, whose cards are old: it answers half as often as the rest.",
            "client",
            "Dial the mailing for a tenth of the dials only, and the showroom visits for more.",
            ParticipantRole.CLIENT_LEAD,
            {"operator": "Two days of dialing checked: every lead is dialled at the hours that answer best."},
        ),
    },
)  # fmt: skip
CLOSERS_SAY = "The leads are good, there are too few of them; some are gone when we pick up."
PRICES = Prices("USD", agent_hour=Decimal(21), dials_an_hour=Decimal(55))
PRICES_NOTE = "Order form of the contract: hours of agents, nothing per transfer"
