"""The metric contracts of a brief: what is counted, of what, in which unit, and what it should be. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation

from django.db.models import TextChoices

from common.wording import target_text

from .measures import CALLS, counted_text, measure_faults, told_by

MOST_METRICS = 15


class Unit(TextChoices):
    """In what a metric is told. A percentage is kept as a fraction, everything else as it reads."""

    PERCENT = "percent", "percent"
    SECONDS = "seconds", "seconds"
    MINUTES = "minutes", "minutes"
    HOURS = "hours", "hours"
    DAYS = "days", "days"
    COUNT = "count", "a count"
    MONEY = "money", "an amount of money"


@dataclass(frozen=True, slots=True)
class MetricContract:
    """A metric as both sides agree to count it. `target` is a fraction (0.12 is 12%) where the unit is percent, else
    the figure itself; None: none agreed. The measures say what of the calls each side counts (`measures`); without one
    the metric is entered as daily totals, unless it is one of the five that the funnel knows."""

    key: str
    label: str
    numerator: str
    denominator: str
    unit: str = "percent"
    direction: str = "up"
    target: Decimal | None = None
    minimum_sample: int = 30
    source_system: str = ""
    dispute_rule: str = ""
    numerator_measure: str = ""
    numerator_which: str = ""
    denominator_measure: str = ""
    denominator_which: str = ""

    @property
    def target_words(self) -> str:
        """Say the target: "at least 12%", "at most 24 hours"; without one, say so."""
        return target_text(self.target, self.direction, unit=self.unit, missing="no target agreed")

    @property
    def from_calls(self) -> bool:
        """Whether Tollgate counts it from the imported calls."""
        return self.key in CALL_METRICS

    @property
    def counted_as(self) -> str:
        """Say what is counted: "Contacts ÷ Dials"; a metric without a denominator is its numerator alone."""
        return f"{self.numerator} ÷ {self.denominator}" if self.denominator else self.numerator

    @property
    def counted_in(self) -> str:
        """Say whose figures count: the calls, with what of them, or the system that was named; "" for neither."""
        if not self.numerator_measure:
            return self.source_system
        return f"{CALLS}: {counted_text(self)}; {told_by(self)}"

    @property
    def judged_from(self) -> str:
        """Say from which sample on it is judged."""
        return f"{self.minimum_sample:,} {self.denominator.lower() or 'cases'}"


CONTRACT = tuple(field.name for field in fields(MetricContract))
MEASURES = ("numerator_measure", "numerator_which", "denominator_measure", "denominator_which")


STANDARD_METRICS = (
    MetricContract("contact_rate", "Contact rate", "Contacts", "Dials"),
    MetricContract("qualification_rate", "Qualification rate", "Qualified", "Contacts"),
    MetricContract("transfer_set_rate", "Transfer-set rate", "Transfers", "Qualified"),
    MetricContract("show_rate", "Show rate", "Shows", "Transfers"),
    MetricContract("close_rate", "Close rate", "Closes", "Shows"),
)
# By these keys the funnel knows its five rates; nobody else may use them for something else.
CALL_METRICS = {metric.key: metric for metric in STANDARD_METRICS}


def metric_key(label: str, taken: Collection[str]) -> str:
    """A key for a metric of one's own: its label in small letters, with a number where that is taken."""
    base = re.sub(r"[^a-z0-9]+", "_", label.lower()).strip("_")[:34].strip("_") or "metric"
    if base not in taken and base not in CALL_METRICS:
        return base
    number = next(n for n in range(2, 1000) if f"{base}_{n}" not in taken)
    return f"{base}_{number}"


def parse_target(text: str, unit: str) -> Decimal | None:
    """Read "12", "12.5%" or "" as a target in this unit, or as none. Raises ValueError for anything else."""
    if unit == Unit.PERCENT:
        return parse_percent(text)
    cleaned = text.strip().replace(",", "")
    if not cleaned:
        return None
    if not cleaned.replace(".", "", 1).isdecimal() or not cleaned.isascii():
        raise ValueError("Write a number such as 24 or 1.5.")
    try:
        figure = Decimal(cleaned)
    except InvalidOperation as mistake:
        raise ValueError("Write a number such as 24 or 1.5.") from mistake
    if len(cleaned.partition(".")[2]) > 4 or figure >= 100_000_000:
        raise ValueError("Write a number below 100 million with four decimals at most.")
    return figure


def parse_percent(text: str) -> Decimal | None:
    """Read "12", "12.5%" or "" as a fraction or nothing. Raises ValueError for anything else."""
    cleaned = text.strip().removesuffix("%").strip()
    if not cleaned:
        return None
    if not cleaned.replace(".", "", 1).isdecimal() or not cleaned.isascii():
        raise ValueError("Write a percentage such as 12 or 12.5.")
    if len(cleaned.partition(".")[2]) > 2:
        raise ValueError("Write a percentage with two decimals at most.")
    share = Decimal(cleaned) / 100
    if not share:
        raise ValueError("A target cannot be 0%. Leave it empty when none is agreed.")
    if share > 1:
        raise ValueError("A rate cannot be above 100%.")
    return share


def typed_target(target: Decimal | None, unit: str) -> str:
    """A target as it is typed into a form."""
    if target is None:
        return ""
    return f"{(target * 100 if unit == Unit.PERCENT else target).normalize():f}"


def metric_faults(metrics: Collection[MetricContract]) -> list[tuple[int, str, str]]:
    """Say what is wrong with these contracts: (position from 0, field, reason)."""
    faults, keys, labels = [], set(), set()
    for number, metric in enumerate(metrics):
        standard = CALL_METRICS.get(metric.key)
        if metric.key in keys or metric.label.strip().lower() in labels:
            faults.append((number, "label", f"“{metric.label}” is in the brief already."))
        elif standard is None and any(
            metric.label.strip().lower() == own.label.lower() for own in STANDARD_METRICS
        ):
            faults.append(
                (
                    number,
                    "label",
                    f"Tollgate counts “{metric.label}” from the calls: add that one, or rename yours.",
                )
            )
        if standard and (metric.label, metric.numerator, metric.denominator, metric.unit) != (
            standard.label,
            standard.numerator,
            standard.denominator,
            standard.unit,
        ):
            faults.append(
                (number, "label", f"“{standard.label}” is counted from the calls and cannot be redefined.")
            )
        if standard is not None and any(getattr(metric, name) for name in MEASURES):
            faults.append((number, "label", f"“{standard.label}” is counted from the calls as it is."))
        if standard is None:
            faults += [(number, field, reason) for field, reason in measure_faults(metric)]
        if standard is None and not metric.numerator_measure and not metric.source_system.strip():
            faults.append(
                (number, "source_system", "Name the system whose figures count: the calls do not tell it.")
            )
        if metric.unit == Unit.PERCENT and not metric.denominator.strip():
            faults.append((number, "denominator", "A percentage needs what it is taken of."))
        keys.add(metric.key)
        labels.add(metric.label.strip().lower())
    return faults
