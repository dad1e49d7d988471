"""The titles of pages: each kind has its own, and a page of an engagement names the campaign."""

import re
from collections import defaultdict
from html import unescape

import pytest
from django.db import transaction

from tests.access_matrix import ROWS, Kind
from tests.tenancy.asking import Actor, Target, browser, content_of, every_address
from tests.tenancy.world import World

END = " · Tollgate"


@pytest.mark.parametrize("actor", [Actor.OPERATOR, Actor.CLIENT])
def test_every_kind_of_page_has_a_title_of_its_own(worlds: tuple[World, World], actor: Actor) -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    faults = []
    for address in every_address():
        row = ROWS[address.name]
        if row.kind not in (Kind.INSIDE, Kind.OWN) or not row.get:
            continue
        with transaction.atomic():
            answer = browser(actor, *worlds).get(address.path(Target.OWN, *worlds))
            transaction.set_rollback(True)
        if answer.status_code != 200 or not answer.headers["Content-Type"].startswith("text/html"):
            continue
        found = re.search(r"<title>(.*?)</title>", content_of(answer).decode(), re.DOTALL)
        if found is None:
            continue  # a part of a page
        title = unescape(found[1])
        if not title.endswith(END) or title.startswith(("·", " ")):
            faults.append(f"{address.name}: {title!r}")
        if row.kind is Kind.INSIDE and f" · {worlds[0].engagement.campaign}{END}" not in title:
            faults.append(f"{address.name}: {title!r} does not name the campaign")
        kinds[title].add(answer.templates[0].name)
    assert faults == []
    assert {title: names for title, names in kinds.items() if len(names) > 1} == {}
    assert len(kinds) > 30
