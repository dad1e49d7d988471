"""Checks that nobody ticks: their result follows from transfer lines and from real leads. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from common.days import Calendar
from common.names import name_blockers
from common.wording import day_text, joined
from milestones.rules.facts import Blocker, BriefFacts, Kind

TRANSFERS = "dialer-transfers"
LEADS = {"live-day-8": 8, "live-day-9": 9}
COMPUTED = frozenset({TRANSFERS, *LEADS})
LIVE_DAYS = (8, 9)
LONGEST_VALIDITY = timedelta(days=1100)
_NUMBER = re.compile(r"\+?\d(?:[\s().\-/]*\d){6,}")


@dataclass(frozen=True)
class LineFacts:
    """A line in use with the results of its tests, newest first; `ends` says why the newest one's evidence proves
    nothing for the launch, where it does not.
    """

    name: str
    tests: tuple[bool, ...]
    ends: str = ""


@dataclass(frozen=True)
class LeadFacts:
    """A test with a real lead; they come newest first."""

    day: int
    lead: str
    source: str
    passed: bool


def transfer_result(lines: Sequence[LineFacts]) -> tuple[str, str]:
    """Result of the check on transfer lines, and why: the newest test of each line in use passed, its proof holds."""
    if not lines:
        return "open", "no transfer line is set up yet"
    failed = [line.name for line in lines if line.tests and not line.tests[0]]
    untested = [line.name for line in lines if not line.tests]
    if failed:
        return "failed", f"{joined(failed)} failed and was not passed since"
    if untested:
        return "open", f"{joined(untested)} {'is' if len(untested) == 1 else 'are'} not tested"
    if ended := [f"the evidence of {line.name} {line.ends}" for line in lines if line.ends]:
        return "expired", "; ".join(ended)
    return "passed", ""


def lead_result(tests: Sequence[LeadFacts], *, day: int, sources: Iterable[str]) -> tuple[str, str]:
    """Result of the check on a day's real leads, and why.

    A day needs one lead that went through, and each lead that failed to go through later; by the second day every
    lead source of the brief has had one that did.
    """
    own = [test for test in tests if test.day == day]
    newest: dict[str, LeadFacts] = {}
    for test in tests:
        newest.setdefault(test.lead, test)
    failed = sorted({t.lead for t in own if not newest[t.lead].passed})
    if failed:
        return "failed", f"lead {joined(failed)} failed and did not go through since"
    if not any(test.passed for test in own):
        return "open", "no real lead has gone through on this day"
    if day == LIVE_DAYS[-1]:
        through = {test.source.casefold() for test in tests if test.passed}
        missing = [source for source in sources if source.casefold() not in through]
        if missing:
            return "open", f"no real lead from {joined(missing, 'or')} has gone through"
    return "passed", ""


def masked(lead: str) -> str:
    """A lead's reference in which no telephone number stands whole: "+1 617 555 0148" becomes "•••0148"."""

    def hide(match: re.Match[str]) -> str:
        digits = re.sub(r"\D", "", match[0])
        return f"•••{digits[-4:]}"

    return _NUMBER.sub(hide, lead.strip())


@dataclass(frozen=True)
class RecordFacts:
    """Who records something of the setup, and how the engagement stands."""

    by_side: str
    brief: BriefFacts
    gate_passed: bool


def record_blockers(facts: RecordFacts) -> list[Blocker]:
    """Say why nothing of the setup can be recorded now: the rules of every technical check."""
    blockers = []
    if facts.gate_passed:
        blockers.append(Blocker("The day-10 gate has passed: its record cannot change.", Kind.GATE))
    if not facts.brief.signed:
        text = "Technical work cannot start before both sides have signed the campaign brief."
        blockers.append(Blocker(text, Kind.BRIEF))
    return blockers


def line_blockers(*, name: str, number: str, team: str, taken: Iterable[str]) -> list[str]:
    """Say why a transfer line cannot be set up like this."""
    reasons = [
        f"{label}: {reason}"
        for label, text in (("Name", name), ("Number or queue", number), ("Closer team", team))
        for reason in name_blockers(text)
    ]
    if name.strip().casefold() in {other.casefold() for other in taken}:
        reasons.append(f"There is a line “{name.strip()}” already.")
    return reasons


def transfer_test_blockers(*, passed: bool, answered_by: str, note: str, retired: bool) -> list[str]:
    """Say why a test of a line cannot be recorded like this."""
    reasons = []
    if retired:
        reasons.append("This line is no longer used: its tests stand as they are.")
    if passed and not answered_by.strip():
        reasons.append("Say who answered: a line is tested with a person at its other end.")
    if not passed and not note.strip():
        reasons.append("Say what failed, so that it can be repaired and tested again.")
    return reasons


def live_day_blockers(day: int, calendar: Calendar, today: date) -> list[str]:
    """Say why no lead can have been pushed through on this day: it is none of the live days, or has not come.

    Where the days that are worked bring what is due on it forward, it comes with them.
    """
    if day not in LIVE_DAYS:
        return [f"Real leads are pushed through on days {joined([str(d) for d in LIVE_DAYS])}."]
    comes = min(calendar.date_of(day), calendar.due(day))
    if today < comes:
        return [f"Day {day} is {day_text(comes)}: its leads are logged from then on."]
    return []


def logged_later(day: int, on: date, calendar: Calendar) -> bool:
    """Whether a lead of a day was written down after that day."""
    return on > max(calendar.date_of(day), calendar.due(day))


def lead_test_blockers(
    *,
    day: int,
    calendar: Calendar,
    today: date,
    lead: str,
    source: str,
    steps: Sequence[str],
    outcome: str,
    passed: bool,
    note: str,
) -> list[str]:
    """Say why a test with a real lead cannot be recorded like this."""
    reasons = live_day_blockers(day, calendar, today)
    if name_blockers(lead):
        reasons.append("Name the lead, by its number in the CRM or by the last four digits of its telephone.")
    if name_blockers(source):
        reasons.append("Say which lead source the lead came from.")
    if len(steps) < 2:
        reasons.append(
            "Write the path of the lead, one step a line: at least where it came in and where it ended."
        )
    if name_blockers(outcome):
        reasons.append("Say what came out at the end.")
    if not passed and not note.strip():
        reasons.append("Say what failed, so that it can be repaired and tested again.")
    return reasons


def no_longer_holds(expires_on: date | None, *, today: date, launch: date) -> str:
    """Why evidence with this end proves nothing for the launch, as part of a sentence; empty where it does.

    From its end on evidence no longer holds. It has to hold when the first live call is made, not only today.
    """
    if expires_on is None or expires_on > max(today, launch):
        return ""
    if expires_on <= today:
        return f"expired on {day_text(expires_on)}"
    return f"no longer holds from {day_text(expires_on)} on, and the launch is on {day_text(launch)}"


def validity_blockers(
    effective_on: date | None, expires_on: date | None, *, today: date, launch: date
) -> list[str]:
    """Say why evidence cannot be valid from and until these days: it has to hold when the campaign launches."""
    reasons = []
    if effective_on and effective_on > launch:
        reasons.append(
            f"The evidence holds from {day_text(effective_on)} only, and the launch is on {day_text(launch)}: "
            "until then it proves nothing."
        )
    if expires_on and expires_on <= today:
        reasons.append("The evidence has expired already: a test is proved by what still holds.")
    elif effective_on and expires_on and expires_on <= effective_on:
        reasons.append("Evidence expires after the day from which it holds.")
    elif ends := no_longer_holds(expires_on, today=today, launch=launch):
        reasons.append(f"The evidence {ends}: bring evidence that holds on that day.")
    if expires_on and expires_on > today + LONGEST_VALIDITY:
        reasons.append("Evidence expires within three years: check the year.")
    return reasons
