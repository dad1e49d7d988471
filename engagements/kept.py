"""Parts of pages that are the same for whoever looks, read as they were kept while the trail knows nothing newer."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import blake2s
from typing import Any

import structlog
from django.db import DatabaseError, connection, transaction
from django.template.loader import render_to_string

from common.code import code_number
from common.ui import EngagementHead
from tenancy import context

from .masking import Mask
from .models import Copy, Engagement, Kept

log = structlog.get_logger(__name__)

# Where the parts stand that a transaction has computed, until it keeps them.
MADE = "parts to keep"
# What the part begins with that holds a page's own pieces: they are long, and read by that page alone.
PAGE = "page of "
# What stands behind the name of pieces in which agents go by their numbers.
MASKED = ", agents by number"
# The part that every page shows.
HEAD = "head"

# What anything of the engagement whose id stands in `{0}` would be kept under now: the newest line of the trail, and
# the newest verdicts on calls, which leave no line.
NEWEST = "(SELECT head.sequence FROM app.trail_heads({0}) AS head), app.judged({0})"
# What is kept of it, however old: each part by its name, of those that `{1}` says.
KEPT = """
(SELECT json_object_agg(part, json_build_array(day, sequence, beside, code, facts))
   FROM engagements_kept WHERE engagement_id = {0} AND {1})
"""
BESIDE = f"{NEWEST}, {KEPT.format('{0}', 'part = ANY (%(parts)s)')}"
# The page that a reader was last shown, and what it rests on beside the engagement's own lines: what its two
# organisations did outside of engagements, and what was said to the reader and is unread, which no line tells.
MINE = """
(SELECT json_build_array(day, sequence, beside, code, pieces)
   FROM engagements_keptpage WHERE engagement_id = {0} AND reader_id = %(user)s AND page = %(mine)s),
CASE WHEN %(mine)s <> '' THEN app.side_heads({0}) || ':' || (
    SELECT count(*) FROM engagements_mention
     WHERE engagement_id = {0} AND user_id = %(user)s AND read_at IS NULL) END
"""


@dataclass(frozen=True)
class Newest:
    """What a copy is kept under, and counts under."""

    day: date
    sequence: int | None
    beside: str
    code: int

    def counts(self, told: Sequence[Any]) -> bool:
        """Whether what was kept under `told` (day, line, what else, code) is still what would be computed."""
        return self.as_told() == list(told)

    def as_told(self) -> list[Any]:
        return [self.day.isoformat(), self.sequence, self.beside, self.code]

    def as_columns(self) -> dict[str, Any]:
        return {"day": self.day, "sequence": self.sequence, "beside": self.beside, "code": self.code}


@dataclass
class Read:
    """What was read of an engagement: the newest line and verdict, and what is kept, of all that `of` was asked for."""

    sequence: int | None
    beside: str
    parts: dict[str, list[Any]]
    of: set[str] = field(default_factory=set)


def page_of_one(kind: str, item: object) -> str:
    """The name under which the page of one of many keeps its pieces, from what its address says: short for any item."""
    return f"{kind} {short(item)}"


def short(told: object) -> str:
    """A text of 16 letters that is another one for whatever is told otherwise."""
    return blake2s(str(told).encode(), digest_size=8).hexdigest()


def shown_on(page: str) -> list[str]:
    """The parts that a page shows, by the name under which it keeps its pieces: they are read with the engagement."""
    return [HEAD, *((PAGE + page, PAGE + page + MASKED) if page else ())]


def was_read(
    engagement_id: int, sequence: int | None, beside: str, parts: dict[str, Any] | None, of: Iterable[str]
) -> None:
    """Note what somebody read beside an engagement (BESIDE): it is not asked again in this transaction."""
    context.read_once()["kept", engagement_id] = Read(sequence, beside, parts or {}, set(of))


def keep(copies: Sequence[Copy], of: Sequence[str]) -> None:
    """Keep what was computed in the place of what stands there of the same (`of`: the names of what tells them apart).

    In the order of their ids where there are several, so that two readers never wait for each other.
    """
    for model in {type(copy) for copy in copies}:
        said = [field.name for field in model._meta.concrete_fields if not field.primary_key]
        model._default_manager.bulk_create(
            copies,
            update_conflicts=True,
            unique_fields=of,
            update_fields=[name for name in said if name not in of],
        )


def keep_where_possible(copies: Sequence[Copy], of: Sequence[str]) -> None:
    """As `keep`; a page is shown even where nothing can be kept, as of a sample that is removed at this moment."""
    try:
        with transaction.atomic():
            keep(copies, of)
    except DatabaseError as error:
        log.warning("not kept", copies=[str(copy) for copy in copies], error=str(error))


def let_go_of_pages(before: date) -> int:
    """Let go of the pages of all readers that were kept before a day; for the worker. Returns how many they were."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT app.let_go_of_pages(%s)", [before])
        return int(cursor.fetchone()[0])


def keep_parts() -> None:
    """Keep the parts that this transaction has computed, at its very end and in the order of their names.

    Readers compute parts in the order of their own page, so that two who kept each at once would wait for each other.
    """
    made: dict[tuple[int, str], Kept] = context.read_once().pop(MADE, {})
    keep_where_possible([made[key] for key in sorted(made)], ("engagement", "part"))


class Parts:
    """The parts kept of one engagement, as JSON. A page's pieces are one query, all other parts together another, but
    for those that were read when the engagement was opened. What they are kept under is read with the first of them.
    """

    def __init__(self, engagement: Engagement, today: date) -> None:
        self.engagement, self.today = engagement, today

    def page(self, name: str, mask: Mask, *, make: Callable[[], Any]) -> Any:
        """What a page shows, its pieces as HTML (`drawn`); agents as `mask` shows them. Else as `of`."""
        return self.of(f"{PAGE}{name}{MASKED if mask else ''}", make=make)

    def of(self, part: str, *, make: Callable[[], Any]) -> Any:
        """What `make` says: as it was kept, if that is of today, of the newest line and verdict, by the code that runs.

        Nothing of who looks may enter.
        """
        # Read before anything else: nothing is kept under a line that it is older than.
        read = self._read(part)
        *known, facts = read.parts.get(part, [None])
        if read.sequence is None:
            return make()
        newest = Newest(self.today, read.sequence, read.beside, code_number())
        if newest.counts(known):
            return facts
        facts = make()
        made = context.read_once().setdefault(MADE, {})
        made[self.engagement.pk, part] = Kept(
            engagement=self.engagement, part=part, facts=facts, **newest.as_columns()
        )
        context.at_the_end(MADE, keep_parts)
        read.parts[part] = [*newest.as_told(), facts]
        return facts

    def _read(self, part: str) -> Read:
        once, pk = context.read_once(), self.engagement.pk
        read: Read | None = once.get(("kept", pk))
        group = part if part.startswith(PAGE) else ""
        if read is not None and (part in read.parts or not read.of.isdisjoint((part, group))):
            return read
        kept = KEPT.format("%(pk)s", "part = %(group)s" if group else "NOT starts_with(part, %(page)s)")
        with connection.cursor() as cursor:
            columns = kept if read else f"{NEWEST.format('%(pk)s')}, {kept}"
            cursor.execute(f"SELECT {columns}", {"pk": pk, "group": group, "page": PAGE})
            *newest, parts = cursor.fetchone()
        if read is None:
            sequence, beside = newest
            once["kept", pk] = read = Read(sequence, beside, {})
        read.parts |= parts or {}
        read.of.add(group)
        return read


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
