"""What came in after a baseline was frozen, in a sentence."""

from dataclasses import dataclass

import pytest

from kpis.since_frozen import since_frozen


@dataclass(frozen=True)
class One:
    label: str
    numerator: int | None
    denominator: int | None
    unit: str = "percent"

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.numerator is not None and self.denominator else None


CONTACT, SHOW = One("Contact rate", 120, 1_000), One("Show rate", 97, 182)


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        ([CONTACT, SHOW], ""),
        (
            [CONTACT, One("Show rate", 111, 182)],
            "Since then 14 outcomes of these days were added: today the show rate would be 61.0% (111 of 182). "
            "The frozen figure stays.",
        ),
        (
            [One("Contact rate", 121, 1_010), One("Show rate", None, None)],
            "Since then 1 outcome of these days was added: today the contact rate would be 12.0% (121 of 1,010) and "
            "the show rate would be no data. The frozen figures stay.",
        ),
        (
            [One("Contact rate", 110, 990), SHOW],
            "Since then calls of these days were changed or taken back: today the contact rate would be 11.1% "
            "(110 of 990). The frozen figure stays.",
        ),
        ([CONTACT, SHOW, One("A rate of a later brief", 1, 2)], ""),
    ],
)
def test_what_came_since_is_said_with_todays_figure(now: list[One], sentence: str) -> None:
    assert since_frozen([CONTACT, SHOW], now) == sentence
