"""An engagement is opened for a page by one statement, which gives nobody more than the wall shows them."""

from typing import Any
from typing import cast as typed
from uuid import uuid4

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts import trail
from accounts.models import User
from accounts.requests import TenantRequest
from engagements.access import open_engagement, take_seat
from engagements.models import Engagement, Participant
from milestones.selectors.standing import standing_of
from tenancy import context
from tests.factories import Cast, EngagementFactory
from tests.milestones.scene import as_person, planned
from tests.milestones.test_pages import browser
from tests.stage import backstage


def request_of(cast: Cast, user: User) -> TenantRequest:
    request = typed(TenantRequest, RequestFactory().get("/"))
    request.user, request.seat, request.keeping = user, cast.seat(user), None
    return request


def campaigns() -> set[str]:
    return set(Engagement.objects.values_list("campaign", flat=True))


@pytest.fixture
def second(cast: Cast) -> Engagement:
    """Another engagement of the same two organisations."""
    with backstage():
        return EngagementFactory(
            campaign="Another", client=cast.client_organisation, operator=cast.operator_organisation,
            created_by=cast.campaign_manager,
        )  # fmt: skip


def test_it_reads_what_the_queries_of_its_parts_read(cast: Cast) -> None:
    with backstage():
        manager = Participant.objects.get(engagement=cast.engagement, user=cast.campaign_manager)
        lead = Participant.objects.get(engagement=cast.engagement, user=cast.qa_lead)
        Participant.objects.filter(pk=manager.pk).update(substitute=lead)
    for user in (cast.campaign_manager, cast.qa_lead, cast.client_lead):
        with as_person(cast, user):
            before = take_seat(cast.seat(user), Engagement.objects.get(pk=cast.engagement.pk))
        with as_person(cast, user), CaptureQueriesContext(connection) as asked:
            opened, seat = open_engagement(request_of(cast, user), cast.engagement.public_id)
            names = opened.client.name, opened.operator.name
        assert sum("app.narrow" in row["sql"] for row in asked) == 1
        assert not any('FROM "accounts_organisation"' in row["sql"] for row in asked)
        assert (seat, dict(seat.acting_for)) == (before, dict(before.acting_for))
        with as_person(cast, user):
            read = Engagement.objects.select_related("client", "operator").get(pk=cast.engagement.pk)
        fields = [field.attname for field in Engagement._meta.concrete_fields]
        assert [getattr(opened, name) for name in fields] == [getattr(read, name) for name in fields]
        assert names == (read.client.name, read.operator.name)


def test_it_narrows_to_that_one_and_nothing_widens_it_again(cast: Cast, second: Engagement) -> None:
    with context.entered(user_id=cast.operator_leader.pk):
        assert len(campaigns()) == 2
        open_engagement(request_of(cast, cast.operator_leader), second.public_id)
        assert campaigns() == {"Another"}
        assert typed(Any, context.current()).engagement_id == second.pk
        context.narrow(engagement_id=cast.engagement.pk)
        assert campaigns() == set()
        context.narrow(engagement_id=second.pk)
        assert campaigns() == set()


def test_one_of_others_and_one_that_is_not_are_answered_alike_and_narrow_nothing(
    cast: Cast, second: Engagement
) -> None:
    with backstage():
        Participant.objects.filter(user=cast.qa_lead).update(engagement=second)
    with context.entered(user_id=cast.qa_lead.pk):
        for public_id in (cast.engagement.public_id, uuid4()):
            with pytest.raises(Http404, match="There is no such engagement"):
                open_engagement(request_of(cast, cast.qa_lead), public_id)
        assert campaigns() == {"Another"}


def test_a_page_asks_four_queries_before_its_own(cast: Cast) -> None:
    planned(cast)
    client = browser(cast.campaign_manager)
    page = f"/e/{cast.engagement.public_id}/kpis/prices/"
    client.get(page)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(page).status_code == 200
    own = ("SAVEPOINT", "_config(", "current_setting", "kpis_unitprices")
    assert len([row for row in asked if not any(word in row["sql"] for word in own)]) == 4


def test_what_was_read_is_read_again_after_a_line_of_the_trail_and_by_nobody_else(cast: Cast) -> None:
    planned(cast)
    with as_person(cast, cast.campaign_manager):
        open_engagement(request_of(cast, cast.campaign_manager), cast.engagement.public_id)
        assert context.read_once()
        with as_person(cast, cast.client_lead):
            assert not context.read_once()
        assert not context.read_once(), "something may have been written inside"
        kept = standing_of(cast.engagement).kept
        assert kept.of("a part", make=lambda: "first") == "first"
        assert context.read_once()
        seat = cast.seat(cast.campaign_manager)
        trail.record(by=seat, action="comment.added", subject="a", engagement_id=cast.engagement.pk)
        assert kept.of("a part", make=lambda: "second") == "second"
    assert not context.read_once()
