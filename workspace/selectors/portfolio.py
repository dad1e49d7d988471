"""Portfolio: which engagement needs me? One row each, and what they add up to."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, Sum
from django.urls import reverse

from accounts.roles import Side
from accounts.seat import Seat
from engagements.models import CampaignBrief, Engagement
from kpis.funnel import FACT_COLUMNS, DayCounts, DayTotal, Funnel, build
from kpis.models import DailyFact, Import
from kpis.selectors import metrics_of
from kpis.selectors.measures import day_sums
from kpis.selectors.totals import day_total, newest_totals
from milestones.models import Gate, Slip
from milestones.rules.launches import OnTime, on_time_of
from milestones.selectors.many import standings_of
from milestones.selectors.standing import Standing
from milestones.track import Size, Track
from workspace.selectors.head import phase_title
from workspace.selectors.operators import launch_in
from workspace.selectors.waiting import (
    owed_in_numbers,
    review_facts,
    signatures_owed,
    waiting_by_side,
)
from workspace.selectors.work import side_of


@dataclass(frozen=True)
class Row:
    """One engagement in the portfolio; `waiting` counts open items before the next gate by side."""

    engagement: Engagement
    side: Side
    track: Track
    position: str
    phase: str
    gate: Gate | None
    gate_state: str
    gate_date: date | None
    slip: int
    slips: tuple[Slip, ...]
    waiting: dict[str, int]
    late: int
    funnel: Funnel | None
    last_day: date | None
    last_import: datetime | None
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
    def blocked(self) -> bool:
        """The next gate's day has gone by."""
        return self.gate_state in {"late", "held"}

    @property
    def other(self) -> str:
        """The organisation on the other side."""
        return self.engagement.organisation_of(self.side.other).name


@dataclass(frozen=True)
class Portfolio:
    """All rows with their sums; `reasons` are the slips of what has launched."""

    rows: tuple[Row, ...]
    on_time: OnTime
    reasons: tuple[Slip, ...]

    @property
    def blocked(self) -> int:
        return sum(row.blocked for row in self.rows)

    @property
    def on_us(self) -> int:
        return sum(1 for row in self.rows if row.on_us)

    @property
    def on_them(self) -> int:
        return sum(1 for row in self.rows if row.on_them)


def portfolio(seat: Seat) -> Portfolio:
    """Every engagement that the seat sees, in a fixed number of queries."""
    engagements = list(Engagement.objects.select_related("client", "operator").order_by("-kickoff_on", "pk"))
    standings = standings_of(engagements)
    briefs = _briefs(engagements)
    funnels = _funnels(standings, briefs, Q(engagement__in=engagements, day__gte=F("engagement__launch_on")))
    reviewed = review_facts(standings)
    numbers = owed_in_numbers(standings, _funnels(standings, briefs, reviewed) if reviewed else {})
    imports = _last_imports(engagements)
    rows = tuple(
        _row(standing, seat, numbers.get(standing.engagement.pk, {}), funnels, imports)
        for standing in standings
    )
    return Portfolio(
        rows=rows,
        on_time=on_time_of(launch_in(standing) for standing in standings),
        reasons=tuple(slip for standing in standings if launch_in(standing) for slip in standing.slips),
    )


def _owed(standing: Standing, in_numbers: Mapping[str, int]) -> dict[str, int]:
    """Open items before the next gate by side; once there are none, its report and then its signatures."""
    counts = waiting_by_side(standing, in_numbers)
    gate = standing.next_gate
    return counts if gate is None or any(counts.values()) else signatures_owed(gate)


def late_count(standing: Standing) -> int:
    """Open milestones whose day has gone by."""
    return sum(standing.milestone_state(item) == "late" for item in standing.milestones)


def position_of(standing: Standing) -> str:
    """Where an engagement stands: "Day 33", "Day 10, held", "Kickoff in 4 days"."""
    day = standing.calendar.day_of(standing.today)
    if day < 1:
        return "Kickoff tomorrow" if day == 0 else f"Kickoff in {1 - day} days"
    return f"Day {day}, held" if standing.calendar.held_days(standing.today) else f"Day {day}"


def _row(
    standing: Standing,
    seat: Seat,
    in_numbers: Mapping[str, int],
    funnels: dict[int, Funnel],
    imports: dict[int, tuple[date | None, datetime | None]],
) -> Row:
    engagement, gate = standing.engagement, standing.next_gate
    funnel = funnels.get(engagement.pk)
    last_day, last_import = imports.get(engagement.pk, (None, None))
    return Row(
        engagement=engagement,
        side=side_of(seat, engagement),
        track=standing.track(Size.ROW),
        position=position_of(standing),
        phase=phase_title(standing),
        gate=gate,
        gate_state=standing.gate_state(gate) if gate else "passed" if standing.gates else "draft",
        gate_date=standing.gate_date(gate) if gate else None,
        slip=standing.calendar.slip,
        slips=tuple(standing.slips),
        waiting=_owed(standing, in_numbers),
        late=late_count(standing),
        funnel=funnel,
        last_day=last_day,
        last_import=last_import,
        today=standing.today,
    )


def _last_imports(
    engagements: Sequence[Engagement],
) -> dict[int, tuple[date | None, datetime | None]]:
    """Last day of data and time of the last import, by engagement. One query."""
    rows = (
        Import.objects.filter(engagement__in=[e.pk for e in engagements], finished_at__isnull=False)
        .values("engagement_id")
        .annotate(last_day=Max("last_day"), at=Max("finished_at"))
    )
    return {row["engagement_id"]: (row["last_day"], row["at"]) for row in rows}


def _briefs(engagements: Sequence[Engagement]) -> dict[int, CampaignBrief]:
    """The brief in force of each engagement, with its metrics. Two queries."""
    in_force = CampaignBrief.objects.filter(engagement__in=engagements, signed_at__isnull=False)
    return {brief.engagement_id: brief for brief in in_force.prefetch_related("metrics").order_by("version")}


def _funnels(standings: Sequence[Standing], briefs: dict[int, CampaignBrief], chosen: Q) -> dict[int, Funnel]:
    """Each engagement's funnel over the chosen daily facts, against the brief in force. One query.

    Days are summed by the database; those whose files tell other stages are summed apart, so that what is missing
    stays missing.
    """
    flags = {
        f"no_{name}": ExpressionWrapper(Q(**{f"{name}__isnull": True}), output_field=BooleanField())
        for name in FACT_COLUMNS
    }
    grouped = (
        DailyFact.objects.filter(chosen)
        .annotate(**flags)
        .values("engagement_id", *flags)
        .annotate(**{f"sum_{name}": Sum(name) for name in FACT_COLUMNS})
    )
    counts: dict[int, list[tuple[int | None, ...]]] = defaultdict(list)
    for row in grouped:
        counts[row["engagement_id"]].append(tuple(row[f"sum_{name}"] for name in FACT_COLUMNS))
    own = _own_totals(briefs, chosen)
    funnels = {}
    for standing in standings:
        key = standing.engagement.pk
        if key in counts or key in own:
            day, brief = standing.calendar.launch, briefs.get(key)
            funnels[key] = build(
                [DayCounts(day, "", sums) for sums in counts[key]],
                metrics_of(brief),
                first=day,
                last=day,
                calendar=standing.calendar,
                brief_version=brief.version if brief else None,
                totals=[replace(total, day=day) for total in own.get(key, ())],
            )
    return funnels


def _own_totals(briefs: dict[int, CampaignBrief], chosen: Q) -> dict[int, list[DayTotal]]:
    """The chosen totals of metrics that are no stages of the funnel: as entered, or made of the sums of the calls.

    One query where any is entered, two where any counts the calls.
    """
    metrics = {pk: metrics_of(brief) for pk, brief in briefs.items()}
    found: dict[int, list[DayTotal]] = defaultdict(list, day_sums(chosen, metrics))
    keys = {
        pk: {metric.key for metric in told if not metric.from_calls and not metric.measured}
        for pk, told in metrics.items()
    }
    if any(keys.values()):
        for row in newest_totals(chosen):
            if row.metric_key in keys.get(row.engagement_id, ()):
                found[row.engagement_id].append(day_total(row))
    return found
