"""Keys that are proved once a statement hold as a foreign key does, also between two transactions at once."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting

import pytest
from django.db import IntegrityError, connection, transaction

from kpis.models import CallRecord, LeadSource
from tenancy import context
from tests.stage import as_worker, backstage
from tests.tenancy.breaking import copy_of, execute
from tests.tenancy.scenes import Scene

pytestmark = pytest.mark.django_db(transaction=True)
A_MOMENT = 0.4


@pytest.fixture
def scene() -> Scene:
    with backstage():
        made = Scene("Amber")
        made.row(CallRecord)
        return made


@pytest.fixture
def source(scene: Scene) -> LeadSource:
    """One at which nothing points yet."""
    with backstage():
        return LeadSource.objects.create(engagement=scene.engagement, name="Fresh")


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


@pytest.fixture
def call(scene: Scene, source: LeadSource) -> Callable[[], object]:
    """Adds a call that points at the source."""
    statement = copy_of(scene.row(CallRecord), source_id=source.pk, call_key=99)
    return lambda: execute(*statement)


def _as_person(scene: Scene, act: Callable[[], object]) -> str:
    try:
        with transaction.atomic(), as_worker(), context.entered(user_id=scene.leader.pk):
            act()
        return "done"
    except IntegrityError as error:
        return str(error).partition("\n")[0]


def _start(pool: ThreadPoolExecutor, scene: Scene, act: Callable[[], object]) -> Future[str]:
    def run() -> str:
        try:
            return _as_person(scene, act)
        finally:
            connection.close()

    return pool.submit(run)


def _waits(future: Future[str]) -> bool:
    try:
        future.result(timeout=A_MOMENT)
    except StillWaiting:
        return True
    return False


REFUSED = 'a row added to "kpis_callrecord" violates "kpis_callrecord_source_id_same_engagement"'
STAYS = "rows of kpis_callrecord still point at kpis_leadsource"


def test_a_parent_stays_while_a_call_points_at_it_and_goes_after(
    scene: Scene, source: LeadSource, call: Callable[[], object]
) -> None:
    assert _as_person(scene, call) == "done"
    assert _as_person(scene, lambda: LeadSource.objects.filter(pk=source.pk)._raw_delete("default")) == STAYS
    with backstage():
        CallRecord.objects.filter(source=source).delete()
    assert _as_person(scene, source.delete) == "done"
    assert _as_person(scene, call) == REFUSED


def test_a_row_of_many_that_points_abroad_refuses_them_all(scene: Scene, source: LeadSource) -> None:
    with backstage():
        other = Scene("Cobalt")
        foreign = other.row(LeadSource)
    row = scene.row(CallRecord)

    def insert() -> None:
        CallRecord.objects.bulk_create(
            CallRecord(
                engagement_id=row.engagement_id, batch_id=row.batch_id, call_key=100 + n, row_no=n, day=row.day,
                disposition_id=row.disposition_id, depth=0, source_id=source.pk if n < 499 else foreign.pk,
            )
            for n in range(500)
        )  # fmt: skip

    assert _as_person(scene, insert) == REFUSED
    with backstage():
        assert CallRecord.objects.count() == 1


def test_who_deletes_waits_for_a_call_that_is_being_added_and_is_refused(
    scene: Scene, source: LeadSource, call: Callable[[], object], pool: ThreadPoolExecutor
) -> None:
    with transaction.atomic(), as_worker(), context.entered(user_id=scene.leader.pk):
        call()
        late = _start(pool, scene, source.delete)
        assert _waits(late)
    assert late.result() == STAYS


def test_who_adds_waits_for_a_parent_that_is_being_deleted_and_is_refused(
    scene: Scene, source: LeadSource, call: Callable[[], object], pool: ThreadPoolExecutor
) -> None:
    with transaction.atomic(), as_worker(), context.entered(user_id=scene.leader.pk):
        LeadSource.objects.filter(pk=source.pk).delete()
        late = _start(pool, scene, call)
        assert _waits(late)
    assert late.result() == REFUSED


def test_who_adds_goes_on_when_the_parent_is_kept_after_all(
    scene: Scene, source: LeadSource, call: Callable[[], object], pool: ThreadPoolExecutor
) -> None:
    with transaction.atomic(), as_worker(), context.entered(user_id=scene.leader.pk):
        LeadSource.objects.filter(pk=source.pk).delete()
        late = _start(pool, scene, call)
        assert _waits(late)
        transaction.set_rollback(True)
    assert late.result() == "done"


def test_an_older_snapshot_deletes_no_parent(scene: Scene, source: LeadSource) -> None:
    """It would not see a call that came in meanwhile."""

    def delete() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM kpis_leadsource WHERE id = %s", [source.pk])

    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        with backstage(), pytest.raises(IntegrityError, match="read committed only"), transaction.atomic():
            delete()
