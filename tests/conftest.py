"""The stage of the tests: a database entered as the plain role, never as its owner."""

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import TransactionTestCase, override_settings
from hypothesis import settings as property_tests
from xdist.remote import Producer

from accounts.models import User
from tenancy import context, jobs
from tenancy.context import Scope
from tenancy.models import Job, JobState
from tenancy.roles import WEB, assert_plain_role
from tests.cleaning import empty_what_was_written
from tests.databases import migrated
from tests.dealing import ByShare, turn_of
from tests.factories import Cast
from tests.stage import as_worker, backstage
from tests.tenancy.asking import log_everybody_in
from tests.tenancy.world import World, build_worlds

# How long one example takes says how busy the machine is, not whether the rule holds.
property_tests.register_profile("tollgate", deadline=None)
property_tests.load_profile("tollgate")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=lambda item: turn_of(item.nodeid))


def pytest_collection_finish() -> None:
    """Thousands of tests and the program itself stay to the end: nobody looks through them for garbage again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByShare:
    return ByShare(config, log)


def _become(role: str) -> None:
    connection.close()
    connection.settings_dict["OPTIONS"] = {
        **connection.settings_dict["OPTIONS"],
        "options": f"-c role={role}",
    }


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest, worker_id: str) -> Iterator[None]:
    """One fresh database per test process, used as the web's role."""
    suffix = "_".join(part for part in (os.environ.get("TEST_DB_SUFFIX", ""), worker_id) if part)
    name = f"test_tollgate_{suffix}"
    with migrated(name):
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name
        with django_db_blocker.unblock():
            _become(WEB)
            assert_plain_role()
        yield
        with django_db_blocker.unblock():
            connection.close()


@pytest.fixture(autouse=True, scope="session")
def _cleaned_by_the_owner() -> Iterator[None]:
    """Transactional tests leave rows behind, which the plain role may not take out.

    For the whole session: a patch of one test would be undone before that test's database is cleaned.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda test: empty_what_was_written())
        yield


@pytest.fixture(autouse=True)
def files_root(settings: object, tmp_path: Path) -> Path:
    """Every test has a folder of its own for uploads and reports."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    return settings.FILES_ROOT


@pytest.fixture
def run_jobs() -> Callable[[], list[str]]:
    """Do every queued job here and now, as the worker's role; returns the states they ended in."""

    def run() -> list[str]:
        with as_worker():
            queued = list(
                Job.objects.filter(state=JobState.QUEUED).order_by("pk").values_list("pk", flat=True)
            )
            return [str(jobs.run(job_id)) for job_id in queued]

    return run


@pytest.fixture
def cast(db: None) -> Cast:
    """One engagement with a person in every role (see tests.factories.Cast)."""
    with backstage():
        return Cast()


@pytest.fixture(scope="module")
def standing_worlds(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, World, World]]:
    """Two tenants and the folder of their files, made once for all tests of a file."""
    folder = tmp_path_factory.mktemp("worlds")
    with django_db_blocker.unblock(), transaction.atomic():
        with override_settings(FILES_ROOT=folder):
            worlds = build_worlds()
            log_everybody_in(*worlds)
        yield folder, *worlds
        transaction.set_rollback(True)


@pytest.fixture
def worlds(
    standing_worlds: tuple[Path, World, World], db: None, settings: object, files_root: Path
) -> tuple[World, World]:
    """Two tenants that know nothing of each other (tests.tenancy.world); what a test does to them is taken back."""
    settings.FILES_ROOT, *both = standing_worlds
    return tuple(both)


@pytest.fixture
def entered(cast: Cast) -> Callable[..., AbstractContextManager[Scope]]:
    """`with entered(cast.client_lead): …` runs as that person inside the cast's engagement."""

    def enter(user: User) -> AbstractContextManager[Scope]:
        return context.entered(user_id=user.pk, engagement_id=cast.engagement.pk)

    return enter
