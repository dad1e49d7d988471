"""A funnel as plain JSON and back, so that it can be frozen: the same funnel always makes the same JSON. Pure."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

from engagements.stages import Stage
from kpis.funnel import (
    Calibration,
    DayFunnel,
    DayRate,
    Funnel,
    Rate,
    SourceFunnel,
    StageCount,
    Verdict,
)

Json = dict[str, Any]


def to_json(funnel: Funnel) -> Json:
    """The funnel with dates and targets as text and stages by their names."""
    return {
        "first": funnel.first.isoformat(),
        "last": funnel.last.isoformat(),
        "brief_version": funnel.brief_version,
        "calibration": funnel.calibration.value,
        "days_with_data": funnel.days_with_data,
        "counts": [_count_out(count) for count in funnel.counts],
        "stages": [_rate_out(rate) for rate in funnel.stages],
        "by_source": [
            {
                "source": one.source,
                "counts": [_count_out(count) for count in one.counts],
                "stages": [_rate_out(rate) for rate in one.stages],
            }
            for one in funnel.by_source
        ],
        "by_day": [
            {
                "day": one.day.isoformat(),
                "number": one.number,
                "calibration": one.calibration,
                "counts": list(one.counts),
                "rates": [_plain(rate) for rate in one.rates],
            }
            for one in funnel.by_day
        ],
    }


def from_json(data: Json) -> Funnel:
    """The funnel that `to_json` wrote; raises KeyError or TypeError for anything else."""
    return Funnel(
        first=date.fromisoformat(data["first"]),
        last=date.fromisoformat(data["last"]),
        brief_version=data["brief_version"],
        calibration=Calibration(data["calibration"]),
        days_with_data=data["days_with_data"],
        counts=_counts_in(data["counts"]),
        stages=_rates_in(data["stages"]),
        by_source=tuple(
            SourceFunnel(one["source"], _counts_in(one["counts"]), _rates_in(one["stages"]))
            for one in data["by_source"]
        ),
        by_day=tuple(
            DayFunnel(
                day=date.fromisoformat(one["day"]),
                number=one["number"],
                calibration=one["calibration"],
                counts=tuple(one["counts"]),
                rates=tuple(DayRate(**rate) for rate in one["rates"]),
            )
            for one in data["by_day"]
        ),
    )


def _plain(part: Rate | DayRate | StageCount) -> Json:
    return {field.name: getattr(part, field.name) for field in fields(part)}


def _count_out(count: StageCount) -> Json:
    return _plain(count) | {"stage": count.stage.key}


def _rate_out(rate: Rate) -> Json:
    target = None if rate.target is None else str(rate.target)
    return _plain(rate) | {"target": target, "verdict": rate.verdict.value}


def _counts_in(items: list[Json]) -> tuple[StageCount, ...]:
    return tuple(StageCount(**item | {"stage": Stage[item["stage"].upper()]}) for item in items)


def _rates_in(items: list[Json]) -> tuple[Rate, ...]:
    return tuple(
        Rate(
            **item
            | {
                "target": None if item["target"] is None else Decimal(item["target"]),
                "verdict": Verdict(item["verdict"]),
            }
        )
        for item in items
    )
