"""Parts of pages that are the same for whoever looks, read as they were kept while the trail knows nothing newer."""

from collections.abc import Callable
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Value

from accounts import trail

from .models import Engagement, Kept


class Parts:
    """The parts kept of one engagement, as JSON. One query for all of them, once the first is asked for."""

    def __init__(self, engagement: Engagement, today: date) -> None:
        self.engagement, self.today = engagement, today

    def of(
        self,
        part: str,
        *,
        shape: int,
        make: Callable[[], Any],
        still: Callable[[Any], bool] = lambda facts: True,
    ) -> Any:
        """What `make` says: as it was kept, if that is of today and no line of the trail is newer.

        What is kept hangs on the day and on what leaves a line of the trail, and on nothing of who looks. Where
        anything else enters, `still` asks of the facts whether it is as it was. Whoever changes what `make` says, or
        how, gives `shape` another number.
        """
        known = (
            self.today,
            shape,
            self._newest,
        )  # read first: nothing is kept under a line that it is older than
        if part in self._kept:
            *of, facts = self._kept[part]
            if tuple(of) == known and still(facts):
                return facts
        facts = make()
        self._keep(part, shape, facts)
        return facts

    def _keep(self, part: str, shape: int, facts: Any) -> None:
        if self._newest is None:
            return
        one = Kept(
            engagement=self.engagement,
            part=part,
            day=self.today,
            sequence=self._newest,
            shape=shape,
            facts=facts,
        )
        Kept.objects.bulk_create(
            [one],
            update_conflicts=True,
            unique_fields=["engagement", "part"],
            update_fields=["day", "sequence", "shape", "facts"],
        )

    @cached_property
    def _rows(self) -> list[tuple[Any, ...]]:
        newest = trail.Newest(Value(self.engagement.pk))
        found = Kept.objects.filter(engagement=self.engagement)
        return list(found.values_list("part", "day", "shape", "sequence", "facts", newest))

    @cached_property
    def _kept(self) -> dict[str, tuple[Any, ...]]:
        return {row[0]: row[1:5] for row in self._rows}

    @cached_property
    def _newest(self) -> int | None:
        return self._rows[0][5] if self._rows else trail.heads().get(self.engagement.pk)
