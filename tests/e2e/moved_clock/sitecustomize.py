"""Python runs this at its start: the process lives at the moment that a file names, and moves when the file does.

Put this folder on PYTHONPATH and name the file in MOVED_CLOCK; it holds an ISO moment with its offset.
"""

import os
import threading
import time
from datetime import datetime, timedelta
from pathlib import Path

import time_machine

FILE = Path(os.environ["MOVED_CLOCK"])
LOOK_EVERY_SECONDS = 0.1
_journeys: list[time_machine.travel] = []  # the one under way; a forked child inherits it


def follow() -> None:
    """Travel to each new moment, on a thread of this process: a fork leaves threads behind."""
    threading.Thread(target=_follow, name="moved-clock", daemon=True).start()


def _follow() -> None:
    seen, pause = "", threading.Event()
    while True:
        wanted = FILE.read_text().strip()
        if wanted != seen:
            _travel(datetime.fromisoformat(wanted))
            seen = wanted
        pause.wait(LOOK_EVERY_SECONDS)


def _travel(moment: datetime) -> None:
    while _journeys:
        _journeys.pop().stop()
    # Counted from when the file was written, so that all processes agree to the split second.
    since = timedelta(seconds=time.time() - FILE.stat().st_mtime)
    _journeys.append(time_machine.travel(moment + since, tick=True))
    _journeys[-1].start()


os.register_at_fork(after_in_child=follow)
follow()
