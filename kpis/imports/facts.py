"""The small sums by day that pages read: kept equal to the calls whenever these change.

New rows are added to the sums that stand, so an import costs what its own rows cost; whatever else changes calls has
the sums of the touched days made anew. All are made in one pass over the rows.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection

from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.models import Disposition, Import

from . import heard
from .mapped import named, names_of

COLUMNS = {
    Stage.CONTACT: "contacts",
    Stage.QUALIFIED: "qualified",
    Stage.TRANSFER: "transfers",
    Stage.SHOW: "shows",
    Stage.CLOSE: "closes",
}
SUMS = ("calls", "dials", *COLUMNS.values(), "talk_s", "talked", "wrap_s", "wrapped")


@dataclass(frozen=True, slots=True)
class Rollup:
    """A table of sums, and by what its rows are grouped."""

    table: str
    keys: tuple[str, ...]


ROLLUPS = (
    Rollup("kpis_dailyfact", ("day", "source_id")),
    Rollup("kpis_hourfact", ("day", "hour")),
    Rollup("kpis_agentfact", ("day", "agent_id")),
    Rollup("kpis_codefact", ("day", "batch_id", "source_id", "disposition_id")),
    Rollup("kpis_usefact", ("day", "agent_id", "disposition_id")),
    Rollup("kpis_attemptfact", ("day", "attempt")),
)
KEYS = ("batch_id", "day", "hour", "source_id", "agent_id", "disposition_id", "attempt")


def _grouping(rollup: Rollup) -> int:
    """What PostgreSQL's grouping() says for this rollup: a bit for each key that it leaves out, the last the lowest."""
    return sum(1 << place for place, key in enumerate(reversed(KEYS)) if key not in rollup.keys)


def _added_to(rollup: Rollup) -> str:
    columns = ", ".join((*rollup.keys, *SUMS))
    more = ", ".join(f"{name} = {rollup.table}.{name} + excluded.{name}" for name in SUMS)
    return f"""
    INSERT INTO {rollup.table} (engagement_id, {columns})
    SELECT %(engagement)s, {columns} FROM grouped WHERE which = {_grouping(rollup)}
        ON CONFLICT (engagement_id, {", ".join(rollup.keys)}) DO UPDATE SET {more}"""  # noqa: S608  our own names


def _summing() -> str:
    """Common table expressions that add `changed` (calls, and as bits in `told` what their file can tell) to the sums.

    A stage is counted only where every file behind a group can tell it: a number without part of the calls behind it
    would be a wrong rate. Adding keeps that, for a number plus no data is no data.
    """
    stages = ", ".join(
        f"CASE WHEN bit_and(told) & {1 << stage.value} > 0 THEN count(*) FILTER (WHERE depth >= {stage.value}) END"
        f" AS {column}"
        for stage, column in COLUMNS.items()
    )
    sets = ", ".join(f"({', '.join(rollup.keys)})" for rollup in ROLLUPS)
    made = ",".join(f" in_{rollup.table} AS ({_added_to(rollup)})" for rollup in ROLLUPS)
    return f"""
    grouped AS MATERIALIZED (
        SELECT grouping({", ".join(KEYS)}) AS which, {", ".join(KEYS)}, count(*) AS calls,
               sum(dials) AS dials, {stages},
               coalesce(sum(talk_s), 0) AS talk_s, count(talk_s) AS talked,
               coalesce(sum(wrap_s), 0) AS wrap_s, count(wrap_s) AS wrapped
          FROM changed GROUP BY GROUPING SETS ({sets})
    ),{made}"""  # noqa: S608  our own names


# To be put behind a `WITH changed AS (...)`.
SUMMING = _summing()


def lock(engagement_id: int) -> None:
    """Let one writer at a time change this engagement's calls, until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kpis.calls'), %s)", [engagement_id % 2**31])


def bits(measures: Iterable[str]) -> int:
    """Which stages a file can tell, as a bit for each."""
    told = set(measures)
    return sum(1 << stage.value for stage in Stage if stage.key in told)


def refresh(engagement_id: int, days: Iterable[date] | None = None) -> None:
    """Make the sums of these days (None: of all days) equal to the calls again."""
    which = "" if days is None else "AND {}day = ANY(%(days)s)"
    values = {"engagement": engagement_id, "days": None if days is None else list(days)}
    told = " + ".join(f"CASE WHEN '{s.key}' = ANY (measures) THEN {1 << s.value} ELSE 0 END" for s in Stage)
    later = (
        heard.HEARD.format(days=which.format("c.")) if heard.any_told(engagement_id) else heard.NOTHING_HEARD
    )
    with connection.cursor() as cursor:
        for rollup in ROLLUPS:
            cursor.execute(
                f"DELETE FROM {rollup.table} WHERE engagement_id = %(engagement)s {which.format('')}",  # noqa: S608
                values,
            )
        cursor.execute(
            f"""
            WITH files AS MATERIALIZED (
                SELECT id, {told} AS told FROM kpis_import WHERE engagement_id = %(engagement)s
            ), {later}, changed AS (
                SELECT c.batch_id, c.day, c.hour, c.source_id, c.agent_id, c.disposition_id, c.attempt, c.depth,
                       c.dials, c.talk_s, c.wrap_s, f.told | coalesce(h.told, 0) AS told
                  FROM kpis_callrecord c JOIN files f ON f.id = c.batch_id
                  LEFT JOIN heard h ON h.batch_id = c.batch_id AND h.day = c.day
                 WHERE c.engagement_id = %(engagement)s {which.format("c.")}
            ), {SUMMING}
            SELECT count(*) FROM grouped
            """,  # noqa: S608  the pieces are ours, the values are parameters
            values,
        )


def update_measures(engagement_id: int, system: str) -> bool:
    """Note what this system's files can tell, given the codes in use; True when that changed for one with calls."""
    outcomes = Disposition.objects.filter(engagement_id=engagement_id, system=system).values_list(
        "outcome", flat=True
    )
    in_use = {Outcome(outcome) for outcome in outcomes}
    changed = False
    for name in names_of(system):
        preset = named(engagement_id, name)
        told = preset.can_measure(in_use) if preset else frozenset()
        measures = [stage.key for stage in Stage if stage in told]
        stale = Import.objects.filter(engagement_id=engagement_id, preset=name).exclude(measures=measures)
        changed = stale.filter(accepted__gt=0).exists() or changed
        stale.update(measures=measures)
    return changed
