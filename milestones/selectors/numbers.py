"""Which metrics miss their target at a gate, as the numbers say it."""

from engagements.models import Engagement
from kpis.funnel import Verdict
from kpis.selectors import gate_verdicts


def open_verdicts(engagement: Engagement, day: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Metrics below target as (key, label), and those without enough data in words, for the gate of a day."""
    rates = gate_verdicts(engagement, day)
    missed = [(rate.key, rate.label) for rate in rates if rate.verdict is Verdict.MISSED]
    unjudged = [
        f"{rate.label} ({rate.why_no_data})" if rate.why_no_data else rate.label
        for rate in rates
        if rate.verdict in (Verdict.TOO_FEW, Verdict.NO_DATA)
    ]
    return missed, unjudged
