"""A target reads as it was agreed, and no rounding turns a verdict round."""

from decimal import Decimal

import pytest

from common.wording import digits_beside, percent_text, target_text


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (Decimal("0.1225"), "at least 12.25%"),
        (0.1225, "at least 12.25%"),
        (Decimal("0.1200"), "at least 12%"),
        (0.07, "at least 7%"),
        (Decimal("0.125"), "at least 12.5%"),
        (1.0, "at least 100%"),
        (None, "no target"),
    ],
)
def test_a_target_is_never_rounded(target: Decimal | float | None, expected: str) -> None:
    assert target_text(target) == expected


def test_a_ceiling_is_said_as_one() -> None:
    assert target_text(Decimal("0.05"), "down") == "at most 5%"


@pytest.mark.parametrize(
    ("above", "below", "target", "direction", "expected"),
    [
        (1196, 10_000, "0.12", "up", "11.96% at least 12.00%"),
        (1227, 10_000, "0.1228", "up", "12.27% at least 12.28%"),
        (1225, 10_000, "0.1225", "up", "12.25% at least 12.25%"),
        (504, 10_000, "0.05", "down", "5.04% at most 5.00%"),
        (11_999, 100_000, "0.12", "up", "11.999% at least 12.000%"),
        (1204, 10_000, "0.12", "up", "12.0% at least 12%"),
        (7, 100, "0.07", "up", "7.0% at least 7%"),
        (50, 100, "0.65", "up", "50.0% at least 65%"),
    ],
)
def test_a_rate_and_its_target_do_not_look_alike_when_the_verdict_says_otherwise(
    above: int, below: int, target: str, direction: str, expected: str
) -> None:
    value, goal = above / below, Decimal(target)
    digits = digits_beside(value, goal, direction)
    said = f"{percent_text(value, digits=digits)} {target_text(goal, direction, digits=digits if digits > 1 else 0)}"
    assert said == expected
