"""The address that signatures and the trail keep is the caller's, not the proxy's, and nobody can make one up."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.address import client_address
from accounts.selectors import trail_entries
from config.settings import base
from tenancy import context
from tests.factories import Cast


@pytest.mark.parametrize(
    ("proxies", "told", "expected"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1, 203.0.113.9", "203.0.113.9"),
        (2, "198.51.100.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
        (1, "", "127.0.0.1"),
        (1, "<script>", "127.0.0.1"),
        (1, "2001:DB8::1", "2001:db8::1"),
    ],
)
def test_only_what_our_own_proxies_add_counts(
    settings: object, proxies: int, told: str, expected: str
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    assert client_address(RequestFactory().get("/", headers={"X-Forwarded-For": told})) == expected


def test_the_trail_keeps_the_address_behind_the_proxy(cast: Cast, client: Client, settings: object) -> None:
    settings.TRUSTED_PROXY_COUNT = 1
    client.force_login(cast.campaign_manager)
    new = {"role": "qa_lead", "name": "Nia New", "email": "nia@example.org"}
    forwarded = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    answer = client.post(
        reverse("engagements:team_add", args=[cast.engagement.public_id]), new, headers=forwarded
    )
    assert answer.status_code == 302
    with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
        assert {line.address for line in trail_entries(cast.engagement.pk)} == {"203.0.113.9"}


def test_the_log_in_counts_tries_by_the_same_address() -> None:
    assert base.ALLAUTH_TRUSTED_PROXY_COUNT == base.TRUSTED_PROXY_COUNT
