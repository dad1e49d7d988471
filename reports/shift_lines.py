"""What shifted and what did not, and what changed since it was told: the sentences of a day's or a week's report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from common import wording
from common.wording import (
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
from reports import sentences as say
from reports.changes import change
from reports.evenings import News
from reports.snapshots import DaySignal, Evening, Kind, RateSignal, Snapshot

CALIBRATION = "Days 11 to 30 are calibration: no day of them is judged, and their figures are not final."


class Says(StrEnum):
    """What a sentence is about: something that shifted, something that did not, or what cannot be judged."""

    SHIFTED = "shifted"
    STILL = "still"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence, and which of the three it tells."""

    says: Says
    text: str


HEADS = {
    Says.SHIFTED: "What shifted",
    Says.STILL: "What did not shift",
    Says.UNKNOWN: "What cannot be judged",
}


def grouped(lines: Iterable[Line]) -> list[tuple[Says, list[str]]]:
    """The sentences of each of the three that there are, what shifted first."""
    kept = list(lines)
    found = [(says, [line.text for line in kept if line.says is says]) for says in Says]
    return [(says, own) for says, own in found if own]


def sentences(lines: Iterable[Line]) -> tuple[str, ...]:
    """The sentences alone, what shifted first."""
    return tuple(text for _, own in grouped(lines) for text in own)


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


def days_before(snapshot: Snapshot) -> str:
    """What a week is compared with: "week before", or as many days where it is no seven."""
    days = (snapshot.last - snapshot.first).days + 1
    return "week before" if days == 7 else f"{days} days before"


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


def shift_lines(snapshot: Snapshot) -> tuple[Line, ...]:
    """What shifted, rate by rate; then what did not; then what could not be judged, and why."""
    evening = evening_of(snapshot)
    if not has_calls(evening):
        return ()
    said = [Line(Says.SHIFTED, sentence) for one in evening.signals for sentence in _shifts(one)]
    still = [one for one in evening.signals if is_judged(one) and not shifted(one)]
    if still:
        named = joined([_still(one, place, snapshot) for place, one in enumerate(still)])
        said.append(Line(Says.STILL, f"{named} did not shift."))
    unjudged = [one for one in evening.signals if not is_judged(one)]
    if evening.calibration and not said:
        return (Line(Says.UNKNOWN, CALIBRATION),)
    return (*said, *(Line(Says.UNKNOWN, why) for why in _reasons(unjudged)))


def _reasons(unjudged: Iterable[RateSignal]) -> list[str]:
    """Why rates are not judged; those with one reason share a sentence."""
    labels: dict[str, list[str]] = {}
    for one in unjudged:
        if one.why:
            labels.setdefault(one.why.removeprefix(one.label), []).append(one.label)
    return [
        f"{joined([own[0], *(say.lower_first(label) for label in own[1:])])}"
        f"{reason if len(own) == 1 else reason.replace(' is not', ' are not', 1)}"
        for reason, own in labels.items()
    ]


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


def drift_lines(evening: Evening) -> tuple[Line, ...]:
    """What creeps over four to six weeks, what does not, and what cannot be told."""
    said = [
        Line(
            Says.SHIFTED,
            f"{one.label} drifts {'up' if one.drift == Way.UP else 'down'}: {points_text(one.slope)} a week "
            f"({points_text(one.low)} to {points_text(one.high)}) over {one.weeks} weeks.",
        )
        for one in evening.signals
        if one.drift in (Way.UP, Way.DOWN)
    ]
    level = [one for one in evening.signals if one.drift == Way.LEVEL]
    if level:
        names = joined([_name(one, place) for place, one in enumerate(level)])
        said.append(Line(Says.STILL, f"{names} {'shows' if len(level) == 1 else 'show'} no drift."))
    little = [one for one in evening.signals if one.drift == Way.TOO_LITTLE]
    if little:
        names = joined([_name(one, place) for place, one in enumerate(little)])
        said.append(
            Line(
                Says.UNKNOWN,
                f"{names} {'has' if len(little) == 1 else 'have'} too little data for a drift: it takes "
                f"{LEAST_WEEKS} whole weeks after the calibration.",
            )
        )
    return tuple(said)


def week_lines(snapshot: Snapshot) -> tuple[Line, ...]:
    """Week against week: what moved by more than chance, and what did not."""
    evening = evening_of(snapshot)
    if not has_calls(evening):
        return ()
    if not evening.before:
        return (Line(Says.UNKNOWN, f"There are no calls of the {days_before(snapshot)} to compare with."),)
    words = days_before(snapshot)
    before = {stage.code: stage for stage in evening.before}
    pairs = [(before[stage.code], stage) for stage in snapshot.funnel if stage.code in before]
    found = [(old, new, change(old, new)) for old, new in pairs if new.unit == "percent"]
    said = [
        Line(
            Says.SHIFTED,
            f"{new.label} {each.verdict} against the {words}: from {say.rate(old)} to {say.rate(new)}.",
        )
        for old, new, each in found
        if each.verdict.startswith("moved")
    ]
    for says, verdict, one, many in (
        (
            Says.STILL,
            "not moved",
            f"has not moved against the {words}",
            f"have not moved against the {words}",
        ),
        (
            Says.UNKNOWN,
            "too little data",
            f"has too little data to compare with the {words}",
            f"have too little data to compare with the {words}",
        ),
    ):
        names = [new.label for _, new, each in found if each.verdict == verdict]
        if names:
            listed = joined([names[0], *(say.lower_first(name) for name in names[1:])])
            said.append(Line(says, f"{listed} {one if len(names) == 1 else many}."))
    return tuple(said)


def changed_sentences(snapshot: Snapshot) -> tuple[str, ...]:
    """What an earlier version said otherwise, and why; empty for a first one."""
    evening = evening_of(snapshot)
    if evening.earlier is None:
        late = evening.news == News.LATE
        return ("Its calls came after its evening, when there was nothing to report.",) if late else ()
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
        f"{label.lower()} {count_text(old)}, now {count_text(new)}" for label, old, new in changes(told, now)
    ]
    return "; ".join(parts) or "its metrics from totals changed"


def changes(
    told: Sequence[int | None], now: Sequence[int | None]
) -> list[tuple[str, int | None, int | None]]:
    """What was counted otherwise before: its label, as told, and now."""
    pairs = zip(FunnelStage, told, now, strict=False)
    return [(stage.plural, old, new) for stage, old, new in pairs if old != new]


def missing_line(evening: Evening) -> str:
    """Which days of a week that the brief calls on have no calls."""
    days = missing_days(evening)
    return f"No calls have been imported for {days}." if days else ""


def missing_days(evening: Evening) -> str:
    """These days by name; empty where there are none."""
    return joined([wording.day_text(on) for on in evening.without_calls])


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
