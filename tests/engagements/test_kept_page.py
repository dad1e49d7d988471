"""A page is shown again as its reader was last shown it, to nobody else, and never once it says something old."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.branding import change_brand
from accounts.models import User
from accounts.roles import OrganisationRole, ParticipantRole
from common import clock
from common.code import code_number
from engagements.models import KeptPage
from engagements.tasks import sweep_pages
from milestones import services
from tenancy import context
from tenancy.roles import MIGRATE, WORKER
from tests.factories import Cast
from tests.milestones.scene import CALENDAR, as_person, on_day, planned
from tests.milestones.test_pages import at, browser
from tests.stage import role

MANY = 8  # what a page asks that is kept; with savepoints of the test's own transaction
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w*)"')


@pytest.fixture
def plan(cast: Cast) -> Cast:
    planned(cast)
    return cast


def kept_of(user: User) -> list[KeptPage]:
    with context.entered(user_id=user.pk):
        return list(KeptPage.objects.order_by("page"))


def asked(client: Client, address: str) -> tuple[str, bool]:
    """What a page says, and whether it was made for this look."""
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200
    return TOKEN.sub("", answer.text), len(queries) > MANY


def test_it_says_the_same_and_is_not_made_again(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    for path in ("plan/", "gates/", "brief/", "setup/agents/", "trail/"):
        first, made = asked(client, at(plan, path))
        assert made, path
        assert asked(client, at(plan, path)) == (first, False), path


def test_each_reader_is_shown_their_own(plan: Cast) -> None:
    said = {
        person: asked(browser(person), at(plan, "plan/"))
        for person in (plan.campaign_manager, plan.client_lead, plan.supervisor)
    }
    assert all(made for _, made in said.values())
    assert "Move the launch date" in said[plan.campaign_manager][0]
    assert "Move the launch date" not in said[plan.supervisor][0]
    for person, (words, _) in said.items():
        assert asked(browser(person), at(plan, "plan/")) == (words, False)
        assert {one.reader_id for one in kept_of(person)} == {person.pk}, "the database shows nobody else's"


def test_no_proof_of_a_form_is_kept_and_each_answer_has_its_own(plan: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(plan.campaign_manager)
    tokens = [set(TOKEN.findall(client.get(at(plan, "plan/")).text)) for _ in range(3)]
    assert all(map(all, tokens)), "none is empty"
    assert not tokens[1] & tokens[2]
    [kept] = kept_of(plan.campaign_manager)
    assert set(TOKEN.findall(kept.pieces["page"])) == {""}
    shown = client.get(at(plan, "plan/")).text
    said = client.post(
        at(plan, "comments/say/"),
        {
            "csrfmiddlewaretoken": TOKEN.findall(shown)[0],
            "place": re.findall(r'name="place" value="([^"]+)"', shown)[0],
            "text": "From a page that was kept.",
        },
    )
    assert said.status_code == 302
    assert "From a page that was kept." in client.get(at(plan, "plan/")).text


def test_a_line_of_the_engagement_makes_it_old(plan: Cast) -> None:
    client = browser(plan.client_lead)
    with on_day(3):
        asked(client, at(plan, "plan/"))
        with as_person(plan, plan.campaign_manager):
            services.move_launch(
                engagement=plan.engagement, by=plan.seat(plan.campaign_manager),
                launch=CALENDAR.launch + timedelta(days=4), side="client", reason="The CRM is not ready.",
            )  # fmt: skip
        words, made = asked(client, at(plan, "plan/"))
    assert made
    assert "Mon 16 Mar" in words


def test_a_line_of_either_organisation_makes_it_old(plan: Cast) -> None:
    reader = browser(plan.client_lead)
    with role(MIGRATE):
        plan.client_leader.memberships.update(role=OrganisationRole.ADMIN)
    for person in (plan.client_leader, plan.operator_leader):
        asked(reader, at(plan, "plan/"))
        assert not asked(reader, at(plan, "plan/"))[1]
        with as_person(plan, person):
            by = replace(plan.seat(person), role=OrganisationRole.ADMIN)
            change_brand(by=by, colour="#224466")
        assert asked(reader, at(plan, "plan/"))[1]


def test_it_is_of_one_day_and_those_of_days_before_are_let_go_of(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    with on_day(3):
        asked(client, at(plan, "plan/"))
        asked(client, at(plan, "gates/"))
    with on_day(4):
        assert asked(client, at(plan, "plan/"))[1]
        with role(WORKER):
            assert sweep_pages() == 0, "somewhere it is still the day before"
    with on_day(5), role(WORKER):
        assert sweep_pages() == 1
        assert [one.day for one in kept_of(plan.campaign_manager)] == [CALENDAR.date_of(4)]


def test_what_turns_with_the_hour_is_kept_until_then(plan: Cast) -> None:
    client, noon = browser(plan.campaign_manager), CALENDAR.date_of(3).isoformat() + "T12:00:00-05:00"
    for moment, made_anew in (("T09:00", True), ("T11:59", False), ("T12:01", True), ("T12:02", False)):
        with time_machine.travel(noon.replace("T12:00", moment), tick=False):
            assert asked(client, at(plan, "deliverables/evenings/"))[1] is made_anew, moment


def test_other_code_makes_it_anew(plan: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser(plan.campaign_manager)
    asked(client, at(plan, "plan/"))
    monkeypatch.setattr("engagements.access.code_number", lambda: code_number() ^ 1)
    assert asked(client, at(plan, "plan/"))[1]


def test_who_may_no_longer_see_it_is_not_shown_what_is_kept(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    asked(client, at(plan, "plan/"))
    assert len(kept_of(plan.campaign_manager)) == 1
    with role(MIGRATE):  # and the copy stays where it is
        plan.campaign_manager.memberships.update(ended_at=clock.now())
    assert client.get(at(plan, "plan/")).status_code == 404


def test_what_was_asked_for_last_is_kept_of_a_list(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    plain, _ = asked(client, at(plan, "trail/"))
    other, made = asked(client, at(plan, "trail/?person=Nobody"))
    assert made
    assert asked(client, at(plan, "trail/?person=Nobody")) == (other, False)
    assert asked(client, at(plan, "trail/")) == (plain, True), "it gave its place away"
    assert len(kept_of(plan.campaign_manager)) == 1


def test_whose_role_is_another_one_is_shown_another_page(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    assert "Move the launch date" in asked(client, at(plan, "plan/"))[0]
    with role(MIGRATE):
        plan.engagement.participants.filter(user=plan.campaign_manager).update(role=ParticipantRole.QA_LEAD)
    words, made = asked(client, at(plan, "plan/"))
    assert made
    assert "Move the launch date" not in words


def test_what_one_person_has_read_is_no_longer_shown_as_unread(plan: Cast) -> None:
    writer, reader = browser(plan.client_lead), browser(plan.campaign_manager)
    place = re.findall(r'name="place" value="([^"]+)"', writer.get(at(plan, "plan/")).text)[0]
    writer.post(at(plan, "comments/say/"), {"place": place, "text": "@Mara Voss?"})
    words, _ = asked(reader, at(plan, "plan/"))
    assert asked(reader, at(plan, "plan/")) == (words, False)
    assert reader.post(re.findall(r'action="([^"]+/read/)"', words)[0]).status_code == 302
    assert "I have read it" not in asked(reader, at(plan, "plan/"))[0]


def test_a_page_that_is_refused_or_sent_is_not_kept(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    client.get(at(plan, "gates/01890000-0000-7000-8000-000000000000/"))
    client.head(at(plan, "plan/"))
    client.post(at(plan, "plan/launch/"), {"launch": "never"})
    assert kept_of(plan.campaign_manager) == []


def test_what_waits_for_a_job_is_not_kept(plan: Cast) -> None:
    client = browser(plan.campaign_manager)
    client.post(at(plan, "deliverables/build/"), {"kind": "launch-plan"})
    page = client.get(at(plan, "plan/")).text
    assert "is being made" in page
    assert kept_of(plan.campaign_manager) == []
