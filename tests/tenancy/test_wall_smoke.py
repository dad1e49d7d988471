"""The thinnest proof that the wall stands."""

import pytest
from django.db import ProgrammingError, connection, transaction

from accounts import trail
from accounts.models import TrailEntry
from engagements.models import Engagement
from tenancy import context
from tests.factories import Cast


def test_without_a_context_a_tenant_table_raises(cast: Cast) -> None:
    with pytest.raises(ProgrammingError, match="no tenant context"), transaction.atomic():
        Engagement.objects.count()


def test_each_side_sees_its_engagement_and_an_outsider_does_not(cast: Cast) -> None:
    for user, seen in [
        (cast.client_lead, 1),
        (cast.campaign_manager, 1),
        (cast.client_leader, 1),
        (cast.outsider, 0),
        (cast.ex_member, 0),
    ]:
        with context.entered(user_id=user.pk):
            assert Engagement.objects.count() == seen, user


def test_the_trail_is_chained_and_readable_only_inside(cast: Cast) -> None:
    with context.entered(user_id=cast.client_lead.pk, engagement_id=cast.engagement.pk):
        seat = cast.seat(cast.client_lead)
        trail.record(by=seat, action="test.done", subject="one", engagement_id=cast.engagement.pk)
        trail.record(
            by=seat, action="test.done", subject="two", engagement_id=cast.engagement.pk, after={"a": 1}
        )
        assert [entry.sequence for entry in TrailEntry.objects.all()] == [2, 1]
    with context.entered(user_id=cast.outsider.pk):
        assert not TrailEntry.objects.exists()
    with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.trail")
