"""Parts of pages that are the same for whoever looks, read as they were kept while the trail knows nothing newer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.template.loader import render_to_string

from accounts import trail
from common.ui import EngagementHead

from .masking import Mask
from .models import Engagement, Kept

# What the part begins with that holds a page's own pieces: they are long, and read by that page alone.
PAGE = "page of "


class Parts:
    """The parts kept of one engagement, as JSON. One query for all of them, once the first is asked for.

    `beside` tells, as an expression of text over the engagement, what they rest on besides the day and the trail.
    """

    def __init__(self, engagement: Engagement, today: date, beside: Combinable | None = None) -> None:
        self.engagement, self.today, self.beside = engagement, today, beside or Value("")
        self._page = ""

    def page(self, name: str, mask: Mask, *, shape: int, make: Callable[[], Any]) -> Any:
        """The same of what a page shows, its pieces as HTML (`drawn`); agents as `mask` shows them.

        To be asked for first: the one query for all parts reads the pieces of no other page, so is made again later on.
        """
        self._page = f"{PAGE}{name}{', agents by number' if mask else ''}"
        for read in ("_rows", "_now", "_kept"):
            vars(self).pop(read, None)
        return self.of(self._page, shape=shape, make=make)

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
        kept = ("kept__part", "kept__day", "kept__sequence", "kept__shape", "kept__beside")
        own = ~Q(kept__part__startswith=PAGE) | Q(kept__part=self._page)
        facts = Case(When(own, then=F("kept__facts")), output_field=Kept._meta.get_field("facts"))
        found = Engagement.objects.filter(pk=self.engagement.pk)
        return list(found.values_list(*kept, facts, trail.Newest(F("pk")), self.beside))

    @cached_property
    def _now(self) -> tuple[int | None, str]:
        return next(((sequence, beside or "") for *_, sequence, beside in self._rows), (None, ""))

    @cached_property
    def _kept(self) -> dict[str, tuple[Any, ...]]:
        return {part: tuple(of) for part, *of, _, _ in self._rows}


@dataclass(frozen=True)
class Reader:
    """All that a piece which is kept may know of its readers, in the place of a request."""

    agent_mask: Mask


def drawn(template: str, mask: Mask, **context: Any) -> str:
    """A piece of a page as HTML, set without anybody's request: what is not in `context` it cannot show."""
    return render_to_string(template, {**context, "request": Reader(mask)})


def place_of(engagement: Engagement, today: date) -> EngagementHead:
    """Whose days and zone the dates of a kept piece are told in: the head of its pages, but for what changes there."""
    return EngagementHead(
        public_id=engagement.public_id,
        campaign=engagement.campaign,
        client=engagement.client.name,
        operator=engagement.operator.name,
        zone=engagement.zone,
        calendar=engagement.calendar,
        today=today,
        phase="",
    )
