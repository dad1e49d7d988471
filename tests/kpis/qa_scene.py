"""Calls in the log for QA: so many a day by each agent, with a scorecard in use."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from engagements.models import Agent
from engagements.outcomes import Outcome
from kpis.imports import facts
from kpis.models import CallRecord, Disposition, QaScorecard
from kpis.qa.scoring import Item
from kpis.services import qa
from tests.factories import Cast
from tests.kpis.scene import day_of, write_import
from tests.milestones.scene import as_person
from tests.stage import backstage

ITEMS = (
    Item("greeting", "Says who calls", 5),
    Item("consent", "Tells that it is recorded", 5, auto_fail=True),
)


def log_calls(
    cast: Cast, day: int, calls: Mapping[str, int], outcome: Outcome = Outcome.NO_ANSWER, name: str = ""
) -> list[CallRecord]:
    """Calls of one day by agents, all with one outcome, and their daily facts."""
    made = write_import(cast, [day], name or f"day-{day}-{outcome}-{sum(calls.values())}.csv")
    on: date = day_of(cast, day)
    with backstage():
        code, _ = Disposition.objects.get_or_create(
            engagement=cast.engagement, system="tollgate", code=outcome.value, outcome=outcome
        )
        number, rows = CallRecord.objects.count(), []
        for agent, count in calls.items():
            who = Agent.objects.get_or_create(engagement=cast.engagement, name=agent)[0] if agent else None
            for _ in range(count):
                number += 1
                rows.append(
                    CallRecord(
                        engagement=cast.engagement, batch=made, call_key=number, row_no=number + 1, day=on,
                        called_at=datetime.combine(on, time(10), ZoneInfo(cast.engagement.zone)), hour=10, agent=who,
                        disposition=code, depth=outcome.stage, lead_ref=f"L-{number}",
                    )
                )  # fmt: skip
        CallRecord.objects.bulk_create(rows)
        facts.refresh(cast.engagement.pk, [on])
    return rows


def card_in_use(cast: Cast, pass_mark: int = 60) -> QaScorecard:
    with as_person(cast, cast.qa_lead):
        seat: Any = cast.seat(cast.qa_lead)
        card = qa.save_scorecard(
            engagement=cast.engagement, by=seat, name="First card", items=ITEMS, pass_mark=pass_mark, seen=""
        )
        return qa.use_scorecard(scorecard=card, by=seat, seen=card.content_hash)


def seat_of(cast: Cast, user: User) -> Any:
    return cast.seat(user)
