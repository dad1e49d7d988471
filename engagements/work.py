"""Which days an engagement works: the rules as people choose them, and what stands against them."""

from dataclasses import dataclass

from common.days import WEEKDAYS, WhenOff

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
