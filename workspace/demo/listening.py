"""What QA hears in the demo, and what the supervisor sees of transfers; much the same for the same seed."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from random import Random

from accounts.seat import Seat
from engagements.models import Engagement
from engagements.outcomes import Outcome
from kpis.models import Disposition, QaCall, QaSample
from kpis.qa.coverage import State
from kpis.qa.scoring import Item
from kpis.selectors.qa import (
    DrawnCall,
    calls_of,
    launch_sample,
    new_calls,
    scorecard_in_use,
    standing,
    unreached,
)
from kpis.selectors.transfers import supervised_days, transfers
from kpis.services import qa
from kpis.services.qa import Said
from kpis.services.transfers import Check, verify_transfers

from .cast import Person

CARD = (
    Item("i1", "Gives name, company and reason for the call", 5),
    Item("i2", "Tells that the call is recorded", 5, auto_fail=True),
    Item("i3", "Asks every question that qualifies", 20),
    Item("i4", "Answers objections from the script", 15),
    Item("i5", "Briefs the closer before the hand-over", 15),
    Item("i6", "Stops where the person asks not to be called", 10, auto_fail=True),
    Item("i7", "Records the right disposition", 10),
)
ONLY_ON_TRANSFERS, ONLY_ON_REFUSALS = "i5", "i6"
REMARKS = (
    "The question about the age of the house was left out.",
    "Friendly and clear; a little fast at the beginning.",
    "The objection about the price was answered in own words.",
)
FAILED = "The recording was not mentioned before the second question."
MISHEARD = {"callback": "not_interested", "not_interested": "callback", "not_qualified": "not_interested"}
# More than the quarter that the gate asks for, by what stays open in the queue and cannot be heard.
SHARE = Decimal("0.29")
LEFT_OPEN = 0.05  # so that a queue remains to be seen

type Acting = Callable[[Person], AbstractContextManager[Seat]]


@dataclass(frozen=True)
class Floor:
    """Who listens in an engagement: the operator's QA lead and supervisor, and the client at a calibration."""

    engagement: Engagement
    acting: Acting
    qa_lead: Person
    supervisor: Person
    client: Person
    seed: int


def write_card(floor: Floor) -> None:
    with floor.acting(floor.qa_lead) as by:
        card = qa.save_scorecard(
            engagement=floor.engagement,
            by=by,
            name="Home visits, outbound",
            items=CARD,
            pass_mark=80,
            seen="",
        )
        qa.use_scorecard(scorecard=card, by=by, seen=card.content_hash)


def listen(floor: Floor) -> None:
    """Draw, or top up where calls have come in, and hear most of it; with the first draw two calls are calibrated."""
    random = Random(floor.seed)  # noqa: S311  (believable, not secret)
    engagement, acting = floor.engagement, floor.acting
    with acting(floor.qa_lead) as by:
        sample = launch_sample(engagement)
        first = sample is None
        if sample and not new_calls(sample, sample.draws.all()):
            return
        dice = partial(format, random.getrandbits(128), "032x")
        sample = qa.draw_launch(engagement=engagement, by=by, share=SHARE, dice=dice).sample
        found = [one for one in _drawn(engagement, sample) if one.state is State.OPEN]
        silent = [one.call.public_id for one in found if unreached(one)]
        spoken = [one.call for one in found if not unreached(one)]
        qa.confirm_unreached(
            engagement=engagement, by=by, chosen=silent[: round(len(silent) * (1 - LEFT_OPEN))]
        )
    together = spoken[:2] if first else []
    for call in together:
        _calibrate(call, floor, random)
    rest = spoken[len(together) :]
    for number, call in enumerate(rest):
        with acting(floor.supervisor if number % 4 == 3 else floor.qa_lead) as by:
            qa.claim(call=call, by=by)
            if first and number == 2:
                said = Said(
                    heard=False,
                    comment="The file ends after four seconds; asked the dialer's support for it.",
                )
            else:
                said = _said(call, random, fails=first and number == 1, misheard=number % 9 == 4)
            qa.review_call(call=call, by=by, said=said)


def _drawn(engagement: Engagement, sample: QaSample) -> list[DrawnCall]:
    return [standing(call) for call in calls_of(engagement).filter(sample=sample)]


def _calibrate(call: QaCall, floor: Floor, random: Random) -> None:
    with floor.acting(floor.qa_lead) as by:
        together = qa.open_round(call=call, by=by)
    for person in (floor.qa_lead, floor.supervisor, floor.client):
        with floor.acting(person) as by:
            qa.score_round(together=together, by=by, said=_said(call, random))
    with floor.acting(floor.qa_lead) as by:
        qa.close_round(together=together, by=by)


def _said(call: QaCall, random: Random, *, fails: bool = False, misheard: bool = False) -> Said:
    """Mostly good, now and then a few points short."""
    outcome = Outcome(call.outcome)
    given: dict[str, int | None] = {}
    for item in CARD:
        given[item.key] = max(item.points - random.choice((0, 0, 0, 1, 2, 5)), 1)
    if outcome.stage < 3:
        given[ONLY_ON_TRANSFERS] = None
    if outcome is not Outcome.DNC:
        given[ONLY_ON_REFUSALS] = None
    code = call.code
    other = MISHEARD.get(code, "") if misheard else ""
    if other and Disposition.objects.filter(engagement=call.engagement_id, code=other).exists():
        code, given["i7"] = other, 0
    if fails:
        given["i2"] = 0
    comment = FAILED if fails else random.choice((*REMARKS, "", "", ""))
    card = scorecard_in_use(call.engagement)
    return Said(given=given, code=code, comment=comment, card=card.content_hash if card else "")


def verify(floor: Floor, *, but: int = 0) -> None:
    """The supervisor's log of every transfer of the supervised launch so far, but for the last few."""
    with floor.acting(floor.supervisor) as by:
        checks = []
        first, last = supervised_days(floor.engagement)
        seen = transfers(floor.engagement, first, last)
        for number, one in enumerate(seen[: max(len(seen) - but, 0)]):
            if number % 17 == 7:
                check = Check(
                    one.call.call_key, connected=False, briefed=None, note="Nobody of the closers was free."
                )
            elif number % 23 == 11:
                check = Check(
                    one.call.call_key, connected=True, briefed=False, note="Handed over without a word."
                )
            else:
                check = Check(one.call.call_key, connected=True, briefed=True)
            checks.append(check)
        if checks:
            verify_transfers(engagement=floor.engagement, by=by, checks=checks)
