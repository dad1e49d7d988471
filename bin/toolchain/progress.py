"""One line per step: what is being done, and how long it took.

Steps go to the error stream, so that a command's own output can be read by a program.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def step(what: str) -> Iterator[None]:
    """Show `what` while it is done, then its seconds."""
    print(f"  {what} …", end="", file=sys.stderr, flush=True)
    began = time.monotonic()
    try:
        yield
    except BaseException:
        print(" stopped", file=sys.stderr, flush=True)
        raise
    print(f" {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)


def say(text: str = "") -> None:
    """Print a line to the reader at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line to the error stream."""
    print(text, file=sys.stderr, flush=True)
