"""What the shared page parts are made of: plain values that any app can build and any template can show."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from django.urls import NoReverseMatch, reverse

from .days import Calendar
from .wording import plural


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something is refused, and where it can be cleared."""

    text: str
    url: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class EngagementHead:
    """The block that stays above every page of an engagement."""

    public_id: UUID
    campaign: str
    client: str
    operator: str
    zone: str
    calendar: Calendar
    today: date
    phase: str
    slip_days: int = 0
    slip_note: str = ""
    gate: str = ""
    gate_url: str = ""
    gate_state: str = "open"
    gate_day: date | None = None
    waiting_on: str = ""

    def number_of(self, value: date) -> int:
        """Give the day of the engagement that a date is; day 1 is the kickoff, day 11 the launch."""
        return self.calendar.day_of(value)

    @property
    def position(self) -> str:
        """Say where the engagement stands today: "Day 33 · Optimisation", "Day 10, held 3 days · Setup"."""
        number = self.number_of(self.today)
        if number < 1:
            return "Kickoff tomorrow" if number == 0 else f"Kickoff in {1 - number} days"
        held = self.calendar.held_days(self.today)
        day = f"Day {number}, held {plural(held, 'day')}" if held else f"Day {number}"
        return f"{day} · {self.phase}" if self.phase else day


class Link(NamedTuple):
    """One entry of the rail or of the tabs."""

    label: str
    url: str
    icon: str = ""
    active: bool = False


# One list each: an entry whose page does not exist (yet) is not shown.
RAIL = (
    ("My work", "workspace:my_work", "list-check"),
    ("Portfolio", "workspace:portfolio", "layout-grid"),
    ("Operators", "workspace:operators", "building"),
    ("Settings", "accounts:settings", "settings"),
)
TABS = (
    ("Overview", "workspace:overview"),
    ("Plan", "milestones:plan"),
    ("Brief", "engagements:brief"),
    ("Setup", "milestones:setup"),
    ("Calls", "kpis:calls"),
    ("KPIs", "kpis:numbers"),
    ("Reviews", "milestones:reviews"),
    ("Gates", "milestones:gates"),
    ("Deliverables", "reports:deliverables"),
    ("Team", "engagements:team"),
    ("Comments", "engagements:comments"),
    ("Trail", "engagements:trail"),
)


def rail(path: str) -> list[Link]:
    """Give the entries of the left rail, the one that holds `path` marked."""
    return _marked([Link(label, url, icon) for label, name, icon in RAIL if (url := _url(name))], path)


def tabs(engagement: UUID, path: str) -> list[Link]:
    """Give the tabs of one engagement, the one that holds `path` marked."""
    return _marked([Link(label, url) for label, name in TABS if (url := _url(name, engagement))], path)


def _url(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _marked(links: list[Link], path: str) -> list[Link]:
    """Mark the link that `path` lies under. A link that holds other links' addresses counts only on its own page."""
    homes = {
        link.url
        for link in links
        if any(other.url.startswith(link.url) for other in links if other is not link)
    }
    return [
        link._replace(active=path == link.url or (link.url not in homes and path.startswith(link.url)))
        for link in links
    ]
