"""Daily facts: one row per day and lead source, made anew from the calls whenever those change."""

from collections.abc import Iterable
from datetime import date

from django.db import connection

from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.models import Disposition, Import

from .mapped import named, names_of

COLUMNS = {
    Stage.CONTACT: "contacts",
    Stage.QUALIFIED: "qualified",
    Stage.TRANSFER: "transfers",
    Stage.SHOW: "shows",
    Stage.CLOSE: "closes",
}


def lock(engagement_id: int) -> None:
    """Let one writer at a time change this engagement's calls, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kpis.calls'), %s)", [engagement_id % 2**31])


def refresh(engagement_id: int, days: Iterable[date] | None = None) -> None:
    """Make the facts of these days (None: of all days) equal to the calls again.

    A stage is counted only where every file behind the day and source can tell it: a number without part of the
    calls behind it would be a wrong rate.
    """
    which = "" if days is None else "AND {}day = ANY(%(days)s)"
    values = {"engagement": engagement_id, "days": None if days is None else list(days)}
    told, reached = "bool_and('{0.key}' = ANY (i.measures))", "count(*) FILTER (WHERE c.depth >= {0.value})"
    stages = ", ".join(f"CASE WHEN {told} THEN {reached} END".format(stage) for stage in COLUMNS)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM kpis_dailyfact WHERE engagement_id = %(engagement)s {which.format('')}",  # noqa: S608
            values,
        )
        cursor.execute(
            f"""
            INSERT INTO kpis_dailyfact (engagement_id, day, source_id, dials, {", ".join(COLUMNS.values())})
            SELECT c.engagement_id, c.day, c.source_id, sum(c.dials), {stages}
              FROM kpis_callrecord c JOIN kpis_import i ON i.id = c.batch_id
             WHERE c.engagement_id = %(engagement)s {which.format("c.")}
             GROUP BY c.engagement_id, c.day, c.source_id
            """,  # noqa: S608  the pieces are ours, the values are parameters
            values,
        )


def update_measures(engagement_id: int, system: str) -> bool:
    """Note what this system's files can tell, given the codes in use; True when that has changed for an import."""
    outcomes = Disposition.objects.filter(engagement_id=engagement_id, system=system).values_list(
        "outcome", flat=True
    )
    in_use = {Outcome(outcome) for outcome in outcomes}
    changed = 0
    for name in names_of(system):
        preset = named(engagement_id, name)
        told = preset.can_measure(in_use) if preset else frozenset()
        measures = [stage.key for stage in Stage if stage in told]
        stale = Import.objects.filter(engagement_id=engagement_id, preset=name).exclude(measures=measures)
        changed += stale.update(measures=measures)
    return changed > 0
