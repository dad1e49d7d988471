"""Drawn calls and their reviews as lines of a page, by the names that the reader sees."""

from typing import Any

from engagements.masking import Mask
from engagements.outcomes import Outcome
from kpis.forms.qa import ReviewForm
from kpis.models import QaReview
from kpis.qa.coverage import State
from kpis.qa.scoring import Item
from kpis.selectors import qa as selectors
from kpis.selectors.qa import DrawnCall, person_of

# How the states of a drawn call show, in the words of the page.
LOOKS = {
    State.OPEN: ("open", "Open"),
    State.CLAIMED: ("running", "In hand"),
    State.CALIBRATION: ("waiting", "In calibration"),
    State.UNHEARD: ("held", "Cannot be heard"),
    State.REVIEWED: ("done", "Reviewed"),
}


def row_of(one: DrawnCall, mask: Mask) -> dict[str, Any]:
    """A drawn call as a line of a page, by the name that the reader sees."""
    look, word = LOOKS[one.state]
    person = person_of(one.call.agent)
    return {
        "call": one.call,
        "agent": mask.of(person) if person else selectors.NO_AGENT,
        "recording": mask.text(one.call.recording),
        "look": look,
        "word": word,
        "state": one.state,
        "by": one.claim.by_name if one.claim else one.review.by_name if one.review else "",
        "review": one.review,
        "comment": mask.text(one.review.comment) if one.review else "",
    }


def told_of(review: QaReview, mask: Mask) -> dict[str, Any]:
    """A review with the words of its items."""
    texts = {
        item.key: item
        for item in (Item.of(kept) for kept in (review.scorecard.items if review.scorecard else []))
    }
    return {
        "review": review,
        "heard": Outcome(review.heard_outcome).label if review.heard_outcome else "",
        "lines": [
            {**line, "text": texts[line["key"]].text, "auto_fail": texts[line["key"]].auto_fail,
             "note": mask.text(line["note"])}
            for line in review.scores
            if line["key"] in texts
        ],
        "comment": mask.text(review.comment),
        "reason": mask.text(review.reason),
        "right": review.heard_code == review.call.code,
    }  # fmt: skip


def reasons_of(form: ReviewForm) -> list[str]:
    """Why a form was refused as a whole, where the page has no place for the form any more."""
    return [str(reason) for reason in form.non_field_errors()]
