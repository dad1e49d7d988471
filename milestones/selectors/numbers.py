"""Which metrics miss their target at a gate, as the numbers say it."""

from collections.abc import Iterable

from engagements.models import Engagement
from kpis.funnel import Rate, Verdict
from kpis.selectors import gate_verdicts


def open_verdicts(engagement: Engagement, day: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Metrics below target as (key, label), and those without enough data in words, for the gate of a day."""
    return told_verdicts(gate_verdicts(engagement, day))


def told_verdicts(rates: Iterable[Rate]) -> tuple[list[tuple[str, str]], list[str]]:
    """The same of rates that have been judged."""
    rates = list(rates)
    missed = [(rate.key, rate.label) for rate in rates if rate.verdict is Verdict.MISSED]
    unjudged = [
        f"{rate.label} ({rate.why_no_data})" if rate.why_no_data else rate.label
        for rate in rates
        if rate.verdict in (Verdict.TOO_FEW, Verdict.NO_DATA)
    ]
    return missed, unjudged
