"""What comes next, as parts of a paper: bottleneck, plan, checkpoint, scaling, closers, the four questions."""

from common.wording import joined, percent_text, points_text, share_text
from reports import sentences as say
from reports.paper import Block, Bullets, Cell, Column, Heading, Table, columns, number, row, texts
from reports.snapshots import Bottleneck, CheckFact, Kind, PlanFact, Snapshot

WORDS = {"moved": "has moved", "not_moved": "has not moved", "too_little": "cannot be judged yet"}
FIXES = {
    "works": Cell("works", "passed"),
    "not": Cell("does not work", "late"),
    "unknown": Cell("too little data", "open"),
    "none": Cell("no fix", "open"),
    "": Cell("not asked"),
}
AFTER_DAY_60 = (Kind.DAY_60, Kind.DAY_90)
POSITIONS = {
    "above": Cell("above", "passed"),
    "at": Cell("at", "passed"),
    "below": Cell("below", "late"),
    "unknown": Cell("not judged", "open"),
}


def verdict_words(check: CheckFact) -> str:
    """ "Contact rate has moved: 10.0% before, 14.0% after." """
    return (
        f"{check.metric} {WORDS[check.verdict]}: {say.share(check.before)} before, "
        f"{say.share(check.after)} after."
    )


def check_line(check: CheckFact) -> str:
    """The change with its interval, and against what was promised."""
    return (
        f"A change of {points_text(check.points)} ({points_text(check.low)} to {points_text(check.high)}); "
        f"the plan promised {say.percentage(check.expected)}."
    )


def bottleneck_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """What repairing each stage would save, with the chance that it is the bottleneck."""
    found = snapshot.bottleneck
    if found is None or not found.candidates:
        return (texts(bottleneck_sentence(snapshot)),)
    table = Table(
        "What repairing each stage to its target would save",
        columns(
            ("Stage", 24),
            Column("Baseline", 14, number=True),
            Column("Target", 12, number=True),
            Column("Cost saved", 16, number=True),
            Column("95% of the draws", 18, number=True),
            Column("Chance", 16, number=True),
        ),
        tuple(
            row(
                one.label,
                number(percent_text(one.value)),
                number(share_text(one.target)),
                number(percent_text(one.saving)),
                number(f"{percent_text(one.low)} to {percent_text(one.high)}"),
                number(percent_text(one.chance, digits=0)),
            )
            for one in found.candidates
        ),
    )
    few = f"Too little data to judge: {joined(found.too_little)}." if found.too_little else ""
    return (texts(bottleneck_sentence(snapshot), few, _counted(found) + METHOD), table)


METHOD = (
    " Each rate is drawn from its Beta posterior (Jeffreys’ prior); the chance is the share of draws in which no other "
    "repair saves more."
)


def _counted(found: Bottleneck) -> str:
    """In what the cost of an outcome is counted, and what it is where prices tell."""
    if found.cost is None:
        return "The cost of an outcome is counted in dials."
    one = say.lower_first(found.outcome).removesuffix("s") or "outcome"
    return f"By the prices that held at day 30, one {one} costs {found.cost:,.2f} {found.currency}."


def bottleneck_sentence(snapshot: Snapshot) -> str:
    """Which stage the figures name, and how sure they are."""
    found = snapshot.bottleneck
    if not snapshot.baseline:
        return "The baseline is not frozen, so no bottleneck is computed."
    if found is None:
        return "No metric of the baseline is below its target, so no bottleneck is computed."
    over = snapshot.kind in AFTER_DAY_60
    work, label = "worked" if over else "work", say.lower_first(found.label)
    if found.chance is None:
        why = f" Reason: {found.reason.rstrip('.')}." if found.reason else ""
        return f"Days 31 to 60 {work} on one bottleneck: {label}.{why}"
    sure = "" if found.chance >= 0.8 else ", so that the data do not single it out"
    saves = (
        f"at its target the cost per outcome would {'have fallen' if over else 'fall'} by "
        f"{percent_text(found.saving, digits=0)}; the chance that no other stage saves more is "
        f"{percent_text(found.chance, digits=0)}{sure}."
    )
    if not found.reason and (found.computed or found.label) == found.label:
        names = "named" if over else "names"
        return f"Days 31 to 60 {work} on {label}, the bottleneck that the baseline {names}: {saves}"
    computed = f"The baseline {'named' if over else 'names'} {say.lower_first(found.computed or found.label)}: {saves}"
    chosen = f" Chosen by hand: {found.reason.rstrip('.')}." if found.reason else ""
    return f"Days 31 to 60 {work} on {label}. {computed}{chosen}"


def plan_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Every plan against the bottleneck, the newest last, with causes, fixes and who agreed."""
    if not snapshot.plans:
        return (texts("No plan against a bottleneck has been proposed."),)
    blocks: list[Block] = []
    for plan in snapshot.plans:
        blocks += _plan_blocks(plan)
    return tuple(blocks)


def _plan_blocks(plan: PlanFact) -> list[Block]:
    state = "ended" if plan.ended else "agreed by both sides" if plan.agreed_on else "waits for agreement"
    reason = f" It was chosen by hand: {plan.reason.rstrip('.')}." if plan.reason else ""
    fixes = Table(
        "",
        columns(("Cause", 36), ("Side", 10), ("Fix", 32), ("Owner", 12), ("By", 10)),
        tuple(
            row(cause.text, cause.side, fix.action, fix.owner, say.short_day(fix.due))
            for cause in plan.causes
            for fix in cause.fixes
        ),
        "The plan names no fix.",
    )
    return [
        Heading(f"Plan {plan.number}: {plan.metric}"),
        texts(
            f"{say.capital(state)}. Before: {say.share(plan.before)} ({say.counted(plan.before)}); promised: "
            f"{say.percentage(plan.expected)} by day 60.{reason}",
            f"Agreed by {joined(plan.agreed_by)}." if plan.agreed_by else "",
        ),
        fixes,
    ]


def closer_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """What the closers said, as their side wrote it down and as evidence of the milestone."""
    said = tuple(f"{one.text} ({one.by}, {say.short_day(one.on)})" for one in snapshot.closers)
    return (
        Bullets(
            (*said, *say.noted(snapshot, "closer-feedback")),
            "No feedback from the closers has been recorded.",
        ),
    )


def scaling_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Every proposal to scale with its answer."""
    return (
        Table(
            "Proposals to scale",
            columns(("Proposed", 30), ("Why", 28), ("By", 18), ("Answer", 24)),
            tuple(
                row(
                    one.what,
                    one.why,
                    f"{one.by} ({one.side}), {say.short_day(one.on)}",
                    Cell(
                        f"{one.answer} by {one.answered_by}: {one.answer_reason}".rstrip(": ")
                        if one.answer
                        else "not answered yet",
                        {"accepted": "passed", "declined": "late"}.get(one.answer, "open"),
                    ),
                )
                for one in snapshot.scaling
            ),
            "Scaling has not been proposed.",
        ),
    )


def standing_table(snapshot: Snapshot) -> Table:
    """Questions 1 and 2: above, at or below each target; the cause and whether its fix works."""
    standing = snapshot.forward.standing if snapshot.forward else ()
    return Table(
        "Each target, its cause and its fix",
        columns(
            ("Metric", 20),
            Column("Days 61 to 90", 13, number=True),
            ("Target", 15),
            ("Position", 13),
            ("Root cause", 24),
            ("Fix", 15),
        ),
        tuple(
            row(
                one.label,
                number(one.value),
                one.target,
                POSITIONS[one.position],
                (one.cause or "not known") if one.position == "below" else "not asked",
                FIXES[one.fix],
            )
            for one in standing
        ),
        "No forward plan has been drafted.",
    )


def learned_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Question 3, by subject and side."""
    lessons = snapshot.forward.learned if snapshot.forward else ()
    return (
        Table(
            "What was not known at the launch",
            columns(("About", 20), ("Client", 40), ("Operator", 40)),
            tuple(
                row(one.subject, one.client or "nothing said", one.operator or "nothing said")
                for one in lessons
            ),
            "Nothing has been written down.",
        ),
    )


def change_blocks(snapshot: Snapshot) -> tuple[Block, ...]:
    """Question 4 by kind: what changes, in the words of both sides."""
    forward = snapshot.forward
    changes = tuple(f"{label}: {text}" for label, text in forward.changes) if forward else ()
    return (Bullets(changes, "No change has been written down."),)


def steps_blocks(snapshot: Snapshot, actions: Table) -> tuple[Block, ...]:
    """The next steps in the words of both sides, and below them the open actions of the reviews."""
    agreed = snapshot.forward.next_steps if snapshot.forward else ""
    if not agreed:
        return (actions,)
    return (texts(agreed), *((Heading("Open actions of the reviews"), actions) if actions.rows else ()))


def agreement_line(snapshot: Snapshot) -> str:
    """Whether both sides have agreed to the next targets."""
    forward = snapshot.forward
    if forward is None:
        return "No targets for days 91 to 180 have been drafted."
    if forward.agreed_on:
        return f"Both sides agreed to the targets for days 91 to 180 on {say.short_day(forward.agreed_on)}."
    if forward.agreed_by:
        return (
            f"{joined(forward.agreed_by)} agreed to the targets for days 91 to 180; the other side has not."
        )
    return "The targets for days 91 to 180 are drafted; neither side has agreed to them."
