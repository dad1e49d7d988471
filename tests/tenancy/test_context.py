"""The ways in which a tenant setting has been seen to leak, each tried on a real connection."""

import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction
from django.test import Client

from accounts.models import User
from engagements.models import Engagement
from tenancy import context
from tests.stage import backstage
from tests.tenancy.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def amber(transactional_db: None) -> Scene:
    with backstage():
        return Scene("Amber")


@pytest.fixture
def cobalt(transactional_db: None) -> Scene:
    with backstage():
        return Scene("Cobalt")


def _campaigns() -> list[str]:
    return list(Engagement.objects.values_list("campaign", flat=True))


def _assert_nobody() -> None:
    assert context.current() is None
    with pytest.raises(ProgrammingError, match="no tenant context"), transaction.atomic():
        _campaigns()


def test_the_setting_ends_with_the_transaction_on_a_connection_that_stays_open(
    amber: Scene, cobalt: Scene
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        before = cursor.fetchone()
    with context.entered(user_id=amber.leader.pk):
        assert _campaigns() == ["Amber campaign"]
    _assert_nobody()
    with context.entered(user_id=cobalt.leader.pk):
        assert _campaigns() == ["Cobalt campaign"]
    _assert_nobody()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone() == before


def test_the_setting_ends_with_a_failed_transaction_too(amber: Scene) -> None:
    with pytest.raises(ZeroDivisionError), context.entered(user_id=amber.leader.pk):
        raise ZeroDivisionError
    _assert_nobody()


def test_inside_an_open_transaction_the_setting_ends_with_the_block(amber: Scene) -> None:
    """A released savepoint would leak it to the rest of the transaction."""
    with transaction.atomic():
        with context.entered(user_id=amber.leader.pk):
            assert _campaigns() == ["Amber campaign"]
        _assert_nobody()


def test_a_nested_context_puts_the_outer_one_back(amber: Scene, cobalt: Scene) -> None:
    with context.entered(user_id=amber.leader.pk) as outer:
        with context.entered(user_id=cobalt.leader.pk):
            assert _campaigns() == ["Cobalt campaign"]
        assert _campaigns() == ["Amber campaign"]
        assert context.current() == outer


def test_a_nested_context_keeps_the_narrowing_of_the_outer_one(amber: Scene) -> None:
    with backstage():
        second = Engagement.objects.create(
            campaign="second", client=amber.client, operator=amber.operator, zone="UTC", created_by=amber.leader,
            kickoff_on="2026-03-02", launch_on="2026-03-12",
        )  # fmt: skip
    with context.entered(user_id=amber.leader.pk):
        context.narrow(engagement_id=second.pk)
        with context.entered(user_id=amber.leader.pk):
            assert len(_campaigns()) == 2
        assert _campaigns() == ["second"]


def test_a_nested_context_that_fails_puts_the_outer_one_back_and_keeps_its_error(
    amber: Scene, cobalt: Scene
) -> None:
    with context.entered(user_id=amber.leader.pk):
        with pytest.raises(ZeroDivisionError), context.entered(user_id=cobalt.leader.pk):
            raise ZeroDivisionError
        assert _campaigns() == ["Amber campaign"]
        with (
            pytest.raises(IntegrityError, match="launch_after_kickoff"),
            context.entered(user_id=amber.leader.pk),
        ):
            Engagement.objects.update(launch_on="2026-01-01")
        assert _campaigns() == ["Amber campaign"]


def test_narrowing_to_an_engagement_of_others_shows_nothing(amber: Scene, cobalt: Scene) -> None:
    with context.entered(user_id=amber.leader.pk):
        context.narrow(engagement_id=cobalt.engagement.pk)
        assert _campaigns() == []
    with context.entered(user_id=amber.leader.pk, engagement_id=cobalt.engagement.pk):
        assert _campaigns() == []
    with context.entered(user_id=amber.leader.pk, organisation_id=cobalt.operator.pk):
        assert _campaigns() == []


def test_a_temporary_table_does_not_fool_the_door(amber: Scene, cobalt: Scene) -> None:
    """The door reads memberships; a table of that name in the session must not stand in for the real one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE accounts_membership AS SELECT %s::bigint AS organisation_id,"
                " %s::bigint AS user_id, 'admin'::text AS role, NULL::timestamptz AS ended_at",
                [cobalt.operator.pk, amber.leader.pk],
            )
            cursor.execute("GRANT SELECT ON pg_temp.accounts_membership TO app_definer")
        with context.entered(user_id=amber.leader.pk):
            assert _campaigns() == ["Amber campaign"]
        transaction.set_rollback(True)


def test_an_account_that_is_switched_off_sees_nothing(amber: Scene) -> None:
    User.objects.filter(pk=amber.leader.pk).update(is_active=False)
    with context.entered(user_id=amber.leader.pk):
        assert _campaigns() == []


@pytest.mark.urls("tests.tenancy.urls")
class TestRequests:
    def test_a_lazy_response_is_rendered_inside(self, amber: Scene, client: Client) -> None:
        client.force_login(amber.leader)
        assert client.get("/lazy").content == b"[Amber campaign]"

    def test_what_one_person_was_shown_is_kept_nowhere(self, amber: Scene, client: Client) -> None:
        client.force_login(amber.leader)
        assert client.get("/plain").headers["Cache-Control"] == "private, no-store"

    def test_a_stream_without_a_context_fails_aloud_and_one_with_its_own_works(
        self, amber: Scene, client: Client
    ) -> None:
        client.force_login(amber.leader)
        with pytest.raises(ProgrammingError, match="no tenant context"):
            client.get("/careless-stream").getvalue()
        assert client.get("/careful-stream").getvalue() == b"Amber campaign"

    def test_without_a_log_in_a_tenant_table_fails_aloud(self, amber: Scene, client: Client) -> None:
        client.raise_request_exception = False
        assert client.get("/plain").status_code == 500

    def test_what_fails_since_the_engagement_was_removed_meanwhile_is_not_found(
        self, amber: Scene, client: Client
    ) -> None:
        client.force_login(amber.leader)
        client.raise_request_exception = False
        gone = client.get("/plain?fail=removed")
        assert gone.status_code == 404
        assert b"Amber" not in gone.content
        assert client.get("/plain?fail=open").status_code == 500, "nothing was removed: an error is an error"
        _assert_nobody()

    def test_the_page_of_an_error_is_made_outside_and_reads_nothing(
        self, amber: Scene, client: Client
    ) -> None:
        client.force_login(amber.leader)
        response = client.get("/plain?fail=missing")
        assert response.status_code == 404
        assert b"Amber" not in response.content
        _assert_nobody()

    @pytest.mark.parametrize("address", ["/half-done", "/api/half-done"])
    def test_an_answer_that_refuses_undoes_what_was_written(
        self, amber: Scene, client: Client, address: str
    ) -> None:
        client.force_login(amber.leader)
        assert 400 <= client.get(address).status_code < 500
        with context.entered(user_id=amber.leader.pk):
            assert _campaigns() == ["Amber campaign"]

    def test_a_removed_membership_bites_on_the_next_request(self, amber: Scene, client: Client) -> None:
        client.force_login(amber.leader)
        assert client.get("/plain").content == b"[Amber campaign]"
        with backstage():
            amber.leader.memberships.update(ended_at="2026-03-02T12:00:00Z")
        assert client.get("/plain").content == b""

    @pytest.mark.parametrize("pooled", [False, True], ids=["persistent", "pooled"])
    def test_threads_of_two_tenants_with_errors_never_see_each_other(
        self, amber: Scene, cobalt: Scene, pooled: bool, request: pytest.FixtureRequest
    ) -> None:
        """Eight threads, half of the requests failing in one of four ways, on connections that many requests share."""
        if pooled:
            request.getfixturevalue("pool_of_three")
        people = [(amber.leader, b"[Amber campaign]"), (cobalt.leader, b"[Cobalt campaign]")]

        def work(number: int) -> Counter[str]:
            chance = random.Random(number)  # noqa: S311  (a schedule, not a secret)
            clients = [(_logged_in(user), expected) for user, expected in people]
            found: Counter[str] = Counter()
            for _ in range(60):
                client, expected = chance.choice(clients)
                fail = chance.choice(["", "", "", "", "error", "missing", "database", "nested"])
                response = client.get("/plain", {"fail": fail})
                found["failed" if fail else "answered"] += 1
                if (not fail and response.content != expected) or (fail and b"campaign]" in response.content):
                    found["foreign"] += 1
                if pooled:
                    connection.close()  # back into the pool, as at the end of a real request
            connection.close()
            return found

        with ThreadPoolExecutor(8) as threads:
            total = sum(threads.map(work, range(8)), Counter())
        assert total["foreign"] == 0
        assert total["answered"] > 100
        assert total["failed"] > 100


@pytest.fixture
def pool_of_three(transactional_db: None) -> Iterator[None]:
    """Three database connections for everybody."""
    connection.close()
    before = connection.settings_dict["OPTIONS"]
    connection.settings_dict["OPTIONS"] = {**before, "pool": {"min_size": 1, "max_size": 3}}
    yield
    connection.close()
    connection.close_pool()
    connection.settings_dict["OPTIONS"] = before


def _logged_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client
