"""Whoever is taken out sees nothing from the next request on, downloads and open pages included."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from milestones.models import Evidence
from reports.models import Deliverable
from tenancy import context
from tests.stage import backstage
from tests.tenancy.asking import Actor, browser
from tests.tenancy.scenes import NOON
from tests.tenancy.world import World, build_worlds

pytestmark = pytest.mark.django_db

Leaving = Callable[[World, User], None]


def _membership_ends(world: World, user: User) -> None:
    user.memberships.update(ended_at=NOON)


def _participation_ends(world: World, user: User) -> None:
    world.engagement.participants.filter(user=user).update(ended_at=NOON)


def _account_is_switched_off(world: World, user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.mark.parametrize("leave", [_membership_ends, _participation_ends, _account_is_switched_off])
def test_the_next_request_finds_nothing(leave: Leaving) -> None:
    world, other = build_worlds()
    client: Client = browser(Actor.CLIENT, world, other)
    engagement = world.engagement.public_id
    addresses = [
        reverse("engagements:brief", args=[engagement]),
        reverse("milestones:evidence_file", args=[engagement, _public_id(world, Evidence)]),
        reverse("reports:download", args=[engagement, _public_id(world, Deliverable)]),
        reverse("reports:inline", args=[engagement, _public_id(world, Deliverable)]),
    ]
    assert [client.get(address).status_code for address in addresses] == [200] * 4
    with backstage():
        leave(world, world.client_lead)
    answers = [client.get(address) for address in addresses]
    assert all(
        answer.status_code == 404 or "login" in answer.headers.get("Location", "") for answer in answers
    )


def test_an_api_token_of_somebody_who_left_is_nobodys() -> None:
    world, other = build_worlds()
    client = browser(Actor.READ_TOKEN, world, other)
    address = reverse("api:gates", args=[world.engagement.public_id])
    assert client.get(address).status_code == 200
    with backstage():
        world.client_lead.memberships.update(ended_at=NOON)
    assert client.get(address).status_code == 401


def _public_id(world: World, model: type[Evidence | Deliverable]) -> object:
    with context.entered(user_id=world.manager.pk):
        return model.objects.get(engagement=world.engagement).public_id
