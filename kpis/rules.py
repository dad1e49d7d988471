"""When the baseline may be frozen, and when a root cause and a fix count as an answer. Pure: reasons out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from common.days import CALIBRATION_LAST_DAY, LAUNCH_DAY, Calendar
from common.wording import cut_short, day_text
from kpis.actions import MIN_WORDS, names_action, names_cause

REVIEW_DAYS = (30, 60, 90)
GATE_DAYS = (10, *REVIEW_DAYS)
FIRST_DAY_OF_REVIEW = {30: LAUNCH_DAY, 60: 31, 90: 61}
LONGEST_WAIT = 180  # days from a finding to its fix; a later date is a slip of the pen
# Metrics whose causes are split: something has to be said about either side, and what is to be looked at there.
SPLIT: Mapping[str, Mapping[str, str]] = {
    "show_rate": {
        "operator": "quality of the transfers, engagement of the prospect at the handoff",
        "client": "availability of the closers during transfer hours",
    }
}


@dataclass(frozen=True, slots=True)
class FreezeFacts:
    """What a baseline depends on. `frozen_on` and `brief_version` are None where there is none yet.

    `cleared`: the day-10 gate has passed, so that day 11 stays where it is. `from_calls`: the brief has a metric
    that calls tell; without any, `days` says on how many days totals were entered.
    """

    calendar: Calendar
    cleared: bool
    today: date
    brief_version: int | None
    dials: int | None
    frozen_on: date | None = None
    from_calls: bool = True
    days: int = 0


@dataclass(frozen=True, slots=True)
class FixFacts:
    """A fix as somebody proposes it, the day of its finding, and the present day. None is left empty."""

    action: str
    has_owner: bool
    due_on: date | None
    done_on: date | None
    found_on: date
    launched_on: date
    today: date


@dataclass(frozen=True, slots=True)
class CauseFacts:
    """What was said about one side: a cause (`found`) with or without a fix, or that none was found there."""

    side: str
    found: bool
    has_fix: bool = False


def answer_lacks(metric_key: str, causes: Sequence[CauseFacts]) -> list[str]:
    """What is missing before a finding is answered, as parts of a sentence; empty: it is answered."""
    found = [cause for cause in causes if cause.found]
    lacks = [] if found else ["a root cause"]
    for side in SPLIT.get(metric_key, ()):
        if not any(cause.side in (side, "shared") for cause in causes):
            lacks.append(f"what was found on the {side}’s side")
    if not found:
        lacks.append("a specific fix")
    elif not all(cause.has_fix for cause in found):
        lacks.append("a specific fix for each cause")
    return lacks


def period_of(review_day: int, calendar: Calendar) -> tuple[date, date]:
    """The dates that a review judges: day 30 looks at days 11-30, day 60 at 31-60, day 90 at 61-90."""
    return calendar.date_of(FIRST_DAY_OF_REVIEW[review_day]), calendar.date_of(review_day)


def freeze_blockers(facts: FreezeFacts) -> list[str]:
    """Say why the baseline cannot be frozen now; an empty list means that it can."""
    if facts.frozen_on is not None:
        return [f"The baseline was frozen on {day_text(facts.frozen_on)} and does not change any more."]
    return review_blockers(CALIBRATION_LAST_DAY, facts)


def review_blockers(review_day: int, facts: FreezeFacts) -> list[str]:
    """Say why the days of a review cannot be checked against their targets now."""
    reasons = []
    if not facts.cleared:
        reasons.append(
            "The day-10 gate has not passed: the launch may still move, and with it every later day."
        )
    due = facts.calendar.date_of(review_day)
    if facts.today < due:
        reasons.append(f"Day {review_day} is {day_text(due)}: the days before it are not over.")
    if facts.brief_version is None:
        reasons.append("No campaign brief is signed by both sides, so there are no targets to judge against.")
    first = FIRST_DAY_OF_REVIEW[review_day]
    if facts.from_calls and not facts.dials:
        reasons.append(f"No dials are imported for days {first} to {review_day}.")
    if not facts.from_calls and not facts.days:
        reasons.append(f"No totals are entered for days {first} to {review_day}.")
    return reasons


def closed_reasons(review_day: int, *, closed: bool) -> list[str]:
    """Say why an answer stands: both sides have signed the gate of its day on it."""
    if not closed:
        return []
    return [
        f"The day-{review_day} gate has passed on this answer: it stands. "
        "Fixes can still be added and marked as done; where the answer does not hold, reopen the finding."
    ]


def cause_gaps(root_cause: str, has_side: bool) -> list[str]:
    """Say what is missing from a root cause before it counts."""
    gaps = []
    if not root_cause.strip():
        gaps.append("Write the root cause.")
    elif not names_cause(root_cause):
        gaps.append(f"“{cut_short(root_cause)}” names no cause: say what made the metric miss its target.")
    if not has_side:
        gaps.append("Say whose side the cause is on: operator, client or shared.")
    return gaps


def clearing_gaps(text: str) -> list[str]:
    """Say what is missing where somebody says that a side has no cause: what was looked at, and what it showed."""
    if len(text.split()) < MIN_WORDS:
        return ["Say what was looked at on this side, and what it showed."]
    return []


def observation_gaps(text: str) -> list[str]:
    """Say what is missing from what somebody noticed."""
    if len(text.split()) < MIN_WORDS:
        return ["Say what was noticed: where, since when, how often."]
    return []


def reopen_gaps(*, answered: bool, why: str) -> list[str]:
    """Say why a finding cannot be reopened: it is open already, or nobody said why."""
    if not answered:
        return ["This finding is open: there is no answer that could be taken up again."]
    if len(why.split()) < MIN_WORDS:
        return ["Say why the answer does not hold: what was seen since."]
    return []


def action_gaps(action: str) -> list[str]:
    """Say why a fix is not an action. To investigate or to monitor is no fix unless something is changed as well."""
    text = action.strip()
    if not text:
        return ["Write what is done about it."]
    if not names_action(text):
        return [f"“{cut_short(text)}” is no fix: say what is changed, not that it will be looked at."]
    if len(text.split()) < MIN_WORDS:
        return [f"“{cut_short(text)}” is too short: say what is changed, and where."]
    return []


def fix_gaps(fix: FixFacts) -> list[str]:
    """Say everything that keeps a fix from counting: it is done, or it has an owner and a date."""
    return [*action_gaps(fix.action), *owner_gaps(fix.has_owner), *date_gaps(fix)]


def owner_gaps(has_owner: bool) -> list[str]:
    """Say that somebody has to own the fix."""
    return [] if has_owner else ["Name who owns the fix."]


def date_gaps(fix: FixFacts) -> list[str]:
    """Say what is wrong with the dates of a fix."""
    if fix.done_on is not None:
        return done_gaps(fix.done_on, fix.launched_on, fix.today)
    if fix.due_on is None:
        return ["Give the date by which it is done, or the date on which it was done."]
    if fix.due_on < fix.found_on:
        return [f"The date lies before the finding of {day_text(fix.found_on)}."]
    if fix.due_on < fix.today:
        return ["The date has passed. Give a date ahead, or the date on which it was done."]
    if (fix.due_on - fix.found_on).days > LONGEST_WAIT:
        return [f"The date lies more than {LONGEST_WAIT} days after the finding."]
    return []


def postpone_gaps(fix: FixFacts, *, before: date, why: str) -> list[str]:
    """Say why a fix cannot have this date instead of the one `before`: a date is moved with its reason."""
    return [*(["That is its date already."] if fix.due_on == before else date_gaps(fix)), *why_gaps(why)]


def why_gaps(why: str) -> list[str]:
    """Say that a date is moved with its reason."""
    enough = len(why.split()) >= MIN_WORDS
    return [] if enough else ["Say why the date is moved: what kept the fix from being done."]


def done_gaps(done_on: date, launched_on: date, today: date) -> list[str]:
    """Say why a fix cannot have been done on this date."""
    if done_on > today:
        return ["A fix cannot be done in the future: give it as the date by which it is done."]
    if done_on < launched_on:
        return [f"A fix of live calls cannot be older than the launch of {day_text(launched_on)}."]
    return []
