"""One call is scored by several people, none seeing the others, until the round is closed."""

from django.db import transaction

from accounts.roles import Permission
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.wording import plural
from engagements.locking import hold
from kpis.models import QaCall, QaReview, QaRound
from kpis.qa.coverage import State
from kpis.selectors.qa import scorecard_in_use

from .said import Said, as_it_is, author, columns_of, says_the_same, tell


@transaction.atomic
def open_round(*, call: QaCall, by: Seat) -> QaRound:
    """Let several people score a call that nobody has scored yet, none seeing the others' scores."""
    by.require(Permission.LEAD_QA)
    hold(call.engagement_id)
    found = as_it_is(call)
    if found.together:
        return found.together
    if scorecard_in_use(found.call.engagement) is None:
        raise Refused("There is no scorecard in use. Write one and put it in use first.")
    if found.state is not State.OPEN:
        raise Refused("Only a call that nobody has reviewed or has in hand is scored blind.")
    made = QaRound.objects.create(
        engagement_id=call.engagement_id,
        call=found.call,
        by=by.user,
        by_name=by.written_name(),
        at=clock.now(),
    )
    tell(by, "qa.round_opened", found.call)
    return made


@transaction.atomic
def score_round(*, together: QaRound, by: Seat, said: Said) -> QaReview:
    """Score a call for a calibration, once each. The same form sent twice counts once."""
    by.require(Permission.CALIBRATE)
    hold(together.engagement_id)
    together = QaRound.objects.select_related("call__engagement").get(pk=together.pk)
    values = columns_of(together.call, said)
    mine = together.reviews.filter(by=by.user).first()
    if mine:
        if says_the_same(mine, values):
            return mine
        raise Refused("You have scored this call already; what was scored blind stays.")
    if together.closed_at:
        raise Refused("This calibration is closed: the scores are open to all.")
    if not said.heard:
        raise Refused("Who could not hear the call does not score it.")
    made = QaReview.objects.create(**values, **author(by, clock.now()), round=together)
    tell(by, "qa.round_scored", together.call)
    return made


@transaction.atomic
def close_round(*, together: QaRound, by: Seat) -> QaRound:
    """Open the scores to everybody; nobody scores after that."""
    by.require(Permission.LEAD_QA)
    hold(together.engagement_id)
    together = QaRound.objects.select_related("call").get(pk=together.pk)
    if together.closed_at:
        return together
    people = together.reviews.count()
    if people < 2:
        raise Refused(
            f"A calibration has at least two scores; {plural(people, 'person has', 'people have')} scored."
        )
    together.closed_at, together.closed_by_name = clock.now(), by.written_name()
    together.save(update_fields=["closed_at", "closed_by_name"])
    tell(by, "qa.round_closed", together.call, {"scores": people})
    return together
