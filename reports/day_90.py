"""Day 90, summary and forward plan: four questions answered, targets for days 91 to 180."""

from common.wording import percent_text, target_text
from reports import day_parts, funnel_parts, next_parts, plan_parts, source_parts
from reports import sentences as say
from reports.changes import change
from reports.day_30 import verdict_state
from reports.day_60 import CHANGE_NOTE, change_table, fixes_line, moved_chart, of_review, paired
from reports.paper import (
    Ask,
    Block,
    Bullets,
    Cell,
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
    without_empty,
)
from reports.snapshots import Action, Snapshot, Stage, Verdict


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """Ninety days in review, and what the next ninety are held to."""
    pairs = paired(snapshot)
    return Paper(
        title="Day-90 summary and forward plan",
        verdict=say.against_targets(snapshot.funnel),
        verdict_state=verdict_state(snapshot.funnel),
        second_sentence=" ".join(filter(None, (_cause_line(snapshot), say.unknown_clause(snapshot.funnel)))),
        figures=funnel_parts.stage_figures(snapshot.funnel),
        picture=funnel_parts.funnel_chart(snapshot.funnel, "Days 61 to 90 against the targets") or track,
        decided=(
            next_parts.agreement_line(snapshot),
            *say.noted(snapshot, "forward-targets")[:1],
            say.slips_line(snapshot.slips),
        ),
        asks=(*_action_asks(snapshot.actions), *plan_parts.signing_asks(snapshot))[:5],
        sections=(
            Section("At, above or below each target", _targets(snapshot)),
            Section("Findings and fixes: is the cause known, is the fix working", _causes(snapshot)),
            Section("What was learned about ideal customer, closers and lead quality", _learned(snapshot)),
            Section("What changes next", _changes(snapshot)),
            Section("Targets for days 91 to 180", _forward_section(snapshot)),
            Section("Next steps", next_parts.steps_blocks(snapshot, _steps(snapshot.actions))),
            Section(
                "Ninety days, from baseline to now",
                without_empty((moved_chart(pairs), change_table(pairs), *_trends(snapshot))),
            ),
            source_parts.sources_section(
                snapshot, (CHANGE_NOTE, *day_parts.notes(snapshot), source_parts.CALIBRATION_NOTE)
            ),
        ),
    )


def _cause_line(snapshot: Snapshot) -> str:
    now = of_review(snapshot.findings, 90)
    return say.findings_answered(now) if now else ""


def _targets(snapshot: Snapshot) -> tuple[Block, ...]:
    return (
        texts(
            say.on_numbers(snapshot.funnel),
            source_parts.last_day_line(snapshot),
            source_parts.brief_line(snapshot),
        ),
        funnel_parts.funnel_table(snapshot.funnel, "All KPIs of the brief, days 61 to 90"),
        *((next_parts.standing_table(snapshot),) if snapshot.forward else ()),
    )


def _causes(snapshot: Snapshot) -> tuple[Block, ...]:
    missed = {stage.label for stage in say.of_verdict(snapshot.funnel, Verdict.MISSED)}
    working = [_working(before, after) for before, after in paired(snapshot) if after.label in missed]
    now = of_review(snapshot.findings, 90)
    earlier = tuple(finding for finding in snapshot.findings if finding.review_day < 90)
    return (
        texts(say.findings_answered(now) if now else "No judged metric is below its target now.", *working),
        *((plan_parts.findings_table(now, "Findings of day 90: causes and fixes"),) if now else ()),
        texts(fixes_line(earlier)),
        plan_parts.findings_table(earlier, "Findings of days 30 and 60: causes, fixes and where they stand"),
    )


def _working(before: Stage, after: Stage) -> str:
    """Whether the fix of a metric that is still below target works, as far as the data tell."""
    said = {
        "moved up": "it has moved up since the baseline",
        "moved down": "it has moved down since the baseline",
        "not moved": "it has not moved since the baseline",
        "too little data": "there is too little data to say whether it has moved since the baseline",
    }
    return f"{after.label} is below target; {said[change(before, after).verdict]}."


def _learned(snapshot: Snapshot) -> tuple[Block, ...]:
    written = say.noted(snapshot, "client-feedback")
    return (
        *(next_parts.learned_blocks(snapshot) if snapshot.forward else ()),
        Heading("What the closers and the client say"),
        *((Bullets(written),) if written else ()),
        *next_parts.closer_blocks(snapshot),
        *funnel_parts.by_source(snapshot),
    )


def _changes(snapshot: Snapshot) -> tuple[Block, ...]:
    """What the operator recommends and what the review decided, in their own words."""
    return (
        *(next_parts.change_blocks(snapshot) if snapshot.forward else ()),
        Heading("Recommended by the operator"),
        Bullets(say.noted(snapshot, "recommendations"), "No recommendation has been recorded."),
        Heading("Decided in the day-90 review"),
        Bullets(say.noted(snapshot, "review-day-90"), "No decision of the day-90 review has been recorded."),
    )


def _forward_section(snapshot: Snapshot) -> tuple[Block, ...]:
    written = say.noted(snapshot, "forward-targets")
    said = Bullets(written) if written else texts(next_parts.agreement_line(snapshot))
    return (said, _forward(snapshot))


def _trends(snapshot: Snapshot) -> tuple[Block, ...]:
    return tuple(block for code in _shown(snapshot) for block in day_parts.day_blocks(snapshot, code))


def _shown(snapshot: Snapshot) -> list[str]:
    """Which rates are drawn by day: the first of the funnel and the bottleneck."""
    codes = [stage.code for stage in snapshot.funnel[:1]]
    return codes + (
        [snapshot.bottleneck.code] if snapshot.bottleneck and snapshot.bottleneck.code not in codes else []
    )


def _forward(snapshot: Snapshot) -> Table:
    """What the next targets start from."""
    following = "as agreed above" if say.noted(snapshot, "forward-targets") else "not agreed yet"
    heads: list[tuple[str, int] | Column] = [
        ("Metric", 34),
        Column("Reached in days 61 to 90", 22, number=True),
        ("Target until now", 22),
        ("Target for days 91 to 180", 22),
    ]
    return Table(
        "What the next targets start from",
        columns(*heads),
        tuple(
            row(
                target.label,
                number(percent_text(target.day_90)),
                target_text(target.current, target.direction, unit=target.unit),
                target_text(target.proposed, target.direction, unit=target.unit)
                if target.proposed is not None
                else following,
            )
            for target in snapshot.forward_targets
        ),
        "No metric is agreed.",
    )


def _steps(actions: tuple[Action, ...]) -> Table:
    return Table(
        "",
        columns(("What", 44), ("Owner", 26), ("By", 16), ("State", 14)),
        tuple(
            row(
                action.text,
                f"{action.owner or 'no owner'}{f' ({action.side})' if action.side else ''}",
                say.short_day(action.due),
                _state(action),
            )
            for action in actions
        ),
        "No next step has been recorded.",
    )


def _state(action: Action) -> Cell:
    return plan_parts.state_cell(action.state)


def _action_asks(actions: tuple[Action, ...]) -> tuple[Ask, ...]:
    return tuple(
        Ask(
            action.text,
            f"{action.owner or 'no owner'}{f' ({action.side})' if action.side else ''}",
            say.day_text(action.due),
        )
        for action in actions
        if action.state != "done"
    )[:3]
