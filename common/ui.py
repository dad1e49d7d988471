"""What the shared page parts are made of: plain values that any app can build and any template can show."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
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
    gate_word: str = ""
    gate_day: date | None = None
    waiting_on: str = ""
    sample: bool = False

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
    key: str = ""  # follows g as a keyboard shortcut


# One list each: an entry whose page does not exist (yet) is not shown.
RAIL = (
    ("My work", "workspace:my_work", "list-check", "m"),
    ("Portfolio", "workspace:portfolio", "layout-grid", "p"),
    ("Operators", "workspace:operators", "building", "o"),
    ("Settings", "accounts:settings", "settings", "s"),
)
TABS = (
    ("Overview", "workspace:overview", "v"),
    ("Plan", "milestones:plan", "l"),
    ("Brief", "engagements:brief", "b"),
    ("Setup", "milestones:setup", "u"),
    ("Calls", "kpis:calls", "c"),
    ("KPIs", "kpis:numbers", "k"),
    ("Reviews", "milestones:reviews", "r"),
    ("Gates", "milestones:gates", "g"),
    ("Deliverables", "reports:deliverables", "d"),
    ("Team", "engagements:team", "t"),
    ("Comments", "engagements:comments", "n"),
    ("Trail", "engagements:trail", "a"),
)
# The pages behind KPIs, by what a reader asks: a group's link opens its first page.
FIGURES = (
    ("Funnel", (("Funnel", "kpis:numbers"),)),
    (
        "Signals",
        (
            ("What shifted", "kpis:signals"),
            ("What moved the cost", "kpis:moved"),
            ("Compare", "kpis:compare"),
            ("Response time", "kpis:response"),
            ("Hours, agents, codes", "kpis:hours"),
        ),
    ),
    (
        "Findings",
        (
            ("Findings", "kpis:findings"),
            ("Optimisation", "kpis:optimisation"),
            ("Next 90 days", "kpis:forward"),
        ),
    ),
    (
        "QA",
        (
            ("QA", "kpis:qa"),
            ("Calibration", "kpis:qa_rounds"),
            ("Scorecard", "kpis:qa_scorecard"),
            ("Transfers", "kpis:transfers"),
            ("Closers", "kpis:closers"),
        ),
    ),
    ("Calling windows", (("Calling windows", "kpis:windows"), ("Breaches", "kpis:breaches"))),
    (
        "Outcomes and costs",
        (
            ("Outcomes", "kpis:outcomes"),
            ("Agent hours", "kpis:agent_hours"),
            ("Prices", "kpis:prices"),
            ("Daily totals", "kpis:totals"),
        ),
    ),
)


def rail(path: str) -> list[Link]:
    """Give the entries of the left rail, the one that holds `path` marked."""
    return _marked(
        [Link(label, url, icon, key=key) for label, name, icon, key in RAIL if (url := _url(name))], path
    )


def crumbs(path: str, engagement: UUID | None, parent: Link) -> list[Link]:
    """Give the way down to a page that lies under `parent`: the tab or the entry of the rail, then the parent."""
    known = tabs(engagement, path) if engagement else rail(path)
    above = [link for link in known if link.active and link.url not in (parent.url, path)]
    return [*above, parent]


def tabs(engagement: UUID, path: str) -> list[Link]:
    """Give the tabs of one engagement, the one that holds `path` marked."""
    links = [Link(label, url, key=key) for label, name, key in TABS if (url := _url(name, engagement))]
    return _marked(links, path)


class Shelf(NamedTuple):
    """The pages of one tab in groups: `groups` lead to their first page, `pages` are those of the present group."""

    groups: list[Link]
    pages: list[Link]


def figures(engagement: UUID, path: str) -> Shelf:
    """Give the pages behind KPIs, those that hold `path` marked; what lies under none of them is the first's."""
    groups = [
        (label, [Link(name, url) for name, view in pages if (url := _url(view, engagement))])
        for label, pages in FIGURES
    ]
    under = [page.url for _, pages in groups for page in pages if path.startswith(page.url)]
    here = max(under, key=len, default="")
    shown = [
        (label, [page._replace(active=page.url == here) for page in pages])
        for label, pages in groups
        if pages
    ]
    open_one = next((pages for _, pages in shown if any(page.active for page in pages)), [])
    return Shelf(
        [Link(label, pages[0].url, active=pages is open_one) for label, pages in shown],
        open_one if len(open_one) > 1 else [],
    )


def _url(name: str, engagement: UUID | None = None) -> str:
    """The address of a page, of one engagement where one is named; nothing for a page that is not there."""
    address = _address(name, engagement is not None, settings.ROOT_URLCONF)
    return address.replace(str(_SOME), str(engagement)) if engagement else address


_SOME = UUID(int=0)


@lru_cache(maxsize=256)
def _address(name: str, inside: bool, addresses: str) -> str:
    """The address of a page by the table of `addresses`; of some engagement where it lies `inside` one."""
    try:
        return reverse(name, addresses, args=[_SOME] if inside else [])
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
