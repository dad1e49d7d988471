"""What a dial, a contact and so on came to cost over some days, by the prices that held on each of them. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from engagements.stages import Stage
from kpis.agent_hours import Covered, Span
from kpis.prices import PRICED, Prices

NOTHING = (0,) * len(Stage)


@dataclass(frozen=True, slots=True)
class PricedDay:
    """The six counts of a day (or of one lead source on it), and the prices that held; None before there were any.

    `besides` was paid for hours without a dial.
    """

    counts: tuple[int | None, ...]
    prices: Prices | None
    besides: float = 0.0


@dataclass(frozen=True, slots=True)
class StageCost:
    """What was paid down to a stage, itself included, over the days with prices that know all stages to it."""

    stage: Stage
    paid: float
    number: int
    left_out: int

    @property
    def each(self) -> float | None:
        """The cost of one; None where there was none."""
        return self.paid / self.number if self.number else None


@dataclass(frozen=True, slots=True)
class Costs:
    """All that days cost, stage by stage. `currency` is empty where there is nothing to tell, `mixed` where prices in
    two currencies held, whose amounts have no sum.
    """

    currency: str
    stages: tuple[StageCost, ...]
    mixed: bool = False


def unit_prices(prices: Prices) -> tuple[float, ...]:
    """What is paid for one of each stage, dials first; an agent hour is part of its dials, a close costs nothing."""
    told = prices.by_rate()
    return (*(told[key] for key in PRICED), 0.0)


def by_real_hours(
    days: Sequence[tuple[date, tuple[int | None, ...]]],
    prices_on: Callable[[date], Prices | None],
    covered: Covered,
    *,
    besides: bool = True,
) -> list[PricedDay]:
    """The days with an hour shared by the dials that were really made in it; no prices where hours are not known.

    Where no day with calls is covered, the agreed dials of an hour count. `besides` adds what was paid for hours of
    days without a dial.
    """
    if not covered.days:
        return [PricedDay(counts, prices_on(day)) for day, counts in days]
    priced = [PricedDay(counts, _really(day, prices_on(day), prices_on, covered)) for day, counts in days]
    idle = [span for span in covered.spans if not span.dials and besides]
    for span in idle:
        prices = _held(span, prices_on)
        if prices and prices.agent_hour and span.seconds:
            priced.append(PricedDay(NOTHING, prices, float(prices.agent_hour) * span.seconds / 3600))
    return priced


def _really(
    day: date, prices: Prices | None, prices_on: Callable[[date], Prices | None], covered: Covered
) -> Prices | None:
    if prices is None or not prices.agent_hour:
        return prices
    span = covered.by_day.get(day)
    if span is None or not span.covered or _held(span, prices_on) is None:
        return None
    if not span.seconds or not span.dials:
        return replace(prices, agent_hour=Decimal(0), dials_an_hour=Decimal(0))
    return replace(prices, dials_an_hour=Decimal(span.dials * 3600) / span.seconds)


def _held(span: Span, prices_on: Callable[[date], Prices | None]) -> Prices | None:
    """The prices of all days of a span; None where they changed within it, for its hours cannot be divided."""
    days = [span.first + timedelta(days=number) for number in range((span.last - span.first).days + 1)]
    held = {prices_on(day) for day in days}
    return held.pop() if len(held) == 1 else None


def costs(days: Sequence[PricedDay]) -> Costs:
    """What one of each stage cost: everything paid on the way to all of them over their number."""
    called = [day for day in days if any(day.counts) or day.besides]
    currencies = {day.prices.currency for day in called if day.prices}
    if len(currencies) != 1:
        return Costs("", (), mixed=bool(currencies))
    return Costs(currencies.pop(), tuple(_stage_cost(called, stage) for stage in Stage))


def _stage_cost(days: Sequence[PricedDay], stage: Stage) -> StageCost:
    paid, number, left_out = 0.0, 0, 0
    for day in days:
        counts = _told(day, stage)
        if counts is None or day.prices is None:
            left_out += 1
            continue
        paid += day.besides + sum(
            price * count for price, count in zip(unit_prices(day.prices), counts, strict=False)
        )
        number += counts[-1]
    return StageCost(stage, paid, number, left_out)


def _told(day: PricedDay, stage: Stage) -> list[int] | None:
    """The counts down to a stage, where the day knows all of them."""
    counts = [count for count in day.counts[: stage + 1] if count is not None]
    return counts if len(counts) == stage + 1 else None


def average_prices(days: Sequence[PricedDay], stage: Stage) -> tuple[str, tuple[float, ...]] | None:
    """The currency, and what one of each stage down to this one cost on average over days that know all of them.

    None where a day has no prices or another currency: its calls can be counted, but not paid for.
    """
    rows = [(day.prices, counts) for day in days if (counts := _told(day, stage)) is not None]
    besides = sum(day.besides for day in days)
    currencies = {prices.currency if prices else "" for prices, _ in rows}
    if len(currencies) != 1 or "" in currencies:
        return None
    totals = [sum(counts[one] for _, counts in rows) for one in range(stage + 1)]
    paid = [
        sum(unit_prices(prices)[one] * counts[one] for prices, counts in rows if prices)
        for one in range(stage + 1)
    ]
    paid[Stage.DIAL] += besides
    return currencies.pop(), tuple(round(p / n, 10) if n else 0.0 for p, n in zip(paid, totals, strict=True))
