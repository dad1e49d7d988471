"""Each policy is broken in turn, and something concrete must then go wrong: no policy is only decoration."""

from collections.abc import Callable

import pytest
from django.db import connection, models, transaction
from psycopg import sql

from accounts.models import Brand, User
from accounts.roles import Side
from engagements.models import Comment
from tenancy import context
from tests.stage import backstage, role
from tests.tenancy import catalogue
from tests.tenancy.breaking import FRESH, Promises, broken, copy_of, execute, refused_by_policy
from tests.tenancy.catalogue import Policy
from tests.tenancy.scenes import NOON, Scene, models_by_table


@pytest.fixture
def scenes(db: None) -> tuple[Scene, Scene]:
    with backstage():
        return Scene("Amber"), Scene("Cobalt")


@pytest.fixture
def all_policies(db: None) -> list[Policy]:
    return catalogue.policies()


def _sees(row: models.Model) -> bool:
    statement = sql.SQL("SELECT 1 FROM {} WHERE id = %s").format(sql.Identifier(row._meta.db_table))
    return execute(statement, row.pk) == 1


def _probe(own: models.Model, foreign: models.Model, user: User, database_role: str) -> Promises:
    """What must hold for a person of one tenant, with a row of their own and a row of the other tenant."""
    insert = copy_of(foreign)
    with role(database_role), context.entered(user_id=user.pk):
        return {
            "sees its own row": _sees(own),
            "does not see the other's": not _sees(foreign),
            "cannot write a row of the other's": refused_by_policy(*insert),
        }


def _alter(policy: Policy, clause: str) -> None:
    with backstage():
        execute(
            sql.SQL("ALTER POLICY {} ON {} " + clause).format(
                sql.Identifier(policy.name), sql.Identifier(policy.table)
            )
        )


def _drop(policy: Policy) -> None:
    with backstage():
        execute(
            sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy.name), sql.Identifier(policy.table))
        )


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


def _check_permissive(policy: Policy, everything: list[Policy], probe: Callable[[], Promises]) -> None:
    assert all(probe().values()), (policy, probe())
    with transaction.atomic():
        # A second policy on the table would hide what this one does.
        for other in everything:
            if other.table == policy.table and not other.permissive:
                _drop(other)
        assert broken(lambda: None, probe) == set(), policy
        assert "sees its own row" in broken(lambda: _drop(policy), probe), policy
        assert "does not see the other's" in broken(lambda: _alter(policy, "USING (true)"), probe), policy
        writing = broken(lambda: _alter(policy, "WITH CHECK (true)"), probe)
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

    def probe() -> Promises:
        with role("app_worker"):
            return {"sees every job": all(_sees(one) for one in jobs)}

    assert probe() == {"sees every job": True}
    assert broken(lambda: _drop(worker), probe) == {"sees every job"}


def _signs_for_others(scene: Scene, table: str) -> Promises:
    model = models_by_table()[table]
    with backstage():
        row = scene.row(model)
    in_anothers_name = copy_of(row, user_id=scene.manager.pk)
    for_the_other_side = copy_of(row, user_id=scene.leader.pk, side=Side.CLIENT)
    rightly = copy_of(row, user_id=scene.leader.pk, content_hash="another")
    with context.entered(user_id=scene.leader.pk):
        assert not refused_by_policy(*rightly)
        return {
            "cannot sign in another's name": refused_by_policy(*in_anothers_name),
            "cannot sign for the other side": refused_by_policy(*for_the_other_side),
        }


def _asks_in_anothers_name(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(models_by_table()[table])
    insert = copy_of(row, user_id=scene.manager.pk, key="another")
    with context.entered(user_id=scene.leader.pk):
        return {"cannot ask for work in another's name": refused_by_policy(*insert)}


def _hands_over_to_another(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(models_by_table()[table])
    update = sql.SQL("UPDATE {} SET user_id = %s WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        return {"cannot hand work over to another": refused_by_policy(update, scene.manager.pk, row.pk)}


def _renames_the_other_side(scene: Scene, table: str) -> Promises:
    update = sql.SQL("UPDATE {} SET name = 'renamed' WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        assert _sees(scene.client)
        return {"cannot rename the other side": execute(update, scene.client.pk) == 0}


def _deletes_the_other_side(scene: Scene, table: str) -> Promises:
    delete = sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table))
    with context.entered(user_id=scene.leader.pk):
        return {"cannot delete the other side": execute(delete, scene.client.pk) == 0}


def _takes_over_the_other_sides_brand(scene: Scene, table: str) -> Promises:
    """What the other side shows may be seen; that nobody writes under its name holds the rule for new rows."""
    update = sql.SQL("UPDATE {} SET organisation_id = %s WHERE id = %s").format(sql.Identifier(table))
    brand = _brand_of_the_client(scene)
    with context.entered(user_id=scene.leader.pk):
        assert _sees(brand)
        return {"cannot take the other side's brand over": execute(update, scene.operator.pk, brand.pk) == 0}


def _takes_the_other_sides_brand(scene: Scene, table: str) -> Promises:
    delete = sql.SQL("DELETE FROM {} WHERE id = %s").format(sql.Identifier(table))
    brand = _brand_of_the_client(scene)
    with context.entered(user_id=scene.leader.pk):
        return {"cannot take the other side's brand away": execute(delete, brand.pk) == 0}


def _brand_of_the_client(scene: Scene) -> Brand:
    with backstage():
        return Brand.objects.get_or_create(organisation=scene.client)[0]


def _speaks_for_others(scene: Scene, table: str) -> Promises:
    with backstage():
        row = scene.row(models_by_table()[table])
    rightly = copy_of(row, by_id=scene.leader.pk, by_side=Side.OPERATOR)
    in_anothers_name = copy_of(row, by_id=scene.manager.pk, by_side=Side.OPERATOR)
    for_the_other_side = copy_of(row, by_id=scene.leader.pk, by_side=Side.CLIENT)
    with context.entered(user_id=scene.leader.pk):
        assert not refused_by_policy(*rightly)
        return {
            "cannot speak in another's name": refused_by_policy(*in_anothers_name),
            "cannot speak for the other side": refused_by_policy(*for_the_other_side),
        }


def _reads_the_other_sides_notes(scene: Scene, table: str) -> Promises:
    """A note of the client, asked for and written by somebody of the operator."""
    model = models_by_table()[table]
    with backstage():
        if not model._base_manager.filter(pk=FRESH).exists():
            execute(*copy_of(scene.row(model), **_note_of_the_client(scene, model)))
        note = model._base_manager.get(pk=FRESH)
    another = copy_of(note, id=FRESH + 1, by_side=Side.OPERATOR, by_id=scene.leader.pk)
    with context.entered(user_id=scene.leader.pk):
        return {
            "does not see a note of the other side": not _sees(note),
            "cannot write a note of the other side": refused_by_policy(*another),
        }


def _note_of_the_client(scene: Scene, model: type[models.Model]) -> dict[str, object]:
    if model is Comment:
        return {"side": Side.CLIENT, "by_side": Side.CLIENT, "by_id": scene.client_lead.pk}
    comment = Comment.objects.create(
        engagement=scene.engagement, about="x", side=Side.CLIENT, text="x", by=scene.client_lead, by_name="x",
        by_side=Side.CLIENT, at=NOON, page="/",
    )  # fmt: skip
    return {"side": Side.CLIENT, "comment_id": comment.pk}


# A restrictive policy holds something of its own; one without a probe fails the test below.
RESTRICTIVE: dict[str, Callable[[Scene, str], Promises]] = {
    "own_signature": _signs_for_others,
    "own_words": _speaks_for_others,
    "own_side": _reads_the_other_sides_notes,
    "own_name": _asks_in_anothers_name,
    "own_name_again": _hands_over_to_another,
    "own_update": _renames_the_other_side,
    "own_delete": _deletes_the_other_side,
    "own_brand_update": _takes_over_the_other_sides_brand,
    "own_brand_delete": _takes_the_other_sides_brand,
}


def test_each_restrictive_policy_holds_something_of_its_own(
    scenes: tuple[Scene, Scene], all_policies: list[Policy]
) -> None:
    amber, _ = scenes
    restrictive = [policy for policy in all_policies if not policy.permissive]
    assert {policy.name for policy in restrictive} == set(RESTRICTIVE)
    for policy in restrictive:

        def probe(policy: Policy = policy) -> Promises:
            return RESTRICTIVE[policy.name](amber, policy.table)

        promises = set(probe())
        assert broken(lambda: None, probe) == set(), policy
        assert broken(lambda policy=policy: _drop(policy), probe) == promises, policy
        words = [word for word, rule in (("USING", policy.using), ("WITH CHECK", policy.check)) if rule]
        opened = " ".join(f"{word} (true)" for word in words)
        assert broken(lambda p=policy, clause=opened: _alter(p, clause), probe) == promises, policy


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
