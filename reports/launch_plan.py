"""The launch plan: who does what by when, before anything is signed."""

from common.wording import joined, plural, work_text
from reports import plan_parts, source_parts
from reports import sentences as say
from reports.paper import Ask, Block, Figure, Paper, Section, Track, texts
from reports.snapshots import PlanItem, Snapshot, work_days

LOCK = "timeline-locked"  # the milestone that the locks complete, as the playbooks call it


def paper(snapshot: Snapshot, track: Track | None = None) -> Paper:
    """The complete dated plan with named owners, as far as they are named."""
    plan = snapshot.plan
    unowned = [item for item in plan if not item.owner]
    return Paper(
        title="Launch plan",
        verdict=_verdict(snapshot, unowned),
        verdict_state="passed" if not unowned and snapshot.locked_on else "open",
        second_sentence=_lock_line(snapshot),
        figures=_figures(snapshot, unowned),
        picture=track,
        decided=(_dates_line(snapshot), say.slips_line(snapshot.slips)),
        asks=_asks(snapshot, unowned),
        sections=(
            Section("Gates and reviews", (_gates(snapshot), texts(GATE_RULE))),
            *(
                Section(f"Phase: {phase}", (plan_parts.three_dates(items),))
                for phase, items in plan_parts.grouped(
                    [item for item in plan if item.kind == "milestone"], lambda item: item.phase
                ).items()
            ),
            *((Section("What slipped", _moved(snapshot)),) if snapshot.locked_on else ()),
            Section("People", (plan_parts.people_table(snapshot),)),
            *((Section("What the campaign is held to", _targets(snapshot)),) if snapshot.brief else ()),
            source_parts.sources_section(snapshot, (DATE_RULE, *work_lines(snapshot)), numbers=False),
        ),
    )


GATE_RULE = (
    "A gate is passed when every milestone, review and check before it is done with its evidence, and when both sides "
    "have signed. Nothing passes while an item is open: at day 10 it moves the launch date and every date after it."
)
MOVE_RULE = (
    "Contracted is the date that both sides have locked; it never changes. Forecast is the date that holds now: it "
    "moves by a proposal of one side that the other accepts. Actual is the date on which it was done or passed."
)
DATE_RULE = "Day 1 is the kickoff date. Days 1 to 10 count from it, day 11 and later from the launch date."


def work_lines(snapshot: Snapshot) -> tuple[str, ...]:
    """Which days are worked, and the public holidays that fall into the plan."""
    if snapshot.work is None:
        return ()
    lines = [work_text(work_days(snapshot), snapshot.work.place)]
    inside = [day for day in snapshot.work.holidays if snapshot.first <= day.on <= snapshot.last]
    if inside:
        named = joined([f"{say.short_day(day.on)} ({day.name})" for day in inside])
        lines.append(f"Public holidays in these days: {named}.")
    return tuple(lines)


def _verdict(snapshot: Snapshot, unowned: list[PlanItem]) -> str:
    total = plural(len(snapshot.plan), "dated item")
    span = f"from {say.day_text(snapshot.first)} to {say.day_text(snapshot.last)}"
    if not unowned:
        return f"The plan holds {total} {span}, each with a named owner."
    verb = "has" if len(unowned) == 1 else "have"
    return f"The plan holds {total} {span}; {say.spelled(len(unowned))} of them {verb} no named owner yet."


def _lock_line(snapshot: Snapshot) -> str:
    if snapshot.locked_on is None:
        return "The timeline is not locked: the dates are a proposal until both sides lock it."
    return f"Both sides locked the timeline on {say.moment(snapshot.locked_on, snapshot.zone)}."


def _dates_line(snapshot: Snapshot) -> str:
    launch = snapshot.launch_forecast or snapshot.launch_contracted
    return f"Kickoff on {say.day_text(snapshot.kickoff)}, launch on {say.day_text(launch)}."


def _figures(snapshot: Snapshot, unowned: list[PlanItem]) -> tuple[Figure, ...]:
    plan = snapshot.plan
    owned = len(plan) - len(unowned)
    milestones = [item for item in plan if item.kind == "milestone"]
    by_side = {side: sum(item.side == side for item in milestones) for side in ("client", "operator")}
    launch = snapshot.launch_forecast or snapshot.launch_contracted
    return (
        Figure("Kickoff", say.short_day(snapshot.kickoff), "day 1"),
        Figure("Launch", say.short_day(launch), "day 11"),
        Figure(
            "Milestones",
            str(len(milestones)),
            f"{by_side['client']} of them the client’s, {by_side['operator']} the operator’s",
        ),
        Figure(
            "Named owners",
            f"{owned} of {len(plan)}",
            "items with an owner",
            f"target {len(plan)} of {len(plan)}",
            "passed" if not unowned else "open",
            "complete" if not unowned else "incomplete",
        ),
    )


def _asks(snapshot: Snapshot, unowned: list[PlanItem]) -> tuple[Ask, ...]:
    asks: list[Ask] = []
    if unowned:
        names = joined([item.title for item in unowned[:3]])
        more = f" and {plural(len(unowned) - 3, 'more item')}" if len(unowned) > 3 else ""
        asks.append(Ask(f"Name an owner for {names}{more}", "client and operator", "before the lock"))
    if snapshot.locked_on is None:
        due = next((item.forecast for item in snapshot.plan if item.code == LOCK), None) or snapshot.kickoff
        asks.append(Ask("Lock the timeline", "client and operator", say.day_text(due)))
    return (*asks, *plan_parts.due_asks(snapshot.plan, 4 - len(asks)))


def _gates(snapshot: Snapshot) -> Block:
    return plan_parts.three_dates([item for item in snapshot.plan if item.kind != "milestone"])


def _moved(snapshot: Snapshot) -> tuple[Block, ...]:
    return texts(MOVE_RULE), plan_parts.moved_table(snapshot.moved)


def _targets(snapshot: Snapshot) -> tuple[Block, ...]:
    if not snapshot.brief or not snapshot.brief.metrics:
        return (
            texts("No targets are set yet: they are agreed in the campaign brief, which both sides sign."),
        )
    return (texts(source_parts.brief_line(snapshot)), plan_parts.metrics_table(snapshot.brief))
