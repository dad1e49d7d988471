"""Which call a row means that does not name it by an id: by its time, with the agent, the number or the lead. Pure.

Every mark that both the row and a call have must agree, and the time with them; one call has to be left. Times agree as
far as both are written: a row without seconds, or a log without, is compared by the minute; a day alone only with the
lead. A number may be given by its last digits.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import IntEnum
from zoneinfo import ZoneInfo

from common.wording import count_text, joined
from kpis.imports.dates import DateOrder

from .outcomes import digits
from .values import as_date

WRITTEN = re.compile(
    r"^(?P<date>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-][0-9]{2,4})"
    r"(?:[T ]+(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:[.,][0-9]+)?)?"
    r" ?(?P<half>[AaPp])?\.?(?(half)[Mm]\.?) ?(?P<offset>Z|[+-][0-9]{2}:?[0-9]{2})?)?$"
)
FEWEST_DIGITS = 4


class Exactness(IntEnum):
    """How exactly a time is written."""

    DAY = 1
    MINUTE = 2
    SECOND = 3


@dataclass(frozen=True, slots=True)
class Called:
    """When a row says that a call was: its day, and the moments that it can mean, two in an hour that comes twice."""

    day: date
    moments: tuple[datetime, ...]
    exact: Exactness


def as_called(text: str, order: DateOrder | None, zone: str) -> Called | None:
    """A time as it is written, in this zone where it has no offset; None for what is none."""
    found = WRITTEN.match(" ".join(text.split()))
    day = as_date(found["date"], order) if found else None
    if found is None or day is None:
        return None
    if found["hour"] is None:
        return Called(day, (), Exactness.DAY)
    hour, second = int(found["hour"]), int(found["second"] or 0)
    if half := found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half in "Pp" else 0)
    try:
        at = datetime.combine(day, time(hour, int(found["minute"]), second))
        moment = datetime.fromisoformat(f"{at.isoformat()}{found['offset'] or 'Z'}").astimezone(UTC)
    except ValueError:
        return None
    exact = Exactness.SECOND if found["second"] else Exactness.MINUTE
    own = ZoneInfo(zone)
    if found["offset"]:
        return Called(moment.astimezone(own).date(), (moment,), exact)
    moments = [at.replace(tzinfo=own, fold=fold).astimezone(UTC) for fold in (0, 1)]
    real = [each for each in moments if each.astimezone(own).replace(tzinfo=None) == at]
    return Called(day, tuple(dict.fromkeys(real)), exact) if real else None


@dataclass(frozen=True, slots=True)
class Marks:
    """What a row says of its call, each empty where it does not."""

    called: Called
    call: str = ""
    agent: str = ""
    phone: str = ""
    lead: str = ""

    @property
    def named(self) -> str:
        """The marks as part of a sentence: "this time and this agent"."""
        given = (("agent", self.agent), ("number", self.phone), ("lead", self.lead), ("id", self.call))
        time_word = "day" if self.called.exact is Exactness.DAY else "time"
        return joined([f"this {time_word}", *(f"this {word}" for word, text in given if text)])


@dataclass(frozen=True, slots=True)
class Logged:
    """A call that a row may mean. `agents` are the code and the names of who made it, in small letters; `to_the_second`
    says that its log has seconds.
    """

    key: int
    day: date
    at: datetime | None
    to_the_second: bool
    agents: frozenset[str] = frozenset()
    call: str = ""
    phone: str = ""
    lead: str = ""


class Calls:
    """Calls laid out by minute and by lead, so that a row looks only at those near it."""

    def __init__(self, calls: Iterable[Logged]) -> None:
        self._by_minute: dict[datetime, list[Logged]] = {}
        self._by_lead: dict[tuple[date, str], list[Logged]] = {}
        for call in calls:
            if call.at is not None:
                self._by_minute.setdefault(_minute(call.at), []).append(call)
            if call.lead:
                self._by_lead.setdefault((call.day, call.lead), []).append(call)

    def fitting(self, row: Marks) -> list[Logged]:
        """The calls that a row can mean."""
        near = [
            *(call for moment in row.called.moments for call in self._by_minute.get(_minute(moment), ())),
            *self._by_lead.get((row.called.day, row.lead), ()),
        ]
        fits = (call for call in near if _at_that_time(row.called, call) and _agrees(row, call))
        return list({call.key: call for call in fits}.values())


def _at_that_time(called: Called, call: Logged) -> bool:
    if called.exact is Exactness.DAY or call.at is None:
        return called.day == call.day
    if called.exact is Exactness.SECOND and call.to_the_second:
        return any(moment == call.at.replace(microsecond=0) for moment in called.moments)
    return any(_minute(moment) == _minute(call.at) for moment in called.moments)


def _minute(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(second=0, microsecond=0)


def _agrees(row: Marks, call: Logged) -> bool:
    """Whether nothing contradicts and something agrees; where only the day is known, the lead has to."""
    told = [
        row.call == call.call if row.call and call.call else None,
        row.agent.casefold() in call.agents if row.agent and call.agents else None,
        _same_number(row.phone, call.phone) if row.phone and call.phone else None,
        row.lead == call.lead if row.lead and call.lead else None,
    ]
    only_day = row.called.exact is Exactness.DAY or call.at is None
    return False not in told and (told[3] is True if only_day else True in told)


def _same_number(given: str, number: str) -> bool:
    """Whether a number is this one, or ends in the last digits that are given of it."""
    some, whole = digits(given), digits(number)
    return len(some) >= FEWEST_DIGITS and (some == whole or (len(some) < len(whole) and whole.endswith(some)))


def verdict(row: Marks, fits: Sequence[Logged]) -> str:
    """Why these calls do not tell which one a row means; empty where they do."""
    if len(fits) == 1:
        return ""
    if not fits:
        return f"No call fits {row.named}."
    many = "Two" if len(fits) == 2 else count_text(len(fits))
    return f"{many} calls fit {row.named}: name the one that is meant by its call id."
