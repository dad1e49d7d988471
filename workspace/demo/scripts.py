"""The three engagements of the demo: what was agreed in each, how its calls behave, what was found."""

from dataclasses import replace

from accounts.roles import ParticipantRole

from .calls import Campaign
from .cast import BRIGHTWELL, BRIGHTWELL_TEAM, HARBOUR, HARBOUR_TEAM
from .story import Answer, Script

WINDOWS_TERMS = {
    "target_market": "Owner-occupied houses built before 1995; the person who decides about the house.",
    "geography": "New York, New Jersey and Connecticut. No calls into other states.",
    "qualifies": "Owns the house, plans to replace four windows or more within six months, can meet a closer by video.",
    "does_not_qualify": "Tenants, houses younger than 15 years, fewer than four windows, an offer already signed.",
    "daily_caps": "At most 260 dials a day, 6 per lead in all, 2 per lead a day; at most 40 transfers a day.",
    "calling_hours": "Monday to Friday 9:00 to 20:00 local time of the person called; none on public holidays.",
    "lead_sources": "Web form, Home fair, Bought list.",
    "dispositions": (
        "no_answer, machine, busy, bad_number: no contact. not_interested, not_qualified, callback, dnc: contact. "
        "qualified; no_show: transfer set; shown; closed."
    ),
    "systems": "CRM of the client with a webhook for each new lead; dialer of the operator; warm transfer by phone.",
    "contacts": "Clara Lind and Mara Voss speak daily at 9:15 until day 14, then weekly; e-mail within a day.",
    "escalation": "Supervisor, then campaign manager within 2 hours, then client lead within a day.",
}
ENERGY_TERMS = {
    **WINDOWS_TERMS,
    "target_market": "Households with an oil or gas boiler older than twelve years.",
    "geography": "Massachusetts and Rhode Island.",
    "qualifies": "Owns the house, boiler older than twelve years, open to a visit by an adviser.",
    "does_not_qualify": "Tenants, district heating, a heat pump already installed.",
    "lead_sources": "Web form, Utility bill insert.",
    "contacts": "Ben Achterberg and Mara Voss speak every Tuesday and Thursday.",
}
TARGETS = {
    "contact_rate": "0.1200",
    "qualification_rate": "0.4500",
    "transfer_set_rate": "0.6000",
    "show_rate": "0.7000",
    "close_rate": "0.2000",
}
AGENTS = {"ana.ruiz": 1.1, "dev.patel": 1.0, "joan.mills": 1.05, "tomas.beck": 0.75, "wren.hall": 1.0}

PROOFS = {
    "review-day-14": "Minutes of day 14: Bought list answers half as often as Web form; evenings reach more; one action each.",
    "patterns": "Web form leads best, Bought list worst; 17:00 to 20:00 best; Tomas Beck qualifies fewer; DNC used correctly.",
    "closer-feedback": "Closers find the leads well briefed; every fifth household had signed with somebody else before.",
}
LATER_PROOFS = {
    **PROOFS,
    "bottleneck-plan": "Contact rate costs most per close. One plan: dial new leads within five minutes, half of them after 17:00.",
    "review-day-45": "Contact rate has moved on every source since leads are dialled within five minutes. The plan stays.",
    "scaling-assessed": "All targets hold since day 40. Two agents more from day 61, a second campaign type not before day 90.",
    "recommendations": "Past customers answer twice as often as bought leads: ask for 200 more of them a month.",
    "client-feedback": "Surveys booked by phone are kept more often than those from the web; the closers want a note on roof age.",
    "forward-targets": "Days 91 to 180: contact rate at least 12% without Bought list, show rate at least 75%, the rest as agreed.",
}

SPRING = Script(
    campaign="Spring windows",
    client_name=HARBOUR,
    client_team=HARBOUR_TEAM,
    terms=WINDOWS_TERMS,
    targets=TARGETS,
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=230,
        contact=0.135,
        qualified=0.5,
        transfer=0.66,
        show=0.5,
        close=0.24,
        sources={"Web form": (0.45, 1.25), "Home fair": (0.2, 1.05), "Bought list": (0.35, 0.65)},
        agents=AGENTS,
    ),
    seed=11,
    proofs=PROOFS,
    answers={
        "show_rate": Answer(
            "Closers are in visits from 17:00 on, when a third of the transfers is made; hand-offs reach voicemail.",
            "client",
            "Two closers keep 17:00 to 20:00 free for transfers; the queue rings both.",
            ParticipantRole.CLOSER_LEAD,
        ),
    },
)
AUTUMN_AT_FIRST = Campaign(
    zone="America/New_York",
    dials_a_day=210,
    contact=0.08,
    qualified=0.52,
    transfer=0.68,
    show=0.78,
    close=0.26,
    sources={"Web form": (0.5, 1.2), "Past customers": (0.2, 1.4), "Bought list": (0.3, 0.55)},
    agents=AGENTS,
)
AUTUMN = Script(
    campaign="Autumn roof check",
    client_name=HARBOUR,
    client_team=HARBOUR_TEAM,
    terms={
        **WINDOWS_TERMS,
        "qualifies": "Owns the house, roof older than twenty years, wants a survey this year.",
    },
    targets={**TARGETS, "contact_rate": "0.1100"},
    behaviour=AUTUMN_AT_FIRST,
    repaired=replace(AUTUMN_AT_FIRST, contact=0.112),
    seed=7,
    proofs=LATER_PROOFS,
    answers={
        "contact_rate": Answer(
            "Leads of the bought list are first dialled two days after they arrive, and only in the morning.",
            "operator",
            "Dial new leads within five minutes and move half of the attempts to 17:00 to 20:00.",
            ParticipantRole.SUPERVISOR,
        ),
    },
)
HEAT = Script(
    campaign="Heat pump advice",
    client_name=BRIGHTWELL,
    client_team=BRIGHTWELL_TEAM,
    terms=ENERGY_TERMS,
    targets=TARGETS,
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=150,
        contact=0.12,
        qualified=0.45,
        transfer=0.6,
        show=0.7,
        close=0.2,
        sources={"Web form": (0.6, 1.1), "Utility bill insert": (0.4, 0.85)},
        agents=AGENTS,
    ),
    seed=3,
)
