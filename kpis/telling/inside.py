"""Where inside a stage the shortfall sits."""

from common.wording import interval_text, percent_text, rate_text
from kpis.numbers_page import Cell, Row
from kpis.signals.inside import Inside


def inside_sentence(found: Inside, outcome: str) -> str:
    """Where the shortfall of a stage sits, by one kind of group."""
    most = found.most
    if most is None:
        return f"No {found.by} with enough cases is below the target by more than chance."
    share = found.share(most)
    part = f", {percent_text(share, digits=0)} of the whole shortfall" if share is not None else ""
    return (
        f"By {found.by}, {most.label} falls short most: {rate_text(most.successes, most.trials)} against "
        f"{percent_text(found.target, digits=0)}, {most.lacking:,.0f} {outcome} short{part}."
    )


def inside_rows(found: Inside) -> list[Row]:
    """The groups that lack most, at most six."""
    return [
        Row(
            place.label,
            (
                Cell(
                    rate_text(place.successes, place.trials),
                    note=interval_text(place.low, place.high),
                    label="Rate",
                ),
                Cell(
                    f"{place.lacking:,.0f}" if round(place.lacking) > 0 else "none",
                    label="Short of the target",
                ),
                Cell(
                    percent_text(place.chance, digits=0) if place.judged else "too few to judge",
                    label="Chance to be below target",
                ),
            ),
        )
        for place in found.places[:6]
    ]
