"""Common causes of a stage below its target, and what is tried first: offered as a start, never filled in. Data.

Each line is a question that the campaign's own figures or people can answer, and the first thing to do where the answer
is yes. The page shows them beside where the shortfall sits; cause and fix stay what people write.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Start:
    """A cause to check, how to see it, and the first fix; `page` is the URL name of the page that shows it, if any."""

    cause: str
    seen_by: str
    fix: str
    page: str = ""


STARTS: dict[str, tuple[Start, ...]] = {
    "contact_rate": (
        Start(
            "New leads wait too long for their first call",
            "The response time is above five minutes, or above it in some hours or for one source",
            "Route new leads to the front of the queue and staff the hours in which they come in",
            "kpis:response",
        ),
        Start(
            "The cadence gives up early or repeats the same hour",
            "Contact by attempt is still worth a dial where the cadence stops, or one hour has most of the dials",
            "Set attempts and their spacing anew, each at another time of the day",
            "kpis:response",
        ),
        Start(
            "The caller id is marked as spam, or is foreign to the area",
            "The contact rate fell on one day for all sources, or test calls show a warning",
            "Register the numbers with the carriers, replace the marked ones and cap the dials of each",
            "kpis:signals",
        ),
    ),
    "qualification_rate": (
        Start(
            "The opening loses people before they are asked",
            "Short talk time on calls that end without interest; the same part of the script in most of them",
            "Rewrite the opening and certify everybody on it",
            "kpis:hours",
        ),
        Start(
            "The criteria do not fit the leads that are bought",
            "One source falls short while the others hold; the same criterion turns most people away",
            "Correct the criteria in the brief, or the order of the source",
            "kpis:signals",
        ),
        Start(
            "A few agents carry most of the shortfall",
            "Agents stand apart in the funnel plot, or use the codes in another way than the team",
            "Listen to ten of their calls, coach on what is heard and certify again",
            "kpis:signals",
        ),
    ),
    "transfer_set_rate": (
        Start(
            "Lines ring out, or their hours end before the dialling does",
            "Transfers fail in some hours only",
            "Match the lines' hours to the dialling window and add an overflow line",
            "kpis:hours",
        ),
        Start(
            "The step from interest to transfer is left out or told badly",
            "Agents stand apart, and the recordings end before the transfer is offered",
            "Certify the transfer steps again for those agents",
            "kpis:signals",
        ),
    ),
    "show_rate": (
        Start(
            "The hand-off leaves the closer without what was said",
            "Transfers are verified as connected but not as briefed",
            "Brief the closer on every call before the agent leaves it",
            "kpis:transfers",
        ),
        Start(
            "Closers are not free when the transfer comes",
            "Shows fall in some hours, or on the days with most transfers",
            "Put the closers' hours where the transfers are, or cap the transfers in an hour",
            "kpis:hours",
        ),
        Start(
            "Appointments lie too far ahead or are not reminded of",
            "The later the appointment, the fewer come",
            "Offer the same or the next day first and send a reminder an hour before",
        ),
    ),
    "close_rate": (
        Start(
            "People who do not qualify reach the closers",
            "The closers name the same criterion again and again",
            "Put that criterion into the script and the brief",
            "kpis:closers",
        ),
        Start(
            "The closers do not know what was promised on the phone",
            "They start over, and people leave within the first minutes",
            "Listen together to five calls and agree on what is said before and after the hand-off",
            "kpis:closers",
        ),
    ),
}


def starts(metric_key: str) -> tuple[Start, ...]:
    """What is usually looked at first for a metric; nothing for one of the parties' own."""
    return STARTS.get(metric_key, ())
