"""Reads of the numbers, the findings and the rows behind them."""

from kpis.selectors.findings import (
    FrozenBaseline,
    baseline,
    findings,
    gate_verdicts,
    missing_findings,
    open_findings,
)
from kpis.selectors.numbers import (
    calendar_of,
    coverage,
    funnel,
    imports_behind,
    metrics_of,
    span_of_data,
)

__all__ = [
    "FrozenBaseline",
    "baseline",
    "calendar_of",
    "coverage",
    "findings",
    "funnel",
    "gate_verdicts",
    "imports_behind",
    "metrics_of",
    "missing_findings",
    "open_findings",
    "span_of_data",
]
