"""QA: scorecards come into use, samples are drawn by chance, calls taken in hand, scored, corrected, calibrated."""

from .calibration import close_round, open_round, score_round
from .reviews import claim, claim_next, confirm_unreached, correct_review, hand_back, review_call
from .said import Said
from .samples import draw_free, draw_launch, fresh_seed, top_up
from .scorecards import save_scorecard, use_scorecard

__all__ = [
    "Said",
    "claim",
    "claim_next",
    "close_round",
    "confirm_unreached",
    "correct_review",
    "draw_free",
    "draw_launch",
    "fresh_seed",
    "hand_back",
    "open_round",
    "review_call",
    "save_scorecard",
    "score_round",
    "top_up",
    "use_scorecard",
]
