"""The wall, read from the database's own catalogue: a table, view or function that stands outside fails here."""

import pytest
from django.db import connection

from tenancy.roles import UnsafeRole, assert_plain_role
from tests.stage import as_worker, backstage
from tests.tenancy import catalogue
from tests.tenancy.catalogue import PLAIN_ROLES, column, rows
from tests.tenancy.scenes import models_by_table

pytestmark = pytest.mark.django_db

# Tables without row level security, each with the reason why it needs none.
GLOBAL = {
    "accounts_user": "a person may belong to several organisations and logs in before any context exists",
    "account_emailaddress": "belongs to a person, read while logging in",
    "account_emailconfirmation": "belongs to a person, read while logging in",
    "auth_group": "comes with Django's auth and stays empty: roles are code",
    "auth_group_permissions": "comes with Django's auth and stays empty: roles are code",
    "auth_permission": "names of models, the same for everybody",
    "django_content_type": "names of models, the same for everybody",
    "django_migrations": "which migrations ran; the plain roles may only read it",
    "django_session": "found by its random key only",
}

# The doors through the wall. Each asks who is asking, or is asked before anybody is anybody.
DEFINERS = {
    "enter": "reads memberships to compute what a person may see",
    "new_engagement_id": "reserves an id and lets this transaction see it",
    "new_organisation_id": "reserves an id and lets this transaction see it",
    "seats": "where a person may sit, asked before a context exists",
    "find_token": "whose API token this is, asked before a context exists",
    "find_invitation": "what the holder of an invitation may read before logging in",
    "accept_invitation": "makes a membership for somebody who has none yet",
    "find_closer_link": "what a closer's link is, asked by somebody without an account",
    "closer_transfers": "the transfers that an open link is about, without names and numbers",
    "append_trail": "the only way to write the trail",
    "visible_trail": "the trail of the context, and nothing else",
    "visible_own_trail": "the lines about the organisations of the context themselves",
    "side_heads": "how long the chains of an engagement's two organisations are, and nothing of what they say",
    "trail_heads": "how long the chains of the context are, and nothing of what they say",
    "people_to_remind": "ids of who owes something today, no content; for the worker only",
    "report_rounds": "ids of engagements whose evening or morning has come, no content; for the worker only",
    "report_readers": "ids of people whom reports wait for, no content; for the worker only",
    "let_go_of_pages": "deletes copies of pages of days that are over, tells how many; for the worker only",
    "remove_sample": "removes the sample of an organisation of the context, nothing else; for the worker only",
    "nobody_has": "whether an engagement's name is free, so that its files may go; for the worker only",
    "verify_trail": "heads and breaks of every chain, no content; for the worker only",
}

# Tables whose keys are proved once a statement, for a file brings them by the hundred thousand (ADR 0015).
BY_STATEMENT = (
    "kpis_callrecord", "kpis_codefact", "kpis_usefact", "kpis_agentfact", "kpis_dailyfact", "kpis_sourcewait",
    "kpis_sourcetalk", "kpis_agenttalk",
)  # fmt: skip

# Unique keys of tenant tables that need no tenant in them: nobody can guess or choose such a value.
UNGUESSABLE = {("public_id",), ("token_hash",)}


def _guarded() -> list[str]:
    return sorted(set(catalogue.tables()) - set(GLOBAL))


def test_every_table_is_behind_the_wall_or_on_the_list() -> None:
    open_tables = column(
        "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND NOT (relrowsecurity AND relforcerowsecurity) ORDER BY 1"
    )
    assert set(open_tables) == set(GLOBAL)


def test_a_table_of_an_engagement_or_organisation_is_never_global() -> None:
    assert not set(catalogue.tables_with("engagement_id", "organisation_id", "client_id")) & set(GLOBAL)


@pytest.mark.parametrize("role", PLAIN_ROLES)
def test_every_guarded_table_has_a_rule_for_reading_and_for_writing(role: str) -> None:
    complete = {
        policy.table
        for policy in catalogue.policies()
        if policy.permissive
        and role in policy.roles
        and policy.command == "ALL"
        and policy.using
        and policy.check
    }
    assert sorted(complete) == _guarded()


def test_policies_speak_only_to_the_plain_roles_and_only_the_outbox_trusts_the_worker() -> None:
    strangers = [str(policy) for policy in catalogue.policies() if not policy.roles <= set(PLAIN_ROLES)]
    free = [str(policy) for policy in catalogue.policies() if policy.permissive and policy.using == "true"]
    assert strangers == []
    assert free == ["tenancy_job.worker"]


def test_policies_ask_the_context_once_a_statement() -> None:
    """`(SELECT app.engagements())` is evaluated once; a bare call costs a multiple (measured)."""
    bare = [
        str(policy)
        for policy in catalogue.policies()
        for rule in (policy.using or "", policy.check or "")
        if rule.count("app.engagements()") != rule.count("SELECT app.engagements()")
        or rule.count("app.organisations()") != rule.count("SELECT app.organisations()")
    ]
    assert bare == []


def test_views_ask_with_the_readers_rights_and_nothing_is_materialised() -> None:
    views = rows(
        "SELECT relname::text, relkind::text, coalesce(reloptions::text[], '{}') FROM pg_class"
        " WHERE relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND relkind IN ('v', 'm')"
    )
    assert sorted(name for name, _, _ in views) == ["accounts_own_trail", "accounts_trail"]
    assert all(kind == "v" and "security_invoker=true" in options for _, kind, options in views)


def test_only_the_listed_functions_act_with_more_than_the_callers_rights() -> None:
    found = rows(
        "SELECT proname::text, proowner::regrole::text, coalesce(proconfig, '{}') FROM pg_proc"
        " WHERE prosecdef AND pronamespace IN ('public'::regnamespace, 'app'::regnamespace)"
    )
    assert {name for name, _, _ in found} == set(DEFINERS)
    assert {owner for _, owner, _ in found} == {"app_definer"}
    # pg_temp last: otherwise a temporary table of the caller would be read instead of the real one.
    assert {tuple(config) for _, _, config in found} == {("search_path=pg_catalog, public, pg_temp",)}


def test_nobody_but_the_plain_roles_may_call_a_definer_and_only_the_worker_verifies() -> None:
    open_to_all = column(
        "SELECT proname::text FROM pg_proc WHERE prosecdef AND pronamespace = 'app'::regnamespace"
        " AND (proacl IS NULL OR EXISTS (SELECT 1 FROM aclexplode(proacl) WHERE grantee = 0))"
    )
    web_calls = column(
        "SELECT proname::text FROM pg_proc WHERE prosecdef AND pronamespace = 'app'::regnamespace"
        " AND has_function_privilege('app_web', oid, 'EXECUTE')"
    )
    assert open_to_all == []
    assert set(DEFINERS) - set(web_calls) == {
        "verify_trail", "people_to_remind", "report_rounds", "report_readers", "remove_sample", "nobody_has",
        "let_go_of_pages",
    }  # fmt: skip


def test_a_triggers_function_is_not_fooled_by_a_temporary_table() -> None:
    """A guard that reads a table names where it looks."""
    loose = column(
        "SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.prorettype = 'trigger'::regtype"
        " AND p.pronamespace = 'app'::regnamespace AND p.prosrc ~* '\\mfrom\\M'"
        " AND NOT coalesce(p.proconfig, '{}') @> ARRAY['search_path=pg_catalog, public, pg_temp']"
    )
    assert loose == []


@pytest.mark.parametrize("role", PLAIN_ROLES)
def test_a_plain_role_is_bound_by_the_wall(role: str) -> None:
    attributes = rows(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolreplication FROM pg_roles WHERE rolname = %s",
        role,
    )
    owned = column(
        "SELECT count(*) FROM pg_shdepend d JOIN pg_roles r ON r.oid = d.refobjid"
        " WHERE d.refclassid = 'pg_authid'::regclass AND d.deptype = 'o' AND r.rolname = %s",
        role,
    )
    memberships = column("SELECT count(*) FROM pg_auth_members WHERE member = %s::regrole", role)
    assert attributes == [(False,) * 5]
    assert (owned, memberships) == ([0], [0])


@pytest.mark.parametrize("role", PLAIN_ROLES)
def test_a_plain_role_may_not_empty_a_table_nor_touch_the_trail_nor_make_tables(role: str) -> None:
    excessive = column(
        "SELECT c.oid::regclass::text || ' ' || privilege FROM pg_class c,"
        " unnest(ARRAY['TRUNCATE', 'REFERENCES', 'TRIGGER', 'MAINTAIN']) privilege"
        " WHERE c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace) AND c.relkind IN ('r', 'p', 'v')"
        " AND has_table_privilege(%s, c.oid, privilege)",
        role,
    )
    trail = column(
        "SELECT privilege FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) privilege"
        " WHERE has_table_privilege(%s, 'app.trail', privilege)",
        role,
    )
    schemas = column(
        "SELECT s FROM unnest(ARRAY['public', 'app']) s WHERE has_schema_privilege(%s, s, 'CREATE')", role
    )
    assert (excessive, trail, schemas) == ([], [], [])


def test_this_run_speaks_as_the_plain_role() -> None:
    assert_plain_role()
    assert column("SELECT current_user::text") == ["app_web"]
    with as_worker():
        assert_plain_role()


def test_start_up_refuses_a_role_that_the_wall_does_not_bind() -> None:
    with backstage(), pytest.raises(UnsafeRole, match="not bound by row level security"):
        assert_plain_role()


def test_every_key_between_tables_of_an_engagement_names_the_engagement() -> None:
    """A single-column foreign key accepts a row that the writer cannot see. Some tables prove it by statement."""
    of_engagement = set(catalogue.tables_with("engagement_id"))
    keys = [
        key
        for key in catalogue.foreign_keys()
        if key.child in of_engagement and key.parent in of_engagement and key.columns != ("engagement_id",)
    ]
    composite = {
        (key.child, key.columns[0], key.parent) for key in keys if key.columns[1:] == ("engagement_id",)
    }
    single = {(key.child, key.columns[0], key.parent) for key in keys if len(key.columns) == 1}
    named = {
        (model._meta.db_table, field.column, field.related_model._meta.db_table)
        for model in models_by_table().values()
        for field in model._meta.concrete_fields
        if field.is_relation
        and field.column != "engagement_id"
        and {model._meta.db_table, field.related_model._meta.db_table} <= of_engagement
    }
    by_statement = catalogue.keys_by_statement()
    assert {child for child, _, _ in by_statement} == set(BY_STATEMENT)
    assert single | named <= composite | by_statement, sorted((single | named) - composite - by_statement)


@pytest.mark.parametrize(
    "broken",
    [
        "DROP TRIGGER same_engagement ON kpis_usefact",
        "ALTER TABLE kpis_usefact DISABLE TRIGGER same_engagement",
        "DROP TRIGGER stays ON kpis_usefact",
        "DROP TRIGGER referred_by_kpis_usefact_agent_id ON engagements_agent",
        "ALTER TABLE engagements_agent DISABLE TRIGGER referred_by_kpis_usefact_agent_id",
    ],
)
def test_a_key_by_statement_counts_with_all_its_triggers_only(broken: str) -> None:
    key = ("kpis_usefact", "agent_id", "engagements_agent")
    assert key in catalogue.keys_by_statement()
    with backstage(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(broken)
    assert key not in catalogue.keys_by_statement()


def test_a_row_without_a_key_to_its_engagement_has_a_parent_in_it() -> None:
    """What stands in an engagement through a parent needs no second key to the engagement itself."""
    keyed = {key.child for key in catalogue.foreign_keys() if key.columns == ("engagement_id",)}
    of_engagement = {
        model._meta.db_table
        for model in models_by_table().values()
        for field in model._meta.concrete_fields
        if field.is_relation and field.column == "engagement_id"
    }
    through = {
        child
        for child, name, _ in catalogue.keys_by_statement()
        if not models_by_table()[child]._meta.get_field(name.removesuffix("_id")).null
    }
    assert of_engagement - keyed <= through


def test_unique_keys_of_tenant_tables_name_the_tenant() -> None:
    """A unique key without it tells a stranger that a row exists."""
    oracles = []
    for table in catalogue.tables_with("engagement_id", "organisation_id"):
        for name, columns in catalogue.unique_keys(table):
            if not {"engagement_id", "organisation_id"} & set(columns) and columns not in UNGUESSABLE:
                oracles.append(name)
    assert oracles == []


def test_public_ids_are_made_by_the_database_as_uuid_version_7() -> None:
    defaults = rows(
        "SELECT c.relname::text, pg_get_expr(d.adbin, d.adrelid) FROM pg_attribute a"
        " JOIN pg_class c ON c.oid = a.attrelid AND c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')"
        " LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attname = 'public_id'"
    )
    assert defaults
    assert {expression for _, expression in defaults} == {"uuidv7()"}


def test_the_database_roles_of_a_run_are_those_of_a_real_place() -> None:
    """Temporary tables for the two plain roles, for nobody else: as `migrate` leaves it anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r::text, has_database_privilege(r, current_database(), 'TEMPORARY')"
            " FROM unnest(ARRAY['app_web', 'app_worker', 'app_definer', 'tollgate_backup']::regrole[]) r"
        )
        assert dict(cursor.fetchall()) == {
            "app_web": True,
            "app_worker": True,
            "app_definer": False,
            "tollgate_backup": False,
        }


def test_a_backup_may_read_all_that_there_is() -> None:
    """`pg_dump` as the backup role stops at the first table or sequence that it may not read."""
    unread = rows(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE n.nspname IN ('public', 'app') AND CASE c.relkind"
        " WHEN 'S' THEN NOT has_sequence_privilege('tollgate_backup', c.oid, 'SELECT')"
        " WHEN 'r' THEN NOT has_table_privilege('tollgate_backup', c.oid, 'SELECT')"
        " WHEN 'p' THEN NOT has_table_privilege('tollgate_backup', c.oid, 'SELECT') ELSE false END"
    )
    assert unread == []
