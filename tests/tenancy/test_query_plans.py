"""Row level security must not cost the index: a rule that is asked per row, or hides an operator, would."""

from datetime import date

import pytest
from django.db import connection
from django.db.models import QuerySet

from kpis.models import AgentFact, CallRecord, CodeFact, DailyFact, Disposition, HourFact, SourceWait, UseFact
from tenancy import context
from tests.factories import Cast


@pytest.fixture
def indexes_preferred(db: None) -> None:
    """The tables of a test are so small that reading them whole would be right."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('enable_seqscan', 'off', true)")


def _queries() -> dict[str, QuerySet]:
    march = (date(2026, 3, 1), date(2026, 3, 31))
    return {
        "calls of a period": CallRecord.objects.filter(engagement_id=1, day__range=march),
        "one call": CallRecord.objects.filter(engagement_id=1, call_key=5),
        "daily facts": DailyFact.objects.filter(engagement_id=1, day__range=march),
        "hours": HourFact.objects.filter(engagement_id=1, day__range=march),
        "agents": AgentFact.objects.filter(engagement_id=1, day__range=march),
        "codes": CodeFact.objects.filter(engagement_id=1, day__range=march),
        "codes by agent": UseFact.objects.filter(engagement_id=1, day__range=march),
        "how long leads waited": SourceWait.objects.filter(engagement_id=1, day__range=march),
        "one code": Disposition.objects.filter(engagement_id=1, system="tollgate", code="x"),
    }


@pytest.mark.parametrize("name", list(_queries()))
def test_the_index_is_used_and_the_context_asked_once(cast: Cast, indexes_preferred: None, name: str) -> None:
    with context.entered(user_id=cast.client_lead.pk):
        plan = _queries()[name].explain()
    assert "Seq Scan" not in plan, plan
    condition = next(line for line in plan.splitlines() if "Index Cond" in line)
    assert condition.count("=") + condition.count("<") >= 2, "both columns of the filter search the index"
    assert "InitPlan" in plan, plan
    assert plan.count("app.engagements()") <= 1, "asked once a statement, never per row"
