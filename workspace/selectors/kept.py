"""One kept row per engagement: what is shown and what waits in it, brought up to date before anybody reads it.

A row counts on its day and in its shape, until the engagement's trail has a new line or its calls new verdicts
(ADR 0016). Each is a copy: whoever finds one old computes it anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import batched

from django.db import connection

from common import clock
from common.code import code_number
from engagements.kept import keep
from engagements.models import Engagement
from milestones.models import Glance
from milestones.selectors.many import standings_of
from milestones.selectors.standing import Standing
from workspace.selectors.duties import duties_of
from workspace.selectors.glances import all_waiting, drawn, looks_of

AT_ONCE = 200

# What is old, with its newest line and verdict: read before the facts, so that what is computed from them is never
# older than what it is kept under. A chain without a line keeps nothing that anybody else believes. Verdicts on calls
# leave no line: what they are (never empty) is compared where a row says something of them.
OLD = """
SELECT engagement.id, coalesce(head.sequence, 0), app.judged(engagement.id)
  FROM engagements_engagement AS engagement
  LEFT JOIN app.trail_heads() AS head ON head.engagement_id = engagement.id
  LEFT JOIN milestones_glance AS kept ON kept.engagement_id = engagement.id
 WHERE kept.id IS NULL OR kept.code <> %(code)s OR kept.sequence IS DISTINCT FROM head.sequence
    OR kept.day <> (%(now)s AT TIME ZONE engagement.zone)::date
    OR (kept.beside <> '' AND kept.beside <> app.judged(engagement.id))
 ORDER BY engagement.id
"""


@dataclass(frozen=True)
class Known:
    """What a row is kept under: the newest line of the trail, and the newest verdicts."""

    sequence: int
    verdicts: str


def renew() -> None:
    """Bring the kept row of every engagement that the context sees up to date.

    One query where nothing has changed; else a fixed number more for up to so many (AT_ONCE) engagements.
    """
    with connection.cursor() as cursor:
        cursor.execute(OLD, {"code": code_number(), "now": clock.now()})
        known = {pk: Known(*rest) for pk, *rest in cursor.fetchall()}
    for some in batched(known, AT_ONCE, strict=False):
        keep(_computed(some, known), ("engagement",))


def _computed(ids: Iterable[int], known: Mapping[int, Known]) -> list[Glance]:
    engagements = Engagement.objects.filter(pk__in=ids).select_related("client", "operator").order_by("pk")
    standings = standings_of(list(engagements))
    waiting = all_waiting(standings)
    looks = looks_of(standings, waiting)
    duties = duties_of(standings, waiting)
    rows = []
    for standing in standings:
        pk = standing.engagement.pk
        rows.append(
            Glance(
                engagement=standing.engagement,
                day=standing.today,
                sequence=known[pk].sequence,
                beside=known[pk].verdicts if _asks_for_verdicts(standing) else "",
                code=code_number(),
                facts=looks[pk].to_json(),
                drawn=drawn(looks[pk], standing),
                duties=[duty.to_json() for duty in duties[pk]],
            )
        )
    return rows


def _asks_for_verdicts(standing: Standing) -> bool:
    """Whether verdicts on calls may change what is kept: from the launch on, until the last gate has passed."""
    return standing.next_gate is not None and standing.today >= standing.calendar.launch
