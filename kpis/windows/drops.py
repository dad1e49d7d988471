"""Live answers that found no agent: their share over rolling 30 days, as the rules count them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

DROP_DAYS = 30
MOST_DROPS = 0.03  # of the live answers of a campaign in 30 days: 16 CFR 310.4(b)(4)(i), 47 CFR 64.1200(a)(7)


@dataclass(frozen=True)
class Drops:
    """The share of live answers that found no agent, over the 30 days that end with `last`."""

    last: date
    answered: int
    abandoned: int
    untold: int  # days of these whose files cannot tell

    @property
    def rate(self) -> float | None:
        return self.abandoned / self.answered if self.answered else None

    @property
    def too_many(self) -> bool:
        return self.answered > 0 and self.abandoned > MOST_DROPS * self.answered


@dataclass(frozen=True)
class DropHistory:
    """The rolling rate of every day with calls; `newest` and `worst` are None where no file can tell."""

    days: tuple[Drops, ...]

    @cached_property
    def newest(self) -> Drops | None:
        return self.days[-1] if self.days else None

    @cached_property
    def worst(self) -> Drops | None:
        return max(
            (each for each in self.days if each.rate is not None), key=lambda d: d.rate or 0, default=None
        )

    @cached_property
    def beyond(self) -> list[Drops]:
        return [each for each in self.days if each.too_many]


def rolling(days: Sequence[tuple[date, int | None, int | None]]) -> list[Drops]:
    """For days (date, live answers, abandoned ones) in order: the sums of the 30 days that end with each. Pure.

    Days that cannot tell are counted apart and add nothing; before the first day that tells there is no rate.
    """
    found = []
    start = 0
    told = False
    for place, (last, answered, _) in enumerate(days):
        told = told or answered is not None
        while days[start][0] <= last - timedelta(days=DROP_DAYS):
            start += 1
        span = days[start : place + 1]
        if told and any(each[1] is not None for each in span):
            found.append(
                Drops(
                    last,
                    sum(each[1] or 0 for each in span),
                    sum(each[2] or 0 for each in span),
                    sum(each[1] is None for each in span),
                )
            )
    return found
