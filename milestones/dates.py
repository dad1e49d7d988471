"""The three dates of every planned item, and when the launch may move. Pure, with "today" as an argument."""

from datetime import date, timedelta

from common.days import SETUP_DAYS, Calendar, contracted_launch

MIN_REASON = 10
LONGEST_SHIFT = 180  # days from the contracted launch; a later date is a slip of the pen


def forecast(
    calendar: Calendar, day: int, *, today: date, actual: date | None = None, due: date | None = None
) -> date:
    """When an item due on a day, or on the date that was agreed for it since, is now expected.

    Done: the date it was done. Overdue: today at the earliest. Setup work that is still open after day 10: the
    eve of the launch, for nothing open goes live.
    """
    if actual is not None:
        return actual
    due = due or calendar.due(day)
    if due >= today:
        return due
    if day <= SETUP_DAYS and today > calendar.date_of(SETUP_DAYS):
        return max(calendar.eve, today)
    return today


def launch_move_blockers(calendar: Calendar, *, launch: date, today: date, reason: str) -> list[str]:
    """Say why the launch of a plan that is not locked may not move to this date; an empty list means it may."""
    reasons = []
    if launch < contracted_launch(calendar.kickoff):
        first = contracted_launch(calendar.kickoff)
        reasons.append(f"The launch cannot come before {first:%-d %B %Y}: days 1 to 10 are setup.")
    latest = contracted_launch(calendar.kickoff) + timedelta(days=LONGEST_SHIFT)
    if launch > latest:
        reasons.append(
            f"The launch can move to {latest:%-d %B %Y} at the latest, {LONGEST_SHIFT} days after the planned one: "
            "check the year."
        )
    if launch <= today:
        reasons.append("The new launch date must lie after today.")
    if launch == calendar.launch:
        reasons.append("That is the launch date already.")
    if len(reason.strip()) < MIN_REASON:
        reasons.append("Say in a sentence why the launch moves; the reason stays on record.")
    return reasons
