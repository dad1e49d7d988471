"""Day 60, optimisation report: the bottleneck of day 30, what was fixed, what moved, ready to scale or not."""

from common.wording import NO_DATA, plural, points_text
from kpis.charts.bars import Change, before_after
from reports import day_parts, funnel_parts, next_parts, plan_parts, source_parts
from reports import sentences as say
from reports.changes import change
from reports.day_30 import baseline_line, bottleneck_line, planned
from reports.paper import (
    Block,
    Bullets,
    Cell,
    Chart,
    Column,
    Heading,
    Paper,
    Section,
    Table,
    Track,
    columns,
    number,
    row,
    texts,
)
from reports.snapshots import Finding, Snapshot, Stage, Verdict


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """What days 31 to 60 changed, against the frozen baseline."""
    del track
    reasons = not_ready(snapshot)
    pairs = paired(snapshot)
    early = of_review(snapshot.findings, 30)
    now = of_review(snapshot.findings, 60)
    return Paper(
        title="Day-60 optimisation",
        verdict=_verdict(reasons),
        verdict_state="blocked" if reasons else "passed",
        second_sentence=_bottleneck_moved(snapshot, pairs),
        figures=funnel_parts.stage_figures(snapshot.funnel),
        picture=moved_chart(pairs),
        decided=(bottleneck_line(snapshot), _scaling(reasons)),
        asks=(*plan_parts.fix_asks(snapshot.findings, 3), *plan_parts.signing_asks(snapshot))[:5],
        sections=(
            Section("Result: days 31 to 60 against the targets", _result(snapshot)),
            Section("What was found at day 30", _found(snapshot)),
            Section(
                "What was done",
                (
                    texts(fixes_line(early)),
                    plan_parts.findings_table(
                        early, "Findings of day 30: causes, fixes and where they stand"
                    ),
                    *(next_parts.plan_blocks(snapshot) if snapshot.plans else ()),
                ),
            ),
            Section("Findings and fixes", _below(now)),
            Section("What moved", _moved(snapshot, pairs)),
            Section("Lead sources, days 31 to 60", funnel_parts.by_source(snapshot)),
            *(
                (Section("Hours and weekdays, days 31 to 60", day_parts.hours_blocks(snapshot.by_hour)),)
                if snapshot.by_hour
                else ()
            ),
            Section(
                "Ready to scale",
                _scaling_section(snapshot, reasons),
            ),
            Section(
                "What comes next: days 61 to 90",
                (
                    plan_parts.plan_table(
                        [i for i in snapshot.plan if i.day > 60], "What is due in days 61 to 90"
                    ),
                ),
            ),
            source_parts.sources_section(
                snapshot, (CHANGE_NOTE, *day_parts.notes(snapshot), source_parts.CALIBRATION_NOTE)
            ),
        ),
    )


CHANGE_NOTE = (
    "A change is judged by the 95% interval of the difference (Newcombe 1998, method 10): moved when the interval "
    "leaves out zero, not moved when it holds zero."
)


def paired(snapshot: Snapshot) -> list[tuple[Stage, Stage]]:
    """Each share of the baseline with the same share now; averages and counts stand in the table of all metrics."""
    now = {stage.code: stage for stage in snapshot.funnel if stage.unit == "percent"}
    return [(before, now[before.code]) for before in snapshot.baseline if before.code in now]


def of_review(findings: tuple[Finding, ...], day: int) -> tuple[Finding, ...]:
    """The findings of one review."""
    return tuple(finding for finding in findings if finding.review_day == day)


def _below(now: tuple[Finding, ...]) -> tuple[Block, ...]:
    measured = any(finding.target for finding in now)
    told = "" if measured else "No judged metric is below its target in days 31 to 60."
    if not now:
        return (texts(told),)
    if not measured:
        told += f" {plural(len(now), 'thing')} {'was' if len(now) == 1 else 'were'} noticed besides. "
    return (
        texts(told + say.findings_answered(now)),
        plan_parts.findings_table(now, "Findings of day 60: causes and fixes"),
    )


def not_ready(snapshot: Snapshot) -> tuple[str, ...]:
    """Why the campaign may not scale: every target must be judged and held."""
    aimed = [stage for stage in snapshot.funnel if stage.target is not None]
    reasons = [
        f"{stage.label} is {say.percent(stage)} against {say.goal(stage)}."
        for stage in say.of_verdict(aimed, Verdict.MISSED)
    ]
    reasons += [
        f"{stage.label} has too few cases to judge." for stage in say.of_verdict(aimed, Verdict.TOO_FEW)
    ]
    reasons += [f"{stage.label} has no data." for stage in say.of_verdict(aimed, Verdict.NO_DATA)]
    if not aimed:
        reasons.append("No metric has a target.")
    return tuple(reasons)


def _verdict(reasons: tuple[str, ...]) -> str:
    if not reasons:
        return "The campaign is ready to scale: every target is met."
    verb = "is" if len(reasons) == 1 else "are"
    return f"The campaign is not ready to scale: {plural(len(reasons), 'target')} {verb} not shown to be met."


def _scaling_section(snapshot: Snapshot, reasons: tuple[str, ...]) -> tuple[Block, ...]:
    """The computed verdict with its reasons, and what people wrote down about scaling."""
    written = say.noted(snapshot, "scaling-assessed", "review-day-60")
    return (
        texts(_verdict(reasons)),
        Bullets(reasons, "Nothing stands against a scaling plan."),
        *next_parts.scaling_blocks(snapshot),
        Heading("Assessment by the people"),
        Bullets(written, "No assessment of scaling has been recorded."),
    )


def _scaling(reasons: tuple[str, ...]) -> str:
    if reasons:
        return "A scaling plan stays shut while a target is not met."
    return "A scaling plan (more agents, more leads or a second campaign type) may be proposed."


def _bottleneck_moved(snapshot: Snapshot, pairs: list[tuple[Stage, Stage]]) -> str:
    if snapshot.bottleneck is None:
        return bottleneck_line(snapshot)
    pair = next((pair for pair in pairs if pair[0].code == snapshot.bottleneck.code), None)
    if pair is None:
        label = say.lower_first(snapshot.bottleneck.label)
        return f"The bottleneck was {label}; there is no baseline to compare it with."
    return f"The bottleneck of day 30: {say.lower_first(say.moved_line(*pair))}"


def moved_chart(pairs: list[tuple[Stage, Stage]]) -> Chart | None:
    """Baseline and now for each stage; None without any data."""
    if not any(after.value is not None for _, after in pairs):
        return None
    rows = [
        Change(
            before.label,
            before.value,
            after.value,
            before.low,
            before.high,
            after.low,
            after.high,
            after.target,
            say.rate(before),
            say.rate(after),
        )
        for before, after in pairs
    ]
    verdicts = [f"{before.label} {change(before, after).verdict}" for before, after in pairs]
    key = "Baseline (open circle) and now (filled) with 95% intervals; the upright mark is the target"
    sentence = f"{key}. {'; '.join(verdicts)}."
    return Chart(before_after(rows, title=sentence), sentence, sentence)


def fixes_line(findings: tuple[Finding, ...]) -> str:
    """How many fixes are done and how many are not."""
    if not findings:
        return "There was no finding, so no fix was due."
    done = sum(finding.done is not None for finding in findings)
    left = len(findings) - done
    if not left:
        return "The one fix is done." if done == 1 else f"{say.every(done)} fixes are done."
    if not done:
        return "The one fix is not done." if left == 1 else f"None of {left} fixes is done."
    verb = "is" if done == 1 else "are"
    rest = f"{say.spelled(left)} {'is' if left == 1 else 'are'} not"
    return f"{say.capital(say.spelled(done))} of {plural(len(findings), 'fix', 'fixes')} {verb} done; {rest}."


def _result(snapshot: Snapshot) -> tuple[Block, ...]:
    return (
        texts(
            say.on_numbers(snapshot.funnel),
            source_parts.last_day_line(snapshot),
            source_parts.brief_line(snapshot),
        ),
        funnel_parts.funnel_table(snapshot.funnel, "All KPIs of the brief, days 31 to 60"),
    )


def _found(snapshot: Snapshot) -> tuple[Block, ...]:
    if not snapshot.baseline:
        return (texts("No baseline was frozen at day 30."),)
    return (
        texts(say.against_targets(snapshot.baseline), baseline_line(snapshot), bottleneck_line(snapshot)),
        *next_parts.bottleneck_blocks(snapshot)[1:],
        *planned(snapshot),
        funnel_parts.funnel_table(snapshot.baseline, "The frozen baseline, days 11 to 30 (calibration)"),
    )


def change_table(pairs: list[tuple[Stage, Stage]]) -> Table:
    """Each metric before and after with its change and the interval of the change."""
    return Table(
        "Change since the baseline",
        columns(
            ("Metric", 20),
            Column("Baseline", 20, number=True),
            Column("Now", 20, number=True),
            Column("Change", 11, number=True),
            Column("95% interval", 15, number=True),
            ("Verdict", 14),
        ),
        tuple(_change_row(before, after) for before, after in pairs),
        "There is no baseline to compare with.",
    )


def _change_row(before: Stage, after: Stage) -> tuple[Cell, ...]:
    found = change(before, after)
    span = NO_DATA if found.low is None else f"{say.signed(found.low)} to {say.signed(found.high)}"
    return row(
        before.label,
        number(say.rate(before).replace(" (", "\n(")),
        number(say.rate(after).replace(" (", "\n(")),
        number(points_text(found.points)),
        number(span),
        found.verdict,
    )


def _checks(snapshot: Snapshot) -> list[str]:
    """Each verdict on a plan, in words."""
    checks = [check for plan in snapshot.plans for check in plan.checks]
    return [f"{next_parts.verdict_words(one)} {next_parts.check_line(one)}" for one in checks]


def _moved(snapshot: Snapshot, pairs: list[tuple[Stage, Stage]]) -> tuple[Block, ...]:
    checkpoint = say.noted(snapshot, "review-day-45")
    return (
        change_table(pairs),
        Heading("Day-45 checkpoint"),
        texts(*_checks(snapshot)),
        Bullets(checkpoint, "No result of the day-45 checkpoint has been recorded."),
        *day_parts.day_blocks(snapshot, snapshot.bottleneck.code if snapshot.bottleneck else ""),
    )
