"""Did it launch when it was promised? From contracted and actual launch dates, and a rate only of enough of them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from common.days import Calendar
from common.wording import rate_text

# Below this many launches a single one moves the share by more than ten points: that is an anecdote, not a rate.
MIN_LAUNCHES = 10


@dataclass(frozen=True)
class Launch:
    """A launch that has taken place."""

    contracted: date
    actual: date

    @property
    def days_late(self) -> int:
        """Days after the contracted date; negative when it came earlier."""
        return (self.actual - self.contracted).days

    @property
    def on_time(self) -> bool:
        return self.days_late <= 0


def launch_of(calendar: Calendar, *, cleared: bool, today: date) -> Launch | None:
    """The launch, once the day-10 gate has passed and its date has come; None before that, or without a contract."""
    if not cleared or calendar.agreed is None or today < calendar.launch:
        return None
    return Launch(contracted=calendar.agreed, actual=calendar.launch)


@dataclass(frozen=True)
class OnTime:
    """How many of the launches came on time."""

    launched: int
    on_time: int

    @property
    def enough(self) -> bool:
        """Whether there are enough launches to call the share a rate."""
        return self.launched >= MIN_LAUNCHES

    @property
    def sentence(self) -> str:
        """Say it with its counts: "2 of 3 launched on time – too few to call a rate"."""
        if not self.launched:
            return "No engagement has launched yet"
        if not self.enough:
            return f"{self.on_time} of {self.launched} launched on time – too few to call a rate"
        return f"{rate_text(self.on_time, self.launched)} launched on time"


def on_time_of(launches: Iterable[Launch | None]) -> OnTime:
    """Count what has launched and what of it came on time."""
    taken = [launch for launch in launches if launch]
    return OnTime(len(taken), sum(launch.on_time for launch in taken))
