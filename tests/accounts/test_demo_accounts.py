"""Demo accounts exist and open doors in bin/demo only."""

from pathlib import Path

import pytest
from django.contrib.auth.models import Permission
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import Organisation, User
from engagements.models import Engagement
from tests.factories import PASSWORD, Cast, UserFactory
from tests.stage import backstage
from workspace.management.commands.demo_data import empty, strangers


@pytest.mark.django_db
@pytest.mark.parametrize(("demo", "comes_in"), [(True, True), (False, False)])
def test_a_demo_account_logs_in_only_where_the_demo_runs(client: Client, demo: bool, comes_in: bool) -> None:
    user = UserFactory(is_demo=True)
    with override_settings(DEMO=demo):
        client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})
    assert ("_auth_user_id" in client.session) is comes_in


@pytest.mark.django_db
def test_the_demo_is_refused_with_any_other_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLGATE_DEMO", "1")
    with pytest.raises(CommandError, match="only in bin/demo"):
        call_command("demo_data")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_asks_for_the_worker_s_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLGATE_DEMO", "1")
    monkeypatch.delenv("DATABASE_WORKER_URL", raising=False)
    with (
        override_settings(SETTINGS_MODULE="config.settings.dev"),
        pytest.raises(CommandError, match="Set DATABASE_WORKER_URL to its address"),
    ):
        call_command("demo_data")
    assert not User.objects.exists()


@pytest.mark.django_db
def test_the_demo_is_not_removed_without_the_owner_s_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOLLGATE_DEMO", "1")
    monkeypatch.delenv("DATABASE_MIGRATE_URL", raising=False)
    UserFactory(is_demo=True)
    with (
        override_settings(SETTINGS_MODULE="config.settings.dev"),
        pytest.raises(CommandError, match="Set DATABASE_MIGRATE_URL"),
    ):
        call_command("demo_data", "--remove")
    assert User.objects.exists()


def test_who_came_in_from_outside_is_named(db: None) -> None:
    UserFactory(is_demo=True)
    assert strangers() == []
    UserFactory(email="rita@example.org")
    assert strangers() == ["rita@example.org"]


def test_nothing_of_the_demo_is_left(cast: Cast, files_root: Path) -> None:
    kept = files_root / "reports" / "some" / "paper.pdf"
    kept.parent.mkdir(parents=True)
    kept.write_text("a paper")
    with backstage():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        empty()
        assert [model for model in (User, Organisation, Engagement) if model.objects.exists()] == []
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM app.trail")
            assert cursor.fetchone() == (0,)
        assert Permission.objects.exists(), "what migrations brought stays"
    assert not kept.exists()


def test_the_plain_roles_empty_nothing(cast: Cast) -> None:
    with pytest.raises(DatabaseError, match="must be owner"), transaction.atomic():
        empty()
    assert User.objects.exists()
