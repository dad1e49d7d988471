"""What a reviewer says of one call, as it is kept and as the trail tells it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from accounts import trail
from accounts.roles import Side
from accounts.seat import Seat
from common import clock
from common.errors import Refused
from common.names import MIN_LETTERS, letters
from common.wording import day_text, percent_text
from engagements.outcomes import Outcome
from kpis.models import Disposition, QaCall, QaReview, QaScorecard
from kpis.qa.coverage import State
from kpis.qa.scoring import Item, score, scoring_gaps
from kpis.selectors.qa import DrawnCall, calls_of, person_of, scorecard_in_use, standing


@dataclass(frozen=True)
class Said:
    """What a reviewer says of one call.

    With `heard` false the recording could not be listened to, and nothing else is said but the comment. `given` maps
    items to points, None for what did not come up; empty where nobody was reached.
    """

    heard: bool = True
    given: Mapping[str, int | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=dict)
    code: str = ""
    comment: str = ""
    card: str = ""  # content hash of the scorecard that the reviewer saw


def as_it_is(call: QaCall) -> DrawnCall:
    """The call as it stands, with the engagement held."""
    found = calls_of(call.engagement).select_related("engagement").get(pk=call.pk)
    return standing(found)


def why_taken(found: DrawnCall) -> str:
    """Why nobody else can have this call."""
    if found.state is State.REVIEWED:
        return "This call has been reviewed."
    if found.together and not found.together.closed_at:
        return "This call is scored in a calibration."
    return f"{found.claim.by_name if found.claim else 'Somebody else'} has this call in hand."


def columns_of(call: QaCall, said: Said, card: QaScorecard | None = None) -> dict[str, object]:
    """The columns of a review from what was said. Raises Refused with what is missing."""
    fixed = {
        "engagement_id": call.engagement_id,
        "call": call,
        "heard": said.heard,
        "comment": said.comment.strip(),
    }
    if not said.heard:
        if letters(said.comment) < MIN_LETTERS:
            raise Refused("Say why the recording cannot be heard.")
        return fixed
    meaning = Disposition.objects.filter(
        engagement=call.engagement_id, system=call.system, code=said.code
    ).first()
    if meaning is None and said.code != call.code:
        raise Refused("Choose the disposition that was heard.")
    outcome = meaning.outcome if meaning else call.outcome
    told = {**fixed, "heard_code": said.code, "heard_outcome": Outcome(outcome).value}
    if not said.given:
        return told
    card = card or scorecard_in_use(call.engagement)
    if card is None:
        raise Refused("There is no scorecard in use. Write one and put it in use first.")
    if said.card and said.card != card.content_hash:
        raise Refused("Another version of the scorecard has come into use since this page was loaded.")
    items = [Item.of(kept) for kept in card.items]
    if reasons := scoring_gaps(items, said.given):
        raise Refused(reasons)
    result = score(items, said.given, card.pass_mark)
    scores = [
        {
            "key": item.key,
            "points": said.given[item.key],
            "of": item.points,
            "note": said.notes.get(item.key, "").strip(),
        }
        for item in items
    ]
    return {
        **told,
        "scorecard": card,
        "scores": scores,
        "earned": result.earned,
        "possible": result.possible,
        "auto_failed": list(result.auto_failed),
        "passed": result.passed,
    }


def says_the_same(review: QaReview, values: Mapping[str, object]) -> bool:
    """Whether a review says just this."""
    said = ("heard", "comment", "heard_code", "scores", "scorecard")
    empty: dict[str, object] = {"heard_code": "", "scores": [], "scorecard": None}
    return all(getattr(review, name) == values.get(name, empty.get(name)) for name in said)


def author(by: Seat, started: object) -> dict[str, object]:
    side = by.side or Side.OPERATOR
    return {
        "by": by.user, "by_name": by.written_name(), "by_side": side.value, "started_at": started, "at": clock.now(),
    }  # fmt: skip


def result_of(review: QaReview) -> dict[str, object]:
    return {
        "score": percent_text(review.score / 100) if review.score is not None else None,
        "passed": review.passed,
        "auto_failed": list(review.auto_failed),
        "recorded": review.call.code,
        "heard": review.heard_code,
    }


def tell(by: Seat, action: str, call: QaCall, after: Mapping[str, object] | None = None) -> None:
    person = person_of(call.agent)
    whose = f" by {person}" if person else ""
    trail.record(
        by=by, action=action, subject=f"the call of {day_text(call.day)}{whose} ({call.file_name}, line {call.row_no})",
        engagement_id=call.engagement_id, after=after,
    )  # fmt: skip
