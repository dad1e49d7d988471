"""Breaches are answered by the operator, and the answers accepted or sent back by the client."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.db import transaction

from accounts import trail
from accounts.roles import Permission, Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from common.wording import plural
from engagements.locking import hold
from engagements.models import Engagement
from kpis.models import Breach, BreachAnswer, BreachDecision
from kpis.selectors.breaches import breaches, newest_answer, state_of


def _chosen(engagement: Engagement, chosen: Collection[UUID], states: tuple[str, ...]) -> list[Breach]:
    """The breaches that were ticked, as they stand now, with the engagement held."""
    found = list(breaches(engagement).filter(public_id__in=chosen))
    if not chosen or len(found) != len(set(chosen)):
        raise Refused("Tick at least one day of the list.")
    if any(state_of(breach) not in states for breach in found):
        raise Refused("One of the days has changed since this page was loaded. Look at the list again.")
    return found


@transaction.atomic
def answer_breaches(
    *, engagement: Engagement, by: Seat, chosen: Collection[UUID], cause: str, action: str, done_on: date
) -> list[BreachAnswer]:
    """Say of some breaches how they came about, what was done and when. Raises Refused with what is missing."""
    by.require(Permission.ANSWER_BREACH)
    engagement = hold(engagement.pk)
    found = _chosen(engagement, chosen, ("open", "returned"))
    reasons = []
    if letters(cause) < MIN_LETTERS:
        reasons.append("Say how it came about that an agent who was not cleared dialed.")
    if letters(action) < MIN_LETTERS:
        reasons.append("Say what was done about it.")
    first = min(breach.day for breach in found)
    if not first <= done_on <= clock.today(engagement.zone):
        reasons.append("What was done lies between the day of the calls and today.")
    if reasons:
        raise Refused(reasons)
    now = clock.now()
    answers = BreachAnswer.objects.bulk_create(
        BreachAnswer(
            engagement=engagement, breach=breach, cause=cause.strip(), action=action.strip(), done_on=done_on,
            calls=breach.calls, by=by.user, by_name=by.written_name(), at=now,
        )
        for breach in found
    )  # fmt: skip
    trail.record(
        by=by, action="breach.answered", subject=_subject(found), engagement_id=engagement.pk,
        after={"cause": cause.strip(), "action": action.strip(), "done_on": done_on, "days": _days(found)},
    )  # fmt: skip
    return answers


@transaction.atomic
def settle_breaches(
    *, engagement: Engagement, by: Seat, chosen: Collection[UUID], accepted: bool, note: str
) -> list[BreachDecision]:
    """Accept the newest answers to some breaches, or send them back with the reason. Raises Refused."""
    by.require(Permission.SETTLE_BREACH)
    if by.side != Side.CLIENT:
        raise Refused("The client accepts the answer, or sends it back.")
    engagement = hold(engagement.pk)
    found = _chosen(engagement, chosen, ("answered",))
    if not accepted and letters(note) < MIN_LETTERS:
        raise Refused("Say why the answer is not enough.")
    now = clock.now()
    decisions = BreachDecision.objects.bulk_create(
        BreachDecision(
            engagement=engagement, answer=newest_answer(breach), accepted=accepted, note=note.strip(),
            by=by.user, by_name=by.written_name(), at=now,
        )
        for breach in found
    )  # fmt: skip
    trail.record(
        by=by, action="breach.accepted" if accepted else "breach.returned", subject=_subject(found),
        engagement_id=engagement.pk, after={"note": note.strip(), "days": _days(found)},
    )  # fmt: skip
    return decisions


def _subject(found: list[Breach]) -> str:
    names = sorted({str(breach.agent.belongs_to or breach.agent) for breach in found})
    return f"{plural(len(found), 'breach', 'breaches')} by {', '.join(names)}"


def _days(found: list[Breach]) -> list[str]:
    return sorted({breach.day.isoformat() for breach in found})
