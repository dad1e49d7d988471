"""The numbers of a report: funnel, baseline, findings and the imports behind them."""

from dataclasses import replace
from datetime import date, datetime

from common import clock
from common.days import LAUNCH_DAY, local_date
from common.wording import digits_beside, target_text, value_text
from engagements.models import Engagement
from kpis import funnel as kpi
from kpis import selectors as kpis
from kpis.models import Finding as FindingRow
from kpis.models import FindingState, Fix
from kpis.since_frozen import since_frozen
from reports import sentences as say
from reports.selectors import by_days, following
from reports.snapshots import (
    Action,
    CauseLine,
    DayRate,
    DayRow,
    Event,
    Finding,
    FixLine,
    ForwardTarget,
    ImportFact,
    Kind,
    Snapshot,
    SourceRow,
    Stage,
    Verdict,
)

# Which reviews' findings each report tells of.
REVIEWS: dict[Kind, tuple[int, ...]] = {
    Kind.DAY_30: (30,),
    Kind.DAY_45: (30,),
    Kind.DAY_60: (30, 60),
    Kind.DAY_90: (30, 60, 90),
}


def with_numbers(base: Snapshot, engagement: Engagement) -> Snapshot:
    """The snapshot with the numbers that its kind tells; a report before the launch has none."""
    if base.kind not in REVIEWS:
        return base
    launch = kpis.calendar_of(engagement).date_of(LAUNCH_DAY)
    frozen = kpis.baseline(engagement)
    imports = imports_of(engagement, launch, base.last)
    if frozen and base.kind is Kind.DAY_30:
        # The frozen numbers speak whole: a late import must not stand beside them.
        period = shown = frozen.funnel
        imports = _frozen_imports(frozen, imports)
    else:
        period = kpis.funnel(engagement, base.first, base.last)
        shown = kpis.funnel(engagement, launch, base.last)
    stages = tuple(stage_of(rate) for rate in period.stages)
    baseline = tuple(stage_of(rate) for rate in frozen.funnel.stages) if frozen else ()
    found = _findings(engagement, base.kind, stages)
    told = replace(
        base,
        funnel=stages,
        baseline=baseline,
        baseline_frozen_at=frozen.frozen_at if frozen else None,
        baseline_brief=frozen.brief_version if frozen else None,
        baseline_today=_today(engagement, frozen) if frozen and base.kind is Kind.DAY_30 else None,
        by_source=tuple(source_row(source) for source in period.by_source),
        by_day=tuple(day_row(day) for day in shown.by_day if day.day <= clock.today(engagement.zone)),
        findings=found,
        bottleneck=following.bottleneck_of(engagement, frozen) if frozen else None,
        plans=following.plans_of(engagement),
        scaling=following.scaling_of(engagement),
        closers=following.closers_of(engagement),
        imports=imports,
    )
    if base.kind is Kind.DAY_60:
        told = replace(told, by_hour=by_days.hours_of(engagement, told))
    if base.kind in (Kind.DAY_60, Kind.DAY_90):
        told = replace(told, limits=by_days.limits_of(engagement, told))
    if base.kind is not Kind.DAY_90:
        return told
    forward, targets = following.forward_of(engagement)
    return replace(
        told,
        forward=forward,
        forward_targets=tuple(_forward(stage, targets.get(stage.code)) for stage in stages),
        actions=_next_steps(found),
    )


def on(moment: datetime, engagement: Engagement) -> date:
    """The engagement's own date of a moment."""
    return local_date(moment, engagement.zone)


def stage_of(rate: kpi.Rate) -> Stage:
    return Stage(
        code=rate.key,
        label=rate.label,
        numerator_label=rate.numerator_label,
        denominator_label=rate.denominator_label,
        numerator=rate.numerator,
        denominator=rate.denominator,
        value=rate.value,
        low=rate.low,
        high=rate.high,
        target=None if rate.target is None else float(rate.target),
        direction=rate.direction,
        verdict=Verdict(rate.verdict.value),
        minimum=rate.minimum,
        left_out=rate.left_out,
        left_out_days=rate.left_out_days,
        unit=rate.unit,
        why=rate.why_no_data,
    )


def source_row(source: kpi.SourceFunnel) -> SourceRow:
    dials = source.counts[0].value
    return SourceRow(
        source.source or "No source named", dials, tuple(stage_of(rate) for rate in source.stages)
    )


def day_row(day: kpi.DayFunnel) -> DayRow:
    rates = tuple(
        DayRate(rate.key, rate.numerator, rate.denominator)
        for rate in day.rates
        if rate.value is not None and rate.numerator is not None and rate.denominator is not None
    )
    return DayRow(day.day, day.number, day.counts[0], rates)


def day_rates(day: kpi.DayFunnel) -> tuple[DayRate, ...]:
    """What the rates of a day are counted from, also where nothing can be divided."""
    return tuple(
        DayRate(rate.key, rate.numerator, rate.denominator)
        for rate in day.rates
        if rate.numerator is not None and rate.denominator is not None
    )


def _findings(engagement: Engagement, kind: Kind, judged: tuple[Stage, ...]) -> tuple[Finding, ...]:
    """The findings of the reviews so far; a miss that nobody has opened a finding for stands without an answer."""
    today = clock.today(engagement.zone)
    told = [
        _finding(row, engagement, today)
        for row in kpis.findings(engagement).prefetch_related("events")
        if row.review_day in REVIEWS[kind]
    ]
    known = {finding.metric for finding in told if finding.review_day == REVIEWS[kind][-1]}
    unopened = [stage for stage in judged if stage.verdict is Verdict.MISSED and stage.label not in known]
    return (*told, *(_unanswered(stage, REVIEWS[kind][-1]) for stage in unopened))


def _unanswered(stage: Stage, review_day: int) -> Finding:
    """A miss for which nobody has opened a finding yet: it stands in the report without an answer."""
    return Finding(stage.label, say.percent(stage), say.goal(stage), review_day=review_day)


def _finding(row: FindingRow, engagement: Engagement, today: date) -> Finding:
    said = kpis.said(row)
    fixes = [fix for cause in said for fix in cause.fixes.all()]
    waiting = [fix for fix in fixes if fix.done_on is None]
    done = [fix.done_on for fix in fixes if fix.done_on is not None]
    due = max((fix.due_on for fix in waiting), default=None)
    value, goal = _figure(row)
    return Finding(
        metric=row.metric_label,
        value=value,
        target=goal,
        cause="; ".join(cause.text.rstrip(".") for cause in said if cause.found),
        side=", ".join(dict.fromkeys(cause.side for cause in said if cause.found)),
        fix="; ".join(fix.action.rstrip(".") for fix in fixes),
        owner=", ".join(dict.fromkeys(fix.owner.name for fix in waiting or fixes)),
        due=due,
        done=max(done) if done and not waiting else None,
        state=_state(row, waiting, today),
        found_on=on(row.opened_at, engagement),
        review_day=row.review_day,
        causes=tuple(
            CauseLine(
                cause.side,
                cause.text,
                cause.found,
                tuple(FixLine(f.action, f.owner.name, f.due_on, f.done_on) for f in cause.fixes.all()),
            )
            for cause in said
        ),
        history=tuple(
            Event(event.get_state_display(), on(event.at, engagement), event.by_name, event.why)
            for event in row.events.all()
        ),
        lacks=tuple(kpis.lacks(row)),
    )


def _figure(row: FindingRow) -> tuple[str, str]:
    """A finding's figure and its target as the paper says them; empty for what was noticed."""
    if row.numerator is None or not row.denominator or row.target is None:
        return "", ""
    metric = next((m for m in row.brief.metrics.all() if m.key == row.metric_key), None)
    direction = metric.direction if metric else "up"
    value = row.numerator / row.denominator
    digits = digits_beside(value, row.target, direction)
    goal = target_text(row.target, direction, digits=digits if digits > 1 else 0, unit=row.unit)
    return value_text(value, row.unit, digits=digits), goal


def _state(row: FindingRow, waiting: list[Fix], today: date) -> str:
    """open, reopened, planned, late, done or verified."""
    if row.answered_at is None or row.state == FindingState.VERIFIED:
        return row.state
    if not waiting:
        return "done"
    return "late" if any(fix.due_on < today for fix in waiting) else "planned"


def imports_of(engagement: Engagement, first: date, last: date) -> tuple[ImportFact, ...]:
    return tuple(
        ImportFact(
            file_name=batch.file_name,
            sha256=batch.sha256,
            rows=batch.accepted or 0,
            rejected=batch.rejected or 0,
            duplicates=batch.duplicates or 0,
            by=batch.created_by.name,
            at=batch.finished_at,
            first_day=batch.first_day,
            last_day=batch.last_day,
        )
        for batch in kpis.imports_behind(engagement, first, last)
        if batch.finished_at is not None
    )


def _today(engagement: Engagement, frozen: kpis.FrozenBaseline) -> tuple[Stage, ...] | None:
    """The rates of the baseline's days as they stand now; None where they are still the frozen ones."""
    now = kpis.funnel_of_frozen(engagement, frozen).stages
    return tuple(stage_of(rate) for rate in now) if since_frozen(frozen.funnel.stages, now) else None


def _frozen_imports(frozen: kpis.FrozenBaseline, present: tuple[ImportFact, ...]) -> tuple[ImportFact, ...]:
    """The imports that the baseline was frozen from; of one that was taken back since, only its name and hash."""
    known = {fact.sha256: fact for fact in present}
    return tuple(
        known.get(note.sha256)
        or ImportFact(note.file_name, note.sha256, None, None, None, note.by, datetime.fromisoformat(note.at))
        for note in frozen.imports
    )


def _forward(stage: Stage, proposed: float | None) -> ForwardTarget:
    """The target until now beside what the last thirty days reached; the next one is agreed by both sides."""
    return ForwardTarget(stage.label, stage.direction, stage.value, stage.target, proposed, stage.unit)


def _next_steps(found: tuple[Finding, ...]) -> tuple[Action, ...]:
    """Every fix that is not done yet; one that a later review took over stands once, with its newest date."""
    newest = {(finding.metric, finding.fix): finding for finding in found if finding.fix}
    waiting = [finding for finding in newest.values() if finding.done is None]
    return tuple(
        Action(f"{finding.metric}: {finding.fix}", finding.owner, finding.side, finding.due, finding.state)
        for finding in waiting
    )
