"""Portfolio: which engagement needs me? One row each, and what they add up to."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from engagements.models import Engagement
from milestones.rules.launches import OnTime, on_time_of
from workspace.selectors.glances import Look, SlipOf, looks_of
from workspace.selectors.work import side_of


@dataclass(frozen=True)
class Row(Look):
    """One engagement in the portfolio, as somebody of `side` sees it on `today`."""

    engagement: Engagement
    side: Side
    today: date

    @property
    def url(self) -> str:
        return reverse("workspace:overview", args=[self.engagement.public_id])

    @property
    def on_us(self) -> int:
        return self.waiting[self.side]

    @property
    def on_them(self) -> int:
        return self.waiting[self.side.other]

    @property
    def day(self) -> int:
        """The day of the engagement."""
        return self.engagement.calendar.day_of(self.today)

    @property
    def blocked(self) -> bool:
        """The next gate is paused, or its day has gone by."""
        return self.gate_state in {"late", "held"}

    @property
    def other(self) -> str:
        """The organisation on the other side."""
        return self.engagement.organisation_of(self.side.other).name


@dataclass(frozen=True)
class Portfolio:
    """All rows with their sums, in which a sample does not count; `reasons` are the slips of what has launched."""

    rows: tuple[Row, ...]
    on_time: OnTime
    reasons: tuple[tuple[Engagement, SlipOf], ...]

    @property
    def counted(self) -> tuple[Row, ...]:
        """The rows that sums are made of."""
        return tuple(row for row in self.rows if not row.engagement.is_sample)

    @property
    def blocked(self) -> int:
        return sum(row.blocked for row in self.counted)

    @property
    def on_us(self) -> int:
        return sum(1 for row in self.counted if row.on_us)

    @property
    def on_them(self) -> int:
        return sum(1 for row in self.counted if row.on_them)


def portfolio(seat: Seat) -> Portfolio:
    """Every engagement that the seat sees. Three queries while nothing has changed since somebody looked."""
    engagements = list(Engagement.objects.select_related("client", "operator").order_by("-kickoff_on", "pk"))
    looks = looks_of(engagements)
    rows = tuple(
        Row(
            **vars(looks[engagement.pk]),
            engagement=engagement,
            side=side_of(seat, engagement),
            today=clock.today(engagement.zone),
        )
        for engagement in engagements
    )
    return Portfolio(
        rows=rows,
        on_time=on_time_of(row.launch for row in rows if not row.engagement.is_sample),
        reasons=tuple(
            (row.engagement, slip)
            for row in rows
            if row.launch and not row.engagement.is_sample
            for slip in row.slips
        ),
    )
