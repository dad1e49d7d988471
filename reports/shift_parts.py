"""The tables and figures of a day's or a week's report."""

from collections.abc import Iterable, Sequence

from common.wording import NO_DATA, count_text, interval_text, rate_text
from engagements.stages import Stage as FunnelStage
from kpis.signals.drift import LEAST_WEEKS
from kpis.signals.limits import FLAGGED, RUN, Signal
from kpis.telling.shifts import SIGNAL_WORDS
from reports.paper import Block, Bullets, Cell, Column, Figure, Heading, Table, columns, number, row, texts
from reports.shift_lines import HEADS, Line, changes, days_before, evening_of, grouped
from reports.snapshots import DayRate, DaySignal, Evening, Snapshot, Stage

LIMITS_NOTE = (
    "A day is judged by the days before it alone: Laney p′ control limits, three sigmas wide, widened by what the "
    f"days differ beyond chance. A signal is a day outside of them, or {RUN} days in a row on one side of the level."
)
DRIFT_NOTE = (
    f"Drift is a straight line through {LEAST_WEEKS} to 6 whole weeks from Monday to Sunday, with its 95% interval; "
    "the week under way and calibration weeks are left out."
)


def changes_table(snapshot: Snapshot) -> Table | None:
    """The counts that an earlier version told otherwise, before and after; None where none changed."""
    evening = evening_of(snapshot)
    found = changes(evening.earlier.counts, evening.counts) if evening.earlier else []
    if not found:
        return None
    return Table(
        "What changed since it was told",
        columns(
            ("Stage", 40),
            Column("As told", 20, number=True),
            Column("Now", 20, number=True),
            Column("Change", 20, number=True),
        ),
        tuple(
            row(label, number(count_text(old)), number(count_text(new)), number(_by_how_much(old, new)))
            for label, old, new in found
        ),
    )


def _by_how_much(old: int | None, new: int | None) -> str:
    return "" if old is None or new is None else f"{new - old:+,}".replace("-", "−")


def counts_table(snapshot: Snapshot) -> Table:
    """Dials to closes, beside what an earlier version told or the week before."""
    evening = evening_of(snapshot)
    labels = [stage.plural for stage in FunnelStage]
    beside = evening.earlier.counts if evening.earlier else evening.before_counts
    if not beside:
        return Table(
            "What was counted",
            columns(("Stage", 70), Column("Count", 30, number=True)),
            tuple(
                row(label, number(count_text(n))) for label, n in zip(labels, evening.counts, strict=False)
            ),
        )
    head = "As told before" if evening.earlier else f"The {days_before(snapshot)}"
    return Table(
        "What was counted",
        columns(("Stage", 50), Column("Count", 25, number=True), Column(head, 25, number=True)),
        tuple(
            row(label, number(count_text(n)), number(count_text(old)))
            for label, n, old in zip(labels, evening.counts, beside, strict=False)
        ),
    )


def signals_table(snapshot: Snapshot) -> Table:
    """Each rate of the day beside its limits."""
    return Table(
        "Each rate beside its limits",
        columns(
            ("Rate", 24), Column("This day", 26, number=True), Column("Limits", 18, number=True), ("Says", 32)
        ),
        tuple(
            row(
                one.label,
                number(rate_text(day.numerator, day.denominator)),
                number(interval_text(day.low, day.high) or NO_DATA),
                Cell(SIGNAL_WORDS[Signal(day.says)], _state(day)),
            )
            for one in evening_of(snapshot).signals
            for day in one.days
        ),
        "No rate has data.",
    )


def _state(day: DaySignal) -> str:
    if day.says in FLAGGED:
        return "late"
    return "passed" if day.says == Signal.WITHIN else "open"


def codes_table(evening: Evening) -> Table:
    """How often each code was given."""
    return Table(
        "Dispositions",
        columns(("Code", 30), ("Means", 45), Column("Calls", 25, number=True)),
        tuple(row(one.code, one.meaning, number(count_text(one.calls))) for one in evening.codes),
        "No dispositions.",
    )


def agents_table(evening: Evening, shown: Sequence[Stage]) -> Table:
    """Each agent's day; nobody is judged by one day."""
    heads = [
        stage for stage in shown if any(stage.code == r.code for one in evening.agents for r in one.rates)
    ][:3]
    width = 54 // len(heads) if heads else 0
    return Table(
        "Agents: one day blames nobody",
        columns(
            ("Agent", 100 - 20 - width * len(heads)),
            Column("Dials", 20, number=True),
            *(Column(stage.label, width, number=True) for stage in heads),
        ),
        tuple(
            row(one.name, number(count_text(one.dials)), *(number(_rate(one.rates, s.code)) for s in heads))
            for one in evening.agents
        ),
        "No agents are named.",
    )


def _rate(rates: Sequence[DayRate], code: str) -> str:
    found = next((rate for rate in rates if rate.code == code), None)
    return rate_text(found.numerator, found.denominator) if found else NO_DATA


def figures(snapshot: Snapshot, standard: Sequence[Figure]) -> tuple[Figure, ...]:
    """Dials first, then the rates."""
    counts = evening_of(snapshot).counts
    return (Figure("Dials", count_text(counts[0] if counts else None)), *standard)[:5]


def said_blocks(*sentences: str) -> tuple[Block, ...]:
    """Sentences as paragraphs; nothing where there are none."""
    return (texts(*sentences),) if any(sentences) else ()


def said_groups(lines: Iterable[Line]) -> tuple[Block, ...]:
    """What shifted, what did not and what cannot be judged, each under its own heading."""
    return tuple(
        block for says, own in grouped(lines) for block in (Heading(HEADS[says]), Bullets(tuple(own)))
    )
