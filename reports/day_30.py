"""Day 30, baseline report: every KPI against its target, causes for misses, fixes for days 31 to 60."""

from kpis.since_frozen import since_frozen
from reports import funnel_parts, next_parts, plan_parts, source_parts
from reports import sentences as say
from reports.paper import Block, Bullets, Heading, Paper, Section, Track, texts, without_empty
from reports.snapshots import Finding, Snapshot, Stage, Verdict


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The first formal check of the numbers, all of them marked as calibration."""
    del track
    stages = snapshot.baseline or snapshot.funnel
    return Paper(
        title="Day-30 baseline",
        verdict=say.against_targets(stages),
        verdict_state=verdict_state(stages),
        second_sentence=" ".join(filter(None, (_answers(snapshot.findings), say.unknown_clause(stages)))),
        figures=funnel_parts.stage_figures(stages),
        picture=funnel_parts.funnel_chart(stages, "The funnel against its targets"),
        decided=_decided(snapshot),
        asks=(*plan_parts.fix_asks(snapshot.findings, 3), *plan_parts.signing_asks(snapshot))[:5],
        calibration=True,
        sections=(
            Section("Result: all KPIs against their targets", _result(snapshot, stages), calibration=True),
            Section("Lead sources and patterns", _patterns(snapshot), calibration=True),
            Section(
                "Early feedback from the closers",
                next_parts.closer_blocks(snapshot),
                calibration=True,
            ),
            Section("Why: root causes of what is below target", _why(snapshot)),
            Section("What comes next: days 31 to 60", _next(snapshot)),
            source_parts.sources_section(snapshot, (source_parts.CALIBRATION_NOTE,)),
        ),
    )


def verdict_state(stages: tuple[Stage, ...]) -> str:
    """The shape beside the verdict: late when any metric misses, passed when all meet, open otherwise."""
    verdicts = {stage.verdict for stage in stages}
    if Verdict.MISSED in verdicts:
        return "late"
    return "passed" if verdicts == {Verdict.MET} else "open"


def _answers(findings: tuple[Finding, ...]) -> str:
    return say.findings_answered(findings) if findings else ""


def _decided(snapshot: Snapshot) -> tuple[str, ...]:
    chosen = (bottleneck_line(snapshot),) if snapshot.bottleneck else ()
    return (baseline_line(snapshot), *chosen, source_parts.CALIBRATION_NOTE)


def baseline_line(snapshot: Snapshot) -> str:
    """When the baseline was frozen and which brief version judged it; says so when it is not frozen."""
    if snapshot.baseline_frozen_at is None:
        return "The baseline is not frozen yet; these figures can still change."
    frozen = f"The baseline was frozen on {say.moment(snapshot.baseline_frozen_at, snapshot.zone)}"
    judged = f", judged by version {snapshot.baseline_brief} of the brief" if snapshot.baseline_brief else ""
    since = since_frozen(snapshot.baseline, snapshot.baseline_today or ())
    return f"{frozen}{judged}. {since}".rstrip()


def bottleneck_line(snapshot: Snapshot) -> str:
    """The one stage that days 31 to 60 work on."""
    return next_parts.bottleneck_sentence(snapshot)


def planned(snapshot: Snapshot) -> tuple[Block, ...]:
    """The plan against the bottleneck as it was written down; nothing where none was."""
    written = say.noted(snapshot, "bottleneck-plan")
    return (Bullets(written),) if written else ()


def _result(snapshot: Snapshot, stages: tuple[Stage, ...]) -> tuple[Block, ...]:
    return without_empty(
        (
            texts(
                say.on_numbers(stages),
                source_parts.last_day_line(snapshot),
                source_parts.brief_line(snapshot),
            ),
            funnel_parts.funnel_table(stages, "All KPIs of the brief, days 11 to 30"),
            funnel_parts.trend_chart(snapshot),
        )
    )


def _patterns(snapshot: Snapshot) -> tuple[Block, ...]:
    written = say.noted(snapshot, "patterns", "review-day-14")
    return (
        *funnel_parts.by_source(snapshot),
        Heading("What was seen in the first weeks"),
        Bullets(written, "No pattern of the first weeks has been recorded."),
    )


def _why(snapshot: Snapshot) -> tuple[Block, ...]:
    if not snapshot.findings:
        return (texts("No judged metric is below its target, so no root cause is asked for."),)
    return (
        texts(say.findings_answered(snapshot.findings)),
        plan_parts.findings_table(snapshot.findings, "Causes and fixes"),
    )


def _next(snapshot: Snapshot) -> tuple[Block, ...]:
    answered = [finding for finding in snapshot.findings if finding.fix]
    fixes = [
        f"{finding.metric}: {finding.fix.rstrip('.')}. {finding.owner or 'No owner'}, "
        + (f"done {say.short_day(finding.done)}." if finding.done else f"by {say.short_day(finding.due)}.")
        for finding in answered
    ]
    return without_empty(
        (
            *next_parts.bottleneck_blocks(snapshot),
            *(next_parts.plan_blocks(snapshot) if snapshot.plans else ()),
            *planned(snapshot),
            Bullets(tuple(fixes), "No fix is planned."),
            plan_parts.plan_table(
                [i for i in snapshot.plan if 30 < i.day <= 60], "What is due in days 31 to 60"
            )
            if snapshot.plan
            else None,
        )
    )
