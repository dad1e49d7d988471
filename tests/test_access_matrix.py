"""Every address, asked by every kind of person for their own, others' and missing things.

What is others' and what is missing are answered alike to the letter: nobody learns that something exists.
"""

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client

from tests.access_matrix import ROWS, Kind, Row
from tests.factories import PASSWORD
from tests.tenancy.asking import Actor, Address, Answer, Target, answer_of, browser, every_address
from tests.tenancy.world import World

ADDRESSES = every_address()
# What a form of the address needs so that the asking itself is served; an empty form is as good elsewhere (422).
FORMS: dict[str, dict[str, str]] = {
    "api:gate_sign_off": {"document_sha256": "0" * 64, "password": PASSWORD},
    "milestones:playbook_copy": {"key": "calling-90-days"},
}

OUTSIDE = {Actor.OUTSIDER, Actor.EX_MEMBER}
NOBODY = {Actor.ANONYMOUS, Actor.READ_TOKEN, Actor.REVOKED_TOKEN}
SERVED = {
    200,
    201,
    202,
    204,
    302,
    303,
    400,
    422,
}  # an empty form is refused by its content, not by its sender


def test_every_address_has_a_row_and_every_row_an_address() -> None:
    assert {address.name for address in ADDRESSES} - set(ROWS) == set()
    assert set(ROWS) - {address.name for address in ADDRESSES} == set()


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda address: address.name)
def test_everybody_gets_what_the_table_says(address: Address, worlds: tuple[World, World]) -> None:
    row = ROWS[address.name]
    wrong = []
    for actor in Actor:
        for method, served in (("GET", row.get), ("POST", row.post)):
            targets = [
                target for target in address.targets if (actor, target) != (Actor.OUTSIDER, Target.FOREIGN)
            ]
            answers = {target: _ask(address, actor, method, target, worlds) for target in targets}
            for target, answer in answers.items():
                if fault := _fault(row, served, actor, target, answer):
                    wrong.append(
                        f"{method} by {actor.name}, {target}: {answer.status} {answer.location}: {fault}"
                    )
            wrong += _differences(address, actor, method, answers)
    assert wrong == []


def test_nothing_is_written_from_another_site(worlds: tuple[World, World]) -> None:
    """Without the token of our own pages every form is refused; an API token needs none.

    One door stays open: a mail program ends somebody's mails by their own signed link, and has no page of ours.
    """
    open_doors = []
    for address in ADDRESSES:
        if not ROWS[address.name].post:
            continue
        client = Client(enforce_csrf_checks=True)
        client.force_login(worlds[0].manager)
        response = client.post(address.path(Target.OWN, *worlds))
        if response.status_code not in (403, 405):
            open_doors.append(f"{address.name}: {response.status_code}")
    assert open_doors == ["reports:unsubscribe: 200"]


def _ask(address: Address, actor: Actor, method: str, target: Target, worlds: tuple[World, World]) -> Answer:
    """The answer, with everything that it wrote undone."""
    own, foreign = worlds
    path = address.path(target, own, foreign)
    cache.clear()  # an address that counts its askers must not count ours
    with transaction.atomic():
        client = browser(actor, own, foreign)
        form = {"organisation": str(_chair(actor, worlds)), **FORMS.get(address.name, {})}
        response = client.get(path) if method == "GET" else client.post(path, form)
        answer = answer_of(response)
        transaction.set_rollback(True)
    return answer


def _chair(actor: Actor, worlds: tuple[World, World]) -> object:
    """The organisation for which this actor works."""
    own, foreign = worlds
    return {Actor.CLIENT: own.client, Actor.OUTSIDER: foreign.operator}.get(actor, own.operator).public_id


def _fault(row: Row, served: str | None, actor: Actor, target: Target, answer: Answer) -> str | None:
    """What is wrong with the answer, or None."""
    if answer.status >= 500:
        return "an error of ours"
    if row.kind is Kind.OPEN:
        return None
    expected, words = _expected(row, served, actor, target)
    if "login" in expected and answer.to_login:
        return None
    return None if answer.status in expected and not answer.to_login else words


def _expected(row: Row, served: str | None, actor: Actor, target: Target) -> tuple[set[object], str]:
    if actor in NOBODY and row.kind is not Kind.API:
        return ({"login"} if served is not None else {"login", 405}), "should be sent to log in"
    if served is None and row.get is None and row.kind is not Kind.API:
        return {302}, "should be sent to the page of the form"
    if row.kind is Kind.API and actor in NOBODY and actor not in (served or ""):
        refusals = {403, 404, 405} if actor is Actor.READ_TOKEN else {401}
        return refusals, "should be refused by the API"
    if served is None:
        return {404, 405}, "there is no such method"
    theirs = target is Target.OWN
    if row.kind is Kind.OWN:
        if actor in served:
            return (SERVED, "should be served") if theirs else ({404}, "should find nothing")
        return {403, 404}, "should be refused"
    if actor in OUTSIDE or not theirs:
        return ({404} if actor in OUTSIDE or actor in served else {403, 404}), "should find nothing"
    return (SERVED, "should be served") if actor in served else ({403}, "should be refused")


def _differences(address: Address, actor: Actor, method: str, answers: dict[Target, Answer]) -> list[str]:
    pairs = [(Target.FOREIGN, Target.MISSING), (Target.FOREIGN_WITHIN, Target.MISSING_WITHIN)]
    if actor in OUTSIDE:
        pairs.append((Target.OWN, Target.MISSING))
    return [
        f"{method} by {actor.name}: {one} and {other} are told apart"
        for one, other in pairs
        if one in answers
        and other in answers
        and ROWS[address.name].kind is not Kind.OPEN
        and answers[one] != answers[other]
    ]
