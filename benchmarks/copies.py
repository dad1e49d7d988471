"""The demo many times over: every row of a tenant copied in the database, with ids of its own.

A copy's ids are the original's plus a stride, keys between the rows move with them, and what has to be unique is drawn
anew. Copies stand in groups; each group has organisations and people of its own, so that a person sees one group.
"""

from collections.abc import Iterable, Iterator
from itertools import chain

from django.apps import apps
from django.db import connection
from django.db.models import AutoField, Field, ForeignKey, Model, UUIDField

from accounts.models import Membership, Organisation, User
from engagements.models import Engagement, Kept
from milestones.models import Glance

STRIDE = 10_000_000
PEOPLE: tuple[type[Model], ...] = (Organisation, User, Membership)
# What a call log leaves behind beside its sums of a day: nothing that pages across engagements read.
HEAVY = {
    "kpis_callrecord", "kpis_hourfact", "kpis_agentfact", "kpis_codefact", "kpis_usefact", "kpis_attemptfact",
    "kpis_sourcewait", "kpis_hourwait", "kpis_sourcetalk", "kpis_agenttalk", "kpis_qacall", "kpis_qareview",
}  # fmt: skip
# Ids of rows in columns that are no keys.
UNTOLD_KEYS = {
    ("kpis_windowverdict", "call"): "{column} + {by}",
    (
        "kpis_qadraw",
        "by_agent",
    ): "coalesce((SELECT jsonb_object_agg(CASE WHEN k = '' THEN k ELSE (k::bigint + {by})::text END, v)"
    " FROM jsonb_each({column}) AS each(k, v)), '{{}}')",
}
COPY, GROUP = "copy.number", "copy.number / {size}"


def tenant_models() -> Iterator[type[Model]]:
    """Every model whose rows belong to one engagement, and the engagement."""
    for model in apps.get_models():
        fields = {field.name for field in model._meta.concrete_fields}
        if model in (Glance, Kept):
            continue  # copies themselves, and made anew where it is missing
        if model is Engagement or (model._meta.managed and "engagement" in fields):
            yield model


def copy_demo(first: int, last: int, *, size: int, calls: bool) -> None:
    """Copies `first` to `last` of what the database held at the beginning, as its administrator."""
    tenants = list(tenant_models())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for model in PEOPLE:
            numbers = f"SELECT DISTINCT {GROUP.format(size=size)} AS number FROM copy WHERE number >= {size}"
            cursor.execute(
                _statement(model, model._meta.concrete_fields, numbers, first, last, size, tenants)
            )
        for model in tenants:
            if calls or model._meta.db_table not in HEAVY:
                cursor.execute(
                    _statement(
                        model,
                        model._meta.concrete_fields,
                        "SELECT number FROM copy",
                        first,
                        last,
                        size,
                        tenants,
                    )
                )
        cursor.execute(
            "INSERT INTO app.trail (engagement_id, sequence, body, previous, hash)"
            " SELECT engagement_id + n * %s, sequence, body, previous, hash"
            " FROM app.trail, generate_series(%s::bigint, %s) n"
            " WHERE engagement_id < %s",
            [STRIDE, first, last, STRIDE],
        )
        cursor.execute("SET session_replication_role = origin")


def _statement(
    model: type[Model], fields: Iterable[Field], numbers: str, first: int, last: int, size: int,
    tenants: list[type[Model]],
) -> str:  # fmt: skip
    fields = list(fields)
    table = model._meta.db_table
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(chain(_value(model, field, size, tenants) for field in fields))
    once = " ON CONFLICT DO NOTHING" if model in PEOPLE else ""
    return (
        f"WITH copy(number) AS (SELECT generate_series({first}::bigint, {last})) "
        f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" AS t, ({numbers}) AS copy '
        f'WHERE t."{model._meta.pk.column}" < {STRIDE}{once}'
    )


def _value(model: type[Model], field: Field, size: int, tenants: list[type[Model]]) -> str:
    column = f't."{field.column}"'
    own = COPY if model not in PEOPLE else None
    group = "copy.number" if own is None else GROUP.format(size=size)
    if isinstance(field, ForeignKey):
        if field.related_model in PEOPLE:
            return f"{column} + ({group}) * {STRIDE}"
        return f"{column} + copy.number * {STRIDE}" if field.related_model in tenants else column
    if isinstance(field, AutoField) or field.primary_key:
        return f"{column} + copy.number * {STRIDE}"
    if isinstance(field, UUIDField) and field.unique:
        return "gen_random_uuid()"
    if (model._meta.db_table, field.column) in UNTOLD_KEYS:
        return UNTOLD_KEYS[model._meta.db_table, field.column].format(
            column=column, by=f"copy.number * {STRIDE}"
        )
    if field.unique:
        kept = f"::varchar({field.max_length})" if getattr(field, "max_length", None) else ""
        if field.column == "email":
            return f"({group}) || '-' || {column}"
        return f"(encode(sha256(({column} || copy.number)::bytea), 'hex')){kept}"
    if model is Engagement and field.column == "campaign":
        return f"{column} || ' ' || copy.number"
    return column
