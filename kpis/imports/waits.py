"""How long leads waited for their first call, summed by day: kept equal to the calls whenever these change.

Which call of a lead is the first can change with every file, so a change looks at all calls of the leads that it
touches: what they come to with the rows that come or go, less what they come to without.
"""

from django.db import connection

from kpis.models import HourWait, Import, SourceWait
from kpis.waits import step_sql

# A lead is its reference or, where the file has none, its number.
LEAD = "coalesce(nullif(c.lead_ref, ''), c.phone)"
COUNTED = (
    "c.engagement_id = %(engagement)s AND c.called_at IS NOT NULL AND (c.lead_ref <> '' OR c.phone <> '')"
)
FIRST = """
    SELECT DISTINCT ON (lead) day, source_id, came_in, waited, {sign} AS leads FROM calls {where}
     ORDER BY lead, called_at, call_key"""
CHANGE = """
WITH touched AS MATERIALIZED (
    SELECT DISTINCT {lead} AS lead FROM kpis_callrecord c WHERE {counted} AND {moving}
), calls AS MATERIALIZED (
    SELECT {lead} AS lead, c.day, c.source_id, c.called_at, c.call_key, {moving} AS moving,
           extract(hour FROM c.lead_created_at AT TIME ZONE %(zone)s)::smallint AS came_in,
           CASE WHEN coalesce(c.attempt, 1) = 1 THEN extract(epoch FROM c.called_at - c.lead_created_at) END AS waited
      FROM kpis_callrecord c
     WHERE {counted} AND {lead} IN (SELECT lead FROM touched)
), firsts AS MATERIALIZED (
    SELECT day, source_id, came_in, {wait} AS wait, leads FROM (({with_them}) UNION ALL ({without})) f
), by_source AS (
    INSERT INTO kpis_sourcewait AS w (engagement_id, day, source_id, wait, leads)
    SELECT %(engagement)s, day, source_id, wait, sum(leads) FROM firsts
     GROUP BY day, source_id, wait HAVING sum(leads) <> 0
        ON CONFLICT (engagement_id, day, source_id, wait) DO UPDATE SET leads = w.leads + excluded.leads
)
INSERT INTO kpis_hourwait AS w (engagement_id, day, hour, wait, leads)
SELECT %(engagement)s, day, came_in, wait, sum(leads) FROM firsts
 GROUP BY day, came_in, wait HAVING sum(leads) <> 0
    ON CONFLICT (engagement_id, day, hour, wait) DO UPDATE SET leads = w.leads + excluded.leads
"""


def mark() -> int:
    """A number that is less than the id of any call that this transaction will add."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence('kpis_callrecord', 'id'))")
        return int(cursor.fetchone()[0])


def add(batch: Import, since: int, *, told: bool) -> None:
    """Count the calls that were added since this mark; `told` says whether any of them says when its lead came in."""
    others = Import.objects.filter(engagement=batch.engagement_id, tells_waits=True)
    known = others.exists()
    if told and not batch.tells_waits:
        batch.tells_waits = True
        batch.save(update_fields=["tells_waits"])
    if known:
        _change(batch.engagement_id, batch.engagement.zone, "c.id > %(since)s", {"since": since}, come=True)
    elif told:
        # Until now nobody could tell, so that the leads of earlier files are counted with it.
        _change(batch.engagement_id, batch.engagement.zone, "true", {}, come=True)


def leave(batch: Import) -> None:
    """Count without the calls of an import that is about to be removed."""
    if Import.objects.filter(engagement=batch.engagement_id, tells_waits=True).exclude(pk=batch.pk).exists():
        _change(
            batch.engagement_id,
            batch.engagement.zone,
            "c.batch_id = %(batch)s",
            {"batch": batch.pk},
            come=False,
        )
    else:
        _empty(batch.engagement_id)


def refresh(engagement_id: int, zone: str) -> None:
    """Count all leads again."""
    _empty(engagement_id)
    if Import.objects.filter(engagement=engagement_id, tells_waits=True).exists():
        _change(engagement_id, zone, "true", {}, come=True)


def _empty(engagement_id: int) -> None:
    for model in (SourceWait, HourWait):
        model.objects.filter(engagement=engagement_id).delete()


def _change(engagement_id: int, zone: str, moving: str, values: dict[str, int], *, come: bool) -> None:
    sign = 1 if come else -1
    statement = CHANGE.format(
        lead=LEAD, counted=COUNTED, moving=moving, wait=step_sql("waited"),
        with_them=FIRST.format(sign=sign, where=""), without=FIRST.format(sign=-sign, where="WHERE NOT moving"),
    )  # fmt: skip
    with connection.cursor() as cursor:
        # The rows have just been written: before the table is analysed again PostgreSQL expects a single one and would
        # hold each call of the engagement against each lead that was touched.
        cursor.execute("SET LOCAL enable_nestloop TO off")
        cursor.execute(statement, {"engagement": engagement_id, "zone": zone, **values})
        cursor.execute("SET LOCAL enable_nestloop TO DEFAULT")
    for model in (SourceWait, HourWait):
        model.objects.filter(engagement=engagement_id, leads=0).delete()
