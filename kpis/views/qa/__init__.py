"""The pages of QA."""

from .calibration import close, round_page, rounds, score
from .call import calibrate, call_page, claim, correct, hand_back, review
from .queue import confirm, queue, take_next
from .samples import draw, draw_free, qa, top_up
from .scorecard import save_scorecard, scorecard, use_scorecard

__all__ = [
    "calibrate",
    "call_page",
    "claim",
    "close",
    "confirm",
    "correct",
    "draw",
    "draw_free",
    "hand_back",
    "qa",
    "queue",
    "review",
    "round_page",
    "rounds",
    "save_scorecard",
    "score",
    "scorecard",
    "take_next",
    "top_up",
    "use_scorecard",
]
