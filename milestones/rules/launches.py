"""Did it launch when it was promised? From contracted and actual launch dates, and a rate only of enough of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.days import Calendar
from common.wording import plural, rate_text

# Below this many launches a single one moves the share by more than ten points: that is an anecdote, not a rate.
MIN_LAUNCHES = 10


@dataclass(frozen=True)
class Launch:
    """A launch that was due: it has taken place, or its contracted date went by without it (`actual` is None)."""

    contracted: date
    actual: date | None

    @property
    def on_time(self) -> bool:
        return self.actual is not None and self.actual <= self.contracted


def launch_of(calendar: Calendar, *, cleared: bool, today: date) -> Launch | None:
    """The launch, once the day-10 gate has passed and its date has come, or once it is overdue; None before that, or
    without a contract. Left out until it comes, the worst delays would be missing from the rate.
    """
    if calendar.agreed is None:
        return None
    if cleared and today >= calendar.launch:
        return Launch(contracted=calendar.agreed, actual=calendar.launch)
    return Launch(contracted=calendar.agreed, actual=None) if today > calendar.agreed else None


@dataclass(frozen=True)
class OnTime:
    """How many of the launches that were due came on time, and how many have not come yet."""

    due: int
    on_time: int
    overdue: int = 0

    @property
    def enough(self) -> bool:
        """Whether there are enough launches to call the share a rate."""
        return self.due >= MIN_LAUNCHES

    @property
    def sentence(self) -> str:
        """Say it with its counts: "2 of 3 launched on time – too few for a percentage"."""
        if not self.due:
            return "No engagement has launched yet"
        late = f", {self.overdue} overdue and not launched" if self.overdue else ""
        if not self.enough:
            return f"{self.on_time} of {self.due} launched on time{late} – too few for a percentage"
        return f"{rate_text(self.on_time, self.due)} launched on time{late}"


def on_time_of(launches: Iterable[Launch | None]) -> OnTime:
    """Count the launches that were due and what of them came on time."""
    due = [launch for launch in launches if launch]
    return OnTime(
        len(due), sum(launch.on_time for launch in due), sum(launch.actual is None for launch in due)
    )


def passed_late(days: int, *, with_launch: int) -> str:
    """By how many days a gate passed after its contracted date, and how many of them the launch had moved it.

    "5 days, 3 of them with the launch"; empty for a gate that was not late.
    """
    if days <= 0:
        return ""
    moved, said = min(days, max(with_launch, 0)), plural(days, "day")
    if not moved:
        return said
    return f"{said}, with the launch" if moved == days else f"{said}, {moved} of them with the launch"
