"""What one call scores by a scorecard, and what a scorecard has to be. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Self

from common.names import MIN_LETTERS, letters
from common.wording import plural

MOST_ITEMS = 25
MOST_POINTS = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a scorecard. Where nothing is earned for an auto-fail item, the whole call fails."""

    key: str
    text: str
    points: int
    auto_fail: bool = False

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Self:
        """The item as a scorecard keeps it."""
        return cls(kept["key"], kept["text"], kept["points"], kept["auto_fail"])

    def kept(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Scored:
    """What a call scored: points of those that could be earned, what failed it, and whether it passed.

    `earned`, `possible` and `passed` are None where no item came up: nothing scored is not failed and not passed.
    """

    earned: int | None
    possible: int | None
    auto_failed: tuple[str, ...]
    passed: bool | None


def scorecard_gaps(name: str, items: Sequence[Item], pass_mark: int | None) -> list[str]:
    """Say why calls cannot be scored by this; an empty list means that they can."""
    reasons = []
    if letters(name) < MIN_LETTERS:
        reasons.append("Give the scorecard a name.")
    if not items:
        reasons.append("Write at least one item that a call is scored by.")
    if len(items) > MOST_ITEMS:
        reasons.append(f"A scorecard has at most {MOST_ITEMS} items: nobody hears for more in one call.")
    texts = [item.text.strip().casefold() for item in items]
    for number, item in enumerate(items, start=1):
        if letters(item.text) < MIN_LETTERS:
            reasons.append(f"Say what item {number} asks for.")
        elif texts.index(texts[number - 1]) != number - 1:
            reasons.append(f"Item {number} stands on the card already.")
        if not 1 <= item.points <= MOST_POINTS:
            reasons.append(f"Item {number} is worth 1 to {MOST_POINTS} points.")
    if pass_mark is None or not 1 <= pass_mark <= 100:
        reasons.append("The pass mark lies between 1 and 100 percent of the points.")
    return reasons


def scoring_gaps(
    items: Sequence[Item], given: Mapping[str, int | None], unanswered: Sequence[str] = ()
) -> list[str]:
    """Say why these points are no scoring; `unanswered` are the keys that nothing was said of."""
    reasons = []
    missing = [item for item in items if item.key in unanswered or item.key not in given]
    if missing:
        reasons.append(
            f"{plural(len(missing), 'item')} of the scorecard lack an answer: give points, or “did not come up”."
        )
    known = {item.key: item for item in items}
    for key, points in given.items():
        if key not in known:
            reasons.append("An item was scored that is not on the scorecard.")
        elif points is not None and not 0 <= points <= known[key].points:
            reasons.append(f"“{known[key].text}” is worth 0 to {known[key].points} points.")
    return reasons


def score(items: Sequence[Item], given: Mapping[str, int | None], pass_mark: int) -> Scored:
    """Points over the items that came up, against the pass mark; an auto-fail item without points fails the call."""
    came_up = [item for item in items if given[item.key] is not None]
    if not came_up:
        return Scored(None, None, (), None)
    earned = sum(given[item.key] or 0 for item in came_up)
    possible = sum(item.points for item in came_up)
    failed = tuple(item.text for item in came_up if item.auto_fail and not given[item.key])
    return Scored(earned, possible, failed, not failed and 100 * earned >= pass_mark * possible)
