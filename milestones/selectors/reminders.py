"""What a person is reminded of on a day: what they own, or stand in for, and can do something about."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import F
from django.urls import reverse

from accounts.models import User
from common.wording import day_text, near_text, plural
from engagements.masking import OPEN
from engagements.masks import masks_for
from engagements.models import Engagement, Participant
from kpis.models import Fix
from milestones.rules.reminders import MORNING, is_reminded, is_substitute_reminded
from milestones.selectors.check_results import check_result
from milestones.selectors.many import standings_of
from milestones.selectors.reviews import open_actions_of
from milestones.selectors.standing import Standing


@dataclass(frozen=True)
class Owed:
    """One thing that somebody owes; `stands_in` names the owner when the reader is only their substitute."""

    key: str
    title: str
    due: date
    path: str
    campaign: str
    when: str
    stands_in: str = ""


@dataclass(frozen=True)
class Person:
    """Somebody to remind today, in the zone of an engagement where they owe something."""

    user_id: int
    organisation_id: int
    day: date


def people_to_remind(now: datetime) -> list[Person]:
    """Whom to remind now, whatever the context: ids alone, from the one door for it. Only the worker may ask."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM app.people_to_remind(%s, %s)", [now, MORNING])
        return [Person(*row) for row in cursor.fetchall()]


def owed_on(user: User, day: date) -> list[Owed]:
    """Everything that a person is reminded of on a day in the engagements that the context shows, by due date.

    A sample reminds nobody of anything.
    The number of queries does not grow with the engagements.
    """
    parts = list(Participant.objects.held_by(user))
    held = {part.pk for part in parts}
    engagements = list(
        Engagement.objects.filter(participants__in=held, is_sample=False).distinct().order_by("pk")
    )
    owed: list[Owed] = []
    dated = _dated(engagements)
    seen_through = masks_for(engagements, {part.engagement_id: part.side for part in parts})
    for standing in standings_of(engagements):
        for key, title, due, owner, path in (*_items(standing), *dated[standing.engagement.pk]):
            if owner is None or owner.pk not in held:
                continue
            own = owner.user_id == user.pk
            title = seen_through.get(standing.engagement.pk, OPEN).text(title)
            if is_reminded(due, day) if own else is_substitute_reminded(due, day):
                owed.append(
                    Owed(
                        key=key, title=title, due=due, path=path, campaign=standing.engagement.campaign,
                        when=f"{day_text(due, today=day)}, {_when(due, day)}", stands_in="" if own else owner.name,
                    )
                )  # fmt: skip
    return sorted(owed, key=lambda each: (each.due, each.campaign, each.title))


def _when(due: date, day: date) -> str:
    late = (day - due).days
    return f"{plural(late, 'day')} late" if late > 0 else near_text(due, day)


Row = tuple[str, str, date, Participant | None, str]


def _items(standing: Standing) -> Iterable[Row]:
    """Open milestones and checks before the next gate: what lies behind a shut gate cannot be done yet."""
    gate, public_id = standing.next_gate, standing.engagement.public_id
    if gate is None:
        return
    for item in standing.milestones:
        if item.gate_code == gate.code and not item.done_on:
            path = reverse("milestones:milestone", args=[public_id, item.public_id])
            title = standing.todo_of(item) or item.title
            yield f"milestone:{item.public_id}", title, item.forecast_on, item.owner, path
    if gate == standing.gates[0]:
        for check in standing.checks:
            if check_result(standing, check) != "passed":
                path = reverse("milestones:check", args=[public_id, check.public_id])
                yield f"check:{check.public_id}", check.title, check.forecast_on, check.owner, path


def _dated(engagements: Iterable[Engagement]) -> dict[int, list[Row]]:
    """Open fixes of the present answers, and open actions of closed minutes, by the engagement's id. Two queries."""
    by_id = {engagement.pk: engagement for engagement in engagements}
    rows: dict[int, list[Row]] = {pk: [] for pk in by_id}
    fixes = Fix.objects.filter(engagement__in=list(by_id), done_on=None, cause__round=F("finding__round"))
    for fix in fixes.select_related("owner__substitute"):
        path = reverse("kpis:findings", args=[by_id[fix.engagement_id].public_id])
        rows[fix.engagement_id].append((f"fix:{fix.public_id}", fix.action, fix.due_on, fix.owner, path))
    for action in open_actions_of(by_id):
        path = reverse("milestones:reviews", args=[by_id[action.engagement_id].public_id])
        row = (f"action:{action.public_id}", action.text, action.due_on, action.owner, path)
        rows[action.engagement_id].append(row)
    return rows
