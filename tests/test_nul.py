"""A NUL byte, which the database takes in no text, is refused in words wherever somebody can send one."""

import pytest
from django.test import Client

from tests.factories import PASSWORD, Cast


@pytest.mark.parametrize(
    "path",
    [
        "/portfolio/?q=%00",
        "/search/?q=ab%00",
        "/portfolio/?show=%00&sort=%00",
        "/engagements/new/?side=%00",
        "/e/{}/trail/?page=%00",
        "/e/{}/kpis/?metric=%00&period=%00",
        "/e/{}/kpis/rows/?first=2026-03-12&last=2026-03-12&source=%00",
        "/invitation/%00/",
        "/account/login/?next=%00",
    ],
)
def test_an_address_with_a_nul_is_answered(cast: Cast, client: Client, path: str) -> None:
    client.force_login(cast.operator_leader)
    assert client.get(path.format(cast.engagement.public_id)).status_code < 500


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/settings/profile/", {"name": "Olga\x00"}),
        ("/settings/members/invite/", {"name": "N\x00", "email": "n@example.org", "role": "member"}),
        ("/settings/tokens/create/", {"name": "t\x00", "days": "30"}),
        ("/switch/", {"organisation": "\x00"}),
        ("/e/{}/team/add/", {"name": "N\x00", "email": "n@example.org", "role": "qa_lead"}),
        ("/e/{}/brief/save/", {"seen": "\x00", "term-geography": "Maine\x00"}),
        ("/e/{}/deliverables/check/", {"digest": "\x00"}),
        ("/e/{}/deliverables/build/", {"kind": "\x00"}),
        ("/account/login/", {"login": "a\x00@example.org", "password": PASSWORD}),
    ],
)
def test_a_form_with_a_nul_says_so(cast: Cast, client: Client, path: str, typed: dict[str, str]) -> None:
    if path != "/account/login/":
        client.force_login(cast.campaign_manager if "/e/" in path else cast.operator_leader)
    answer = client.post(path.format(cast.engagement.public_id), typed)
    assert answer.status_code in (200, 302, 404 if path == "/switch/" else 422)
