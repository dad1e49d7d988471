"""One rate by hour and weekday."""

from collections.abc import Sequence

from common.wording import NO_DATA, WEEKDAY_NAMES, plural, rate_text
from kpis.charts.base import Width
from kpis.charts.heat import HourCell, heat_map
from kpis.effect import Counted
from kpis.funnel import Metric
from kpis.numbers_page import Picture
from kpis.selectors.breakdowns import HourGroup
from kpis.selectors.signals import hour_text


def heat(found: Sequence[HourGroup], metric: Metric, width: Width = "container") -> Picture:
    """One rate by hour and weekday; cells with fewer cases than the minimum are not coloured."""
    told = [(one, one.group.rates.get(metric.key)) for one in found]
    enough = [
        (one, rate) for one, rate in told if rate is not None and rate.denominator >= max(metric.minimum, 1)
    ]
    days = sorted({one.weekday for one in found})
    names = [WEEKDAY_NAMES[day - 1][:3] for day in days]
    few = len(told) - len(enough)
    if not enough:
        return Picture(
            None, f"{metric.label} by hour and weekday: no hour has enough cases to be shown.", (), []
        )
    best = max(enough, key=lambda pair: pair[1].value or 0.0)
    worst = min(enough, key=lambda pair: pair[1].value or 0.0)
    sentence = (
        f"{metric.label} by hour and weekday: from {_place(*worst)} to {_place(*best)}."
        + (
            f" {plural(few, 'hour')} with fewer than {metric.minimum} cases are marked “few”."
            if few > 1
            else ""
        )
        + (f" One hour with fewer than {metric.minimum} cases is marked “few”." if few == 1 else "")
    )
    shown = {id(one) for one, _ in enough}
    cells = [
        HourCell(
            WEEKDAY_NAMES[one.weekday - 1][:3],
            f"{one.hour:02d}:00",
            rate.value if rate is not None and id(one) in shown else None,
            _cell_said(one, rate, few=id(one) not in shown),
        )
        for one, rate in told
    ]
    by_place = {(one.hour, one.weekday): rate for one, rate in told}
    table = [
        [
            hour_text(hour),
            *(
                rate_text(rate.numerator, rate.denominator)
                if (rate := by_place.get((hour, day)))
                else NO_DATA
                for day in days
            ),
        ]
        for hour in sorted({one.hour for one in found})
    ]
    return Picture(heat_map(cells, names, title=sentence, width=width), sentence, ("Hour", *names), table)


def _cell_said(one: HourGroup, rate: Counted | None, *, few: bool) -> str:
    """A cell in words: "Mon 09:00–10:00: 12.4% (31 of 250)"."""
    told = NO_DATA if rate is None else rate_text(rate.numerator, rate.denominator)
    tail = ", too few to be shown" if few and rate is not None and rate.denominator else ""
    return f"{WEEKDAY_NAMES[one.weekday - 1][:3]} {hour_text(one.hour)}: {told}{tail}"


def _place(one: HourGroup, rate: Counted) -> str:
    day = WEEKDAY_NAMES[one.weekday - 1]
    return f"{rate_text(rate.numerator, rate.denominator)} on {day}s at {one.hour:02d}:00"
