"""Calls by source, agent, hour and code."""

from collections.abc import Hashable, Mapping, Sequence

from common.wording import joined, percent_text
from kpis.funnel import Metric
from kpis.numbers_page import Cell, Row
from kpis.selectors.breakdowns import CodeCount, Group
from kpis.selectors.measures import names_codes
from kpis.selectors.own_metrics import OwnGroup
from kpis.selectors.talks import Spoken
from kpis.telling.talk import TALK, talk_cell
from kpis.telling.words import counted_cell, own_cell


def group_columns(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """The heads of `group_rows`, after the first."""
    return ("Dials", *(metric.label for metric in metrics if metric.from_calls), TALK)


def group_rows(
    groups: Sequence[Group], metrics: Sequence[Metric], spoken: Mapping[Hashable, Spoken] | None = None
) -> list[Row]:
    """Groups with their dials, rates and talk time, each rate with interval; under a metric's minimum it says so.

    `spoken` are their talk times by key, by label where a group has no key.
    """
    told = spoken or {}
    return [
        Row(
            group.label,
            (
                Cell(f"{group.dials:,}", label="Dials"),
                *(
                    counted_cell(group.rates.get(metric.key), metric.label, metric.minimum)
                    for metric in metrics
                    if metric.from_calls
                ),
                talk_cell(group.talk_s, group.talked, told.get(group.key or group.label)),
            ),
        )
        for group in groups
    ]


def own_columns(metrics: Sequence[Metric]) -> tuple[str, ...]:
    """The heads of `own_rows`, after the first."""
    return tuple(metric.label for metric in metrics if metric.measured)


def own_rows(groups: Sequence[OwnGroup], metrics: Sequence[Metric]) -> list[Row]:
    """Groups with the metrics of one's own that count the calls; under a metric's minimum it says so."""
    return [
        Row(
            group.label,
            tuple(
                own_cell(group.figures.get(metric.key), metric, metric.label)
                for metric in metrics
                if metric.measured
            ),
        )
        for group in groups
    ]


def own_by_hour_note(metrics: Sequence[Metric]) -> str:
    """Say which metrics of one's own cannot be told by hour, and why; "" for none."""
    left = [metric.label for metric in metrics if names_codes(metric)]
    if not left:
        return ""
    verb = "counts" if len(left) == 1 else "count"
    return f"{joined(left)} {verb} codes, which are summed by day, lead source and agent, not by hour."


CODE_COLUMNS = ("Meaning", "Calls", "Share", TALK)


def code_rows(codes: Sequence[CodeCount]) -> list[Row]:
    """Each disposition code with its meaning and its share of the calls."""
    of = sum(one.calls for one in codes)
    return [
        Row(
            one.code or "No code given",
            (
                Cell(one.meaning, label="Meaning"),
                Cell(f"{one.calls:,}", label="Calls"),
                Cell(percent_text(one.calls / of), label="Share"),
                talk_cell(one.talk_s, one.talked),
            ),
        )
        for one in codes
    ]
