"""When somebody is reminded of what they owe. Pure; the door `app.people_to_remind` asks the same of the database."""

from datetime import date

BEFORE = 2  # days before the due date
AGAIN = 3  # days between reminders once it has gone by
MORNING = 7  # the hour in the engagement's zone from which on mails go out


def is_reminded(due: date, today: date) -> bool:
    """Two days before, on the day, the day after, and every third day from then on."""
    late = (today - due).days
    return late in (-BEFORE, 0) or (late > 0 and late % AGAIN == 1)


def is_substitute_reminded(due: date, today: date) -> bool:
    """A substitute hears of what has gone by: until then the owner may still do it themselves."""
    return today > due and is_reminded(due, today)
