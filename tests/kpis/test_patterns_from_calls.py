"""The patterns of a period, counted from calls: exact figures, and nothing of files that cannot tell."""

from datetime import UTC, datetime

import pytest

from engagements.models import Agent
from engagements.outcomes import Outcome
from engagements.stages import Stage
from kpis.imports import facts
from kpis.models import CallRecord, DailyFact, Disposition, Import
from kpis.patterns import Place
from kpis.selectors.patterns import patterns
from tests.factories import Cast
from tests.kpis.scene import day_of, sign_brief, write_facts, write_import
from tests.milestones.scene import as_person
from tests.stage import backstage

ADA = {Outcome.NO_ANSWER: 70, Outcome.CALLBACK: 25, Outcome.QUALIFIED: 5}  # 30 of 100 reached
BEN = {Outcome.NO_ANSWER: 40, Outcome.CALLBACK: 30, Outcome.QUALIFIED: 30}  # 60 of 100 reached


def calls(cast: Cast, batch: Import, agent: Agent, hour: int, day: int, made: dict[Outcome, int]) -> None:
    first = CallRecord.objects.count()
    outcomes = [outcome for outcome, n in made.items() for _ in range(n)]
    codes = {
        each: Disposition.objects.get_or_create(
            engagement=cast.engagement, system="tollgate", code=each.value, outcome=each
        )[0]
        for each in made
    }
    CallRecord.objects.bulk_create(
        CallRecord(
            engagement=cast.engagement, batch=batch, call_key=first + n, row_no=n + 2, day=day_of(cast, day), hour=hour,
            agent=agent, disposition=codes[outcome], depth=outcome.stage, lead_ref=f"L-{first + n}",
        )
        for n, outcome in enumerate(outcomes)
    )  # fmt: skip


@pytest.fixture
def called(cast: Cast) -> Cast:
    sign_brief(cast)
    whole = write_import(cast, [11, 14])
    with backstage():
        ada, ben = (Agent.objects.create(engagement=cast.engagement, name=name) for name in ("ada", "ben"))
        calls(cast, whole, ada, 9, 11, ADA)
        calls(cast, whole, ben, 17, 12, BEN)
        calls(cast, whole, ben, 17, 15, BEN)  # after the days asked for
        dials_only = Import.objects.create(
            engagement=cast.engagement, preset="tollgate", source_zone="UTC", measures=[Stage.DIAL.key],
            file_name="dials.csv", path="imports/dials.csv", sha256="d" * 64, size=1, accepted=50, rejected=0,
            duplicates=0, dials=50, created_by=cast.campaign_manager, finished_at=datetime(2026, 3, 31, tzinfo=UTC),
        )  # fmt: skip
        calls(cast, dials_only, ada, 9, 13, {Outcome.OTHER: 50})
        facts.refresh(cast.engagement.pk)
        DailyFact.objects.all().delete()
    write_facts(cast, (100, 30, 5, None, None, None), [11], "Bought list")
    write_facts(cast, (100, 60, 30, None, None, None), [12], "Web form")
    return cast


def test_hours_sources_weekdays_and_agents_are_counted_from_the_calls_of_the_days(called: Cast) -> None:
    with as_person(called, called.client_lead):
        found = patterns(called.engagement, day_of(called, 11), day_of(called, 14), {"ada": "Agent 1"})
    rows = {
        one.key: [(row.label, row.successes, row.trials, row.place) for row in one.rows] for one in found.all
    }
    low, high = Place.BELOW, Place.ABOVE
    assert rows == {
        "sources": [("Bought list", 30, 100, low), ("Web form", 60, 100, high)],
        "hours": [("09:00–10:00", 30, 100, low), ("17:00–18:00", 60, 100, high)],
        "weekdays": [("Thursday", 30, 100, low), ("Friday", 60, 100, high)],
        "agents-contact": [("Agent 1", 30, 100, low), ("ben", 60, 100, high)],
        "agents-qualified": [("Agent 1", 5, 30, low), ("ben", 30, 60, high)],
    }
    assert [row.rest for row in found.hours.rows] == [0.6, 0.3]


def test_a_code_that_one_agent_gives_more_often_is_told_with_its_counts(called: Cast) -> None:
    with as_person(called, called.client_lead):
        found = patterns(called.engagement, day_of(called, 11), day_of(called, 14)).dispositions
    told = {(one.agent, one.code): (one.calls, one.of, one.of_what, one.more) for one in found.suspicions}
    assert told["ada", "callback"] == (25, 30, "contacts", True)
    assert told["ben", "callback"] == (30, 60, "contacts", False)
    assert "ada gives “callback” more often (83.3% of 30 contacts, the others 50.0%)" in found.sentence


def test_days_without_calls_have_no_patterns(called: Cast) -> None:
    with as_person(called, called.client_lead):
        found = patterns(called.engagement, day_of(called, 20), day_of(called, 25))
    assert found.surprises == ()
    assert not any(one.rows for one in found.all)
    assert found.hours.sentence == "There is no data on the contact rate by hour."
