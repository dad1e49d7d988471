"""Day 45, checkpoint: did the bottleneck move, does the plan stay, what is asked for next."""

from common.wording import count_text, plural, points_text
from reports import funnel_parts, plan_parts, source_parts
from reports import sentences as say
from reports.day_30 import baseline_line
from reports.day_60 import CHANGE_NOTE, change_table, moved_chart, paired
from reports.next_parts import bottleneck_blocks, check_line, plan_blocks, verdict_words
from reports.paper import (
    Ask,
    Block,
    Bullets,
    Column,
    Figure,
    Paper,
    Section,
    Table,
    Track,
    columns,
    number,
    row,
    texts,
)
from reports.snapshots import CheckFact, Snapshot

STATES = {"moved": "passed", "not_moved": "late", "too_little": "open"}


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """Whether the plan of day 31 works, before and after with the interval."""
    del track
    check = newest_check(snapshot)
    pairs = paired(snapshot)
    return Paper(
        title="Day-45 checkpoint",
        verdict=_verdict(snapshot, check),
        verdict_state=STATES[check.verdict] if check else "open",
        second_sentence=_consequence(snapshot, check),
        figures=_figures(check) or funnel_parts.stage_figures(snapshot.funnel),
        picture=moved_chart(pairs),
        decided=(_stays(snapshot, check), baseline_line(snapshot)),
        asks=(*_asks(snapshot, check), *plan_parts.fix_asks(snapshot.findings, 3))[:5],
        sections=(
            Section("Result: did the bottleneck move", _result(snapshot, check)),
            Section("The plan that is judged", plan_blocks(snapshot)),
            Section(
                "Why this stage: the bottleneck of the baseline",
                bottleneck_blocks(snapshot),
                calibration=True,
            ),
            Section("All metrics since the baseline", (change_table(pairs),)),
            Section(
                "Causes and fixes",
                (plan_parts.findings_table(snapshot.findings, "Findings of day 30: where they stand"),),
            ),
            Section("What comes next", _next(snapshot)),
            source_parts.sources_section(snapshot, (CHANGE_NOTE, CHECK_NOTE, source_parts.CALIBRATION_NOTE)),
        ),
    )


CHECK_NOTE = (
    "The plan is judged by the interval of its change: moved when it lies above zero, not moved when it leaves out "
    "what the plan promised, too little data between the two."
)


def newest_check(snapshot: Snapshot) -> CheckFact | None:
    """The verdict of the checkpoint: the newest one on any plan."""
    checks = [check for plan in snapshot.plans for check in plan.checks]
    return max(checks, key=lambda check: check.at, default=None)


def _verdict(snapshot: Snapshot, check: CheckFact | None) -> str:
    if check is not None:
        return verdict_words(check)
    if not snapshot.plans:
        return "No plan against a bottleneck has been agreed, so there is nothing to judge."
    return f"{snapshot.plans[-1].metric}: no verdict has been recorded yet."


def _consequence(snapshot: Snapshot, check: CheckFact | None) -> str:
    if check is None:
        return ""
    return check_line(check)


def _stays(snapshot: Snapshot, check: CheckFact | None) -> str:
    if check is None:
        return "Whether the plan stays is not decided yet."
    if check.verdict == "moved":
        return "The plan stays."
    if check.verdict == "not_moved":
        replaced = snapshot.plans and snapshot.plans[-1].agreed_on and not snapshot.plans[-1].ended
        then = (
            f"Plan {snapshot.plans[-1].number} takes its place." if replaced else "A new plan is asked for."
        )
        return f"The plan is ended and its root cause is open again. {then}"
    return "The plan stays until there is enough data to judge it."


def _figures(check: CheckFact | None) -> tuple[Figure, ...]:
    if check is None:
        return ()
    return (
        Figure("Before", say.share(check.before), say.counted(check.before), "frozen baseline"),
        Figure(
            "After", say.share(check.after), say.counted(check.after),
            f"{say.short_day(check.first)} to {say.short_day(check.last)}",
        ),
        Figure(
            "Change", points_text(check.points), f"{points_text(check.low)} to {points_text(check.high)}",
            f"promised {say.percentage(check.expected)}", STATES[check.verdict], check.verdict.replace("_", " "),
        ),
    )  # fmt: skip


def _asks(snapshot: Snapshot, check: CheckFact | None) -> tuple[Ask, ...]:
    manager = next((p.name for p in snapshot.people if p.role == "Campaign manager"), "the campaign manager")
    who = f"{manager}, campaign manager ({snapshot.operator})"
    if check is None and snapshot.plans:
        return (Ask("Record the verdict on the plan", who, say.day_text(snapshot.last)),)
    if check is not None and check.verdict == "not_moved" and snapshot.plans[-1].ended:
        return (Ask("State the root cause anew and propose another plan", who, "before the gate of day 60"),)
    return ()


def _result(snapshot: Snapshot, check: CheckFact | None) -> tuple[Block, ...]:
    checks = [(plan, one) for plan in snapshot.plans for one in plan.checks]
    table = Table(
        "Before and after",
        columns(
            ("Metric", 18),
            Column("Before", 18, number=True),
            Column("After", 18, number=True),
            ("Days after", 17),
            Column("Change", 15, number=True),
            ("Verdict", 14),
        ),
        tuple(
            row(
                plan.metric,
                number(f"{say.share(one.before)}\n{say.counted(one.before)}"),
                number(f"{say.share(one.after)}\n{say.counted(one.after)}"),
                f"{say.short_day(one.first)} to {say.short_day(one.last)}",
                number(f"{points_text(one.points)}\n{points_text(one.low)} to {points_text(one.high)}"),
                one.verdict.replace("_", " "),
            )
            for plan, one in checks
        ),
        "No verdict has been recorded.",
    )
    needed = ""
    if check is not None and check.needed:
        pace = f", about {plural(check.needed_days, 'day')} at the present pace" if check.needed_days else ""
        needed = f"It takes {count_text(check.needed)} more to tell{pace}."
    return (texts(_verdict(snapshot, check), needed, source_parts.brief_line(snapshot)), table)


def _next(snapshot: Snapshot) -> tuple[Block, ...]:
    written = say.noted(snapshot, "review-day-45")
    following = [item for item in snapshot.plan if 45 < item.day <= 60]
    return (
        Bullets(written, "No minutes of the day-45 review have been recorded."),
        plan_parts.plan_table(following, "What is due up to day 60"),
    )
