"""Day 10, launch clearance: proof that all is tested, every agent has passed, and the campaign may go live."""

from zoneinfo import ZoneInfo

from common.wording import joined, plural
from kpis.charts.bars import counts_by_group
from reports import plan_parts, source_parts
from reports import sentences as say
from reports.paper import (
    Ask,
    Block,
    Bullets,
    Cell,
    Chart,
    Figure,
    Paper,
    Section,
    Table,
    Track,
    columns,
    row,
    texts,
)
from reports.roster import roster_table
from reports.snapshots import Check, Snapshot


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The clearance, or what still stands against it. There is no third answer."""
    del track  # the proof by area says more here
    current = [check for check in snapshot.checks if not check.superseded]
    blockers = blockers_of(snapshot)
    return Paper(
        title="Day-10 launch clearance",
        verdict=_verdict(snapshot, blockers),
        verdict_state="blocked" if blockers and not _passed(snapshot) else "passed",
        second_sentence=_agents_line(snapshot),
        figures=_figures(snapshot, current, blockers),
        picture=_chart(current),
        decided=_decided(snapshot, blockers),
        asks=_open_asks(snapshot)
        if blockers and not _passed(snapshot)
        else plan_parts.signing_asks(snapshot),
        sections=(
            Section("Result: the conditions of the gate", (*_conditions(snapshot, blockers),)),
            Section(
                "Proof of setup, by area",
                tuple(_area(snapshot, area, checks) for area, checks in _areas(snapshot.checks).items())
                or (texts("No readiness check is recorded."),),
            ),
            *(
                (Section("Transfer lines and real leads", (_lines(snapshot), _leads(snapshot))),)
                if snapshot.lines or snapshot.leads
                else ()
            ),
            Section("Agents", _agents(snapshot)),
            Section(
                "Milestones of days 1 to 10",
                (
                    plan_parts.plan_table(
                        [item for item in snapshot.plan if item.day <= 10],
                        "",
                        dates=True,
                    ),
                ),
            ),
            source_parts.sources_section(
                snapshot,
                (
                    "The open items are computed from the record; nobody can waive one.",
                    "A failed test stays in the table beside its re-test.",
                ),
                numbers=False,
            ),
        ),
    )


def _passed(snapshot: Snapshot) -> bool:
    return snapshot.gate is not None and snapshot.gate.passed_on is not None


def blockers_of(snapshot: Snapshot) -> tuple[str, ...]:
    """What stands against the launch, as the gate computed it; the signatures on this paper are not yet due."""
    return snapshot.gate.blockers if snapshot.gate else ("The day-10 gate is not set up.",)


def _verdict(snapshot: Snapshot, blockers: tuple[str, ...]) -> str:
    launch = say.day_text(snapshot.launch_forecast or snapshot.launch_contracted)
    if snapshot.gate and snapshot.gate.passed_on:
        signed = say.moment(snapshot.gate.passed_on, snapshot.zone)
        return f"The campaign was cleared for launch on {launch}: both sides signed on {signed}."
    if blockers:
        verb = "stands" if len(blockers) == 1 else "stand"
        return f"The campaign is not cleared for launch: {plural(len(blockers), 'item')} {verb} open."
    return f"Nothing is open: the campaign is clear to launch on {launch} once both sides have signed."


def _agents_line(snapshot: Snapshot) -> str:
    """How many agents may dial; where none is listed by name, what the checks on agents say."""
    agents = snapshot.agents
    if not agents:
        checks = [c for c in snapshot.checks if "agent" in c.area.lower() and not c.superseded]
        passed = sum(check.result == "passed" for check in checks)
        if not checks:
            return "Nothing is recorded about the certification of agents."
        return f"Agents are certified by readiness checks, of which {passed} of {len(checks)} are passed."
    cleared = sum(agent.cleared for agent in agents)
    if cleared == len(agents):
        return (
            "The one agent has passed all three certifications."
            if cleared == 1
            else f"All {len(agents)} agents have passed all three certifications."
        )
    verb = "has" if cleared == 1 else "have"
    listed = f"{say.out_of(cleared, len(agents))} agents {verb} passed all three certifications"
    return f"{listed}; the others may not dial."


def _figures(snapshot: Snapshot, current: list[Check], blockers: tuple[str, ...]) -> tuple[Figure, ...]:
    passed = sum(check.result == "passed" for check in current)
    failed = sum(check.result == "failed" for check in current)
    setup = [item for item in snapshot.plan if item.day <= 10 and item.kind == "milestone"]
    done = sum(item.actual is not None for item in setup)
    figures = [
        _of("Checks passed", passed, len(current), f"{failed} failed, {len(current) - passed - failed} open"),
        _of("Milestones done", done, len(setup), "of days 1 to 10"),
        Figure(
            "Open items",
            str(len(blockers)),
            "computed",
            "target 0",
            "blocked" if blockers else "passed",
            "blocked" if blockers else "clear",
        ),
        Figure(
            "Launch",
            say.short_day(snapshot.launch_forecast or snapshot.launch_contracted),
            f"contracted {say.short_day(snapshot.launch_contracted, missing='not locked')}",
        ),
    ]
    if snapshot.agents:
        cleared = sum(agent.cleared for agent in snapshot.agents)
        figures.insert(1, _of("Agents cleared", cleared, len(snapshot.agents), "product, script and system"))
    return tuple(figures)


def _of(label: str, done: int, total: int, detail: str) -> Figure:
    whole = total > 0 and done == total
    return Figure(
        label,
        f"{done} of {total}",
        detail,
        f"target {total} of {total}" if total else "none recorded",
        "passed" if whole else "open",
        "complete" if whole else "incomplete",
    )


def _chart(current: list[Check]) -> Chart | None:
    if not current:
        return None
    rows = [
        (
            area,
            sum(check.result == "passed" for check in checks),
            sum(check.result == "failed" for check in checks),
            sum(check.result not in ("passed", "failed") for check in checks),
        )
        for area, checks in _areas(tuple(current)).items()
    ]
    unfinished = [area for area, _, failed, still in rows if failed or still]
    tail = f"Not complete: {joined(unfinished)}." if unfinished else "Every area is complete."
    sentence = f"Readiness checks by area: passed filled, failed dark, open outlined. {tail}"
    return Chart(counts_by_group(rows, title=sentence), sentence, sentence)


def _decided(snapshot: Snapshot, blockers: tuple[str, ...]) -> tuple[str, ...]:
    gate = snapshot.gate
    if gate and gate.passed_on:
        return (
            f"Both sides signed the gate on {say.moment(gate.passed_on, snapshot.zone)}.",
            say.slips_line(snapshot.slips),
        )
    rule = (
        "While anything is open the launch date moves; nothing open goes live."
        if blockers
        else "Nothing dials before both sides have signed."
    )
    return (rule, say.slips_line(snapshot.slips))


def _open_asks(snapshot: Snapshot) -> tuple[Ask, ...]:
    """Each condition that is not met, asked of its owner."""
    launch = snapshot.launch_forecast or snapshot.launch_contracted
    passed = launch is not None and launch <= snapshot.generated_at.astimezone(ZoneInfo(snapshot.zone)).date()
    due = "before a new launch date" if passed else f"before {say.day_text(launch)}"
    unmet = (
        [condition for condition in snapshot.gate.conditions if not condition.met] if snapshot.gate else []
    )
    return tuple(
        Ask(f"Meet the condition: {say.lower_first(c.text)}", c.owner or "both sides", due) for c in unmet[:5]
    )


def _conditions(snapshot: Snapshot, blockers: tuple[str, ...]) -> tuple[Block, ...]:
    parts_: list[Block] = []
    if blockers:
        parts_ += [texts("These items stand against the launch:"), Bullets(blockers)]
    conditions = snapshot.gate.conditions if snapshot.gate else ()
    if conditions:
        parts_.append(
            Table(
                "Conditions of the day-10 gate",
                columns(("Condition", 46), ("State", 12), ("Proof", 24), ("Owner", 18)),
                tuple(
                    row(
                        c.text,
                        Cell("met", "passed") if c.met else Cell("not met", "blocked"),
                        c.proof or "none",
                        c.owner or "both sides",
                    )
                    for c in conditions
                ),
            )
        )
    return tuple(parts_) or (texts("No condition stands against the launch."),)


def _areas(checks: tuple[Check, ...]) -> dict[str, list[Check]]:
    groups: dict[str, list[Check]] = {}
    for check in checks:
        groups.setdefault(check.area, []).append(check)
    return groups


def _area(snapshot: Snapshot, area: str, checks: list[Check]) -> Table:
    states = {
        "passed": Cell("passed", "passed"),
        "failed": Cell("failed", "late"),
        "expired": Cell("expired", "late"),
    }
    return Table(
        area,
        columns(("Check", 27), ("Result", 13), ("Tester", 13), ("When", 18), ("Evidence", 29)),
        tuple(
            row(
                check.title,
                Cell("failed, tested again", "late")
                if check.superseded
                else states.get(check.result, Cell("open", "open")),
                check.tester or "nobody yet",
                say.moment(check.at, snapshot.zone),
                "; ".join((*check.evidence, *_validity(check))) or "none",
            )
            for check in checks
        ),
    )


def _validity(check: Check) -> tuple[str, ...]:
    return (f"expires {say.short_day(check.expires)}",) if check.expires else ()


def _tested(result: str, *, superseded: bool) -> Cell:
    """The result of one test beside its re-test."""
    if superseded and result == "failed":
        return Cell("failed, tested again", "late")
    return {"passed": Cell("passed", "passed"), "failed": Cell("failed", "late")}.get(
        result, Cell("open", "open")
    )


def _lines(snapshot: Snapshot) -> Table:
    return Table(
        "Transfer lines",
        columns(
            ("Line", 22),
            ("Number or queue", 18),
            ("Result", 14),
            ("Answered by", 20),
            ("Tester and time", 26),
        ),
        tuple(
            row(
                f"{test.line} ({test.team})",
                test.number,
                _tested(test.result, superseded=test.superseded),
                test.answered_by or test.note or "nobody yet",
                f"{test.tester}, {say.moment(test.at, snapshot.zone)}" if test.at else "not tested",
            )
            for test in snapshot.lines
        ),
        "No transfer line is set up.",
    )


def _leads(snapshot: Snapshot) -> Table:
    return Table(
        "Real leads of days 8 and 9",
        columns(
            ("Lead and source", 20),
            ("Day", 7),
            ("Result", 14),
            ("Path and outcome", 37),
            ("Tester and time", 22),
        ),
        tuple(
            row(
                f"{test.lead}, {test.source}",
                str(test.day),
                _tested(test.result, superseded=test.superseded),
                f"{', then '.join(test.path)}: {test.outcome}" + (f" ({test.note})" if test.note else ""),
                f"{test.tester}, {'logged later, ' if test.later else ''}{say.moment(test.at, snapshot.zone)}",
            )
            for test in snapshot.leads
        ),
        "No real lead is on the log.",
    )


def _agents(snapshot: Snapshot) -> tuple[Block, ...]:
    line = texts(_agents_line(snapshot), "An agent without all three certifications may not dial.")
    return (line, roster_table(snapshot.agents, "")) if snapshot.agents else (line,)
