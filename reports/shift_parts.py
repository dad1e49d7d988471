"""What shifted and what did not, what changed since it was told, and what a day held: sentences and tables."""

from collections.abc import Sequence

from common import wording
from common.wording import (
    NO_DATA,
    count_text,
    interval_text,
    joined,
    percent_text,
    plural,
    points_text,
    rate_text,
)
from engagements.stages import Stage as FunnelStage
from kpis.signals.drift import LEAST_WEEKS, Way
from kpis.signals.limits import FLAGGED, RUN, Signal
from kpis.signals_page import SIGNAL_WORDS
from reports import sentences as say
from reports.changes import change
from reports.evenings import News
from reports.paper import Block, Cell, Column, Figure, Table, columns, number, row, texts
from reports.snapshots import DayRate, DaySignal, Evening, Kind, RateSignal, Snapshot, Stage

CALIBRATION = "Days 11 to 30 are calibration: no day of them is judged, and their figures are not final."
LIMITS_NOTE = (
    "A day is judged by the days before it alone: Laney p′ control limits, three sigmas wide, widened by what the "
    f"days differ beyond chance. A signal is a day outside of them, or {RUN} days in a row on one side of the level."
)
DRIFT_NOTE = (
    f"Drift is a straight line through {LEAST_WEEKS} to 6 whole weeks, with its 95% interval; the week under way and "
    "calibration weeks are left out."
)
NEWS_WORDS = {News.MISSING: "no calls imported", News.LATE: "late", News.RESTATED: "restated"}


def evening_of(snapshot: Snapshot) -> Evening:
    """What a daily or weekly report holds."""
    if snapshot.evening is None:
        raise TypeError("not a report of an evening")
    return snapshot.evening


def about(snapshot: Snapshot) -> str:
    """ "Thu 12 Mar · day 33", or "Mon 9 Mar to Sun 15 Mar · days 30 to 36"."""
    if snapshot.kind is Kind.DAILY:
        return wording.day_text(snapshot.last, number=snapshot.last_day)
    days = f"{wording.day_text(snapshot.first)} to {wording.day_text(snapshot.last)}"
    return f"{days} · days {snapshot.first_day} to {snapshot.last_day}"


def has_calls(evening: Evening) -> bool:
    """Whether anything is known of these days."""
    return any(count is not None for count in evening.counts) or bool(evening.rates)


def headline(snapshot: Snapshot) -> tuple[str, str]:
    """The first sentence and its state: what is missing before what shifted, what shifted before what did not."""
    evening = evening_of(snapshot)
    if not has_calls(evening):
        when = about(snapshot) if snapshot.kind is Kind.DAILY else f"the week of {about(snapshot)}"
        gone = evening.news == News.RESTATED
        return (
            f"The calls of {when} have been taken back: there is no data now."
            if gone
            else f"No calls have been imported for {when}.",
            "late",
        )
    flagged = [one for one in evening.signals if shifted(one)]
    judged = [one for one in evening.signals if is_judged(one)]
    if flagged:
        names = joined([_name(one, place) for place, one in enumerate(flagged)])
        return f"{names} shifted: {len(flagged)} of {plural(len(judged), 'judged rate')}.", "late"
    if judged:
        names = joined([_name(one, place) for place, one in enumerate(judged)])
        return f"Nothing shifted: {names} stayed within what is usual.", "passed"
    if evening.calibration:
        return f"{say.capital(dials_text(evening))}. Calibration: no day is judged before day 31.", "open"
    return f"{say.capital(dials_text(evening))}. No rate can be judged yet.", "open"


def dials_text(evening: Evening) -> str:
    """ "310 dials"; unknown is said."""
    dials = evening.counts[0] if evening.counts else None
    return "dials unknown" if dials is None else plural(dials, "dial")


def is_judged(one: RateSignal) -> bool:
    """Whether a day of it had limits to be judged by."""
    return any(day.low is not None for day in one.days)


def shifted(one: RateSignal) -> bool:
    """Whether its level moved, or a day of it gave a signal."""
    return bool(one.levels) or any(day.says in FLAGGED for day in one.days)


def _name(one: RateSignal, place: int) -> str:
    return one.label if place == 0 else say.lower_first(one.label)


def shift_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """What shifted, rate by rate; then what did not; then what could not be judged, and why."""
    evening = evening_of(snapshot)
    if not has_calls(evening):
        return ()
    said = [sentence for one in evening.signals for sentence in _shifts(one)]
    still = [one for one in evening.signals if is_judged(one) and not shifted(one)]
    if still:
        named = joined([_still(one, place, snapshot) for place, one in enumerate(still)])
        said.append(f"{named} did not shift.")
    unjudged = [one for one in evening.signals if not is_judged(one)]
    if evening.calibration and not said:
        return (CALIBRATION,)
    return (*said, *(one.why for one in unjudged if one.why))


def _still(one: RateSignal, place: int, snapshot: Snapshot) -> str:
    name = _name(one, place)
    if snapshot.kind is not Kind.DAILY:
        return name
    day = one.days[-1]
    return f"{name} ({percent_text(_value(day))}, usual {interval_text(day.low, day.high)})"


def _value(day: DaySignal) -> float | None:
    return day.numerator / day.denominator if day.numerator is not None and day.denominator else None


def _shifts(one: RateSignal) -> list[str]:
    said = []
    for level in one.levels:
        way = "up" if level.up else "down"
        said.append(
            f"{one.label} shifted {way} on {wording.day_text(level.first, number=level.day)}: "
            f"{rate_text(level.after.numerator, level.after.denominator)} over the {RUN} days with calls from then on, "
            f"{rate_text(level.before.numerator, level.before.denominator)} before."
        )
    for day in one.days:
        if day.says in (Signal.ABOVE, Signal.BELOW):
            side = "above" if day.says == Signal.ABOVE else "below"
            said.append(
                f"{one.label} on {wording.day_text(day.on, number=day.day)} was {side} its limits of "
                f"{interval_text(day.low, day.high)}: {rate_text(day.numerator, day.denominator)}."
            )
    return said


def drift_sentences(evening: Evening) -> tuple[str, ...]:
    """What creeps over four to six weeks, what does not, and what cannot be told."""
    said = [
        f"{one.label} drifts {'up' if one.drift == Way.UP else 'down'}: {points_text(one.slope)} a week "
        f"({points_text(one.low)} to {points_text(one.high)}) over {one.weeks} weeks."
        for one in evening.signals
        if one.drift in (Way.UP, Way.DOWN)
    ]
    level = [one for one in evening.signals if one.drift == Way.LEVEL]
    if level:
        names = joined([_name(one, place) for place, one in enumerate(level)])
        said.append(f"{names} {'shows' if len(level) == 1 else 'show'} no drift.")
    little = [one for one in evening.signals if one.drift == Way.TOO_LITTLE]
    if little:
        names = joined([_name(one, place) for place, one in enumerate(little)])
        said.append(
            f"{names} {'has' if len(little) == 1 else 'have'} too little data for a drift: it takes {LEAST_WEEKS} "
            "whole weeks after the calibration."
        )
    return tuple(said)


def week_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """Week against week: what moved by more than chance, and what did not."""
    evening = evening_of(snapshot)
    if not evening.before or not has_calls(evening):
        return ("There is no week before it with calls to compare with.",) if has_calls(evening) else ()
    before = {stage.code: stage for stage in evening.before}
    pairs = [(before[stage.code], stage) for stage in snapshot.funnel if stage.code in before]
    found = [(old, new, change(old, new)) for old, new in pairs if new.unit == "percent"]
    said = [
        f"{new.label} {each.verdict} against the week before: from {say.rate(old)} to {say.rate(new)}."
        for old, new, each in found
        if each.verdict.startswith("moved")
    ]
    for verdict, one, many in (
        ("not moved", "has not moved against the week before", "have not moved against the week before"),
        (
            "too little data",
            "has too little data to compare the weeks",
            "have too little data to compare the weeks",
        ),
    ):
        names = [new.label for _, new, each in found if each.verdict == verdict]
        if names:
            listed = joined([names[0], *(say.lower_first(name) for name in names[1:])])
            said.append(f"{listed} {one if len(names) == 1 else many}.")
    return tuple(said)


def changed_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """What an earlier version said otherwise, and why; empty for a first one."""
    evening = evening_of(snapshot)
    if evening.earlier is None:
        return ()
    earlier = evening.earlier
    at = say.moment(earlier.at, snapshot.zone)
    if evening.news == News.LATE:
        said = [f"Its calls came after the report of {at}, which had none."]
    else:
        said = [
            f"Version {earlier.version} of {at} said otherwise: {_differences(earlier.counts, evening.counts)}."
        ]
    said += [
        f"{cause.what}: {cause.subject}, by {cause.by}, {say.moment(cause.at, snapshot.zone)}."
        for cause in evening.causes
    ]
    return tuple(said)


def _differences(told: Sequence[int | None], now: Sequence[int | None]) -> str:
    parts = [
        f"{stage.plural.lower()} {count_text(old)}, now {count_text(new)}"
        for stage, old, new in zip(FunnelStage, told, now, strict=False)
        if old != new
    ]
    return "; ".join(parts) or "its metrics from totals changed"


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
    head = "As told before" if evening.earlier else "The week before"
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


def heard_line(evening: Evening) -> str:
    """What QA heard of these calls."""
    if evening.heard is None:
        return "QA has heard no call of it yet."
    heard = evening.heard
    score = "" if heard.mean is None else f", mean score {heard.mean:.0f}% of the points"
    passed = (
        f", {heard.passed.numerator:,} of {heard.passed.denominator:,} passed"
        if heard.passed.denominator
        else ""
    )
    return f"QA has heard {plural(heard.calls, 'call')} of it{passed}{score}."


def figures(snapshot: Snapshot, standard: Sequence[Figure]) -> tuple[Figure, ...]:
    """Dials first, then the rates."""
    counts = evening_of(snapshot).counts
    return (Figure("Dials", count_text(counts[0] if counts else None)), *standard)[:5]


def missing_line(evening: Evening) -> str:
    """Which working days of a week have no calls."""
    if not evening.without_calls:
        return ""
    days = joined([wording.day_text(on) for on in evening.without_calls])
    return f"No calls have been imported for {days}."


def said_blocks(*sentences: str) -> tuple[Block, ...]:
    """Sentences as paragraphs; nothing where there are none."""
    return (texts(*sentences),) if any(sentences) else ()
