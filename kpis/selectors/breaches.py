"""Breaches as pages and gates read them, and the proof that they equal the rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, Min, QuerySet, Sum

from common.wording import day_text, plural
from engagements.clearance import Lack
from engagements.models import Agent, Engagement
from kpis.models import AgentFact, Breach, BreachAnswer, CallRecord
from kpis.rules import GATE_DAYS

PAGE_SIZE = 50
STATES = ("open", "returned", "answered", "accepted", "withdrawn")


def breaches(engagement: Engagement) -> QuerySet[Breach]:
    """The breaches of an engagement with their answers, the newest answer first. Three queries."""
    return (
        Breach.objects.filter(engagement=engagement)
        .select_related("agent__belongs_to")
        .prefetch_related("answers__decisions")
    )


def breaches_of(engagements: Iterable[Engagement]) -> list[Breach]:
    """The breaches of many engagements with calls behind them, in three queries."""
    found = Breach.objects.filter(engagement__in=[engagement.pk for engagement in engagements], calls__gt=0)
    return list(found.select_related("agent").prefetch_related("answers__decisions"))


def newest_answer(breach: Breach) -> BreachAnswer | None:
    return next(iter(breach.answers.all()), None)


def state_of(breach: Breach) -> str:
    """open, returned, answered, accepted; withdrawn when its calls were taken back.

    Calls that came in after the answer open it again.
    """
    if not breach.calls:
        return "withdrawn"
    answer = newest_answer(breach)
    if answer is None or answer.calls < breach.calls:
        return "open"
    decision = next(iter(answer.decisions.all()), None)
    if decision is None:
        return "answered"
    return "accepted" if decision.accepted else "returned"


def uncleared_calls(engagement: Engagement) -> dict[int, int]:
    """How many calls each agent made while not cleared, whichever dialer code they were under. One query."""
    counts: dict[int, int] = {}
    for breach in Breach.objects.filter(engagement=engagement, calls__gt=0).select_related("agent"):
        owner = breach.agent.belongs_to_id or breach.agent_id
        counts[owner] = counts.get(owner, 0) + breach.calls
    return counts


def gate_of(day: int, passed: int) -> int | None:
    """The day of the gate that waits for a breach of this day, once those up to `passed` have passed; None: no gate."""
    return next((gate for gate in GATE_DAYS if gate >= day and gate > passed), None)


def owed_by(state: str) -> str:
    """The side whose turn it is; "" when nothing is owed."""
    return {"open": "operator", "returned": "operator", "answered": "client"}.get(state, "")


def sentence(breach: Breach, name: str) -> str:
    """The breach in one sentence, as a gate says it."""
    why = Lack(breach.reason).label
    made = f"{plural(breach.calls, 'call')} of {name} on {day_text(breach.day)}: {why}"
    ends = {
        "open": "not answered",
        "returned": "the answer was sent back",
        "answered": "the client has not accepted the answer",
        "accepted": "answered and accepted",
        "withdrawn": "the calls were taken back",
    }
    return f"{made}, {ends[state_of(breach)]}."


@dataclass(frozen=True)
class BreachRow:
    """A breach as the page shows it."""

    breach: Breach
    agent: Agent
    state: str
    answer: BreachAnswer | None

    @property
    def reason(self) -> str:
        return Lack(self.breach.reason).label


@dataclass(frozen=True)
class AgentBreaches:
    """The breaches of one agent, the newest day first."""

    agent: Agent
    rows: tuple[BreachRow, ...]

    def of(self, *states: str) -> list[BreachRow]:
        return [row for row in self.rows if row.state in states]

    @property
    def unanswered(self) -> list[BreachRow]:
        return self.of("open", "returned")

    @property
    def answered(self) -> list[BreachRow]:
        return self.of("answered")


def by_agent(found: Iterable[Breach]) -> list[AgentBreaches]:
    """Breaches by the agent whom the dialer named, those with something open first."""
    groups: dict[int, list[BreachRow]] = {}
    for breach in found:
        row = BreachRow(breach, breach.agent, state_of(breach), newest_answer(breach))
        groups.setdefault(breach.agent_id, []).append(row)
    made = [
        AgentBreaches(rows[0].agent, tuple(sorted(rows, key=lambda row: row.breach.day, reverse=True)))
        for rows in groups.values()
    ]
    return sorted(
        made, key=lambda group: (not group.unanswered, not group.answered, str(group.agent).lower())
    )


def calls_of(breach: Breach, after: int = 0) -> list[CallRecord]:
    """The rows of one breach, a page at a time and one more."""
    return list(
        CallRecord.objects.filter(
            engagement=breach.engagement_id,
            day=breach.day,
            agent=breach.agent_id,
            breach__isnull=False,
            pk__gt=after,
        )
        .select_related("batch", "source", "disposition")
        .order_by("pk")[: PAGE_SIZE + 1]
    )


def unnamed_calls(engagement: Engagement) -> int:
    """How many calls name no agent, so that nobody can say who made them."""
    found = AgentFact.objects.filter(engagement=engagement, agent=None)
    return int(found.aggregate(calls=Sum("calls", default=0))["calls"])


@dataclass(frozen=True, slots=True)
class BreachMismatch:
    """A breach that says something else than the marked rows."""

    agent: str
    day: date
    stored: int
    counted: int


def check_breaches(engagement: Engagement) -> list[BreachMismatch]:
    """Count the marked rows again and compare with the breaches. Three queries."""
    stored = {
        (row.agent_id, row.day): (row.calls, row.reason, row.first_at, row.last_at)
        for row in Breach.objects.filter(engagement=engagement)
    }
    counted = {
        (agent, day): (calls, reason, first, last)
        for agent, day, calls, reason, first, last in CallRecord.objects.filter(
            engagement=engagement, breach__isnull=False
        )
        .order_by()
        .values_list("agent_id", "day")
        .annotate(calls=Count("pk"), reason=Min("breach"), first=Min("called_at"), last=Max("called_at"))
    }
    names = dict(Agent.objects.filter(engagement=engagement).values_list("pk", "name"))
    return [
        BreachMismatch(
            names.get(agent, ""), day, stored.get((agent, day), (0,))[0], counted.get((agent, day), (0,))[0]
        )
        for agent, day in sorted(stored.keys() | counted.keys(), key=lambda key: (key[1], key[0]))
        if (stored.get((agent, day)) or (0,))[0] != (counted.get((agent, day)) or (0,))[0]
        or ((agent, day) in counted and stored.get((agent, day)) != counted[agent, day])
    ]
