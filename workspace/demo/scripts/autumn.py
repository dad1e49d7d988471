"""Autumn roof check: a bought list that hardly answers. All 90 days, and what follows."""

from dataclasses import replace
from decimal import Decimal

from accounts.roles import ParticipantRole
from kpis.prices import Prices

from ..calls import Campaign
from ..cast import HARBOUR, HARBOUR_TEAM, NORTHLINE, NORTHLINE_TEAM
from ..plot import Answer, Bottleneck, Meeting, Noticed, Script, Undertaken
from . import agreed, spring

PROOFS = {
    "review-day-14": "Minutes of day 14: Bought list answers less than half as often as Web form; one action each.",
    "patterns": "Past customers answer best, Bought list worst; evenings from 17:00 best; Tomas Beck qualifies fewer; DNC used correctly.",
    "closer-feedback": "Closers find the leads well briefed; every fifth household had signed with somebody else before.",
    "bottleneck-plan": "Contact rate costs most per close. One plan: dial new leads within five minutes, half of them after 17:00.",
    "review-day-45": "Contact rate has moved, most on Bought list, since its leads are dialled within five minutes. The plan stays.",
    "scaling-assessed": "All targets hold over the last thirty days. Two agents more are agreed for day 97, a second campaign type not before that.",
    "recommendations": "Past customers answer more than any other source: ask for 200 more of them a month.",
    "client-feedback": "Surveys booked by phone are kept more often than those from the web; the closers want a note on roof age.",
    "forward-targets": "Days 91 to 180: contact rate at least 12% without Bought list, show rate at least 75%, the rest as agreed.",
}
MEETINGS = {
    "day-14": Meeting(
        "The first live days looked at together, all of them calibration. Past customers answer best, Bought list worst; "
        "the hours after 17:00 reach more people. Tomas Beck qualifies fewer than the others. What surprised: one in five "
        "bought numbers is out of service.",
        decisions=("Bought list stays on the dialer until day 30, at no more than a third of the dials.",),
        actions=(
            Undertaken(
                "Retrain Tomas Beck on the qualifying questions and listen to twenty of his calls.",
                ParticipantRole.QA_LEAD, 4, "Twenty calls scored, average 4.2 of 5; the sheet is with the client.",
            ),
            Undertaken(
                "Replace the bought numbers that are out of service with checked ones.",
                ParticipantRole.CLIENT_LEAD, 5, "New file, with the check of every number.",
            ),
        ),
        point="Why do so many bought numbers not exist?",
    ),
    "week-1": Meeting(
        "The supplier of the bought list has sent checked numbers. They answer as rarely as before.",
        decisions=("Sam Okafor looks at when and how soon bought leads are dialled.",),
    ),
    "day-30": Meeting(
        "The first formal check: every metric of the brief gone through against its target, with cause and fix for what "
        "is below. The closers say that the leads are well briefed.",
        decisions=("The baseline stands as frozen; days 31 to 60 work on the contact rate only.",),
    ),
    "week-4": Meeting(
        "Since the plan began the leads of the bought list are dialled within five minutes; more of them answer.",
    ),
    "day-45": Meeting(
        "Contact rate before and after compared: it has moved, most on Bought list.",
        decisions=("The plan stays as it is until day 60.",),
    ),
    "week-6": Meeting(
        "All targets hold for the week. The note on the age of the roof stands on every transfer again.",
    ),
    "week-9": Meeting(
        "More people answer since the middle of last week, on all sources; nothing was changed on the floor.",
    ),
    "day-60": Meeting(
        "What was found at day 30, what was done and what moved. Every target holds.",
        decisions=("Two agents more from day 97 on, when the closers have room for their transfers.",),
    ),
}  # fmt: skip
AT_FIRST = Campaign(
    zone="America/New_York",
    dials_a_day=230,
    contact=0.08,
    qualified=0.53,
    transfer=0.7,
    show=0.8,
    close=0.3,
    sources={"Web form": (0.5, 1.2), "Past customers": (0.2, 1.4), "Bought list": (0.3, 0.5)},
    agents=spring.AGENTS,
    dead={"Web form": 0.03, "Past customers": 0.02, "Bought list": 0.21},
    slow={
        "Bought list": (2880.0, 0.3)
    },  # bought leads lie for two days: this is what holds the campaign back
    closers=spring.CLOSERS,
)
REPAIRED = replace(
    AT_FIRST,
    contact=0.101,
    sources={"Web form": (0.5, 1.2), "Past customers": (0.2, 1.4), "Bought list": (0.3, 0.85)},
    hours=(9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 18, 19, 19),
    slow={},
)
CLOSERS_SAY = (
    "Households with a survey older than a year sign at once; those who rent out the house never do."
)
SCALING = "Every target holds over the last thirty days, and two more agents are in training."
SCALING_ANSWER = "Our closers can take eight transfers a day more from day 97 on."
DECLINED = (
    "The report leaves out the second campaign type that we talked about on Tuesday; add it as a question."
)
NOTICED = Noticed(
    "Every third transfer reaches the closer without the age of the roof",
    "Twenty-one transfers of days 36 to 39 heard: seven without the age of the roof.",
    Answer(
        "The field for the roof’s age is optional in the dialer’s form.", "operator",
        "Make the field mandatory before a transfer can be set.", ParticipantRole.SUPERVISOR,
    ),
    "Agents now type 0: five of twenty transfers since the change hold no age.",
    Answer(
        "Agents do not know how to ask for the age without losing the call.", "operator",
        "Coach all five agents on the question and add it to the script’s second step.", ParticipantRole.QA_LEAD,
    ),
    "Forty transfers heard after the coaching: thirty-nine hold the age of the roof.",
)  # fmt: skip
LEARNED = {
    "operator": {
        "customer": "Past customers answer most often of all and decide within a week.",
        "closers": "Closers who get the age of the roof beforehand waste no visit on a roof that is too young.",
        "leads": "The bought list holds one wrong number in five; the web form one in thirty.",
    },
    "client": {
        "customer": "Owners of houses built before 1990 with an attic are the ones who sign.",
        "closers": "Four closers can take forty surveys a week, not fifty.",
        "leads": "Surveys booked by phone are kept more often than those from the web form.",
    },
}
CHANGES = {
    "volume": "Two agents and 40 leads a day more from day 97.",
    "vertical": "Nothing changes: roofs only.",
    "campaign_type": "A second campaign for past customers starts on day 120.",
    "targets": "Contact rate and show rate rise, the others stay.",
}
NEXT_TARGETS = {
    "contact_rate": "0.1200",
    "qualification_rate": "0.4500",
    "transfer_set_rate": "0.6000",
    "show_rate": "0.7500",
    "close_rate": "0.2000",
}
NEXT_STEPS = (
    "Clara Lind orders 200 past customers a month by day 97. Mara Voss certifies two agents by day 96."
)
PRICES = Prices("USD", agent_hour=Decimal(18), dials_an_hour=Decimal(60), transfer=Decimal("4.50"))
PRICES_NOTE = "Schedule A of the contract: hours of agents, and a fee for each transfer that connects"

AUTUMN = Script(
    campaign="Autumn roof check",
    revised=spring.LONGER_SATURDAYS,
    client_name=HARBOUR,
    client_team=HARBOUR_TEAM,
    operator_name=NORTHLINE,
    operator_team=NORTHLINE_TEAM,
    terms={
        **spring.TERMS,
        "qualifies": "Owns the house, roof older than twenty years, wants a survey this year.",
        "does_not_qualify": "Tenants, roofs younger than twenty years, an offer already signed.",
        "daily_caps": agreed.caps(280, 40),
        "lead_sources": agreed.rows(
            "",
            agreed.source("Web form", "Survey form on the client’s site", "about 90 a day"),
            agreed.source("Past customers", "Households that bought windows before", "30 a day"),
            agreed.source(
                "Bought list", "Bought from a broker, checked against do-not-call lists", "60 a day"
            ),
        ),
    },
    targets={**agreed.TARGETS, "contact_rate": "0.1100"},
    behaviour=AT_FIRST,
    turns=((35, REPAIRED), (68, replace(REPAIRED, contact=0.136))),
    bottleneck=Bottleneck("contact_rate", "lead source", frozenset({"Bought list"})),
    seed=7,
    words=(
        agreed.script_words(HARBOUR, "a look at your roof", "Do you own the house? How old is the roof?"),
    ),
    stumbles="tomas.beck",
    proofs=PROOFS,
    meetings=MEETINGS,
    answers={
        "contact_rate": Answer(
            "Leads of the bought list are first dialled two days after they arrive, when they have forgotten the form.",
            "operator",
            "Dial new leads of every source within five minutes and move more attempts to the evening.",
            ParticipantRole.SUPERVISOR,
        ),
    },
    learned=LEARNED,
    changes=CHANGES,
    next_targets=NEXT_TARGETS,
    next_steps=NEXT_STEPS,
)
