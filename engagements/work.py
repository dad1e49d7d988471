"""Which days an engagement works: the rules as people choose them, and what stands against them."""

from dataclasses import dataclass
from datetime import date

from common.days import LAUNCH_DAY, WEEKDAYS, WhenOff, contracted_launch
from common.wording import day_text

from .models import Engagement
from .public_holidays import holiday_blockers


@dataclass(frozen=True)
class WorkRules:
    """Weekdays that are worked (1 is Monday), whose public holidays are days off, and what a day off does."""

    weekdays: tuple[int, ...] = WEEKDAYS
    country: str = ""
    subdivision: str = ""
    when_off: WhenOff = WhenOff.STAYS


def work_blockers(rules: WorkRules) -> list[str]:
    """Say why these rules cannot be kept; an empty list means that they can."""
    reasons = holiday_blockers(rules.country, rules.subdivision)
    if not rules.weekdays or not set(rules.weekdays) <= set(WEEKDAYS):
        reasons.append("Name at least one weekday on which work is done.")
    return reasons


def keep_work_rules(engagement: Engagement, rules: WorkRules) -> None:
    """Write rules without blockers into an engagement, with the holidays that follow from them; the caller saves."""
    engagement.work_weekdays = sorted(set(rules.weekdays))
    engagement.holiday_country, engagement.holiday_subdivision = rules.country, rules.subdivision
    engagement.when_off = rules.when_off
    engagement.keep_holidays()


def days_off(kickoff: date, rules: WorkRules) -> list[str]:
    """Say that the kickoff or the launch that follows from it is no working day, and what follows: nothing moves alone.

    Call it with rules without blockers.
    """
    planned = Engagement(kickoff_on=kickoff, launch_on=contracted_launch(kickoff))
    keep_work_rules(planned, rules)
    calendar, said = planned.calendar, []
    for what, day, on in (("kickoff", 1, calendar.kickoff), ("launch", LAUNCH_DAY, calendar.launch)):
        if calendar.work.works(on):
            continue
        name, due = planned.holidays.get(on.isoformat(), ""), calendar.due(day)
        follows = "and so is what is due on it" if due == on else f"what is due on it is due {day_text(due)}"
        said.append(
            f"The {what}, {day_text(on)}, is a day off{f' ({name})' if name else ''}. "
            f"Nothing is moved: day {day} is that date all the same, {follows}. "
            "Choose another kickoff date, or open it like this."
        )
    return said
