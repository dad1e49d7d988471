"""The four questions of day 90 and the targets for days 91 to 180: their shape, and what they lack. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from common.wording import joined
from kpis.actions import MIN_WORDS

FIRST_DAY, AGREE_DAY = 61, 90
SUBJECTS: Mapping[str, str] = {
    "customer": "the ideal customer",
    "closers": "the closers",
    "leads": "lead quality",
}
CHANGES: Mapping[str, str] = {
    "volume": "Volume",
    "vertical": "Vertical",
    "campaign_type": "Campaign type",
    "targets": "Targets",
}
SIDES = ("client", "operator")


@dataclass(frozen=True, slots=True)
class MetricStanding:
    """Questions 1 and 2 for one metric. `position`: above, at, below or unknown; `fix`: works, does not, unknown, none.

    Rates are shares as text with their counts, so that a hash covers what both sides read.
    """

    key: str
    label: str
    value: str
    target: str
    position: str
    cause_known: bool | None = None
    cause: str = ""
    fix: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that both sides agree to.

    `learned` maps a subject to what each side says about it; `changes` maps a kind to what changes (or that nothing
    does); `targets` maps a metric to its next target as a share, written as decimal text.
    """

    standing: tuple[MetricStanding, ...] = ()
    learned: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    targets: Mapping[str, str] = field(default_factory=dict)
    next_steps: str = ""


def as_data(content: Content) -> dict[str, Any]:
    """The content as JSON."""
    return {**asdict(content), "standing": [asdict(one) for one in content.standing]}


def from_data(data: Mapping[str, Any]) -> Content:
    """The content from its JSON."""
    standing = tuple(MetricStanding(**one) for one in data.get("standing", ()))
    return Content(
        standing,
        data.get("learned", {}),
        data.get("changes", {}),
        data.get("targets", {}),
        data.get("next_steps", ""),
    )


def forward_lacks(content: Content, metrics: Sequence[str]) -> list[str]:
    """What is missing before both sides can agree, as sentences; `metrics` are the labels by key that need a target."""
    lacks = []
    for subject, name in SUBJECTS.items():
        said = content.learned.get(subject, {})
        lacks += [
            f"The {side} has not said what was learned about {name}."
            for side in SIDES
            if len(said.get(side, "").split()) < MIN_WORDS
        ]
    silent = [
        label.lower() for kind, label in CHANGES.items() if len(content.changes.get(kind, "").split()) < 2
    ]
    if silent:
        lacks.append(f"Say what changes in {joined(silent)}, or that nothing does.")
    missing = [label for label in metrics if not content.targets.get(label)]
    if missing:
        lacks.append(f"There is no target for days 91 to 180 for {joined(missing)}.")
    return lacks


def target_gaps(value: Decimal | None) -> list[str]:
    """Say why a target is none: it is a share above 0% and at most 100%."""
    if value is None or 0 < value <= 1:
        return []
    return ["A target lies above 0% and at most at 100%."]


def position_of(value: float | None, target: float | None, direction: str, *, judged: bool) -> str:
    """At, above or below its target; at: the same when both are written in whole tenths of a percent."""
    if value is None or target is None or not judged:
        return "unknown"
    if round(value, 3) == round(target, 3):
        return "at"
    return "above" if (value > target) == (direction == "up") else "below"
