"""How long calls were spoken: the middle of exact counts, told by day, source and agent, and made anew by a command."""

from collections.abc import Iterator
from datetime import date
from io import StringIO

import numpy as np
import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kpis.models import AgentTalk, DailyFact, SourceTalk
from kpis.selectors import talks
from kpis.selectors.checking import check_facts
from kpis.talks import quantile, step, step_sql
from kpis.telling.talk import median_text
from tenancy import context
from tests.factories import Cast
from tests.kpis.samples import NOW, own
from tests.kpis.test_rollups import RunJobs, bring_in, equal
from tests.stage import backstage

DAY = date(2026, 5, 4)
CALLS = [("Web", "ada", 30), ("Web", "ada", 0), ("Web", "ben", 61), ("List", "ben", 302), ("List", "ben", "")]


@given(st.lists(st.integers(1, 4_000), min_size=1, max_size=200), st.sampled_from([0.1, 0.5, 0.9]))
def test_a_quantile_is_that_of_the_values(values: list[int], share: float) -> None:
    counts = [(value, values.count(value)) for value in set(values)]
    assert quantile(counts, share) == np.quantile(values, share, method="averaged_inverted_cdf")


def test_nothing_has_no_middle() -> None:
    assert quantile([], 0.5) is None
    assert quantile([(7, 0)], 0.5) is None


@pytest.mark.django_db
def test_steps_are_rounded_up_the_same_way_here_and_there() -> None:
    values = [0, 1, 5, 6, 299, 300, 301, 900, 901, 3_600, 3_601, 86_399]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {step_sql('v')} FROM unnest(%s::integer[]) AS v", [values])  # noqa: S608  our own
        assert [row[0] for row in cursor.fetchall()] == [step(value) for value in values]
    assert [step(value) for value in (0, 1, 5, 301, 3_601)] == [0, 5, 5, 315, 4_500]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def spoken(cast: Cast, run_jobs: RunJobs) -> Cast:
    bring_in(
        cast,
        run_jobs,
        own([
            {"call_id": f"c{n}", "lead_source": source, "agent": agent, "talk_s": talk, "wrap_s": 9}
            for n, (source, agent, talk) in enumerate(CALLS)
        ]),
    )  # fmt: skip
    return cast


def test_the_middle_is_told_in_all_and_by_day_source_and_agent(spoken: Cast) -> None:
    with context.entered(user_id=spoken.client_lead.pk, engagement_id=spoken.engagement.pk):
        whole = talks.talk_times(spoken.engagement, DAY, DAY)
        assert (whole.timed, whole.spoken, whole.median, whole.ninetieth) == (4, 3, 61, 302)
        assert talks.by_source(spoken.engagement, DAY, DAY, "")["Web"].median == 45.5
        by_agent = talks.by_agent(spoken.engagement, DAY, DAY)
        assert sorted(one.median for one in by_agent.values() if one.median) == [30, 190]  # of 65 and 315
        assert talks.by_day(spoken.engagement, DAY, DAY)[DAY] == whole
        assert DailyFact.objects.filter(source__name="List").get().wrapped == 2
    equal(spoken)
    client = Client()
    client.force_login(spoken.client_lead)
    page = client.get(f"/e/{spoken.engagement.public_id}/kpis/").content.decode()
    assert "median 1 min 1 s, 90% within 5 min 2 s, of 3 spoken" in page
    assert "Hyndman and Fan" in page
    page = client.get(f"/e/{spoken.engagement.public_id}/kpis/signals/hours/").content.decode()
    assert "Talk time by day" in page
    assert "median 46 s, 90% within 1 min 1 s, of 2 spoken" in page


def test_what_is_not_counted_yet_is_no_data_until_the_command_has_counted_it(spoken: Cast) -> None:
    with backstage():
        SourceTalk.objects.all().delete()
        AgentTalk.objects.all().delete()
        DailyFact.objects.update(wrap_s=None, wrapped=None)
    with context.entered(user_id=spoken.client_lead.pk, engagement_id=spoken.engagement.pk):
        whole = talks.talk_times(spoken.engagement, DAY, DAY)
        assert median_text(whole, 4).startswith("median no data")
        # Four and four counts, and wrap-up of two sources.
        assert len(check_facts(spoken.engagement).mismatches) == 12
    out = StringIO()
    call = {"engagement": spoken.engagement.public_id, "stdout": out}
    with pytest.raises(CommandError, match="nor sum them again"):
        call_command("rebuild_facts", as_user=spoken.client_lead.email, **call)
    call_command("rebuild_facts", as_user=spoken.campaign_manager.email, **call)
    assert "The sums of 5 calls are made anew" in out.getvalue()
    equal(spoken)
