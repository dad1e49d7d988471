"""The outbox: what was asked for is done once, with the rights of the person who asked, whatever breaks."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
import time_machine
from django.db import IntegrityError, ProgrammingError, connection, transaction
from kombu.exceptions import OperationalError as BrokerDown

from common.errors import Refused
from kpis.models import LeadSource
from tenancy import context, jobs, relay, tasks
from tenancy.models import Job, JobState
from tests.factories import Cast
from tests.stage import as_worker, backstage

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

Work = Callable[[jobs.Run], None]


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Say what the job called "test.work" does."""

    def register(function: Work) -> None:
        monkeypatch.setitem(jobs._handlers, "test.work", function)

    return register


def _ask(cast: Cast, key: str = "one", handler: str = "test.work", **arguments: int) -> int:
    with context.entered(user_id=cast.campaign_manager.pk, organisation_id=cast.operator_organisation.pk):
        return jobs.enqueue(
            handler=handler, key=key, user_id=cast.campaign_manager.pk,
            organisation_id=cast.operator_organisation.pk, engagement_id=cast.engagement.pk, **arguments,
        ).pk  # fmt: skip


def _job(pk: int) -> Job:
    with as_worker():
        return Job.objects.get(pk=pk)


def _deliver(run: jobs.Run) -> None:
    """Work that may run twice: the second time it finds what the first has left."""
    with run.entered():
        LeadSource.objects.get_or_create(engagement_id=run.job.engagement_id, name="delivered")


def _delivered(cast: Cast) -> int:
    with context.entered(user_id=cast.client_lead.pk):
        return LeadSource.objects.filter(name="delivered").count()


def test_what_is_rolled_back_was_never_asked_for(cast: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _ask(cast)
        raise ZeroDivisionError
    with as_worker():
        assert not Job.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_on_commit_and_only_then(transactional_db: None) -> None:
    with backstage():
        cast = Cast()
    parameters = connection.get_connection_params()
    heard: list[str] = []
    with psycopg.connect(**{**parameters, "cursor_factory": psycopg.Cursor}, autocommit=True) as listener:
        listener.execute(f"LISTEN {relay.CHANNEL}")
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            _ask(cast, "rolled back")
            raise ZeroDivisionError
        committed = _ask(cast, "committed")
        heard += [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [str(committed)]


def test_the_same_key_finds_the_same_job_and_another_engagement_has_its_own(cast: Cast) -> None:
    first = _ask(cast)
    assert _ask(cast) == first
    with context.entered(user_id=cast.client_lead.pk, organisation_id=cast.client_organisation.pk):
        again = jobs.enqueue(
            handler="test.work", key="one", user_id=cast.client_lead.pk,
            organisation_id=cast.client_organisation.pk, engagement_id=cast.engagement.pk,
        )  # fmt: skip
    assert again.pk == first
    with context.entered(user_id=cast.outsider.pk):
        other = jobs.enqueue(
            handler="test.work",
            key="one",
            user_id=cast.outsider.pk,
            organisation_id=cast.foreign_organisation.pk,
        )
    assert other.pk != first


def test_nobody_asks_in_anothers_name_or_for_a_strange_engagement(cast: Cast) -> None:
    for user, engagement_id in [(cast.campaign_manager, None), (cast.outsider, cast.engagement.pk)]:
        with (
            context.entered(user_id=cast.outsider.pk),
            pytest.raises(ProgrammingError, match="row-level security"),
            transaction.atomic(),
        ):
            jobs.enqueue(
                handler="test.work", key="one", user_id=user.pk, organisation_id=cast.foreign_organisation.pk,
                engagement_id=engagement_id,
            )  # fmt: skip


def test_only_the_worker_takes_jobs(cast: Cast, work: Callable[[Work], None]) -> None:
    work(_deliver)
    pk = _ask(cast)
    with pytest.raises(ProgrammingError, match="no tenant context"), transaction.atomic():
        jobs.run(pk)


def test_a_job_done_twice_delivers_once(cast: Cast, work: Callable[[Work], None]) -> None:
    work(_deliver)
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) == JobState.DONE
        assert jobs.run(pk) is None
    assert (_job(pk).attempts, _delivered(cast)) == (1, 1)


def test_a_job_under_way_is_not_taken_by_a_second_delivery(cast: Cast, work: Callable[[Work], None]) -> None:
    second: list[JobState | None] = []
    work(lambda run: second.append(jobs.run(run.job.pk)))
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) == JobState.DONE
    assert second == [None]


def test_an_attempt_whose_lease_ran_out_is_handed_over_and_finished_by_the_next(
    cast: Cast, work: Callable[[Work], None], clock: time_machine.Traveller
) -> None:
    work(_deliver)
    pk = _ask(cast)
    with as_worker():
        assert jobs._claim(pk) is not None  # and then the worker is killed
        clock.shift(jobs.LEASE - timedelta(seconds=1))
        assert jobs.due() == []
        assert jobs.run(pk) is None
        clock.shift(timedelta(seconds=2))
        assert jobs.due() == [(pk, "test.work")]
        assert jobs.run(pk) == JobState.DONE
    assert (_job(pk).attempts, _delivered(cast)) == (2, 1)


def test_an_overtaken_attempt_writes_nothing_and_does_not_end_the_other(
    cast: Cast, work: Callable[[Work], None], clock: time_machine.Traveller
) -> None:
    def overtaken(run: jobs.Run) -> None:
        clock.shift(jobs.LEASE + timedelta(seconds=1))
        assert jobs._claim(run.job.pk) is not None  # another worker takes it
        run.progress(9, 9, "from the past")
        _deliver(run)

    work(overtaken)
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) is None
    job = _job(pk)
    assert (job.state, job.attempts, job.done, _delivered(cast)) == (JobState.RUNNING, 2, 0, 0)


def test_an_attempt_overtaken_while_it_writes_takes_its_writing_back(
    cast: Cast, work: Callable[[Work], None]
) -> None:
    def overtaken(run: jobs.Run) -> None:
        with run.entered():
            LeadSource.objects.create(engagement_id=run.job.engagement_id, name="delivered")
            Job.objects.filter(pk=run.job.pk).update(attempts=2)

    work(overtaken)
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) is None
    assert _delivered(cast) == 0


def test_a_job_that_kills_its_workers_is_given_up_with_a_reason(
    cast: Cast, clock: time_machine.Traveller
) -> None:
    pk = _ask(cast)
    with as_worker():
        for _ in range(jobs.MAX_ATTEMPTS):
            assert jobs._claim(pk) is not None
            clock.shift(jobs.LEASE + timedelta(seconds=1))
        assert jobs.due() == []
    job = _job(pk)
    assert job.state == JobState.FAILED
    assert "stopped 5 times" in job.error


def test_a_membership_removed_after_asking_ends_the_job_with_a_reason(
    cast: Cast, work: Callable[[Work], None]
) -> None:
    work(_deliver)
    pk = _ask(cast)
    with backstage():
        cast.campaign_manager.memberships.update(ended_at=NOW)
    with as_worker():
        assert jobs.run(pk) == JobState.FAILED
    assert "may no longer see the engagement" in _job(pk).error
    assert _delivered(cast) == 0


def test_a_membership_removed_half_way_bites_in_the_next_transaction(
    cast: Cast, work: Callable[[Work], None]
) -> None:
    def half_way(run: jobs.Run) -> None:
        with run.entered():
            assert LeadSource.objects.count() == 0
        with backstage():
            cast.engagement.participants.filter(user=cast.campaign_manager).update(ended_at=NOW)
        _deliver(run)

    work(half_way)
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) == JobState.FAILED
    assert _delivered(cast) == 0


def test_a_handler_without_a_context_sees_nothing_at_all(cast: Cast, work: Callable[[Work], None]) -> None:
    def careless(run: jobs.Run) -> None:
        with transaction.atomic():
            LeadSource.objects.count()

    work(careless)
    pk = _ask(cast)
    with backstage():  # a rule is asked only where there is a row to ask about
        LeadSource.objects.create(engagement=cast.engagement, name="there")
    with as_worker(), pytest.raises(ProgrammingError, match="no tenant context"):
        jobs.run(pk)
    assert _job(pk).state == JobState.FAILED


def test_a_refusal_is_kept_in_its_words_and_asking_again_queues_it_anew(
    cast: Cast, work: Callable[[Work], None]
) -> None:
    def refuse(run: jobs.Run) -> None:
        raise Refused(["The file has no header."])

    work(refuse)
    pk = _ask(cast)
    with as_worker():
        assert jobs.run(pk) == JobState.FAILED
    assert _job(pk).error == "The file has no header."
    work(_deliver)
    assert _ask(cast) == pk
    with as_worker():
        assert jobs.run(pk) == JobState.DONE
    assert _delivered(cast) == 1


def test_an_unforeseen_error_is_logged_and_the_reader_is_told_no_internals(
    cast: Cast, work: Callable[[Work], None]
) -> None:
    def fail(run: jobs.Run) -> None:
        with run.entered(), transaction.atomic():
            LeadSource.objects.create(engagement_id=run.job.engagement_id, name="delivered")
            raise IntegrityError("secret detail")

    work(fail)
    pk = _ask(cast)
    with as_worker(), pytest.raises(IntegrityError):
        jobs.run(pk)
    assert "run it again" in _job(pk).error
    assert "secret" not in _job(pk).error
    assert _delivered(cast) == 0


def test_with_the_broker_emptied_the_sweeper_hands_over_every_queued_job(
    cast: Cast, clock: time_machine.Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed: list[int] = []
    lives: set[int] = set()

    def hand_over(arguments: tuple[int], *, expires: int, priority: int) -> None:
        handed.extend(arguments)
        lives.add(expires)

    monkeypatch.setattr(tasks.run_job, "apply_async", hand_over)
    asked = [_ask(cast, f"job {n}") for n in range(20)]
    with as_worker():
        assert tasks.sweep() == 0  # the bell has just been rung for them
        clock.shift(jobs.PATIENCE + timedelta(seconds=1))
        assert tasks.sweep() == 20
    assert handed == asked
    assert lives == {60}, "while no worker runs, old messages do not pile up: the next sweep sends new ones"


def test_the_relay_outlives_a_broker_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(arguments: tuple[int], **options: int) -> None:
        raise BrokerDown("Connection refused")

    monkeypatch.setattr(relay.run_job, "apply_async", unreachable)
    relay.Relay._hand_over(1, "test.work")


@pytest.fixture
def watched(work: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[Work], None]:
    """Say what the job called "test.later" does, for which nobody waits."""
    work(_deliver)
    monkeypatch.setattr(jobs, "_later", {"test.later"})

    def register(function: Work) -> None:
        monkeypatch.setitem(jobs._handlers, "test.later", function)

    return register


def test_what_nobody_waits_for_is_handed_over_behind_the_rest(
    cast: Cast, watched: Callable[[Work], None], monkeypatch: pytest.MonkeyPatch,
    clock: time_machine.Traveller,
) -> None:  # fmt: skip
    ranks: dict[int, int] = {}

    def hand_over(arguments: tuple[int], *, priority: int, **_: int) -> None:
        ranks[arguments[0]] = priority

    monkeypatch.setattr(tasks.run_job, "apply_async", hand_over)
    background, asked = _ask(cast, "background", "test.later"), _ask(cast, "asked")
    with as_worker():
        clock.shift(jobs.PATIENCE + timedelta(seconds=1))
        assert tasks.sweep() == 2
    assert ranks[asked] < ranks[background]
    relay.Relay._hand_over(background, "test.work")
    assert ranks[background] == ranks[asked]


def test_long_work_learns_that_somebody_waits_and_asks_for_its_rest(
    cast: Cast, watched: Callable[[Work], None], clock: time_machine.Traveller
) -> None:
    heard: list[bool] = []

    def long(run: jobs.Run) -> None:
        heard.append(run.others_wait())
        if heard[-1]:
            with run.entered():
                run.go_on_later(part=2)

    watched(long)
    background, asked = _ask(cast, "background", "test.later", part=1), _ask(cast, "asked")
    _ask(cast, "more background", "test.later")
    with as_worker():
        assert jobs.run(background, shared=True) == JobState.DONE
        rest = Job.objects.get(key__startswith="background+")
        assert (rest.state, rest.handler, rest.arguments) == (JobState.QUEUED, "test.later", {"part": 2})
        assert rest.user_id == cast.campaign_manager.pk
        assert jobs.run(asked, shared=True) == JobState.DONE
        assert jobs.run(rest.pk, shared=True) == JobState.DONE
    assert heard == [True, False], "other work for which nobody waits is no reason to step aside"


def test_work_that_is_put_off_keeps_nobody_waiting_and_a_command_steps_aside_for_nobody(
    cast: Cast, work: Callable[[Work], None], watched: Callable[[Work], None], clock: time_machine.Traveller
) -> None:
    def put_off(run: jobs.Run) -> None:
        raise jobs.NotNow("The mail host does not answer.")

    heard: list[bool] = []
    watched(lambda run: heard.append(run.others_wait()))
    work(put_off)
    later, first = _ask(cast, "mail"), _ask(cast, "background", "test.later")
    with as_worker():
        jobs.run(later)
        jobs.run(first, shared=True)
        _ask(cast, "asked")
        jobs.run(_ask(cast, "by hand", "test.later"))
    assert heard == [False, False]
