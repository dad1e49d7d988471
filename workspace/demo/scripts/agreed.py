"""What the demo's briefs have in common: codes and their meaning, systems, contacts, the words of a script."""

from collections.abc import Sequence
from typing import Any

from ..cast import Person

# Weekdays since Monday, and minutes since midnight in the local time of the person called.
WEEKDAYS, SATURDAY, SUNDAY = [0, 1, 2, 3, 4], [5], [6]
DAYTIME, SATURDAYS, AFTERNOONS = [[540, 1200]], [[600, 840]], [[720, 1080]]

type Region = tuple[str, str]

NEW_YORK, NEW_JERSEY, CONNECTICUT = ("New York", "US-NY"), ("New Jersey", "US-NJ"), ("Connecticut", "US-CT")
MASSACHUSETTS = ("Massachusetts", "US-MA")

CODES = {
    "no_answer": "Rang out, no voice",
    "busy": "Engaged tone",
    "machine": "Voicemail, answering machine or fax",
    "bad_number": "Number not in service",
    "dnc": "Asked not to be called again; goes on the do-not-call list the same day",
    "callback": "Spoken to, wants another time",
    "not_interested": "Spoken to, no need",
    "not_qualified": "Spoken to, one condition is not met",
    "qualified": "Meets every condition, no appointment yet",
    "no_show": "Hand-over agreed, closer not reached or household not there",
    "shown": "Household and closer spoke",
    "closed": "Offer signed",
}
TARGETS = {
    "contact_rate": "0.1200",
    "qualification_rate": "0.4500",
    "transfer_set_rate": "0.6000",
    "show_rate": "0.7000",
    "close_rate": "0.2000",
}
_WORDS = """Opening: Good morning, this is [name], calling for {client}. You asked us about {what}. Is this a good moment?
Compliance: This call may be recorded. You can ask us at any time not to call again.
Questions: {questions}
Objection, no time: I understand. When may I call you back, today or tomorrow?
Objection, too expensive: The visit costs nothing, and you get the price in writing.
Transfer: I have my colleague on the line, who knows the details. I will tell them what you told me, then leave you two.
Ending: Thank you for your time."""


def script_words(client: str, what: str, questions: str) -> str:
    """What agents say, from the opening to the ending."""
    return _WORDS.format(client=client, what=what, questions=questions)


def rows(words: str, *told: dict[str, Any]) -> dict[str, Any]:
    """A term that is agreed in rows."""
    return {"rows": list(told), "words": words}


def hours(
    *regions: Region, saturday: Sequence[Region] = (), sunday: bool = False, words: str = ""
) -> dict[str, Any]:
    """Calling hours: weekdays alike in each region, and the weekend where it is called."""
    told = [{"region": name, "code": code, "days": WEEKDAYS, "hours": DAYTIME} for name, code in regions]
    for name, code in saturday:
        days, spans = ([*SATURDAY, *SUNDAY], AFTERNOONS) if sunday else (SATURDAY, SATURDAYS)
        told.append({"region": name, "code": code, "days": days, "hours": spans})
    return rows(words or "No calls on public holidays of the state that is called.", *told)


def source(name: str, origin: str, volume: str = "") -> dict[str, str]:
    """One lead source."""
    return {"name": name, "origin": origin, "volume": volume}


def caps(dials: int, transfers: int) -> dict[str, Any]:
    """The daily caps."""
    return {
        "figures": {"dials": dials, "dials_per_lead": 2, "transfers": transfers},
        "words": "At most six dials per lead in all.",
    }


def usual(manager: Person, client: Person, closers: Person, rule: str) -> dict[str, Any]:
    """The terms in which only the people differ."""
    return {
        "dispositions": rows(
            "", *({"code": code, "meaning": code, "note": note} for code, note in CODES.items())
        ),
        "systems": rows(
            "",
            {
                "what": "CRM",
                "decision": "The client’s; the operator reads and writes leads",
                "access": client.name,
            },
            {
                "what": "Webhook",
                "decision": "A new lead reaches the dialer within a minute",
                "access": "Client’s IT",
            },
            {
                "what": "Dialer",
                "decision": "The operator’s, preview mode, local caller ID",
                "access": manager.name,
            },
            {
                "what": "Transfer",
                "decision": "Warm transfer by phone to the closers’ queue",
                "access": closers.name,
            },
        ),
        "contacts": rows(
            rule,
            {"person": f"{manager.name}, campaign manager", "channel": "phone, e-mail", "answers": "2 hours"},
            {"person": f"{client.name}, client lead", "channel": "e-mail", "answers": "a day"},
            {"person": "Supervisor on the floor", "channel": "chat", "answers": "15 minutes"},
        ),
        "escalation": rows(
            "",
            {"step": "A transfer line fails", "who": "Supervisor", "after": "at once", "channel": "phone"},
            {"step": "Not solved", "who": "Campaign manager", "after": "2 hours", "channel": "phone"},
            {
                "step": "Still not solved, or a complaint",
                "who": "Client lead",
                "after": "1 day",
                "channel": "phone, then e-mail",
            },
        ),
    }
