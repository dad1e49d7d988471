"""End-of-day totals of metrics that calls do not tell: what one may be, how a file of them reads, what they say. Pure.

A total is whole: so many of so many cases where the metric is a percentage, so many hours over so many cases where
it is an average, and the figure of the day itself where the metric names nothing that it is taken of.
"""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt
from statistics import NormalDist

from common.wording import cut_short, day_text, plural

LARGEST = 10**12
FEWEST_DAYS = 4  # below that a spread between days says nothing
MOST_LINES = 5_000
HEAD = ("day", "metric", "numerator", "denominator")
MOST_TOLD = 10  # reasons of a refused file


@dataclass(frozen=True, slots=True)
class OwnMetric:
    """A metric that is counted by hand, as the brief contracts it; `denominator` is empty for a figure of the day."""

    key: str
    label: str
    numerator: str
    denominator: str
    unit: str


@dataclass(frozen=True, slots=True)
class Total:
    """One day of one metric; `denominator` is 1 where the metric has none."""

    key: str
    day: date
    numerator: int
    denominator: int


def total_gaps(total: Total, metric: OwnMetric, *, launched_on: date, today: date) -> list[str]:
    """Say why a total cannot be kept; an empty list means that it can."""
    gaps = []
    if total.day < launched_on:
        gaps.append(f"{day_text(total.day)} lies before the launch of {day_text(launched_on)}.")
    if total.day > today:
        gaps.append(f"{day_text(total.day)} has not come yet.")
    if not (0 <= total.numerator < LARGEST and 0 <= total.denominator < LARGEST):
        gaps.append(f"“{metric.label}”: write whole numbers from 0 on.")
    elif metric.unit == "percent" and total.numerator > total.denominator:
        gaps.append(
            f"“{metric.label}”: {total.numerator:,} of {total.denominator:,} is more than all of them."
        )
    elif total.numerator and not total.denominator:
        gaps.append(
            f"“{metric.label}”: {total.numerator:,} cannot come from no {metric.denominator.lower()}."
        )
    return gaps


def read_totals(text: str, metrics: Sequence[OwnMetric]) -> tuple[list[Total], list[str]]:
    """Read a CSV with day, metric, numerator and denominator: its totals, and the reasons why it cannot be taken.

    The metric is named by its label or key, a day as 2026-03-12. A file with any reason is refused whole.
    """
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=delimiter))
    head = [cell.strip().lower() for cell in rows[0]] if rows else []
    if not set(HEAD[:3]) <= set(head):
        return [], [f"The first line names the columns: {', '.join(HEAD)}."]
    if len(rows) > MOST_LINES:
        return [], [f"A file has at most {MOST_LINES:,} lines."]
    named = {name.lower(): metric for metric in metrics for name in (metric.key, metric.label)}
    totals: dict[tuple[str, date], Total] = {}
    reasons: list[str] = []
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = dict(zip(head, (cell.strip() for cell in row), strict=False))
        found = _line(cells, named)
        if isinstance(found, str):
            reasons.append(f"Line {number}: {found}")
        elif (found.key, found.day) in totals:
            reasons.append(f"Line {number}: this metric and day stand in the file twice.")
        else:
            totals[found.key, found.day] = found
    if len(reasons) > MOST_TOLD:
        reasons = [*reasons[:MOST_TOLD], f"And {plural(len(reasons) - MOST_TOLD, 'more line')}."]
    if not totals and not reasons:
        reasons = ["The file holds no totals."]
    return list(totals.values()), reasons


def _line(cells: Mapping[str, str], named: Mapping[str, OwnMetric]) -> Total | str:
    """One line as a total, or what is wrong with it."""
    metric = named.get(cells.get("metric", "").lower())
    if metric is None:
        return f"“{cut_short(cells.get('metric', ''))}” is no metric of the brief that is counted by hand."
    try:
        day = date.fromisoformat(cells.get("day", ""))
    except ValueError:
        return f"“{cut_short(cells.get('day', ''))}” is no day: write it as 2026-03-12."
    numerator = whole(cells.get("numerator", ""))
    denominator = whole(cells.get("denominator", "")) if metric.denominator else 1
    if numerator is None or denominator is None:
        return "write whole numbers, without a sign and without decimals."
    return Total(metric.key, day, numerator, denominator)


def whole(text: str) -> int | None:
    """Read "2,140" as a number; None for anything but a whole one from 0 on."""
    cleaned = text.strip().replace(",", "").replace(" ", "")
    return int(cleaned) if cleaned.isascii() and cleaned.isdecimal() and len(cleaned) <= 12 else None


def mean_interval(days: Sequence[tuple[int, int]], confidence: float = 0.95) -> tuple[float, float] | None:
    """The interval of an average over days, from (numerator, denominator) of each; None for too few of them.

    The average is the ratio of the sums; its variance follows from how the days differ from it (W. G. Cochran,
    "Sampling Techniques", 3rd ed., Wiley 1977, section 6.4), with Student's t of one degree less than there are days.
    """
    known = [(above, below) for above, below in days if below]
    if len(known) < FEWEST_DAYS:
        return None
    whole_, parts = sum(below for _, below in known), len(known)
    ratio = sum(above for above, _ in known) / whole_
    spread = sum((above - ratio * below) ** 2 for above, below in known) / (parts - 1)
    half = t_quantile((1 + confidence) / 2, parts - 1) * sqrt(spread * parts) / whole_
    return max(0.0, ratio - half), ratio + half


def t_quantile(probability: float, degrees: int) -> float:
    """A quantile of Student's t for three degrees of freedom or more, within 0.5% of the exact one at 97.5%.

    The expansion 26.7.5 of M. Abramowitz and I. A. Stegun, "Handbook of Mathematical Functions" (1964).
    """
    z = NormalDist().inv_cdf(probability)
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92160,
    )
    return z + float(sum(term / degrees ** (power + 1) for power, term in enumerate(terms)))
