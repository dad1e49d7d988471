"""What a page reads of what was said: one query for all places of a page."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.core import signing
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from accounts.models import User
from accounts.roles import Side
from accounts.seat import Seat

from .mentions import Person, offered
from .models import Comment, Engagement, Mention, Withdrawal
from .selectors import people_of

SALT = "engagements.comment"
SHOWN = 5  # of a long thread the latest stand open, the earlier behind one click


@dataclass(frozen=True, slots=True)
class Spot:
    """A place that can be talked about, as a form carries it: signed, so that nobody makes up a place."""

    about: str
    title: str
    page: str

    @property
    def slug(self) -> str:
        """The place's name within the page's addresses."""
        return re.sub(r"[^a-z0-9]+", "-", self.about.lower()).strip("-")

    def sealed(self, engagement: Engagement) -> str:
        return signing.dumps([engagement.pk, self.about, self.title, self.page], salt=SALT, compress=True)


def unsealed(engagement: Engagement, seal: str) -> Spot | None:
    """The place that a form of ours carried; None for any other text, and for a place of another engagement."""
    try:
        pk, about, title, page = signing.loads(seal, salt=SALT)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Spot(about, title, page) if pk == engagement.pk else None


def said_in(engagement: Engagement, *, reader: User) -> QuerySet[Comment]:
    """Every comment that the reader may read, each with `withdrawn`, `named` (names) and `waits` (for the reader)."""
    mentions = Mention.objects.filter(comment=OuterRef("pk"))
    return engagement.comments.annotate(
        withdrawn=Exists(Withdrawal.objects.filter(comment=OuterRef("pk"))),
        named=ArraySubquery(mentions.order_by("name").values("name")),
        waits=Exists(mentions.filter(user=reader, read_at=None)),
    )


class Threads:
    """The threads of one page, by place; `fetch` reads all places of some kinds at once."""

    def __init__(self, engagement: Engagement, reader: User) -> None:
        self.engagement, self.reader = engagement, reader
        self._kinds: tuple[str, ...] = ()
        self._said: dict[str, list[Comment]] = {}

    def fetch(self, keys: Iterable[str]) -> None:
        """Read the places of these kinds (`finding`) or with these keys (`finding:…`), in one query."""
        keys = [key for key in keys if not self._knows(key)]
        if not keys:
            return
        wanted = Q()
        for key in keys:
            wanted |= Q(about=key) | Q(about__startswith=f"{key}:")
        for comment in said_in(self.engagement, reader=self.reader).filter(wanted):
            self._said.setdefault(comment.about, []).append(comment)
        self._kinds += tuple(keys)

    def about(self, key: str) -> list[Comment]:
        """What was said about one place, the oldest first."""
        self.fetch([key])
        return self._said.get(key, [])

    @cached_property
    def people(self) -> list[Person]:
        """Who can be mentioned by the reader: read once for all places of a page."""
        return offered(people_of(self.engagement), but=self.reader.pk)

    @cached_property
    def names(self) -> SafeString:
        """The same as items of a list, for each of the page's forms."""
        item = '<li><span data-name>@{}</span> <span class="text-secondary">{}</span></li>'
        return format_html_join("", item, ((one.name, one.side) for one in self.people))

    def _knows(self, key: str) -> bool:
        return any(key == kind or key.startswith(f"{kind}:") for kind in self._kinds)


def shown(comments: list[Comment]) -> tuple[list[Comment], list[Comment]]:
    """The earlier ones of a long thread, and those that stand open: the latest, and all from the first that waits."""
    first = len(comments) - SHOWN
    waiting = [index for index, comment in enumerate(comments) if getattr(comment, "waits", False)]
    cut = max(0, min([first, *waiting]))
    return (comments[:cut], comments[cut:]) if cut > 1 else ([], comments)


def part_context(
    engagement: Engagement, seat: Seat, spot: Spot, threads: Threads, **more: Any
) -> dict[str, Any]:
    """What `engagements/_comments.html` takes to draw one place."""
    comments = threads.about(spot.about)
    earlier, latest = shown(comments)
    side = seat.side or Side.CLIENT
    return {
        "engagement": engagement,
        "seat": seat,
        "spot": spot,
        "seal": spot.sealed(engagement),
        "earlier": earlier,
        "latest": latest,
        "total": len(comments),
        "waits": any(getattr(comment, "waits", False) for comment in comments),
        "other": engagement.organisation_of(side.other),
        "own": engagement.organisation_of(side),
        "names": threads.names,
        **more,
    }
