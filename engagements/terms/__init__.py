"""What a campaign brief consists of: its terms with their shapes, and its metric contracts. Pure.

`shape` says what each term holds, `hours` reads calling hours, `checking` says what is wrong with a value, `words`
shows it as people read it, `comparing` says what changed from one version to the next.
"""

from .metrics import CALL_METRICS, STANDARD_METRICS, MetricContract, Unit
from .shape import CONSENT, SCHEMA, TERMS, Column, Kind, Shape, Term, term_of

__all__ = [
    "CALL_METRICS",
    "CONSENT",
    "SCHEMA",
    "STANDARD_METRICS",
    "TERMS",
    "Column",
    "Kind",
    "MetricContract",
    "Shape",
    "Term",
    "Unit",
    "term_of",
]
