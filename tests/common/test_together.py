"""Several queries in one statement, worded once."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from common.together import Together, Worded
from engagements.models import Engagement, Participant
from tenancy import context
from tests.factories import Cast

worded: list[int] = []


def _asked(user: int, until: date) -> dict[str, QuerySet[Any, Any]]:
    worded.append(user)
    return {
        "parts": Participant.objects.ever_held_by(user).values("role", "engagement__campaign", "ended_at"),
        "seats": Membership.objects.filter(user=user).values("role"),
        "engagements": Engagement.objects.filter(kickoff_on__lt=until).values("kickoff_on").order_by("pk"),
    }


TOGETHER = Together(_asked, user=2**62, until=date(1, 1, 1))


def test_queries_together_say_what_each_says_alone_in_one_statement_that_is_worded_once(cast: Cast) -> None:
    kickoff = cast.engagement.kickoff_on
    for who in (cast.campaign_manager, cast.client_lead, cast.campaign_manager):
        with context.entered(user_id=who.pk), CaptureQueriesContext(connection) as asked:
            found = TOGETHER.rows(user=who.pk, until=date(9999, 1, 1))
            none = TOGETHER.rows(user=who.pk, until=kickoff)
        assert len([row for row in asked if "json_agg" in row["sql"]]) == 2
        with context.entered(user_id=who.pk):
            alone = _asked(who.pk, date(9999, 1, 1))
            assert found["parts"] == list(alone["parts"])
            assert found["seats"] == list(alone["seats"])
        assert found["engagements"] == [{"kickoff_on": kickoff.isoformat()}]
        assert none == {**found, "engagements": []}, "nothing found is no rows"
    assert worded.count(2**62) == 1, "worded with what marks its places, once"


def test_a_query_that_is_worded_once_says_what_it_says_alone_for_each_value(cast: Cast) -> None:
    def asked(side: str, user: int) -> QuerySet[Any, Any]:
        held = Participant.objects.filter(user=user, side=side, engagement__is_sample=False)
        return held.order_by("pk").values_list("public_id", "role", "created_at")

    once = Worded(asked, side="which side", user=2**62)
    found = set()
    for who, side in (
        (cast.campaign_manager, "operator"),
        (cast.client_lead, "client"),
        (cast.client_lead, "operator"),
    ):
        with context.entered(user_id=who.pk):
            rows = once.rows(side=side, user=who.pk)
            assert rows == list(asked(side, who.pk))
            found.add(bool(rows))
    assert found == {True, False}
