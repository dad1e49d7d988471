"""The numbers of a paper: figures of page 1, funnel, trend and lead sources as chart and table."""

from collections.abc import Sequence
from dataclasses import replace

from common.wording import NO_DATA, percent_text, plural
from kpis.charts.bars import RateBar, rate_bars
from kpis.charts.trend import DayPoint, daily_trend
from reports import sentences as say
from reports.paper import Cell, Chart, Column, Figure, Table, columns, number, row
from reports.snapshots import Snapshot, Stage, Verdict

VERDICT_WORDS = {
    Verdict.MET: ("on target", "passed"),
    Verdict.MISSED: ("below target", "late"),
    Verdict.TOO_FEW: ("too few to judge", "open"),
    Verdict.NO_DATA: ("no data", "open"),
    Verdict.NO_TARGET: ("no target", ""),
}


def verdict_cell(stage: Stage) -> Cell:
    """The verdict on a stage as a shape and a word."""
    return Cell(_noted(stage), _verdict(stage)[1])


def _noted(stage: Stage) -> str:
    """The verdict in words; a miss whose interval holds the target says that it may be chance, as the KPIs do."""
    words, low, high, target = _verdict(stage)[0], stage.low, stage.high, stage.target
    if stage.verdict is not Verdict.MISSED or low is None or high is None or target is None:
        return words
    return f"{words}, may be chance" if low <= target <= high else words


def _verdict(stage: Stage) -> tuple[str, str]:
    words, state = VERDICT_WORDS[stage.verdict]
    return ("above target" if stage.direction == "down" and stage.verdict is Verdict.MISSED else words), state


def stage_figures(stages: Sequence[Stage]) -> tuple[Figure, ...]:
    """The first five stages as figures for page 1, those that calls can tell before the others."""
    return tuple(
        Figure(
            label=stage.label,
            value=say.percent(stage),
            detail=_count(stage),
            target="no target" if stage.target is None else f"target {say.goal(stage)}",
            state=_verdict(stage)[1],
            state_text=_noted(stage),
        )
        for stage in sorted(stages, key=lambda stage: bool(stage.why))[:5]
    )


def _count(stage: Stage) -> str:
    if stage.numerator is None or not stage.denominator:
        return stage.why or f"no {stage.denominator_label.lower()}"
    return f"{say.fraction(stage)} {stage.denominator_label.lower() or 'days'}"


def funnel_chart(stages: Sequence[Stage], what: str) -> Chart | None:
    """The funnel against its targets; None where no stage has data."""
    stages = [stage for stage in stages if stage.unit == "percent"]  # one axis, one unit
    if not any(stage.value is not None for stage in stages):
        return None
    sentence = say.against_targets(stages)
    weakest = _weakest(stages)
    bars = [replace(rate_bar(stage.label, stage), weakest=stage is weakest) for stage in stages]
    spec = rate_bars(bars, title=f"{what}. {sentence}")
    key = "Bars: the rate. Thin line: 95% interval. Upright mark: target. Outlined bar: misses its target."
    told = "; ".join(f"{each.label} {say.rate(each)}, {_beside_target(each)}" for each in stages)
    return Chart(spec, f"{what}. {key}", f"{what}: {told}.")


def _beside_target(stage: Stage) -> str:
    """How a stage stands, in words: "below its target of at least 12%"."""
    words = _verdict(stage)[0]
    if stage.target is None or stage.verdict is Verdict.NO_TARGET:
        return words
    if stage.verdict in (Verdict.MET, Verdict.MISSED):
        return f"{words.removesuffix(' target')} its target of {say.goal(stage)}"
    return f"{words} against {say.goal(stage)}"


def _weakest(stages: Sequence[Stage]) -> Stage | None:
    """The missed stage that is furthest from its target, relative to the target, as the KPIs page marks it."""
    missed = [one for one in stages if one.verdict is Verdict.MISSED and one.value is not None and one.target]
    return max(missed, key=lambda one: abs(one.target - one.value) / one.target, default=None)  # type: ignore[operator]


def rate_bar(label: str, stage: Stage) -> RateBar:
    """A stage as a bar of a chart."""
    note = say.rate(stage) + (": too few" if stage.verdict is Verdict.TOO_FEW else "")
    return RateBar(label, stage.value, note, stage.low, stage.high, stage.target, stage.verdict.value)


def funnel_table(stages: Sequence[Stage], caption: str) -> Table:
    """All stages with count, interval, target and verdict."""
    return Table(
        caption,
        columns(
            ("Metric", 24),
            Column("Rate", 10, number=True),
            Column("Count", 20, number=True),
            Column("95% interval", 18, number=True),
            ("Target", 13),
            ("Verdict", 15),
        ),
        tuple(
            row(
                f"{stage.label}: {stage.why}" if stage.why else stage.label,
                number(say.percent(stage)),
                number(say.fraction(stage)),
                number(say.interval(stage) or NO_DATA),
                say.goal(stage),
                verdict_cell(stage),
            )
            for stage in stages
        ),
    )


def trend_chart(snapshot: Snapshot, code: str = "") -> Chart | None:
    """One stage (the first unless named) by day with its target; None where no day has data."""
    stage = next(
        (stage for stage in snapshot.funnel if code in ("", stage.code) and stage.unit == "percent"), None
    )
    if stage is None:
        return None
    points = []
    for day in snapshot.by_day:
        found = next((rate for rate in day.rates if rate.code == stage.code and rate.denominator), None)
        points.append(DayPoint(day.day, found.numerator / found.denominator if found else None, day.on))
    known = [point for point in points if point.value is not None]
    if not known:
        return None
    low = min(known, key=lambda point: point.value or 0.0)
    high = max(known, key=lambda point: point.value or 0.0)
    without = len(points) - len(known)
    sentence = (
        f"{stage.label} by day: lowest {percent_text(low.value)} on day {low.day}, highest "
        f"{percent_text(high.value)} on day {high.day}."
        + (f" {without} of {plural(len(points), 'day')} without data left out." if without else "")
    )
    return Chart(daily_trend(points, title=sentence, target=stage.target), sentence, sentence)


def by_source(snapshot: Snapshot) -> tuple[Chart | Table, ...]:
    """The first stage by lead source as a chart, and all stages by source as a table."""
    rows = [(source.source, source.stages[0] if source.stages else None) for source in snapshot.by_source]
    bars = [rate_bar(name, stage) for name, stage in rows if stage is not None]
    parts: list[Chart | Table] = []
    if any(bar.value is not None for bar in bars):
        label = next(stage.label for _, stage in rows if stage is not None)
        ordered = sorted(bars, key=lambda bar: -1.0 if bar.value is None else bar.value, reverse=True)
        sentence = f"{label} by lead source, highest first. {_spread(ordered)}"
        parts.append(Chart(rate_bars(ordered, title=sentence, step=28), sentence, sentence))
    parts.append(_source_table(snapshot))
    return tuple(parts)


def _spread(bars: Sequence[RateBar]) -> str:
    judged = [bar for bar in bars if bar.value is not None and bar.verdict != Verdict.TOO_FEW.value]
    if len(judged) < 2:
        return "There are too few sources with enough data to compare."
    apart = None not in (judged[0].low, judged[-1].high) and (judged[0].low or 0.0) > (judged[-1].high or 0.0)
    tail = "their intervals do not overlap" if apart else "their intervals overlap"
    return (
        f"{judged[0].label} is highest at {percent_text(judged[0].value)}, "
        f"{judged[-1].label} lowest at {percent_text(judged[-1].value)}; {tail}."
    )


def _source_table(snapshot: Snapshot) -> Table:
    labels = [stage.label for stage in (snapshot.by_source[0].stages if snapshot.by_source else ())][:5]
    share = 70 // max(len(labels), 1)
    heads = [Column(label, share, number=True) for label in labels]
    first = 100 - 12 - share * len(labels)
    return Table(
        "All rates by lead source",
        columns(("Lead source", first), Column("Dials", 12, number=True), *heads),
        tuple(
            row(
                source.source,
                number(NO_DATA if source.dials is None else f"{source.dials:,}"),
                *(number(_two_lines(stage)) for stage in source.stages[:5]),
            )
            for source in snapshot.by_source
        ),
        "No calls with a lead source.",
    )


def _two_lines(stage: Stage) -> str:
    """The rate above its count, for narrow columns."""
    return NO_DATA if stage.value is None else f"{say.percent(stage)}\n{say.fraction(stage)}"
