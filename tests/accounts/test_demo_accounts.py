"""Demo accounts exist and open doors in bin/demo only."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client, override_settings
from django.urls import reverse

from accounts.models import User
from tests.factories import PASSWORD, UserFactory


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
