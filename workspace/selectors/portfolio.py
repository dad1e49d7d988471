"""Portfolio: which engagement needs me? Their kept rows, a page at a time, and what all of them add up to."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db import connection
from django.db.models import Case, Count, Q, TextField, When, Window
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Lower
from django.utils.safestring import SafeString, mark_safe

from accounts.roles import Side
from accounts.seat import Seat
from engagements.access import side_of
from engagements.models import Engagement
from milestones.models import Glance
from milestones.rules.launches import OnTime
from workspace.selectors.glances import Look, SlipOf
from workspace.selectors.kept import renew
from workspace.selectors.places import overview_of

A_PAGE = 50
REASONS = 5
NO_PHASE = "after"
BLOCKED = Q(facts__gate_state__in=("late", "held"))
NEWEST = ("-engagement__kickoff_on", "engagement")
# Of an engagement only what a row is made from: all of it would take as long again.
FIELDS = ("id", "public_id", "campaign", "client_id", "is_sample")
SHOWN_OF = tuple(f"engagement__{name}" for name in FIELDS[1:])
# Rows that a process remembers as they were read, by the text that tells them.
REMEMBERED = 512


def _waits(seat: Seat, *, on_us: bool) -> Q:
    """Rows in which something waits on the seat's side, or on the other one."""
    sides = {Side.CLIENT: Q(engagement__client=seat.organisation.pk)}
    sides[Side.OPERATOR] = ~sides[Side.CLIENT]
    found = Q()
    for side, there in sides.items():
        found |= there & Q(**{f"facts__waiting__{side if on_us else side.other}__gt": 0})
    return found


# Which rows are shown, and in which order; the newest kickoff first where nothing else tells them apart.
SHOWN: dict[str, Callable[[Seat], Q]] = {
    "": lambda seat: Q(),
    "blocked": lambda seat: BLOCKED,
    "us": lambda seat: _waits(seat, on_us=True),
    "them": lambda seat: _waits(seat, on_us=False),
    "below": lambda seat: Q(facts__below=True),
    "slipped": lambda seat: Q(facts__slip__gt=0),
}
ORDERS: dict[str, tuple[str | Combinable, ...]] = {
    "": (),
    "gate": (KT("facts__gate_date").asc(nulls_last=True),),
    "campaign": (Lower("engagement__campaign"),),
    "slip": ("-facts__slip",),
    "open": ("-facts__open",),
}


# What all of them add up to. By hand, for it is asked at every look, and building it costs more than its answer.
SUMS = """
SELECT count(*),
       count(*) FILTER (WHERE "real"),
       count(*) FILTER (WHERE "real" AND facts->>'gate_state' IN ('late', 'held')),
       count(*) FILTER (WHERE "real" AND (facts->'waiting'->>own)::int > 0),
       count(*) FILTER (WHERE "real" AND (facts->'waiting'->>theirs)::int > 0),
       count(facts->'launch'->>0) FILTER (WHERE "real"),
       count(*) FILTER (WHERE "real" AND facts->'launch'->>1 <= facts->'launch'->>0),
       count(facts->'launch'->>0) FILTER (WHERE "real" AND facts->'launch'->>1 IS NULL),
       coalesce(array_agg(facts->>'phase' ORDER BY kickoff_on DESC), '{}'),
       coalesce(array_agg(DISTINCT other), '{}'),
       coalesce(jsonb_agg(jsonb_build_array(campaign, facts->'slips') ORDER BY kickoff_on DESC, id)
                FILTER (WHERE "real" AND facts->'launch' <> 'null' AND facts->'slips' <> '[]'), '[]')
  FROM (SELECT kept.facts, engagement.id, engagement.campaign, engagement.kickoff_on,
               NOT engagement.is_sample AS "real",
               CASE WHEN client.id = %(own)s THEN 'client' ELSE 'operator' END AS own,
               CASE WHEN client.id = %(own)s THEN 'operator' ELSE 'client' END AS theirs,
               CASE WHEN client.id = %(own)s THEN operator.name ELSE client.name END AS other
          FROM milestones_glance AS kept
          JOIN engagements_engagement AS engagement ON engagement.id = kept.engagement_id
          JOIN accounts_organisation AS client ON client.id = engagement.client_id
          JOIN accounts_organisation AS operator ON operator.id = engagement.operator_id) AS kept
"""


class Row(NamedTuple):
    """One engagement in the portfolio, as somebody of `side` sees it; `planned` and `counted` are cells as kept."""

    look: Look
    engagement: Engagement
    side: Side
    other: str  # the organisation on the other side
    planned: SafeString
    counted: SafeString

    @property
    def url(self) -> str:
        return overview_of(self.engagement)

    @property
    def on_us(self) -> int:
        return self.look.waiting[self.side]

    @property
    def on_them(self) -> int:
        return self.look.waiting[self.side.other]


@dataclass(frozen=True)
class Portfolio:
    """What all rows add up to, in which a sample does not count; `reasons` are the newest slips of what has launched,
    `phases` stand in the order of days.
    """

    shown: int
    count: int
    blocked: int
    on_us: int
    on_them: int
    on_time: OnTime
    phases: tuple[str, ...]
    others: tuple[str, ...]
    reasons: tuple[tuple[str, SlipOf], ...]
    slips: int

    @property
    def more(self) -> int:
        """How many slips are not among the reasons."""
        return self.slips - len(self.reasons)


def portfolio(seat: Seat) -> Portfolio:
    """The sums over every engagement that the seat sees. Two queries while nothing has changed."""
    renew()
    with connection.cursor() as cursor:
        cursor.execute(SUMS, {"own": seat.organisation.pk})
        shown, count, blocked, on_us, on_them, due, on_time, overdue, phases, others, told = cursor.fetchone()
    # The slips of what was due to launch, by campaign, the newest kickoff first.
    reasons = [(campaign, SlipOf(*slip)) for campaign, slips in json.loads(told) for slip in slips]
    return Portfolio(
        shown=shown,
        count=count,
        blocked=blocked,
        on_us=on_us,
        on_them=on_them,
        on_time=OnTime(due, on_time, overdue),
        phases=tuple(dict.fromkeys(phases)),
        others=tuple(sorted(others, key=str.casefold)),
        reasons=tuple(reasons[:REASONS]),
        slips=len(reasons),
    )


def rows_of(seat: Seat, chosen: Mapping[str, str], number: int = 1) -> tuple[list[Row], Page[int]]:
    """A page of the rows that were chosen by state, phase, other side and words of their names; the first one where
    there are not so many. One query.
    """
    found = Glance.objects.annotate(other=_other(seat)).filter(
        SHOWN[chosen.get("show", "")](seat), *_words(chosen.get("q", ""))
    )
    if phase := chosen.get("phase"):
        found = found.filter(facts__phase="" if phase == NO_PHASE else phase)
    if other := chosen.get("other"):
        found = found.filter(other=other)
    found = found.order_by(*ORDERS[chosen.get("sort", "")], *NEWEST).annotate(found=Window(Count("*")))
    told = found.values_list(
        Cast("facts", TextField()), Cast("drawn", TextField()), "other", "found", "engagement_id", *SHOWN_OF
    )
    rows = list(told[(number - 1) * A_PAGE : number * A_PAGE])
    if not rows and number > 1:
        return rows_of(seat, chosen)
    pages = Paginator(range(rows[0][3] if rows else 0), A_PAGE)
    return [_row(seat, *row) for row in rows], pages.page(number)


def _words(said: str) -> list[Q]:
    """Each word stands in the name of the campaign or of one of the two."""
    names = ("campaign", "client__name", "operator__name")
    return [
        reduce(or_, (Q(**{f"engagement__{name}__icontains": word}) for name in names))
        for word in said.split()
    ]


def _row(seat: Seat, facts: str, drawn: str, other: str, _: int, *shown: Any) -> Row:
    engagement = Engagement.from_db(None, FIELDS, shown)
    look, planned, counted = _look(facts, drawn)
    return Row(look, engagement, side_of(seat, engagement), other, planned, counted)


# What is kept of an engagement stays the same text until it is computed anew.
@lru_cache(maxsize=REMEMBERED)
def _look(facts: str, drawn: str) -> tuple[Look, SafeString, SafeString]:
    planned, counted = json.loads(drawn)
    # A template of ours drew them, and the wall kept them.
    return Look.from_json(json.loads(facts)), mark_safe(planned), mark_safe(counted)  # noqa: S308


def _other(seat: Seat) -> Case:
    """The name of the organisation on the other side."""
    own = When(engagement__client=seat.organisation.pk, then="engagement__operator__name")
    return Case(own, default="engagement__client__name")
