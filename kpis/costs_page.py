"""What pages say about the cost of each stage. Pure."""

from collections.abc import Sequence

from common.wording import NO_DATA, count_text, plural
from engagements.stages import Stage
from kpis.costs import Costs, StageCost
from kpis.numbers_page import Cell, Row

COLUMNS = ("Cost of one", "Paid on the way to all", "Number")
FEW = 30
ONE = {
    Stage.DIAL: "A dial",
    Stage.CONTACT: "A contact",
    Stage.QUALIFIED: "A qualified lead",
    Stage.TRANSFER: "A transfer",
    Stage.SHOW: "A show",
    Stage.CLOSE: "A close",
}


def cost_sentence(found: Costs) -> str:
    """The answer to "what does one cost?": the deepest stage that was reached."""
    if found.mixed:
        return "Prices in more than one currency held on these days, and their amounts have no sum. Choose fewer days."
    deepest = next((one for one in reversed(found.stages) if one.each is not None), None)
    if deepest is None:
        return "No prices held on these days, so that nothing can be said of the cost."
    return (
        f"{ONE[deepest.stage]} cost {money_text(deepest.each, found.currency)}: "
        f"{money_text(deepest.paid, found.currency)} were paid on the way to {deepest.number:,}."
    )


def coverage_sentence(found: Costs) -> str:
    """Why the lines do not add up with the funnel; empty where each covers all days with calls."""
    most = max((one.left_out for one in found.stages if one.each is not None), default=0)
    if not most:
        return ""
    return (
        "A line counts only the days whose prices and stages are known down to it. So the lines do not cover the same "
        f"days, and a number may be smaller than in the funnel: up to {plural(most, 'day')} are left out."
    )


def cost_rows(found: Costs, *, by_hours: bool = False) -> list[Row]:
    """Each stage with the cost of one, what was paid for all, and how many there were; `by_hours`: from real hours."""
    return [
        Row(
            ONE[one.stage],
            (
                Cell(
                    money_text(one.each, found.currency), note=_note(one, by_hours=by_hours), label=COLUMNS[0]
                ),
                Cell(money_text(one.paid, found.currency) if one.number else NO_DATA, label=COLUMNS[1]),
                Cell(count_text(one.number) if one.each is not None else NO_DATA, label=COLUMNS[2]),
            ),
        )
        for one in found.stages
    ]


def source_columns() -> tuple[str, ...]:
    """The heads of `source_rows`, after the first."""
    return tuple(ONE[stage] for stage in Stage if stage is not Stage.DIAL)


def source_rows(found: Sequence[tuple[str, Costs]]) -> list[Row]:
    """What one of each stage cost by lead source; the dials of all cost the same."""
    return [
        Row(
            name,
            tuple(
                Cell(
                    money_text(one.each, told.currency),
                    note=_counted(one),
                    label=ONE[one.stage],
                )
                for one in told.stages
                if one.stage is not Stage.DIAL
            ),
        )
        for name, told in found
        if told.stages
    ]


def _counted(one: StageCost) -> str:
    if one.each is None:
        return ""
    return f"of {one.number:,}" + (", says little" if one.number < FEW else "")


def _note(one: StageCost, *, by_hours: bool) -> str:
    few = f"fewer than {FEW}: says little" if one.each is not None and one.number < FEW else ""
    left = (
        f"leaves out {plural(one.left_out, 'day')} without {'prices, hours' if by_hours else 'prices'} or "
        f"{'this stage' if by_hours else 'without this stage'}"
        if one.left_out
        else ""
    )
    return " · ".join(filter(None, (few, left)))


def money_text(value: float | None, currency: str) -> str:
    """An amount with its currency: "62.48 USD"; under ten cents with four decimals."""
    if value is None:
        return NO_DATA
    return f"{value:,.{4 if 0 < value < 0.1 else 2}f} {currency}"
