"""Python runs this at its start: the process lives at the moment that a file names, and moves when the file does.

Put this folder on PYTHONPATH and name the file in MOVED_CLOCK; it holds an ISO moment with its offset.
"""

import os
import threading
from datetime import datetime
from pathlib import Path

import time_machine

FILE = Path(os.environ["MOVED_CLOCK"])
LOOK_EVERY_SECONDS = 0.1


def follow() -> None:
    """Travel to each new moment, on a thread that no fork takes away."""
    threading.Thread(target=_follow, name="moved-clock", daemon=True).start()


def _follow() -> None:
    seen, journey, pause = "", None, threading.Event()
    while True:
        wanted = FILE.read_text().strip()
        if wanted and wanted != seen:
            if journey is not None:
                journey.stop()
            journey = time_machine.travel(datetime.fromisoformat(wanted), tick=True)
            journey.start()
            seen = wanted
        pause.wait(LOOK_EVERY_SECONDS)


os.register_at_fork(after_in_child=follow)
follow()
