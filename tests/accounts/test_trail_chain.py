"""The trail: appended only, in one order, and whoever changes it is found out."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from psycopg import sql

from accounts import trail
from accounts.models import OwnTrailEntry, TrailEntry
from tenancy import context
from tests.factories import Cast
from tests.stage import as_worker, backstage


def _record(cast: Cast, *subjects: str) -> list[str]:
    with context.entered(user_id=cast.client_lead.pk, engagement_id=cast.engagement.pk):
        return [
            trail.record(
                by=cast.seat(cast.client_lead), action="test.done", subject=subject, engagement_id=cast.engagement.pk,
                after={"n": subject},
            )
            for subject in subjects
        ]  # fmt: skip


def _verify() -> list[dict[str, object]]:
    out = StringIO()
    with as_worker():
        call_command("verify_trail", stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines() if line.startswith("{")]


def _tamper(statement: str, *parameters: object) -> None:
    """What somebody with every right on the database could do: switch the guard off and change a row."""
    with backstage(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE app.trail DISABLE TRIGGER append_only")
        cursor.execute(sql.SQL(statement), parameters or None)
        assert cursor.rowcount > 0
        cursor.execute("ALTER TABLE app.trail ENABLE TRIGGER append_only")


def test_an_untouched_chain_holds_and_names_its_head(cast: Cast) -> None:
    heads = _record(cast, "one", "two", "three")
    assert _verify() == [
        {"chain": f"engagement {cast.engagement.pk}", "entries": 3, "head": heads[-1], "broken_at": None}
    ]
    assert len(set(heads)) == 3


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE app.trail SET body = jsonb_set(body, '{subject}', '\"other\"') WHERE sequence = 2", 2),
        (
            "UPDATE app.trail SET body = jsonb_set(body, '{at}', '\"2020-01-01T00:00:00Z\"') WHERE sequence = 3",
            3,
        ),
        ("UPDATE app.trail SET hash = sha256('forged') WHERE sequence = 2", 2),
        ("DELETE FROM app.trail WHERE sequence = 2", 3),
        ("DELETE FROM app.trail WHERE sequence = 1", 2),
    ],
    ids=["edited", "backdated", "hash forged", "hole", "first line gone"],
)
def test_a_change_is_found_where_it_was_made(cast: Cast, statement: str, broken_at: int) -> None:
    _record(cast, "one", "two", "three", "four")
    _tamper(statement)
    with pytest.raises(CommandError, match=f"engagement {cast.engagement.pk}, entry {broken_at}"):
        _verify()


def test_swapped_lines_are_found(cast: Cast) -> None:
    _record(cast, "one", "two", "three")
    _tamper("UPDATE app.trail SET sequence = -2 WHERE sequence = 2")
    _tamper("UPDATE app.trail SET sequence = 2 WHERE sequence = 3")
    _tamper("UPDATE app.trail SET sequence = 3 WHERE sequence = -2")
    with pytest.raises(CommandError, match="entry 2"):
        _verify()


def test_an_edit_with_its_own_hash_made_anew_breaks_the_next_line(cast: Cast) -> None:
    _record(cast, "one", "two", "three")
    _tamper(
        "UPDATE app.trail SET body = '{}', hash = app.trail_hash(previous,"
        " app.trail_chain(engagement_id, organisation_id), sequence, '{}') WHERE sequence = 2"
    )
    with pytest.raises(CommandError, match="entry 3"):
        _verify()


def test_a_line_moved_into_another_chain_is_found(cast: Cast) -> None:
    _record(cast, "one")
    _tamper("UPDATE app.trail SET engagement_id = engagement_id + 1000")
    with pytest.raises(CommandError, match="entry 1"):
        _verify()


def test_the_command_says_so_when_the_log_in_may_not_verify(cast: Cast) -> None:
    with pytest.raises(CommandError, match="DATABASE_URL"):
        call_command("verify_trail", stdout=StringIO())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM app.trail",
        "INSERT INTO app.trail (engagement_id, sequence, body, previous, hash) VALUES (1, 1, '{}', '', '')",
        "UPDATE app.trail SET body = '{}'",
        "DELETE FROM app.trail",
        "TRUNCATE app.trail",
        "SELECT * FROM app.verify_trail()",
        "INSERT INTO accounts_trail (sequence) VALUES (1)",
        "DELETE FROM accounts_trail",
    ],
)
def test_the_web_role_has_no_way_to_the_table(cast: Cast, statement: str) -> None:
    _record(cast, "one")
    with (
        context.entered(user_id=cast.client_lead.pk),
        pytest.raises(DatabaseError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(sql.SQL(statement))


def test_nobody_appends_to_a_chain_outside_their_context(cast: Cast) -> None:
    seat = cast.seat(cast.client_lead)
    with pytest.raises(ProgrammingError, match="no tenant context"), transaction.atomic():
        trail.record(by=seat, action="test.done", subject="one", engagement_id=cast.engagement.pk)
    with (
        context.entered(user_id=cast.outsider.pk),
        pytest.raises(ProgrammingError, match="not in this context"),
        transaction.atomic(),
    ):
        trail.record(by=seat, action="test.done", subject="one", engagement_id=cast.engagement.pk)


def test_the_actor_is_the_person_of_the_context_whatever_the_caller_says(cast: Cast) -> None:
    with context.entered(user_id=cast.client_lead.pk):
        trail.record(
            by=cast.seat(cast.campaign_manager),
            action="test.done",
            subject="one",
            engagement_id=cast.engagement.pk,
        )
        assert TrailEntry.objects.get().actor_id == cast.client_lead.pk


def test_both_sides_read_the_same_chain_and_nobody_else_does(cast: Cast) -> None:
    _record(cast, "one", "two")
    for user, expected in [
        (cast.client_leader, ["two", "one"]),
        (cast.campaign_manager, ["two", "one"]),
        (cast.outsider, []),
        (cast.ex_member, []),
    ]:
        with context.entered(user_id=user.pk):
            assert [entry.subject for entry in TrailEntry.objects.all()] == expected, user


def test_an_organisations_own_chain_is_not_the_other_sides(cast: Cast) -> None:
    with context.entered(user_id=cast.operator_leader.pk):
        trail.record(by=cast.seat(cast.operator_leader), action="member.invited", subject="somebody")
    for user, seen in [(cast.operator_leader, 1), (cast.client_leader, 0), (cast.outsider, 0)]:
        with context.entered(user_id=user.pk):
            assert TrailEntry.objects.count() == seen, user


def test_an_organisations_own_lines_are_read_without_those_of_its_engagements(cast: Cast) -> None:
    _record(cast, "one", "two")
    for user in (cast.operator_leader, cast.client_leader):
        with context.entered(user_id=user.pk):
            trail.record(by=cast.seat(user), action="member.invited", subject=user.name)
    for user, seen in [
        (cast.operator_leader, [cast.operator_leader.name]),
        (cast.client_leader, [cast.client_leader.name]),
        (cast.outsider, []),
        (cast.ex_member, []),
    ]:
        with context.entered(user_id=user.pk):
            assert [entry.subject for entry in OwnTrailEntry.objects.all()] == seen, user
            own = TrailEntry.objects.exclude(organisation_id=None).values()
            assert list(OwnTrailEntry.objects.values()) == list(own), "a line says the same in both"


def test_a_clock_that_goes_back_does_not_reorder_the_trail(cast: Cast) -> None:
    with time_machine.travel(datetime(2026, 3, 2, 12, 5, tzinfo=UTC), tick=False):
        _record(cast, "first")
    with time_machine.travel(datetime(2026, 3, 2, 12, 0, tzinfo=UTC), tick=False):
        _record(cast, "second")
    with context.entered(user_id=cast.client_lead.pk):
        entries = list(TrailEntry.objects.all())
    assert [(entry.sequence, entry.subject) for entry in entries] == [(2, "second"), (1, "first")]
    assert entries[0].at < entries[1].at
    assert _verify()[0]["broken_at"] is None


def test_a_line_goes_with_its_write(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _record(cast, "one")
        raise ZeroDivisionError
    assert _verify() == []


@pytest.mark.django_db(transaction=True)
def test_many_at_once_make_one_chain(transactional_db: None) -> None:
    with backstage():
        cast = Cast()

    @contextmanager
    def own_connection() -> Iterator[None]:
        try:
            yield
        finally:
            connection.close()

    def work(number: int) -> None:
        with own_connection():
            for n in range(15):
                _record(cast, f"{number}.{n}")

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work, range(8)))
    (chain,) = _verify()
    assert (chain["entries"], chain["broken_at"]) == (120, None)
    with context.entered(user_id=cast.client_lead.pk):
        assert [entry.sequence for entry in TrailEntry.objects.all()] == list(range(120, 0, -1))
