"""When reviews are, when one may be closed as held, and what counts as an action. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from common.days import LAST_DAY, LAUNCH_DAY, SETUP_DAYS, Calendar
from common.names import MIN_LETTERS, letters
from common.wording import cut_short, day_text
from kpis.actions import MIN_WORDS, names_action
from milestones.rules.facts import role_label

WEEK, MONTH = 7, 30
MONTHS_AHEAD = 6
NEAR = 2  # days: a weekly review so close to a review of its day would be the same meeting twice
EARLY = 7  # days before its day on which the review of a day may be held
FURTHEST = 60  # days from its own day to which a review may be moved
LONGEST_ACTION = 180
LENGTHS = (15, 30, 45, 60, 90, 120)
ACTION_PLAN = "day-14"  # the review that has to end in an action plan


@dataclass(frozen=True)
class RhythmReview:
    """A review that the rhythm asks for. `number` counts the weeks from launch, or the months after day 90."""

    code: str
    title: str
    day: int
    kind: str


def weekly_reviews(fixed_days: Iterable[int]) -> tuple[RhythmReview, ...]:
    """The weekly reviews from the launch to day 90; the review of a day takes the place of that week's."""
    fixed = list(fixed_days)
    days = range(LAUNCH_DAY + WEEK, LAST_DAY + 1, WEEK)
    return tuple(
        RhythmReview(f"week-{week}", f"Weekly review, week {week} after launch", day, "weekly")
        for week, day in enumerate(days, start=1)
        if all(abs(day - other) > NEAR for other in fixed)
    )


def monthly_reviews(months: int = MONTHS_AHEAD) -> tuple[RhythmReview, ...]:
    """The monthly reviews after day 90."""
    return tuple(
        RhythmReview(f"month-{n}", f"Monthly review, month {n} after day 90", LAST_DAY + MONTH * n, "monthly")
        for n in range(1, months + 1)
    )


# The first day of what the review of a day looks at.
FIRST_DAYS = {14: LAUNCH_DAY, 30: LAUNCH_DAY, 45: 31, 60: 31, 90: 61}
# The reviews of whose days a review of a rhythm goes on: that of a day takes the place of that week's.
CADENCE = {"weekly": ("weekly", "day"), "monthly": ("monthly", "day")}


@dataclass(frozen=True)
class HeldFacts:
    """A review that took place: of which kind, and on which date."""

    kind: str
    on: date


def days_looked_at(
    kind: str, day: int, *, on: date, today: date, calendar: Calendar, held: Iterable[HeldFacts]
) -> tuple[date, date] | None:
    """The dates that a review on this date looks at, as far as they have come; None while there is nothing to look at.

    A review of a rhythm begins on the day after the last one before it: no day is in no review.
    """
    if day <= SETUP_DAYS:
        return None
    if kind in CADENCE:
        before = [each.on for each in held if each.kind in CADENCE[kind] and calendar.launch <= each.on < on]
        usual = calendar.launch if kind == "weekly" else calendar.date_of(LAST_DAY) + timedelta(days=1)
        first = max(before) + timedelta(days=1) if before else usual
    else:
        first = calendar.date_of(FIRST_DAYS.get(day, LAUNCH_DAY))
    last = min(on, today)
    return (first, last) if first <= last else None


def starts_at(on: date, starts: time, zone: str) -> datetime:
    """The moment at which a review starts. A time that the clocks skip that night is the one an hour later."""
    return datetime.combine(on, starts, ZoneInfo(zone))


@dataclass(frozen=True)
class MoveFacts:
    """A wish to put a review on a date. `was` is where it stands now, `due` its date in the plan.

    `agreed`: both sides have agreed on that date, as they do for the reviews of days when they lock the timeline.
    """

    title: str
    held: bool
    cancelled: bool
    day: int
    calendar: Calendar
    due: date
    today: date
    was: date
    on: date
    reason: str
    agreed: bool = False


def move_blockers(move: MoveFacts) -> list[str]:
    """Say why a review cannot be put on this date; a date that moves needs a reason."""
    if move.held:
        return [f"The {move.title} took place: its date stands."]
    if move.cancelled:
        return [f"The {move.title} was cancelled."]
    reasons = []
    if move.on < move.today:
        reasons.append("Give a date from today on.")
    elif move.day >= LAUNCH_DAY and move.on < move.calendar.launch:
        reasons.append(f"The campaign launches {day_text(move.calendar.launch)}: it cannot be before that.")
    elif move.due - timedelta(days=EARLY) > move.on:
        reasons.append(f"{_due(move)}: it can be at most {EARLY} days before that.")
    elif move.agreed and move.on != move.was and move.on > move.due:
        reasons.append(
            f"{_due(move)}, and both sides have locked it: propose a later date, the other side accepts it."
        )
    elif move.on > max(move.due, move.today) + timedelta(days=FURTHEST):
        reasons.append(f"That is more than {FURTHEST} days away from day {move.day}: check the year.")
    if move.on != move.was and letters(move.reason) < MIN_LETTERS:
        reasons.append("Say why it moves; the reason stays on record.")
    return reasons


@dataclass(frozen=True)
class Attendee:
    """Who sat in the chair of a required role; no name is nobody. `holders` have that role on the team."""

    role: str
    side: str
    name: str
    holders: tuple[str, ...]

    @property
    def substitute(self) -> bool:
        return bool(self.name) and self.name not in self.holders


def missing_reasons(attendance: Iterable[Attendee]) -> list[str]:
    """Say which required role nobody attended for."""
    reasons = []
    for chair in attendance:
        if chair.name:
            continue
        role = role_label(chair.role)
        if chair.holders:
            reasons.append(f"The {role}, {' or '.join(chair.holders)}, is missing: say who stood in.")
        else:
            reasons.append(f"The {role} is missing, and nobody on the team has this role: say who stood in.")
    return reasons


@dataclass(frozen=True)
class ClosingFacts:
    """All that decides whether the minutes of a review may be closed, so that it counts as held."""

    title: str
    code: str
    day: int
    of_a_day: bool
    closed: bool
    cancelled: bool
    cleared: bool  # the day-10 gate has passed
    calendar: Calendar
    due: date
    today: date
    held_on: date | None
    text: str
    attendance: tuple[Attendee, ...]
    actions: int


def closing_blockers(facts: ClosingFacts) -> list[str]:
    """Say why a review cannot be closed as held; nobody required is missing without a substitute."""
    if facts.closed:
        return ["These minutes are closed. What was wrong in them is corrected by an addendum."]
    if facts.cancelled:
        return [f"The {facts.title} was cancelled."]
    reasons = date_reasons(facts)
    if facts.of_a_day:
        reasons += missing_reasons(facts.attendance)
    elif not any(chair.name for chair in facts.attendance):
        reasons.append("Nobody attended: say who was there, or cancel the review with a reason.")
    twice = _in_two_chairs(facts.attendance)
    reasons += [f"{name} cannot stand in for somebody and sit there as well." for name in twice]
    if letters(facts.text) < MIN_LETTERS:
        reasons.append("Write the minutes: what was looked at and what was said.")
    if facts.code == ACTION_PLAN and not facts.actions:
        reasons.append("The day-14 review ends in an action plan: add at least one action.")
    return reasons


def date_reasons(facts: ClosingFacts) -> list[str]:
    """Say why the review cannot have been held on that date."""
    if facts.held_on is None:
        return ["Say on which date it took place."]
    if facts.held_on > facts.today:
        return ["It cannot have taken place in the future."]
    if facts.day >= LAUNCH_DAY and not facts.cleared:
        return ["The day-10 gate has not passed: there is no live campaign to review."]
    if facts.day >= LAUNCH_DAY and facts.held_on < facts.calendar.launch:
        return [
            f"The campaign launched {day_text(facts.calendar.launch)}: it cannot have taken place before."
        ]
    if facts.of_a_day and facts.held_on < facts.due - timedelta(days=EARLY):
        return [f"{_due(facts)}: its review can take place {EARLY} days before at most."]
    return []


def _due(facts: MoveFacts | ClosingFacts) -> str:
    """ "Day 14 is Sun 15 Mar", or the date that was agreed since."""
    moved = facts.due != facts.calendar.due(facts.day)
    return f"{'It is agreed for' if moved else f'Day {facts.day} is'} {day_text(facts.due)}"


def _in_two_chairs(attendance: Sequence[Attendee]) -> list[str]:
    """People who stand in for a role although they attend in another one."""
    seated = [chair.name for chair in attendance if chair.name]
    return sorted({c.name for c in attendance if c.substitute and seated.count(c.name) > 1})


@dataclass(frozen=True)
class ActionFacts:
    """An action as somebody proposes it."""

    text: str
    has_owner: bool
    due_on: date | None
    today: date


def text_gaps(text: str) -> list[str]:
    """Say why this is no action: to look into something changes nothing."""
    said = text.strip()
    if not said:
        return ["Write what is done."]
    if not names_action(said):
        return [f"“{cut_short(said)}” is no action: say what is changed, not that it will be looked at."]
    if len(said.split()) < MIN_WORDS:
        return [f"“{cut_short(said)}” is too short: say what is done, and where."]
    return []


def due_gaps(due_on: date | None, today: date) -> list[str]:
    """Say what is wrong with the deadline of an action."""
    if due_on is None:
        return ["Give the date by which it is done."]
    if due_on < today:
        return ["The date has passed. Give one from today on."]
    if (due_on - today).days > LONGEST_ACTION:
        return [f"The date lies more than {LONGEST_ACTION} days ahead: check the year."]
    return []


def action_gaps(action: ActionFacts) -> list[str]:
    """Say everything that keeps this from being an action: what, who and by when."""
    owner = [] if action.has_owner else ["Name who does it."]
    return [*text_gaps(action.text), *owner, *due_gaps(action.due_on, action.today)]


@dataclass(frozen=True)
class EndFacts:
    """A wish to end an action: it is done, or it is dropped. `manages`: may speak for the side in reviews."""

    text: str
    open: bool
    own: bool  # the person is its owner
    manages: bool
    side: str
    owner_side: str
    drop_side: str = ""
    said: str = ""


def done_blockers(facts: EndFacts) -> list[str]:
    """Say why this person cannot mark the action as done."""
    if not facts.open:
        return [f"“{cut_short(facts.text)}” has ended already."]
    if not facts.own and not (facts.manages and facts.side == facts.owner_side):
        return ["Its owner marks it as done, or whoever leads the owner's side."]
    if letters(facts.said) < MIN_LETTERS:
        return ["Say in a word what proves it."]
    return []


def drop_blockers(facts: EndFacts) -> list[str]:
    """Say why this person cannot ask for the action to be dropped, or agree to it."""
    if not facts.open:
        return [f"“{cut_short(facts.text)}” has ended already."]
    if not facts.manages:
        return ["The client lead and the campaign manager agree on what is dropped."]
    if facts.drop_side == facts.side:
        return [f"The {facts.side} has asked for this already; now the other side agrees."]
    if not facts.drop_side and letters(facts.said) < MIN_LETTERS:
        return ["Say why it is dropped; the reason stays on record."]
    return []
