"""Writes of reports: make them, send them, and note who read them."""

from .deliverables import HANDLER, finish, note_opened, note_read, request_deliverable, run_again
from .readings import note_reading
from .rounds import ROUND, TOUCHES, ask_again, ask_for_rounds, hold_round
from .sizes import set_paper
from .subscriptions import choose, set_times, stop_all

__all__ = [
    "HANDLER",
    "ROUND",
    "TOUCHES",
    "ask_again",
    "ask_for_rounds",
    "choose",
    "finish",
    "hold_round",
    "note_opened",
    "note_read",
    "note_reading",
    "request_deliverable",
    "run_again",
    "set_paper",
    "set_times",
    "stop_all",
]
