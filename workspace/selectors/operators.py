"""Operators: does this vendor keep its word? From the engagements that the seat may see, and from no others."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from accounts.models import Organisation
from engagements.models import Engagement
from kpis.models import CauseSide
from milestones.models import Slip
from milestones.rules.launches import Launch, OnTime, launch_of, on_time_of
from milestones.selectors.many import slipped
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class LaunchRow:
    """One engagement behind the figure; `launch` is None while it has not launched."""

    engagement: Engagement
    contracted: date | None
    forecast: date
    launch: Launch | None
    slips: tuple[Slip, ...]

    @property
    def days(self) -> int:
        """Days by which the launch is, or was, behind the contracted one."""
        return (self.forecast - self.contracted).days if self.contracted else 0


@dataclass(frozen=True)
class OperatorRow:
    """One operator with its launches; `sides` counts the days that launches slipped, by whose side it was on."""

    operator: Organisation
    on_time: OnTime
    rows: tuple[LaunchRow, ...]
    sides: tuple[tuple[str, int], ...]


def operators() -> list[OperatorRow]:
    """Every operator of the engagements that the context shows, by name; a sample does not count. Two queries."""
    engagements = list(
        Engagement.objects.filter(is_sample=False)
        .select_related("client", "operator")
        .order_by("-kickoff_on", "pk")
    )
    groups: dict[int, list[Standing]] = defaultdict(list)
    for standing in slipped(engagements):
        groups[standing.engagement.operator_id].append(standing)
    rows = [_operator(group) for group in groups.values()]
    return sorted(rows, key=lambda row: row.operator.name.lower())


def launch_in(standing: Standing) -> Launch | None:
    """The launch of an engagement, once it has taken place."""
    return launch_of(standing.calendar, cleared=standing.engagement.cleared, today=standing.today)


def _operator(group: list[Standing]) -> OperatorRow:
    rows = tuple(
        LaunchRow(
            engagement=standing.engagement,
            contracted=standing.calendar.agreed,
            forecast=standing.calendar.launch,
            launch=launch_in(standing),
            slips=tuple(standing.slips),
        )
        for standing in group
    )
    days: Counter[str] = Counter()
    for row in rows:
        for slip in row.slips:
            days[slip.side] += slip.days
    sides = [(CauseSide(side).label, days[side]) for side in CauseSide.values if days[side]]
    return OperatorRow(
        operator=group[0].engagement.operator,
        on_time=on_time_of(row.launch for row in rows),
        rows=rows,
        sides=tuple(sides),
    )
