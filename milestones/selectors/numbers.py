"""Which metrics miss their target at a gate, as the numbers say it."""

from engagements.models import Engagement


def open_verdicts(engagement: Engagement, day: int) -> tuple[list[tuple[str, str]], list[str]]:
    """Metrics below target as (key, label), and labels of metrics without enough data, for the gate of a day."""
    return [], []
