"""No address is a dead end: forms' addresses lead to their page, and what cannot be done is said on a page."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.access_matrix import ROWS, Kind
from tests.tenancy.asking import Actor, Address, Target, browser, every_address
from tests.tenancy.world import World

FORMS_ONLY = [
    address
    for address in every_address()
    if (row := ROWS[address.name]).kind in (Kind.INSIDE, Kind.OWN) and row.get is None
]


@pytest.mark.parametrize("address", FORMS_ONLY, ids=lambda address: address.name)
def test_the_address_of_a_form_leads_to_its_page(address: Address, worlds: tuple[World, World]) -> None:
    """Whoever may send the form sees its page; a stranger, sent the same way, finds nothing there.

    What waits for a role that nobody of the table holds is asked for by a participant, who may look on.
    """
    served = ROWS[address.name].post or ""
    path = address.path(Target.OWN, *worlds)
    actor = next((actor for actor in Actor if actor.value in served), Actor.OPERATOR)
    for method in ("get", "head"):
        with transaction.atomic():
            client = browser(actor, *worlds)
            back = getattr(client, method)(path)
            assert back.status_code == 302
            assert back.headers["Location"] != path
            assert client.get(back.headers["Location"]).status_code == 200
            transaction.set_rollback(True)
    if ROWS[address.name].kind is Kind.INSIDE:
        lost = browser(Actor.OUTSIDER, *worlds).get(path, follow=True)
        assert lost.status_code == 404
    page = client.get(path).headers["Location"]
    answer = browser(Actor.ANONYMOUS, *worlds).post(path)
    assert answer.headers["Location"] == f"{reverse('account_login')}?next={page}"


@pytest.mark.django_db
def test_a_page_that_takes_no_form_says_so_on_a_page(client: Client) -> None:
    answer = client.post("/robots.txt")
    assert answer.status_code == 405
    assert "This address does not work that way" in answer.content.decode()


@pytest.mark.django_db
def test_headers_can_be_asked_for_alone(client: Client, worlds: tuple[World, World]) -> None:
    client.force_login(worlds[0].manager)
    for name in ("workspace:my_work", "workspace:portfolio", "accounts:settings"):
        assert client.head(reverse(name)).status_code == 200


def test_what_browsers_and_search_engines_ask_for_by_habit(client: Client) -> None:
    assert client.get("/favicon.ico").headers["Location"].endswith(".svg")
    assert client.get("/robots.txt").content == b"User-agent: *\nDisallow: /\n"


@pytest.mark.django_db
def test_a_refusal_outside_of_an_engagement_speaks_of_none(
    client: Client, worlds: tuple[World, World]
) -> None:
    client.force_login(worlds[0].client_lead)
    answer = client.get(reverse("workspace:new_engagement"))
    assert answer.status_code == 403
    main = answer.content.decode().split("<main")[1]
    assert "create an engagement" in main
    assert "/e/" not in main
