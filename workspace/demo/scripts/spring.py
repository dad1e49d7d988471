"""Spring windows: households are handed over when nobody is there to take them. Day 34, with the day-30 gate ahead."""

from typing import Any

from accounts.roles import ParticipantRole

from ..calls import Campaign
from ..cast import CALEB, CLARA, HARBOUR, HARBOUR_TEAM, MARA, NORTHLINE, NORTHLINE_TEAM, SAM
from ..plot import Answer, Bottleneck, DateWish, Meeting, Said, Script, Undertaken
from . import agreed

TERMS: dict[str, Any] = {
    "target_market": "Owner-occupied houses built before 1995; the person who decides about the house.",
    "geography": "New York, New Jersey and Connecticut. No calls into other states.",
    "qualifies": "Owns the house, plans to replace four windows or more within six months, can meet a closer by video.",
    "does_not_qualify": "Tenants, houses younger than 15 years, fewer than four windows, an offer already signed.",
    "daily_caps": agreed.caps(330, 40),
    "calling_hours": agreed.hours(
        agreed.NEW_YORK,
        agreed.NEW_JERSEY,
        agreed.CONNECTICUT,
        saturday=(agreed.NEW_YORK, agreed.NEW_JERSEY, agreed.CONNECTICUT),
    ),
    "lead_sources": agreed.rows(
        "",
        agreed.source("Web form", "Quote form on the client’s site", "about 100 a day"),
        agreed.source("Home fair", "Cards filled in at the spring fairs", "1,200 in all"),
        agreed.source("Bought list", "Bought from a broker, checked against do-not-call lists", "80 a day"),
    ),
    **agreed.usual(
        MARA,
        CLARA,
        CALEB,
        "Daily call at 9:15 until day 14, then weekly. Nothing is agreed by chat alone.",
    ),
}
LONGER_SATURDAYS = {
    "calling_hours": agreed.rows(
        "No calls on public holidays of the state that is called, nor on the Saturday before one.",
        *(
            {"region": name, "code": code, "days": agreed.WEEKDAYS, "hours": agreed.DAYTIME}
            for name, code in (agreed.NEW_YORK, agreed.NEW_JERSEY, agreed.CONNECTICUT)
        ),
        *(
            {"region": name, "code": code, "days": agreed.SATURDAY, "hours": [[600, 960]]}
            for name, code in (agreed.NEW_YORK, agreed.NEW_JERSEY)
        ),
    )
}
REMARK = "Saturdays stay open until 16:00 in New York and New Jersey, where families are at home; Connecticut is not called then."
QUESTIONS = "Do you own the house? How old is it? When would you like to decide?"
WORDS = agreed.script_words(HARBOUR, "new windows", QUESTIONS)
WORDS_2 = WORDS.replace(
    "Objection, no time:",
    "Objection, have an offer: Then a second price helps you to compare. May my colleague look at it with you?\nObjection, no time:",
)
AGENTS = {"ana.ruiz": 1.1, "dev.patel": 1.0, "joan.mills": 1.05, "tomas.beck": 0.75, "wren.hall": 1.0}
CLOSERS = ("Ivo Brandt", "Nadia Cole")  # of Harbour's; no account of theirs is needed

PROOFS = {
    "review-day-14": "Minutes of day 14: Bought list answers half as often as Web form; evenings reach more; one action each.",
    "patterns": "Web form leads best, Bought list worst; evenings from 17:00 best; Tomas Beck qualifies fewer; DNC used correctly.",
    "closer-feedback": "Closers find the leads well briefed; every fifth household had signed with somebody else before.",
}
MEETINGS = {
    "day-14": Meeting(
        "The first live days looked at together, all of them calibration. Web form answers best, Bought list worst; the hours "
        "after 17:00 reach more people. Tomas Beck qualifies fewer than the others. What surprised: a third of the "
        "bought numbers is out of service.",
        decisions=(
            "Bought list stays on the dialer until day 30, at no more than two fifths of the dials.",
            "Transfers are made until 19:00 only, when the second closer leaves.",
        ),
        actions=(
            Undertaken(
                "Move half of the second attempts to 17:00 to 19:00.",
                ParticipantRole.SUPERVISOR, 3, "Dialer plan of that day; seen in the hours of the next two days.",
            ),
            Undertaken(
                "Retrain Tomas Beck on the qualifying questions and listen to twenty of his calls.",
                ParticipantRole.QA_LEAD, 4, "Twenty calls scored, average 4.2 of 5; the sheet is with the client.",
            ),
            Undertaken(
                "Replace the bought numbers that are out of service with checked ones.", ParticipantRole.CLIENT_LEAD, 5
            ),
        ),
        point="Why do so many bought numbers not exist?",
    ),
    "week-1": Meeting(
        "Second attempts have moved to the evening and reach more. The supplier of the bought list has not answered.",
        decisions=("Clara Lind asks the supplier again, in writing, with the count per day.",),
    ),
    "week-2": Meeting(
        "Contact rate steady. Shows are weak on transfers after 17:00; the closers look at their evening hours.",
        actions=(
            Undertaken(
                "Give each transfer a two-line note on windows and date before the hand-over.",
                ParticipantRole.SUPERVISOR, 5, "Notes stand in the CRM on all transfers of the day.",
            ),
        ),
    ),
    "day-30": Meeting(
        "The first formal check: every metric of the brief gone through against its target, with cause and fix for what "
        "is below. The closers say that the leads are well briefed.",
        decisions=("The baseline stands as frozen; days 31 to 60 work on one stage only.",),
    ),
}  # fmt: skip
FOUND = (
    "Two transfers rang out on the closer line: the queue had kept the number of a colleague who has left."
)
HELD = "Our two closers are on leave; we read the baseline with them before we sign."
CLOSERS_SAY = "Leads are well briefed; from 17:00 on nobody is free to take them."

SAID = (
    Said(
        6,
        CALEB,
        "check:dialer-transfers",
        "My phone rang, but without the caller's name. @Sam, can the screen show it?",
        hour=14,
    ),
    Said(
        6,
        SAM,
        "check:dialer-transfers",
        "Done: the transfer now carries the name and the lead number.",
        hour=15,
    ),
    Said(
        12,
        CLARA,
        "plan",
        "Our installers are away for a week after day 60. We should keep that week free of show-ups.",
        False,
    ),
    Said(12, MARA, "plan", "Noted. @Quinn, please tell the team that this week offers no visits.", False),
    Said(
        31,
        MARA,
        "gate:day-30",
        "Harbour will ask why the show rate is low. @Sam, have the transfers by hour ready before we talk.",
        True,
    ),
    Said(
        32,
        CLARA,
        "gate:day-30",
        "I sign only with a date for the free evenings. @Caleb, what do your closers say?",
        True,
    ),
    Said(
        33, CLARA, "gate:day-30", "@Mara, do the agents know from when on the evenings are free again?", False
    ),
)

SPRING = Script(
    campaign="Spring windows",
    revised=LONGER_SATURDAYS,
    client_name=HARBOUR,
    client_team=HARBOUR_TEAM,
    operator_name=NORTHLINE,
    operator_team=NORTHLINE_TEAM,
    terms=TERMS,
    targets=agreed.TARGETS,
    behaviour=Campaign(
        zone="America/New_York",
        dials_a_day=280,
        contact=0.135,
        qualified=0.52,
        transfer=0.68,
        show=0.76,
        close=0.3,
        sources={"Web form": (0.45, 1.25), "Home fair": (0.2, 1.05), "Bought list": (0.35, 0.65)},
        agents=AGENTS,
        hours=(9, 10, 11, 12, 13, 14, 15, 16, 17, 17, 18, 18),
        evening_show=0.18,  # the closers are in visits: this is what holds the campaign back
        dead={"Web form": 0.03, "Home fair": 0.05, "Bought list": 0.36},
        early=3,
        closers=CLOSERS,
    ),
    bottleneck=Bottleneck("show_rate", "hour", frozenset({"17:00–18:00", "18:00–19:00"})),
    seed=11,
    words=(WORDS, WORDS_2),
    stumbles="dev.patel",
    late=frozenset({"wren.hall"}),
    late_answer=(
        "Wren Hall stood in for a colleague who was ill; the shift plan was not checked against the roster.",
        "Wren Hall is on the roster and has passed all three; the dialer lets nobody log in who is not on it.",
        "We heard the transfers of these days; nothing was promised that is not in the script.",
    ),
    said=SAID,
    proofs=PROOFS,
    meetings=MEETINGS,
    answers={
        "show_rate": Answer(
            "Closers are in visits from 17:00 on, when two in five transfers are made; hand-offs reach voicemail.",
            "client",
            "Two closers keep 17:00 to 19:00 free for transfers; the queue rings both.",
            ParticipantRole.CLOSER_LEAD,
            {
                "operator": "The hand-overs of days 11 to 14 were all verified: nearly every one reached a closer, who was briefed; the no-shows are no fewer where it did."
            },
        ),
    },
)

BOARD = DateWish("Our board meets on the day of the checkpoint; two days later Lena can be there.", "client")
AFTER_HOLD = DateWish(
    "The baseline waits until your closers have read it, and the plan starts from the bottleneck that it names.",
    "client",
)
