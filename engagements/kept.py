"""Parts of pages that are the same for whoever looks, read as they were kept while the trail knows nothing newer."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import F, Value
from django.db.models.expressions import Combinable

from accounts import trail

from .models import Engagement, Kept


class Parts:
    """The parts kept of one engagement, as JSON. One query for all of them, once the first is asked for.

    `beside` tells, as an expression of text over the engagement, what they rest on besides the day and the trail.
    """

    def __init__(self, engagement: Engagement, today: date, beside: Combinable | None = None) -> None:
        self.engagement, self.today, self.beside = engagement, today, beside or Value("")

    def of(self, part: str, *, shape: int, make: Callable[[], Any]) -> Any:
        """What `make` says: as it was kept, if that is of today, after the newest line of the trail, beside the same.

        Nothing of who looks may enter. Whoever changes what `make` says, or how, gives `shape` another number.
        """
        # Read before anything else: nothing is kept under a line that it is older than.
        sequence, beside = self._now
        known = {"day": self.today, "sequence": sequence, "shape": shape, "beside": beside}
        if part in self._kept and self._kept[part][:-1] == tuple(known.values()):
            return self._kept[part][-1]
        facts = make()
        if sequence is not None:
            Kept.objects.bulk_create(
                [Kept(engagement=self.engagement, part=part, facts=facts, **known)],
                update_conflicts=True,
                unique_fields=["engagement", "part"],
                update_fields=[*known, "facts"],
            )
        return facts

    @cached_property
    def _rows(self) -> list[tuple[Any, ...]]:
        """One row for each part, or one of nothing but what holds now."""
        kept = ("kept__part", "kept__day", "kept__sequence", "kept__shape", "kept__beside", "kept__facts")
        found = Engagement.objects.filter(pk=self.engagement.pk)
        return list(found.values_list(*kept, trail.Newest(F("pk")), self.beside))

    @cached_property
    def _now(self) -> tuple[int | None, str]:
        return next(((sequence, beside or "") for *_, sequence, beside in self._rows), (None, ""))

    @cached_property
    def _kept(self) -> dict[str, tuple[Any, ...]]:
        return {part: tuple(of) for part, *of, _, _ in self._rows}
