"""Who does what by when, as tables and as asks: plan, people, metric contracts, causes and fixes."""

from collections.abc import Callable, Sequence

from common.wording import joined, plural, shift_text, target_text
from milestones.rules.states import gate_look, milestone_word
from reports import sentences as say
from reports.paper import (
    Ask,
    Cell,
    Table,
    columns,
    number,
    row,
)
from reports.snapshots import Brief, Finding, FixLine, MovedDate, PlanItem, Snapshot


def state_cell(state: str) -> Cell:
    """A milestone's or fix's state as a shape and a word."""
    shapes = {
        "passed": "passed",
        "done": "passed",
        "verified": "passed",
        "reopened": "late",
        "blocked": "blocked",
        "failed": "late",
        "held": "held",
        "late": "late",
    }
    return Cell(state, shapes.get(state, "open"))


def item_cell(item: PlanItem) -> Cell:
    """The state of a line of the plan; a gate's and a milestone's in the words of their pages."""
    if item.kind == "gate":
        look = gate_look(item.state)
        return Cell(say.lower_first(look.word), look.shape)
    shown = state_cell(item.state)
    return Cell(say.lower_first(milestone_word(item.state)) or shown.text, shown.state)


def findings_table(findings: Sequence[Finding], caption: str) -> Table:
    """Causes and fixes: metric, cause with side, fix with owner, date, state."""
    return Table(
        caption,
        columns(
            ("Metric", 15),
            ("Root cause", 24),
            ("Side", 10),
            ("Fix", 24),
            ("Owner and date", 15),
            ("State", 12),
        ),
        tuple(cells for finding in findings for cells in _cause_rows(finding)),
        "No metric is below target.",
    )


def _cause_rows(finding: Finding) -> list[tuple[Cell, ...]]:
    """One row for each side that something was said about, the metric named in the first."""
    if not finding.causes:
        return [
            row(
                _found(finding),
                finding.cause or "not given yet",
                finding.side or "not named",
                finding.fix or "not given yet",
                f"{finding.owner or 'no owner'}, {_when(finding)}",
                state_cell(finding.state),
            )
        ]
    rows = [
        row(
            "" if place else _found(finding),
            cause.text if cause.found else f"No cause found. {cause.text}",
            cause.side,
            "\n".join(fix.action for fix in cause.fixes) or "none needed",
            "\n".join(f"{fix.owner}, {_done_or_due(fix)}" for fix in cause.fixes) or "nobody",
            "" if place else state_cell(finding.state),
        )
        for place, cause in enumerate(finding.causes)
    ]
    if finding.lacks:
        rows.append(row("", f"Missing: {joined(finding.lacks)}", "", "", "", ""))
    return rows


def _done_or_due(fix: FixLine) -> str:
    return f"done {say.short_day(fix.done)}" if fix.done else f"by {say.short_day(fix.due)}"


def _found(finding: Finding) -> str:
    """The metric with its figure, and of which day that figure is: the funnel beside may have moved on."""
    if not finding.value:
        return finding.metric
    on = f", as found on {say.short_day(finding.found_on)}" if finding.found_on else ""
    return f"{finding.metric}: {finding.value} against {finding.target}{on}"


def _when(finding: Finding) -> str:
    if finding.done:
        return f"done {say.short_day(finding.done)}"
    return say.short_day(finding.due)


def plan_table(items: Sequence[PlanItem], caption: str, *, dates: bool = False) -> Table:
    """Plan items with owner and evidence; with `dates` the contracted, forecast and actual date instead of evidence."""
    if dates:
        return Table(
            caption,
            columns(
                ("Day", 7), ("What", 26), ("Owner", 28), ("Contracted", 12), ("Forecast", 12), ("Done", 15)
            ),
            tuple(
                row(
                    number(str(item.day)),
                    item.title,
                    owner(item),
                    say.short_day(item.contracted, missing="not locked"),
                    say.short_day(item.forecast),
                    Cell(say.short_day(item.actual), "passed") if item.actual else item_cell(item),
                )
                for item in items
            ),
        )
    return Table(
        caption,
        columns(("Day", 6), ("Date", 13), ("What", 29), ("Owner", 22), ("Evidence asked for", 30)),
        tuple(
            row(
                number(str(item.day)),
                _planned_on(item),
                item.title,
                owner(item),
                item.evidence_asked or "none",
            )
            for item in items
        ),
    )


def three_dates(items: Sequence[PlanItem], caption: str = "") -> Table:
    """Plan items with all that was agreed on each: owner, evidence, and its contracted, forecast and actual date.

    Before both sides have locked the timeline there is one date to tell.
    """
    if not any(item.contracted or item.actual for item in items):
        return Table(
            caption,
            columns(
                ("Day", 6),
                ("What", 26),
                ("Owner", 21),
                ("Evidence asked for", 25),
                ("Date", 12),
                ("State", 10),
            ),
            tuple(
                row(
                    number(str(item.day)),
                    item.title,
                    owner(item),
                    item.evidence_asked or "none",
                    say.short_day(item.forecast),
                    item_cell(item),
                )
                for item in items
            ),
        )
    return Table(
        caption,
        columns(
            ("Day", 6), ("What", 22), ("Owner", 17), ("Evidence asked for", 19), ("Contracted", 12), ("Forecast", 12),
            ("Actual", 12),
        ),
        tuple(
            row(
                number(str(item.day)),
                item.title,
                owner(item),
                item.evidence_asked or "none",
                say.short_day(item.contracted, missing="not locked"),
                say.short_day(item.forecast),
                Cell(say.short_day(item.actual), "passed") if item.actual else item_cell(item),
            )
            for item in items
        ),
    )  # fmt: skip


ANSWERS = {
    "accepted": "Accepted by", "agreed": "Moved at once; agreed to by", "contested": "Moved at once; contested by",
}  # fmt: skip


def moved_table(moved: Sequence[MovedDate]) -> Table:
    """What slipped: the item with its dates, by how many days, why, on whose side, and what the other side said."""
    return Table(
        "",
        columns(("What", 25), ("Days", 10), ("Reason", 27), ("Whose side", 13), ("The other side", 25)),
        tuple(
            row(
                f"{each.title}\n{say.short_day(each.from_on)} to {say.short_day(each.to_on)}{_along(each)}",
                shift_text(each.days),
                each.reason,
                "shared" if each.side == "shared" else f"the {each.side}",
                _answered(each),
            )
            for each in moved
        ),
        "No locked date has moved.",
    )


def _along(each: MovedDate) -> str:
    return f"; {plural(each.along, 'date')} with it" if each.along else ""


def _answered(each: MovedDate) -> str:
    if each.answer not in ANSWERS:
        return "Moved at once; not answered yet" if each.answer == "open" else "Moved on one side’s word"
    on, side = say.short_day(each.answered_on), f" ({each.answered_side})" if each.answered_side else ""
    said = f"{ANSWERS[each.answer]} {each.answered_by}{side}, {on}"
    return f"{said}: {each.answer_reason}" if each.answer_reason else f"{said}\nProposed by {each.by}"


def _planned_on(item: PlanItem) -> str:
    """The contracted date, with the forecast below where it has moved; before the lock the forecast alone."""
    if item.contracted is None or item.contracted == item.forecast:
        return say.short_day(item.forecast)
    return f"{say.short_day(item.contracted)}\nnow {say.short_day(item.forecast)}"


def owner(item: PlanItem) -> str:
    """ "Dana Ortiz, campaign manager (operator)"; an unnamed owner is said."""
    who = item.owner or "no named owner"
    return (
        f"{who}, {say.lower_first(item.owner_role)} ({item.side})"
        if item.owner_role
        else f"{who} ({item.side})"
    )


def people_table(snapshot: Snapshot) -> Table:
    """Who takes part, on which side, in which role."""
    return Table(
        "",
        columns(("Name", 35), ("Role", 35), ("Side", 30)),
        tuple(
            row(
                person.name,
                person.role,
                f"{person.side}, {snapshot.client if person.side == 'client' else snapshot.operator}",
            )
            for person in snapshot.people
        ),
        "Nobody is named yet.",
    )


def due_asks(items: Sequence[PlanItem], limit: int = 4) -> tuple[Ask, ...]:
    """The next open items as asks, soonest first."""
    still = sorted(
        (item for item in items if item.actual is None),
        key=lambda item: (item.forecast is None, item.forecast, item.day),
    )
    return tuple(Ask(item.title, owner(item), say.day_text(item.forecast)) for item in still[:limit])


def signing_asks(snapshot: Snapshot) -> tuple[Ask, ...]:
    """What the two signers of the gate are asked to do with this version."""
    if snapshot.gate is None or snapshot.gate.passed_on:
        return ()
    signed = {signature.side for signature in snapshot.gate.signatures}
    who = {"client": ("client lead", snapshot.client), "operator": ("campaign manager", snapshot.operator)}
    due = next(
        (item.forecast for item in snapshot.plan if item.kind == "gate" and item.day == snapshot.gate.day),
        None,
    )
    return tuple(
        Ask(
            f"Sign the day-{snapshot.gate.day} gate on this version, or say what is missing",
            f"{_person(snapshot, side, role)} ({organisation})",
            say.day_text(due),
        )
        for side, (role, organisation) in who.items()
        if side not in signed
    )


def _person(snapshot: Snapshot, side: str, role: str) -> str:
    name = next((p.name for p in snapshot.people if p.side == side and p.role.lower() == role), "")
    return f"{name}, {role}" if name else f"the {role}"


def fix_asks(findings: Sequence[Finding], limit: int = 4) -> tuple[Ask, ...]:
    """Open fixes as asks; a finding without one asks for it."""
    asks = [
        Ask(f"{finding.metric}: {finding.fix}", _with_side(finding), say.day_text(finding.due))
        if say.answered(finding)
        else Ask(
            f"{finding.metric}: name a root cause and a dated fix", _with_side(finding), "before the gate"
        )
        for finding in findings
        if finding.done is None
    ]
    return tuple(asks[:limit])


def _with_side(finding: Finding) -> str:
    who = finding.owner or "no owner"
    return f"{who} ({finding.side})" if finding.side else who


def grouped(items: Sequence[PlanItem], key: Callable[[PlanItem], str]) -> dict[str, list[PlanItem]]:
    """Items by a key, in the order in which the keys first appear."""
    groups: dict[str, list[PlanItem]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def metrics_table(brief: Brief, *, full: bool = False) -> Table:
    """The metric contracts of a brief; with `full` also source system and dispute rule."""
    if not full:
        return Table(
            "Metrics and targets",
            columns(("Metric", 28), ("Counted as", 50), ("Target", 22)),
            tuple(
                row(
                    metric.label,
                    f"{metric.numerator} of {metric.denominator.lower()}"
                    if metric.denominator
                    else metric.numerator,
                    target_text(metric.target, metric.direction, unit=metric.unit),
                )
                for metric in brief.metrics
            ),
        )
    return Table(
        "",
        columns(
            ("Metric", 17),
            ("Numerator", 17),
            ("Denominator", 17),
            ("Target", 13),
            ("Source", 14),
            ("In dispute", 22),
        ),
        tuple(
            row(
                metric.label,
                metric.numerator,
                metric.denominator or "none: a figure, no rate",
                target_text(metric.target, metric.direction, unit=metric.unit),
                metric.source_system or "not named",
                metric.dispute_rule or "not agreed",
            )
            for metric in brief.metrics
        ),
    )
