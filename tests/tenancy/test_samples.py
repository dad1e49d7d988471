"""A sample goes without a trace, and nothing else ever does: each promise is asked of the database itself."""

from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg import sql

from accounts import trail
from accounts.models import Invitation, Membership, Organisation, User
from accounts.roles import OrganisationRole, ParticipantRole, Side
from accounts.seat import Seat
from engagements.models import Engagement, Participant
from tenancy import context
from tests.factories import OrganisationFactory, UserFactory
from tests.stage import as_worker, backstage, role
from tests.tenancy.breaking import copy_of, execute, refusal, refused_by_trigger
from tests.tenancy.catalogue import column, rows
from tests.tenancy.scenes import NOON, Scene, models_by_table

REMOVE = sql.SQL("SELECT app.remove_sample(%s)")


def whole(name: str, *, sample: bool) -> Scene:
    """A scene with a row in every table of engagements and organisations, and lines in both chains."""
    with backstage():
        made = Scene(name, sample=sample)
        for model in models_by_table().values():
            if {field.attname for field in model._meta.concrete_fields} & {
                "engagement_id",
                "organisation_id",
            }:
                made.row(model)
    with context.entered(user_id=made.leader.pk):
        seat = Seat(made.leader, made.operator, OrganisationRole.ADMIN)
        trail.record(by=seat, action="scene.made", subject=name, engagement_id=made.engagement.pk)
        trail.record(by=seat, action="scene.made", subject=name)
    return made


@pytest.fixture
def sample(db: None) -> Scene:
    return whole("Amber", sample=True)


def tables() -> list[str]:
    return column(
        "SELECT c.oid::regclass::text FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid"
        " WHERE a.attname = 'engagement_id' AND NOT a.attisdropped AND c.relkind IN ('r', 'p')"
        " AND NOT c.relispartition AND c.relnamespace IN ('public'::regnamespace, 'app'::regnamespace) ORDER BY 1"
    )


def rows_of(scene: Scene) -> dict[str, int]:
    """How many rows name the engagement, by table."""
    with backstage():
        return {
            table: rows(f"SELECT count(*) FROM {table} WHERE engagement_id = %s", scene.engagement.pk)[0][0]  # noqa: S608
            for table in tables()
        }


def remove(scene: Scene, *, asked_by: User | None = None) -> list[UUID]:
    """As the job does it, in the name of somebody."""
    with as_worker(), context.entered(user_id=(asked_by or scene.leader).pk):
        return column("SELECT app.remove_sample(%s)", scene.operator.pk)[0]


def test_nothing_is_left_of_a_sample_and_all_of_everything_else(sample: Scene) -> None:
    real = whole("Birch", sample=False)
    before = rows_of(real)
    assert {table for table, number in rows_of(sample).items() if not number} <= {"accounts_invitation"}
    assert remove(sample) == [sample.engagement.public_id]
    assert {table for table, number in rows_of(sample).items() if number} == set()
    assert rows_of(real) == before
    with backstage():
        assert not Engagement.objects.filter(pk=sample.engagement.pk).exists()
        assert not Organisation.objects.filter(pk=sample.client.pk).exists()
        assert not User.objects.filter(pk__in=[sample.client_lead.pk, sample.client_leader.pk]).exists()
        assert not Membership.objects.filter(organisation_id=sample.client.pk).exists()
        # The real side stays as it is, with its own trail.
        assert Membership.objects.filter(organisation=sample.operator).count() == 2
        chains = rows("SELECT organisation_id FROM app.trail WHERE engagement_id IS NULL ORDER BY 1")
        broken = [line for line in rows("SELECT chain, broken_at FROM app.verify_trail()") if line[1]]
    assert chains == [(sample.operator.pk,), (real.operator.pk,)]
    assert broken == []
    assert remove(sample) == [], "a second time finds nothing"


def test_a_removal_that_is_cut_off_leaves_everything(sample: Scene) -> None:
    before = rows_of(sample)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        remove(sample)
        raise ZeroDivisionError
    assert rows_of(sample) == before


def test_whoever_came_too_late_leaves_no_line(sample: Scene) -> None:
    """A request may have begun before: its context still lists what is gone."""
    with context.entered(user_id=sample.leader.pk):
        remove(sample)
        with pytest.raises(DatabaseError, match="is gone"), transaction.atomic():
            trail.record(
                by=Seat(sample.leader, sample.operator, OrganisationRole.ADMIN), action="scene.made", subject="late",
                engagement_id=sample.engagement.pk,
            )  # fmt: skip
    assert set(rows_of(sample).values()) == {0}


def test_a_real_engagement_is_never_removed_whoever_asks(db: None) -> None:
    real = whole("Birch", sample=False)
    before = rows_of(real)
    assert remove(real) == []
    with context.entered(user_id=real.leader.pk):
        assert "permission denied" in str(refusal(REMOVE, real.operator.pk)), "a web request cannot even ask"
    assert rows_of(real) == before


def test_the_sample_of_others_is_not_in_reach(sample: Scene) -> None:
    stranger = whole("Birch", sample=True)
    before = rows_of(sample)
    with as_worker(), context.entered(user_id=stranger.leader.pk):
        assert "not in this context" in str(refusal(REMOVE, sample.operator.pk))
    with as_worker(), context.entered(user_id=sample.client_leader.pk):
        assert "not in this context" in str(refusal(REMOVE, sample.operator.pk)), (
            "nor for who is made up in it"
        )
    assert rows_of(sample) == before
    with context.entered(user_id=stranger.leader.pk):
        assert not Engagement.objects.filter(pk=sample.engagement.pk).exists()
        assert not Organisation.objects.filter(pk=sample.client.pk).exists()


def guarded() -> list[tuple[str, str]]:
    """Every table of engagements from which a trigger keeps rows, with that trigger's function."""
    return rows(
        """
        SELECT DISTINCT c.oid::regclass::text, p.oid::regprocedure::text
          FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid
         WHERE NOT t.tgisinternal AND t.tgtype & 11 = 11 AND NOT c.relispartition
           AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'engagement_id')
         ORDER BY 1
        """
    )


def test_every_guard_of_a_table_knows_the_door(db: None) -> None:
    """A guard that refuses a DELETE whoever asks would let no sample go."""
    names = {function for _, function in guarded()}
    deaf = [
        name
        for name in sorted(names)
        if "app.leaves(" not in column("SELECT prosrc FROM pg_proc WHERE oid = %s::regprocedure", name)[0]
    ]
    assert len(guarded()) > 40
    assert deaf == []


ALWAYS_KEPT = """
    SELECT c.relname::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
     WHERE t.tgname = 'append_only' AND c.relnamespace = 'public'::regnamespace
       AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'engagement_id')
"""


def test_by_hand_nothing_goes_not_even_of_a_sample(sample: Scene) -> None:
    kept = column(ALWAYS_KEPT)
    gone = sql.SQL("DELETE FROM {} WHERE engagement_id = %s")
    loose = []
    for name in ("app_web", "app_worker"):
        with role(name), context.entered(user_id=sample.leader.pk):
            loose += [
                (name, table)
                for table in kept
                if not refused_by_trigger(gone.format(sql.Identifier(table)), sample.engagement.pk)
            ]
    assert len(kept) > 35
    # A side's own rows are not there for who reads for the other one, so that there is nothing to refuse.
    assert loose == []


def test_the_guards_look_at_the_engagement_themselves(sample: Scene) -> None:
    """Whatever a door might do by mistake: what is real stays."""
    real = whole("Birch", sample=False)
    gone = sql.SQL("DELETE FROM {} WHERE engagement_id = %s")
    with role("app_definer"):
        for table in column(ALWAYS_KEPT):
            assert refused_by_trigger(gone.format(sql.Identifier(table)), real.engagement.pk), table
            with transaction.atomic():
                assert execute(gone.format(sql.Identifier(table)), sample.engagement.pk), table
                transaction.set_rollback(True)


@pytest.mark.parametrize("name", ["app_web", "app_worker"])
def test_what_is_real_never_becomes_a_sample_nor_a_sample_real(sample: Scene, name: str) -> None:
    real = whole("Birch", sample=False)
    flag = sql.SQL("UPDATE engagements_engagement SET is_sample = NOT is_sample WHERE id = %s")
    company = sql.SQL("UPDATE accounts_organisation SET sample_of_id = %s WHERE id = %s")
    person = sql.SQL("UPDATE accounts_user SET sample_of_id = %s, password = '!' WHERE id = %s")
    for scene in (real, sample):
        with role(name), context.entered(user_id=scene.leader.pk):
            assert refused_by_trigger(flag, scene.engagement.pk)
            assert refused_by_trigger(
                person, None if scene is sample else scene.operator.pk, scene.client_lead.pk
            )
    with role(name), context.entered(user_id=real.leader.pk):
        assert refused_by_trigger(company, sample.operator.pk, real.operator.pk)
    with backstage():
        assert refused_by_trigger(flag, real.engagement.pk), "not even for who runs migrations"


def test_a_web_request_makes_nothing_up(sample: Scene) -> None:
    real = whole("Birch", sample=False)
    copied, values = copy_of(real.engagement, is_sample=True)
    with context.entered(user_id=real.leader.pk):
        context.new_engagement_id()
        assert "made by the worker" in str(refusal(copied, values))
        new = Organisation(pk=context.new_organisation_id(own=True), name="x", sample_of=real.operator)
        with pytest.raises(DatabaseError, match="made by the worker"), transaction.atomic():
            new.save(force_insert=True)
        with pytest.raises(DatabaseError, match="made by the worker"), transaction.atomic():
            User.objects.create_user(email="x@example.org", name="x", sample_of=real.operator)


def test_the_worker_makes_a_sample_only_with_who_is_made_up_for_it(sample: Scene) -> None:
    real = whole("Birch", sample=False)
    with as_worker(), context.entered(user_id=real.leader.pk):
        for_others = Organisation(
            pk=context.new_organisation_id(own=False), name="x", sample_of=sample.operator
        )
        with pytest.raises(DatabaseError, match="for who asked"), transaction.atomic():
            for_others.save(force_insert=True)
        copied, values = copy_of(real.engagement, is_sample=True)
        assert "made up for the other" in str(refusal(copied, values)), "a real other side"
    copied, values = copy_of(sample.engagement, is_sample=False)
    with as_worker(), context.entered(user_id=sample.leader.pk):
        assert "made up for the other" in str(refusal(copied, values)), "a real one with who is made up"


def test_nobody_real_comes_into_a_sample(sample: Scene) -> None:
    stranger = UserFactory()
    at = {
        "engagement": sample.engagement,
        "role": ParticipantRole.CLOSER_LEAD,
        "name": "x",
        "email": "x@example.org",
    }
    with context.entered(user_id=sample.leader.pk):
        for organisation, place in ((sample.client, None), (sample.operator, sample.engagement.pk)):
            with pytest.raises(DatabaseError, match="nobody is invited"), transaction.atomic():
                Invitation.objects.create(
                    organisation=organisation, invited_by_organisation=sample.operator, email="x@example.org",
                    invited_by=sample.leader, token_hash=uuid4().hex, expires_at=NOON, engagement_id=place,
                )  # fmt: skip
        for side, user in (
            (Side.CLIENT, None),
            (Side.CLIENT, stranger),
            (Side.OPERATOR, stranger),
            (Side.CLIENT, sample.manager),
        ):
            with pytest.raises(DatabaseError, match="nobody is invited"), transaction.atomic():
                Participant.objects.create(side=side, user=user, **at)
    with (
        as_worker(),
        context.entered(user_id=sample.client_leader.pk),
        pytest.raises(DatabaseError, match="a sample has no members"),
        transaction.atomic(),
    ):
        Membership.objects.create(organisation=sample.client, user=stranger)


def test_who_is_made_up_comes_in_nowhere(sample: Scene) -> None:
    real = whole("Birch", sample=False)
    with as_worker(), context.entered(user_id=real.leader.pk):
        with pytest.raises(DatabaseError, match="a sample has no members"), transaction.atomic():
            Membership.objects.create(organisation=real.operator, user=sample.client_lead)
        with pytest.raises(DatabaseError, match="takes part in the sample only"), transaction.atomic():
            Participant.objects.create(
                engagement=real.engagement, side=Side.OPERATOR, role=ParticipantRole.SUPERVISOR, name="x",
                email="x@example.org", user=sample.client_lead,
            )  # fmt: skip
    with pytest.raises(DatabaseError, match="sample_people_have_no_password"), transaction.atomic():
        sample.client_lead.set_password("a password of somebody")
        sample.client_lead.save()


def test_an_organisation_has_one_made_up_other_side(sample: Scene) -> None:
    with backstage(), pytest.raises(DatabaseError, match="unique"), transaction.atomic():
        OrganisationFactory(name="Another", sample_of=sample.operator)


@pytest.mark.django_db(transaction=True)
def test_two_removals_at_once_do_it_once() -> None:
    made = whole("Amber", sample=True)

    def run() -> list[UUID]:
        try:
            return remove(made)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=2) as pool:
        found = [one.result(timeout=60) for one in [pool.submit(run), pool.submit(run)]]
    assert sorted(found, key=len) == [[], [made.engagement.public_id]]
    assert set(rows_of(made).values()) == {0}
