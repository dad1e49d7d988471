"""Reads of the numbers, the findings and the rows behind them."""

from engagements.selectors import brief_in_force as brief_of
from kpis.selectors.findings import (
    FrozenBaseline,
    all_done,
    baseline,
    findings,
    funnel_of_frozen,
    gate_verdicts,
    lacks,
    missing_findings,
    open_findings,
    said,
    who_froze,
)
from kpis.selectors.numbers import (
    calendar_of,
    coverage,
    funnel,
    imports_behind,
    metrics_of,
    restatements,
    span_of_data,
)
from kpis.selectors.optimisation import told_effects

__all__ = [
    "FrozenBaseline",
    "all_done",
    "baseline",
    "brief_of",
    "calendar_of",
    "coverage",
    "findings",
    "funnel",
    "funnel_of_frozen",
    "gate_verdicts",
    "imports_behind",
    "lacks",
    "metrics_of",
    "missing_findings",
    "open_findings",
    "restatements",
    "said",
    "span_of_data",
    "told_effects",
    "who_froze",
]
