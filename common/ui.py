"""What the shared page parts are made of: plain values that any app can build and any template can show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse

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

    def within(self, engagement: UUID) -> "Link":
        """The same page of another engagement than `SOME`."""
        return self if engagement == SOME else self._replace(url=self.url.replace(str(SOME), str(engagement)))


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


# An address within an engagement is worked out for this one, and then names the one that is meant.
SOME = UUID(int=0)


def rail(path: str) -> list[Link]:
    """Give the entries of the left rail, the one that holds `path` marked."""
    found = _links(tuple((label, name, icon, key) for label, name, icon, key in RAIL), settings.ROOT_URLCONF)
    return _marked(found, path)


def crumbs(path: str, engagement: UUID | None, parent: Link) -> list[Link]:
    """Give the way down to a page that lies under `parent`: the tab or the entry of the rail, then the parent."""
    if engagement is None:
        known = [link for link in rail(path) if link.active]
    else:
        within = tabs(SOME, outside(path, engagement))
        known = [link.within(engagement) for link in within if link.active]
    return [*(link for link in known if link.url not in (parent.url, path)), parent]


def tabs(engagement: UUID, path: str) -> list[Link]:
    """Give the tabs of one engagement, the one that holds `path` marked."""
    found = _links(tuple((label, name, "", key) for label, name, key in TABS), settings.ROOT_URLCONF, SOME)
    return [link.within(engagement) for link in _marked(found, outside(path, engagement))]


def outside(text: str, engagement: UUID) -> str:
    """The same text of some engagement instead of the one that it names."""
    return text.replace(str(engagement), str(SOME))


class Shelf(NamedTuple):
    """The pages of one tab in groups: `groups` lead to their first page, `pages` are those of the present group."""

    groups: list[Link]
    pages: list[Link]


def figures(engagement: UUID, path: str) -> Shelf:
    """Give the pages behind KPIs, those that hold `path` marked; what lies under none of them is the first's."""
    groups = [
        (label, _links(tuple((name, view, "", "") for name, view in pages), settings.ROOT_URLCONF, SOME))
        for label, pages in FIGURES
    ]
    path = outside(path, engagement)
    under = [page.url for _, pages in groups for page in pages if path.startswith(page.url)]
    here = max(under, key=len, default="")
    open_one = next((pages for _, pages in groups if any(page.url == here for page in pages)), ())
    return Shelf(
        [
            Link(label, pages[0].url, active=pages is open_one).within(engagement)
            for label, pages in groups
            if pages
        ],
        [(page._replace(active=True) if page.url == here else page).within(engagement) for page in open_one]
        if len(open_one) > 1
        else [],
    )


def address(name: str, *args: object) -> str:
    """The address of a page, as `reverse` gives it. Those with ids in them are worked out once for each page."""
    if all(type(one) is UUID for one in args):
        parts = _parts(name, len(args), get_urlconf() or settings.ROOT_URLCONF, get_script_prefix())
        return "".join(part for pair in zip(parts, (*map(str, args), ""), strict=True) for part in pair)
    return reverse(name, args=args)


@lru_cache(maxsize=1024)
def _parts(name: str, ids: int, addresses: str, prefix: str) -> tuple[str, ...]:
    """What stands before, between and behind the ids of an address: any id fits where some did."""
    some = [UUID(int=number) for number in range(ids)]
    told, parts = reverse(name, addresses, args=some), []
    for one in some:
        before, _, told = told.partition(str(one))
        parts.append(before)
    return (*parts, told)


@lru_cache(maxsize=256)
def _links(
    entries: tuple[tuple[str, str, str, str], ...], addresses: str, engagement: UUID | None = None
) -> tuple[Link, ...]:
    """The links to those pages that are there by the table of `addresses`; of an engagement where one is named."""
    found = []
    for label, name, icon, key in entries:
        try:
            url = reverse(name, addresses, args=[engagement] if engagement else [])
        except NoReverseMatch:
            continue
        found.append(Link(label, url, icon, key=key))
    return tuple(found)


@lru_cache(maxsize=256)
def _homes(urls: tuple[str, ...]) -> frozenset[str]:
    """Those addresses that hold others of them."""
    return frozenset(url for url in urls if any(other.startswith(url) for other in urls if other != url))


def _marked(links: Sequence[Link], path: str) -> list[Link]:
    """Mark the link that `path` lies under. A link that holds other links' addresses counts only on its own page."""
    homes = _homes(tuple(link.url for link in links))
    return [
        link._replace(active=True)
        if path == link.url or (link.url not in homes and path.startswith(link.url))
        else link
        for link in links
    ]
