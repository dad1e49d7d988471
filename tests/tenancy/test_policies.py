"""Each policy is broken in turn, and something concrete must then go wrong: no policy is only decoration."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, models, transaction
from psycopg import errors, sql

from accounts.models import User
from accounts.roles import Side
from tenancy import context
from tests.stage import backstage, role
from tests.tenancy import catalogue
from tests.tenancy.catalogue import Policy
from tests.tenancy.scenes import Scene, models_by_table

FRESH = 9_000_000_000  # an id that no sequence of a test reaches


@pytest.fixture
def scenes(db: None) -> tuple[Scene, Scene]:
    with backstage():
        return Scene("Amber"), Scene("Cobalt")


@pytest.fixture
def all_policies(db: None) -> list[Policy]:
    return catalogue.policies()


def _execute(statement: sql.Composable, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters or None)
        return cursor.rowcount


def _sees(row: models.Model) -> bool:
    statement = sql.SQL("SELECT 1 FROM {} WHERE id = %s").format(sql.Identifier(row._meta.db_table))
    return _execute(statement, row.pk) == 1


def _refused(statement: sql.Composable, *parameters: object) -> bool:
    """Whether row level security itself refuses the statement; any other outcome means that it let it through."""
    try:
        with transaction.atomic():
            _execute(statement, *parameters)
    except DatabaseError as error:
        return isinstance(error.__cause__, errors.InsufficientPrivilege) and "row-level security" in str(
            error
        )
    return False


def _copy(row: models.Model, **changes: object) -> tuple[sql.Composable, str]:
    """The INSERT of another such row, with a new id."""
    table = sql.Identifier(row._meta.db_table)
    with backstage(), connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT to_jsonb(t) FROM {} t WHERE id = %s").format(table), [row.pk])
        values: dict[str, Any] = json.loads(cursor.fetchone()[0])
    fresh = {"id": FRESH, "public_id": str(uuid4()), "token_hash": uuid4().hex}
    values |= {name: value for name, value in fresh.items() if name in values} | changes
    statement = sql.SQL("INSERT INTO {t} SELECT (jsonb_populate_record(NULL::{t}, %s::jsonb)).*").format(
        t=table
    )
    return statement, json.dumps(values)


def _probe(own: models.Model, foreign: models.Model, user: User, database_role: str) -> dict[str, bool]:
    """What must hold for a person of one tenant, with a row of their own and a row of the other tenant."""
    insert = _copy(foreign)
    with role(database_role), context.entered(user_id=user.pk):
        return {
            "sees its own row": _sees(own),
            "does not see the other's": not _sees(foreign),
            "cannot write a row of the other's": _refused(*insert),
        }


def _alter(policy: Policy, clause: str) -> None:
    with backstage():
        _execute(
            sql.SQL("ALTER POLICY {} ON {} " + clause).format(
                sql.Identifier(policy.name), sql.Identifier(policy.table)
            )
        )


def _drop(policy: Policy) -> None:
    with backstage():
        _execute(
            sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy.name), sql.Identifier(policy.table))
        )


def _broken(mutate: Callable[[], None], probe: Callable[[], dict[str, bool]]) -> set[str]:
    """Which promises no longer hold after the mutation, which is undone."""
    with transaction.atomic():
        mutate()
        found = probe()
        transaction.set_rollback(True)
    return {promise for promise, holds in found.items() if not holds}


def test_each_permissive_policy_is_what_stands_between_two_tenants(
    scenes: tuple[Scene, Scene], all_policies: list[Policy]
) -> None:
    amber, cobalt = scenes
    checked = 0
    for policy in [policy for policy in all_policies if policy.permissive and policy.using != "true"]:
        model = models_by_table()[policy.table]
        with backstage():
            own, foreign = amber.row(model), cobalt.row(model)
        for database_role in sorted(policy.roles):
            _check_permissive(
                policy, all_policies, lambda r=database_role, o=own, f=foreign: _probe(o, f, amber.leader, r)
            )
            checked += 1
    assert checked > 50


def _check_permissive(policy: Policy, everything: list[Policy], probe: Callable[[], dict[str, bool]]) -> None:
    assert all(probe().values()), (policy, probe())
    with transaction.atomic():
        # A second policy on the table would hide what this one does.
        for other in everything:
            if other.table == policy.table and not other.permissive:
                _drop(other)
        assert _broken(lambda: None, probe) == set(), policy
        assert "sees its own row" in _broken(lambda: _drop(policy), probe), policy
        assert "does not see the other's" in _broken(lambda: _alter(policy, "USING (true)"), probe), policy
        writing = _broken(lambda: _alter(policy, "WITH CHECK (true)"), probe)
        assert writing == {"cannot write a row of the other's"}, policy
        transaction.set_rollback(True)


def test_the_worker_sees_every_job_and_without_its_policy_none(
    scenes: tuple[Scene, Scene], all_policies: list[Policy]
) -> None:
    amber, cobalt = scenes
    job = models_by_table()["tenancy_job"]
    with backstage():
        jobs = [amber.row(job), cobalt.row(job)]
    (worker,) = [policy for policy in all_policies if policy.permissive and policy.using == "true"]

    def probe() -> dict[str, bool]:
        with role("app_worker"):
            return {"sees every job": all(_sees(one) for one in jobs)}

    assert probe() == {"sees every job": True}
    assert _broken(lambda: _drop(worker), probe) == {"sees every job"}


def _signs_for_others(scene: Scene, table: str) -> dict[str, bool]:
    model = models_by_table()[table]
    with backstage():
        row = scene.row(model)
    in_anothers_name = _copy(row, user_id=scene.manager.pk)
    for_the_other_side = _copy(row, user_id=scene.leader.pk, side=Side.CLIENT)
    rightly = _copy(row, user_id=scene.leader.pk, content_hash="another")
    with context.entered(user_id=scene.leader.pk):
        assert not _refused(*rightly)
        return {
            "cannot sign in another's name": _refused(*in_anothers_name),
            "cannot sign for the other side": _refused(*for_the_other_side),
        }


def _asks_in_anothers_name(scene: Scene, table: str) -> dict[str, bool]:
    with backstage():
        row = scene.row(models_by_table()[table])
    insert = _copy(row, user_id=scene.manager.pk, key="another")
    with context.entered(user_id=scene.leader.pk):
        return {"cannot ask for work in another's name": _refused(*insert)}


def _hands_over_to_another(scene: Scene, table: str) -> dict[str, bool]:
    with backstage():
        row = scene.row(models_by_table()[table])
    update = sql.SQL("UPDATE {} SET user_id = %s WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        return {"cannot hand work over to another": _refused(update, scene.manager.pk, row.pk)}


def _renames_the_other_side(scene: Scene, table: str) -> dict[str, bool]:
    update = sql.SQL("UPDATE {} SET name = 'renamed' WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        assert _sees(scene.client)
        return {"cannot rename the other side": _execute(update, scene.client.pk) == 0}


def _deletes_the_other_side(scene: Scene, table: str) -> dict[str, bool]:
    delete = sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        return {"cannot delete the other side": _execute(delete, scene.client.pk) == 0}


# A restrictive policy holds something of its own; one without a probe fails the test below.
RESTRICTIVE: dict[str, Callable[[Scene, str], dict[str, bool]]] = {
    "own_signature": _signs_for_others,
    "own_name": _asks_in_anothers_name,
    "own_name_again": _hands_over_to_another,
    "own_update": _renames_the_other_side,
    "own_delete": _deletes_the_other_side,
}


def test_each_restrictive_policy_holds_something_of_its_own(
    scenes: tuple[Scene, Scene], all_policies: list[Policy]
) -> None:
    amber, _ = scenes
    restrictive = [policy for policy in all_policies if not policy.permissive]
    assert {policy.name for policy in restrictive} == set(RESTRICTIVE)
    for policy in restrictive:

        def probe(policy: Policy = policy) -> dict[str, bool]:
            return RESTRICTIVE[policy.name](amber, policy.table)

        promises = set(probe())
        assert _broken(lambda: None, probe) == set(), policy
        assert _broken(lambda policy=policy: _drop(policy), probe) == promises, policy
        words = [word for word, rule in (("USING", policy.using), ("WITH CHECK", policy.check)) if rule]
        opened = " ".join(f"{word} (true)" for word in words)
        assert _broken(lambda p=policy, clause=opened: _alter(p, clause), probe) == promises, policy


def test_a_member_sees_only_the_engagements_they_take_part_in(scenes: tuple[Scene, Scene]) -> None:
    """The policies ask `app.enter`; this is what `app.enter` answers for each kind of person."""
    amber, _ = scenes
    with backstage():
        idle = amber._person("idle", amber.operator)
    seen = {
        person.name: _visible(person)
        for person in (amber.leader, amber.manager, amber.client_lead, amber.client_leader, idle)
    }
    assert seen == {
        "Amber leader": True,
        "Amber manager": True,
        "Amber lead": True,
        "Amber client leader": True,
        "Amber idle": False,
    }


def _visible(person: User) -> bool:
    with context.entered(user_id=person.pk), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM engagements_engagement")
        return cursor.fetchone()[0] == 1
