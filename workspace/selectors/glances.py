"""What the portfolio shows of an engagement, whoever looks."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Self

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, Sum
from django.template.loader import render_to_string

from engagements.models import CampaignBrief, Engagement
from kpis.funnel import FACT_COLUMNS, DayCounts, DayTotal, Funnel
from kpis.funnel_build import build
from kpis.models import CauseSide, DailyFact, Import
from kpis.selectors import metrics_of
from kpis.selectors.measures import day_sums
from kpis.selectors.totals import day_total, newest_totals
from milestones.rules.launches import Launch, launch_of
from milestones.selectors.standing import Standing
from milestones.selectors.waits import Waiting
from milestones.track import Size
from workspace.selectors.head import phase_title
from workspace.selectors.waiting import late_count, review_facts, waiting_in


@dataclass(frozen=True)
class Against:
    """The figures since the launch beside their targets: which are missed, and which cannot be judged."""

    brief_version: int | None
    dials: int | None
    missed: tuple[str, ...]
    unjudged: tuple[str, ...]


AGAINST = tuple(field.name for field in fields(Against))


@dataclass(frozen=True)
class SlipOf:
    """A slip of the launch."""

    days: int
    side: str
    reason: str

    @property
    def side_label(self) -> str:
        return str(CauseSide(self.side).label)


@dataclass(frozen=True)
class Look:
    """One engagement on one day. `waiting` counts by side what waits before its next gate and beside it."""

    position: str
    phase: str
    gate: int | None
    gate_state: str
    gate_word: str
    gate_date: date | None
    slip: int
    slips: tuple[SlipOf, ...]
    launch: Launch | None
    waiting: dict[str, int]
    calendar: int
    late: int
    funnel: Against | None
    last_day: date | None
    last_import: datetime | None

    def to_json(self) -> dict[str, Any]:
        return {
            "position": self.position,
            "phase": self.phase,
            "gate": self.gate,
            "gate_state": self.gate_state,
            "gate_word": self.gate_word,
            "gate_date": _text(self.gate_date),
            "slip": self.slip,
            "slips": [[slip.days, slip.side, slip.reason] for slip in self.slips],
            "launch": [_text(self.launch.contracted), _text(self.launch.actual)] if self.launch else None,
            "waiting": self.waiting,
            "calendar": self.calendar,
            "late": self.late,
            "funnel": [getattr(self.funnel, name) for name in AGAINST] if self.funnel else None,
            "last_day": _text(self.last_day),
            "last_import": _text(self.last_import),
            # What is asked of all rows at once.
            "open": sum(self.waiting.values()),
            "below": bool(self.funnel and self.funnel.missed),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        launch, funnel, last_import = data["launch"], data["funnel"], data["last_import"]
        told = {
            **{field.name: data[field.name] for field in fields(Look)},
            "gate_date": _date(data["gate_date"]),
            "slips": tuple(SlipOf(*slip) for slip in data["slips"]),
            "launch": Launch(date.fromisoformat(launch[0]), _date(launch[1])) if launch else None,
            "funnel": Against(*funnel[:2], *(tuple(names) for names in funnel[2:])) if funnel else None,
            "last_day": _date(data["last_day"]),
            "last_import": datetime.fromisoformat(last_import) if last_import else None,
        }
        return cls(**told)


def _text(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None


def _date(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def all_waiting(standings: Sequence[Standing]) -> dict[int, Waiting]:
    """All that waits in each engagement, by its id, the reviews whose day has come among it."""
    reviewed = review_facts(standings)
    funnels = _funnels(standings, _briefs([s.engagement for s in standings]), reviewed) if reviewed else {}
    return waiting_in(standings, funnels)


def looks_of(standings: Sequence[Standing], waiting: Mapping[int, Waiting]) -> dict[int, Look]:
    """What is shown of each engagement now, by its id; `waiting` as `all_waiting` says."""
    engagements = [standing.engagement for standing in standings]
    chosen = Q(engagement__in=engagements, day__gte=F("engagement__launch_on"))
    funnels = _funnels(standings, _briefs(engagements), chosen)
    imports = _last_imports(engagements)
    return {
        standing.engagement.pk: _look(standing, waiting[standing.engagement.pk], funnels, imports)
        for standing in standings
    }


def drawn(look: Look, standing: Standing) -> list[str]:
    """The cells of its row in the portfolio: what is planned, and what calls say. Both sides see the same."""
    context = {"look": look, "track": standing.track(Size.ROW), "zone": standing.engagement.zone}
    return [
        render_to_string(f"workspace/_{part}_cells.html", context).strip() for part in ("planned", "counted")
    ]


def _look(
    standing: Standing,
    waiting: Waiting,
    funnels: Mapping[int, Funnel],
    imports: Mapping[int, tuple[date | None, datetime | None]],
) -> Look:
    engagement, gate = standing.engagement, standing.next_gate
    funnel = funnels.get(engagement.pk)
    last_day, last_import = imports.get(engagement.pk, (None, None))
    return Look(
        position=position_of(standing),
        phase=phase_title(standing),
        gate=gate.day if gate else None,
        gate_state=standing.gate_look(gate).shape if gate else "passed" if standing.gates else "draft",
        gate_word=standing.gate_look(gate).word
        if gate
        else "All passed"
        if standing.gates
        else "No plan yet",
        gate_date=standing.gate_date(gate) if gate else None,
        slip=standing.calendar.slip,
        slips=tuple(SlipOf(slip.days, slip.side, slip.reason) for slip in standing.slips),
        launch=launch_of(standing.calendar, cleared=engagement.cleared, today=standing.today),
        waiting=waiting.tally.by_side,
        calendar=waiting.tally.calendar,
        late=late_count(standing),
        funnel=Against(
            funnel.brief_version,
            funnel.dials,
            tuple(rate.label for rate in funnel.missed),
            tuple(rate.label for rate in funnel.unjudged),
        )
        if funnel
        else None,
        last_day=last_day,
        last_import=last_import,
    )


def position_of(standing: Standing) -> str:
    """Where an engagement stands: "Day 33", "Day 10, waiting", "Kickoff in 4 days"."""
    day = standing.calendar.day_of(standing.today)
    if day < 1:
        return "Kickoff tomorrow" if day == 0 else f"Kickoff in {1 - day} days"
    return f"Day {day}, waiting" if standing.calendar.held_days(standing.today) else f"Day {day}"


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
