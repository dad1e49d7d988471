"""The portfolio's rows are kept, and never older than the day and the newest line of the trail."""

import json
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from engagements.models import Engagement
from milestones import services
from milestones.models import Glance
from tenancy import context
from tests.factories import Cast
from tests.milestones.scene import CALENDAR, locked, on_day, planned
from tests.milestones.test_pages import browser
from tests.stage import backstage
from tests.workspace.test_overviews import another_engagement
from workspace.selectors import glances
from workspace.selectors.glances import Look, looks_of


def looks(cast: Cast) -> dict[int, Look]:
    with context.entered(user_id=cast.campaign_manager.pk):
        return looks_of(list(Engagement.objects.select_related("client", "operator")))


@pytest.mark.parametrize("others", [1, 8])
def test_what_is_kept_is_read_in_three_queries_however_many_there_are(cast: Cast, others: int) -> None:
    with on_day(3):
        planned(cast)
        for number in range(others):
            another_engagement(cast, number)
        client = browser(cast.campaign_manager)
        client.get("/portfolio/")
        with CaptureQueriesContext(connection) as asked:
            page = client.get("/portfolio/")
    # Who it is, where they sit, and entering; a test's own transaction adds the reading and putting back of what held
    # before and a savepoint, which a request has not.
    said = [row["sql"] for row in asked if "SAVEPOINT" not in row["sql"] and "_config(" not in row["sql"]]
    assert f"Campaign {others - 1}" in page.text
    assert len([sql for sql in said if "current_setting" not in sql]) <= 8
    assert sum("milestones_glance" in sql for sql in said) == 1
    assert not any("milestones_milestone" in sql for sql in said)


def test_what_is_kept_is_what_was_computed(cast: Cast) -> None:
    locked(cast)
    with on_day(40):
        computed = looks(cast)
        kept = looks(cast)
    assert kept == computed
    [look] = computed.values()
    assert look.launch is not None
    assert Look.from_json(json.loads(json.dumps(look.to_json()))) == look


def test_a_line_of_the_trail_makes_what_was_kept_old(cast: Cast) -> None:
    planned(cast)
    with on_day(3):
        before = looks(cast)
        with context.entered(user_id=cast.campaign_manager.pk, engagement_id=cast.engagement.pk):
            services.move_launch(
                engagement=cast.engagement, by=cast.seat(cast.campaign_manager),
                launch=CALENDAR.launch + timedelta(days=4), side="client", reason="The CRM is not ready.",
            )  # fmt: skip
        after = looks(cast)
    assert before != after


def test_another_day_makes_what_was_kept_old(cast: Cast) -> None:
    planned(cast)
    with on_day(3):
        assert looks(cast)[cast.engagement.pk].position == "Day 3"
    with on_day(4):
        assert looks(cast)[cast.engagement.pk].position == "Day 4"


def test_what_another_program_kept_is_not_read(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    planned(cast)
    looks(cast)
    with backstage():
        Glance.objects.update(facts={"of": "another shape"})
    monkeypatch.setattr(glances, "SHAPE", glances.SHAPE + 1)
    assert looks(cast)[cast.engagement.pk].waiting


def test_what_verdicts_may_change_without_a_line_is_not_kept(cast: Cast) -> None:
    locked(cast)
    with on_day(20):
        looks(cast)
    with backstage():
        assert not Glance.objects.exists()
    with on_day(2):
        looks(cast)
    with backstage():
        assert Glance.objects.count() == 1
