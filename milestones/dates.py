"""The three dates of every planned item, and when the launch may move. Pure, with "today" as an argument."""

from datetime import date, timedelta

from common.days import SETUP_DAYS, Calendar, contracted_launch
from common.wording import plural

MIN_REASON = 10
LONGEST_SHIFT = 180  # days from the contracted launch; a later date is a slip of the pen


def forecast(calendar: Calendar, day: int, *, today: date, actual: date | None = None) -> date:
    """When an item due on a day is now expected.

    Done: the date it was done. Overdue: today at the earliest. Setup work that is still open after day 10: the
    eve of the launch, for nothing open goes live.
    """
    if actual is not None:
        return actual
    due = calendar.due(day)
    if due >= today:
        return due
    if day <= SETUP_DAYS and today > calendar.date_of(SETUP_DAYS):
        return max(calendar.eve, today)
    return today


def shift_text(days: int) -> str:
    """Say by how much a date has moved: "3 days later", "1 day earlier"."""
    return f"{plural(abs(days), 'day')} {'later' if days > 0 else 'earlier'}"


def launch_move_blockers(
    calendar: Calendar, *, launch: date, today: date, reason: str, day_10_passed: bool
) -> list[str]:
    """Say why the launch may not move to this date; an empty list means it may."""
    reasons = []
    if day_10_passed:
        reasons.append("The day-10 gate has passed: the launch date stands.")
    if launch < contracted_launch(calendar.kickoff):
        first = contracted_launch(calendar.kickoff)
        reasons.append(f"The launch cannot come before {first:%-d %B %Y}: days 1 to 10 are setup.")
    latest = (calendar.agreed or contracted_launch(calendar.kickoff)) + timedelta(days=LONGEST_SHIFT)
    if launch > latest:
        reasons.append(
            f"The launch can move to {latest:%-d %B %Y} at the latest, {LONGEST_SHIFT} days after the "
            f"{'contracted' if calendar.agreed else 'planned'} one: check the year."
        )
    if launch <= today:
        reasons.append("The new launch date must lie after today.")
    if launch == calendar.launch:
        reasons.append("That is the launch date already.")
    if len(reason.strip()) < MIN_REASON:
        reasons.append("Say in a sentence why the launch moves; the reason stays on record.")
    return reasons
